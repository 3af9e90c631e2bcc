//! The kinds of problem that an answer can name, in one table.
//!
//! A kind is a row: its slug, its status and its title. The slug is the last
//! part of the problem's `type` address and the name of the page in
//! `docs/problems` which explains it to the people who meet it.

use http::StatusCode;

/// A kind of problem; [`ProblemKind::ALL`] lists them by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the row of each kind says what it is")]
pub enum ProblemKind {
    InvalidParameter,
    UnknownParameter,
    DuplicateParameter,
    MissingParameter,
    AmbiguousPlace,
    UnknownPlace,
    MalformedRequest,
    MalformedJson,
    MalformedRdf,
    SparqlSyntax,
    QueryTooComplex,
    Unauthorised,
    Forbidden,
    ServiceForbidden,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    RequestTimeout,
    Conflict,
    Gone,
    PreconditionFailed,
    PayloadTooLarge,
    ResultTooLarge,
    UriTooLong,
    UnsupportedMediaType,
    MisdirectedRequest,
    InvalidRecord,
    UnknownKind,
    UnknownContext,
    DanglingReference,
    KeyReused,
    PreconditionRequired,
    RateLimited,
    HeadersTooLarge,
    Internal,
    NotImplemented,
    Overloaded,
    NotReady,
    QueryTimeout,
    QueryMemory,
    ReadOnly,
    StorageLow,
}

impl ProblemKind {
    /// Every kind, in the order of their statuses.
    pub const ALL: &[Self] = &[
        Self::InvalidParameter,
        Self::UnknownParameter,
        Self::DuplicateParameter,
        Self::MissingParameter,
        Self::AmbiguousPlace,
        Self::UnknownPlace,
        Self::MalformedRequest,
        Self::MalformedJson,
        Self::MalformedRdf,
        Self::SparqlSyntax,
        Self::QueryTooComplex,
        Self::Unauthorised,
        Self::Forbidden,
        Self::ServiceForbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::RequestTimeout,
        Self::Conflict,
        Self::Gone,
        Self::PreconditionFailed,
        Self::PayloadTooLarge,
        Self::ResultTooLarge,
        Self::UriTooLong,
        Self::UnsupportedMediaType,
        Self::MisdirectedRequest,
        Self::InvalidRecord,
        Self::UnknownKind,
        Self::UnknownContext,
        Self::DanglingReference,
        Self::KeyReused,
        Self::PreconditionRequired,
        Self::RateLimited,
        Self::HeadersTooLarge,
        Self::Internal,
        Self::NotImplemented,
        Self::Overloaded,
        Self::NotReady,
        Self::QueryTimeout,
        Self::QueryMemory,
        Self::ReadOnly,
        Self::StorageLow,
    ];

