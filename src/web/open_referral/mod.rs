//! Open Referral UK 3.0, a profile of HSDS 3.0, under `/open-referral/v3`:
//! <https://docs.openreferraluk.org>.
//!
//! Assets are services, organisations are organizations, categories are
//! taxonomy terms, and each location of an asset is a service at a location;
//! what is online has one more, a virtual one. Served is the union of the two
//! lists of endpoints that the standard's keepers publish, with their filters;
//! see `docs/open-referral.md`.
//!
//! | file | what |
//! |---|---|
//! | `parameters` `question` | what is asked → the query of the register |
//! | `endpoints` `collection` `page` `root` `openapi` | the endpoints |
//! | `convert/` `object` `said` `identity` | a record → the objects of the standard |
//! | `bulk` `tables` | everything in one file |

mod bulk;
mod collection;
mod convert;
mod endpoints;
mod identity;
mod nearness;
mod object;
mod openapi;
mod page;
mod parameters;
mod question;
mod root;
mod rows;
mod said;
mod tables;

use crate::web::route::Route;
use crate::web::state::AppState;

/// Where all of it is.
pub(crate) const PATH: &str = "/open-referral/v3";

/// The routes of the API. They stand in its own OpenAPI document and not in
/// that of the register's own API.
#[must_use]
pub fn routes() -> Vec<Route<AppState>> {
    let mut routes = documented();
    routes.extend(openapi::routes());
    routes.into_iter().map(Route::hidden).collect()
}

/// The routes that the document describes.
fn documented() -> Vec<Route<AppState>> {
    let mut routes = root::routes();
    routes.extend(endpoints::routes());
    routes.extend(bulk::routes());
    routes
}
