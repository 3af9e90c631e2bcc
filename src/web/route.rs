//! The route table: each route says all that is known of it.
//!
//! From one table come the router (with its 404, 405 and `OPTIONS`), the gate
//! that each request passes before its handler, and the OpenAPI document. A
//! route can't be made without its scope.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::MethodFilter;
use axum::routing::MethodRouter;
use axum::routing::on;
use http::HeaderValue;
use http::Method;
use http::StatusCode;
use http::Uri;
use http::header;

use crate::web::admission::Class;
use crate::web::admission::Guard;
use crate::web::admission::Permits;
use crate::web::admission::Scope;
use crate::web::extract::BodyRule;
use crate::web::gate;
use crate::web::gate::Gate;
use crate::web::gate::Keeping;
use crate::web::gate::QueryRule;
use crate::web::gate::RouteTemplate;
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::problem::Problem;
use crate::web::problem::ProblemKind;

/// One method of one path, made by [`Route::get`] and its siblings and told
/// the rest by the other methods.
#[derive(Debug, Clone)]
pub struct Route<S> {
    pub(crate) method: Method,
    pub(crate) scope: Scope,
    pub(crate) path: Cow<'static, str>,
    pub(crate) operation: Cow<'static, str>,
    pub(crate) summary: Cow<'static, str>,
    pub(crate) description: Cow<'static, str>,
    pub(crate) tag: &'static str,
    pub(crate) documentation: Documentation,
    pub(crate) class: Class,
    pub(crate) keeping: Keeping,
    pub(crate) path_parameters: Vec<Parameter>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) headers: Vec<Parameter>,
    pub(crate) query: QueryRule,
    pub(crate) formats: Vec<Format>,
    pub(crate) body: Option<DeclaredBody>,
    pub(crate) answers: Vec<Answer>,
    pub(crate) problems: Vec<ProblemKind>,
    handler: MethodRouter<S>,
}

/// Whether a route stands in the OpenAPI document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Documentation {
    Shown,
    Hidden,
}

/// The body that a route takes.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredBody {
    pub(crate) rule: BodyRule,
    pub(crate) schema: Option<Cow<'static, str>>,
    pub(crate) description: &'static str,
}

/// An answer that a route gives when all goes well.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) schema: Option<Cow<'static, str>>,
    pub(crate) description: Cow<'static, str>,
}

