//! A constructor for each kind of problem, with what that kind must say.
//!
//! `detail` is everywhere a sentence without a full stop, shown to the client:
//! the message of one of our own errors, never of an engine's.

use std::fmt::Display;

use http::header;

use super::Fault;
use super::Problem;
use super::ProblemKind;
use super::nearest;

impl Problem {
    /// 400: the value of the parameter `name` can't be read.
    #[must_use]
    pub fn invalid_parameter(name: &str, detail: impl Display) -> Self {
        Self::new(ProblemKind::InvalidParameter, detail.to_string()).with_parameter(name)
    }

    /// 400: there is no parameter `name` here, but there are those `known`, of
    /// which one may be known to be `meant`.
    #[must_use]
    pub fn unknown_parameter<'a>(
        name: &str,
        meant: Option<&'a str>,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let suggestion = meant.or_else(|| nearest(name, known.iter().copied()));
        let detail = match suggestion {
            Some(suggestion) => format!("`{name}` is unknown here; did you mean `{suggestion}`?"),
            None => format!("`{name}` is unknown here"),
        };
        Self::new(ProblemKind::UnknownParameter, detail)
            .with_parameter(name)
            .with_suggestion(suggestion)
            .with_available(known.into_iter().map(str::to_owned).collect())
    }

    /// 400: the parameter `name` is given more than once, but takes one value.
    #[must_use]
    pub fn duplicate_parameter(name: &str) -> Self {
        let detail = format!("`{name}` takes one value, and is given more than once");
        Self::new(ProblemKind::DuplicateParameter, detail).with_parameter(name)
    }

    /// 400: the parameter `name` must be given.
    #[must_use]
    pub fn missing_parameter(name: &str) -> Self {
        let detail = format!("`{name}` is needed here");
        Self::new(ProblemKind::MissingParameter, detail).with_parameter(name)
    }

    /// 400: the place in the parameter `name` may be any of `candidates`.
    #[must_use]
    pub fn ambiguous_place(name: &str, detail: impl Display, candidates: Vec<String>) -> Self {
        Self::new(ProblemKind::AmbiguousPlace, detail.to_string())
            .with_parameter(name)
            .with_available(candidates)
    }

    /// 400: the place in the parameter `name` is well formed, but not known.
    #[must_use]
    pub fn unknown_place(name: &str, detail: impl Display, nearest: Option<String>) -> Self {
        Self::new(ProblemKind::UnknownPlace, detail.to_string())
            .with_parameter(name)
            .with_suggestion(nearest)
    }

    /// 400: the body is not JSON; `line` and `column` count from 1.
    #[must_use]
    pub fn malformed_json(detail: impl Display, line: usize, column: usize) -> Self {
        Self::new(ProblemKind::MalformedJson, detail.to_string()).with_position(line, column)
    }

    /// 400: the body is not RDF in the format that it claims.
    #[must_use]
    pub fn malformed_rdf(detail: impl Display) -> Self {
        Self::new(ProblemKind::MalformedRdf, detail.to_string())
    }

    /// 400: the query is not SPARQL.
    #[must_use]
    pub fn sparql_syntax(detail: impl Display) -> Self {
        Self::new(ProblemKind::SparqlSyntax, detail.to_string())
    }

    /// 400: the query is over a limit of size or depth.
    #[must_use]
    pub fn query_too_complex(detail: impl Display) -> Self {
        Self::new(ProblemKind::QueryTooComplex, detail.to_string())
    }

    /// 401: there is no token, or one that is not known.
    #[must_use]
    pub fn unauthorised(detail: impl Display) -> Self {
        Self::new(ProblemKind::Unauthorised, detail.to_string())
            .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"kist\"")
    }

    /// 403: the token is known, but not for this.
    #[must_use]
    pub fn forbidden(detail: impl Display) -> Self {
        Self::new(ProblemKind::Forbidden, detail.to_string())
    }

    /// 403: a query asks another server, by `SERVICE` or `LOAD`.
    #[must_use]
    pub fn service_forbidden() -> Self {
        let detail = "SERVICE and LOAD are not available, also with SILENT";
        Self::new(ProblemKind::ServiceForbidden, detail)
    }

    /// 404: nothing is registered under this address.
    #[must_use]
    pub fn not_found(detail: impl Display) -> Self {
        Self::new(ProblemKind::NotFound, detail.to_string())
    }

    /// 405: `method` can't be used here, but those that `allow` lists can.
    #[must_use]
    pub fn method_not_allowed(method: &str, allow: &str) -> Self {
        let detail = format!("{method} is not among {allow}");
        Self::new(ProblemKind::MethodNotAllowed, detail)
            .with_available(allow.split(", ").map(str::to_owned).collect())
            .with_header(header::ALLOW, allow)
    }

    /// 406: none of the media types that are `available` is acceptable.
    #[must_use]
    pub fn not_acceptable(available: Vec<String>) -> Self {
        let detail = format!("the Accept header admits none of {}", available.join(", "));
        Self::new(ProblemKind::NotAcceptable, detail)
            .with_available(available)
            .with_header(header::VARY, "Accept")
    }

    /// 408: the body did not come in time.
    #[must_use]
    pub fn request_timeout() -> Self {
        Self::new(ProblemKind::RequestTimeout, "the body did not come in time")
            .with_header(header::CONNECTION, "close")
    }

    /// 409: what is asked is at odds with what is registered.
    #[must_use]
    pub fn conflict(detail: impl Display) -> Self {
        Self::new(ProblemKind::Conflict, detail.to_string())
    }

    /// 410: what was here has been withdrawn.
    #[must_use]
    pub fn gone(detail: impl Display) -> Self {
        Self::new(ProblemKind::Gone, detail.to_string())
    }

    /// 412: the record is no longer the one that `If-Match` names. `current`
    /// is its entity tag now.
    #[must_use]
    pub fn precondition_failed(current: Option<&str>) -> Self {
        let problem = match current {
            Some(_) => "If-Match names another version than the current one",
            None => "If-Match names a version, but nothing is here",
        };
        let problem = Self::new(ProblemKind::PreconditionFailed, problem);
        match current {
            Some(current) => problem.with_header(header::ETAG, current),
            None => problem,
        }
    }

    /// 412: something is registered where `If-None-Match: *` wants that nothing
    /// is. `current` is its entity tag.
    #[must_use]
    pub fn something_is_here(current: &str) -> Self {
        let detail = "If-None-Match wants that nothing is here, and something is";
        Self::new(ProblemKind::PreconditionFailed, detail).with_header(header::ETAG, current)
    }

    /// 413: the body is larger than `limit` bytes.
    #[must_use]
    pub fn payload_too_large(limit: usize) -> Self {
        let detail = format!("the body may have {limit} bytes at most");
        Self::new(ProblemKind::PayloadTooLarge, detail).with_header(header::CONNECTION, "close")
    }

    /// 413: the result of a query is over a limit of rows or bytes.
    #[must_use]
    pub fn result_too_large(detail: impl Display) -> Self {
        Self::new(ProblemKind::ResultTooLarge, detail.to_string())
    }

    /// 400: what came is not HTTP/1.1, as `detail` says.
    #[must_use]
    pub fn malformed_request(detail: impl Display) -> Self {
        Self::new(ProblemKind::MalformedRequest, detail.to_string())
    }

    /// 414: the address is longer than `limit` bytes.
    #[must_use]
    pub fn uri_too_long(limit: usize) -> Self {
        let detail = format!("the address may have {limit} bytes at most");
        Self::new(ProblemKind::UriTooLong, detail)
    }

    /// 415: the body's media type is not among the `available` ones.
    #[must_use]
    pub fn unsupported_media_type(given: Option<&str>, available: Vec<String>) -> Self {
        let list = available.join(", ");
        let detail = match given {
            Some(given) => format!("`{given}` is not among {list}"),
            None => format!("Content-Type is missing; it must be one of {list}"),
        };
        let problem = Self::new(ProblemKind::UnsupportedMediaType, detail);
        problem.with_header(header::ACCEPT, &list).with_available(available)
    }

    /// 415: the body is encoded in another way than gzip.
    #[must_use]
    pub fn unsupported_encoding(given: &str) -> Self {
        let detail = format!("Content-Encoding `{given}` is not read; send gzip or none");
        Self::new(ProblemKind::UnsupportedMediaType, detail)
            .with_header(header::ACCEPT_ENCODING, "gzip, identity")
    }

    /// 421: the `Host` is not one that this register serves.
    #[must_use]
    pub fn misdirected_request() -> Self {
        Self::new(ProblemKind::MisdirectedRequest, "the Host header names another server")
    }

    /// 422: the record in the body has these faults.
    #[must_use]
    pub fn invalid_record(faults: Vec<Fault>) -> Self {
        let detail = match faults.as_slice() {
            [only] => only.detail.clone(),
            many => format!("the record has {} faults", many.len()),
        };
        Self::new(ProblemKind::InvalidRecord, detail).with_faults(faults)
    }

    /// 422: the body's `type` is none of the `known` kinds.
    #[must_use]
    pub fn unknown_kind<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        Self::new(ProblemKind::UnknownKind, format!("`{given}` is not a kind of record"))
            .with_pointer("/type")
            .with_suggestion(nearest(given, known.iter().copied()))
            .with_available(known.into_iter().map(str::to_owned).collect())
    }

    /// 422: the body's `@context` is not kept here; nothing is ever fetched.
    #[must_use]
    pub fn unknown_context(given: &str) -> Self {
        let detail = format!("the context `{given}` is not kept here, and none is fetched");
        Self::new(ProblemKind::UnknownContext, detail).with_pointer("/@context")
    }

    /// 422: the record names others which are not registered.
    #[must_use]
    pub fn dangling_reference(faults: Vec<Fault>) -> Self {
        Self::invalid_record(faults).of_kind(ProblemKind::DanglingReference)
    }

    /// 428: a change of what exists needs `If-Match`.
    #[must_use]
    pub fn precondition_required() -> Self {
        let detail = "send If-Match with the ETag of the version that you change, or `If-Match: *` to change whatever is there";
        Self::new(ProblemKind::PreconditionRequired, detail)
    }

    /// 429: this client asks too much, as `what` says; it may come back after
    /// `seconds`.
    #[must_use]
    pub fn rate_limited(what: &str, seconds: u64) -> Self {
        Self::new(ProblemKind::RateLimited, format!("{what}; come back in {seconds} s"))
            .with_header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// 431: there are more headers than `count`, or more than `bytes` of them.
    #[must_use]
    pub fn headers_too_large(count: usize, bytes: usize) -> Self {
        let detail = format!("a request may have {count} headers, of {bytes} bytes in all");
        Self::new(ProblemKind::HeadersTooLarge, detail)
    }

    /// 500: a fault of ours. What it is stands in the log, not in the answer.
    #[must_use]
    pub fn internal() -> Self {
        let detail = "it has been logged under the id of this request";
        Self::new(ProblemKind::Internal, detail)
    }

    /// 501: something that the protocol has and the register has not.
    #[must_use]
    pub fn not_implemented(detail: impl Display) -> Self {
        Self::new(ProblemKind::NotImplemented, detail.to_string())
    }

    /// 503: all permits of a class of requests are taken.
    #[must_use]
    pub fn overloaded() -> Self {
        Self::new(ProblemKind::Overloaded, "too much is asked at this moment").retry_soon()
    }

    /// 503: the register is not ready yet, or no longer.
    #[must_use]
    pub fn not_ready(detail: impl Display) -> Self {
        Self::new(ProblemKind::NotReady, detail.to_string()).retry_soon()
    }

    /// 503: the query was stopped at its deadline.
    #[must_use]
    pub fn query_timeout(seconds: u64) -> Self {
        let detail = format!("the query was stopped after {seconds} s");
        Self::new(ProblemKind::QueryTimeout, detail).retry_soon()
    }

    /// 503: the query was stopped at its limit of memory.
    #[must_use]
    pub fn query_memory() -> Self {
        let detail = "the query was stopped at its limit of memory";
        Self::new(ProblemKind::QueryMemory, detail).retry_soon()
    }

    /// 503: reading goes on, but nothing can be written.
    #[must_use]
    pub fn read_only() -> Self {
        Self::new(ProblemKind::ReadOnly, "reading goes on; try to write later")
            .with_header(header::RETRY_AFTER, "300")
    }

    /// 507: the disk has less room than the register keeps free.
    #[must_use]
    pub fn storage_low() -> Self {
        Self::new(ProblemKind::StorageLow, "reading goes on; there is no room to write")
    }

    /// Spreads the clients who were sent away over one to five seconds.
    fn retry_soon(self) -> Self {
        self.with_header(header::RETRY_AFTER, &fastrand::u8(1..=5).to_string())
    }

    fn of_kind(mut self, kind: ProblemKind) -> Self {
        self.0.kind = kind;
        self
    }
}
