//! SPARQL 1.1 queries over HTTP, at `/sparql`.
//!
//! Queries come by GET, by a form, or as the whole body (SPARQL 1.1 Protocol,
//! 2.1). Without a query the endpoint describes itself: as RDF, or as a form
//! for a browser. There are no updates. Which graphs there are and how much a
//! query may take is decided below, in [`crate::graph`].

mod accept;
mod description;
mod measure;
mod page;
mod request;
mod table;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, Request, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::graph::{
    Answer, BrokenAnswer, Form, GraphFormat, Measure, Pool, QueryError, QueryRequest, ResultFormat,
    SolutionsFormat,
};
use crate::model::Revision;
use crate::web::admission::{Class, Permits};
use crate::web::extract;
use crate::web::problem::{Problem, ProblemKind, Result};

pub use measure::Queries;

use accept::Accept;
use measure::{Outcome, Query};
use request::{Pinned, SparqlRequest};
use table::Table;

/// The methods of the endpoint.
const ALLOW: &str = "GET, HEAD, POST, OPTIONS";

/// The revision of the graph that answered.
const HEAD: HeaderName = HeaderName::from_static("x-dataset-head");

/// How many rows or triples an answer may have.
const LIMIT: HeaderName = HeaderName::from_static("x-result-limit");

/// The most bytes of a body: a form writes a byte of the query in up to
/// three.
const BODY_FACTOR: usize = 4;

/// What the endpoint needs: the processes that answer, its own address, and
/// how many queries there may be at once.
#[derive(Clone)]
pub struct Endpoint {
    pool: Pool,
    address: String,
    permits: Permits,
    queries: Arc<Queries>,
}

impl Endpoint {
    /// The endpoint at `address`, its whole IRI, answering from `pool`.
    #[must_use]
    pub fn new(pool: Pool, address: impl Into<String>, permits: Permits) -> Self {
        Self { pool, address: address.into(), permits, queries: Arc::default() }
    }

    /// The public address of the register.
    fn base(&self) -> &str {
        self.address.strip_suffix("/sparql").unwrap_or(&self.address)
    }

    /// How its queries end.
    #[must_use]
    pub fn queries(&self) -> Arc<Queries> {
        Arc::clone(&self.queries)
    }
}

/// The routes of the endpoint, whatever state the rest of the site has.
///
/// They read their own parameters, because a query has line ends and its
/// parameters come in three ways.
pub fn router<S: Clone + Send + Sync + 'static>(endpoint: Endpoint) -> Router<S> {
    let methods = get(query_by_address).post(query_by_body).fallback(refuse_method);
    Router::new().route("/sparql", methods.with_state(Arc::new(endpoint)))
}

/// Answers the query in the address, or describes the endpoint when there is
/// none.
///
/// # Errors
///
/// 400 for parameters and queries that can't be read or ask too much, 403
/// `service-forbidden` and for an update, 406, 413 `result-too-large`, 503
/// `query-timeout`, `query-memory` and `overloaded`.
async fn query_by_address(
    State(endpoint): State<Arc<Endpoint>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let (accept, address) = (Accept::of(&headers), query.as_deref().unwrap_or_default());
    let Some(request) = request::from_get(address)? else {
        return describe(&endpoint, &accept, address, &headers);
    };
    let asked = request.query.clone();
    let is_page = request.is_page || (request.pinned.is_none() && accept.wants_page());
    let wanted = wanted_language(&headers);
    let answered = if is_page {
        show(&endpoint, request, &accept, (address, wanted)).await
    } else {
        answer(&endpoint, request, &accept).await
    };
    match answered {
        // Whoever wrote it in the form goes on there.
        Err(problem) if accept.wants_page() && problem.kind().status().is_client_error() => {
            let outcome = page::Outcome::Fault(&problem);
            let page = page::render(&endpoint, (address, wanted), Some((&asked, outcome)))?;
            Ok((problem.kind().status(), written(page, &endpoint)).into_response())
        }
        answered => answered,
    }
}

