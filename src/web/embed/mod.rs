//! What partners put into pages of their own: the custom element, frames,
//! oEmbed, and the page that makes the code for each.
//!
//! Nothing here stores anything, sets a cookie or names another host. What a
//! list is, and its data and fragment, is of `web/lists`.

use crate::web::route::Route;
use crate::web::state::AppState;

/// The routes of embeds, the parts of each file in turn.
#[must_use]
pub fn routes() -> Vec<Route<AppState>> {
    Vec::new()
}
