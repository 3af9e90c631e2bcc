//! Filters that come later than the records, and what was erased on request.

use serde_json::{Value as Json, json};

use super::publisher::{World, collection, feature, geojson};
use crate::harvest::fetch::tests::server::answer;
use crate::register::ledger::{Outcome, Page, RunKind};

/// Features of which the first `inside` are in Edinburgh, the others in
/// Glasgow.
fn spread(count: u32, inside: u32) -> String {
    let features: Vec<Json> = (1..=count)
        .map(|id| {
            let mut feature = feature(id, &format!("Walking group {id}"));
            if id > inside {
                feature["geometry"]["coordinates"] = json!([-4.25, 55.86]);
            }
            feature
        })
        .collect();
    collection(&features)
}

const EDINBURGH: &str = "https://kist.example/id/place/S12000036";

#[tokio::test]
async fn a_filter_that_comes_later_withdraws_what_no_longer_passes() {
    let world = World::listing([]).await;
    let body = spread(30, 25);
    // The document does not change.
    world.answers(move |received| match received.header("If-None-Match") {
        Some(_) => answer("304 Not Modified", "ETag: \"v1\"\r\n", ""),
        None => answer("200 OK", "Content-Type: application/geo+json\r\nETag: \"v1\"\r\n", &body),
    });
    world.run().await;
    assert_eq!(world.assets(), 30);
    world.set_also("/all.geojson", "geojson", &json!({ "onlyAreas": [EDINBURGH] }));
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.withdrawn, world.assets()), (5, 25));
    // Without the filter they are back.
    world.set_also("/all.geojson", "geojson", &json!({}));
    world.run().await;
    assert_eq!(world.assets(), 30);
}

#[tokio::test]
async fn a_filter_that_would_withdraw_much_waits_for_a_person() {
    let world = World::listing([]).await;
    let body = spread(30, 5);
    world.answers(move |_| geojson(&body));
    world.run().await;
    world.set_also("/all.geojson", "geojson", &json!({ "onlyAreas": [EDINBURGH] }));
    let run = world.run().await;
    world.expect(&run, Outcome::BlockedByGuard);
    assert_eq!(world.assets(), 30);
    world.harvester.approve("partner").unwrap();
    assert_eq!(world.assets(), 5);
}

#[tokio::test]
async fn a_filter_holds_also_for_what_a_feed_no_longer_shows() {
    let item = |number: u32, place: &str| {
        format!(
            "<item><guid isPermaLink='false'>g{number}</guid><title>Talk {number}</title>\
            <link>https://partner.example/{number}</link><description>At {place}.</description>\
            <georss:point xmlns:georss='http://www.georss.org/georss'>55.86 -4.25</georss:point></item>"
        )
    };
    let feed = |items: String| {
        format!(
            "<rss version='2.0'><channel><title>Talks</title>\
            <link>https://partner.example/</link><description>d</description>{items}</channel></rss>"
        )
    };
    let answers = |body: String| {
        move |_: &_| answer("200 OK", "Content-Type: application/rss+xml\r\n", &body)
    };
    let world = World::new("/feed", "rss", answers(feed(item(1, "the hall")))).await;
    world.run().await;
    let count = |world: &World| world.state().live;
    assert_eq!(count(&world), 1);
    world.answers(answers(feed(item(2, "the hall"))));
    world.set_also("/feed", "rss", &json!({ "onlyTopics": ["physical-activity"] }));
    world.run().await;
    // Topics are of assets; what the feed gives are resources, and stay.
    assert_eq!(count(&world), 2);
}

#[tokio::test]
async fn what_was_erased_on_request_is_withdrawn_and_never_taken_again() {
    let world = World::listing(1..=3).await;
    world.run().await;
    let erased = world.harvester.erase("partner", "asset", "f2", "an editor", "request 7").unwrap();
    assert!(erased);
    assert_eq!((world.assets(), world.name("f2")), (2, None));
    for kind in [RunKind::Harvest, RunKind::Replay] {
        let run = world.run_as(kind).await;
        assert!(world.codes(&run).contains(&"suppressed".to_owned()), "{run:#?}");
        assert_eq!(world.name("f2"), None, "{kind:?}");
    }
    // Until somebody takes that back.
    assert!(world.harvester.permit("partner", "asset", "f2").unwrap());
    world.run().await;
    assert_eq!(world.name("f2").as_deref(), Some("Walking group 2"));
}

#[tokio::test]
async fn what_was_never_published_is_erased_with_its_documents_and_findings() {
    let world = World::listing([]).await;
    let mut club = feature(2, "Walking group");
    club["properties"]["name"] = json!("");
    let body = collection(&[feature(1, "Rowing club"), club]);
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    let ledger = world.register().ledger();
    let kept = || {
        let of_it = world.findings(&run).into_iter().filter(|it| it.key.as_deref() == Some("f2"));
        (of_it.count(), ledger.count::<Page>("partner\n").unwrap())
    };
    assert_eq!((run.counts.invalid, kept()), (1, (1, 1)));
    let was_published = world.harvester.erase("partner", "asset", "f2", "an editor", "").unwrap();
    assert_eq!((was_published, kept()), (false, (0, 0)));
}
