//! `OpenActive`: a data set site whose feeds are apart, series in one and their
//! sessions in the other (contract F25).

use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};

use super::publisher::{World, days_later};
use crate::harvest::fetch::tests::server::{Act, answer};
use crate::journal::Durability;
use crate::register::ledger::{Outcome, Request, RequestKind, RunKind, Table, Trigger};

const SITE: &str = r#"<!doctype html><html lang="en"><title>Open data of Leith Leisure</title>
    <script type="application/ld+json">{
      "@context": ["https://schema.org/", "https://openactive.io/", "https://nobody.example/context"],
      "@type": "Dataset", "name": "Sessions of Leith Leisure",
      "distribution": [
        {"@type": "DataDownload", "name": "SessionSeries", "contentUrl": "/series",
         "additionalType": "https://openactive.io/SessionSeries",
         "encodingFormat": "application/vnd.openactive.rpde+json; version=1"},
        {"@type": "DataDownload", "name": "ScheduledSession", "contentUrl": "/sessions",
         "additionalType": "https://openactive.io/ScheduledSession",
         "encodingFormat": "application/vnd.openactive.rpde+json; version=1"}]
    }</script>"#;

fn page(items: &[Json], next: &str) -> Vec<Act> {
    let body = json!({ "items": items, "next": next,
        "license": "https://creativecommons.org/licenses/by/4.0/" });
    answer("200 OK", "Content-Type: application/json\r\n", body.to_string())
}

/// A series that is called by `address`.
fn series(id: &str, address: &str, modified: u64, more: &Json) -> Json {
    let mut data = json!({ "@type": "SessionSeries", "@id": address, "name": format!("Class {id}"),
        "location": { "@type": "Place", "name": "Hall", "address": { "postalCode": "EH6 8RG" } } });
    for (key, value) in more.as_object().unwrap() {
        data[key] = value.clone();
    }
    json!({ "id": id, "kind": "SessionSeries", "state": "updated", "modified": modified, "data": data })
}

fn session(id: &str, of: &str, start: &str, modified: u64) -> Json {
    json!({ "id": id, "kind": "ScheduledSession", "state": "updated", "modified": modified,
        "data": { "@type": "ScheduledSession", "superEvent": of, "startDate": start,
            "duration": "PT1H" } })
}

fn gone(id: &str, modified: u64) -> Json {
    json!({ "id": id, "kind": "ScheduledSession", "state": "deleted", "modified": modified })
}

const ONE: &str = "https://partner.example/session-series/one";
const TWO: &str = "https://partner.example/anything?two";
const OWN: &str = "https://partner.example/session-series/own";

/// What the feed of sessions has, and what of it is new from a place on.
type Feed = Arc<Mutex<Vec<Json>>>;

fn from(feed: &Feed, path: &str, own: &str) -> Vec<Act> {
    let after: usize =
        path.split("after=").nth(1).and_then(|after| after.parse().ok()).unwrap_or(0);
    let items = feed.lock().unwrap();
    page(&items[after.min(items.len())..], &format!("{own}?after={}", items.len()))
}

async fn world(first_series: Vec<Json>, first_sessions: Vec<Json>) -> (World, Feed, Feed) {
    let (all_series, sessions): (Feed, Feed) =
        (Arc::new(Mutex::new(first_series)), Arc::new(Mutex::new(first_sessions)));
    let (own_series, own) = (Arc::clone(&all_series), Arc::clone(&sessions));
    let world = World::new("/site", "html", move |received| match received.path.as_str() {
        "/site" => answer("200 OK", "Content-Type: text/html\r\n", SITE),
        path if path.starts_with("/series") => from(&own_series, path, "/series"),
        path if path.starts_with("/sessions") => from(&own, path, "/sessions"),
        _ => answer("404 Not Found", "", ""),
    })
    .await;
    (world, all_series, sessions)
}

/// The days and times of a series, as they are registered.
fn times(world: &World, id: &str) -> Vec<String> {
    let json = world.json(&format!("SessionSeries/{id}"));
    let nodes = json["schedule"].as_array().cloned().unwrap_or_default();
    let text = |node: &Json, key: &str| -> String {
        node[key]
            .as_str()
            .unwrap_or_default()
            .chars()
            .take(if key == "startDate" { 10 } else { 5 })
            .collect()
    };
    nodes
        .iter()
        .map(|node| {
            let (day, from, to) =
                (text(node, "startDate"), text(node, "startTime"), text(node, "endTime"));
            format!("{day} {from}-{to}")
        })
        .collect()
}

