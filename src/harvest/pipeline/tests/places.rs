//! Where things are that say it by a name: areas that are served, towns, and
//! nothing at all.

use serde_json::{Value as Json, json};

use super::publisher::World;
use crate::harvest::fetch::tests::server::{Act, answer};
use crate::record::RecordId;
use crate::register::ledger::{Outcome, Review, Run};

/// A page that describes `things`.
fn page(things: &[Json]) -> Vec<Act> {
    let graph = json!({ "@context": "https://schema.org", "@graph": things });
    let html = format!(
        "<!doctype html><title>Ours</title><script type='application/ld+json'>{graph}</script>"
    );
    answer("200 OK", "Content-Type: text/html\r\n", html)
}

/// A service that serves this.
fn service(key: &str, area: &Json) -> Json {
    json!({ "@type": "Service", "@id": format!("https://partner.example/{key}"), "name": format!("Lunch club {key}"),
        "areaServed": area })
}

/// An event at this place.
fn event(key: &str, place: &Json) -> Json {
    json!({ "@type": "Event", "@id": format!("https://partner.example/{key}"), "name": format!("Ceilidh {key}"),
        "startDate": "2027-01-25T19:00:00Z", "location": place })
}

async fn publishing(things: Vec<Json>) -> World {
    World::new("/page", "html", move |_| page(&things)).await
}

/// What is published of a thing, as JSON; null when nothing is.
fn published(world: &World, key: &str) -> Json {
    world.json(&format!("https://partner.example/{key}"))
}

/// What is asked about terms, a question each.
fn questions(world: &World) -> Vec<String> {
    let rows = world.register().ledger().rows::<Review>("term\n", "", 100).unwrap();
    rows.into_iter().map(|(_, review)| review.question).collect()
}

fn findings_of(world: &World, run: &Run, code: &str) -> Vec<String> {
    let found = world.findings(run).into_iter().filter(|finding| finding.code == code);
    found.map(|finding| format!("{}: {}", finding.severity, finding.what)).collect()
}

