//! The requests that the two clients of ALISS send, in their order, and what
//! they read of the answers.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::super::server::TestServer;
use super::world::{G2_4AA, G2_9ZZ, GLASGOW, PA8_7WZ, at, server, serving};

fn register() -> TestServer {
    let mut food = at("Food bank", G2_9ZZ, &[]);
    food["topics"] = serde_json::json!(["food-and-nutrition"]);
    let mut both = at("Lunch club", G2_4AA, &[GLASGOW]);
    both["topics"] = serde_json::json!(["food-and-nutrition", "money"]);
    let mut money = serving("Money advice", &[GLASGOW]);
    money["topics"] = serde_json::json!(["money"]);
    let far = at("Far away", PA8_7WZ, &[]);
    server(&[food, both, money, far])
}

/// What the script does with a postcode: capitals, no white space, and a space
/// before the last three characters.
fn as_the_script_writes(postcode: &str) -> String {
    let text: String = postcode.to_uppercase().split_whitespace().collect();
    let (start, end) = text.split_at(text.len() - 3);
    format!("{start} {end}")
}

/// A request of jQuery: names and values encoded, empty ones too.
fn asked(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    format!("{path}?{}", query.extend_pairs(parameters).finish())
}

#[tokio::test]
async fn the_search_box_for_websites_finds_services_and_looks_further_away() {
    let server = register();
    // 1. The choice of categories, three levels of them.
    let tree = server.json("/aliss/api/v4/categories/").await;
    let mut levels = 0;
    let mut rows = tree["data"].as_array().unwrap();
    loop {
        levels += 1;
        assert!(rows.iter().all(|row| row["name"].is_string() && row["slug"].is_string()));
        // It reads the length of each list below.
        let mut lists = rows.iter().map(|row| row["sub_categories"].as_array().unwrap());
        match lists.find(|list| !list.is_empty()) {
            Some(below) => rows = below,
            None => break,
        }
    }
    assert!(levels >= 2);
    // 2. The search, with all its parameters, most of them empty.
    let postcode = as_the_script_writes(" g2 4aa");
    let search = |radius: &'static str, page: &'static str| {
        let parameters = [
            ("postcode", postcode.as_str()),
            ("q", ""),
            ("category", ""),
            ("location_type", ""),
            ("radius", radius),
            ("page_size", "2"),
            ("page", page),
        ];
        asked("/aliss/api/v4/services/", &parameters)
    };
    let first = server.json(&search("5000", "1")).await;
    assert_eq!(first["count"], 3);
    let mut found = Vec::new();
    for page in ["1", "2"] {
        let list = server.json(&search("5000", page)).await;
        for service in list["data"].as_array().unwrap() {
            for text in ["name", "aliss_url", "description", "phone", "url"] {
                assert!(service[text].is_string(), "{text} of {service}");
            }
            for text in ["name", "aliss_url"] {
                assert!(service["organisation"][text].is_string(), "{text} of {service}");
            }
            assert!(service["organisation"]["is_claimed"].is_boolean());
            assert!(
                service["service_areas"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|area| area["name"].is_string())
            );
            if let Some(location) = service["locations"].as_array().unwrap().first() {
                assert!(location["formatted_address"].is_string());
            }
            found.push(service["name"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(found, ["Lunch club", "Food bank", "Money advice"]);
    // 3. “Search again” doubles the radius.
    let wider = server.json(&search("20000", "1")).await;
    assert_eq!(wider["count"], 4);
}

#[tokio::test]
async fn the_map_gathers_the_services_of_each_category_and_draws_areas() {
    let server = register();
    let areas = server.json("/aliss/v5/service-areas?source=customisable-map").await;
    let glasgow = areas["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|area| area["slug"] == "glasgow-city")
        .unwrap();
    let outline: Json = serde_json::from_str(glasgow["geojson"].as_str().unwrap()).unwrap();
    assert_eq!(outline["type"], "Feature");
    assert!(["Polygon", "MultiPolygon"].contains(&outline["geometry"]["type"].as_str().unwrap()));
    for (postcode, areas, radius, sort, expected) in
        [("G2 4AA", "", "5000", "&sort=sort-distance", 3), ("", "glasgow-city", "null", "", 3)]
    {
        let mut services: BTreeMap<String, String> = BTreeMap::new();
        for category in ["food-and-nutrition", "money"] {
            let base = format!(
                "/aliss/v5/services?q=&categories={category}&postcode={postcode}&community_groups=\
                 &service_areas={areas}&location_type=&page_size=1000&radius={radius}{sort}\
                 &format=json&source=customisable-map&page="
            );
            let mut page = 1;
            loop {
                // The map encodes nothing; the browser encodes the blank.
                let list = server.json(&format!("{base}{page}").replace(' ', "%20")).await;
                for service in list["data"].as_array().unwrap() {
                    assert!(service["locations"].is_array() && service["permalink"].is_string());
                    assert!(service["organisation"].is_object());
                    let id = service["id"].as_str().unwrap().to_owned();
                    services.insert(id, service["name"].as_str().unwrap().to_owned());
                }
                page += 1;
                if list["next"].is_null() || list["count"] == 0 {
                    break;
                }
                assert!(page < 5, "it must end");
            }
        }
        assert_eq!(services.len(), expected, "{services:?}");
    }
}
