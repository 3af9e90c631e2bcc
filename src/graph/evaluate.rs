//! One query, from its text to the bytes of its answer.
//!
//! Runs in a query process, on a thread with a large stack. Nothing here
//! watches the time: whoever started the process kills it.

use std::io::{self, Write};

use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode};
use oxigraph::sparql::results::QueryResultsSerializer;
use oxigraph::sparql::{
    PreparedSparqlQuery, QueryEvaluationError, QueryResults, QuerySolutionIter, QueryTripleIter,
    SparqlEvaluator,
};
use oxigraph::store::Store;
use spargebra::algebra::QueryDataset;
use spargebra::{GraphUpdateOperation, Query, SparqlParser};

use crate::graph::frame::FromWorker;
use crate::graph::{
    Dataset, Form, GraphFormat, Limits, QueryError, QueryRequest, ResultFormat, SolutionsFormat,
};
use crate::graph::{algebra, describe, guard};

/// The most bytes of an answer in one message.
const CHUNK_BYTES: usize = 64 * 1024;

/// Takes the messages that make up an answer.
pub(super) type Sink<'a> = &'a mut dyn FnMut(FromWorker) -> io::Result<()>;

/// Reads a query and checks it against all limits that don't need data.
///
/// # Errors
///
/// [`QueryError`]: too long, too complex, not a query, asks another server.
pub(super) fn plan(request: &QueryRequest, limits: &Limits) -> Result<Query, QueryError> {
    guard::check(&request.query, limits)?;
    let mut parser = SparqlParser::new();
    if let Some(base) = &request.base {
        parser = parser.with_base_iri(base.as_str()).map_err(|_| QueryError::Iri(base.clone()))?;
    }
    let query = parser
        .clone()
        .parse_query(&request.query)
        .map_err(|error| not_a_query(parser, &request.query, &error.to_string()))?;
    algebra::check(&query, limits)?;
    Ok(query)
}

/// What a text is that is no query: an update, one that fetches, or neither.
fn not_a_query(parser: SparqlParser, text: &str, message: &str) -> QueryError {
    let Ok(update) = parser.parse_update(text) else {
        return QueryError::Syntax { message: message.to_owned() };
    };
    let fetches =
        |operation: &GraphUpdateOperation| matches!(operation, GraphUpdateOperation::Load { .. });
    if update.operations.iter().any(fetches) {
        QueryError::ServiceForbidden
    } else {
        QueryError::Update
    }
}

/// Runs a query over a store and hands its answer to `sink`, message by
/// message, without the closing one.
///
/// # Errors
///
/// [`QueryError`] when there is no answer, or, after the first message, when
/// it can't be completed. [`QueryError::Worker`] when the sink takes no more.
pub(super) fn answer(
    store: &Store,
    request: &QueryRequest,
    limits: &Limits,
    sink: Sink<'_>,
) -> Result<(), QueryError> {
    let query = plan(request, limits)?;
    let format = choose_format(&query, request)?;
    let dataset = match &request.dataset {
        Some(dataset) => Some(dataset.clone()),
        None => query.dataset().map(dataset_of),
    };
    if let Some(subjects) = describe::subjects_of(&query) {
        describe::check(execute(store, subjects, dataset.as_ref())?, limits)?;
    }
    let results = execute(store, query, dataset.as_ref())?;
    let mut held = Held { format, buffer: Vec::new(), sent: 0, over: false, limits, sink };
    let written = match (results, format) {
        (QueryResults::Boolean(yes), ResultFormat::Boolean(format)) => {
            QueryResultsSerializer::from_format(format.to_engine())
                .serialize_boolean_to_writer(&mut held, yes)
                .map(drop)
                .map_err(Broken::Write)
        }
        (QueryResults::Solutions(rows), ResultFormat::Solutions(format)) => {
            write_rows(rows, format, &mut held)
        }
        (QueryResults::Graph(triples), ResultFormat::Graph(format)) => {
            write_triples(triples, format, &mut held)
        }
        _ => Err(Broken::Query(QueryError::Worker("an answer of another form".to_owned()))),
    };
    match written.and_then(|()| held.finish().map_err(Broken::Write)) {
        Ok(()) => Ok(()),
        Err(Broken::Query(error)) => Err(error),
        Err(Broken::Write(_)) if held.over => {
            Err(QueryError::TooManyBytes { limit: limits.max_bytes })
        }
        Err(Broken::Write(error)) => Err(QueryError::Worker(error.to_string())),
    }
}

fn choose_format(query: &Query, request: &QueryRequest) -> Result<ResultFormat, QueryError> {
    let (form, format) = match query {
        Query::Select { .. } => (Form::Solutions, request.solutions.map(ResultFormat::Solutions)),
        Query::Ask { .. } => (Form::Boolean, request.solutions.map(ResultFormat::Boolean)),
        Query::Construct { .. } | Query::Describe { .. } => {
            (Form::Graph, request.graph.map(ResultFormat::Graph))
        }
    };
    format.ok_or(QueryError::NotAcceptable(form))
}