#[tokio::test]
async fn f25_sessions_of_a_feed_of_their_own_are_the_times_of_the_series_of_the_other() {
    let schedule = json!({ "eventSchedule": { "byDay": ["https://schema.org/Monday"],
        "startTime": "09:00", "repeatFrequency": "P1W", "startDate": "2026-01-05" } });
    let (world, all_series, sessions) = world(
        vec![
            series("one", ONE, 1, &json!({})),
            series("two", TWO, 2, &json!({})),
            series("own", OWN, 3, &schedule),
        ],
        vec![
            session("b", ONE, "2026-11-26T18:00:00Z", 1),
            session("a", ONE, "2026-11-24T18:00:00Z", 2),
            session("old", ONE, "2026-11-01T18:00:00Z", 3),
            session("c", TWO, "2026-11-25T10:00:00Z", 4),
            session("d", OWN, "2026-11-25T10:00:00Z", 5),
            session("e", "https://partner.example/session-series/none", "2026-11-25T10:00:00Z", 6),
        ],
    )
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!(times(&world, "one"), ["2026-11-24 18:00-19:00", "2026-11-26 18:00-19:00"]);
    // Its address does not tell its key, which the other feed does.
    assert_eq!(times(&world, "two"), ["2026-11-25 10:00-11:00"]);
    // A series that has a schedule keeps it.
    assert_eq!(times(&world, "own"), ["2026-01-05 09:00-"]);
    let codes = world.codes(&run);
    assert!(codes.contains(&"no-series".to_owned()), "{codes:?}");
    assert!(codes.contains(&"json-ld-context".to_owned()), "{codes:?}");
    assert_eq!(world.assets(), 3);

    // Each feed is gone on with where it was, and nothing is new.
    let asked = world.server.paths().len();
    let run = world.run().await;
    world.expect(&run, Outcome::Unchanged);
    let mut paths = world.server.paths().split_off(asked);
    paths.sort();
    assert_eq!(paths, ["/series?after=3", "/sessions?after=6", "/site"]);

    // Only the sessions change: one goes, one is cancelled, one comes.
    let mut cancelled = session("c", TWO, "2026-11-25T10:00:00Z", 8);
    cancelled["data"]["eventStatus"] = json!("https://schema.org/EventCancelled");
    sessions.lock().unwrap().extend([
        gone("a", 7),
        cancelled,
        session("f", ONE, "2026-12-03T18:00:00Z", 9),
    ]);
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!(run.counts.changed, 2, "{run:#?}");
    assert_eq!(times(&world, "one"), ["2026-11-26 18:00-19:00", "2026-12-03 18:00-19:00"]);
    assert_eq!(times(&world, "two"), Vec::<String>::new());

    // Only the series changes: its sessions stay, but for those that are over.
    days_later(7);
    all_series.lock().unwrap().push(series("one", ONE, 10, &json!({ "description": "New." })));
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.changed, run.counts.created), (1, 0), "{run:#?}");
    assert_eq!(times(&world, "one"), ["2026-12-03 18:00-19:00"]);
    assert_eq!(world.run_as(RunKind::Replay).await.counts.withdrawn, 0);
    assert_eq!(times(&world, "one"), ["2026-12-03 18:00-19:00"]);
}

#[tokio::test]
async fn f25_new_sessions_of_most_series_are_no_reason_to_hold_a_run() {
    let address = |number: usize| format!("https://partner.example/series/s{number}");
    let all: Vec<Json> = (0..30)
        .map(|number| series(&format!("s{number}"), &address(number), 1, &json!({})))
        .collect();
    let (world, _, sessions) = world(all, Vec::new()).await;
    world.expect(&world.run().await, Outcome::Ok);
    sessions.lock().unwrap().extend(
        (0..30).map(|n| session(&format!("x{n}"), &address(n), "2026-12-01T10:00:00Z", n as u64)),
    );
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!(run.counts.changed, 30);
}

#[tokio::test]
async fn f25_a_preview_shows_the_times_and_keeps_the_place_in_no_feed() {
    let (world, _, _) = world(
        vec![series("one", ONE, 1, &json!({}))],
        vec![session("a", ONE, "2026-11-24T18:00:00Z", 2)],
    )
    .await;
    let run = world.run_as(RunKind::Preview).await;
    assert_eq!((run.counts.created, world.assets()), (1, 0));
    let shown = world.harvester.differences("partner", "", 10).unwrap();
    assert!(shown[0].added.iter().any(|line| line.contains("2026-11-24")), "{shown:#?}");
    world.harvester.end_preview("partner").unwrap();
    world.expect(&world.run().await, Outcome::Ok);
    assert_eq!(times(&world, "one"), ["2026-11-24 18:00-19:00"]);
}