/// Answers a query in the page: rows as a table, triples as Turtle to be read.
async fn show(
    endpoint: &Endpoint,
    request: SparqlRequest,
    accept: &Accept,
    (address, wanted): (&str, Option<&str>),
) -> Result<Response> {
    let query = request.query.clone();
    let pinned =
        Pinned { solutions: Some(SolutionsFormat::Json), graph: Some(GraphFormat::Turtle) };
    let request = SparqlRequest { pinned: Some(pinned), ..request };
    let (revision, format, body) = ask(endpoint, request, accept).await?;
    if let ResultFormat::Graph(_) = format {
        return Ok(respond(revision, (format, true), body, endpoint));
    }
    let most = endpoint.pool.limits().max_bytes;
    let json = axum::body::to_bytes(body, most).await.map_err(broken_off)?;
    let tongue = page::tongue(address, wanted);
    let table = Table::read(&json, endpoint.base(), tongue).map_err(|error| {
        tracing::error!(%error, "the answer to a query can't be read");
        Problem::internal()
    })?;
    let shown = Some((query.as_str(), page::Outcome::Table(&table)));
    Ok(written(page::render(endpoint, (address, wanted), shown)?, endpoint))
}

/// Why an answer ended before its end.
fn broken_off(error: axum::Error) -> Problem {
    match error.into_inner().downcast::<BrokenAnswer>() {
        Ok(broken) => problem(broken.0),
        Err(error) => {
            tracing::error!(%error, "the answer to a query can't be shown");
            Problem::internal()
        }
    }
}

/// Answers the query in the body.
///
/// # Errors
///
/// As [`query_by_address`], and 413 or 415 for bodies that are not read, 403
/// for an update.
async fn query_by_body(
    State(endpoint): State<Arc<Endpoint>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let limit = endpoint.pool.limits().max_query_bytes * BODY_FACTOR;
    let kind = request::BodyKind::of(&headers)?;
    let body = extract::whole(body, limit).await?;
    let query = query.as_deref().unwrap_or_default();
    let request = request::from_post(query, kind, &body)?;
    answer(&endpoint, request, &Accept::of(&headers)).await
}

async fn refuse_method(request: Request) -> Response {
    if request.method() == Method::OPTIONS {
        let allow = HeaderValue::from_static(ALLOW);
        return (StatusCode::NO_CONTENT, [(header::ALLOW, allow)]).into_response();
    }
    Problem::method_not_allowed(request.method().as_str(), ALLOW).into_response()
}

async fn answer(endpoint: &Endpoint, request: SparqlRequest, accept: &Accept) -> Result<Response> {
    let (revision, format, body) = ask(endpoint, request, accept).await?;
    Ok(respond(revision, (format, accept.wants_page()), body, endpoint))
}

async fn ask(
    endpoint: &Endpoint,
    request: SparqlRequest,
    accept: &Accept,
) -> Result<(Revision, ResultFormat, Body)> {
    let SparqlRequest { query, dataset, pinned, is_page: _ } = request;
    let (solutions, graph) = match pinned {
        Some(pinned) => (pinned.solutions, pinned.graph),
        None => (accept.solutions(), accept.graph()),
    };
    let base = Some(endpoint.address.clone());
    let watched = Query::begin(&endpoint.queries, &query);
    let request = QueryRequest { query, base, dataset, solutions, graph };
    let permit = match endpoint.permits.take(Class::Sparql) {
        Ok(permit) => permit,
        Err(problem) => {
            watched.end(Outcome::Overloaded);
            return Err(problem);
        }
    };
    match endpoint.pool.query(request).await {
        Ok(Answer { revision, format, body }) => {
            let body = Body::from_stream(watched.until_the_end_of(body, permit));
            Ok((revision, format, body))
        }
        Err(error) => {
            watched.end(Outcome::of(&error));
            Err(problem(error))
        }
    }
}

