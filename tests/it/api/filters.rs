//! Each filter over a few records that are made for it, and service areas.

use serde_json::{Value as Json, json};

use super::server::TestServer;

/// Leith, in the council S12000036 and the health board S08000024.
const LEITH: (f64, f64) = (55.975, -3.17);

/// An asset whose id is its name with dashes.
fn asset(id: &str, properties: &Json) -> Json {
    let key = id.replace(' ', "-");
    let mut asset =
        json!({ "type": "asset", "id": key, "name": id, "assetType": "activity-asset" });
    for (key, value) in properties.as_object().unwrap() {
        asset[key] = value.clone();
    }
    asset
}

fn at(latitude: f64, longitude: f64) -> Json {
    json!([{ "latitude": latitude, "longitude": longitude }])
}

/// A register with one record for each filter, all in Leith.
fn world() -> TestServer {
    let server = TestServer::with_categories();
    let leith = || at(LEITH.0, LEITH.1);
    let records = [
        asset("plain", &json!({ "locations": leith() })),
        asset("for-carers", &json!({ "locations": leith(), "audience": ["unpaid-carers"] })),
        asset("for-the-old", &json!({ "locations": leith(), "minimumAge": 65 })),
        asset("for-the-young", &json!({ "locations": leith(), "maximumAge": 25 })),
        asset("free", &json!({ "locations": leith(), "cost": { "free": true } })),
        asset("paid", &json!({ "locations": leith(), "cost": { "free": false } })),
        asset("remote", &json!({ "online": true, "accessMode": "remote" })),
        asset("in-gaelic", &json!({ "locations": leith(), "languages": ["gd"] })),
        asset(
            "step-free",
            &json!({ "locations": leith(), "accessibility": ["accessible-building"] }),
        ),
        asset("ended", &json!({ "locations": leith(), "status": "ended" })),
        asset("walk", &json!({ "locations": leith(), "topics": ["walking"] })),
        json!({ "type": "organisation", "id": "group", "name": "A group", "sector": "third-sector" }),
    ];
    server.load(&Json::Array(records.into()));
    server
}

