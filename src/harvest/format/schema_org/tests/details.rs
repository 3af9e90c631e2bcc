//! Single traits of what partners write.

use serde_json::json;

use super::{check, codes, field, read, read_at, read_json, told};

#[test]
fn the_same_organisation_without_an_address_is_one() {
    let read = read_json(&json!({"@context": "https://schema.org", "@graph": [
        {"@type": "Event", "@id": "#a", "name": "A", "startDate": "2026-12-01",
         "organizer": {"@type": "Organization", "name": "Tweed Walkers", "email": "w@tweed.example"}},
        {"@type": "NGO", "@id": "https://tweed.example/#us", "name": "Tweed Walkers"},
    ]}));
    assert_eq!(read.drafts.len(), 2);
    let key = "https://tweed.example/#us";
    assert_eq!(field(&read, key, "email"), "w@tweed.example");
    let event = read.drafts.iter().find(|draft| draft.kind == "asset").unwrap();
    assert_eq!(event.links[0].key, key);
}

#[test]
fn the_middle_of_a_shape_is_where_a_thing_is_and_says_that_it_was_worked_out() {
    let shape = |shape: serde_json::Value| json!({"@type": "Place", "name": "Park", "geo": shape});
    let read = read_json(&json!({"@context": "https://schema.org", "@graph": [
        {"@type": "Service", "@id": "#circle", "name": "A",
         "areaServed": {"@type": "GeoCircle", "geoRadius": 5000,
             "geoMidpoint": {"@type": "GeoCoordinates", "latitude": 57.5, "longitude": -6.5}}},
        {"@type": "Service", "@id": "#box", "name": "B",
         "areaServed": shape(json!({"@type": "GeoShape", "box": "56.0,-4.0 57.0,-3.0"}))},
        {"@type": "Event", "@id": "#polygon", "name": "C", "startDate": "2026-12-01",
         "location": shape(json!({"@type": "GeoShape", "polygon": "56 -4 56 -3 57 -3 57 -4 56 -4"}))},
        {"@type": "Service", "@id": "#bad", "name": "D",
         "areaServed": {"@type": "GeoShape", "polygon": "here and there"}},
    ]}));
    let key = |key: &str| format!("https://whatson.example/whats-on#{key}");
    let middle = |latitude: f64, longitude: f64| json!({ "latitude": latitude, "longitude": longitude, "positionFrom": "outline" });
    let mut park = middle(56.5, -3.5);
    park["name"] = json!("Park");
    assert_eq!(field(&read, &key("polygon"), "locations"), &json!([park]));
    // Of what is served, it may be needed.
    for (thing, expected) in [
        ("circle", vec![middle(57.5, -6.5)]),
        ("box", vec![middle(56.5, -3.5)]),
        ("bad", Vec::new()),
    ] {
        let draft = read.drafts.iter().find(|draft| draft.key == key(thing)).unwrap();
        assert_eq!(draft.outlines_served, expected, "{thing}");
        assert_eq!(draft.fields.get("locations"), None, "{thing}");
    }
}

#[test]
fn events_of_one_name_on_different_days_stay_apart() {
    let event = |day: &str| json!({"@type": "Event", "name": "Yoga", "startDate": day});
    let read = read_json(&json!({
        "@context": "https://schema.org",
        "@graph": [event("2026-12-01"), event("2026-12-08"), event("2026-12-08")],
    }));
    let keys: Vec<&str> = read.drafts.iter().map(|draft| draft.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "https://whatson.example/whats-on#yoga-2026-12-01",
            "https://whatson.example/whats-on#yoga-2026-12-08",
        ]
    );
    assert_eq!(codes(&read), ["same-twice"]);
}

#[test]
fn a_thing_without_a_name_or_a_key_is_left_out_with_a_problem() {
    let read = read_json(&json!({"@context": "https://schema.org", "@graph": [
        {"@type": "Service", "@id": "#nameless", "description": "Something"},
        {"@type": "Event", "startDate": "2026-12-01"},
        {"@type": "Event", "startDate": "2026-12-02"},
    ]}));
    assert_eq!(read.drafts.len(), 0);
    assert_eq!(codes(&read), ["nameless", "nameless", "no-name", "no-structured-data"]);
}

#[test]
fn numbers_of_json_are_written_as_people_write_them() {
    let read = read_json(&json!({
        "@context": "https://schema.org", "@type": "Service", "@id": "#s", "name": "Lunch",
        "offers": {"@type": "Offer", "price": 3.5, "priceCurrency": "GBP"},
        "geo": {"latitude": 55.5, "longitude": -3.5},
    }));
    let cost = json!({"free": false, "amount": "3.5", "currency": "GBP"});
    assert_eq!(field(&read, "https://whatson.example/whats-on#s", "cost"), &cost);
}