#[tokio::test]
async fn areas_that_are_served_are_known_by_their_names() {
    let areas = [
        ("scotland", json!("Scotland"), "S92000003"),
        ("fife", json!("Fife"), "S12000047"),
        ("glasgow", json!("Glasgow City"), "S12000049"),
        ("edinburgh", json!({ "@type": "City", "name": "Edinburgh" }), "S12000036"),
        (
            "council",
            json!({ "@type": "AdministrativeArea", "name": "The Highland Council" }),
            "S12000017",
        ),
        ("code", json!("S12000041"), "S12000041"),
    ];
    let things = areas.iter().map(|(key, area, _)| service(key, area)).collect();
    let world = publishing(things).await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    for (key, _, code) in areas {
        let iri = format!("https://kist.example/id/place/{code}");
        assert_eq!(published(&world, key)["areaServed"], json!([iri]), "{key}");
    }
    assert_eq!(questions(&world), [""; 0]);
    // Another that serves two at once.
    world.answers(|_| page(&[service("both", &json!("Fife and Angus"))]));
    world.run().await;
    assert_eq!(published(&world, "both")["areaServed"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_postcode_a_town_or_a_circle_that_is_served_says_where_a_service_is() {
    let circle = json!({ "@type": "GeoCircle", "geoRadius": "5000",
        "geoMidpoint": { "@type": "GeoCoordinates", "latitude": 57.41, "longitude": -6.19 } });
    let world = publishing(vec![
        service("district", &json!("EH6")),
        service(
            "unit",
            &json!({ "@type": "Place", "address": { "postalCode": "EH6 8RG" }, "name": "EH6 8RG" }),
        ),
        service("town", &json!("Portree")),
        service("circle", &circle),
    ])
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    for (key, from, latitude) in [
        ("district", "district", 55.97),
        ("unit", "sector", 55.97),
        ("town", "place", 57.41),
        ("circle", "outline", 57.41),
    ] {
        let record = published(&world, key);
        let location = &record["locations"][0];
        assert_eq!(location["positionFrom"], from, "{key}: {record}");
        let found = location["latitude"].as_f64().unwrap();
        assert!((found - latitude).abs() < 0.03, "{key}: {location}");
        assert!(record.get("areaServed").is_none(), "{key}");
    }
    assert_eq!(questions(&world), [""; 0]);
    assert!(
        findings_of(&world, &run, "place-derived")
            .iter()
            .any(|it| it.contains("60 % sure, from areaServed: “Portree”"))
    );
}

#[tokio::test]
async fn a_record_whose_area_nobody_knows_waits_for_an_editor_and_is_not_lost() {
    let hall = json!({ "@type": "Place", "name": "Hall", "address": { "postalCode": "EH6 8RG" } });
    let mut elsewhere = service("elsewhere", &json!("Narnia"));
    elsewhere["location"] = hall;
    let mut things: Vec<Json> =
        (1..=9).map(|n| service(&format!("n{n}"), &json!("Narnia"))).collect();
    things.push(elsewhere);
    let world = publishing(things).await;
    let run = world.run().await;
    // Nine in ten wait, and no guard is in the way of the tenth.
    world.expect(&run, Outcome::OkWithErrors);
    assert_eq!((run.counts.waiting, run.counts.invalid, run.counts.seen), (9, 0, 10));
    assert_eq!(world.assets(), 1);
    assert_eq!(published(&world, "elsewhere")["keywords"], json!(["Narnia"]));
    assert_eq!(questions(&world), ["Which area is “Narnia” of partner?"]);
    let told = findings_of(&world, &run, "area-unknown");
    assert_eq!(
        told.iter()
            .filter(|what| what.starts_with("error: it says where it is by “Narnia” alone"))
            .count(),
        9
    );
    assert_eq!(
        told.iter().filter(|what| what.starts_with("warning: “Narnia” is no area")).count(),
        1
    );
    // Nothing is asked again, or lost, while nobody answers.
    let run = world.run().await;
    assert_eq!((run.counts.waiting, world.assets()), (9, 1));
    world.decide_term("S12000017");
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.created, world.assets()), (9, 10));
    let highland = json!(["https://kist.example/id/place/S12000017"]);
    assert_eq!(published(&world, "n3")["areaServed"], highland);
    assert_eq!(published(&world, "elsewhere")["areaServed"], highland);
}

#[tokio::test]
async fn a_town_alone_gives_a_location_its_position_and_how_sure_it_is() {
    let town = |town: &str| json!({ "@type": "Place", "address": { "addressLocality": town } });
    let mut newtown = town("Newtown");
    newtown["address"]["addressRegion"] = json!("Highland");
    let world = publishing(vec![
        event("portree", &town("Portree")),
        event("several", &town("Newtown")),
        event("highland", &newtown),
        event("abroad", &json!({ "@type": "Place", "address": { "addressLocality": "Perth", "addressCountry": "AU" } })),
    ])
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    let location = |key: &str| published(&world, key)["locations"][0].clone();
    let portree = location("portree");
    assert_eq!(
        (&portree["locality"], &portree["positionFrom"]),
        (&json!("Portree"), &json!("place"))
    );
    assert!((portree["latitude"].as_f64().unwrap() - 57.4134).abs() < 0.001, "{portree}");
    assert!((location("highland")["latitude"].as_f64().unwrap() - 57.1059).abs() < 0.001);
    for without in ["several", "abroad"] {
        assert!(location(without).get("latitude").is_none(), "{without}");
    }
    let told = findings_of(&world, &run, "place-derived");
    assert!(
        told.iter().any(|it| it.contains("80 % sure, from locations/locality: “Portree”")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|it| it.contains("90 % sure, from locations/locality: “Newtown, Highland”")),
        "{told:?}"
    );
    let several = findings_of(&world, &run, "place-ambiguous");
    assert!(several[0].contains("2 places are called “Newtown”"), "{several:?}");
    // It is found by where it is.
    let id = RecordId::from_key("asset", "partner", "https://partner.example/portree");
    let summary = world.register().summary(&id.to_string()).unwrap();
    let summary = String::from_utf8_lossy(&summary);
    assert!(summary.contains("57.41"), "{summary}");
}

#[tokio::test]
async fn the_place_of_a_calendar_is_found_by_its_name() {
    let calendar = |place: &str, uid: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T120000Z\r\n\
             DTSTART;TZID=Europe/London:20261203T120000\r\nSUMMARY:Ceilidh\r\n{place}END:VEVENT\r\n"
        )
    };
    let events = calendar("LOCATION:Portree\r\n", "town")
        + &calendar("LOCATION:Village Hall\\, Portree\\, Isle of Skye\r\n", "line")
        + &calendar("", "nowhere");
    let body =
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//P//EN\r\n{events}END:VCALENDAR\r\n");
    let world = World::new("/all.ics", "ical", move |_| {
        answer("200 OK", "Content-Type: text/calendar\r\n", &body)
    })
    .await;
    let latitude = |key: &str| world.json(key)["locations"][0]["latitude"].as_f64();
    let run = world.run().await;
    assert_eq!((run.counts.created, run.counts.invalid), (2, 1));
    assert!(latitude("town").is_some_and(|it| (it - 57.4134).abs() < 0.001));
    assert!(latitude("line").is_some_and(|it| (it - 57.4134).abs() < 0.001));
    // The default area of the source is for what says nothing of where it is.
    world.set_also(
        "/all.ics",
        "ical",
        &json!({ "defaultAreas": ["https://kist.example/id/place/S12000017"] }),
    );
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.created, world.assets()), (1, 3));
    assert_eq!(findings_of(&world, &run, "area-assumed").len(), 1);
    let nowhere = world.json("nowhere");
    let highland = json!(["https://kist.example/id/place/S12000017"]);
    assert_eq!((&nowhere["areaServed"], nowhere.get("locations")), (&highland, None));
}

