//! Tests of [`refused_head`](super).

use super::*;

#[track_caller]
fn check(read: &str, written: &str, expected: Option<&str>) {
    let mut head = RefusedHead::new("https://kist.example".into());
    head.read(b"GET / HTTP/1.1\r\n");
    head.begin();
    head.read(read.as_bytes());
    let instead = head.instead_of(written.as_bytes());
    let instead = instead.map(|bytes| String::from_utf8(bytes).unwrap());
    assert_eq!(instead.is_some(), expected.is_some(), "{written}");
    let (Some(instead), Some(slug)) = (instead, expected) else { return };
    assert!(instead.contains(&format!("https://kist.example/problems/{slug}")), "{instead}");
    let (answer, body) = instead.split_once("\r\n\r\n").unwrap();
    assert!(answer.contains(&format!("content-length: {}\r\n", body.len())), "{instead}");
}

#[test]
fn what_refuses_a_head_gets_a_body() {
    let empty = "content-length: 0\r\ndate: today\r\n\r\n";
    check(
        "GET /\u{e0}",
        &format!("HTTP/1.1 400 Bad Request\r\n{empty}"),
        Some("malformed-request"),
    );
    let large = format!("HTTP/1.1 431 Request Header Fields Too Large\r\n{empty}");
    check("GET /aaaa", &large, Some("uri-too-long"));
    check("GET / HTTP/1.1\r\nA: b", &large, Some("headers-too-large"));
    check("GET /aaaa", &format!("HTTP/1.1 414 URI Too Long\r\n{empty}"), Some("uri-too-long"));
}

#[test]
fn answers_of_ours_go_out_as_they_are() {
    check("", "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nvary: Accept\r\n\r\n", None);
    check("", "HTTP/1.1 204 No Content\r\ndate: today\r\n\r\n", None);
    check("", "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}", None);
    check("", "ttttttt", None);
    check("", "", None);
}
