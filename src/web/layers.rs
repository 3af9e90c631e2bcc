//! What every request and answer goes through, whatever its route.
//!
//! From the outside in: the id of the request, the limits of address and
//! headers, the hosts that are served, CORS, and the net under a panic;
//! compression, which is innermost, is put on by itself. On the way out an answer gets the headers that protect a browser,
//! and a problem gets the id of its request. Nothing here knows a route.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::extract::State;
use axum::middleware;
use axum::middleware::Next;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use futures_util::FutureExt;
use http::Extensions;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Method;
use http::StatusCode;
use http::Uri;
use http::Version;
use http::header;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::Predicate;
use tower_http::compression::predicate::SizeAbove;

use crate::web::cache;
use crate::web::embedding::Embedding;
use crate::web::gate::RouteTemplate;
use crate::web::head_limits::{MOST_ADDRESS, MOST_HEADER_BYTES, MOST_HEADERS};
use crate::web::kept;
use crate::web::metrics::Metrics;
use crate::web::negotiate;
use crate::web::negotiate::Format;
use crate::web::negotiate::Language;
use crate::web::problem::Problem;
use crate::web::rate;
use crate::web::request_id::RequestId;

/// The fewest bytes that are worth compressing: about one packet.
const FEWEST_COMPRESSED: u64 = 1_000;

/// The policy of content for pages: only what comes from here, no frames.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'";

/// The policy of content for answers that are no pages.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// What the layers need to know of this register.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The address of the register without a slash at its end; empty when it
    /// has none of its own.
    pub base: String,
    /// The hosts that are served; any when empty. A port is part of a host.
    pub allowed_hosts: Vec<String>,
    /// Draws the page of a problem for clients that prefer HTML; they get JSON
    /// too when there is none.
    pub problem_page: Option<fn(&Met<'_>) -> ProblemPage>,
    /// What one client may ask.
    pub rates: rate::Options,
    /// How many answers are kept, and for how long.
    pub answers: kept::Options,
    /// Where requests are counted.
    pub metrics: Arc<Metrics>,
}

/// A problem, and the request that met it.
#[derive(Debug)]
pub struct Met<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// The address that was asked for.
    pub uri: &'a Uri,
    /// The language that the browser wants.
    pub wanted: Language,
    /// The address of the register; see [`Surroundings::base`].
    pub base: &'a str,
    /// The id of the request.
    pub request: &'a str,
}

/// The page of a problem.
#[derive(Debug)]
pub struct ProblemPage {
    /// The page.
    pub html: String,
    /// Its policy of content, when it is not that of pages.
    pub policy: Option<ContentPolicy>,
}

/// Marks a request that came without one `Host`, which HTTP/1.1 asks for
/// (RFC 9112, 3.2); whoever reads the connection knows that.
#[derive(Debug, Clone, Copy)]
pub struct WantsHost;

/// The policy of content of one answer, when it is not the usual one; a
/// handler puts it into the extensions of its response. Embedded pages use it
/// to let others frame them.
#[derive(Debug, Clone)]
pub struct ContentPolicy(pub HeaderValue);

/// Compresses the answers of a router that are worth it.
pub fn compress<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    let worth = SizeAbove::new(FEWEST_COMPRESSED).and(is_text);
    router.layer(CompressionLayer::new().compress_when(worth))
}

/// Puts the other layers around a router.
pub fn wrap(router: Router, surroundings: Surroundings) -> Router {
    router.layer(middleware::from_fn_with_state(Arc::new(surroundings), pass))
}

async fn pass(
    State(surroundings): State<Arc<Surroundings>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(Arc::clone(&surroundings.metrics));
    let asked = Asked::of(&request);
    let held: Vec<HeaderValue> =
        request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect();
    let (wants_page, wanted) = (wants_page(request.headers()), wanted(request.headers()));
    let mut response = if let Err(problem) = check(&request, &surroundings) {
        problem.into_response()
    } else if is_preflight(&request) {
        preflight()
    } else {
        let caught = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        caught.unwrap_or_else(|_| {
            tracing::error!(request = %id, "a handler panicked");
            Problem::internal().into_response()
        })
    };
    if let Some(problem) = response.extensions().get::<Problem>().cloned() {
        let page = surroundings.problem_page.filter(|_| wants_page);
        let (uri, base, request) = (&asked.uri, surroundings.base.as_str(), id.as_str());
        let met = Met { problem: &problem, uri, wanted, base, request };
        response = show_problem(response, &met, page);
    }
    let policy = response.extensions().get::<ContentPolicy>().cloned();
    // A 304 has no type by which its policy could be told, and its headers take
    // the place of those that the browser keeps: the usual policy of data would
    // take the style from a page that is loaded again.
    let (is_confirmed, has_policy) =
        (response.status() == StatusCode::NOT_MODIFIED, policy.is_some());
    let headers = response.headers_mut();
    cache::mark_coding(headers);
    protect(headers, policy);
    if is_confirmed {
        cache::confirm(headers, &held);
    }
    if is_confirmed && !has_policy {
        headers.remove(header::CONTENT_SECURITY_POLICY);
    }
    allow_origins(headers, &asked.method);
    headers.insert(HeaderName::from_static("x-request-id"), id.to_header());
    note(&surroundings, &id, &asked, &response, started);
    response
}

