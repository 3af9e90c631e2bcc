//! A and B, beyond what stands in `deletion`, `identity` and `paging`: keys,
//! windows, counts and cursors that lie.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::super::publisher::{
    World, collection, days_later, feature, geojson, library, page_with, sitemap,
};
use crate::harvest::fetch::SystemResolver;
use crate::harvest::fetch::tests::server::{Act, Received, answer};
use crate::record::RecordId;
use crate::register::Found;
use crate::register::ledger::{Outcome, RunKind};

fn json_answer(body: &Json) -> Vec<Act> {
    answer("200 OK", "Content-Type: application/json\r\n", body.to_string())
}

fn session(id: &str, modified: u64, state: &str) -> Json {
    json!({ "id": id, "modified": modified, "kind": "SessionSeries", "state": state,
        "data": { "@type": "SessionSeries", "@id": format!("https://partner.example/{id}"),
            "name": format!("Session {id}"), "location": { "@type": "Place", "name": "Hall",
            "address": { "postalCode": "EH6 8RG" } } } })
}

fn rpde(items: &[Json], next: &str) -> Vec<Act> {
    json_answer(&json!({ "items": items, "next": next }))
}

/// A page of services with their totals.
fn services(ids: impl IntoIterator<Item = u32>, page: u32, total: u32, pages: u32) -> Vec<Act> {
    let contents: Vec<Json> = ids
        .into_iter()
        .map(|id| {
            json!({ "id": format!("s{id}"), "name": format!("Lunch club {id}"),
                "status": "active", "schedules": [],
                "service_at_locations": [{ "id": "l1", "location": { "id": "l1", "name": "Hall",
                    "addresses": [{ "id": "a1", "postal_code": "EH6 8RG" }] } }],
                "organization": { "id": "o1", "name": "Leith Centre" } })
        })
        .collect();
    json_answer(&json!({ "total_items": total, "total_pages": pages, "page_number": page,
        "size": contents.len(), "first_page": page == 1, "last_page": page >= pages,
        "empty": contents.is_empty(), "contents": contents }))
}

fn page_of(path: &str) -> u32 {
    let page = path.split(['?', '&']).find_map(|pair| pair.strip_prefix("page="));
    page.and_then(|text| text.parse().ok()).unwrap_or(1)
}

#[tokio::test]
async fn a3_what_grows_after_an_approval_is_asked_again() {
    let world = World::listing(1..=60).await;
    world.run().await;
    world.lists(1..=40);
    world.expect(&world.run().await, Outcome::BlockedByGuard);
    world.harvester.approve("partner").unwrap();
    assert_eq!(world.assets(), 40);
    world.lists(1..=20);
    world.expect(&world.run().await, Outcome::BlockedByGuard);
    assert_eq!(world.assets(), 40);
}

#[tokio::test]
async fn a4_a_record_that_becomes_invalid_keeps_its_last_good_version() {
    let world = World::listing(1..=3).await;
    world.run().await;
    let body = collection(&[feature(1, "Walking group 1"), feature(2, ""), feature(3, "Rowing")]);
    world.answers(move |_| geojson(&body));
    for _ in 0..4 {
        let run = world.run().await;
        assert_eq!((run.counts.seen, run.counts.missing, run.counts.withdrawn), (3, 0, 0));
        days_later(4);
    }
    assert_eq!(world.name("f2").as_deref(), Some("Walking group 2"));
    assert_eq!(world.name("f3").as_deref(), Some("Rowing"));
}

#[tokio::test]
async fn a6_the_same_key_of_two_sources_is_two_records() {
    let world = World::listing(1..=2).await;
    world.add_source("other", "/other.geojson", "geojson");
    world.run().await;
    world.run_source("other").await;
    assert_eq!(world.assets(), 4);
    let other = RecordId::from_key("asset", "other", "f1");
    assert!(matches!(world.register().get(&other).unwrap(), Found::Here(_)));
    // What one withdraws stays with the other.
    world.lists([]);
    world.run().await;
    world.harvester.approve("partner").unwrap();
    assert_eq!((world.assets(), world.name("f1")), (2, None));
}

#[tokio::test]
async fn a8_ids_that_change_at_each_fetch_are_held_and_told_as_what_they_are() {
    let world = World::new("/all.geojson", "geojson", |received| {
        let first = u32::try_from(received.earlier).unwrap() * 100;
        let features: Vec<Json> =
            (1..=30).map(|id| feature(first + id, &format!("Walking group {id}"))).collect();
        geojson(&collection(&features))
    })
    .await;
    world.run().await;
    for _ in 0..3 {
        let run = world.run().await;
        world.expect(&run, Outcome::BlockedByGuard);
        let told = run.held.iter().any(|reason| reason.contains("may have changed all its keys"));
        assert!(told, "{:?}", run.held);
        assert_eq!(world.assets(), 30);
        days_later(5);
    }
}

