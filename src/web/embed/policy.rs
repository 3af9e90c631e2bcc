//! The policies of content of embeds, which may allow the one host of tiles.

use http::HeaderValue;

use crate::web::layers::ContentPolicy;
use crate::web::state::AppState;
use crate::web::tiles::Tiles;

/// The sources of pictures: `own`, and the host of the tiles if there is one.
pub(super) fn images(state: &AppState, own: &str) -> String {
    let tiles = state.identity.tiles.as_ref().map(Tiles::origin);
    [Some(own), tiles].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The policy that says `text`; one that allows nothing when that is no header,
/// which the origin of an address can't make it.
pub(super) fn of(text: &str) -> ContentPolicy {
    let nothing = HeaderValue::from_static("default-src 'none'");
    ContentPolicy(HeaderValue::try_from(text).unwrap_or(nothing))
}
