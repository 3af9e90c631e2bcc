//! What partners put into pages of their own: the custom element, frames,
//! oEmbed, and the page that makes the code for each.
//!
//! Nothing here stores anything, sets a cookie or names another host, but that
//! of tiles which an operator has chosen. What a list is, and what is on it, is
//! of `web/listing`; its data and its fragment are of `web/lists`.

mod address;
mod assets;
mod code;
mod colour_fields;
mod colours;
mod frame;
mod generator;
mod oembed;
mod packed;
mod policy;
mod privacy;
mod problem;
pub(in crate::web) mod releases;
#[cfg(test)]
mod tests;
mod typed;

use crate::web::route::Route;
use crate::web::state::AppState;

pub(in crate::web) use frame::is_frame;
pub(in crate::web) use problem::problem_frame;

/// The routes of embeds, the parts of each file in turn.
#[must_use]
pub fn routes() -> Vec<Route<AppState>> {
    let mut routes = assets::routes();
    routes.extend(frame::routes());
    routes.push(colours::route());
    routes.push(generator::route());
    routes.push(oembed::route());
    routes.push(privacy::route());
    routes
}
