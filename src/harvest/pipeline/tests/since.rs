//! Contract F24 and B7: what has changed is asked for alone where the source
//! knows how, and everything from time to time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;

use super::publisher::{World, days_later};
use crate::harvest::fetch::tests::server::{Act, Received, answer};
use crate::register::ledger::Outcome;

/// A page of services of an Open Referral API that has three pages, each of one
/// service; the last of them is gone when `count` is 2.
fn services(received: &Received, count: u32, knows: bool) -> Vec<Act> {
    let url = url::Url::parse(&format!("http://a.scot{}", received.path)).unwrap();
    let value = |name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    let page: u32 = value("page").map_or(1, |page| page.parse().unwrap());
    let since = value("modified_after").filter(|_| knows);
    let service = |id: u32| {
        json!({ "id": format!("s{id}"), "name": format!("Service {id}"), "status": "active",
            "url": format!("https://partner.example/{id}"), "schedules": [],
            "service_at_locations": [{ "id": format!("l{id}"), "location": { "id": format!("l{id}"),
                "location_type": "physical", "addresses": [{ "postal_code": "EH6 8RG" }] } }],
            "organization": { "id": "o", "name": "Shop", "description": "A shop." } })
    };
    let (total, contents) = match since.as_deref() {
        Some(since) if since.starts_with("2999") => (0, vec![]),
        // Only the first has changed of late.
        Some(_) => (1, vec![service(1)]),
        None => (count, vec![service(page)]),
    };
    let pages = total.max(1);
    let json = json!({ "total_items": total, "total_pages": pages, "page_number": page, "size": contents.len(),
        "first_page": page == 1, "last_page": page >= pages, "empty": contents.is_empty(),
        "contents": contents });
    answer("200 OK", "Content-Type: application/json\r\n", json.to_string())
}

fn shown(world: &World, from: usize) -> Vec<String> {
    let paths = world.server.paths();
    paths[from..].iter().map(|path| path.replace("%3A", ":")).collect()
}

#[tokio::test]
async fn f24_only_what_has_changed_is_asked_for_where_the_server_knows_how() {
    let count = Arc::new(AtomicU32::new(3));
    let now = Arc::clone(&count);
    let world = World::new("/services", "open-referral", move |received| {
        services(received, now.load(Ordering::SeqCst), true)
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((world.assets(), run.is_complete), (3, true));
    assert!(shown(&world, 0).iter().any(|path| path.contains("modified_after=2999")));
    let before = world.server.paths().len();
    days_later(1);
    let run = world.run().await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!(
        shown(&world, before),
        ["/services?modified_after=2026-11-21T12:00:00Z&page=1&per_page=50"]
    );
    assert_eq!((run.is_complete, world.assets()), (false, 3), "nothing is missing");
    let before = world.server.paths().len();
    days_later(1);
    world.run().await;
    assert_eq!(
        shown(&world, before),
        ["/services?modified_after=2026-11-22T12:00:00Z&page=1&per_page=50"],
        "it goes on from the run before"
    );
    // After a week everything is listed, and what is gone counts as missing.
    count.store(2, Ordering::SeqCst);
    days_later(6);
    let run = world.run().await;
    assert!(run.is_complete, "{run:#?}");
    assert_eq!(run.counts.missing, 1);
}

#[tokio::test]
async fn b6_a_run_looks_back_by_the_clock_of_the_server_where_that_is_slow() {
    for (date, since) in [
        ("Sun, 01 Nov 2026 12:00:00 GMT", "2026-10-31T12:00:00Z"),
        // Of the two clocks the earlier loses nothing.
        ("Fri, 01 Jan 2027 12:00:00 GMT", "2026-11-21T12:00:00Z"),
    ] {
        let world = World::new("/services", "open-referral", move |received| {
            let mut acts = services(received, 3, true);
            let Some(Act::Send(head)) = acts.first_mut() else { panic!("it answers") };
            let line = b"HTTP/1.1 200 OK\r\n";
            assert!(head.starts_with(line));
            let dated = format!("Date: {date}\r\n").into_bytes();
            head.splice(line.len()..line.len(), dated);
            acts
        })
        .await;
        world.expect(&world.run().await, Outcome::Ok);
        let before = world.server.paths().len();
        world.run().await;
        let asked = shown(&world, before);
        assert!(asked[0].contains(&format!("modified_after={since}")), "{date}: {asked:?}");
    }
}

#[tokio::test]
async fn f24_a_server_that_knows_nothing_of_it_is_listed_whole_each_time() {
    let world =
        World::new("/services", "open-referral", |received| services(received, 3, false)).await;
    world.run().await;
    let before = world.server.paths().len();
    let run = world.run().await;
    assert!(run.is_complete);
    assert_eq!(shown(&world, before)[..1], ["/services"]);
}

/// An answer of a repository that keeps its deletions `kept` and has these
/// records.
fn oai(received: &Received, kept: &str, records: std::ops::RangeInclusive<u32>) -> Vec<Act> {
    let body = if received.path.contains("verb=Identify") {
        format!(
            "<Identify><repositoryName>R</repositoryName><deletedRecord>{kept}</deletedRecord></Identify>"
        )
    } else {
        let record = |id: u32| {
            format!(
                "<record><header><identifier>oai:r:{id}</identifier><datestamp>2026-11-01</datestamp></header>\
                 <metadata><oai_dc:dc xmlns:oai_dc=\"http://www.openarchives.org/OAI/2.0/oai_dc/\" \
                 xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>Report {id}</dc:title>\
                 <dc:identifier>https://partner.example/{id}</dc:identifier></oai_dc:dc></metadata></record>"
            )
        };
        let records: String = records.map(record).collect();
        format!("<ListRecords>{records}</ListRecords>")
    };
    let text = format!(
        "<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><responseDate>2026-11-22T12:00:00Z</responseDate>\
         <request/>{body}</OAI-PMH>"
    );
    answer("200 OK", "Content-Type: text/xml\r\n", text)
}

/// What is missing after a week in which one of twenty records went, and
/// whether the list was whole a day and a week later.
async fn a_week(kept: &'static str) -> (bool, bool, u64) {
    let last = Arc::new(AtomicU32::new(20));
    let now = Arc::clone(&last);
    let world = World::new("/oai?verb=Identify", "oai-pmh", move |received| {
        oai(received, kept, 1..=now.load(Ordering::SeqCst))
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!(run.counts.created, 20);
    last.store(19, Ordering::SeqCst);
    days_later(1);
    let day = world.run().await;
    days_later(7);
    let week = world.run().await;
    (day.is_complete, week.is_complete, week.counts.missing)
}

#[tokio::test]
async fn b7_what_a_repository_forgets_to_delete_is_missed_in_its_whole_list() {
    assert_eq!(a_week("no").await, (false, true, 1));
    assert_eq!(a_week("transient").await, (false, true, 1));
}

#[tokio::test]
async fn b7_a_repository_that_tells_all_deletions_is_never_listed_whole_again() {
    assert_eq!(a_week("persistent").await, (false, false, 0));
}