/// The limits that hold for every request.
fn check(request: &Request, surroundings: &Surroundings) -> Result<(), Problem> {
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if address > MOST_ADDRESS {
        return Err(Problem::uri_too_long(MOST_ADDRESS));
    }
    let headers = request.headers();
    if request.extensions().get::<WantsHost>().is_some() {
        return Err(Problem::malformed_request(
            "a request of HTTP/1.1 has one `Host`: a name or address, and perhaps a port",
        ));
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers.len() > MOST_HEADERS || bytes > MOST_HEADER_BYTES {
        return Err(Problem::headers_too_large(MOST_HEADERS, MOST_HEADER_BYTES));
    }
    if surroundings.allowed_hosts.is_empty() {
        return Ok(());
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let served = surroundings.allowed_hosts.iter().any(|known| known.eq_ignore_ascii_case(host));
    if served { Ok(()) } else { Err(Problem::misdirected_request()) }
}

/// Whether a client prefers HTML.
pub(in crate::web) fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let offered = [Format::Json, Format::Html];
    negotiate::negotiate(accept, &offered).is_ok_and(|format| format == Format::Html)
}

/// The language that a browser wants.
pub(in crate::web) fn wanted(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|wanted| wanted.to_str().ok());
    Language::negotiate(wanted)
}

/// The answer of a problem again, with the id of its request, or as a page.
/// The headers which others have set in the meantime stay.
pub(in crate::web) fn show_problem(
    before: Response,
    met: &Met<'_>,
    page: Option<fn(&Met<'_>) -> ProblemPage>,
) -> Response {
    let (mut shown, policy) = match page.map(|page| page(met)) {
        None => (met.problem.to_response(met.base, Some(met.request)), None),
        Some(ProblemPage { html, policy }) => {
            ((met.problem.kind().status(), Html(html)).into_response(), policy)
        }
    };
    let describes_the_body =
        [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING];
    let (parts, _) = before.into_parts();
    for (name, value) in &parts.headers {
        if !describes_the_body.contains(name) && !shown.headers().contains_key(name) {
            shown.headers_mut().append(name, value.clone());
        }
    }
    *shown.extensions_mut() = parts.extensions;
    if let Some(policy) = policy {
        shown.extensions_mut().insert(policy);
    }
    shown
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ORIGIN)
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Other sites may read, and may not write.
fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "accept, accept-language, if-none-match"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn allow_origins(headers: &mut HeaderMap, method: &Method) {
    if ![Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return;
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(
            "etag, link, location, ratelimit, ratelimit-policy, retry-after, x-request-id",
        ),
    );
}

/// The headers that keep a browser from taking an answer for something else.
pub(in crate::web) fn protect(headers: &mut HeaderMap, policy: Option<ContentPolicy>) {
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let usual = if is_page { PAGE_POLICY } else { DATA_POLICY };
    let policy = policy.map_or(HeaderValue::from_static(usual), |policy| policy.0);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("strict-origin-when-cross-origin"),
    );
}

/// What of a request its line in the log is made of.
struct Asked {
    method: Method,
    uri: Uri,
    referer: Option<HeaderValue>,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            referer: request.headers().get(header::REFERER).cloned(),
        }
    }
}

/// Counts a request, and logs it in one line: the template of its route, never
/// its query; of what other sites show, their origin.
fn note(
    surroundings: &Surroundings,
    id: &RequestId,
    asked: &Asked,
    response: &Response,
    started: Instant,
) {
    let Asked { method, uri, referer } = asked;
    let route = response.extensions().get::<RouteTemplate>();
    let route = route.map_or("none", |template| &*template.0);
    let status = response.status().as_u16();
    let time = started.elapsed();
    surroundings.metrics.note(route, method, status, time);
    let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let Embedding { origin, code } =
        Embedding::of(route, referer.as_ref(), uri, &surroundings.base);
    tracing::info!(
        request = %id, %method, route, status, microseconds, origin, "ref" = code, "answered"
    );
}

/// Whether an answer is of a kind that is not compressed already.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/")
        || kind.ends_with("json")
        || kind.ends_with("xml")
        || [
            "application/n-triples",
            "application/n-quads",
            "application/trig",
            "application/javascript",
        ]
        .contains(&kind)
}

#[cfg(test)]
#[path = "layers_tests.rs"]
mod tests;