#[test]
fn times_are_read_through_many_spellings_of_opening_hours() {
    let read = read_json(&json!({
        "@context": "https://schema.org", "@type": "Library", "@id": "#l", "name": "Library",
        "openingHours": ["Mo-We 9:00-12:30,13:30-17:00; Th closed", "Fr 10am-1pm", "by appointment"],
    }));
    assert_eq!(
        field(&read, "https://whatson.example/whats-on#l", "schedule"),
        &json!([
            {"byDay": ["MO", "TU", "WE"], "startTime": "09:00", "endTime": "12:30"},
            {"byDay": ["MO", "TU", "WE"], "startTime": "13:30", "endTime": "17:00"},
            {"byDay": ["FR"], "startTime": "10:00", "endTime": "13:00"},
        ])
    );
    assert_eq!(codes(&read), ["bad-opening-hours"]);
}

#[test]
fn a_page_that_names_the_home_page_as_itself_is_not_believed() {
    let html = r#"<html><head><title>Choir</title><meta name="description" content="We sing.">
        <link rel="canonical" href="https://whatson.example/"></head></html>"#;
    let read = read_at("https://whatson.example/choir", html);
    assert_eq!(read.drafts[0].key, "https://whatson.example/choir");
    assert_eq!(codes(&read), ["bad-canonical"]);
}

#[test]
fn hostile_addresses_never_become_links() {
    let read = read_json(&json!({
        "@context": "https://schema.org", "@type": "Event", "@id": "#e", "name": "X",
        "url": "javascript:alert(1)", "image": "data:text/html,x", "startDate": "2026-12-01",
    }));
    let told = told(&read).to_string();
    assert!(!told.contains("javascript") && !told.contains("data:"), "{told}");
}

#[test]
fn what_a_page_says_of_another_site_never_becomes_that_sites_identity() {
    let read = read_json(&json!({"@context": "https://schema.org", "@graph": [
        {"@type": "NGO", "@id": "https://other.example/#us", "name": "Other"},
    ]}));
    assert_eq!(read.drafts[0].key, "https://other.example/#us");
    assert_eq!(read.drafts[0].id, None);
}

#[test]
fn a_flood_of_same_as_is_cut_to_registers_and_social_networks() {
    let same: Vec<String> = (0..5_000).map(|n| format!("https://x{n}.example/")).collect();
    let mut json = json!({
        "@context": "https://schema.org", "@type": "NGO", "@id": "#n", "name": "Flood",
    });
    json["sameAs"] = json!(same);
    let read = read_json(&json);
    let key = "https://whatson.example/whats-on#n";
    assert_eq!(field(&read, key, "sameAs"), &json!(null));
    assert_eq!(field(&read, key, "socialLinks"), &json!(null));
}

#[test]
fn a_library_that_is_the_place_of_an_event_is_a_library_too() {
    let read = read_json(&json!({"@context": "https://schema.org", "@graph": [
        {"@type": "Library", "@id": "#library", "name": "Wick Library",
         "address": {"@type": "PostalAddress", "postalCode": "KW1 4AB"}},
        {"@type": "Event", "@id": "#e", "name": "Bookbug", "startDate": "2026-12-01",
         "location": {"@id": "#library"}},
        {"@type": "Event", "@id": "#f", "name": "Ceilidh", "startDate": "2026-12-01",
         "location": {"@type": "Place", "@id": "#hall", "name": "Hall"}},
    ]}));
    let names: Vec<_> = read.drafts.iter().map(|draft| draft.fields["name"].clone()).collect();
    assert_eq!(names, ["Wick Library", "Bookbug", "Ceilidh"]);
    assert_eq!(
        field(&read, "https://whatson.example/whats-on#library", "assetType"),
        "library-venue"
    );
}

#[test]
fn dates_of_a_series_that_are_cancelled_are_left_out() {
    let read = read_json(&json!({
        "@context": "https://schema.org", "@type": "EventSeries", "@id": "#s", "name": "Tai chi",
        "subEvent": [
            {"@type": "Event", "startDate": "2026-12-01"},
            {"@type": "Event", "startDate": "2026-12-08", "eventStatus": "EventCancelled"},
        ],
    }));
    let schedule = json!([{"startDate": "2026-12-01"}]);
    assert_eq!(field(&read, "https://whatson.example/whats-on#s", "schedule"), &schedule);
}

#[test]
fn a_monthly_schedule_has_its_week() {
    let read = read_json(&json!({
        "@context": "https://schema.org", "@type": "Event", "@id": "#s", "name": "Repair café",
        "eventSchedule": {"@type": "Schedule", "repeatFrequency": "P1M", "byDay": "2SA",
                          "startTime": "10:00:00", "duration": "PT2H30M"},
    }));
    assert_eq!(
        field(&read, "https://whatson.example/whats-on#s", "schedule"),
        &json!([{"byDay": ["SA"], "byMonthWeek": [2], "startTime": "10:00", "endTime": "12:30",
                 "repeatFrequency": "P1M"}])
    );
}

