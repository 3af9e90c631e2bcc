//! The JSON API, version 1: one file for each resource.

mod categories;
mod changes;
mod cursor;
mod discoveries;
mod once;
mod openapi;
pub(in crate::web) mod places;
mod record_body;
mod record_writes;
pub(in crate::web) mod records;
mod report_links;
mod reviews;
mod schemas;
pub mod search;
pub(in crate::web) mod sources;
mod suggest;

use crate::schema::Schema;
use crate::web::route::Route;
use crate::web::state::AppState;

/// All routes of the API over the kinds of `schema`, with a document of `all`
/// routes of the register.
#[must_use]
pub fn routes(schema: &Schema, all: Table) -> Vec<Route<AppState>> {
    let mut routes = search::routes(schema);
    routes.extend(records::routes(schema));
    routes.extend(record_writes::routes(schema));
    routes.extend(suggest::routes());
    routes.extend(places::routes());
    routes.extend(categories::routes());
    routes.extend(changes::routes());
    routes.extend(report_links::routes());
    routes.extend(sources::routes());
    routes.extend(discoveries::routes());
    routes.extend(reviews::routes());
    routes.extend(openapi::routes(all));
    routes
}

pub use openapi::{Table, document};
