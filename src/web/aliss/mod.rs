//! The API of ALISS (A Local Information System for Scotland), versions 3, 4
//! and 5, so that a client written for ALISS has only its base address
//! changed.
//!
//! The shapes, parameters and errors are those of ALISS, decided one by one
//! where its generations differ or misbehave; see `docs/aliss.md`. Everything
//! about ALISS stops in this folder:
//!
//! | file | what |
//! |---|---|
//! | `asked` `paging` `answer` `meta` `links` | request and answer, whatever the version |
//! | `postcode` `terms` `areas` `spatial` | ALISS's words for places and categories |
//! | `entry` `contact` `location` `service` `organisation` `search` | records of the register, as all versions need them |
//! | `version` `lists` `wire` | the endpoints and objects that several versions have |
//! | `v3` `v4` `v5` | the routes of each version, and what only it has |
//!
//! Nothing can be written here: ALISS's own endpoints for that ask nobody who
//! they are.

mod answer;
mod areas;
mod asked;
mod contact;
mod entry;
mod links;
mod lists;
mod location;
mod meta;
mod organisation;
mod paging;
mod plain;
mod postcode;
mod search;
mod service;
mod spatial;
mod terms;
mod v3;
mod v4;
mod v5;
mod version;
mod wire;

use axum::handler::Handler;

use crate::web::admission::{Class, Scope};
use crate::web::parameter::Parameter;
use crate::web::route::Route;
use crate::web::state::AppState;

/// The identifier in a path.
const ID: Parameter = Parameter::text("id", "The identifier or the slug");

/// All routes of the API of ALISS.
#[must_use]
pub fn routes() -> Vec<Route<AppState>> {
    let mut routes = links::routes();
    for rows in [v3::rows(), v4::rows(), v5::rows()] {
        routes.extend(rows.0);
    }
    routes
}

/// Routes of one version: each path stands below each of its roots, with a
/// slash at its end and without.
struct Rows(Vec<Route<AppState>>, &'static [&'static str]);

impl Rows {
    fn at(roots: &'static [&'static str]) -> Self {
        Self(Vec::new(), roots)
    }

    fn add<H: Handler<T, AppState>, T: 'static>(&mut self, path: &str, class: Class, handler: H) {
        for root in self.1 {
            for end in ["", "/"] {
                let path = format!("{root}{path}{end}");
                let has_id = path.contains("{id}");
                let route = Route::get(Scope::Public, path, "aliss", handler.clone());
                let route = if has_id { route.path_parameter(ID) } else { route };
                self.0.push(route.class(class).foreign_query().hidden().kept());
            }
        }
    }
}
