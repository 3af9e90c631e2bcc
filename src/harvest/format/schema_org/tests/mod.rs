//! Pages as partners write them, read by the format `html`.

mod bounds;
mod details;

use serde_json::{Value as Json, json};

use crate::harvest::document::Document;
use crate::harvest::extraction::{Extraction, Role};
use crate::harvest::format::{Reading, html};

fn fixture(case: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    std::fs::read_to_string(format!("{root}/tests/fixtures/harvest/html/{case}/input.html"))
        .unwrap()
}

fn read_at(address: &str, html: &str) -> Extraction {
    let now = "2026-11-22T10:00:00Z".parse().unwrap();
    let document = Document {
        url: address.parse().unwrap(),
        media_type: Some("text/html".to_owned()),
        charset: None,
        bytes: html.as_bytes().to_vec(),
        retrieved_at: now,
    };
    (html::FORMAT.extract)(&document, &Reading::plain(now))
}

fn read(case: &str) -> Extraction {
    read_at("https://whatson.example/whats-on", &fixture(case))
}

/// A page with one script of JSON-LD.
fn read_json(json: &Json) -> Extraction {
    let html = format!(r#"<html><script type="application/ld+json">{json}</script></html>"#);
    read_at("https://whatson.example/whats-on", &html)
}

fn codes(extraction: &Extraction) -> Vec<&str> {
    extraction.problems.iter().map(|problem| problem.code.as_str()).collect()
}

/// The drafts as JSON: kind, key, fields, and what else is there.
fn told(extraction: &Extraction) -> Json {
    let draft = |draft: &crate::harvest::extraction::Draft| {
        let mut told = json!({"kind": draft.kind, "key": draft.key, "fields": draft.fields});
        if let Some(modified) = &draft.modified {
            told["modified"] = json!(modified);
        }
        let terms: Vec<String> =
            draft.terms.iter().map(|term| format!("{}: {}", term.field, term.label)).collect();
        if !terms.is_empty() {
            told["terms"] = json!(terms);
        }
        let links: Vec<String> =
            draft.links.iter().map(|link| format!("{} → {}", link.field, link.key)).collect();
        if !links.is_empty() {
            told["links"] = json!(links);
        }
        told
    };
    extraction.drafts.iter().map(draft).collect()
}

/// The field of the draft with this key.
#[track_caller]
fn field<'a>(extraction: &'a Extraction, key: &str, field: &str) -> &'a Json {
    let draft = extraction.drafts.iter().find(|draft| draft.key == key);
    let draft = draft.unwrap_or_else(|| panic!("no {key} in {:#}", told(extraction)));
    draft.fields.get(field).unwrap_or(&Json::Null)
}

#[track_caller]
fn check(extraction: &Extraction, expected: Json, problems: &[&str]) {
    let told = told(extraction);
    assert_eq!(told, expected, "\n{told:#}");
    assert_eq!(codes(extraction), problems, "{:#?}", extraction.problems);
}

#[test]
fn an_event_of_a_plugin_gives_the_event_and_its_organisation() {
    let read = read("json-ld-event");
    check(
        &read,
        json!([
            {
                "kind": "organisation",
                "key": "https://leithshore.example/#organization",
                "fields": {
                    "name": "Leith Shore Community Centre",
                    "url": "https://leithshore.example/",
                    "email": "hello@leithshore.example",
                    "telephone": "0131 496 0123",
                    "socialLinks": ["https://www.facebook.com/leithshore"],
                    "sameAs": ["https://www.wikidata.org/wiki/Q1"],
                    "identifiers": [{"register": "GB-SC", "value": "SC099999"}],
                    "logo": {
                        "contentUrl": "https://leithshore.example/logo.png",
                        "alternativeText": "Leith Shore",
                    },
                    "locations": [{
                        "streetAddress": "1 Shore Place",
                        "locality": "Edinburgh",
                        "postcode": "EH6 6SW",
                        "country": "GB",
                    }],
                },
            },
            {
                "kind": "asset",
                "key": "https://leithshore.example/events/blether-cafe/#event",
                "fields": {
                    "name": "Blether Café",
                    "description": "<p>Tea, soup &amp; a blether. No need to book.</p>",
                    "url": "https://leithshore.example/events/blether-cafe/",
                    "assetType": "event",
                    "status": "active",
                    "locations": [{
                        "name": "Newhaven Church Hall",
                        "streetAddress": "7 Craighall Road",
                        "locality": "Edinburgh",
                        "region": "City of Edinburgh",
                        "postcode": "EH6 4ND",
                        "country": "GB",
                        "latitude": 55.9785,
                        "longitude": -3.1921,
                    }],
                    "accessMode": "in-person",
                    "schedule": [{
                        "byDay": ["TH"],
                        "startTime": "12:00",
                        "endTime": "14:00",
                        "repeatFrequency": "P1W",
                        "startDate": "2026-09-03",
                        "endDate": "2027-06-24",
                        "exceptDate": ["2026-12-24", "2026-12-31"],
                    }],
                    "cost": {"free": true},
                    "minimumAge": 50,
                    "languages": ["en", "gd"],
                    "media": [{"contentUrl": "https://leithshore.example/media/blether.jpg"}],
                },
                "modified": "2026-11-01T09:30:00+00:00",
                "terms": [
                    "audience: Older people",
                    "topics: loneliness",
                    "topics: lunch club",
                    "accessibility: Step-free access",
                ],
                "links": ["provider → https://leithshore.example/#organization"],
            },
        ]),
        &[],
    );
    assert_eq!(read.about.title.as_deref(), Some("Leith Shore Community Centre"));
}

