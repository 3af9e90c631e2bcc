//! Reports for publishers, and what pages and the catalogue tell of harvests.

use http::Method;
use insta::assert_snapshot;
use kist::journal::Scope;
use kist::record::RecordId;
use kist::register::References;
use kist::register::ledger::{Counts, Row as _, Run};
use regex::Regex;
use serde_json::json;

use super::harvests::{harvested, lose, rekeyed, run, write};
use super::server::{Answer, Sent, TestServer, now};

/// The path of the report of the first run.
async fn report(server: &TestServer) -> String {
    report_of(server, 1).await
}

async fn report_of(server: &TestServer, run: u64) -> String {
    let bearer = format!("Bearer {}", server.token(Scope::Read));
    let path = format!("/api/v1/sources/partner/runs/{run}/problems");
    let answer = server.get_with(&path, "authorization", &bearer).await;
    let address = answer.json()["report"].as_str().unwrap().to_owned();
    address.strip_prefix("https://kist.example").unwrap().to_owned()
}

/// What stands in the main part of a page.
fn content(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer}");
    let main = answer.text().split("<main").nth(1).unwrap();
    let main = main.split("</main>").next().unwrap();
    let key = Regex::new("key=[A-Za-z0-9_-]{43}").unwrap();
    key.replace_all(main, "key=…").into_owned()
}

#[tokio::test]
async fn whoever_has_the_link_reads_the_report() {
    let server = harvested();
    let path = report(&server).await;
    let page = server.get(&path).await;
    assert_snapshot!("report", content(&page));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
    let table = server.get(&path.replace("/1?", "/1.csv?")).await;
    assert_eq!(table.text().lines().count(), 4);
    let json = server.get_with(&path, "accept", "application/json").await.json();
    assert_eq!(
        (&json["counts"]["bad-date"], json["items"].as_array().unwrap().len()),
        (&json!(1203), 3)
    );
    assert_eq!(server.get(&format!("{path}&lang=gd")).await.status, 200);
}

#[tokio::test]
async fn what_a_run_found_is_marked_as_english_on_pages_in_other_languages() {
    let server = harvested();
    let path = report(&server).await;
    let json = server.get_with(&path, "accept", "application/json").await.json();
    let found = json["items"].as_array().unwrap().clone();
    assert!(!found.is_empty());
    for language in ["gd", "sco"] {
        let answer = server.get(&format!("{path}&lang={language}")).await;
        assert!(answer.text().contains(&format!("<html lang=\"{language}\"")), "{answer}");
        let page = content(&answer);
        for problem in &found {
            let what = problem["what"].as_str().unwrap();
            let what = what.replace('<', "&#60;").replace('>', "&#62;");
            assert!(page.contains(&format!("<span lang=\"en\">{what}</span>")), "{page}");
        }
        // Nor is any other sentence that nobody has translated said to be in it.
        for english in ["What can be done", "What we found", "This page is for", "By kind of"] {
            let marked = format!("lang=\"en\">{english}");
            let all = page.matches(english).count();
            assert_eq!(page.matches(&marked).count(), all, "{english}: {page}");
        }
    }
}

#[tokio::test]
async fn a_report_shows_which_new_keys_seem_to_be_whose() {
    let server = harvested();
    let pairs = async || {
        let page = server.get(&report_of(&server, 2).await).await;
        content(&page).matches("<li>new\nkey was choir (99 %)</li>").count()
    };
    assert_eq!(pairs().await, 0);
    rekeyed(&server);
    assert_eq!(pairs().await, 1);
}

#[tokio::test]
async fn why_a_run_is_held_stands_in_the_language_of_the_page() {
    let server = harvested();
    rekeyed(&server);
    let path = report_of(&server, 2).await;
    for (language, expected) in
        [("en", "12 of 40 records would go."), ("sco", "12 o 40 records wad gang.")]
    {
        let page = content(&server.get(&format!("{path}&lang={language}")).await);
        assert!(page.contains(&format!("<li>{expected}</li>")), "{page}");
        // What has no phrase yet stands as it was written.
        assert!(page.contains("<li lang=\"en\">something else</li>"), "{page}");
    }
}

