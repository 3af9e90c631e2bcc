//! The log of the real program under hostile requests.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::program::{Server, get};

/// Sends bytes as they are and reads until the connection is closed.
fn send(server: &Server, bytes: &[u8]) {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(bytes).unwrap();
    // The server may close before it has read all.
    drop(stream.read_to_end(&mut Vec::new()));
}

#[test]
fn the_register_goes_on_when_nobody_reads_its_log() {
    let nowhere = tempfile::tempdir().unwrap();
    let (server, log) = Server::start_with_log(nowhere.path(), &["--memory"], &[]);
    drop(log);
    for _ in 0..20 {
        assert_eq!(get(server.address(), "/healthz").status, 200);
    }
}

#[test]
fn a_slow_query_is_noted_by_its_hash_and_its_text_is_for_who_looks_for_it() {
    let nowhere = tempfile::tempdir().unwrap();
    let settings = [
        ("KIST_SPARQL__TIMEOUT_MILLISECONDS", "1000"),
        ("KIST_LOG__FILTER", "info,kist::web::sparql=debug"),
    ];
    let more = ["--memory", "--seed"];
    let (server, log) = Server::start_with_log(nowhere.path(), &more, &settings);
    let mut hashes = Vec::new();
    for space in ["%20", "%20%0A%20"] {
        let query = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }";
        let query = query.replace(' ', space).replace('?', "%3F");
        assert_eq!(get(server.address(), &format!("/sparql?query={query}")).status, 503);
        let told = log.find(&["a query was slow"]);
        assert_eq!(
            (told["level"].as_str(), told["outcome"].as_str()),
            (Some("INFO"), Some("timeout"))
        );
        assert!(told.get("text").is_none(), "{told}");
        let text = log.find(&["the text of a slow query"]);
        assert_eq!((text["level"].as_str(), &text["query"]), (Some("DEBUG"), &told["query"]));
        assert!(text["text"].as_str().unwrap().contains("?a ?p ?x . ?b"), "{text}");
        hashes.push(told["query"].clone());
    }
    assert_eq!(hashes[0], hashes[1]);
}

#[test]
fn each_event_is_one_line_of_json_without_a_word_of_the_client() {
    let nowhere = tempfile::tempdir().unwrap();
    let settings = [("KIST_LOG__FILTER", "debug")];
    let (server, log) = Server::start_with_log(nowhere.path(), &["--memory", "--seed"], &settings);
    let requests: &[&[u8]] = &[
        b"GET /secret-path?near=EH6%208RG HTTP/1.0\r\nuser-agent: secret-agent\r\n\r\n",
        b"GET /a%0d%0aERROR%20secret HTTP/1.0\r\n\r\n",
        b"GET /api/v1/search?near=EH6+8RG&q=secret%1b%5b2J HTTP/1.0\r\n\r\n",
        b"GET /\x1b[2Jsecret HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.0\r\nuser-agent: a\x1b[31msecret\r\n\r\n",
        b"GET / HTTP/1.0\r\nuser-agent: a\rERROR secret\r\n\r\n",
        b"GET / HTTP/1.0\r\nuser-agent: a\xff\x9b31msecret\r\nx-forwarded-for: 192.0.2.77\r\n\r\n",
        b"SECRETSECRET / HTTP/1.0\r\n\r\n",
        b"GET /websub/secret?hub.topic=secret HTTP/1.0\r\n\r\n",
        b"GET /sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22secret%22%20%7D HTTP/1.0\r\n\r\n",
    ];
    for request in requests {
        send(&server, request);
    }
    get(server.address(), "/healthz");
    assert_eq!(server.stop(), Some(0));
    let lines = log.rest();
    let answered = lines.iter().filter(|line| line.contains("\"answered\"")).count();
    assert!(answered > requests.len() / 2, "{lines:#?}");
    for line in &lines {
        let object: Result<Value, _> = serde_json::from_str(line);
        assert!(object.is_ok_and(|object| object.is_object()), "{line}");
        assert!(!line.contains(char::is_control), "{line:?}");
        for word in ["secret", "EH6", "192.0.2"] {
            assert!(!line.contains(word), "{line}");
        }
    }
}