#[test]
fn broken_json_ld_is_put_right_and_said() {
    let read = read("json-ld-broken");
    let key = "https://govanhilladvice.example/drop-in";
    assert_eq!(
        codes(&read),
        ["json-ld-repaired", "json-ld-fault", "bad-json-ld", "position-swapped"]
    );
    assert!(read.problems[1].what.contains("contexts.example/private"));
    assert_eq!(read.problems[2].at, "JSON-LD script 3");
    assert_eq!(
        field(&read, key, "description"),
        "Help with bills, debt and benefits.\nBring your letters."
    );
    assert_eq!(
        field(&read, key, "schedule"),
        &json!([{"byDay": ["MO", "WE"], "startTime": "10:00", "endTime": "12:30"}])
    );
    assert_eq!(
        field(&read, key, "locations"),
        &json!([{
            "name": "Govanhill Neighbourhood Centre",
            "postcode": "G42 8JL",
            "streetAddress": "6 Daisy Street, Glasgow, G42 8JL",
            "latitude": 55.836,
            "longitude": -4.258,
        }])
    );
    assert_eq!(field(&read, key, "telephone"), "01414960001");
    assert_eq!(field(&read, "https://govanhilladvice.example/", "name"), "Govanhill Advice");
}

#[test]
fn a_list_gives_its_events_and_goes_on() {
    let read = read("json-ld-listing");
    assert_eq!(codes(&read), Vec::<&str>::new());
    let keys: Vec<&str> = read.drafts.iter().map(|draft| draft.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "https://whatson.example/whats-on/gaelic-singing",
            "https://whatson.example/#organisation-comunn-eilean-an-fhraoich",
            "https://whatson.example/whats-on/walking-football",
        ]
    );
    let football = "https://whatson.example/whats-on/walking-football";
    assert_eq!(
        field(&read, football, "schedule"),
        &json!([
            {"startDate": "2026-12-02", "startTime": "10:00", "endTime": "11:00"},
            {"startDate": "2026-12-09", "startTime": "10:00", "endTime": "11:00"},
        ])
    );
    let cost = json!({"free": false, "note": "Adult: £3.50; Over 60: £2"});
    assert_eq!(field(&read, football, "cost"), &cost);
    let follow: Vec<(&str, &Role)> =
        read.follow.iter().map(|follow| (follow.url.as_str(), &follow.role)).collect();
    assert_eq!(
        follow,
        [
            ("https://whatson.example/whats-on?page=2", &Role::Next),
            ("https://whatson.example/whats-on/knitting", &Role::Part),
        ]
    );
}

#[test]
fn a_page_that_is_no_list_is_not_gone_on_from() {
    let html = r#"<html><head><title>Blog</title><meta name="description" content="News">
        <link rel="next" href="/page/2"></head></html>"#;
    assert_eq!(read_at("https://whatson.example/blog", html).follow, vec![]);
}

#[test]
fn e2_the_venue_is_never_taken_from_the_footer() {
    let read = read("microdata-service");
    let key = "https://taytogether.example/services/befriending";
    assert_eq!(codes(&read), Vec::<&str>::new());
    assert_eq!(field(&read, key, "locations"), &Json::Null);
    assert_eq!(field(&read, key, "minimumAge"), 65);
    assert_eq!(field(&read, key, "languages"), &json!(["en", "pl"]));
    let base = read.drafts[0].base.as_ref().unwrap();
    assert_eq!(base.as_str(), "https://taytogether.example/services/");
    let organisation = "https://taytogether.example/";
    assert_eq!(
        field(&read, organisation, "locations"),
        &json!([{"streetAddress": "3 Nethergate", "locality": "Dundee", "postcode": "DD1 4ET"}])
    );
    assert_eq!(read.drafts[0].links[0].key, organisation);
    let areas: Vec<&str> = read.drafts[0]
        .terms
        .iter()
        .filter(|term| term.field == "areaServed")
        .map(|term| term.label.as_str())
        .collect();
    assert_eq!(areas, ["Dundee", "Angus"]);
}

