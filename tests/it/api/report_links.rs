//! The report of links, as editors and partners ask for it.

use jiff::Timestamp;
use kist::journal::Durability;
use kist::register::ledger::{Citation, CitedAt, Link, LinkInState, LinkState, Row as _};

use super::server::{TestServer, now};

const REPORT: &str = "/api/v1/reports/links";

fn server() -> TestServer {
    let server = TestServer::empty();
    let links = [
        ("https://a.scot/walks", LinkState::Dead, "resource/1"),
        ("https://a.scot/talks", LinkState::Alive, "resource/1"),
        ("https://b.scot/", LinkState::Dead, "asset/2"),
    ];
    let mut notes = Vec::new();
    for (url, state, record) in links {
        let (key, at): (_, Timestamp) = (Link::key(url), now());
        let link = Link {
            state,
            checked: Some(at),
            reason: Some("=not found".to_owned()),
            ..Link::new(url, at, at)
        };
        let cited = CitedAt { pointer: "/url".to_owned(), source: "feed".to_owned() };
        notes.push(link.put(key.clone()));
        notes.push(LinkInState.put(LinkInState::key(state, &key)));
        notes.push(Citation { at: vec![cited] }.put(Citation::key(&key, &record.parse().unwrap())));
    }
    server.register.ledger().write(&notes, Durability::Relaxed).unwrap();
    server
}

async fn urls(server: &TestServer, query: &str) -> Vec<String> {
    let page = server.json(&format!("{REPORT}?{query}")).await;
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["url"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn links_are_listed_by_state_host_and_kind() {
    let server = server();
    assert_eq!(urls(&server, "state=dead").await, ["https://a.scot/walks", "https://b.scot/"]);
    assert_eq!(urls(&server, "state=dead&host=A.scot").await, ["https://a.scot/walks"]);
    assert_eq!(urls(&server, "kind=asset").await, ["https://b.scot/"]);
    assert_eq!(urls(&server, "source=local").await, [""; 0]);
    assert_eq!(urls(&server, "state=dead&state=alive").await.len(), 3);
}

#[tokio::test]
async fn a_page_leads_to_the_next() {
    let server = server();
    let page = server.json(&format!("{REPORT}?state=dead&limit=1")).await;
    let item = &page["items"][0];
    assert_eq!(item["records"][0]["id"], "https://kist.example/id/resource/1");
    assert_eq!(item["records"][0]["at"][0]["pointer"], "/url");
    let next = page["next"].as_str().unwrap().strip_prefix("https://kist.example").unwrap();
    let page = server.json(next).await;
    assert_eq!(page["items"][0]["url"], "https://b.scot/");
}

#[tokio::test]
async fn the_table_has_a_row_for_each_place_and_no_formula() {
    let server = server();
    let answer = server.get(&format!("{REPORT}.csv?state=dead")).await.to_string();
    assert!(answer.contains("text/csv"), "{answer}");
    assert!(answer.contains("https://b.scot/,dead,"), "{answer}");
    assert!(answer.contains(",'=not found,"), "{answer}");
}

#[tokio::test]
async fn what_can_not_be_read_is_a_problem() {
    let server = server();
    for query in ["state=gone", "record=nothing", "cursor=%25", "limit=0"] {
        let answer = server.get(&format!("{REPORT}?{query}")).await.to_string();
        assert!(answer.starts_with("400"), "{query}: {answer}");
    }
}
