//! Queries in real processes: answered, refused, killed, and the next one
//! works.

use std::path::PathBuf;
use std::sync::Arc;

use kist::graph::{
    Dataset, Form, Graph, GraphFormat, Limits, NamedGraph, Options, Pool, QueryError, QueryRequest,
    SolutionsFormat,
};
use kist::model::Revision;
use oxigraph::model::Triple;

use super::{PATIENT, SHORT, endless, named, node, numbers, options};

/// A pool over a graph of its own, and where both are.
struct Bench {
    graph: Arc<Graph>,
    pool: Pool,
    _directory: tempfile::TempDir,
}

async fn bench_over(graph: Graph, directory: tempfile::TempDir, options: Options) -> Bench {
    let graph = Arc::new(graph);
    graph.replace(vec![named("g", numbers(1_000)), named("h", numbers(1))], Revision(1)).unwrap();
    let copies = directory.path().join("checkpoints");
    let pool = Pool::start(Arc::clone(&graph), &copies, options).await.unwrap();
    Bench { graph, pool, _directory: directory }
}

async fn bench(options: Options) -> Bench {
    bench_over(Graph::in_memory().unwrap(), tempfile::tempdir().unwrap(), options).await
}

fn request(query: &str) -> QueryRequest {
    QueryRequest {
        query: query.to_owned(),
        base: None,
        dataset: None,
        solutions: Some(SolutionsFormat::Csv),
        graph: Some(GraphFormat::NTriples),
    }
}

/// The whole body, with line ends as in text files.
async fn ask(pool: &Pool, request: QueryRequest) -> Result<String, QueryError> {
    let answer = pool.query(request).await?;
    let body = answer.body.collect().await.map_err(|broken| broken.0)?;
    Ok(String::from_utf8(body).unwrap().replace('\r', ""))
}

async fn check(pool: &Pool, query: &str, expected: &str) {
    assert_eq!(ask(pool, request(query)).await.as_deref(), Ok(expected), "{query}");
}

const COUNT: &str = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }";