#[tokio::test]
async fn a9_all_tombstones_of_a_page_hold_and_one_of_an_unknown_record_is_remembered() {
    let world = World::new("/0", "rpde", |received| match received.path.as_str() {
        "/0" => rpde(
            &[session("a", 1, "updated"), session("b", 2, "updated"), session("c", 3, "updated")],
            "/1",
        ),
        "/1" => rpde(
            &[session("a", 4, "deleted"), session("b", 5, "deleted"), session("z", 6, "deleted")],
            "/2",
        ),
        // Older than its tombstone, which was there first.
        "/2" => rpde(&[session("z", 5, "updated"), session("d", 7, "updated")], "/3"),
        _ => rpde(&[], "/3"),
    })
    .await;
    let run = world.run().await;
    assert_eq!(world.assets(), 2, "{run:#?}\n{:#?}", world.findings(&run));
    world.expect(&run, Outcome::Ok);
    let mut names = Vec::new();
    world
        .register()
        .each_record("asset", &mut |_, record| {
            names.push(crate::record::label(record, "en").to_owned());
        })
        .unwrap();
    names.sort_unstable();
    assert_eq!(names, ["Session c", "Session d"]);
}

#[tokio::test]
async fn a10_a_post_that_falls_out_of_the_window_stays() {
    let feed = |posts: std::ops::Range<u32>| {
        let items: Vec<String> = posts
            .map(|id| {
                format!(
                    "<item><guid>p{id}</guid><title>Post {id}</title>\
                     <link>https://partner.example/{id}</link></item>"
                )
            })
            .collect();
        let body = format!(
            "<rss version='2.0'><channel><title>News</title><link>https://partner.example/</link>\
             <description>News</description>{}</channel></rss>",
            items.concat()
        );
        answer("200 OK", "Content-Type: application/rss+xml\r\n", body)
    };
    let world = World::new("/feed", "rss", move |_| feed(1..30)).await;
    let run = world.run().await;
    assert_eq!(run.counts.created, 29);
    for first in [20, 40, 60] {
        world.answers(move |_| feed(first..first + 10));
        let run = world.run().await;
        assert_eq!((run.counts.missing, run.counts.withdrawn), (0, 0), "{run:#?}");
        days_later(10);
    }
    let id = RecordId::from_key("resource", "partner", "p1");
    assert!(matches!(world.register().get(&id).unwrap(), Found::Here(_)));
}

#[tokio::test]
async fn a10_a_page_that_leaves_the_sitemap_stays() {
    let site = |pages: &'static [u32]| {
        move |received: &Received| {
            if received.path == "/sitemap.xml" {
                return sitemap(received, pages.iter().copied());
            }
            page_with(&library(received, &received.path))
        }
    };
    let world = World::new("/sitemap.xml", "sitemap", site(&[1, 2, 3])).await;
    let run = world.run().await;
    let before = world.assets();
    assert!(before >= 3, "{run:#?}\n{:#?}", world.findings(&run));
    for _ in 0..4 {
        world.answers(site(&[1]));
        assert_eq!(world.run().await.counts.withdrawn, 0);
        days_later(4);
    }
    assert_eq!(world.assets(), before);
}

#[tokio::test]
async fn b2_addresses_of_next_pages_are_read_against_the_answer() {
    for (next, expected) in [
        ("?after=1", "/deep/rpde?after=1"),
        ("other?after=1", "/deep/other?after=1"),
        ("../rpde?after=1", "/rpde?after=1"),
        ("/rpde?after=a b", "/rpde?after=a%20b"),
    ] {
        let world = World::new("/deep/rpde", "rpde", move |received| {
            if received.path == "/deep/rpde" {
                return rpde(&[session("a", 1, "updated")], next);
            }
            rpde(&[], &received.path)
        })
        .await;
        world.expect(&world.run().await, Outcome::Ok);
        assert_eq!(world.server.paths(), ["/deep/rpde", expected]);
    }
    for next in ["http://localhost/rpde?after=1", "http://169.254.169.254/", "//elsewhere.example/"]
    {
        let world =
            World::new("/rpde", "rpde", move |_| rpde(&[session("a", 1, "updated")], next)).await;
        world.expect(&world.run().await, Outcome::Partial);
        assert_eq!(world.server.paths(), ["/rpde"], "{next}");
    }
}

