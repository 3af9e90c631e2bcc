//! The gate of a route: what is checked before its handler runs.
//!
//! In this order: a permit, the scope, the path, the query, the format. What
//! is cheap to refuse is refused first. The handler finds what was read by the
//! extractors [`Parameters`], [`Format`], [`Language`] and [`Conditions`].

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::RawPathParams;
use axum::extract::Request;
use axum::extract::State;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderMap;
use http::HeaderName;
use http::header;
use http::request::Parts;

use crate::web::admission::Class;
use crate::web::admission::Guard;
use crate::web::admission::Permits;
use crate::web::admission::Scope;
use crate::web::cache;
use crate::web::cache::Conditions;
use crate::web::cache::Freshness;
use crate::web::extract::BodyRule;
use crate::web::kept::Keep;
use crate::web::negotiate;
use crate::web::negotiate::Format;
use crate::web::negotiate::Language;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::parameters::UnknownNames;
use crate::web::problem::Problem;
use crate::web::problem::Result;

/// Whether answers of a route are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// Each is made anew.
    None,
    /// For a moment; see [`kept`](crate::web::kept).
    Moment,
}

/// Who reads the query of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueryRule {
    /// The gate, by the declared parameters.
    Declared,
    /// The gate, by the declared parameters; others are passed over.
    Tolerant,
    /// The handler, by the rules of another API.
    Foreign,
}

/// What the gate of one path knows of its route.
pub(crate) struct Gate {
    pub(in crate::web) template: RouteTemplate,
    pub(in crate::web) scope: Scope,
    pub(in crate::web) class: Class,
    pub(in crate::web) keeping: Keeping,
    pub(in crate::web) path_parameters: Vec<Parameter>,
    pub(in crate::web) parameters: Arc<[Parameter]>,
    pub(in crate::web) query: QueryRule,
    pub(in crate::web) formats: Vec<Format>,
    pub(in crate::web) pinned: Option<Format>,
    pub(in crate::web) body: Option<Arc<BodyRule>>,
    pub(in crate::web) guard: Guard,
    pub(in crate::web) permits: Permits,
}

/// The path template of the route that answered, for logs and measures; it is
/// in the extensions of each response that passed a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteTemplate(pub Arc<str>);

impl fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Gate").field(&self.template).finish()
    }
}

impl Gate {
    /// Reads all that the handler will ask for into the extensions.
    async fn check(&self, parts: &mut Parts) -> Result<()> {
        let token = bearer(&parts.headers)?;
        (self.guard)(self.scope, token.as_deref(), &mut parts.extensions)?;
        let declared = Arc::clone(&self.parameters);
        let query = parts.uri.query().unwrap_or_default();
        let mut parameters = match self.query {
            QueryRule::Declared => Parameters::read(query, declared)?,
            QueryRule::Tolerant => Parameters::read_with(query, declared, UnknownNames::Ignored)?,
            QueryRule::Foreign => Parameters::unread(declared),
        };
        let suffix = self.read_path(parts, &mut parameters).await?;
        if let Some(format) = self.pinned.or(suffix) {
            parts.extensions.insert(format);
        } else if !self.formats.is_empty() {
            let accept = joined(&parts.headers, header::ACCEPT);
            parts.extensions.insert(negotiate::negotiate(accept.as_deref(), &self.formats)?);
        }
        let language = joined(&parts.headers, header::ACCEPT_LANGUAGE);
        parts.extensions.insert(Language::negotiate(language.as_deref()));
        parts.extensions.insert(Conditions::from_headers(&parts.headers));
        parts.extensions.insert(parameters);
        if let Some(rule) = &self.body {
            parts.extensions.insert(Arc::clone(rule));
        }
        Ok(())
    }

    /// Reads the parameters of the path, and the suffix of the last one.
    async fn read_path(
        &self,
        parts: &mut Parts,
        parameters: &mut Parameters,
    ) -> Result<Option<Format>> {
        if self.path_parameters.is_empty() {
            return Ok(None);
        }
        let nothing = || Problem::not_found("no page or record has this address");
        let raw = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| nothing())?;
        let mut suffix = None;
        for (name, text) in &raw {
            let declared = self.path_parameters.iter().find(|declared| declared.name == name);
            let declared = declared.expect("a test finds each parameter of a path declared");
            let is_last = self.template.0.ends_with(&format!("{{{name}}}"));
            let text = if is_last {
                let (stem, format) = negotiate::split_suffix(text, &self.formats);
                suffix = format;
                stem
            } else {
                text
            };
            let value = declared.read(text).map_err(|_| nothing())?;
            parameters.add_path(declared.name, value);
        }
        Ok(suffix)
    }
}

/// Lets a request through to its handler, and marks the answer for caches.
pub(crate) async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let authorised = parts.headers.contains_key(header::AUTHORIZATION);
    let permit = gate.permits.take(gate.class);
    let checked = match permit {
        Ok(permit) => gate.check(&mut parts).await.map(|()| permit),
        Err(problem) => Err(problem),
    };
    let mut response = match checked {
        Ok(permit) => {
            let response = next.run(Request::from_parts(parts, body)).await;
            drop(permit);
            response
        }
        Err(problem) => problem.into_response(),
    };
    response.extensions_mut().insert(gate.template.clone());
    if gate.keeping == Keeping::Moment && gate.scope == Scope::Public && !authorised {
        Keep::mark(&mut response);
    }
    let headers = response.headers_mut();
    if gate.formats.len() > 1 && gate.pinned.is_none() {
        cache::vary(headers, header::ACCEPT);
    }
    if authorised || gate.scope != Scope::Public {
        headers.insert(header::CACHE_CONTROL, Freshness::Never.to_header());
    }
    response
}

/// The bearer token of a request.
///
/// # Errors
///
/// 401 when what is presented is no bearer token.
pub(in crate::web) fn bearer(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    match token {
        Some(token) if !token.is_empty() => Ok(Some(token)),
        _ => Err(Problem::unauthorised("Authorization must be `Bearer` and a token")),
    }
}

/// All values of a list header as one.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<&str> =
        headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    if values.is_empty() { None } else { Some(values.join(",")) }
}

impl<S: Send + Sync> FromRequestParts<S> for Format {
    type Rejection = Infallible;

    /// The format of the answer; JSON where the route declares none.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self::Json))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    /// The language of the answer.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_default())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Conditions {
    type Rejection = Infallible;

    /// The preconditions of the request.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
