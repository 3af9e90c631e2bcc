//! Those who are turned away before all layers, inside the page of a partner.
//!
//! A frame that is refused at once is a few words too, not JSON in the middle of
//! somebody's page. All others get the problem as it is, which costs nothing.

use std::sync::Arc;

use axum::extract::Request;
use axum::extract::State;
use axum::middleware::Next;
use axum::response::Response;

use crate::web::layers::{self, Met, ProblemPage};
use crate::web::problem::Problem;

/// Draws what those see who are turned away.
#[derive(Debug, Clone)]
pub(in crate::web) struct Refusals {
    /// The address of the register.
    pub(in crate::web) base: Arc<str>,
    /// Whether what is at a path stands in pages of others.
    pub(in crate::web) is_frame: fn(&str) -> bool,
    /// Draws the page of a problem; JSON is sent when there is none.
    pub(in crate::web) page: Option<fn(&Met<'_>) -> ProblemPage>,
}

/// Around [`turn_away`](crate::web::rate::turn_away) alone: answers of the
/// layers are whole already, and have an id.
pub(in crate::web) async fn show(
    State(refusals): State<Refusals>,
    request: Request,
    next: Next,
) -> Response {
    let is_frame = (refusals.is_frame)(request.uri().path());
    let Some(page) = refusals.page.filter(|_| is_frame && layers::wants_page(request.headers()))
    else {
        return next.run(request).await;
    };
    let (uri, wanted) = (request.uri().clone(), layers::wanted(request.headers()));
    let response = next.run(request).await;
    let is_whole = response.headers().contains_key("x-request-id");
    let problem = response.extensions().get::<Problem>().cloned().filter(|_| !is_whole);
    let Some(problem) = problem else { return response };
    let met = Met { problem: &problem, uri: &uri, wanted, base: &refusals.base, request: "" };
    let mut response = layers::show_problem(response, &met, Some(page));
    let policy = response.extensions().get().cloned();
    layers::protect(response.headers_mut(), policy);
    response
}