#[tokio::test]
async fn b3_totals_that_lie_neither_end_a_listing_nor_delete() {
    // Two pages are announced and three are there; then 128 records are
    // announced and 26 are there.
    let world = World::new("/services?per_page=10", "open-referral", |received| {
        match page_of(&received.path) {
            page @ 1..=3 => services(page * 10..page * 10 + 10, page, 30, 2),
            page => services([], page, 30, 2),
        }
    })
    .await;
    world.run().await;
    assert_eq!(world.assets(), 30);
    world.answers(|received| match page_of(&received.path) {
        1 => services(10..36, 1, 128, 2),
        page => services([], page, 128, 2),
    });
    for _ in 0..4 {
        let run = world.run().await;
        assert!(!run.is_complete && run.counts.withdrawn == 0, "{run:#?}");
        days_later(4);
    }
    assert_eq!(world.assets(), 30);
}

#[tokio::test]
async fn b4_a_listing_that_moves_while_it_is_read_is_not_believed_about_absence() {
    let world =
        World::new("/services", "open-referral", |received| match page_of(&received.path) {
            page @ 1..=2 => services(page * 10..page * 10 + 10, page, 20, 2),
            page => services([], page, 20, 2),
        })
        .await;
    let run = world.run().await;
    assert!(run.is_complete, "{run:#?}\n{:#?}", world.findings(&run));
    // One goes from the first page when it has been read: s20 moves up into it.
    world.answers(|received| match page_of(&received.path) {
        1 => services(10..20, 1, 20, 2),
        2 => services(21..30, 2, 19, 2),
        page => services([], page, 19, 2),
    });
    for _ in 0..4 {
        let run = world.run().await;
        assert_eq!((run.is_complete, run.counts.missing), (false, 0), "{run:#?}");
        assert!(world.codes(&run).contains(&"listing-moved".to_owned()), "{run:#?}");
        days_later(4);
    }
    assert_eq!(world.assets(), 20);
}

#[tokio::test]
async fn b5_a_feed_that_has_forgotten_where_we_were_is_read_anew() {
    let world = World::new("/rpde", "rpde", |received| match received.path.as_str() {
        "/rpde" => rpde(&[session("a", 1, "updated"), session("b", 2, "updated")], "/rpde?after=2"),
        path => rpde(&[], path),
    })
    .await;
    world.run().await;
    // It begins again with other numbers, and knows the old place no more.
    world.answers(|received| match received.path.as_str() {
        "/rpde" => rpde(&[session("b", 1, "updated"), session("c", 2, "updated")], "/rpde?from=2"),
        "/rpde?from=2" => rpde(&[], "/rpde?from=2"),
        _ => answer("404 Not Found", "", ""),
    });
    let asked = world.server.paths().len();
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!(world.server.paths()[asked..], ["/rpde?after=2", "/rpde", "/rpde?from=2"]);
    assert!(world.codes(&run).contains(&"feed-restarted".to_owned()), "{:?}", world.codes(&run));
    // Nothing goes because it is absent from a list of changes.
    assert_eq!(world.assets(), 3);
    let asked = world.server.paths().len();
    world.expect(&world.run().await, Outcome::Unchanged);
    assert_eq!(world.server.paths()[asked..], ["/rpde?from=2"]);
    // A place that is forgotten every day is not begun anew more than weekly.
    world.answers(|received| match received.path.as_str() {
        "/rpde" => panic!("read anew twice in a week"),
        _ => answer("410 Gone", "", ""),
    });
    world.expect(&world.run().await, Outcome::Failed);
    days_later(8);
    world.answers(|received| match received.path.as_str() {
        "/rpde" => rpde(&[session("d", 1, "updated")], "/rpde?to=1"),
        "/rpde?to=1" => rpde(&[], "/rpde?to=1"),
        _ => answer("410 Gone", "", ""),
    });
    world.expect(&world.run().await, Outcome::Ok);
    assert_eq!(world.assets(), 4);
}

#[tokio::test]
async fn b5_equal_times_of_change_and_an_empty_page_in_the_midst_lose_nothing() {
    let world = World::new("/0", "rpde", |received| match received.path.as_str() {
        "/0" => rpde(&[session("a", 7, "updated"), session("b", 7, "updated")], "/1"),
        "/1" => rpde(&[], "/2"),
        "/2" => rpde(&[session("c", 7, "updated")], "/3"),
        _ => rpde(&[], "/3"),
    })
    .await;
    world.expect(&world.run().await, Outcome::Ok);
    assert_eq!(world.assets(), 3);
}

