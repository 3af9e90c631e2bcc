//! The graph's queries in real processes, and the endpoint over HTTP.

mod http;
mod limits;
mod pool;
mod protocol;

use std::path::PathBuf;
use std::sync::Arc;

use kist::graph::{Graph, NamedGraph, Options, Pool};
use kist::model::Revision;
use kist::web::admission::{self, Permits};
use kist::web::sparql::{self, Endpoint};
use oxigraph::model::{Literal, NamedNode, Term, Triple};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Long enough that what should be answered is, on a busy machine.
pub(crate) const PATIENT: u64 = 60_000;

/// Short, for what never ends.
pub(crate) const SHORT: u64 = 300;

pub(crate) fn options(timeout_milliseconds: u64) -> Options {
    Options {
        workers: 1,
        timeout_milliseconds,
        queue_wait_milliseconds: PATIENT,
        // No copy is made behind a test's back.
        quiet_milliseconds: PATIENT,
        lag_milliseconds: PATIENT,
        worker_memory_bytes: 512 * 1024 * 1024,
        program: Some(PathBuf::from(env!("CARGO_BIN_EXE_kist"))),
        ..Options::default()
    }
}

pub(crate) fn node(name: &str) -> NamedNode {
    NamedNode::new(format!("http://example.org/{name}")).unwrap()
}

pub(crate) fn named(name: &str, objects: impl IntoIterator<Item = Term>) -> NamedGraph {
    let triple = |object| Triple::new(node("s"), node("p"), object);
    NamedGraph { name: node(name), triples: objects.into_iter().map(triple).collect() }
}

pub(crate) fn numbers(count: i64) -> impl Iterator<Item = Term> {
    (0..count).map(|number| Literal::from(number).into())
}

/// Queries that the engine can't be asked to stop.
pub(crate) fn endless() -> Vec<(&'static str, String)> {
    let fifty = "1 ".repeat(50);
    let rows = |i| format!("VALUES ?x{i} {{ {fifty} }}");
    let values = (0..5).map(rows).collect::<Vec<_>>().concat();
    let cross = "?a ?p ?x . ?b ?q ?y . ?c ?r ?z";
    vec![
        ("values", format!("SELECT (COUNT(*) AS ?n) {{ {values} }}")),
        ("cartesian order", format!("SELECT * {{ {cross} }} ORDER BY ?x ?y ?z")),
        ("cartesian count", format!("SELECT (COUNT(*) AS ?n) {{ {cross} }}")),
        ("cartesian distinct", format!("SELECT DISTINCT ?p {{ {cross} }}")),
        ("random groups", format!("SELECT ?g {{ {cross} }} GROUP BY (RAND() AS ?g)")),
        ("filter", format!("ASK {{ {cross} FILTER(?x + ?y + ?z < 0) }}")),
    ]
}

/// The endpoint on a free port of this machine, over a graph of its own.
pub(crate) struct Server {
    address: String,
    serving: tokio::task::JoinHandle<()>,
    _directory: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A response as it came over the wire.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// Whether the body came to its own end and not just to that of the
    /// connection.
    pub(crate) is_whole: bool,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let row = self.headers.iter().find(|(known, _)| known == name);
        row.map(|(_, value)| value.as_str())
    }
}

impl Server {
    pub(crate) async fn start(graphs: &[NamedGraph], options: Options) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let graph = Arc::new(Graph::in_memory().unwrap());
        graph.replace(graphs.to_vec(), Revision(7)).unwrap();
        let pool = Pool::start(graph, directory.path(), options).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let permits = Permits::new(&admission::Options::default());
        let endpoint = Endpoint::new(pool, format!("http://{address}/sparql"), permits);
        let router: axum::Router = sparql::router(endpoint);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, serving, _directory: directory }
    }

    pub(crate) async fn get(&self, parameters: &str, accept: &str) -> Response {
        self.send("GET", parameters, &[("accept", accept)], &[]).await
    }

    /// Sends a request and reads all of the response, byte by byte as it is.
    pub(crate) async fn send(
        &self,
        method: &str,
        parameters: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let mut head = format!("{method} /sparql{parameters} HTTP/1.1\r\n");
        let length = body.len().to_string();
        let own =
            [("host", self.address.as_str()), ("connection", "close"), ("content-length", &length)];
        let line = |(name, value): &(&str, &str)| format!("{name}: {value}\r\n");
        let is_chunked = headers.iter().any(|(name, _)| *name == "transfer-encoding");
        let own = if is_chunked { &own[..2] } else { &own };
        head.extend(own.iter().chain(headers).map(line));
        head.push_str("\r\n");
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        // The server may refuse a body before it has read it.
        let _ = stream.write_all(body).await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        parse(&bytes)
    }
}

fn parse(bytes: &[u8]) -> Response {
    let end = bytes.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_ascii_lowercase(), value.trim().to_owned())
    };
    let headers: Vec<(String, String)> = lines.map(header).collect();
    let rest = &bytes[end + 4..];
    let is_chunked =
        headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let (body, is_whole) = if is_chunked { join_chunks(rest) } else { (rest.to_vec(), true) };
    Response { status, headers, body: String::from_utf8(body).unwrap(), is_whole }
}

fn join_chunks(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|part| part == b"\r\n") {
        let length = std::str::from_utf8(&rest[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        let chunk = &rest[end + 2..];
        if length == 0 {
            return (body, true);
        }
        if chunk.len() < length + 2 {
            body.extend_from_slice(&chunk[..length.min(chunk.len())]);
            break;
        }
        body.extend_from_slice(&chunk[..length]);
        rest = &chunk[length + 2..];
    }
    (body, false)
}