async fn names(server: &TestServer, query: &str) -> Vec<String> {
    let list =
        server.json(&format!("/api/v1/search?kind=asset,organisation&sort=name&{query}")).await;
    let names = list["items"].as_array().unwrap().iter();
    names.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

/// Leith ward lies in the council of Edinburgh, that in its partnership and
/// health board, and all in Scotland.
#[tokio::test]
async fn an_area_is_served_by_who_serves_what_holds_it_or_lies_in_it() {
    let server = TestServer::with_categories();
    let serving =
        |id: &str, area: &str| asset(id, &json!({ "areaServed": [format!("place/{area}")] }));
    server.load(&json!([
        serving("ward", "S13002931"),
        serving("council", "S12000036"),
        serving("partnership", "S37000012"),
        serving("board", "S08000024"),
        serving("country", "S92000003"),
        serving("kingdom", "K02000001"),
        serving("glasgow", "S12000049"),
        asset("leith", &json!({ "locations": at(LEITH.0, LEITH.1) })),
    ]));
    let edinburgh = ["board", "council", "country", "kingdom", "leith", "partnership", "ward"];
    for (area, expected) in [
        ("S12000036", edinburgh.to_vec()),
        ("S08000024", edinburgh.to_vec()),
        ("S13002931", edinburgh.to_vec()),
        // Another ward of Edinburgh.
        ("S13002930", vec!["board", "council", "country", "kingdom", "partnership"]),
        ("S12000049", vec!["country", "glasgow", "kingdom"]),
    ] {
        assert_eq!(names(&server, &format!("area={area}")).await, expected, "{area}");
    }
    assert_eq!(names(&server, "area=S92000003").await.len(), 8);
}

#[tokio::test]
async fn each_filter_finds_what_says_so() {
    let server = world();
    for (query, expected) in [
        ("audience=unpaid-carers", &["for-carers"][..]),
        ("cost=free", &["free"]),
        ("cost=paid", &["paid"]),
        ("access=remote", &["remote"]),
        ("language=gd", &["in-gaelic"]),
        ("language=GD", &["in-gaelic"]),
        ("accessibility=accessible-building", &["step-free"]),
        ("status=ended", &["ended"]),
        ("sector=third-sector", &["A group"]),
        ("topic=walking", &["walk"]),
        ("q=step", &["step-free"]),
        ("topic=walking&cost=free", &[]),
    ] {
        assert_eq!(names(&server, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn an_age_leaves_out_only_what_is_for_others() {
    let server = world();
    let old = names(&server, "age=70").await;
    let young = names(&server, "age=20").await;
    assert!(old.contains(&"for-the-old".to_owned()) && !old.contains(&"for-the-young".to_owned()));
    assert!(
        young.contains(&"for-the-young".to_owned()) && !young.contains(&"for-the-old".to_owned())
    );
    assert!(old.contains(&"plain".to_owned()) && young.contains(&"plain".to_owned()));
}

#[tokio::test]
async fn what_is_online_counts_as_near_when_asked() {
    let server = world();
    let near = |rest: &str| format!("near=55.975,-3.17&within=1km{rest}");
    assert!(!names(&server, &near("")).await.contains(&"remote".to_owned()));
    assert!(names(&server, &near("&online=true")).await.contains(&"remote".to_owned()));
}

/// Name and reason of each hit, in order.
async fn matches(server: &TestServer, query: &str) -> Vec<(String, String)> {
    let list = server.json(&format!("/api/v1/assets?{query}")).await;
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| (text(&item["name"]), text(&item["match"]))).collect()
}

#[tokio::test]
async fn what_serves_the_place_comes_after_what_is_there_and_what_serves_elsewhere_is_marked() {
    let server = TestServer::with_categories();
    server.register.apply_places("test", super::server::now()).unwrap();
    server.load(&Json::Array(vec![
        asset("in leith", &json!({ "locations": at(LEITH.0, LEITH.1) })),
        asset(
            "at the door for Highland only",
            &json!({ "locations": at(LEITH.0, LEITH.1), "areaServed": ["S12000017"] }),
        ),
        asset("visits Edinburgh", &json!({ "areaServed": ["S12000036"] })),
        asset("visits Highland", &json!({ "areaServed": ["S12000017"] })),
        asset("in Portree", &json!({ "locations": at(57.41, -6.19) })),
    ]));
    let found = matches(&server, "near=55.975,-3.17&within=2km").await;
    let expected = [
        ("in leith", "near"),
        ("visits Edinburgh", "covers"),
        ("at the door for Highland only", "elsewhere"),
    ];
    assert_eq!(found, expected.map(|(name, reason)| (name.to_owned(), reason.to_owned())));
    let list = server.json("/api/v1/assets?near=55.975,-3.17&within=2km").await;
    assert_eq!(list["items"][1]["covers"], "https://kist.example/id/place/S12000036");
}

#[tokio::test]
async fn what_aliss_calls_a_category_is_understood_and_what_it_calls_several_is_asked_back() {
    let server = TestServer::with_categories();
    let category = |slug: &str, codes: &[&str]| {
        json!({
            "id": slug, "type": "category", "prefLabel": slug, "inScheme": "topic",
            "notation": codes,
        })
    };
    server.load(&Json::Array(vec![
        asset("a library", &json!({ "assetType": "library-venue", "online": true })),
        asset("a choir", &json!({ "topics": ["arts-and-crafts"], "online": true })),
        category("rowing", &["boats"]),
        category("sailing", &["boats", "rowing"]),
    ]));
    for (query, expected) in [
        ("type=library", &["a library"][..]),
        ("type=library-venue", &["a library"]),
        ("topic=arts-crafts", &["a choir"]),
        ("topic=ARTS-CRAFTS,library", &["a choir"]),
        ("topic=rowing", &[]),
    ] {
        assert_eq!(names(&server, query).await, expected, "{query}");
    }
    let asked = server.get("/api/v1/assets?topic=boats").await;
    assert_eq!(asked.status, 400, "{asked}");
    assert_eq!(asked.json()["available"], json!(["rowing", "sailing"]), "{asked}");
    assert_eq!(server.get("/api/v1/assets?audience=boats").await.status, 400);
}

#[tokio::test]
async fn a_postcode_district_is_an_area_in_which_the_postcodes_of_records_lie() {
    let server = TestServer::with_categories();
    let at_postcode = |postcode: &str| json!({ "locations": [{ "postcode": postcode }] });
    server.load(&Json::Array(vec![
        asset("in EH6", &at_postcode("EH6 8RG")),
        asset("in EH7", &at_postcode("EH7 5DD")),
        asset("beside no postcode", &json!({ "locations": at(LEITH.0, LEITH.1) })),
    ]));
    assert_eq!(names(&server, "area=EH6").await, ["in EH6"]);
    assert_eq!(names(&server, "area=eh7").await, ["in EH7"]);
    assert_eq!(names(&server, "area=EH7&area=EH6").await, ["in EH6", "in EH7"]);
}

#[tokio::test]
async fn boxes_and_polygons_with_latitude_and_longitude_swapped_are_told() {
    let server = TestServer::with_categories();
    for (query, parameter) in [
        ("bbox=55.9,-3.3,56.0,-3.1", "bbox"),
        ("polygon=-3.3,55.9;-3.1,55.9;-3.1,56", "polygon"),
        ("polygon=POLYGON((55.9%20-3.3,55.9%20-3.1,56%20-3.1,55.9%20-3.3))", "polygon"),
    ] {
        let refused = server.get(&format!("/api/v1/assets?{query}")).await;
        assert_eq!(refused.status, 400, "{refused}");
        assert_eq!(refused.json()["parameter"], parameter, "{refused}");
        assert!(refused.text().contains("latitude"), "{refused}");
    }
    // Elsewhere nobody knows what was meant.
    for query in ["bbox=-3.3,55.9,-3.1,56.0", "bbox=20,-10,30,10", "polygon=0,20;0,30;10,30"] {
        assert_eq!(server.get(&format!("/api/v1/assets?{query}")).await.status, 200, "{query}");
    }
}

#[tokio::test]
async fn levels_parents_and_schemes_that_nobody_knows_are_told() {
    let server = TestServer::with_categories();
    server.register.apply_places("test", super::server::now()).unwrap();
    for (kind, query, status) in [
        ("places", "level=council", 200),
        ("places", "level=counsil", 400),
        ("places", "parent=S92000003", 200),
        ("places", "parent=nope", 400),
        ("categories", "parent=physical-activity", 200),
        ("categories", "scheme=topic", 200),
        ("categories", "scheme=nope", 400),
    ] {
        let answer = server.get(&format!("/api/v1/{kind}?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {answer}");
        let total = if status == 200 { answer.json()["total"].as_u64() } else { Some(1) };
        assert!(total > Some(0), "{query}: {answer}");
    }
    let asked = server.get("/api/v1/places?level=counsil").await;
    assert_eq!(asked.json()["suggestion"], "council", "{asked}");
}
