//! What is private is found by no query, whatever it says of its data set (S8).

use std::net::SocketAddr;

use tempfile::tempdir;
use url::form_urlencoded;

use crate::program::{Response, Server, get, request, run};

/// The graph in which the view of the journal remembers itself.
const PRIVATE: &str = "tag:kist.invalid,2026:view";

/// What a query says of its data set: clauses of its own, and parameters.
const DATASETS: [(&str, &[&str]); 5] = [
    ("", &[]),
    ("FROM <tag:kist.invalid,2026:view>", &[]),
    ("FROM NAMED <tag:kist.invalid,2026:view>", &[]),
    ("", &["default-graph-uri"]),
    ("", &["default-graph-uri", "named-graph-uri"]),
];

/// Ways to come upon ?s ?p ?o.
const PATTERNS: [&str; 8] = [
    "?s ?p ?o",
    "GRAPH ?g { ?s ?p ?o }",
    "GRAPH <tag:kist.invalid,2026:view> { ?s ?p ?o }",
    "{ SELECT * { GRAPH ?g { ?s ?p ?o } } }",
    "OPTIONAL { GRAPH ?g { ?s ?p ?o } }",
    "?s ?p ?o FILTER EXISTS { GRAPH ?g { ?s ?p ?o } }",
    "BIND(<tag:kist.invalid,2026:view> AS ?s) ?s ?p ?o",
    "VALUES ?g { <tag:kist.invalid,2026:view> } GRAPH ?g { ?s ?p ?o }",
];

fn ask(address: SocketAddr, query: &str, parameters: &[&str]) -> Response {
    let mut path = form_urlencoded::Serializer::for_suffix("/sparql?".to_owned(), "/sparql?".len());
    path.append_pair("query", query);
    for name in parameters {
        path.append_pair(name, PRIVATE);
    }
    get(address, &path.finish())
}

#[test]
fn no_query_finds_what_is_private() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &[]);
    let token = run("token create --label a-canary --scope write", data.path()).with(0).stdout;
    let bearer = format!("Bearer {}", token.trim());
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = r#"{"name": "A found group"}"#;
    let written = request(server.address(), "PUT", "/api/v1/organisations/o", &headers, body);
    assert_eq!(written.unwrap().status, 201);
    // Queries see a copy of some seconds ago; the one of a start is whole.
    assert_eq!(server.stop(), Some(0));
    let server = Server::start(data.path(), &[]);
    let secret = token.trim().rsplit('_').next().unwrap();
    let needles = ["a-canary", secret, PRIVATE, "kist.invalid"];
    for needle in needles.iter().chain(&["A found group"]) {
        for pattern in PATTERNS {
            for (clause, parameters) in DATASETS {
                let query = format!(
                    "SELECT ?s ?p ?o {clause} {{ {pattern} FILTER(CONTAINS(CONCAT(STR(?s), \" \", \
                     STR(?p), \" \", STR(?o)), \"{needle}\")) }} LIMIT 9"
                );
                let answer = ask(server.address(), &query, parameters);
                assert_eq!(answer.status, 200, "{query}: {answer:?}");
                let is_found = !answer.json()["results"]["bindings"].as_array().unwrap().is_empty();
                assert!(!is_found || *needle == "A found group", "{query}: {answer:?}");
            }
        }
    }
    // Who asks so finds what is there to be found.
    let found = ask(server.address(), "ASK { ?s ?p ?o FILTER(STR(?o) = \"A found group\") }", &[]);
    assert_eq!(found.json()["boolean"], true, "{found:?}");
}
