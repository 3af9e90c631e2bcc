//! Who shows lists: what the log of the real program has of it, and the lines
//! of the documents that count it.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::program::{Server, request};

/// What the recipe in `docs/operate.md` for `field` says of a log.
fn counted(log: &str, field: &str) -> String {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operate.md"));
    let docs = docs.unwrap();
    let named = format!("'\"{field}\"");
    let mut lines = docs.lines().filter(|line| line.starts_with("journalctl"));
    let line = lines.find(|line| line.contains(&named)).unwrap();
    let (log_of, recipe) = line.split_once(" | ").unwrap();
    assert!(log_of.contains("--since \"30 days ago\""), "{log_of}");
    let mut shell = Command::new("sh");
    shell.args(["-c", recipe]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut shell = shell.spawn().unwrap();
    shell.stdin.take().unwrap().write_all(log.as_bytes()).unwrap();
    String::from_utf8(shell.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn lists_are_counted_by_origin_and_code_from_ten_requests_on_and_by_nothing_else() {
    let nowhere = tempfile::tempdir().unwrap();
    let (server, log) = Server::start_with_log(nowhere.path(), &["--memory", "--seed"], &[]);
    let ask = |path: &str, referer: &str| {
        let headers = [("referer", referer), ("x-forwarded-for", "192.0.2.77")];
        let answer = request(server.address(), "GET", path, &headers, "").unwrap();
        assert_eq!(answer.status, 200, "{path}");
    };
    for path in ["/near/EH6.geojson?ref=leith-1", "/near/EH6.fragment.html?ref=ann%40leith.example"]
    {
        for _ in 0..5 {
            ask(path, "https://often.example/secret?q=secret");
        }
    }
    for _ in 0..5 {
        ask("/lists/all.geojson?ref=leith-1", "https://rare.example/secret");
        ask("/embed/v1/near/EH6", "https://framing.example/secret");
        ask("/oembed?url=http%3A%2F%2Fkist.test%2Flists%2Fall", "https://framing.example/");
    }
    for _ in 0..10 {
        ask("/lists/all", "http://kist.test/search?q=secret");
        ask("/search?near=EH6", "https://elsewhere.example/secret");
    }
    assert_eq!(server.stop(), Some(0));
    let log = log.rest().join("\n");
    let lines = |field: &str| {
        let counted = counted(&log, field);
        counted.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        lines("origin"),
        ["10 \"origin\":\"https://framing.example\"", "10 \"origin\":\"https://often.example\""]
    );
    assert_eq!(lines("ref"), ["10 \"ref\":\"leith-1\""]);
    for word in ["secret", "leith.example", "192.0.2", "elsewhere", "EH6"] {
        assert!(!log.contains(word), "{word}");
    }
}
