//! Contract B2 and F21: where a listing may lead; F43: hosts that are left alone.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::publisher::{World, feature};
use crate::harvest::Harvester;
use crate::harvest::fetch::tests::server::{Act, Received, Server, answer};
use crate::harvest::fetch::{Fetcher, SystemResolver};
use crate::register::ledger::{Outcome, RunKind, Trigger};

fn page(name: u32, next: Option<&str>) -> Json {
    let links: Vec<Json> =
        next.map(|href| json!({ "rel": "next", "href": href })).into_iter().collect();
    json!({ "type": "FeatureCollection", "features": [feature(name, &format!("Walk {name}"))],
        "links": links })
}

fn geojson(body: &Json) -> Vec<Act> {
    answer("200 OK", "Content-Type: application/geo+json\r\n", body.to_string())
}

/// A publisher whose second page is on another host, by its port.
async fn elsewhere() -> (World, Server) {
    let other = Server::start(|_| geojson(&page(2, None))).await;
    let next = page(1, Some(other.url("/more").as_str()));
    let world = World::new("/all", "geojson", move |_| geojson(&next)).await;
    (world, other)
}

#[tokio::test]
async fn b2_a_host_that_the_source_names_is_followed_to() {
    let (world, other) = elsewhere().await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert!(other.paths().is_empty());
    let finding = &world.findings(&run)[1];
    assert_eq!((finding.code.as_str(), finding.severity.as_str()), ("other-host", "broken"));
    assert!(finding.advice.as_ref().unwrap().contains(&other.host()), "{finding:?}");
    let named = json!({ "followHosts": [other.host()] });
    world.set_also("/all", "geojson", &named);
    // Nothing of the other host is opened that the fetcher may not ask.
    assert_eq!(other.paths(), Vec::<String>::new());
    let run = world.run().await;
    assert!(!world.codes(&run).contains(&"other-host".to_owned()));
    assert_eq!(world.codes(&run).last().map(String::as_str), Some("forbidden-port"));
}

#[tokio::test]
async fn b2_parts_on_other_hosts_are_refused_and_with_www_are_not() {
    let sitemap = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
        <url><loc>https://elsewhere.example/x</loc></url><url><loc>/page</loc></url></urlset>";
    let answers = move |received: &Received| match &*received.path {
        "/sitemap.xml" => answer("200 OK", "Content-Type: application/xml\r\n", sitemap),
        _ => answer("200 OK", "Content-Type: text/html\r\n", "<!doctype html><title>A</title>"),
    };
    let world = World::new("/sitemap.xml", "sitemap", answers).await;
    let run = world.run().await;
    assert_eq!(world.server.paths(), ["/sitemap.xml", "/page"]);
    let refused = world.findings(&run).into_iter().find(|it| it.code == "other-host").unwrap();
    assert_eq!(refused.severity, "error");
}

#[tokio::test]
async fn b2_a_file_of_a_catalogue_on_another_host_costs_the_listing() {
    let catalogue = json!({ "@type": "dcat:Catalog", "dataset": [{ "identifier": "clubs",
        "title": "Clubs", "distribution": [
            { "downloadURL": "https://elsewhere.example/clubs.csv", "mediaType": "text/csv" }] }] });
    let world = World::new("/data.json", "dcat", move |_| {
        answer("200 OK", "Content-Type: application/json\r\n", catalogue.to_string())
    })
    .await;
    let run = world.run().await;
    assert_eq!((run.outcome, run.is_complete), (Some(Outcome::Failed), false));
    assert!(
        run.reason.unwrap().contains("https://elsewhere.example/clubs.csv, is of another host")
    );
}

#[tokio::test]
async fn the_reason_of_a_run_is_what_broke_it() {
    let mut nameless = feature(1, "");
    nameless["properties"]["name"] = json!("");
    let listing = json!({ "type": "FeatureCollection", "features": [nameless, feature(2, "Walk")],
        "links": [{ "rel": "next", "href": "https://elsewhere.example/more" }] });
    let world = World::new("/all", "geojson", move |_| geojson(&listing)).await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert!(run.counts.invalid > 0, "{run:#?}");
    assert!(run.reason.unwrap().contains("another host"));
}