#[tokio::test]
async fn b7_an_expired_token_begins_the_next_run_at_the_last_whole_window() {
    let record = |id: u32| {
        format!(
            "<record><header><identifier>oai:partner:{id}</identifier>\
             <datestamp>2026-11-2{id}</datestamp></header><metadata>\
             <oai_dc:dc xmlns:oai_dc='http://www.openarchives.org/OAI/2.0/oai_dc/' \
             xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>Report {id}</dc:title>\
             <dc:identifier>https://partner.example/{id}</dc:identifier></oai_dc:dc>\
             </metadata></record>"
        )
    };
    let oai = |inner: String| {
        let body = format!(
            "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'>\
             <responseDate>2026-11-22T12:00:00Z</responseDate>{inner}</OAI-PMH>"
        );
        answer("200 OK", "Content-Type: text/xml\r\n", body)
    };
    let first = record(1);
    let world =
        World::new("/oai?verb=ListRecords&metadataPrefix=oai_dc", "oai-pmh", move |received| {
            if received.path.contains("resumptionToken") {
                return oai("<error code='badResumptionToken'>expired</error>".to_owned());
            }
            oai(format!("<ListRecords>{first}<resumptionToken>t1</resumptionToken></ListRecords>"))
        })
        .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert_eq!(run.counts.created, 1);
    let asked = world.server.paths().len();
    let both = record(1) + &record(2);
    world.answers(move |_| oai(format!("<ListRecords>{both}</ListRecords>")));
    let run = world.run().await;
    assert_eq!(run.counts.created, 1, "{run:#?}");
    // Not from where the broken run had come to.
    let first = &world.server.paths()[asked];
    assert!(!first.contains("from=") && !first.contains("resumptionToken"), "{first}");
}

#[tokio::test]
async fn b8_a_run_that_uses_up_its_documents_is_partial_and_deletes_nothing() {
    let change = |options: &mut crate::harvest::Options| {
        options.max_documents = 3;
        Arc::new(SystemResolver) as Arc<dyn crate::harvest::fetch::Resolver>
    };
    let world = World::with("/services", "open-referral", change, |received| {
        let page = page_of(&received.path);
        services(page * 10..page * 10 + 10, page, 100_000, 10_000)
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert!(world.codes(&run).contains(&"over-budget".to_owned()), "{:?}", world.codes(&run));
    assert_eq!((world.server.paths().len(), world.assets()), (3, 30));
    assert!(!run.is_complete);
}

#[tokio::test]
async fn a_source_that_deletes_everything_is_held_also_when_it_says_so_of_each() {
    let all: Vec<Json> = (1..=30).map(|id| session(&format!("s{id}"), id, "updated")).collect();
    let world = World::new("/0", "rpde", move |received| match received.path.as_str() {
        "/0" => rpde(&all, "/1"),
        _ => rpde(&[], "/1"),
    })
    .await;
    world.run().await;
    let all: Vec<Json> =
        (1..=30).map(|id| session(&format!("s{id}"), id + 100, "deleted")).collect();
    world.answers(move |received| match received.path.as_str() {
        "/1" => rpde(&all, "/2"),
        _ => rpde(&[], "/2"),
    });
    world.expect(&world.run().await, Outcome::BlockedByGuard);
    assert_eq!(world.assets(), 30);
    world.harvester.dismiss("partner").unwrap();
    world.expect(&world.run().await, Outcome::BlockedByGuard);
    world.harvester.approve("partner").unwrap();
    assert_eq!(world.assets(), 0);
}

#[tokio::test]
async fn a_clock_that_goes_back_ends_no_grace_and_hides_no_change() {
    let world = World::listing(1..=30).await;
    world.run().await;
    world.lists(2..=30);
    world.run().await;
    days_later(-400);
    for _ in 0..5 {
        let run = world.run().await;
        assert_eq!((run.counts.withdrawn, world.assets()), (0, 30), "{run:#?}");
        assert!(run.ended >= Some(run.started));
    }
    world.lists(2..=31);
    let run = world.run().await;
    assert_eq!((run.counts.created, world.assets()), (1, 31));
    // The source is due again within its longest interval, not in 400 days.
    let state: crate::register::ledger::SourceState =
        world.register().ledger().get("partner").unwrap().unwrap();
    let wait = state.next_due.unwrap().duration_since(world.harvester.now());
    assert!(wait.as_hours() <= 8 * 24, "{wait}");
    let preview = world.run_as(RunKind::Preview).await;
    assert!(preview.ended.is_some());
}
