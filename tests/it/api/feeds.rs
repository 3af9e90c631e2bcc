//! What others read: each feed by a parser that is not ours, and that it shows
//! the same entries in the same order, with licence, attribution, the day of
//! the last check and where to report a mistake.

use std::collections::{BTreeMap, BTreeSet};

use icalendar::parser::{Component, read_calendar, unfold};
use kist::graph::GraphFormat;
use kist::graph::input::{self, Contexts, Options};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Triple;
use serde_json::Value as Json;

use super::server::{BASE, TestServer};

/// Searches whose answers differ in kind, in time and in place.
const QUERIES: &[&str] = &[
    "assets{}?near=Maud&type=mobile-library-stop&limit=12",
    "assets{}?near=EH6+8RG&within=5km&limit=50",
    "search{}?q=library&limit=30",
    "resources{}?limit=40",
    "organisations{}?limit=40",
    "case-studies{}?limit=40",
    "search{}?q=nothing+has+these+words",
];

const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";
/// That of the register, and those of the sources of the seeds.
const LICENCES: &[&str] = &[
    LICENCE,
    "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "https://spdx.org/licenses/MIT",
    "not stated",
];
const ATTRIBUTION: &str = "From the community register at https://kist.example/.";

/// What a feed says of one entry.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Said {
    id: String,
    name: String,
    checked: Option<String>,
    report: String,
}

fn report(id: &str) -> String {
    let about = id.strip_prefix(&format!("{BASE}/id/")).unwrap();
    format!("{BASE}/report?about={about}")
}

/// The entries by the JSON of the API, which has its own tests.
async fn expected(server: &TestServer, query: &str) -> Vec<Said> {
    let json = server.json(&format!("/api/v1/{}", query.replace("{}", ".json"))).await;
    assert_eq!(json["licence"], LICENCE);
    assert!(json["attribution"].as_str().unwrap().starts_with(ATTRIBUTION));
    let name = |name: &Json| {
        let english = name.get("en").or_else(|| name.as_object()?.values().next());
        english.unwrap_or(name).as_str().unwrap().to_owned()
    };
    json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let id = item["id"].as_str().unwrap().to_owned();
            Said {
                name: name(&item["name"]),
                checked: item["lastReviewed"].as_str().map(str::to_owned),
                report: report(&id),
                id,
            }
        })
        .collect()
}

async fn fed(server: &TestServer, query: &str, suffix: &str) -> Vec<u8> {
    let answer = server.get(&format!("/api/v1/{}", query.replace("{}", suffix))).await;
    assert_eq!(answer.status, 200, "{query} {suffix}");
    answer.body.to_vec()
}

#[tokio::test]
async fn rss_is_read_by_others() {
    let server = TestServer::seeded();
    for query in QUERIES {
        let bytes = fed(&server, query, ".rss").await;
        let channel = rss::Channel::read_from(&*bytes).unwrap();
        let copyright = channel.copyright().unwrap();
        assert!(copyright.starts_with(ATTRIBUTION) && copyright.ends_with(LICENCE), "{copyright}");
        let said: Vec<Said> = channel
            .items()
            .iter()
            .map(|item| {
                let checked = item
                    .extensions()
                    .get("kist")
                    .and_then(|kist| kist.get("lastReviewed")?.first()?.value().map(str::to_owned));
                Said {
                    id: item.guid().unwrap().value().to_owned(),
                    name: item.title().unwrap().to_owned(),
                    checked,
                    report: item.comments().unwrap().to_owned(),
                }
            })
            .collect();
        assert_eq!(said, expected(&server, query).await, "{query}");
        let feed = feedparser_rs::parse(&bytes).unwrap();
        assert!(!feed.bozo, "{query}: {:?}", feed.bozo_exception);
        assert_eq!(feed.entries.len(), said.len());
        assert!(feed.entries.iter().all(|entry| entry.link.is_some()));
    }
}

#[tokio::test]
async fn atom_is_read_by_others() {
    let server = TestServer::seeded();
    for query in QUERIES {
        let bytes = fed(&server, query, ".atom").await;
        let feed = atom_syndication::Feed::read_from(&*bytes).unwrap();
        assert!(feed.rights().unwrap().value.starts_with(ATTRIBUTION));
        assert!(feed.links().iter().any(|link| link.rel() == "license" && link.href() == LICENCE));
        let said: Vec<Said> = feed
            .entries()
            .iter()
            .map(|entry| {
                let report = entry.links().iter().find(|it| it.title() == Some("Report a mistake"));
                let checked = entry
                    .extensions()
                    .get("kist")
                    .and_then(|kist| kist.get("lastReviewed")?.first()?.value().map(str::to_owned));
                Said {
                    id: entry.id().to_owned(),
                    name: entry.title().as_str().to_owned(),
                    checked,
                    report: report.unwrap().href().to_owned(),
                }
            })
            .collect();
        assert_eq!(said, expected(&server, query).await, "{query}");
        let again = feedparser_rs::parse(&bytes).unwrap();
        assert!(!again.bozo, "{query}: {:?}", again.bozo_exception);
        assert!(again.entries.iter().all(|entry| entry.updated.is_some()));
    }
}

