//! Where hubs reach us: they ask whether a subscription was meant, and tell
//! that a source has changed.
//!
//! The last part of the path is known to the hub alone. What comes is never
//! read: a right signature makes the source be fetched. These routes read
//! their own parameters, because hubs may send others beside those of the
//! standard.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, RawQuery, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::register::ledger::LedgerError;
use crate::register::{Confirmation, Delivery};
use crate::web::admission::{Class, Permits};
use crate::web::extract;
use crate::web::gate::RouteTemplate;
use crate::web::problem::{Problem, Result};
use crate::web::state::AppState;

/// The path of all subscriptions.
const PATH: &str = "/websub/{token}";

/// The most bytes of a delivery; a hub that sends more is told so.
const MOST_BYTES: usize = 5 << 20;

/// The most characters of a challenge.
const CHALLENGE: usize = 2_000;

/// What the routes need.
struct Hubs {
    state: AppState,
    permits: Permits,
}

/// The routes for hubs.
pub fn router(state: AppState, permits: Permits) -> Router<AppState> {
    let methods = get(confirm).post(deliver).with_state(Arc::new(Hubs { state, permits }));
    Router::new().route(PATH, methods).layer(middleware::map_response(mark))
}

/// Tells logs and measures which route has answered, without its secret part.
async fn mark(mut response: Response) -> Response {
    response.extensions_mut().insert(RouteTemplate(PATH.into()));
    response
}

/// Tells a hub whether we meant what it asks.
///
/// # Errors
///
/// 404 when we did not.
async fn confirm(
    State(hubs): State<Arc<Hubs>>,
    path: RawPathParams,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let _permit = hubs.permits.take(Class::Store)?;
    let query = query.unwrap_or_default();
    let said: HashMap<String, String> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let said = |key: &str| said.get(key).map_or("", String::as_str);
    let confirmation = Confirmation {
        mode: said("hub.mode"),
        topic: said("hub.topic"),
        lease_seconds: said("hub.lease_seconds").parse().ok(),
        reason: Some(said("hub.reason")).filter(|reason| !reason.is_empty()),
    };
    let challenge = said("hub.challenge");
    let is_answerable = confirmation.mode == "denied" || !challenge.is_empty();
    if !is_answerable || challenge.len() > CHALLENGE {
        return Err(nothing());
    }
    let now = hubs.state.now();
    let is_meant = hubs.state.register.confirm_subscription(token(&path), &confirmation, now);
    if !is_meant.map_err(failed)? {
        return Err(nothing());
    }
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    let headers = [
        (header::CONTENT_TYPE, plain),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, challenge.to_owned()).into_response())
}

/// Takes a delivery. Whether its signature is right is not said: what is
/// wrong is ignored, as the standard wants.
///
/// # Errors
///
/// 404 where there is no subscription, 410 where it is over, 413.
async fn deliver(
    State(hubs): State<Arc<Hubs>>,
    path: RawPathParams,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let permit = hubs.permits.take(Class::Store)?;
    let body = extract::whole(body, MOST_BYTES).await?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signature = text("x-hub-signature").map(str::to_owned);
    let own = own(&headers);
    let now = hubs.state.now();
    let token = token(&path).to_owned();
    let delivery = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        hubs.state.register.take_delivery(&token, signature.as_deref(), own.as_deref(), &body, now)
    });
    match delivery.await.map_err(|_| Problem::internal())?.map_err(failed)? {
        Delivery::Taken | Delivery::Ignored => Ok(StatusCode::ACCEPTED.into_response()),
        Delivery::Ended => Err(Problem::gone("the subscription is over")),
        Delivery::Unknown => Err(nothing()),
    }
}

/// The address that a delivery calls its own, of its `Link` headers.
fn own(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::LINK).into_iter().filter_map(|value| value.to_str().ok());
    let links = values.flat_map(|value| value.split(",<").flat_map(|link| link.split(", <")));
    links.into_iter().find_map(|link| {
        let (address, rest) = link.trim().trim_start_matches('<').split_once('>')?;
        let is_own = rest.split(';').any(|parameter| {
            let relation = parameter.trim().to_ascii_lowercase();
            relation.strip_prefix("rel=").is_some_and(|relation| {
                relation.trim_matches('"').split_whitespace().any(|it| it == "self")
            })
        });
        is_own.then(|| address.to_owned())
    })
}

/// The secret part of the path.
fn token(path: &RawPathParams) -> &str {
    path.iter().next().map_or("", |(_, token)| token)
}

fn nothing() -> Problem {
    Problem::not_found("there is no such subscription")
}

fn failed(error: LedgerError) -> Problem {
    match error {
        LedgerError::Journal(error) => error.into(),
        error => {
            tracing::error!(%error, "a subscription can't be read");
            Problem::internal()
        }
    }
}

#[cfg(test)]
#[path = "websub_tests.rs"]
mod tests;