/// The pages that a sitemap leads to on another host, whose robots.txt is
/// `robots`, where `SITEMAP` stands for the address of the sitemap; and how
/// often that was asked for.
async fn vouched_for(robots: &'static str) -> (Vec<String>, usize) {
    let sitemap = Arc::new(Mutex::new(String::new()));
    let named = Arc::clone(&sitemap);
    let other = Server::with_robots(move |received| match &*received.path {
        "/robots.txt" => {
            let text = robots.replace("SITEMAP", &named.lock().unwrap());
            answer("200 OK", "Content-Type: text/plain\r\n", text)
        }
        _ => answer("200 OK", "Content-Type: text/html\r\n", "<!doctype html><title>A</title>"),
    })
    .await;
    let list = format!(
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
         <url><loc>{}</loc></url><url><loc>{}</loc></url></urlset>",
        other.url("/one"),
        other.url("/private/two")
    );
    let host = other.host();
    let world = World::with(
        "/sitemap.xml",
        "sitemap",
        |options| {
            options.fetch.allowed_hosts.push(host);
            Arc::new(SystemResolver)
        },
        move |_| answer("200 OK", "Content-Type: application/xml\r\n", &list),
    )
    .await;
    *sitemap.lock().unwrap() = world.server.url("/sitemap.xml").to_string();
    let run = world.run().await;
    let is_refused = run.codes.contains_key("other-host");
    assert_eq!(is_refused, other.paths().is_empty(), "{run:#?}");
    let robots = other.received().iter().filter(|it| it.path == "/robots.txt").count();
    (other.paths(), robots)
}

#[tokio::test]
async fn f21_a_sitemap_lists_pages_of_a_host_whose_robots_txt_names_it() {
    let robots = "Sitemap: SITEMAP\nUser-agent: *\nDisallow: /private/\n";
    assert_eq!(vouched_for(robots).await, (vec!["/one".to_owned()], 1));
    let other = "Sitemap: https://partner.example/sitemap.xml\n";
    assert_eq!(vouched_for(other).await, (Vec::new(), 1));
    assert_eq!(vouched_for("User-agent: *\nAllow: /\n").await, (Vec::new(), 1));
}

#[tokio::test]
async fn f43_a_host_that_wants_to_be_left_alone_is_left_alone_after_a_restart_too() {
    let world = World::new("/all.geojson", "geojson", |_| {
        answer("429 Too Many Requests", "Retry-After: 1000000000\r\n", "")
    })
    .await;
    world.run().await;
    world.harvester.keep_robots(world.harvester.now()).unwrap();
    let asked = world.server.paths().len();
    let restarted = |clock: fn() -> Timestamp| {
        let options = world.harvester.options().clone();
        let resolver = Arc::new(SystemResolver);
        let fetcher = Fetcher::with(options.fetch.clone(), 7, resolver, Vec::new()).unwrap();
        let register = Arc::clone(world.harvester.register());
        let harvester = Harvester::new(register, fetcher, options, clock, "again".to_owned());
        harvester.leave_alone().unwrap();
        harvester
    };
    let later = restarted(|| "2026-11-23T11:00:00Z".parse().unwrap());
    let run = later.run("partner", RunKind::Harvest, Trigger::Manual, &|_| {}).await.unwrap();
    assert!(run.reason.is_some_and(|reason| reason.contains("status 429")));
    assert_eq!((world.server.paths().len(), later.fetcher().resting().len()), (asked, 1));
    // After a day it is asked again.
    let after = restarted(|| "2026-11-23T12:00:01Z".parse().unwrap());
    assert_eq!(after.fetcher().resting(), []);
    after.run("partner", RunKind::Harvest, Trigger::Manual, &|_| {}).await.unwrap();
    assert_eq!(world.server.paths().len(), asked + 1);
}