#[test]
fn a_page_of_another_format_is_not_taken_for_html() {
    let sure = |media_type: Option<&str>, text: &str| {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let document = crate::harvest::document::Document {
            url: "https://a.example/".parse().unwrap(),
            media_type: media_type.map(str::to_owned),
            charset: None,
            bytes: text.as_bytes().to_vec(),
            retrieved_at: now,
        };
        (crate::harvest::format::html::FORMAT.recognises)(&document)
    };
    assert_eq!(sure(None, "<!DOCTYPE html><p>x"), 60);
    assert_eq!(sure(Some("text/html"), "\u{feff} <HTML>"), 70);
    assert_eq!(sure(None, "<?xml version='1.0'?><html xmlns='x'>"), 60);
    assert_eq!(sure(None, "<?xml version='1.0'?><rss><![CDATA[<html>"), 0);
    assert_eq!(sure(Some("application/json"), "{}"), 0);
}

#[test]
fn a_course_has_the_times_and_places_of_its_runs() {
    let read = read_json(&json!({
        "@context": "https://schema.org", "@type": "Course", "@id": "#c", "name": "First aid",
        "provider": {"@type": "NGO", "name": "Skye Aid", "url": "https://skyeaid.example/"},
        "hasCourseInstance": {
            "@type": "CourseInstance", "startDate": "2027-01-10T10:00", "endDate": "2027-01-10T16:00",
            "location": {"@type": "Place", "name": "Portree Hall"},
        },
    }));
    let key = "https://whatson.example/whats-on#c";
    assert_eq!(read.drafts.len(), 2, "{:#}", told(&read));
    assert_eq!(field(&read, key, "assetType"), "activity-asset");
    assert_eq!(field(&read, key, "locations"), &json!([{"name": "Portree Hall"}]));
    assert_eq!(
        field(&read, key, "schedule"),
        &json!([{"startDate": "2027-01-10", "startTime": "10:00", "endTime": "16:00"}])
    );
}

#[test]
fn a_long_summary_is_a_description() {
    let long = "word ".repeat(60);
    let read = read_json(&json!({
        "@context": "https://schema.org", "@type": "Service", "@id": "#s", "name": "S",
        "abstract": long,
    }));
    let key = "https://whatson.example/whats-on#s";
    assert_eq!(field(&read, key, "summary"), &json!(null));
    assert_eq!(field(&read, key, "description"), long.trim());
}

#[test]
fn an_event_in_microformats_has_its_time_and_place() {
    check(
        &read("microformats-event"),
        json!([
            {
                "kind": "asset",
                "key": "https://kelsoorchard.example/wassail",
                "fields": {
                    "name": "Orchard wassail",
                    "description": "Songs, cider and a bonfire.",
                    "url": "https://kelsoorchard.example/wassail",
                    "assetType": "event",
                    "locations": [{
                        "name": "Kelso Community Orchard",
                        "streetAddress": "Abbotseat",
                        "locality": "Kelso",
                        "postcode": "TD5 7EN",
                        "latitude": 55.5936,
                        "longitude": -2.4335,
                    }],
                    "schedule": [{"startDate": "2027-01-17", "startTime": "15:00", "endTime": "17:00"}],
                },
                "terms": ["topics: singing", "topics: growing"],
                "links": ["provider → https://whatson.example/#organisation-friends-of-the-orchard"],
            },
            {
                "kind": "organisation",
                "key": "https://whatson.example/#organisation-friends-of-the-orchard",
                "fields": {"name": "Friends of the Orchard"},
            },
        ]),
        &[],
    );
}

#[test]
fn a_card_of_an_organisation_is_one_and_the_card_of_a_person_is_no_record() {
    let extraction = read_at(
        "https://hall.example/contact",
        r#"<html><body class="h-full"><div class="h-card p-4">
        <a class="p-name p-org u-url" href="/">Leith Community Hall</a>
        <span class="p-tel">0131 496 0001</span> <a class="u-email" href="mailto:hall@hall.example">write</a>
        <p class="p-adr h-adr"><span class="p-street-address">1 Dock Street</span>
        <span class="p-locality">Leith</span> <span class="p-postal-code">EH6 8RG</span></p>
        <p>Ask for <span class="h-card"><span class="p-name">Mary Smith</span></span></p></div>
        <p class="h-card"><span class="p-name">John Smith</span>, <span class="p-org">Leith Community Hall</span></p>
        </body></html>"#,
    );
    let [hall] = extraction.drafts.as_slice() else { panic!("{:?}", extraction.drafts) };
    assert_eq!((hall.kind.as_str(), hall.key.as_str()), ("organisation", "https://hall.example/"));
    assert_eq!(hall.fields["name"], "Leith Community Hall");
    assert_eq!(hall.fields["telephone"], "0131 496 0001");
    assert_eq!(codes(&extraction), Vec::<&str>::new());
    assert!(!format!("{extraction:?}").contains("John Smith"), "{extraction:?}");
    let person = r#"<p class="h-card"><span class="p-name">John Smith</span></p>"#;
    let extraction = read_at("https://hall.example/contact", person);
    assert_eq!(extraction.drafts.len(), 0);
    assert!(codes(&extraction).contains(&"card-of-whom"), "{extraction:?}");
    assert!(!format!("{extraction:?}").contains("John Smith"), "{extraction:?}");
}
