//! The endpoint over HTTP: formats, statuses, and bodies that break off.

use kist::graph::{Limits, Options};
use url::form_urlencoded;

use super::{PATIENT, Response, SHORT, Server, endless, named, numbers, options};

/// The query as the parameters of an address.
pub(super) fn ask(query: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    format!("?query={encoded}")
}

pub(super) async fn server(options: Options) -> Server {
    Server::start(&[named("g", numbers(1_000)), named("h", numbers(1))], options).await
}

#[track_caller]
pub(super) fn check(response: &Response, status: u16, media_type: &str) {
    assert_eq!(response.status, status, "{response:?}");
    assert_eq!(response.header("content-type"), Some(media_type), "{response:?}");
    assert!(response.is_whole, "{response:?}");
}

#[track_caller]
pub(super) fn check_problem(response: &Response, status: u16, slug: &str) {
    check(response, status, "application/problem+json");
    assert!(response.body.contains(&format!("/problems/{slug}\"")), "{response:?}");
}

#[tokio::test]
async fn a_query_in_chunks_without_sizes_is_malformed_and_not_slow() {
    let server = server(options(PATIENT)).await;
    let headers = [("content-type", "application/sparql-query"), ("transfer-encoding", "chunked")];
    let whole = server.send("POST", "", &headers, b"7\r\nASK { }\r\n0\r\n\r\n").await;
    assert_eq!(whole.status, 200, "{whole:?}");
    let broken = server.send("POST", "", &headers, b"zz\r\nASK { }\r\n0\r\n\r\n").await;
    check_problem(&broken, 400, "malformed-request");
}