    /// The last part of the `type` address, and the name of the page that
    /// explains the kind.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        self.row().0
    }

    /// The status of an answer of this kind.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        self.row().1
    }

    /// A short summary for people, the same in each answer of the kind.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    #[expect(clippy::too_many_lines, reason = "it is a table, with a row for each kind")]
    const fn row(self) -> (&'static str, StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::InvalidParameter => {
                ("invalid-parameter", S::BAD_REQUEST, "A parameter can't be read")
            }
            Self::UnknownParameter => {
                ("unknown-parameter", S::BAD_REQUEST, "There is no such parameter here")
            }
            Self::DuplicateParameter => {
                ("duplicate-parameter", S::BAD_REQUEST, "A parameter is given more than once")
            }
            Self::MissingParameter => {
                ("missing-parameter", S::BAD_REQUEST, "A parameter is needed")
            }
            Self::AmbiguousPlace => {
                ("ambiguous-place", S::BAD_REQUEST, "Several places have this name")
            }
            Self::UnknownPlace => ("unknown-place", S::BAD_REQUEST, "No such place is known"),
            Self::MalformedRequest => {
                ("malformed-request", S::BAD_REQUEST, "The request is not HTTP")
            }
            Self::MalformedJson => ("malformed-json", S::BAD_REQUEST, "The body is not JSON"),
            Self::MalformedRdf => ("malformed-rdf", S::BAD_REQUEST, "The body is not RDF"),
            Self::SparqlSyntax => ("sparql-syntax", S::BAD_REQUEST, "The query is not SPARQL"),
            Self::QueryTooComplex => {
                ("query-too-complex", S::BAD_REQUEST, "The query is too complex")
            }
            Self::Unauthorised => ("unauthorised", S::UNAUTHORIZED, "A token is needed"),
            Self::Forbidden => ("forbidden", S::FORBIDDEN, "This is not allowed"),
            Self::ServiceForbidden => {
                ("service-forbidden", S::FORBIDDEN, "A query may not call other servers")
            }
            Self::NotFound => ("not-found", S::NOT_FOUND, "Nothing is registered here"),
            Self::MethodNotAllowed => {
                ("method-not-allowed", S::METHOD_NOT_ALLOWED, "This can't be done here")
            }
            Self::NotAcceptable => {
                ("not-acceptable", S::NOT_ACCEPTABLE, "No acceptable format is available")
            }
            Self::RequestTimeout => {
                ("request-timeout", S::REQUEST_TIMEOUT, "The request came too slowly")
            }
            Self::Conflict => ("conflict", S::CONFLICT, "This is at odds with the register"),
            Self::Gone => ("gone", S::GONE, "This has been withdrawn"),
            Self::PreconditionFailed => (
                "precondition-failed",
                S::PRECONDITION_FAILED,
                "The record has changed in the meantime",
            ),
            Self::PayloadTooLarge => {
                ("payload-too-large", S::PAYLOAD_TOO_LARGE, "The body is too large")
            }
            Self::ResultTooLarge => {
                ("result-too-large", S::PAYLOAD_TOO_LARGE, "The result is too large")
            }
            Self::UriTooLong => ("uri-too-long", S::URI_TOO_LONG, "The address is too long"),
            Self::UnsupportedMediaType => (
                "unsupported-media-type",
                S::UNSUPPORTED_MEDIA_TYPE,
                "The format of the body is not read here",
            ),
            Self::MisdirectedRequest => {
                ("misdirected-request", S::MISDIRECTED_REQUEST, "This host is not served here")
            }
            Self::InvalidRecord => {
                ("invalid-record", S::UNPROCESSABLE_ENTITY, "The record has faults")
            }
            Self::UnknownKind => {
                ("unknown-kind", S::UNPROCESSABLE_ENTITY, "There is no such kind of record")
            }
            Self::UnknownContext => (
                "unknown-context",
                S::UNPROCESSABLE_ENTITY,
                "The JSON-LD context is not one that is kept here",
            ),
            Self::DanglingReference => (
                "dangling-reference",
                S::UNPROCESSABLE_ENTITY,
                "The record refers to one that is not registered",
            ),
            Self::KeyReused => {
                ("key-reused", S::UNPROCESSABLE_ENTITY, "The key belongs to another request")
            }
            Self::PreconditionRequired => (
                "precondition-required",
                S::PRECONDITION_REQUIRED,
                "A change must say what it changes",
            ),
            Self::RateLimited => {
                ("rate-limited", S::TOO_MANY_REQUESTS, "Too many requests came from here")
            }
            Self::HeadersTooLarge => (
                "headers-too-large",
                S::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "The headers are too large",
            ),
            Self::Internal => ("internal", S::INTERNAL_SERVER_ERROR, "The register has a fault"),
            Self::NotImplemented => {
                ("not-implemented", S::NOT_IMPLEMENTED, "The register can't do that")
            }
            Self::Overloaded => ("overloaded", S::SERVICE_UNAVAILABLE, "The register is busy"),
            Self::NotReady => {
                ("not-ready", S::SERVICE_UNAVAILABLE, "The register is starting or stopping")
            }
            Self::QueryTimeout => {
                ("query-timeout", S::SERVICE_UNAVAILABLE, "The query took too long")
            }
            Self::QueryMemory => {
                ("query-memory", S::SERVICE_UNAVAILABLE, "The query needed too much memory")
            }
            Self::ReadOnly => {
                ("read-only", S::SERVICE_UNAVAILABLE, "The register takes no changes now")
            }
            Self::StorageLow => {
                ("storage-low", S::INSUFFICIENT_STORAGE, "The register has no room left")
            }
        }
    }
}

#[cfg(test)]
#[path = "kind_tests.rs"]
mod tests;
