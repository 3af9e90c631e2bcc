//! What search engines are told of all pages.

use std::collections::BTreeSet;

use kist::harvest::document::Document;
use kist::harvest::format::{self, Reading};

use super::server::{BASE, TestServer, now};

/// The texts of all elements of this name.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open)
        .skip(1)
        .map(|rest| rest.split_once(&close).unwrap().0.replace("&amp;", "&"))
        .collect()
}

#[tokio::test]
async fn the_sitemaps_name_every_page_once_with_its_last_change() {
    let server = TestServer::seeded();
    let index = server.get("/sitemap.xml").await;
    assert_eq!(index.header("content-type"), "application/xml");
    let maps = texts(index.text(), "loc");
    assert_eq!(maps, [format!("{BASE}/sitemap.xml?part=1")]);
    assert_eq!(texts(index.text(), "lastmod"), ["2026-11-21T12:00:00Z"]);
    let map = server.get(maps[0].strip_prefix(BASE).unwrap()).await.text().to_owned();
    let pages = texts(&map, "loc");
    let unique: BTreeSet<&String> = pages.iter().collect();
    assert_eq!(unique.len(), pages.len());
    let kinds = "asset,organisation,resource,case-study,partnership,offer,need,collection";
    let list = server.json(&format!("/api/v1/search?limit=1&kind={kinds}")).await;
    let records = pages.iter().filter(|page| page.matches('/').count() == 4).count();
    assert_eq!(records as u64, list["total"].as_u64().unwrap());
    assert_eq!(texts(&map, "lastmod").len(), records);
    for page in pages.iter().step_by(pages.len() / 25 + 1) {
        assert_eq!(server.get(page.strip_prefix(BASE).unwrap()).await.status, 200, "{page}");
    }
    for (path, status) in [
        ("/sitemap.xml?part=2", 404),
        ("/sitemap.xml?part=0", 400),
        ("/sitemap.xml?part=x", 400),
        ("/sitemap.xml?other=1", 400),
    ] {
        assert_eq!(server.get(path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn our_own_harvester_finds_the_pages_by_the_sitemap() {
    let server = TestServer::seeded();
    for (path, least) in [("/sitemap.xml", 1), ("/sitemap.xml?part=1", 1_000)] {
        let document = Document {
            url: url::Url::parse(&format!("{BASE}{path}")).unwrap(),
            media_type: Some("application/xml".to_owned()),
            charset: None,
            bytes: server.get(path).await.body.to_vec(),
            retrieved_at: now(),
        };
        let known = format::recognise(&document).unwrap();
        assert_eq!(known.name, "sitemap");
        let read = (known.extract)(&document, &Reading::plain(now()));
        assert!(read.follow.len() >= least, "{path}: {:?}", read.problems);
    }
}

#[tokio::test]
async fn a_register_without_records_has_a_sitemap_of_its_other_pages() {
    let server = TestServer::empty();
    let maps = texts(server.get("/sitemap.xml").await.text(), "loc");
    assert_eq!(maps, [format!("{BASE}/sitemap.xml?part=1")]);
    let pages = texts(server.get("/sitemap.xml?part=1").await.text(), "loc");
    assert!(pages.contains(&format!("{BASE}/about")), "{pages:?}");
}

#[tokio::test]
async fn robots_are_kept_out_of_what_has_no_end_and_told_of_the_sitemap() {
    let server = TestServer::seeded();
    let answer = server.get("/robots.txt").await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let text = answer.text();
    assert!(text.ends_with(&format!("Sitemap: {BASE}/sitemap.xml\n")), "{text}");
    for path in ["/search", "/sparql", "/near/", "/report"] {
        assert!(text.contains(&format!("\nDisallow: {path}\n")), "{text}");
    }
    // Feeds, lists and pages are there to be read.
    assert!(!text.contains("Disallow: /lists") && !text.contains("Disallow: /changes"));
}
