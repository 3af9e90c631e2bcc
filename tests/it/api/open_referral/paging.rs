//! Pages, and answers without pages.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{ROOT, list, rich};
use crate::api::server::TestServer;

/// All rows of a list, page by page, with the envelope of each page checked.
async fn walk(server: &TestServer, path: &str, per_page: usize) -> Vec<Json> {
    let mut rows = Vec::new();
    for number in 1.. {
        let page =
            list(server, &format!("{path}per_page={per_page}&perPage=7&page={number}")).await;
        let contents = page["contents"].as_array().unwrap();
        let total = page["total_items"].as_u64().unwrap();
        let pages = total.div_ceil(per_page as u64).max(1);
        let expected = serde_json::json!({
            "total_items": total, "total_pages": pages, "page_number": number,
            "size": contents.len(), "first_page": number == 1, "last_page": number == pages,
            "empty": contents.is_empty(), "contents": contents,
        });
        assert_eq!(page, expected);
        rows.extend(contents.iter().cloned());
        if number == pages {
            assert_eq!(rows.len() as u64, total);
            return rows;
        }
        assert_eq!(contents.len(), per_page);
    }
    rows
}

#[tokio::test]
async fn every_row_is_on_one_page_and_in_the_stream() {
    let server = TestServer::seeded();
    for (path, per_page) in [
        ("/services", 400),
        ("/service_at_locations", 450),
        ("/organizations", 60),
        ("/taxonomies", 3),
        ("/taxonomy_terms", 90),
        ("/service_at_locations?latitude=55.95&longitude=-3.2&radius=20000&", 20),
    ] {
        let asked = if path.ends_with('&') { path.to_owned() } else { format!("{path}?") };
        let rows = walk(&server, &asked, per_page).await;
        let ids: BTreeSet<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), rows.len(), "{path}: a row comes twice");
        let stream = server.get(&format!("{ROOT}{asked}format=ndjson")).await;
        assert_eq!(stream.headers["content-type"], "application/x-ndjson");
        let lines: Vec<Json> = std::str::from_utf8(&stream.body)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines, rows, "{path}");
    }
}

#[tokio::test]
async fn a_page_after_the_last_is_empty_and_a_very_large_one_is_cut() {
    let server = TestServer::seeded();
    let page = list(&server, "/services?page=1000000&per_page=50").await;
    assert_eq!((page["size"].as_u64(), page["empty"].as_bool()), (Some(0), Some(true)));
    let page = list(&server, "/services?per_page=1000000").await;
    assert_eq!(page["size"], 1_000);
    let page = list(&server, "/services?perPage=3").await;
    assert_eq!(page["size"], 3);
    let page = list(&server, "/services?full=true&per_page=500").await;
    assert_eq!(page["size"], 100);
    let page = list(&server, "/services?minimal=true").await;
    assert_eq!((&page["total_pages"], &page["size"]), (&1.into(), &page["total_items"]));
}

#[tokio::test]
async fn an_answer_is_not_sent_again_to_whoever_has_it() {
    let server = rich();
    let path = format!("{ROOT}/services?per_page=2");
    let first = server.get(&path).await;
    let tag = first.headers["etag"].to_str().unwrap();
    assert_eq!(server.get_with(&path, "if-none-match", tag).await.status, 304);
    assert_eq!(first.headers["access-control-allow-origin"], "*");
}
