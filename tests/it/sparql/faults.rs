//! Queries of the table of faults that are taken: what they may cost, and that
//! none leads out of the register.

use std::io::ErrorKind;
use std::net::TcpListener;

use super::http::{ask, check, check_problem, server};
use super::{PATIENT, SHORT, options};

const JSON: &str = "application/sparql-results+json";

/// A part for each number, one after the other.
fn numbered(n: usize, part: impl Fn(usize) -> String) -> String {
    (0..n).map(part).collect()
}

#[tokio::test]
async fn s2_what_is_just_within_the_limits_is_answered() {
    let server = server(options(PATIENT)).await;
    for (name, query) in [
        ("patterns", format!("ASK {{ {} }}", "?s ?p ?o . ".repeat(75))),
        ("a chain", format!("ASK {{ {} }}", numbered(75, |n| format!("?x{n} ?p ?x{} . ", n + 1)))),
        ("a list", format!("ASK {{ ({}) ?p ?o }}", "1 ".repeat(37))),
        ("a sequence", format!("ASK {{ ?s <p:a>{} ?o }}", "/<p:a>".repeat(62))),
        ("alternatives", format!("ASK {{ ?s (<p:a>{})+ ?o }}", "|<p:a>".repeat(62))),
        (
            "optionals",
            format!("ASK {{ {} }}", numbered(32, |n| format!("OPTIONAL {{ ?s <p:{n}> ?o{n} }} "))),
        ),
        (
            "unions",
            format!("ASK {{ {{}} {} }}", numbered(64, |n| format!("UNION {{ ?s <p:{n}> ?o }} "))),
        ),
        ("rows", format!("ASK {{ VALUES ?o {{ {} }} ?s ?p ?o }}", "5 ".repeat(1_000))),
        ("sums", format!("ASK {{ ?s ?p ?o FILTER(?o{} > 0) }}", "+1".repeat(300))),
    ] {
        let answer = server.get(&ask(&query), "*/*").await;
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
        check(&answer, 200, JSON);
    }
}

#[tokio::test]
async fn s7_no_query_calls_another_server() {
    let server = server(options(PATIENT)).await;
    let canary = TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let there = format!("<http://{}/data.ttl>", canary.local_addr().unwrap());
    let graph = there.trim_matches(['<', '>']).replace(':', "%3A").replace('/', "%2F");
    for (query, status) in [
        (format!("SELECT * {{ SERVICE {there} {{ ?s ?p ?o }} }}"), 403),
        (format!("SELECT * {{ SERVICE SILENT {there} {{ ?s ?p ?o }} }}"), 403),
        (format!("ASK {{ VALUES ?u {{ {there} }} SERVICE SILENT ?u {{ ?s ?p ?o }} }}"), 403),
        (format!("LOAD {there}"), 403),
        (format!("LOAD SILENT {there} INTO GRAPH <a:b>"), 403),
        (format!("SELECT * FROM {there} {{ ?s ?p ?o }}"), 200),
        (format!("SELECT * FROM NAMED {there} {{ GRAPH {there} {{ ?s ?p ?o }} }}"), 200),
        (format!("SELECT * {{ GRAPH {there} {{ ?s ?p ?o }} }}"), 200),
        (format!("DESCRIBE {there}"), 200),
        (format!("ASK {{ BIND({there}(1) AS ?x) }}"), 400),
        (format!("BASE {there} PREFIX a: {there} ASK FROM <> {{ a:b a:c <d> }}"), 200),
    ] {
        let answer = server.get(&ask(&query), "*/*").await;
        assert_eq!(answer.status, status, "{query}: {answer:?}");
        assert!(!answer.body.contains("\"bindings\":[{"), "{query}: {answer:?}");
    }
    for name in ["default-graph-uri", "named-graph-uri"] {
        let parameters = format!("{}&{name}={graph}", ask("SELECT * { ?s ?p ?o }"));
        check(&server.get(&parameters, "*/*").await, 200, JSON);
    }
    let called = canary.accept().map_err(|error| error.kind());
    assert_eq!(called.err(), Some(ErrorKind::WouldBlock), "a query called a server");
}

#[tokio::test]
async fn s9_a_regular_expression_ends_or_is_stopped() {
    // None that looks back: so long a text takes as long as it is.
    let patient = server(options(PATIENT)).await;
    let text = "a".repeat(5_000);
    for (pattern, is_found) in [
        ("^(a+)+$", true),
        ("^(a+)+b$", false),
        ("^(a|a)*b$", false),
        ("(.*)*(.*)*(.*)*b", false),
        // What would be as large as the memory is no expression.
        ("((a{1000}){1000}){1000}", false),
        (r"(a)\\1", false),
    ] {
        let query = format!("ASK {{ FILTER(REGEX(\"{text}\", \"{pattern}\")) }}");
        let answer = patient.get(&ask(&query), "*/*").await;
        check(&answer, 200, JSON);
        assert!(answer.body.contains(&format!("\"boolean\":{is_found}")), "{pattern}: {answer:?}");
    }
    // One that is another in each of a thousand million rows.
    let short = server(options(SHORT)).await;
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z \
        FILTER(REGEX(CONCAT(STR(?x), STR(?y)), CONCAT('^(', STR(?z), '|.)*$'), 'i')) }";
    let stopped = short.get(&ask(query), "*/*").await;
    check_problem(&stopped, 503, "query-timeout");
    check(&short.get(&ask("ASK {}"), "*/*").await, 200, JSON);
}