#[test]
fn a_hall_in_rdfa_has_its_hours_and_its_place() {
    let read = read("rdfa-hall");
    let key = "https://strathhall.example/#hall";
    assert_eq!(codes(&read), Vec::<&str>::new());
    assert_eq!(field(&read, key, "assetType"), "community-building");
    assert_eq!(
        field(&read, key, "schedule"),
        &json!([
            {"byDay": ["MO", "TU", "WE", "TH", "FR"], "startTime": "09:00", "endTime": "21:00"},
            {"byDay": ["SA", "SU"], "startTime": "10:00", "endTime": "16:00"},
        ])
    );
    let gaelic = json!([{"gd": "Talla Baile an t-Sratha Mhòir"}]);
    assert_eq!(field(&read, key, "alternateName"), &gaelic);
    assert_eq!(field(&read, key, "telephone"), "+441997496000");
    assert_eq!(field(&read, key, "locations")[0]["latitude"], 57.5889);
}

#[test]
fn a_page_with_a_described_head_is_a_resource() {
    let read = read("open-graph-article");
    check(
        &read,
        json!([{
            "kind": "resource",
            "key": "https://whatson.example/blog/community-fridge",
            "fields": {
                "name": "How we ran a community fridge",
                "description": "What a year of running a community fridge taught us: rotas, food safety & friends.",
                "url": "https://whatson.example/blog/community-fridge",
                "resourceType": "article",
                "published": "2026-03-14",
                "languages": ["en", "gd"],
                "licence": "https://creativecommons.org/licenses/by/4.0/",
                "mediaType": "text/html",
            },
            "modified": "2026-04-02T10:11:12+00:00",
            "terms": ["topics: food", "topics: volunteering"],
        }]),
        &[],
    );
    assert_eq!(read.about.hubs[0].as_str(), "https://hub.example/");
}

#[test]
fn of_several_syntaxes_json_ld_is_believed_first_and_open_graph_last() {
    check(
        &read("several-syntaxes"),
        json!([{
            "kind": "asset",
            "key": "https://shed.example/open-day",
            "fields": {
                "name": "Men's shed open day",
                "description": "From microdata.",
                "url": "https://shed.example/open-day",
                "assetType": "event",
                "locations": [{"name": "The Shed, Oban", "postcode": "PA34 4AA"}],
                "schedule": [{"startDate": "2026-12-05", "startTime": "10:00", "endTime": "15:00"}],
                "cost": {"free": true},
                "media": [{
                    "contentUrl": "https://shed.example/shed.jpg",
                    "alternativeText": "Three men at a bench",
                }],
            },
        }]),
        &[],
    );
}

#[test]
fn an_event_on_the_web_has_no_place_whatever_its_office_is() {
    let read = read("online-event");
    let key = "https://whatson.example/whats-on#evening";
    assert_eq!(field(&read, key, "locations"), &Json::Null);
    assert_eq!(field(&read, key, "online"), true);
    assert_eq!(field(&read, key, "accessMode"), "remote");
    assert_eq!(field(&read, key, "status"), "paused");
}

#[test]
fn times_that_contradict_the_zone_are_told_and_an_end_before_the_start_is_left_out() {
    let read = read("online-event");
    let key = "https://whatson.example/whats-on#evening";
    assert_eq!(
        codes(&read),
        ["offset-contradicts-zone", "offset-contradicts-zone", "end-before-start"]
    );
    assert!(read.problems.iter().all(|problem| problem.key.as_deref() == Some(key)));
    let schedule = json!([{"startDate": "2026-07-07", "startTime": "20:00"}]);
    assert_eq!(field(&read, key, "schedule"), &schedule);
}

#[test]
fn a_day_without_a_time_stays_a_day() {
    let read = read_json(&json!({
        "@context": "https://schema.org", "@type": "Event", "name": "Gala day",
        "startDate": "2026-06-06", "endDate": "2026-06-07",
    }));
    let schedule = json!([{"startDate": "2026-06-06", "endDate": "2026-06-07"}]);
    assert_eq!(field(&read, "https://whatson.example/whats-on", "schedule"), &schedule);
}

#[test]
fn an_organisation_has_its_numbers_contacts_and_offers_but_no_person() {
    let read = read("organisation-graph");
    let key = "https://cowaltransport.example/#us";
    assert_eq!(codes(&read), ["bad-position"]);
    assert_eq!(
        field(&read, key, "identifiers"),
        &json!([
            {"register": "GB-SC", "value": "SC088888"},
            {"register": "GB-COH", "value": "SC123456"},
        ])
    );
    assert_eq!(
        field(&read, key, "contactPoints"),
        &json!([{
            "role": "Bookings",
            "telephone": "+44 1369 496000",
            "email": "book@cowaltransport.example",
        }])
    );
    assert_eq!(field(&read, key, "areaServed"), &json!(["place/S12000035"]));
    let bus = "https://cowaltransport.example/dial-a-bus";
    let cost = json!({"free": false, "amount": "2.50", "currency": "GBP"});
    assert_eq!(field(&read, bus, "cost"), &cost);
    let bus = read.drafts.iter().find(|draft| draft.key == bus).unwrap();
    assert_eq!(bus.links[0].key, key);
    assert!(!told(&read).to_string().contains("Ina Example"));
}

#[test]
fn a_page_that_describes_nothing_gives_a_warning() {
    check(&read("nothing"), json!([]), &["no-structured-data"]);
}
