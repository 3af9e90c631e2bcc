//! What one source has otherwise than the others.

use serde_json::json;

use super::publisher::{World, collection, feature};
use crate::harvest::fetch::tests::server::{Received, answer};
use crate::register::ledger::Outcome;

/// A sitemap of twenty pages, each with a service.
fn pages(received: &Received) -> Vec<crate::harvest::fetch::tests::server::Act> {
    if received.path == "/sitemap.xml" {
        let host = received.header("host").unwrap();
        let urls = (1..=20).map(|n| format!("<url><loc>http://{host}/p{n}</loc></url>"));
        let urls = urls.collect::<Vec<_>>().concat();
        let body =
            format!("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>");
        return answer("200 OK", "Content-Type: application/xml\r\n", body);
    }
    let json = json!({ "@context": "https://schema.org", "@type": "Service", "@id": received.path,
        "name": format!("Club {}", received.path), "areaServed": "Fife" });
    let body = format!("<title>x</title><script type='application/ld+json'>{json}</script>");
    answer("200 OK", "Content-Type: text/html\r\n", body)
}

#[tokio::test]
async fn f1_a_source_may_be_asked_for_one_thing_at_a_time() {
    let world = World::new("/sitemap.xml", "sitemap", pages).await;
    world.set_also("/sitemap.xml", "sitemap", &json!({ "pace": "PT0S", "requestsAtOnce": 1 }));
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((world.server.most_under_way(), world.assets()), (1, 20));
}

#[tokio::test]
async fn f1_a_source_has_a_cap_of_its_own_and_goes_on_the_next_time() {
    let world = World::new("/sitemap.xml", "sitemap", pages).await;
    let one = json!({ "maxDocuments": 5, "requestsAtOnce": 1, "pace": "PT0S" });
    world.set_also("/sitemap.xml", "sitemap", &one);
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert!((5..20).contains(&run.counts.pages), "{run:#?}");
    assert_eq!(world.codes(&run).last().map(String::as_str), Some("over-budget"));
    assert!(run.reason.unwrap().contains("the run ends after"));
    world.set_also("/sitemap.xml", "sitemap", &json!({}));
    world.run().await;
    assert_eq!(world.assets(), 20);
    // What came is taken, and nothing is concluded from what did not.
    let small = World::listing(1..=3).await;
    small.set_also("/all.geojson", "geojson", &json!({ "maxBytes": 10 }));
    let run = small.run().await;
    small.expect(&run, Outcome::Partial);
}

#[tokio::test]
async fn f11_a_limit_that_somebody_has_set_is_no_failure_and_alerts_nobody() {
    let world = World::listing(1..=3).await;
    world.set_also("/all.geojson", "geojson", &json!({ "maxBytes": 10 }));
    for newest in 4..=7 {
        world.lists(1..=newest);
        let run = world.run().await;
        world.expect(&run, Outcome::Partial);
        assert_eq!((world.state().failures, world.state().alerts), (0, Vec::new()));
    }
    // Of a source that is read in part for another reason, it is one.
    let one = json!([{ "id": 1, "name": "Club", "postcode": "EH6 8RG" }]).to_string();
    world.answers(move |received| match received.path.as_str() {
        "/clubs" => answer(
            "200 OK",
            "Content-Type: application/json\r\nLink: </more>; rel=\"next\"\r\n",
            &one,
        ),
        _ => answer("403 Forbidden", "", ""),
    });
    world.set_also("/clubs", "json", &json!({}));
    for failures in 1..=3 {
        let run = world.run().await;
        world.expect(&run, Outcome::Partial);
        assert_eq!(world.state().failures, failures);
    }
    assert_eq!(world.state().alerts[0].code, "failing");
}

#[tokio::test]
async fn f50_what_was_encoded_twice_is_repaired_when_the_source_says_so() {
    let world = World::listing([]).await;
    let body = collection(&[feature(1, "Dementia CafÃ©")]);
    world.answers(move |_| super::publisher::geojson(&body));
    let run = world.run().await;
    assert_eq!(world.name("f1").as_deref(), Some("Dementia CafÃ©"));
    assert!(world.codes(&run).contains(&"encoded-twice".to_owned()));
    world.set_also("/all.geojson", "geojson", &json!({ "doubleEncoding": "repair" }));
    let run = world.run().await;
    assert_eq!(world.name("f1").as_deref(), Some("Dementia Café"));
    assert!(world.codes(&run).contains(&"encoded-twice".to_owned()));
}

#[tokio::test]
async fn e1_the_source_decides_whether_a_wrong_offset_is_believed() {
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//P//EN\r\nBEGIN:VEVENT\r\nUID:e\r\n\
        DTSTAMP:20261101T120000Z\r\nDTSTART;TZID=Etc/GMT:20270701T190000\r\nSUMMARY:Ceilidh\r\n\
        LOCATION:Hall\\, EH6 8RG\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let world = World::new("/a.ics", "ical", move |_| {
        answer("200 OK", "Content-Type: text/calendar\r\n", calendar)
    })
    .await;
    let start = || world.json("e")["schedule"][0]["startTime"].as_str().unwrap().to_owned();
    let run = world.run().await;
    assert_eq!((start().as_str(), world.codes(&run).len()), ("20:00:00", 1));
    world.set_also("/a.ics", "ical", &json!({ "offsets": "local" }));
    let run = world.run().await;
    assert_eq!(
        (start().as_str(), world.codes(&run)),
        ("19:00:00", vec!["offset-contradicts-zone".to_owned()])
    );
}

#[tokio::test]
async fn f4_a_run_tells_when_its_items_were_last_changed_and_from_where_to_where_it_went() {
    let item = |id: &str, modified: u64| {
        json!({ "id": id, "modified": modified, "kind": "SessionSeries", "state": "updated",
            "data": { "@type": "SessionSeries", "@id": format!("https://partner.example/{id}"),
                "name": "Yoga", "location": { "@type": "Place", "address": { "postalCode": "EH6 8RG" } } } })
    };
    let first = json!({ "items": [item("b", 30), item("a", 7), item("c", 100)],
        "next": "/rpde?after=100&token=tops3cret" });
    let last = json!({ "items": [], "next": "/rpde?after=100&token=tops3cret" });
    let world = World::new("/rpde", "rpde", move |received| {
        let page = if received.path.contains("after") { &last } else { &first };
        answer("200 OK", "Content-Type: application/json\r\n", page.to_string())
    })
    .await;
    let run = world.run().await;
    let modified = (run.modified.oldest.as_deref(), run.modified.newest.as_deref());
    assert_eq!(modified, (Some("7"), Some("100")));
    assert_eq!(run.cursor.before, None);
    let after = run.cursor.after.unwrap();
    assert!(after.ends_with("/rpde?after=100&token=***"), "{after}");
    let run = world.run().await;
    assert_eq!(run.cursor.before.as_deref(), Some(after.as_str()));
    assert!(run.modified.is_none(), "nothing was read");
}