#[tokio::test]
async fn the_default_graph_is_the_union_and_says_a_triple_once() {
    let Bench { pool, .. } = &bench(options(PATIENT)).await;
    check(pool, COUNT, "n\n1000\n").await;
    check(pool, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", "n\n1001\n").await;
    let graphs = "SELECT ?g { GRAPH ?g {} } ORDER BY ?g";
    check(pool, graphs, "g\nhttp://example.org/g\nhttp://example.org/h\n").await;
    check(pool, "ASK { ?s ?p 999 }", "true").await;
    let triple = "<http://example.org/s> <http://example.org/p> \"7\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n";
    check(pool, "CONSTRUCT { ?s ?p 7 } { ?s ?p 7 }", triple).await;
    let long = "SELECT (STRLEN(?x) AS ?n) ?x { BIND(REPLACE('aaaaaaaaaaaaaaaa', 'a', 'aaaaaaaaaaaaaaaa') AS ?y)\
        BIND(REPLACE(?y, 'a', 'aaaaaaaaaaaaaaaa') AS ?z) BIND(REPLACE(?z, 'a', \
        'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') AS ?w) \
        BIND(REPLACE(?w, 'a', 'aaaaaaaa') AS ?x) }";
    assert_eq!(ask(pool, request(long)).await.unwrap().len(), "n,x\n2097152,\n".len() + 2_097_152);
}

#[tokio::test]
async fn so_it_is_on_disk() {
    let directory = tempfile::tempdir().unwrap();
    let graph = Graph::open(&directory.path().join("graph")).unwrap();
    let Bench { pool, .. } = &bench_over(graph, directory, options(PATIENT)).await;
    check(pool, COUNT, "n\n1000\n").await;
    let graphs = "SELECT ?g { GRAPH ?g {} } ORDER BY ?g";
    check(pool, graphs, "g\nhttp://example.org/g\nhttp://example.org/h\n").await;
    check(pool, "ASK { GRAPH ?g { <tag:kist.invalid,2026:view> ?p ?o } }", "false").await;
}

#[tokio::test]
async fn a_dataset_chooses_among_the_stored_graphs() {
    let Bench { pool, .. } = &bench(options(PATIENT)).await;
    let from = |names: &str| format!("SELECT (COUNT(*) AS ?n) {names} {{ ?s ?p ?o }}");
    check(pool, &from("FROM <http://example.org/h>"), "n\n1\n").await;
    check(pool, &from("FROM <http://example.org/unknown>"), "n\n0\n").await;
    check(pool, &from("FROM <file:///etc/passwd>"), "n\n0\n").await;
    check(pool, &from("FROM <tag:kist.invalid,2026:view>"), "n\n0\n").await;
    check(pool, &from("FROM NAMED <http://example.org/h>"), "n\n0\n").await;
    // Wrong: 1000 is right, because a merge holds a triple once. The engine
    // merges the graphs of a `FROM` without looking for what is in several.
    let both = "FROM <http://example.org/g> FROM <http://example.org/h>";
    check(pool, &from(both), "n\n1001\n").await;
    let names = "SELECT ?g FROM NAMED <http://example.org/h> FROM NAMED <a:b> { GRAPH ?g {} }";
    check(pool, names, "g\nhttp://example.org/h\n").await;
    let mut by_protocol = request(&from("FROM <http://example.org/g>"));
    let default = vec!["http://example.org/h".to_owned()];
    by_protocol.dataset = Some(Dataset { default, named: Vec::new() });
    assert_eq!(ask(pool, by_protocol).await.unwrap(), "n\n1\n");
    let mut by_protocol = request(COUNT);
    let default = vec!["not an IRI".to_owned()];
    by_protocol.dataset = Some(Dataset { default, named: Vec::new() });
    assert_eq!(ask(pool, by_protocol).await, Err(QueryError::Iri("not an IRI".to_owned())));
}

#[tokio::test]
async fn a_refresh_shows_what_was_written_and_its_revision() {
    let Bench { graph, pool, .. } = &bench(options(PATIENT)).await;
    graph.replace(vec![named("g", []), named("h", numbers(5))], Revision(2)).unwrap();
    assert_eq!(pool.revision(), Revision(1));
    check(pool, COUNT, "n\n1000\n").await;
    assert_eq!(pool.refresh().await.unwrap(), Revision(2));
    let answer = pool.query(request(COUNT)).await.unwrap();
    assert_eq!(answer.revision, Revision(2));
    assert_eq!(answer.body.collect().await.unwrap(), b"n\r\n5\r\n");
}

#[tokio::test]
async fn queries_see_a_change_by_themselves_and_old_copies_go() {
    let quick = Options { quiet_milliseconds: 1, lag_milliseconds: 1, ..options(PATIENT) };
    let Bench { graph, pool, _directory: directory } = &bench(quick).await;
    graph.replace(vec![named("h", numbers(5))], Revision(2)).unwrap();
    while pool.revision() < Revision(2) {
        tokio::task::yield_now().await;
    }
    check(pool, "ASK { GRAPH <http://example.org/h> { ?s ?p 4 } }", "true").await;
    let copies = std::fs::read_dir(directory.path().join("checkpoints")).unwrap();
    assert_eq!(copies.count(), 1);
}

#[tokio::test]
async fn as_many_rows_as_allowed_are_given_and_one_more_is_refused() {
    let limits = Limits { max_rows: 1_000, held_back_bytes: 1_000_000, ..Limits::default() };
    let Bench { graph, pool, .. } = &bench(Options { limits, ..options(PATIENT) }).await;
    let rows = ask(pool, request("SELECT ?o { ?s ?p ?o }")).await.unwrap();
    assert_eq!(rows.lines().count(), 1_001);
    let lines = ask(pool, request("CONSTRUCT WHERE { ?s ?p ?o }")).await.unwrap();
    assert_eq!(lines.lines().count(), 1_000);
    graph.replace(vec![named("g", numbers(1_001))], Revision(2)).unwrap();
    pool.refresh().await.unwrap();
    for query in [
        "SELECT ?o { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "DESCRIBE <http://example.org/s>",
    ] {
        let refused = pool.query(request(query)).await.map(|_| ());
        assert_eq!(refused, Err(QueryError::TooManyRows { limit: 1_000 }), "{query}");
    }
}

#[tokio::test]
async fn an_answer_that_grows_too_long_after_its_beginning_breaks_off() {
    let limits = Limits { max_rows: 999, held_back_bytes: 100, ..Limits::default() };
    let Bench { pool, .. } = &bench(Options { limits, ..options(PATIENT) }).await;
    let mut json = request("SELECT ?o { ?s ?p ?o }");
    json.solutions = Some(SolutionsFormat::Json);
    let answer = pool.query(json).await.unwrap();
    let broken = answer.body.collect().await.unwrap_err();
    assert_eq!(broken.0, QueryError::TooManyRows { limit: 999 });
}

#[tokio::test]
async fn bytes_are_limited_as_rows_are() {
    let limits = Limits { max_bytes: 1_000, ..Limits::default() };
    let Bench { pool, .. } = &bench(Options { limits, ..options(PATIENT) }).await;
    let refused = ask(pool, request("SELECT ?o { ?s ?p ?o }")).await;
    assert_eq!(refused, Err(QueryError::TooManyBytes { limit: 1_000 }));
    check(pool, COUNT, "n\n1000\n").await;
}

#[tokio::test]
async fn only_so_many_things_are_described_at_once() {
    let limits = Limits { describe_subjects: 2, ..Limits::default() };
    let Bench { graph, pool, .. } = &bench(Options { limits, ..options(PATIENT) }).await;
    check(pool, "DESCRIBE ?s { ?s ?p 1 } LIMIT 0", "").await;
    assert!(ask(pool, request("DESCRIBE ?s { ?s ?p ?o }")).await.is_ok());
    let triple = |name| Triple::new(node(name), node("p"), node("o"));
    let more = NamedGraph { name: node("g"), triples: ["a", "b", "c"].map(triple).into() };
    graph.replace(vec![more], Revision(2)).unwrap();
    pool.refresh().await.unwrap();
    let refused = ask(pool, request("DESCRIBE ?s { ?s ?p ?o }")).await;
    assert_eq!(refused, Err(QueryError::TooManySubjects { limit: 2 }));
    assert!(ask(pool, request("DESCRIBE ?s { ?s ?p ?o } LIMIT 2")).await.is_ok());
}

#[tokio::test]
async fn what_is_refused_is_told_apart_and_costs_no_process() {
    let Bench { pool, .. } = &bench(options(PATIENT)).await;
    let service = ask(pool, request("SELECT * { SERVICE SILENT <http://127.0.0.1/> {} }")).await;
    assert_eq!(service, Err(QueryError::ServiceForbidden));
    let syntax = ask(pool, request("SELECT * {")).await;
    assert!(matches!(syntax, Err(QueryError::Syntax { .. })), "{syntax:?}");
    let deep = ask(pool, request(&"{".repeat(1_000))).await;
    assert!(matches!(deep, Err(QueryError::TooComplex(_))), "{deep:?}");
    let function = ask(pool, request("SELECT (<http://f>(1) AS ?x) {}")).await;
    assert!(matches!(function, Err(QueryError::Unsupported(_))), "{function:?}");
    let mut rows_only = request("CONSTRUCT WHERE { ?s ?p ?o }");
    rows_only.graph = None;
    assert_eq!(ask(pool, rows_only).await, Err(QueryError::NotAcceptable(Form::Graph)));
    check(pool, COUNT, "n\n1000\n").await;
    assert_eq!(pool.restarts(), 0);
}

#[tokio::test]
async fn processes_answer_unless_all_are_busy() {
    let few = Options { workers: 1, queue: 0, ..options(SHORT) };
    let Bench { pool, .. } = &bench(few).await;
    let (_, endless) = endless().remove(0);
    let (busy, answers) = tokio::join!(ask(pool, request(&endless)), pool.is_answering());
    assert!(busy.is_err() && !answers, "{busy:?}");
    assert!(pool.is_answering().await);
    // What was answered a moment ago needs no proof.
    let (_, answers) = tokio::join!(ask(pool, request(&endless)), pool.is_answering());
    assert!(answers);
}

#[tokio::test]
async fn a_query_without_end_is_killed_and_the_next_works() {
    let Bench { pool, .. } = &bench(options(SHORT)).await;
    for (name, query) in endless() {
        match ask(pool, request(&query)).await {
            Err(QueryError::Timeout { milliseconds: SHORT } | QueryError::Memory { .. }) => {}
            other => panic!("{name}: {other:?}"),
        }
        check(pool, "ASK {}", "true").await;
    }
    assert!(pool.restarts() > 0);
}

#[tokio::test]
async fn a_query_that_takes_all_memory_is_told_so_and_the_next_works() {
    let Bench { pool, .. } = &bench(options(PATIENT)).await;
    let doubling = |i| format!("BIND(CONCAT(?x{i}, ?x{i}) AS ?x{})", i + 1);
    let doublings = (0..30).map(doubling).collect::<Vec<_>>().concat();
    let doubling =
        format!("SELECT (STRLEN(?x30) AS ?n) {{ BIND('0123456789' AS ?x0) {doublings} }}");
    let replacing = format!(
        "SELECT (STRLEN({}'{}'{}) AS ?n) {{}}",
        "REPLACE(".repeat(8),
        "a".repeat(64),
        ", 'a', 'aaaaaaaaaaaaaaaa')".repeat(8)
    );
    for query in [doubling, replacing] {
        match ask(pool, request(&query)).await {
            Err(QueryError::Memory { bytes }) => assert_eq!(bytes, 512 * 1024 * 1024),
            other => panic!("{query}: {other:?}"),
        }
        check(pool, COUNT, "n\n1000\n").await;
    }
}

#[tokio::test]
async fn more_queries_than_may_wait_are_refused() {
    let few = Options { queue: 1, ..options(SHORT) };
    let Bench { pool, .. } = &bench(few).await;
    let (_, endless) = endless().remove(0);
    let asked = (0..3).map(|_| ask(pool, request(&endless)));
    let answers = futures_util::future::join_all(asked).await;
    let refused = |answer: &&Result<String, QueryError>| **answer == Err(QueryError::Overloaded);
    assert_eq!(answers.iter().filter(refused).count(), 1, "{answers:?}");
    assert_eq!(ask(pool, request("ASK {}")).await.as_deref(), Ok("true"));
}

#[tokio::test]
async fn a_client_that_goes_away_frees_the_process() {
    let limits = Limits { held_back_bytes: 1, max_rows: usize::MAX, ..Limits::default() };
    let Bench { pool, .. } = &bench(Options { limits, ..options(PATIENT) }).await;
    // Far more than a channel and a pipe hold.
    let rows = "SELECT * { ?a ?p ?x . ?b ?q ?y }";
    drop(pool.query(request(rows)).await.unwrap());
    check(pool, COUNT, "n\n1000\n").await;
}

#[tokio::test]
async fn a_program_that_is_no_worker_is_told_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let graph = Arc::new(Graph::in_memory().unwrap());
    // A file that can't be run, and a program that isn't there.
    for program in [env!("CARGO_MANIFEST_DIR"), "no-such-program"] {
        let options = Options { program: Some(PathBuf::from(program)), ..options(PATIENT) };
        let started = Pool::start(Arc::clone(&graph), directory.path(), options).await;
        assert!(started.is_err(), "{program}");
    }
}
