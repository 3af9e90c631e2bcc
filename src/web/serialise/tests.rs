//! One rich and one poor result in every format.

use insta::assert_snapshot;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

use super::*;
use crate::model::Metres;

const BASE: &str = "https://kist.example";

/// A mobile library stop of which everything is known.
fn rich() -> Value {
    json!({
        "id": "https://kist.example/id/asset/stop", "type": "asset",
        "name": {"gd": "Leabharlann <Siubhail>", "en": "Mobile library, Restalrig & Leith"},
        "summary": "Borrow books;\r\nreturn them, \"here\".",
        "assetType": {"id": "https://kist.example/id/category/mobile", "name": "Mobile stop"},
        "topics": [
            {"id": "https://kist.example/id/category/library", "name": "Library"},
            {"id": "https://kist.example/id/category/reading", "name": "Reading"},
        ],
        "provider": {"id": "https://kist.example/id/organisation/ecl", "name": "City Libraries"},
        "areaServed": [{"id": "https://kist.example/id/place/S12000036", "name": "Edinburgh"}],
        "online": false, "accessMode": "in-person", "status": "active",
        "cost": {"amount": "3.5", "currency": "GBP", "note": "members free"},
        "languages": ["en", "gd"],
        "locations": [
            {"name": "Church", "streetAddress": "1 Restalrig Rd", "locality": "Edinburgh",
             "postcode": "EH6 8RG", "latitude": 55.97, "longitude": -3.17},
            {"latitude": 55.96, "longitude": -3.16},
        ],
        "schedule": [
            {"byDay": ["TH"], "startTime": "14:05:00", "endTime": "14:30:00",
             "repeatFrequency": "P2W", "startDate": "2019-03-28", "endDate": "2027-06-30",
             "exceptDate": ["2026-12-24"]},
            {"byDay": ["WE"], "byMonthWeek": [1], "note": "in term"},
        ],
        "url": "https://libraries.example/stop?a=1&b=2", "telephone": "+44 131 496 0000",
        "email": "stop@libraries.example", "published": "2011", "lastReviewed": "2025-01-31",
    })
}

/// A resource of which almost nothing is known.
fn poor() -> Value {
    json!({"id": "https://kist.example/id/resource/guide", "type": "resource", "name": "=Guide",
        "url": "javascript:alert(1)", "locations": [{"latitude": 91, "longitude": 0}]})
}

/// What `format` makes of the results, with every link and addition there is.
fn written(format: Format, summaries: &[Value]) -> String {
    let summaries: Vec<Vec<u8>> =
        summaries.iter().map(|summary| summary.to_string().into_bytes()).collect();
    let items = summaries.iter().enumerate().map(|(number, summary)| Item {
        summary,
        distance: (number == 0).then(|| Metres::new(812.4).unwrap()),
        reason: (number == 0).then_some("near"),
        covers: None,
        explanation: None,
    });
    let facets = json!({"topic": {"library": 2}});
    let list = List {
        title: "Assets near Leith",
        register: "kist",
        context: "https://kist.example/context.jsonld",
        kind: "SearchResults",
        address: "https://kist.example/search.x?near=Leith&page=2",
        page: "https://kist.example/search?near=Leith&page=2",
        first: Some("https://kist.example/search.x?near=Leith"),
        previous: None,
        next: Some("https://kist.example/search.x?near=Leith&page=3"),
        total: 2,
        facets: Some(&facets),
        licence: Some("https://licence.example/"),
        language: "en",
        updated: "2026-11-20T10:00:00Z".parse().unwrap(),
        today: date(2026, 11, 21),
        document: &|id| id.replace("/id/", "/"),
        report: Some(&|id| format!("{BASE}/report?about={id}")),
        items: items.collect(),
    };
    String::from_utf8(write(format, &list).unwrap()).unwrap()
}

fn both(format: Format) -> String {
    written(format, &[rich(), poor()])
}

#[test]
fn every_format_of_the_table_writes_and_no_other() {
    for format in FORMATS {
        assert!(both(format).contains("guide"), "{}", format.name());
    }
    assert!(!FORMATS.contains(&Format::Html));
}

#[test]
fn json_splices_summaries_as_they_are() {
    let json: Value = serde_json::from_str(&both(Format::Json)).unwrap();
    let mut first = rich();
    first["distance"] = json!(812);
    first["match"] = json!("near");
    assert_eq!(json["items"], json!([first, poor()]));
    assert_snapshot!(written(Format::JsonLd, &[json!({"id": "x"}), json!([])]), @"");
}

#[test]
fn json_of_an_empty_summary_is_an_object_still() {
    let json: Value = serde_json::from_str(&written(Format::Json, &[json!({})])).unwrap();
    assert_eq!(json["items"], json!([{"distance": 812, "match": "near"}]));
}