/// The dataset that the text of a query names.
fn dataset_of(dataset: &QueryDataset) -> Dataset {
    let text = |name: &NamedNode| name.as_str().to_owned();
    Dataset {
        default: dataset.default.iter().map(text).collect(),
        named: dataset.named.iter().flatten().map(text).collect(),
    }
}

fn execute(
    store: &Store,
    query: Query,
    dataset: Option<&Dataset>,
) -> Result<QueryResults<'static>, QueryError> {
    let mut prepared = SparqlEvaluator::new().for_query(query);
    if let Some(dataset) = dataset {
        restrict(&mut prepared, dataset, store)?;
    }
    prepared.on_store(store).execute().map_err(from_evaluation)
}

/// Lets a query see the graphs of a dataset and no others.
///
/// A fault of the engine: a triple that several graphs of a `FROM` say is
/// seen once for each of them. Without a dataset it is seen once.
fn restrict(
    prepared: &mut PreparedSparqlQuery,
    dataset: &Dataset,
    store: &Store,
) -> Result<(), QueryError> {
    let mut default: Vec<GraphName> = Vec::new();
    for name in &dataset.default {
        let name = GraphName::from(graph_name(name)?);
        if !default.contains(&name) {
            default.push(name);
        }
    }
    let mut named: Vec<NamedOrBlankNode> = Vec::new();
    for name in &dataset.named {
        let name = graph_name(name)?;
        // The engine would list a graph that isn't there under `GRAPH ?g {}`.
        let is_stored = store.contains_named_graph(&name).map_err(from_store)?;
        if is_stored && !named.contains(&name.clone().into()) {
            named.push(name.into());
        }
    }
    prepared.dataset_mut().set_default_graph(default);
    prepared.dataset_mut().set_available_named_graphs(named);
    Ok(())
}

fn graph_name(name: &str) -> Result<NamedNode, QueryError> {
    NamedNode::new(name).map_err(|_| QueryError::Iri(name.to_owned()))
}

fn write_rows(
    rows: QuerySolutionIter<'_>,
    format: SolutionsFormat,
    held: &mut Held<'_, '_>,
) -> Result<(), Broken> {
    let limit = held.limits.max_rows;
    let mut serializer = QueryResultsSerializer::from_format(format.to_engine())
        .serialize_solutions_to_writer(held, rows.variables().to_vec())?;
    for (row, solution) in rows.enumerate() {
        if row == limit {
            return Err(Broken::Query(QueryError::TooManyRows { limit }));
        }
        serializer.serialize(&solution.map_err(from_evaluation)?)?;
    }
    serializer.finish()?;
    Ok(())
}

fn write_triples(
    triples: QueryTripleIter<'_>,
    format: GraphFormat,
    held: &mut Held<'_, '_>,
) -> Result<(), Broken> {
    let limit = held.limits.max_rows;
    let mut serializer = format.serializer().for_writer(held);
    for (row, triple) in triples.enumerate() {
        if row == limit {
            return Err(Broken::Query(QueryError::TooManyRows { limit }));
        }
        serializer.serialize_triple(&triple.map_err(from_evaluation)?)?;
    }
    serializer.finish()?;
    Ok(())
}

fn from_evaluation(error: QueryEvaluationError) -> QueryError {
    match error {
        QueryEvaluationError::Dataset(error) => QueryError::Worker(error.to_string()),
        other => QueryError::Unsupported(other.to_string()),
    }
}

fn from_store(error: oxigraph::store::StorageError) -> QueryError {
    QueryError::Worker(error.to_string())
}

/// Why an answer stopped.
enum Broken {
    Query(QueryError),
    Write(io::Error),
}

impl From<QueryError> for Broken {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// An answer on its way out: held back while it is short, and never longer
/// than the limit.
struct Held<'l, 's> {
    format: ResultFormat,
    buffer: Vec<u8>,
    /// Bytes that have gone.
    sent: usize,
    /// Whether the limit of bytes was passed.
    over: bool,
    limits: &'l Limits,
    sink: Sink<'s>,
}

impl Held<'_, '_> {
    fn send(&mut self) -> io::Result<()> {
        if self.sent == 0 {
            (self.sink)(FromWorker::Head(self.format))?;
        }
        self.sent += self.buffer.len();
        for chunk in self.buffer.chunks(CHUNK_BYTES) {
            (self.sink)(FromWorker::Body(chunk.to_vec()))?;
        }
        self.buffer.clear();
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() && self.sent > 0 { Ok(()) } else { self.send() }
    }
}

impl Write for Held<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.sent + self.buffer.len() + bytes.len() > self.limits.max_bytes {
            self.over = true;
            return Err(io::Error::other("the answer is too long"));
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= self.limits.held_back_bytes {
            self.send()?;
        }
        Ok(bytes.len())
    }

    /// Does nothing: writers flush often, and what is short is held back.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
