//! Frames and oEmbed through the whole router.