#[tokio::test]
async fn the_default_area_tells_which_of_several_towns_is_meant() {
    let place = json!({ "@type": "Place", "address": { "addressLocality": "Newtown" } });
    let world = publishing(vec![event("several", &place)]).await;
    world.run().await;
    assert!(published(&world, "several")["locations"][0].get("latitude").is_none());
    world.set_also(
        "/page",
        "html",
        &json!({ "defaultAreas": ["https://kist.example/id/place/S12000014"] }),
    );
    let run = world.run().await;
    assert_eq!(run.counts.changed, 1);
    let location = &published(&world, "several")["locations"][0];
    assert!((location["latitude"].as_f64().unwrap() - 56.0112).abs() < 0.001, "{location}");
}

#[tokio::test]
async fn an_outline_that_is_served_gives_a_position_when_nothing_else_says_where() {
    let outline = |name: &str| {
        json!({ "@type": "Place", "name": name,
        "geo": { "@type": "GeoShape", "polygon": "57.3 -6.4 57.3 -6.1 57.5 -6.1 57.5 -6.4 57.3 -6.4" } })
    };
    let mut sited = service("sited", &outline("The glen"));
    sited["location"] =
        json!({ "@type": "Place", "name": "Hall", "address": { "postalCode": "EH6 8RG" } });
    let world = publishing(vec![
        service("glen", &outline("The glen")),
        service("known", &outline("Fife")),
        sited,
    ])
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    let glen = published(&world, "glen");
    assert_eq!(glen["locations"][0]["positionFrom"], "outline", "{glen}");
    assert!((glen["locations"][0]["latitude"].as_f64().unwrap() - 57.4).abs() < 0.01);
    assert_eq!(glen["keywords"], json!(["The glen"]));
    // Who serves a whole council does not sit in the middle of it.
    let known = published(&world, "known");
    assert_eq!(known.get("locations"), None, "{known}");
    assert_eq!(known["areaServed"], json!(["https://kist.example/id/place/S12000047"]));
    assert_eq!(published(&world, "sited")["locations"].as_array().map(Vec::len), Some(1));
    assert_eq!(findings_of(&world, &run, "place-derived").len(), 1);
}

#[tokio::test]
async fn the_areas_of_open_referral_are_known_by_their_names() {
    let service = |id: &str, area: &str| {
        json!({ "id": id, "name": format!("Club {id}"), "status": "active", "description": "Lunch.",
            "organization": { "id": "o", "name": "Leith Centre" },
            "service_areas": [{ "id": format!("a{id}"), "name": area }] })
    };
    let contents =
        [service("1", "City of Edinburgh"), service("2", "Fife"), service("3", "Narnia")];
    let body = json!({ "total_items": 3, "total_pages": 1, "page_number": 1, "size": 3,
        "first_page": true, "last_page": true, "empty": false, "contents": contents });
    let world = World::new("/services", "open-referral", move |received| {
        let one = received.path.strip_prefix("/services/").and_then(|id| id.parse::<usize>().ok());
        let json = one.map_or(&body, |id| &body["contents"][id - 1]);
        answer("200 OK", "Content-Type: application/json\r\n", json.to_string())
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::OkWithErrors);
    assert_eq!((world.assets(), run.counts.waiting, run.counts.invalid), (2, 1, 0));
}

#[tokio::test]
async fn areas_in_a_column_of_a_table_are_read_by_their_names() {
    let table = "id,name,description,area_served\n\
        1,Fife club,A club,Fife\n\
        2,Three,A club,\"Fife, Angus and Dundee City\"\n\
        3,Strange,A club,Middle Earth\n\
        4,Code,A club,S12000036\n";
    let world = World::new("/all.csv", "csv", move |_| {
        answer("200 OK", "Content-Type: text/csv\r\n", table)
    })
    .await;
    let run = world.run().await;
    let areas = |key: &str| world.json(key)["areaServed"].to_string();
    assert!(areas("1").contains("S12000047"), "{}", areas("1"));
    for code in ["S12000047", "S12000041", "S12000042"] {
        assert!(areas("2").contains(code), "{}", areas("2"));
    }
    assert!(areas("4").contains("S12000036"), "{}", areas("4"));
    // What nobody knows waits for an editor.
    assert_eq!(run.counts.waiting, 1, "{run:#?}");
    assert!(world.codes(&run).contains(&"area-unknown".to_owned()));
    assert_eq!(world.assets(), 3);
}

#[tokio::test]
async fn a_text_that_names_a_place_of_which_there_are_several_is_told_and_not_guessed() {
    let mut club = service("club", &json!(null));
    club["description"] = json!("We meet in Newtown on Mondays.");
    // Who says so of an area that is served is known by that.
    let mut fife = service("fife", &json!("Fife"));
    fife["description"] = club["description"].clone();
    let world = publishing(vec![club, fife]).await;
    let run = world.run().await;
    let told = findings_of(&world, &run, "place-ambiguous");
    let [told] = told.as_slice() else { panic!("{:#?}", world.findings(&run)) };
    assert!(told.contains("places are called “Newtown”") && told.contains("no place"), "{told}");
    assert_eq!(published(&world, "club"), Json::Null);
    assert_eq!(published(&world, "fife")["locations"], Json::Null);
}