impl<S: Clone + Send + Sync + 'static> Route<S> {
    /// `GET` (and `HEAD`) of `path`, whose parameters stand in braces:
    /// `/assets/{id}`. `operation` is the unique name in the document.
    pub fn get<H: Handler<T, S>, T: 'static>(
        scope: Scope,
        path: impl Into<Cow<'static, str>>,
        operation: impl Into<Cow<'static, str>>,
        handler: H,
    ) -> Self {
        let handler = on(MethodFilter::GET, handler);
        Self::new(Method::GET, scope, path.into(), operation.into(), handler)
    }

    /// `POST` to `path`.
    pub fn post<H: Handler<T, S>, T: 'static>(
        scope: Scope,
        path: impl Into<Cow<'static, str>>,
        operation: impl Into<Cow<'static, str>>,
        handler: H,
    ) -> Self {
        let handler = on(MethodFilter::POST, handler);
        Self::new(Method::POST, scope, path.into(), operation.into(), handler)
    }

    /// `PUT` to `path`.
    pub fn put<H: Handler<T, S>, T: 'static>(
        scope: Scope,
        path: impl Into<Cow<'static, str>>,
        operation: impl Into<Cow<'static, str>>,
        handler: H,
    ) -> Self {
        let handler = on(MethodFilter::PUT, handler);
        Self::new(Method::PUT, scope, path.into(), operation.into(), handler)
    }

    /// `PATCH` of `path`.
    pub fn patch<H: Handler<T, S>, T: 'static>(
        scope: Scope,
        path: impl Into<Cow<'static, str>>,
        operation: impl Into<Cow<'static, str>>,
        handler: H,
    ) -> Self {
        let handler = on(MethodFilter::PATCH, handler);
        Self::new(Method::PATCH, scope, path.into(), operation.into(), handler)
    }

    /// `DELETE` of `path`.
    pub fn delete<H: Handler<T, S>, T: 'static>(
        scope: Scope,
        path: impl Into<Cow<'static, str>>,
        operation: impl Into<Cow<'static, str>>,
        handler: H,
    ) -> Self {
        let handler = on(MethodFilter::DELETE, handler);
        Self::new(Method::DELETE, scope, path.into(), operation.into(), handler)
    }

    fn new(
        method: Method,
        scope: Scope,
        path: Cow<'static, str>,
        operation: Cow<'static, str>,
        handler: MethodRouter<S>,
    ) -> Self {
        Self {
            method,
            scope,
            path,
            operation,
            summary: Cow::Borrowed(""),
            description: Cow::Borrowed(""),
            tag: "",
            documentation: Documentation::Shown,
            class: Class::Memory,
            keeping: Keeping::None,
            path_parameters: Vec::new(),
            parameters: Vec::new(),
            headers: Vec::new(),
            query: QueryRule::Declared,
            formats: Vec::new(),
            body: None,
            answers: Vec::new(),
            problems: Vec::new(),
            handler,
        }
    }

    /// What the route does, in a few words.
    #[must_use]
    pub fn summary(self, summary: impl Into<Cow<'static, str>>) -> Self {
        Self { summary: summary.into(), ..self }
    }

    /// What else there is to know of it, in Markdown.
    #[must_use]
    pub fn description(self, description: impl Into<Cow<'static, str>>) -> Self {
        Self { description: description.into(), ..self }
    }

    /// The group in which the document shows it.
    #[must_use]
    pub fn tag(self, tag: &'static str) -> Self {
        Self { tag, ..self }
    }

    /// Leaves the route out of the OpenAPI document: pages and static files.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self { documentation: Documentation::Hidden, ..self }
    }

    /// What a request costs; [`Class::Memory`] unless this is called.
    #[must_use]
    pub fn class(self, class: Class) -> Self {
        Self { class, ..self }
    }

    /// Lets answers be kept for a moment and given to others: they follow from
    /// the request, what searches see, and the day.
    #[must_use]
    pub fn kept(self) -> Self {
        Self { keeping: Keeping::Moment, ..self }
    }

    /// Declares a parameter of the path. A value that it can't read is
    /// nothing that could be registered: 404.
    #[must_use]
    pub fn path_parameter(mut self, parameter: Parameter) -> Self {
        self.path_parameters.push(parameter);
        self
    }

    /// Declares parameters of the query, after those declared before.
    #[must_use]
    pub fn parameters(mut self, parameters: &[Parameter]) -> Self {
        self.parameters.extend_from_slice(parameters);
        self
    }

    /// Declares headers that the handler reads itself, for the document.
    #[must_use]
    pub fn headers(mut self, headers: &[Parameter]) -> Self {
        self.headers.extend_from_slice(headers);
        self
    }

    /// Passes over parameters of the query that are not declared: clients of a
    /// published standard send what other servers know.
    #[must_use]
    pub fn tolerant_query(self) -> Self {
        Self { query: QueryRule::Tolerant, ..self }
    }

    /// Leaves the query to the handler: routes that imitate another API read
    /// it by that one's rules, and refuse nothing that it lets pass.
    #[must_use]
    pub fn foreign_query(self) -> Self {
        Self { query: QueryRule::Foreign, ..self }
    }

    /// The formats of the answer, in our order of preference. When there are
    /// several, the address takes their suffixes.
    #[must_use]
    pub fn formats(mut self, formats: &[Format]) -> Self {
        self.formats.extend_from_slice(formats);
        self
    }

    /// Takes a body under `rule`; `schema` names a component of the document.
    #[must_use]
    pub fn body(mut self, rule: BodyRule, schema: Option<&str>, description: &'static str) -> Self {
        let schema = schema.map(|schema| Cow::Owned(schema.to_owned()));
        self.body = Some(DeclaredBody { rule, schema, description });
        self
    }

    /// An answer that is no problem, with the component of the document that
    /// is its JSON, if there is one.
    #[must_use]
    pub fn answer(
        mut self,
        status: StatusCode,
        schema: Option<&str>,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        let schema = schema.map(|schema| Cow::Owned(schema.to_owned()));
        self.answers.push(Answer { status, schema, description: description.into() });
        self
    }

    /// Problems that the handler may give beside those that follow from the
    /// declarations.
    #[must_use]
    pub fn problems(mut self, problems: &[ProblemKind]) -> Self {
        self.problems.extend_from_slice(problems);
        self
    }

    /// The statuses of problems that a request of this route may meet, each
    /// once and in order.
    pub(crate) fn problem_statuses(&self) -> Vec<StatusCode> {
        let mut kinds = self.problems.clone();
        kinds.extend([ProblemKind::Overloaded, ProblemKind::InvalidParameter]);
        if self.scope != Scope::Public {
            kinds.extend([ProblemKind::Unauthorised, ProblemKind::Forbidden]);
        }
        if !self.path_parameters.is_empty() {
            kinds.push(ProblemKind::NotFound);
        }
        if !self.formats.is_empty() {
            kinds.push(ProblemKind::NotAcceptable);
        }
        if self.body.is_some() {
            kinds.extend([ProblemKind::PayloadTooLarge, ProblemKind::UnsupportedMediaType]);
        }
        let mut statuses: Vec<_> = kinds.into_iter().map(ProblemKind::status).collect();
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }

    /// The paths of the route: its own, which may end with the suffix of its
    /// only format, and one with each suffix when its last segment is fixed.
    /// Where that is a parameter, the gate takes the suffix off.
    fn paths(&self) -> Vec<(String, Option<Format>)> {
        let only = match self.formats.as_slice() {
            [only] if self.path.ends_with(&format!(".{}", only.suffix())) => Some(*only),
            _ => None,
        };
        let mut paths = vec![(self.path.clone().into_owned(), only)];
        if self.formats.len() > 1 && !self.path.ends_with(['}', '/']) {
            let pinned =
                |format: &Format| (format!("{}.{}", self.path, format.suffix()), Some(*format));
            paths.extend(self.formats.iter().map(pinned));
        }
        paths
    }

    /// The gate of `path`, one of the paths of this route.
    fn gate(&self, path: &str, pinned: Option<Format>, guard: &Guard, permits: &Permits) -> Gate {
        Gate {
            template: RouteTemplate(path.into()),
            scope: self.scope,
            class: self.class,
            keeping: self.keeping,
            path_parameters: self.path_parameters.clone(),
            parameters: self.parameters.clone().into(),
            query: self.query,
            formats: self.formats.clone(),
            pinned,
            body: self.body.as_ref().map(|body| Arc::new(body.rule.clone())),
            guard: Arc::clone(guard),
            permits: permits.clone(),
        }
    }
}