#[test]
fn geojson_has_a_feature_for_each_result() {
    let json: Value = serde_json::from_str(&both(Format::GeoJson)).unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&json).unwrap(), @"");
}

#[test]
fn csv_has_a_row_for_each_result() {
    assert_snapshot!(both(Format::Csv).replace('\r', "␍"), @"");
}

#[test]
fn rss_has_an_item_for_each_result() {
    assert_snapshot!(both(Format::Rss), @"");
}

#[test]
fn atom_has_an_entry_for_each_result() {
    assert_snapshot!(both(Format::Atom), @"");
}

#[test]
fn calendars_have_an_event_for_each_timetable() {
    assert_snapshot!(both(Format::ICalendar).replace('\r', ""), @"");
}

#[test]
fn texts_are_in_the_language_wanted_or_in_english() {
    let summary = json!({"id": "x", "name": {"gd": "Leabharlann", "fr": "B"}, "summary": ["a"]});
    let json: Value = serde_json::from_str(&written(Format::GeoJson, &[summary])).unwrap();
    let properties = &json["features"][0]["properties"];
    assert_eq!((&properties["name"], &properties["summary"]), (&json!("Leabharlann"), &json!("a")));
}

#[test]
fn a_member_of_another_shape_costs_that_member_only() {
    let odd = json!({"id": "x", "type": 7, "name": null, "topics": {"id": 1}, "cost": [],
        "locations": "here", "schedule": [[], {"byDay": "MO"}], "online": "yes", "provider": []});
    for format in FORMATS {
        assert!(written(format, &[odd.clone(), json!("no object"), poor()]).contains("=Guide"));
    }
}

/// A summary whose every text comes from outside.
fn hostile(text: &str) -> Value {
    json!({"id": format!("urn:{text}"), "type": text, "name": text, "summary": text,
        "telephone": text, "email": text, "url": format!("https://{text}"), "published": text,
        "topics": [{"id": text, "name": text}], "cost": {"note": text}, "status": text,
        "provider": {"id": text, "name": text}, "locations": [{"streetAddress": text}],
        "schedule": [{"byDay": ["MO"], "startTime": text, "rrule": text, "note": text},
            {"byDay": ["MO"], "startTime": "10:00", "note": text}]})
}

proptest! {
    #[test]
    fn any_text_can_be_read_back_from_csv(text in "[=+'\"\r\n,;-]{0,3}\\PC{0,20}[\r\n\"]{0,2}") {
        prop_assume!(!text.trim().is_empty());
        let csv = written(Format::Csv, &[hostile(&text), poor()]);
        let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
        prop_assert_eq!(reader.headers().unwrap(), &COLUMNS[..]);
        let rows: Vec<::csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        prop_assert_eq!(rows.len(), 2);
        for column in ["name", "summary", "provider", "address", "cost", "telephone"] {
            let at = COLUMNS.iter().position(|name| *name == column).unwrap();
            prop_assert_eq!(unguard(&rows[0][at]), &text);
        }
    }

    #[test]
    fn no_text_adds_a_line_to_a_calendar(text in "(\r\n|\r|\n|;|:|,|\"|\\\\|BEGIN|END|\\PC){0,40}") {
        let calendar = written(Format::ICalendar, &[hostile(&text)]);
        let lines: Vec<&str> = calendar.strip_suffix("\r\n").unwrap().split("\r\n").collect();
        prop_assert!(lines.iter().all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
        let count = |wanted: &str| lines.iter().filter(|line| **line == wanted).count();
        prop_assert_eq!((count("BEGIN:VEVENT"), count("END:VEVENT")), (1, 1));
        let names = ["BEGIN", "END", "UID", "DTSTAMP", "DTSTART", "RRULE", "SUMMARY", "URL",
            "DESCRIPTION", "LOCATION", "GEO", "CATEGORIES", "STATUS", "TRANSP", " "];
        let event = lines.iter().skip_while(|line| **line != "BEGIN:VEVENT");
        for line in event {
            prop_assert!(names.iter().any(|name| line.starts_with(name)), "{}", line);
        }
    }

    #[test]
    fn any_text_leaves_json_and_xml_well_formed(text in any::<String>()) {
        for format in [Format::Json, Format::GeoJson] {
            prop_assert!(serde_json::from_str::<Value>(&written(format, &[hostile(&text)])).is_ok());
        }
        for format in [Format::Atom, Format::Rss] {
            let xml = written(format, &[hostile(&text)]);
            let plain = written(format, &[hostile("x")]);
            let tags = |xml: &str| xml.matches(['<', '>']).count();
            prop_assert!(tags(&xml) <= tags(&plain));
        }
    }
}
