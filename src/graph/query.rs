//! A query, and what may come of it other than an answer.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::graph::{Complexity, Form, GraphFormat, SolutionsFormat};

/// A query as a client put it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryRequest {
    /// The text, in SPARQL 1.1.
    pub query: String,
    /// What relative IRIs are resolved against.
    pub base: Option<String>,
    /// The dataset that the protocol names; it goes before the one in the
    /// text.
    pub dataset: Option<Dataset>,
    /// How to write rows, or yes or no; none when the client wants neither.
    pub solutions: Option<SolutionsFormat>,
    /// How to write triples; none when the client wants none.
    pub graph: Option<GraphFormat>,
}

/// The graphs that a query looks at, by name. Names of graphs that are not
/// there stand for empty graphs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dataset {
    /// The graphs whose union is the default graph.
    pub default: Vec<String>,
    /// The graphs that `GRAPH` finds.
    pub named: Vec<String>,
}

/// Why a query has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum QueryError {
    /// The text is not a query.
    #[error("the query can't be read: {message}")]
    Syntax {
        /// What the parser expected, and where.
        message: String,
    },
    /// The name of a graph, or the base, is not an absolute IRI.
    #[error("`{0}` is not an absolute IRI")]
    Iri(String),
    /// The query asks too much before it is even run.
    #[error(transparent)]
    TooComplex(#[from] Complexity),
    /// The query asks another server.
    #[error("SERVICE is not offered here, SILENT or not")]
    ServiceForbidden,
    /// The text is an update, and queries are answered here.
    #[error("this is an update, and updates are not offered here")]
    Update,
    /// The query gives something that the client accepts in no form.
    #[error("none of the accepted media types can hold the {0:?} of this query")]
    NotAcceptable(Form),
    /// The answer has too many rows or triples.
    #[error("the answer has more than {limit} rows; use LIMIT and OFFSET, or the dump")]
    TooManyRows {
        /// How many are allowed.
        limit: usize,
    },
    /// The answer has too many bytes.
    #[error("the answer has more than {limit} bytes; use LIMIT and OFFSET, or the dump")]
    TooManyBytes {
        /// How many are allowed.
        limit: usize,
    },
    /// `DESCRIBE` asks for too many things.
    #[error("the query describes more than {limit} things; use LIMIT, or CONSTRUCT")]
    TooManySubjects {
        /// How many are allowed.
        limit: usize,
    },
    /// The query ran too long.
    #[error("the query took longer than {milliseconds} ms")]
    Timeout {
        /// How long it may run.
        milliseconds: u64,
    },
    /// The query needed too much memory.
    #[error("the query needed more than {bytes} bytes of memory")]
    Memory {
        /// How much it may have.
        bytes: u64,
    },
    /// Too many queries wait already.
    #[error("too many queries are running and waiting")]
    Overloaded,
    /// The query uses what this engine doesn't have, such as a function.
    #[error("the query can't be run: {0}")]
    Unsupported(String),
    /// The process that ran the query failed through no fault of the query.
    #[error("the query process failed: {0}")]
    Worker(String),
}
