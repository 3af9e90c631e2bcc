//! What each request goes through: the shares at work.
//!
//! From the outside in: [`turn_away`] before all other layers, [`pass`] around
//! the whole site, and then [`pass_write`] or [`pass_sparql`].

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::Request;
use axum::extract::State;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderValue;
use http::Method;
use http::StatusCode;
use http::header;

use crate::web::rate::client::Client;
use crate::web::rate::limit::Limit;
use crate::web::rate::queries::RunningQuery;
use crate::web::rate::refusal::Refused;
use crate::web::rate::shares::Rates;

/// Who asks and from where; [`pass`] puts it into the extensions of a request.
#[derive(Debug, Clone, Copy)]
struct Asker {
    client: Client,
    address: IpAddr,
}

/// Turns those away who are blocked, before anything is done for them: their
/// requests are counted, but get no id and no line in the log. Who has a good
/// token is let in from everywhere.
pub async fn turn_away(State(rates): State<Arc<Rates>>, request: Request, next: Next) -> Response {
    let blocked = rates.address(&request).and_then(|address| {
        let refused = rates.blocked(address)?;
        let asks = rates.identify(address, request.headers());
        (!matches!(asks, Ok(Client::Token(_)))).then_some(refused)
    });
    let Some(refused) = blocked else { return next.run(request).await };
    rates.counts.note_refusal(refused.limit());
    let mut response = refused.problem().into_response();
    // So that a page elsewhere can tell its reader why nothing came.
    let anyone = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anyone);
    response
}

/// Whether at `path` is a style sheet, script or picture of our own pages and
/// embeds: they lie ready in memory, and a page that came without its style
/// because the share ended between the two would be of no use.
fn is_of_pages(path: &str) -> bool {
    let is_file = [".css", ".js", ".svg", ".ico"].iter().any(|ending| path.ends_with(ending));
    let of_embeds = || {
        let mut parts = path.strip_prefix("/embed/")?.split('/');
        (parts.next().is_some() && parts.next().is_some() && parts.next().is_none()).then_some(())
    };
    is_file && (path.starts_with("/static/") || of_embeds().is_some())
}

/// Lets a request through when its client has a share left.
pub async fn pass(State(rates): State<Arc<Rates>>, mut request: Request, next: Next) -> Response {
    let Some(address) = rates.address(&request) else { return next.run(request).await };
    let client = match rates.identify(address, request.headers()) {
        Ok(client) => client,
        Err(refused) => return refuse(&rates, Client::Address(address), address, refused),
    };
    if !is_of_pages(request.uri().path())
        && let Err(refused) = rates.spend(client, Limit::Requests, rates.now())
    {
        return refuse(&rates, client, address, refused);
    }
    request.extensions_mut().insert(Asker { client, address });
    let response = next.run(request).await;
    if let Client::Token(hash) = client
        && response.status() == StatusCode::UNAUTHORIZED
    {
        rates.disbelieve(hash);
    }
    response
}

/// The same for what may change something.
pub async fn pass_write(State(rates): State<Arc<Rates>>, request: Request, next: Next) -> Response {
    let is_write =
        [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(request.method());
    if let Some(Asker { client, address }) = request.extensions().get().copied()
        && is_write
        && let Err(refused) = rates.spend(client, Limit::Writes, rates.now())
    {
        return refuse(&rates, client, address, refused);
    }
    next.run(request).await
}

/// The same for queries in SPARQL, which are counted by their number, their
/// time and their failures.
pub async fn pass_sparql(
    State(rates): State<Arc<Rates>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(Asker { client, address }) = request.extensions().get().copied() else {
        return next.run(request).await;
    };
    match RunningQuery::begin(&rates, client) {
        Ok(query) => query.until_the_end_of(next.run(request).await),
        Err(refused) => refuse(&rates, client, address, refused),
    }
}

/// 429. Who has no token and goes on asking for too long is blocked.
fn refuse(rates: &Rates, client: Client, address: IpAddr, refused: Refused) -> Response {
    let blocked = match client {
        Client::Address(_) => rates.lose_patience(address),
        Client::Token(_) => None,
    };
    let refused = blocked.unwrap_or(refused);
    rates.counts.note_refusal(refused.limit());
    refused.problem().into_response()
}
