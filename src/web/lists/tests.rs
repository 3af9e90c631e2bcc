//! Lists through the whole router.
