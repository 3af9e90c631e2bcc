//! The official files, loaded and fetched.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread;

use tempfile::tempdir;

use crate::program::{Server, get, request, run, run_with};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gazetteer").join(name)
}

/// An imitation of the downloads service that answers two requests: for the
/// list, and for the file.
fn imitation(file: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let size = file.len();
    let list = format!(
        r#"[{{"size": {size}, "url": "http://{address}/file", "format": "CSV", "area": "GB", "fileName": "codepo_gb.csv"}}]"#
    );
    thread::spawn(move || {
        for body in [list.into_bytes(), file] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    format!("http://{address}/v1/")
}

#[test]
fn postcodes_are_fetched_and_found() {
    let data = tempdir().unwrap();
    assert!(run("gazetteer show", data.path()).with(0).stdout.starts_with("postcodes: 0\n"));
    let url = imitation(std::fs::read(fixture("code_point_open.csv")).unwrap());
    let fetched = run_with("gazetteer fetch --url", &[url], data.path()).with(0);
    assert!(fetched.stdout.starts_with("Code-Point Open: "), "{fetched:?}");
    assert!(!run("gazetteer show", data.path()).with(0).stdout.starts_with("postcodes: 0\n"));
    let left = std::fs::read_dir(data.path().join("downloads")).unwrap().count();
    assert_eq!(left, 0, "the download is removed");
}

#[test]
fn a_postcode_that_is_not_used_any_more_is_told_with_its_day_and_one_of_elsewhere_too() {
    let data = tempdir().unwrap();
    run_with("gazetteer load", &[fixture("onspd_2025.csv")], data.path()).with(0);
    let server = Server::start(data.path(), &[]);
    let page = |path: &str| {
        let answer = request(server.address(), "GET", path, &[("accept", "text/html")], "");
        answer.unwrap().body
    };
    for (path, said) in [
        ("/search?near=EH6+8RH", "EH6 8RH has not been in use since 1 June 1996."),
        ("/near/EH6%208RH", "EH6 8RH has not been in use since 1 June 1996."),
        ("/near/EH6%208RH?lang=gd", "bho 1mh dhen Ògmhios 1996."),
        ("/near/SW1A%202AA", "SW1A 2AA is outside the area of this register"),
        ("/search?near=48.85,2.35", "is outside the area of this register"),
    ] {
        let page = page(path);
        assert!(page.contains(said), "{path}: {page}");
    }
    for path in ["/near/EH6%208RH.json", "/api/v1/assets?near=EH6+8RH"] {
        let list = get(server.address(), path).json();
        assert_eq!(list["near"]["terminated"], "1996-06-01", "{path}");
    }
}

#[test]
fn a_service_that_is_not_there_is_told() {
    let data = tempdir().unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ended = run_with("gazetteer fetch --url", &[format!("http://{gone}/")], data.path());
    assert!(ended.with(1).stderr.contains("downloads service"));
}

#[test]
fn boundaries_that_are_loaded_sort_the_records_that_are_there() {
    let data = tempdir().unwrap();
    let loaded = run_with("gazetteer load", &[fixture("wards.geojson")], data.path()).with(0);
    assert!(loaded.stdout.starts_with("GeoJSON boundaries: "), "{loaded:?}");
    run("check", data.path()).with(0);
    let shown = run("gazetteer show", data.path()).with(0).stdout;
    assert!(shown.contains("areas, ward: "), "{shown}");
    let server = Server::start(data.path(), &[]);
    assert_eq!(get(server.address(), "/readyz").status, 200);
}

#[test]
fn a_file_of_another_sort_is_refused() {
    let data = tempdir().unwrap();
    let ended = run_with("gazetteer load", &[fixture("README.md")], data.path()).with(1);
    assert!(ended.stderr.contains("none of the files that can be loaded"), "{ended:?}");
}