/// Makes the router of all routes of the `table`.
///
/// # Panics
///
/// When two routes have the same method and path.
pub fn router<S: Clone + Send + Sync + 'static>(
    table: &[Route<S>],
    guard: &Guard,
    permits: &Permits,
) -> Router<S> {
    let mut by_path: BTreeMap<String, (MethodRouter<S>, Vec<&str>)> = BTreeMap::new();
    for route in table {
        for (path, pinned) in route.paths() {
            let gate = Arc::new(route.gate(&path, pinned, guard, permits));
            let gated =
                route.handler.clone().layer(middleware::from_fn_with_state(gate, gate::pass));
            let (methods, allowed) = by_path.entry(path).or_default();
            *methods = std::mem::take(methods).merge(gated);
            allowed.push(route.method.as_str());
            if route.method == Method::GET {
                allowed.push("HEAD");
            }
        }
    }
    let mut router = Router::new().fallback(nothing_here);
    for (path, (methods, mut allowed)) in by_path {
        allowed.push("OPTIONS");
        let allow: Arc<str> = allowed.join(", ").into();
        let fallback = move |request: Request| std::future::ready(refuse_method(request, &allow));
        router = router.route(&path, methods.fallback(fallback));
    }
    router
}

/// Nothing has this address. A slash too many at its end leads to the address
/// without it, as people expect who type one or whose program adds it.
async fn nothing_here(request: Request) -> Response {
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    match without_slash(request.uri()).filter(|_| is_read) {
        Some(address) => Redirect::permanent(&address).into_response(),
        None => Problem::not_found("no page or record has this address").into_response(),
    }
}

/// The path and query of `uri` without the slash at the end of its path; `None`
/// when it has none, or when what is left could be read as the name of another
/// host.
fn without_slash(uri: &Uri) -> Option<String> {
    let path = uri.path().strip_suffix('/')?;
    let is_plain = path.len() > 1 && !path.contains("//") && !path.contains('\\');
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    (is_plain && !path.ends_with('/')).then(|| format!("{path}{query}"))
}

fn refuse_method(request: Request, allow: &str) -> Response {
    if request.method() != Method::OPTIONS {
        return Problem::method_not_allowed(request.method().as_str(), allow).into_response();
    }
    let allow = HeaderValue::from_str(allow).expect("names of methods can stand in a header");
    (StatusCode::NO_CONTENT, [(header::ALLOW, allow)]).into_response()
}

#[cfg(test)]
#[path = "route_tests.rs"]
pub(crate) mod tests;
