//! The web floor: HTTP in, HTTP out.
//!
//! One table of routes ([`routes`]) says everything that the register answers
//! to; handlers turn parameters into a query of the register, and its answer
//! into what the client asked for. Nothing here stores anything.

pub mod address;
pub mod admin;
pub mod admission;
pub mod aliss;
pub mod api;
pub mod audit;
mod beside;
pub mod cache;
mod campaign;
pub mod catalogue;
pub mod changes;
pub mod connection;
pub mod connections;
mod contact;
mod credits;
pub mod embed;
mod embedding;
mod escape;
pub mod extract;
pub mod faults;
pub mod fixed;
pub mod gate;
mod head_limits;
pub mod health;
mod hsds;
pub mod html;
pub mod json;
pub mod kept;
mod kinds;
mod lapse;
pub mod layers;
pub mod linked_data;
pub mod list;
pub mod listing;
pub mod lists;
pub mod measure;
mod members;
pub mod metrics;
mod named;
pub mod negotiate;
pub mod ontology;
pub mod open_referral;
pub mod openapi;
pub mod operations;
pub mod pages;
pub mod parameter;
pub mod parameters;
mod polygon;
pub mod problem;
pub mod problem_pages;
pub mod rate;
mod refused_head;
mod representation;
pub mod request_id;
pub mod reuse;
pub mod route;
mod runs;
pub mod search_parameters;
pub mod search_query;
pub mod security_txt;
pub mod serialise;
pub mod serve;
pub mod sharing;
pub mod sitemap;
pub mod sparql;
pub mod state;
pub mod stop;
pub mod streaming;
mod taken;
pub mod tiles;
mod turned_away;
pub mod websub;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::response::Response;

use crate::journal;
use crate::schema::Schema;
use crate::web::admission::{Guard, Permits, Scope};
use crate::web::gate::RouteTemplate;
use crate::web::kept::Answers;
use crate::web::layers::{Met, ProblemPage, Surroundings};
use crate::web::measure::Measured;
use crate::web::problem::Problem;
use crate::web::rate::{Rates, TokenCheck};
use crate::web::route::Route;
use crate::web::sparql::Endpoint;
use crate::web::state::AppState;
use crate::web::turned_away::Refusals;

pub use taken::{TakenPath, check_paths};

/// The pages of records, for those who ask for a document as HTML.
const DRAWN: linked_data::Pages = linked_data::Pages {
    record: pages::record_page,
    variant: pages::record_variant,
    tombstone: pages::tombstone_page,
};

/// The page of a problem: a frame where one was asked for, for the page of a
/// partner is around it, or else a page of the site.
#[must_use]
pub fn problem_page(met: &Met<'_>) -> ProblemPage {
    if embed::is_frame(met.uri.path()) {
        return embed::problem_frame(met);
    }
    ProblemPage { html: pages::problem_page(met), policy: None }
}

/// Every route of a register with `schema`; SPARQL, which reads its own
/// parameters, stands beside.
#[must_use]
pub fn routes(schema: &Schema) -> Vec<Route<AppState>> {
    let mut routes = pages::routes(schema);
    routes.extend(api::routes(schema, self::routes));
    routes.extend(lists::routes());
    routes.extend(embed::routes());
    routes.extend(linked_data::routes(schema, DRAWN));
    routes.extend(ontology::routes(pages::vocabulary_page));
    routes.extend(catalogue::routes());
    routes.extend(changes::routes());
    routes.extend(open_referral::routes());
    routes.extend(problem_pages::routes(pages::explanation_page));
    routes.extend(operations::routes());
    routes.extend(aliss::routes());
    routes.extend(sitemap::routes());
    routes.extend(security_txt::routes());
    routes
}

/// The whole site: routes, gates and layers.
///
/// # Panics
///
/// When a kind has the path of something else; see [`check_paths`].
pub fn router(state: AppState, options: &admission::Options, surroundings: Surroundings) -> Router {
    let guard = guard(state.clone());
    let permits = Permits::new(options);
    let table = routes(state.register.schema());
    let rates = Arc::new(Rates::new(&surroundings.rates, token_check(state.clone())));
    let metrics = Arc::clone(&surroundings.metrics);
    metrics.add(Arc::new(permits.clone()));
    metrics.add(Arc::clone(&rates) as Arc<dyn Measured>);
    let shared = || Arc::clone(&rates);
    let mut router = route::router(&table, &guard, &permits)
        .layer(middleware::from_fn_with_state(shared(), rate::pass_write));
    if let Some(pool) = &state.sparql {
        let address = format!("{}/sparql", state.register.base().as_str());
        let endpoint = Endpoint::new(pool.clone(), address, permits.clone());
        metrics.add(endpoint.queries());
        let sparql = sparql::router(endpoint)
            .layer(middleware::from_fn_with_state(shared(), rate::pass_sparql))
            .layer(middleware::map_response(mark_sparql));
        router = router.merge(sparql);
    }
    router = router.merge(websub::router(state.clone(), permits));
    let answers = Arc::new(Answers::new(surroundings.answers.clone(), state.clone()));
    metrics.add(Arc::clone(&answers) as Arc<dyn Measured>);
    let router = layers::compress(router)
        .layer(middleware::from_fn_with_state(answers, kept::pass))
        .layer(middleware::from_fn(campaign::pass))
        .layer(middleware::from_fn_with_state(shared(), rate::pass));
    let refusals = Refusals {
        base: surroundings.base.as_str().into(),
        is_frame: embed::is_frame,
        page: surroundings.problem_page,
    };
    layers::wrap(router.with_state(state), surroundings)
        .layer(middleware::from_fn_with_state(shared(), rate::turn_away))
        .layer(middleware::from_fn_with_state(refusals, turned_away::show))
}

/// Tells logs and measures which route has answered.
async fn mark_sparql(mut response: Response) -> Response {
    response.extensions_mut().insert(RouteTemplate("/sparql".into()));
    response
}

/// Tells whether a token is good, for the shares of those who have one.
fn token_check(state: AppState) -> TokenCheck {
    Arc::new(move |presented| state.register.check_token(presented, state.now()).is_ok())
}

/// Lets in whoever has a token with the scope that a route asks for.
fn guard(state: AppState) -> Guard {
    Arc::new(move |scope, token, extensions| {
        let Some(presented) = token else {
            return match scope {
                Scope::Public => Ok(()),
                _ => {
                    Err(Problem::unauthorised("this needs a token; `kist token create` makes one"))
                }
            };
        };
        let token = state.register.check_token(presented, state.now())?;
        let allowed = match token.scope {
            journal::Scope::Read => Scope::Read,
            journal::Scope::Write => Scope::Write,
            journal::Scope::Admin => Scope::Admin,
        };
        if allowed < scope {
            return Err(Problem::forbidden(format!(
                "the token has the scope {}, and this needs {}",
                allowed.name(),
                scope.name()
            )));
        }
        extensions.insert(token);
        Ok(())
    })
}
