//! A small world in which every question of the partners' APIs has an answer
//! that is neither nothing nor everything.

use serde_json::{Value as Json, json};

use super::super::server::TestServer;

/// What is done there: the name, the topic, the type of asset.
const ACTIVITIES: [(&str, &str, &str); 8] = [
    ("Walking group", "walking", "group"),
    ("Swimming lessons", "swimming", "service"),
    ("Lunch club", "social-group", "group"),
    ("Book club", "book-club", "group"),
    ("Community choir", "singing", "group"),
    ("Cycling club", "cycling", "group"),
    ("Warm space", "warm-spaces", "venue"),
    ("Garden mornings", "gardening", "service"),
];

/// Where: the part of the name, the postcode of the sector, its middle.
const PLACES: [(&str, &str, f64, f64); 4] = [
    ("Leith", "EH6 8RG", 55.966_75, -3.169_22),
    ("Gorbals", "G5 0RG", 55.850_8, -4.249_2),
    ("Cowcaddens", "G2 4AA", 55.864_37, -4.264_49),
    ("Skye", "IV51 9ER", 57.419_33, -6.203_17),
];

const AUDIENCES: [&str; 3] =
    ["children-and-young-people", "care-experienced-people", "disabled-people"];

const FEATURES: [&str; 3] = ["accessible-entrance", "accessible-toilet", "free-wifi"];

const ORGANISATIONS: [&str; 3] = ["tea-trust", "walking-council", "swimming-pool-society"];

/// Nobody writes to it.
pub(super) fn server() -> TestServer {
    let server = TestServer::with_categories();
    let organisations = ORGANISATIONS.iter().map(|id| {
        let name = id.replace('-', " ");
        json!({ "id": format!("organisation/{id}"), "type": "organisation", "slug": id, "name": name })
    });
    server.load(&organisations.chain((0..96).map(asset)).collect());
    server
}

/// The `number`th asset; what it says goes round in circles of several lengths.
fn asset(number: usize) -> Json {
    let (activity, topic, kind) = ACTIVITIES[number % ACTIVITIES.len()];
    let (place, postcode, latitude, longitude) = PLACES[number / 5 % PLACES.len()];
    let step = f64::from(u32::try_from(number).unwrap());
    let mut asset = json!({
        "id": format!("asset/thing-{number}"),
        "type": "asset",
        "name": format!("{activity} of {place} {}", spelt(number)),
        "assetType": kind,
        "description": format!("{activity}: {} days in {place}.", spelt(number)),
        "topics": [topic],
        "audience": [AUDIENCES[number % 3]],
        "provider": format!("organisation/{}", ORGANISATIONS[number % 7 % 3]),
        "accessibility": [FEATURES[number / 4 % 3]],
    });
    if !number.is_multiple_of(11) {
        let location = json!({
            "latitude": latitude + 0.000_7 * (step % 13.0),
            "longitude": longitude + 0.001_1 * (step % 17.0),
            "postcode": postcode,
        });
        asset["locations"] = json!([location]);
    }
    let serves = match number % 22 {
        0 => Some("S12000036"),
        1 | 11 => Some("S92000003"),
        _ => None,
    };
    if let Some(area) = serves {
        asset["areaServed"] = json!([area]);
    }
    if number.is_multiple_of(5) {
        asset["minimumAge"] = json!(number % 20);
        asset["maximumAge"] = json!(number % 20 + 30);
    }
    if number.is_multiple_of(6) {
        asset["lastReviewed"] =
            json!(format!("2026-{:02}-{:02}", number % 10 + 1, number % 27 + 1));
    }
    if number.is_multiple_of(9) {
        asset["schedule"] = json!([{ "byDay": ["MO"], "startTime": "10:00", "endTime": "12:00" }]);
    }
    asset
}

/// A word for a number, so that names differ by more than digits.
fn spelt(number: usize) -> String {
    const DIGITS: [&str; 10] = [
        "birch", "rowan", "alder", "hazel", "willow", "aspen", "holly", "cherry", "elder",
        "juniper",
    ];
    format!("{} {}", DIGITS[number / 10 % 10], DIGITS[number % 10])
}
