//! The policies of content of embeds, which may allow the one host of tiles.

use http::HeaderValue;

use crate::web::layers::ContentPolicy;
use crate::web::state::AppState;
use crate::web::tiles::Tiles;

/// The sources of pictures: `own`, or, where the movable map has tiles, the
/// register and their host. Leaflet puts an empty picture, which is data, in
/// the place of a tile that is no longer needed.
pub(super) fn images(state: &AppState, own: &str) -> String {
    match state.identity.tiles.as_ref().map(Tiles::origin) {
        Some(tiles) => format!("'self' data: {tiles}"),
        None => own.to_owned(),
    }
}

/// The policy that says `text`; one that allows nothing when that is no header,
/// which the origin of an address can't make it.
pub(super) fn of(text: &str) -> ContentPolicy {
    let nothing = HeaderValue::from_static("default-src 'none'");
    ContentPolicy(HeaderValue::try_from(text).unwrap_or(nothing))
}