#[tokio::test]
async fn f25_a_feed_of_sessions_alone_may_have_any_number_of_pages() {
    const PAGES: usize = 150;
    let world = World::new("/sessions?page=0", "rpde", |received| {
        let number: usize = received.path.split('=').nth(1).unwrap().parse().unwrap();
        if number == PAGES {
            return page(&[], &received.path);
        }
        let one = session(&format!("s{number}"), ONE, "2026-12-01T10:00:00Z", number as u64);
        page(&[one], &format!("/sessions?page={}", number + 1))
    })
    .await;
    let run = world.run().await;
    assert_eq!((run.counts.pages, run.broken), (PAGES as u64 + 1, 0), "{run:#?}");
    assert!(world.codes(&run).contains(&"no-series".to_owned()));
}

/// A publisher whose feeds of series and of sessions are two sources: `partner`
/// has the series, and `other` the sessions.
async fn apart(first_series: Vec<Json>, first_sessions: Vec<Json>) -> (World, Feed, Feed) {
    let (world, all_series, sessions) = world(first_series, first_sessions).await;
    world.set_also("/series", "rpde", &json!({}));
    world.add_source("other", "/sessions", "rpde");
    (world, all_series, sessions)
}

/// Whether somebody asks for a run of the source with the series, and takes
/// that as done.
fn is_asked(world: &World) -> bool {
    let ledger = world.register().ledger();
    let key = Request::key_of("partner", RequestKind::Run);
    let asked: Option<Request> = ledger.get(&key).unwrap();
    ledger.write(&[Table::Request.forget(&key)], Durability::Relaxed).unwrap();
    asked.is_some_and(|request| request.trigger() == Trigger::Schedule)
}

#[tokio::test]
async fn f25_series_and_sessions_of_two_sources_of_one_publisher_are_one_asset_with_its_times() {
    let (world, all_series, sessions) = apart(
        vec![series("one", ONE, 1, &json!({})), series("two", TWO, 2, &json!({}))],
        vec![
            session("a", ONE, "2026-11-24T18:00:00Z", 1),
            session("b", TWO, "2026-11-25T10:00:00Z", 2),
        ],
    )
    .await;
    world.run().await;
    assert!(!is_asked(&world));
    let run = world.run_source("other").await;
    assert!(!world.codes(&run).contains(&"no-series".to_owned()), "{run:#?}");
    // The sessions are no records; the source of the series is asked for.
    assert!(is_asked(&world) && world.assets() == 2);
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.changed, run.counts.created), (2, 0), "{run:#?}");
    assert_eq!(times(&world, "one"), ["2026-11-24 18:00-19:00"]);
    // Its address does not tell its key.
    assert_eq!(times(&world, "two"), ["2026-11-25 10:00-11:00"]);

    // Nothing is new: nothing is asked for, and nothing written.
    world.run_source("other").await;
    assert!(!is_asked(&world));
    world.expect(&world.run().await, Outcome::Unchanged);

    // A session comes, another goes.
    sessions.lock().unwrap().extend([gone("b", 3), session("c", ONE, "2026-12-01T18:00:00Z", 4)]);
    world.run_source("other").await;
    assert!(is_asked(&world));
    let run = world.run().await;
    assert_eq!(run.counts.changed, 2, "{run:#?}");
    assert_eq!(times(&world, "one"), ["2026-11-24 18:00-19:00", "2026-12-01 18:00-19:00"]);
    assert_eq!(times(&world, "two"), Vec::<String>::new());

    // The series changes: it keeps its times.
    all_series.lock().unwrap().push(series("one", ONE, 10, &json!({ "description": "New." })));
    world.expect(&world.run().await, Outcome::Ok);
    assert_eq!(times(&world, "one").len(), 2);

    // The source of the sessions is retired, and they with it.
    let url = world.server.url("/sessions");
    world.say(
        "source/other",
        &json!({ "name": "other", "url": url.as_str(), "format": "rpde",
        "harvesting": "retired", "licence": "https://creativecommons.org/licenses/by/4.0/" }),
    );
    world.run().await;
    assert_eq!(times(&world, "one"), Vec::<String>::new());
}

#[tokio::test]
async fn f25_sessions_of_another_publisher_give_no_times() {
    let (world, ..) = apart(
        vec![series("one", ONE, 1, &json!({}))],
        vec![session("a", ONE, "2026-11-24T18:00:00Z", 1)],
    )
    .await;
    for (id, publisher) in [("leith", "Leith"), ("granton", "Granton")] {
        world.say(&format!("organisation/{id}"), &json!({ "name": publisher }));
    }
    world.set_also("/series", "rpde", &json!({ "publisher": "leith" }));
    let url = world.server.url("/sessions");
    world.say(
        "source/other",
        &json!({ "name": "other", "url": url.as_str(), "format": "rpde",
        "harvesting": "active", "publisher": "granton" }),
    );
    world.run().await;
    let run = world.run_source("other").await;
    assert!(world.codes(&run).contains(&"no-series".to_owned()), "{run:#?}");
    assert!(!is_asked(&world));
    world.run().await;
    assert_eq!(times(&world, "one"), Vec::<String>::new());
}
