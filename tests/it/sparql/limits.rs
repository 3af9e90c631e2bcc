//! Rows of the contract of limits that need a network, or a heavy query, to be
//! tried: S2, S7 and S9.

use tokio::net::{TcpListener, TcpStream};

use super::http::{ask, check, check_problem, server};
use super::{PATIENT, SHORT, options};

const JSON: &str = "application/sparql-results+json";

/// A place on this machine which nobody is to call.
struct Canary(TcpListener);

impl Canary {
    async fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    fn address(&self) -> String {
        format!("http://{}/", self.0.local_addr().unwrap())
    }

    /// Fails when somebody has called: whoever calls now is the first.
    async fn check(self) {
        let own = TcpStream::connect(self.0.local_addr().unwrap()).await.unwrap();
        let (_, caller) = self.0.accept().await.unwrap();
        assert_eq!(caller, own.local_addr().unwrap(), "somebody had called before");
    }
}

#[tokio::test]
async fn no_query_and_no_update_calls_another_server() {
    let (server, canary) = (server(options(PATIENT)).await, Canary::new().await);
    let address = canary.address();
    for silent in ["", "SILENT "] {
        for query in [
            format!("SELECT * {{ SERVICE {silent}<{address}> {{ ?s ?p ?o }} }}"),
            format!("ASK {{ ?s ?p 5 OPTIONAL {{ SERVICE {silent}<{address}> {{}} }} }}"),
            format!("SELECT * {{ BIND(<{address}> AS ?a) SERVICE {silent}?a {{ ?s ?p ?o }} }}"),
            format!("CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE {silent}<{address}> {{ ?s ?p ?o }} }}"),
        ] {
            check_problem(&server.get(&ask(&query), "*/*").await, 403, "service-forbidden");
        }
        let load = format!("LOAD {silent}<{address}>");
        let answer = server.get(&ask(&load), "*/*").await;
        assert_eq!(answer.status, 403, "{answer:?}");
        let update = [("content-type", "application/sparql-update")];
        let answer = server.send("POST", "", &update, load.as_bytes()).await;
        assert_eq!(answer.status, 403, "{answer:?}");
    }
    // What is said to be a graph is one of ours or nothing.
    for query in [
        ask(&format!("ASK FROM <{address}> {{ ?s ?p ?o }}")),
        ask(&format!("ASK FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}")),
        ask("ASK FROM <file:///etc/passwd> { ?s ?p ?o }"),
        format!("{}&default-graph-uri={address}", ask("ASK { ?s ?p ?o }")),
        format!("{}&named-graph-uri={address}", ask("ASK { GRAPH ?g { ?s ?p ?o } }")),
    ] {
        let answer = server.get(&query, "*/*").await;
        check(&answer, 200, JSON);
        assert!(answer.body.contains("false"), "{query}: {answer:?}");
    }
    canary.check().await;
}

#[tokio::test]
async fn an_expression_that_would_go_back_for_ever_elsewhere_is_answered() {
    let server = server(options(PATIENT)).await;
    let long = "a".repeat(8_000);
    for pattern in ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*)*(.*)*(.*)*$^b", "^(([a-z])+.)+[A-Z]$"]
    {
        let query = format!("SELECT (REGEX(\"{long}!\", \"{pattern}\") AS ?is) {{}}");
        let answer = server.get(&ask(&query), "*/*").await;
        check(&answer, 200, JSON);
        assert!(answer.body.contains("\"false\""), "{pattern}: {answer:?}");
    }
    // One that is too large to be compiled is an error of the expression, which
    // leaves its variable without a value.
    let query = "SELECT (REGEX(\"a\", \"((((a{100}){100}){100}){100})\") AS ?is) {}";
    let answer = server.get(&ask(query), "*/*").await;
    check(&answer, 200, JSON);
    assert!(!answer.body.contains("\"is\":{"), "{answer:?}");
}

#[tokio::test]
async fn an_expression_that_is_new_in_each_of_too_many_rows_is_stopped_and_the_next_query_works() {
    let server = server(options(SHORT)).await;
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z \
                 FILTER(REGEX(STR(?x), CONCAT(\"(\", STR(?y), \"|\", STR(?z), \")+$\"))) }";
    check_problem(&server.get(&ask(query), "*/*").await, 503, "query-timeout");
    check(&server.get(&ask("ASK {}"), "*/*").await, 200, JSON);
}

#[tokio::test]
async fn what_is_as_large_as_is_allowed_is_answered() {
    let server = server(options(PATIENT)).await;
    let plain = [("content-type", "application/sparql-query")];
    let patterns: Vec<String> = (0..75).map(|n| format!("?s ?p{n} {n} . ")).collect();
    for (name, query) in [
        ("patterns", format!("ASK {{ {} }}", patterns.concat())),
        ("a list", format!("ASK {{ ({}) ?p ?o }}", "1 ".repeat(37))),
        ("a sequence", format!("ASK {{ ?s <p:a>{} ?o }}", "/<p:a>".repeat(62))),
        ("sums", format!("ASK {{ ?s ?p ?o FILTER(?o{} > 0) }}", "+1".repeat(300))),
        ("optionals", format!("ASK {{ {} }}", "OPTIONAL { ?s ?p 1 } ".repeat(32))),
        ("unions", format!("ASK {{ {{ ?s ?p 1 }} {} }}", "UNION { ?s ?p 2 } ".repeat(64))),
        ("path", format!("ASK {{ ?s <p:a>{} ?o }}", "|<p:a>".repeat(63))),
        ("rows", format!("SELECT ?x {{ VALUES ?x {{ {} }} }}", "1 ".repeat(1_000))),
    ] {
        let answer = server.send("POST", "", &plain, query.as_bytes()).await;
        assert_eq!((answer.status, answer.is_whole), (200, true), "{name}: {answer:?}");
    }
}
