//! Shapes in which partners publish besides the plain ones, harvested with the
//! real program.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::harvest::{Desk, LICENCE, Publisher};

/// What the publisher answers, as media type and body.
pub(crate) fn answer(path: &str) -> Option<(&'static str, String)> {
    const JSON: &str = "application/json";
    Some(match path {
        "/blog/feed.xml" => ("application/atom+xml", ATOM.to_owned()),
        "/clubs.json" => {
            ("application/json\r\nLink: </clubs.json?after=2>; rel=\"next\"", clubs(&[1, 2]))
        }
        "/clubs.json?after=2" => (JSON, clubs(&[3])),
        "/open" => ("text/html", DATA_SET_SITE.to_owned()),
        "/open/series" => (JSON, feed("/open/series?end", &[series()])),
        "/open/series?end" => (JSON, feed("/open/series?end", &[])),
        "/open/sessions" => (JSON, feed("/open/sessions?end", &[session()])),
        "/open/sessions?end" => (JSON, feed("/open/sessions?end", &[])),
        path if path.starts_with("/circle") => (JSON, circle()),
        "/pages.rss" => ("application/rss+xml", PAGES.to_owned()),
        "/pages/choir" => ("text/html", CHOIR.to_owned()),
        "/oai" => ("text/xml", oai("<error code='badVerb'>no verb</error>")),
        "/oai?verb=Identify" => {
            let about = "<Identify><repositoryName>Papers</repositoryName></Identify>";
            ("text/xml", oai(about))
        }
        path if path.starts_with("/oai?verb=ListRecords") => ("text/xml", oai(PAPER)),
        "/contact" => ("text/html", CARD.to_owned()),
        "/sets/data.json" => (JSON, CATALOGUE.to_owned()),
        "/files/halls.csv" => ("text/csv", "id,name,postcode\nh1,Hall one,EH6 8RG\n".to_owned()),
        "/files/parks.csv" => ("text/csv", "id,name,postcode\np1,Park one,EH6 8RG\n".to_owned()),
        _ => return None,
    })
}

const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/base/"><title>News</title>
    <id>urn:news</id><updated>2026-11-21T09:00:00Z</updated>
    <entry xml:base="deep/"><id>urn:1</id><title>A guide to halls</title>
    <updated>2026-11-21T09:00:00Z</updated><link href="page"/></entry></feed>"#;

const DATA_SET_SITE: &str = r#"<!doctype html><html lang="en"><title>Open data</title>
    <script type="application/ld+json">{"@context": ["https://schema.org/", "https://openactive.io/"],
    "@type": "Dataset", "name": "Classes", "distribution": [
    {"@type": "DataDownload", "contentUrl": "/open/sessions",
     "additionalType": "https://openactive.io/ScheduledSession"},
    {"@type": "DataDownload", "contentUrl": "/open/series",
     "additionalType": "https://openactive.io/SessionSeries"}]}</script>"#;

const PAGES: &str = r#"<rss version="2.0"><channel><title>Pages</title><link>/</link>
    <item><title>Choir</title><link>/pages/choir</link></item></channel></rss>"#;

const CHOIR: &str = r#"<!doctype html><html lang="en"><title>Choir</title>
    <script type="application/ld+json"><!-- made by a plug-in -->
    {"@context": "https://schema.org", "@type": "Event", "@id": "/pages/choir#it", "name": "Choir of Leith",
     "startDate": "2099-01-01T19:00", "location": {"@type": "Place", "name": "Hall",
     "address": {"@type": "PostalAddress", "postalCode": "EH6 8RG"}}}</script>"#;

const PAPER: &str = "<ListRecords><record><header><identifier>oai:1</identifier>\
    <datestamp>2026-03-01</datestamp></header><metadata><dc><title>Falling less</title>\
    <identifier>https://papers.example/1</identifier></dc></metadata></record></ListRecords>";

