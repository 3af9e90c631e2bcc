//! Pages: absolute addresses, all parameters kept, nothing missed or repeated.

use std::collections::BTreeSet;

use http::StatusCode;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::server::{BASE, TestServer};
use super::world::{G2_9ZZ, at, bare, said, server};

/// All identifiers of a list, page by page along `next`, and its count.
async fn walk(server: &TestServer, path: &str) -> (Vec<String>, u64) {
    let (mut ids, mut path, mut before) = (Vec::new(), path.to_owned(), json!(null));
    loop {
        let (status, page) = said(server, &path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(page["previous"].is_null(), before.is_null(), "{path}");
        let rows = page.get("data").or_else(|| page.get("results")).unwrap().as_array().unwrap();
        ids.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else {
            return (ids, page["count"].as_u64().unwrap());
        };
        assert!(!rows.is_empty(), "{path}");
        before = json!(path);
        next.strip_prefix(BASE).unwrap().clone_into(&mut path);
    }
}

#[track_caller]
fn check_whole(path: &str, ids: &[String], count: u64) {
    assert_eq!(ids.len() as u64, count, "{path}");
    let each: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(each.len(), ids.len(), "{path}");
}

#[tokio::test]
async fn the_pages_of_every_list_together_are_the_whole_of_it() {
    let server = TestServer::seeded();
    for path in [
        "/aliss/v4/services/?postcode=EH6+8RG&radius=3000&page_size=7",
        "/aliss/v4/services/?postcode=EH6+8RG&q=library&page_size=11",
        "/aliss/v5/services?postcode=EH6+8RG&radius=3000&page_size=7",
        "/aliss/v5/services?categories=library&page_size=100",
        "/aliss/v5/services?q=library&sort=sort-a-z&page_size=50",
        "/aliss/api/v4/import?page_size=300",
        "/aliss/api/v4/import/",
        "/aliss/api/v5/import/?page_size=400",
        "/aliss/v5/organisations?searchTerm=library",
        "/aliss/v3/search/?postcode=EH6+8RG&page_size=9",
    ] {
        let (ids, count) = walk(&server, path).await;
        assert!(count > 10, "{path} has {count}");
        check_whole(path, &ids, count);
        assert_eq!(walk(&server, path).await.0, ids, "{path}: the same order again");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn whatever_the_size_of_a_page_nothing_is_missed_or_repeated(
        total in 0_u32..30,
        size in 1_usize..12,
        sort in prop::sample::select(vec!["", "sort-distance", "sort-relevance", "sort-a-z",
            "sort-last-reviewed", "sort-recently-added"]),
        with_words in any::<bool>(),
    ) {
        let services: Vec<Json> = (0..total)
            .map(|number| at(&format!("Tea {number}"), (G2_9ZZ.0 + f64::from(number % 3), G2_9ZZ.1), &[]))
            .collect();
        let server = bare(&services);
        let q = if with_words { "tea" } else { "" };
        let path = format!("/aliss/v5/services?q={q}&sort={sort}&page_size={size}");
        let (ids, count) = tokio::runtime::Runtime::new().unwrap().block_on(walk(&server, &path));
        prop_assert_eq!(count, u64::from(total));
        check_whole(&path, &ids, count);
    }
}

#[tokio::test]
async fn links_are_absolute_and_keep_every_parameter_and_the_way_the_path_was_written() {
    let server = TestServer::seeded();
    let asked = "postcode=EH6+8RG&q=library+%26+books&format=json&source=map&distance=&radius=null&sort=sort-a-z&page_size=2";
    for path in ["/aliss/api/v4/services/", "/aliss/v4/services", "/aliss/v5/services/"] {
        let list = server.json(&format!("{path}?{asked}&page=2")).await;
        let kept = "postcode=EH6%208RG&q=library%20%26%20books&format=json&source=map&distance=&radius=null&sort=sort-a-z&page_size=2";
        assert_eq!(list["previous"], format!("{BASE}{path}?{kept}&page=1"));
        assert_eq!(list["next"], format!("{BASE}{path}?{kept}&page=3"));
    }
}

#[tokio::test]
async fn a_page_beyond_the_end_is_no_page_in_v4_and_an_empty_one_in_v5() {
    let server = server(&[at("Tea", G2_9ZZ, &[])]);
    for page in ["2", "0", "-1", "x", "99999999999999999999"] {
        let (status, body) =
            said(&server, &format!("/aliss/v4/services?postcode=G2+4AA&page={page}")).await;
        assert_eq!(
            (status, body),
            (StatusCode::NOT_FOUND, json!({ "detail": "Invalid page." })),
            "{page}"
        );
    }
    let (status, body) = said(&server, "/aliss/v5/services?page=9").await;
    assert_eq!((status, &body["data"], &body["count"]), (StatusCode::OK, &json!([]), &json!(1)));
    assert_eq!(body["next"], json!(null));
    assert_eq!(body["previous"], format!("{BASE}/aliss/v5/services?page=1"));
    for page in ["", "0", "x", "null", "1"] {
        let (_, body) = said(&server, &format!("/aliss/v5/services?page={page}")).await;
        assert_eq!(body["data"].as_array().unwrap().len(), 1, "{page}");
        assert_eq!((&body["next"], &body["previous"]), (&json!(null), &json!(null)), "{page}");
    }
}

#[tokio::test]
async fn a_page_has_as_many_as_is_asked_up_to_a_thousand() {
    let server = TestServer::seeded();
    for (path, expected) in [
        ("/aliss/v5/services", 10),
        ("/aliss/v4/services?postcode=EH6+8RG&radius=100000", 10),
        ("/aliss/v5/import", 20),
        ("/aliss/v5/organisations", 20),
        ("/aliss/v4/import", 1_000),
        ("/aliss/v5/services?page_size=1000", 1_000),
        ("/aliss/v5/services?page_size=100000", 1_000),
        ("/aliss/v5/services?page_size=0", 10),
        ("/aliss/v5/services?page_size=", 10),
        ("/aliss/v5/services?page_size=many", 10),
    ] {
        let list = server.json(path).await;
        assert_eq!(list["data"].as_array().unwrap().len(), expected, "{path}");
    }
}