#[tokio::test]
async fn a_link_opens_one_report_and_no_other() {
    let server = harvested();
    let path = report(&server).await;
    let (start, key) = path.split_once("key=").unwrap();
    for path in [
        format!("{start}key={}", &key[1..]),
        format!("{start}key={key}A"),
        format!("{start}key="),
        path.replace("/partner/1", "/partner/2"),
        path.replace("/partner/1", "/other/1"),
        format!("/reports/harvest/partner/7?key={key}"),
    ] {
        let status = server.get(&path).await.status.as_u16();
        assert!(matches!(status, 400 | 404), "{path}: {status}");
    }
    assert_eq!(server.get("/reports/harvest/partner/1").await.status, 400);
}

#[tokio::test]
async fn a_record_tells_from_where_and_when_and_that_it_is_gone_there() {
    let server = harvested();
    let before = server.get("/assets/walk.html").await;
    assert!(content(&before).contains("Fetched on 19 November 2026, read by kist 0.1.0 json, from <a href=\"https://partner.example/all.json\""));
    assert!(!content(&before).contains("Not seen"));
    lose(&server, "walk");
    let after = server.get_with("/assets/walk.html", "if-none-match", &before.header("etag")).await;
    assert!(content(&after).contains("Not seen at its source since 20 November 2026"));
    server.load(&json!([{
        "id": "source/partner", "type": "source", "name": "Partner", "harvesting": "retired",
    }]));
    let retired = server.get("/assets/walk.html").await;
    assert!(content(&retired).contains("This source is not harvested any more"));
    let id = RecordId::new("source", "partner").unwrap();
    let edits = server.register.withdrawal(&id, None).unwrap();
    server.register.apply(edits, References::Kept, "test", now()).unwrap();
    let gone = server.get("/assets/walk.html").await;
    assert!(content(&gone).contains("This source is not harvested any more"));
}

#[tokio::test]
async fn the_pages_of_sources_tell_of_their_harvests() {
    let server = harvested();
    let page = content(&server.get("/sources/partner.html").await);
    let runs = page.split("<h2>Harvests</h2>").nth(1).unwrap().split("</section>").next().unwrap();
    assert_snapshot!(runs.trim(), @r#"<ul class="brief small"><li>20 November 2026: preview, complete, with errors; 2 seen, 1 would be new, 1 would change, 0 would be withdrawn; waits for a decision</li><li>19 November 2026: complete, with errors; 3 seen, 2 new, 0 changed, 0 withdrawn</li></ul>"#);
    assert!(!runs.contains("asked for"));
    let bearer = server.token(Scope::Admin);
    let body = br#"{"kind": "harvest"}"#;
    let sent = Sent { token: &bearer, media_type: "application/json", header: None, body };
    server.send(Method::POST, "/api/v1/sources/partner/runs", sent).await;
    let asked = Run { counts: Counts { waiting: 3, ..run(2).counts }, ..run(2) };
    write(&server, &[asked.put(Run::key("partner", 2))]);
    let page = content(&server.get("/sources/partner.html").await);
    assert!(page.contains("<li>asked for, and not begun yet</li>"), "{page}");
    assert!(page.contains("0 withdrawn, 3 waiting for an editor</li>"), "{page}");
    let list = content(&server.get("/sources").await);
    assert!(list.contains("harvested 20 November 2026: complete, with errors"), "{list}");
}

#[tokio::test]
async fn the_catalogue_has_an_entry_for_each_source() {
    let server = harvested();
    let triples = server.get("/catalogue.nt").await;
    let mut entry: Vec<&str> = triples
        .text()
        .lines()
        .filter(|line| line.starts_with("<https://kist.example/id/source/partner>"))
        .collect();
    entry.sort_unstable();
    assert_snapshot!("catalogue_source", entry.join("\n"));
}

#[tokio::test]
async fn the_harvester_has_a_page_of_its_own() {
    let server = TestServer::empty();
    assert_snapshot!("bot", content(&server.get("/about/bot").await));
}