const CARD: &str = r#"<!doctype html><html lang="en"><title>Contact</title><body>
    <p class="h-card"><span class="p-name p-org">Leith Chess Society</span></p>
    <p class="h-card"><span class="p-name">Mary Smith</span></p>"#;

const CATALOGUE: &str = r#"{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
    "dataset": [{"title": "Places", "distribution": [
    {"title": "Halls", "mediaType": "text/csv", "downloadURL": "/files/halls.csv"},
    {"title": "Parks", "mediaType": "text/csv", "downloadURL": "/files/parks.csv"}]}]}"#;

fn clubs(numbers: &[u32]) -> String {
    let club = |number: &u32| json!({ "id": number, "name": format!("Club number {number}"), "postcode": "EH6 8RG" });
    Value::from(numbers.iter().map(club).collect::<Vec<_>>()).to_string()
}

fn feed(next: &str, items: &[Value]) -> String {
    json!({ "items": items, "next": next, "license": LICENCE }).to_string()
}

fn series() -> Value {
    json!({ "id": "yoga", "modified": 1, "kind": "SessionSeries", "state": "updated",
        "data": { "@type": "SessionSeries", "@id": "https://partner.example/series/yoga",
            "name": "Yoga of Leith", "location": { "@type": "Place", "name": "Hall",
            "address": { "postalCode": "EH6 8RG" } } } })
}

fn session() -> Value {
    json!({ "id": "s1", "modified": 1, "kind": "ScheduledSession", "state": "updated",
        "data": { "@type": "ScheduledSession", "startDate": "2099-12-01T18:00:00Z", "duration": "PT1H",
            "superEvent": "https://partner.example/series/yoga" } })
}

/// The same item for ever, under a token that is new each time.
fn circle() -> String {
    static TOKENS: AtomicUsize = AtomicUsize::new(0);
    let token = TOKENS.fetch_add(1, Ordering::Relaxed);
    feed(&format!("/circle?token={token}"), &[series()])
}

fn oai(answer: &str) -> String {
    format!(
        "<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\">\
         <responseDate>2026-11-22T02:00:00Z</responseDate><request/>{answer}</OAI-PMH>"
    )
}

#[test]
fn each_shape_in_which_partners_publish_is_harvested_from_its_plain_address() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    let shapes = [
        ("feed", "/blog/feed.xml", "auto", "/base/deep/page"),
        ("clubs", "/clubs.json", "auto", "Club number 3"),
        ("classes", "/open", "html", "2099-12-01"),
        ("pages", "/pages.rss", "sitemap", "Choir of Leith"),
        ("papers", "/oai", "auto", "Falling less"),
        ("archive", "/oai", "oai-pmh", "Falling less"),
        ("card", "/contact", "html", "Leith Chess Society"),
        ("places", "/sets/data.json", "auto", "Park one"),
    ];
    for (id, path, format, _) in shapes {
        // The same repository twice is one source, unless it is asked otherwise.
        let path = if id == "archive" { "/oai?verb=Identify" } else { path };
        desk.add(id, format, &publisher.url(path));
        desk.run(&format!("harvest run {id}")).with(0);
    }
    let dump = desk.run("dump").with(0).stdout;
    for (id, _, _, expected) in shapes {
        assert!(dump.contains(expected), "{id}: {expected} is not in\n{dump}");
    }
    assert!(dump.contains("Hall one"), "both files of the data set");
    assert!(!dump.contains("Mary Smith"));
}

#[test]
fn b1_tokens_that_are_new_each_time_do_not_hide_that_the_items_are_the_same() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    desk.add("circle", "rpde", &publisher.url("/circle"));
    publisher.asked();
    desk.run("harvest run circle");
    let asked: usize = publisher.asked().values().sum();
    assert!(asked <= 3, "{asked} requests");
    let history = desk.run("harvest history circle --json").with(0).stdout;
    let history: Value = serde_json::from_str(&history).unwrap();
    assert_eq!(history[0]["outcome"], "partial");
}