#[tokio::test]
async fn a_json_feed_is_read_by_others() {
    let server = TestServer::seeded();
    for query in QUERIES {
        let bytes = fed(&server, query, ".feed.json").await;
        let feed = feedparser_rs::parse(&bytes).unwrap();
        assert!(!feed.bozo, "{query}: {:?}", feed.bozo_exception);
        assert_eq!(feed.version.to_string(), "json11");
        let ids: Vec<String> =
            feed.entries.iter().map(|entry| entry.id.as_ref().unwrap().to_string()).collect();
        let json: Json = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(json["_kist"]["licence"], LICENCE);
        assert!(json["user_comment"].as_str().unwrap().starts_with(ATTRIBUTION));
        let said: Vec<Said> = json["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                // The version 1.1 asks for an id that is text, and a content.
                assert!(item["content_html"].is_string(), "{item}");
                Said {
                    id: item["id"].as_str().unwrap().to_owned(),
                    name: item["title"].as_str().unwrap().to_owned(),
                    checked: item["_kist"]["checked"].as_str().map(str::to_owned),
                    report: item["_kist"]["report"].as_str().unwrap().to_owned(),
                }
            })
            .collect();
        let expected = expected(&server, query).await;
        assert_eq!(said, expected, "{query}");
        assert_eq!(ids, expected.into_iter().map(|said| said.id).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn geojson_is_read_by_others() {
    let server = TestServer::seeded();
    for query in QUERIES {
        let bytes = fed(&server, query, ".geojson").await;
        let text = String::from_utf8(bytes).unwrap();
        let Ok(geojson::GeoJson::FeatureCollection(collection)) = text.parse() else {
            panic!("{query} is no feature collection")
        };
        let members = collection.foreign_members.as_ref().unwrap();
        let licence = members["licence"].as_str().unwrap();
        assert!(
            [LICENCE, "not stated", "MIT", "Open Government Licence v3.0"].contains(&licence),
            "{licence}"
        );
        assert!(members["attribution"].as_str().unwrap().starts_with(ATTRIBUTION));
        let report = members["report"].as_str().unwrap();
        let said: Vec<Said> = collection
            .features
            .iter()
            .map(|feature| {
                let property =
                    |name: &str| feature.property(name).and_then(Json::as_str).map(str::to_owned);
                let Some(geojson::feature::Id::String(id)) = &feature.id else {
                    panic!("{query}: a feature has no id")
                };
                Said {
                    id: id.clone(),
                    name: property("name").unwrap(),
                    checked: property("lastReviewed"),
                    report: report.replace("{id}", id.rsplit_once("/id/").unwrap().1),
                }
            })
            .collect();
        assert_eq!(said, expected(&server, query).await, "{query}");
    }
}

#[tokio::test]
async fn csv_is_read_by_others() {
    let server = TestServer::seeded();
    for query in QUERIES {
        let bytes = fed(&server, query, ".csv").await;
        let mut reader = csv::Reader::from_reader(&*bytes);
        let said: Vec<Said> = reader
            .deserialize::<BTreeMap<String, String>>()
            .map(|row| {
                let row = row.unwrap();
                assert!(LICENCES.contains(&row["licence"].as_str()), "{}", row["licence"]);
                assert!(!row["attribution"].is_empty(), "{row:?}");
                Said {
                    id: row["id"].clone(),
                    name: row["name"].clone(),
                    checked: Some(row["last_reviewed"].clone()).filter(|day| !day.is_empty()),
                    report: row["report"].clone(),
                }
            })
            .collect();
        assert_eq!(said, expected(&server, query).await, "{query}");
    }
}

#[tokio::test]
async fn turtle_and_json_ld_say_the_same_triples_to_parsers_of_rdf() {
    let server = TestServer::seeded();
    let context = server.json("/ns/context.jsonld").await.to_string();
    let address = format!("{BASE}/ns/context.jsonld");
    let contexts = Contexts::new([(address.as_str(), context.as_str())]);
    for query in QUERIES {
        let turtle = fed(&server, query, ".ttl").await;
        let triples: Vec<Triple> = RdfParser::from_format(RdfFormat::Turtle)
            .for_slice(&turtle)
            .map(|quad| Triple::from(quad.unwrap()))
            .collect();
        let json = fed(&server, query, ".jsonld").await;
        let options = Options::default();
        let quads = input::parse(&json, GraphFormat::JsonLd, None, &contexts, &options).unwrap();
        // The address of a list says its format.
        let same = |triple: &Triple| {
            (triple.predicate.to_string(), triple.object.to_string().replace(".jsonld", ".ttl"))
        };
        let named = |triple: &&Triple| triple.subject.is_named_node();
        let of_turtle: BTreeSet<_> = triples.iter().filter(named).map(same).collect();
        let of_json: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        let of_json: BTreeSet<_> = of_json.iter().filter(named).map(same).collect();
        assert_eq!(of_turtle.len(), of_json.len(), "{query}");
        for said in expected(&server, query).await {
            let is_named = triples.iter().any(|triple| {
                triple.subject.to_string() == format!("<{}>", said.id)
                    && triple.object.to_string().contains(&said.name.replace('"', "\\\""))
            });
            assert!(is_named, "{query}: {said:?}");
        }
    }
}

/// The value of a property, which must be there.
fn value(component: &Component<'_>, name: &str) -> String {
    let property = component.find_prop(name);
    property.unwrap_or_else(|| panic!("no {name} in {component:?}")).val.to_string()
}

#[tokio::test]
async fn a_calendar_is_read_by_others() {
    let server = TestServer::seeded();
    for query in QUERIES {
        let bytes = fed(&server, query, ".ics").await;
        let text = unfold(&String::from_utf8(bytes).unwrap());
        let calendar = read_calendar(&text).unwrap();
        let property = |name: &str| {
            let found = calendar.properties.iter().find(|property| property.name == name);
            found.map(|property| property.val.to_string()).unwrap()
        };
        assert!(property("DESCRIPTION").contains(LICENCE), "{}", property("DESCRIPTION"));
        assert_eq!(property("X-KIST-LICENCE"), LICENCE);
        let named = |name: &'static str| {
            calendar.components.iter().filter(move |component| component.name == name)
        };
        assert_eq!(
            named("VTIMEZONE").map(|zone| value(zone, "TZID")).collect::<Vec<_>>(),
            ["Europe/London"]
        );
        let known: BTreeMap<String, Said> = expected(&server, query)
            .await
            .into_iter()
            .map(|said| (said.id.clone(), said))
            .collect();
        let mut seen = BTreeSet::new();
        for event in named("VEVENT") {
            let uid = value(event, "UID");
            assert!(seen.insert(uid.clone()), "{uid} comes twice");
            let said = &known[uid.split_once('#').unwrap().0];
            assert_eq!(value(event, "X-KIST-REPORT"), said.report);
            let start = event.find_prop("DTSTART").unwrap();
            let parameter = start.params.first().unwrap();
            let zone = (parameter.key.as_str(), parameter.val.as_ref().unwrap().as_str());
            assert!([("TZID", "Europe/London"), ("VALUE", "DATE")].contains(&zone), "{start:?}");
            if let Some(rule) = event.find_prop("RRULE") {
                assert!(rule.val.as_str().starts_with("FREQ="), "{rule:?}");
            }
        }
        if query.contains("mobile-library-stop") {
            assert!(seen.len() >= 12, "{query}: {seen:?}");
        }
    }
}

#[tokio::test]
async fn the_page_to_report_a_mistake_says_whom_to_tell() {
    let server = TestServer::seeded();
    let list = server.json("/api/v1/assets.json?near=Portree&limit=1").await;
    let id = list["items"][0]["id"].as_str().unwrap();
    let path = report(id).replace(BASE, "");
    let page = server.get(&path).await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("mailto:bot@kist.example?subject=Report"), "{text}");
    assert!(text.contains(list["items"][0]["name"].as_str().unwrap()));
    for (path, status) in
        [("/report", 200), ("/report?about=asset/none", 404), ("/report?about=!", 404)]
    {
        assert_eq!(server.get(path).await.status, status, "{path}");
    }
    let form = server.json("/near/Portree.geojson?limit=1").await;
    let by_iri = form["report"].as_str().unwrap().replace("{id}", id).replace(BASE, "");
    let by_iri = server.get(&by_iri.replace("?about=", &format!("?about={BASE}"))).await;
    assert_eq!(by_iri.text(), text, "the whole identity of a feature leads there too");
    let elsewhere = server.get("/report?about=https://other.example/id/asset/a").await;
    assert_eq!(elsewhere.status, 200);
    let record = server.get(&id.replace(&format!("{BASE}/id/asset"), "/assets")).await;
    assert!(record.text().contains(&path), "the page of the record leads there");
}