fn respond(
    revision: Revision,
    (format, is_shown): (ResultFormat, bool),
    body: Body,
    endpoint: &Endpoint,
) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    // Browsers save what they don't know, though it is there to be read.
    let media_type = match format {
        ResultFormat::Solutions(SolutionsFormat::Tsv)
        | ResultFormat::Graph(GraphFormat::Turtle)
            if is_shown =>
        {
            "text/plain; charset=utf-8"
        }
        _ => format.media_type(),
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(HEAD, HeaderValue::from(revision.0));
    headers.insert(LIMIT, HeaderValue::from(endpoint.pool.limits().max_rows));
    mark(headers);
    response
}

/// Describes the endpoint: a form for a browser, RDF for everybody else.
fn describe(
    endpoint: &Endpoint,
    accept: &Accept,
    query: &str,
    headers: &HeaderMap,
) -> Result<Response> {
    if accept.wants_page() {
        let page = page::render(endpoint, (query, wanted_language(headers)), None)?;
        return Ok(written(page, endpoint));
    }
    let format = accept.graph().ok_or_else(|| Problem::not_acceptable(media_types(Form::Graph)))?;
    let triples = description::triples(&endpoint.address);
    let mut response = format.write(&triples).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(HEAD, HeaderValue::from(endpoint.pool.revision().0));
    mark(headers);
    Ok(response)
}

/// A page of the form.
fn written(page: String, endpoint: &Endpoint) -> Response {
    let mut response = Html(page).into_response();
    let headers = response.headers_mut();
    headers.insert(HEAD, HeaderValue::from(endpoint.pool.revision().0));
    mark(headers);
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    response
}

fn wanted_language(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|wanted| wanted.to_str().ok())
}

/// What all answers say to caches.
fn mark(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.append(header::VARY, HeaderValue::from_static("Accept"));
}

/// What a client is told of a query without an answer.
fn problem(error: QueryError) -> Problem {
    let detail = error.to_string();
    match error {
        QueryError::Syntax { .. } | QueryError::Unsupported(_) => Problem::sparql_syntax(detail),
        QueryError::Iri(_) => Problem::invalid_parameter("default-graph-uri", detail),
        QueryError::TooComplex(complexity) if complexity.measure == Measure::Bytes => {
            Problem::payload_too_large(complexity.limit)
        }
        QueryError::TooComplex(_) => Problem::query_too_complex(detail),
        QueryError::ServiceForbidden => Problem::service_forbidden(),
        QueryError::Update => no_updates(),
        QueryError::NotAcceptable(form) => Problem::not_acceptable(media_types(form)),
        QueryError::TooManyRows { .. }
        | QueryError::TooManyBytes { .. }
        | QueryError::TooManySubjects { .. } => Problem::result_too_large(detail),
        QueryError::Timeout { milliseconds } => {
            Problem::query_timeout(milliseconds.div_ceil(1_000))
        }
        QueryError::Memory { .. } => Problem::query_memory(),
        QueryError::Overloaded => Problem::overloaded(),
        other => {
            tracing::error!(error = %other, "a query process failed");
            Problem::internal()
        }
    }
}

/// The media types that can hold an answer of a form.
fn media_types(form: Form) -> Vec<String> {
    let essence = |media_type: &str| media_type.split(';').next().unwrap_or_default().to_owned();
    match form {
        Form::Solutions | Form::Boolean => {
            SolutionsFormat::ALL.iter().map(|format| essence(format.media_type())).collect()
        }
        Form::Graph => GraphFormat::ALL.iter().map(|format| essence(format.media_type())).collect(),
    }
}

/// An update at the address of queries.
fn no_updates() -> Problem {
    Problem::new(ProblemKind::Forbidden, "updates are not offered at this address")
}

#[cfg(test)]
mod tests;