#[tokio::test]
async fn every_format_is_served() {
    let server = server(options(PATIENT)).await;
    for (accept, media_type, part) in [
        ("*/*", "application/sparql-results+json", "\"value\":\"5\""),
        ("application/json", "application/sparql-results+json", "\"value\":\"5\""),
        ("application/sparql-results+xml", "application/sparql-results+xml", ">5</literal>"),
        ("text/csv", "text/csv; charset=utf-8", "o\r\n5\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "?o\n5\n"),
    ] {
        let rows = server.get(&ask("SELECT ?o { ?s ?p ?o FILTER(?o = 5) }"), accept).await;
        check(&rows, 200, media_type);
        assert!(rows.body.contains(part), "{rows:?}");
        assert_eq!(rows.header("x-dataset-head"), Some("7"));
        assert_eq!(rows.header("x-result-limit"), Some("10000"));
        let boolean = server.get(&ask("ASK { ?s ?p 5 }"), accept).await;
        check(&boolean, 200, media_type);
        assert!(boolean.body.contains("true"), "{boolean:?}");
    }
    for (accept, media_type) in [
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-quads", "application/n-quads"),
        ("application/trig", "application/trig"),
    ] {
        for query in ["CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?o = 5) }", "DESCRIBE <a:b>"] {
            check(&server.get(&ask(query), accept).await, 200, media_type);
        }
    }
    let pinned = server.get(&format!("{}&format=csv", ask("ASK {}")), "text/html").await;
    check(&pinned, 200, "text/csv; charset=utf-8");
}

#[tokio::test]
async fn what_is_refused_has_its_status() {
    let server = server(options(PATIENT)).await;
    for (query, accept, status, slug) in [
        ("SELECT", "*/*", 400, "sparql-syntax"),
        ("SELECT * { SERVICE SILENT <http://a/> {} }", "*/*", 403, "service-forbidden"),
        ("ASK {}", "text/turtle", 406, "not-acceptable"),
        ("DESCRIBE <a:b>", "text/csv", 406, "not-acceptable"),
        ("ASK {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{", "*/*", 400, "query-too-complex"),
    ] {
        check_problem(&server.get(&ask(query), accept).await, status, slug);
    }
    let long = format!("ASK {{}} #{}", "x".repeat(16 * 1024));
    let plain = [("content-type", "application/sparql-query")];
    for (body, length) in [(long, 0), ("x".repeat(1024 * 1024), 1)] {
        let response = server.send("POST", "", &plain, body.as_bytes()).await;
        assert_eq!(response.status, 413, "{length}: {response:?}");
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let update = server.send("POST", "", &form, b"update=CLEAR+ALL").await;
    check_problem(&update, 403, "forbidden");
    let text = server.send("POST", "", &[("content-type", "text/plain")], b"ASK {}").await;
    check_problem(&text, 415, "unsupported-media-type");
    for method in ["PUT", "DELETE", "PATCH"] {
        let response = server.send(method, "", &[], &[]).await;
        check_problem(&response, 405, "method-not-allowed");
        assert_eq!(response.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
    }
    assert_eq!(server.send("OPTIONS", "", &[], &[]).await.status, 204);
}

#[tokio::test]
async fn what_nests_or_chains_without_end_is_refused_and_the_next_query_works() {
    let server = server(options(PATIENT)).await;
    let plain = [("content-type", "application/sparql-query")];
    for (start, part, end) in [
        ("SELECT * {", "{", ""),
        ("ASK { FILTER ", "(", ""),
        ("ASK { FILTER (", "STR(", ""),
        ("SELECT * {", "{SELECT * {", ""),
        ("ASK {", "FILTER EXISTS {", ""),
        ("ASK { {} ", "UNION {} ", "}"),
        ("ASK { FILTER(1", "+1", ") }"),
        ("ASK { FILTER(", "!", "1) }"),
        ("ASK { ?s <p:a>", "/<p:a>", " ?o }"),
        ("ASK { ?s ", "(", ""),
        ("ASK { ?s ?p ", "[ ?p ", ""),
        ("ASK { ", "<<", ""),
        ("ASK {", "OPTIONAL {} ", "}"),
        ("ASK { VALUES (?a ?b) {", "(1 1)", "} }"),
        ("ASK {", "?s ?p ?o.", "}"),
    ] {
        for count in [1_001, 10_000, 100_000] {
            let query = format!("{start}{}{end}", part.repeat(count));
            let answer = server.send("POST", "", &plain, query.as_bytes()).await;
            let status = answer.status;
            assert!([400, 413].contains(&status), "{count} of {part}: {answer:?}");
        }
        let next = server.get(&ask("ASK { ?s ?p 5 }"), "*/*").await;
        assert_eq!(next.status, 200, "after {part}: {next:?}");
    }
}

#[tokio::test]
async fn no_way_of_asking_for_an_update_is_open() {
    let server = server(options(PATIENT)).await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    let update = ("content-type", "application/sparql-update");
    let query = ("content-type", "application/sparql-query");
    for (method, parameters, header, body) in [
        ("GET", "?update=CLEAR+ALL", None, ""),
        ("GET", "?query=CLEAR+ALL", None, ""),
        ("POST", "", Some(form), "update=CLEAR+ALL"),
        ("POST", "?update=CLEAR+ALL", Some(form), "query=ASK+%7B%7D"),
        ("POST", "?update=CLEAR+ALL", Some(query), "ASK {}"),
        ("POST", "", Some(update), "CLEAR ALL"),
        ("POST", "", Some(query), "CLEAR ALL"),
        ("POST", "", Some(query), "LOAD SILENT <http://127.0.0.1/>"),
        ("POST", "", Some(query), "ASK {} ; DROP ALL"),
        ("PUT", "", Some(update), "CLEAR ALL"),
        ("DELETE", "?graph=g", None, ""),
    ] {
        let headers: Vec<_> = header.into_iter().collect();
        let answer = server.send(method, parameters, &headers, body.as_bytes()).await;
        assert!((400..500).contains(&answer.status), "{method} {parameters} {body}: {answer:?}");
    }
    let rows = server.get(&ask("ASK { ?s ?p 5 }"), "*/*").await;
    assert!(rows.body.contains("true"), "{rows:?}");
}

#[tokio::test]
async fn as_many_rows_as_allowed_come_whole_and_one_more_breaks_off() {
    let limits = Limits { max_rows: 1_000, held_back_bytes: 1_000, ..Limits::default() };
    let server = server(Options { limits, ..options(PATIENT) }).await;
    let rows = "SELECT ?o { GRAPH <http://example.org/g> { ?s ?p ?o } }";
    let whole = server.get(&ask(rows), "*/*").await;
    check(&whole, 200, "application/sparql-results+json");
    let json: serde_json::Value = serde_json::from_str(&whole.body).unwrap();
    assert_eq!(json["results"]["bindings"].as_array().map(Vec::len), Some(1_000));
    let more = "SELECT ?o { GRAPH ?g { ?s ?p ?o } }";
    let broken = server.get(&ask(more), "*/*").await;
    assert_eq!(broken.status, 200);
    assert!(!broken.is_whole);
    assert!(serde_json::from_str::<serde_json::Value>(&broken.body).is_err());
}

#[tokio::test]
async fn a_result_that_is_known_to_be_too_large_is_a_problem() {
    let limits = Limits { max_rows: 1_000, held_back_bytes: 1_000_000, ..Limits::default() };
    let server = server(Options { limits, ..options(PATIENT) }).await;
    let refused = server.get(&ask("SELECT ?o { GRAPH ?g { ?s ?p ?o } }"), "*/*").await;
    check_problem(&refused, 413, "result-too-large");
}

#[tokio::test]
async fn a_query_without_end_is_a_problem_that_says_when_to_come_back() {
    let server = server(options(SHORT)).await;
    let (_, query) = endless().remove(0);
    let stopped = server.get(&ask(&query), "*/*").await;
    check_problem(&stopped, 503, "query-timeout");
    assert!(stopped.header("retry-after").is_some());
    check(&server.get(&ask("ASK {}"), "*/*").await, 200, "application/sparql-results+json");
}

#[tokio::test]
async fn an_answer_that_outlasts_its_time_breaks_off() {
    let limits = Limits { max_rows: usize::MAX, held_back_bytes: 1, ..Limits::default() };
    let server = server(Options { limits, ..options(SHORT) }).await;
    let endless = "SELECT ?x { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z FILTER(?y + ?z < 0 || ?x = 0) }";
    let broken = server.get(&ask(endless), "*/*").await;
    assert_eq!(broken.status, 200, "{broken:?}");
    assert!(!broken.is_whole);
}

#[tokio::test]
async fn without_a_query_the_endpoint_shows_a_form_or_describes_itself() {
    let server = server(options(PATIENT)).await;
    let browser = server.get("", "text/html,application/xml;q=0.9,*/*;q=0.8").await;
    check(&browser, 200, "text/html; charset=utf-8");
    assert!(browser.body.contains("<textarea"));
    check(&server.get("", "*/*").await, 200, "text/turtle; charset=utf-8");
    check_problem(&server.get("", "text/csv").await, 406, "not-acceptable");
}

#[tokio::test]
async fn people_see_the_answer_and_go_on_with_a_question_that_was_wrong() {
    const BROWSER: &str = "text/html,application/xml;q=0.9,*/*;q=0.8";
    let server = server(options(PATIENT)).await;
    for (query, expected) in [
        ("SELECT (5 AS ?five) {}", "?five\n5\n"),
        ("CONSTRUCT { <a:b> <a:c> 5 } {}", "\n<a:b> <a:c> 5 .\n"),
    ] {
        let path = format!("{}&format=text", ask(query));
        let answer = server.get(&path, BROWSER).await;
        check(&answer, 200, "text/plain; charset=utf-8");
        assert!(answer.body.ends_with(expected), "{answer:?}");
        let program = server.get(&path, "*/*").await;
        assert_ne!(program.header("content-type"), answer.header("content-type"), "{program:?}");
    }
    // Rows are a table in the page, from which one goes on.
    let rows = server.get(&ask("SELECT ?s ?none { ?s ?p 5 }"), BROWSER).await;
    check(&rows, 200, "text/html; charset=utf-8");
    assert!(rows.body.contains(">none</th>") && rows.body.contains("1 row<"), "{}", rows.body);
    assert!(rows.body.contains("SELECT ?s ?none { ?s ?p 5 }</textarea>"), "{}", rows.body);
    assert!(rows.body.contains("&#38;format=csv\""), "{}", rows.body);
    let yes = server.get(&format!("{}&format=html&lang=gd", ask("ASK {}")), BROWSER).await;
    assert!(yes.body.contains(">Yes</p>"), "{}", yes.body);
    assert!(yes.body.contains("name=\"lang\" value=\"gd\""), "{}", yes.body);
    let triples = server.get(&ask("CONSTRUCT { <a:b> <a:c> 5 } {}"), BROWSER).await;
    check(&triples, 200, "text/plain; charset=utf-8");
    let wrong = server.get(&ask("SELECT * { ?a <& "), BROWSER).await;
    check(&wrong, 400, "text/html; charset=utf-8");
    assert!(wrong.body.contains("SELECT * { ?a &#60;&#38; </textarea>"), "{}", wrong.body);
    assert!(wrong.body.contains("role=\"alert\""), "{}", wrong.body);
    assert!(!wrong.body.contains("u{"), "the parser's grammar is for nobody: {}", wrong.body);
}
