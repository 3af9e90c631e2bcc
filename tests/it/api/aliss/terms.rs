//! Slugs, numbers and areas.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use kist::journal::Scope;
use serde_json::{Value as Json, json};

use super::super::server::{Sent, TestServer, now};
use super::world::{G2_9ZZ, SCOTLAND, at, names, said, server, serving};

#[tokio::test]
async fn old_slugs_answer_through_the_notations_of_categories() {
    let mut service = at("Crafts", G2_9ZZ, &[]);
    service["topics"] = json!(["arts-and-crafts"]);
    service["audience"] = json!(["asian-or-asian-british", "learning-disability-audience"]);
    let server = server(&[service]);
    for slug in ["arts-and-crafts", "arts-crafts", "ARTS-CRAFTS", "creative-cultural-activity"] {
        for path in [
            format!("/aliss/v4/services/?postcode=G2+4AA&category={slug}"),
            format!("/aliss/v5/services?categories={slug}"),
        ] {
            assert_eq!(names(&server, &path).await, ["Crafts"], "{path}");
        }
    }
    let (status, body) =
        said(&server, "/aliss/v4/services/?postcode=G2+4AA&category=nonsense").await;
    assert_eq!((status, body["category"][0].is_string()), (StatusCode::BAD_REQUEST, true));
    assert_eq!(names(&server, "/aliss/v5/services?categories=nonsense").await, [""; 0]);
    // The slug with capitals is told as ALISS has it, and found in any case.
    for slug in [
        "asian-or-Asian-British",
        "asian-or-asian-british",
        "learning-disability",
        "disabled-people",
    ] {
        let path = format!("/aliss/v5/services?community_groups={slug}");
        assert_eq!(names(&server, &path).await, ["Crafts"], "{slug}");
    }
    let told = server.json("/aliss/v5/services").await;
    let groups = told["data"][0]["community_groups"].as_array().unwrap();
    let told: BTreeSet<&str> = groups.iter().map(|group| group["slug"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        BTreeSet::from([
            "asian-or-Asian-British",
            "disabled-people",
            "ethnic-minorities",
            "learning-disability"
        ])
    );
}

#[tokio::test]
async fn numbers_of_categories_are_each_one_and_are_those_of_the_aggregations() {
    let server = TestServer::seeded();
    let flat = server.json("/aliss/v5/categories-flat").await;
    let rows = flat["data"].as_array().unwrap();
    let numbers: BTreeSet<u64> = rows.iter().map(|row| row["id"].as_u64().unwrap()).collect();
    assert_eq!(numbers.len(), rows.len());
    assert!(numbers.iter().all(|number| *number <= u64::from(u32::MAX >> 1)));
    let counted = server.json("/aliss/v5/searchAggregations?q=library").await;
    let buckets = counted["aggregations"]["cat_agg"]["buckets"].as_array().unwrap();
    assert!(!buckets.is_empty());
    assert!(buckets.iter().all(|bucket| numbers.contains(&bucket["key"].as_u64().unwrap())));
    let library = rows.iter().find(|row| row["slug"] == "library").unwrap();
    let bucket = buckets.iter().find(|bucket| bucket["key"] == library["id"]).unwrap();
    let found = server.json("/aliss/v5/services?q=library&categories=library").await;
    assert_eq!(bucket["doc_count"], found["count"]);
    let old = server.json("/aliss/v3/categories/").await;
    let old = old.as_array().unwrap();
    let parent = old.iter().find(|row| row["slug"] == "arts-and-crafts").unwrap()["parent"].clone();
    let wider = old.iter().find(|row| row["id"] == parent).unwrap();
    assert_eq!(wider["slug"], "creative-and-cultural-activity");
}

#[tokio::test]
async fn searches_in_an_area_take_its_slug_code_or_number() {
    let server = server(&[
        serving("For Glasgow", &["S12000049"]),
        at("In Glasgow", G2_9ZZ, &[]),
        serving("For Fife", &["S12000047"]),
        serving("For Scotland", &[SCOTLAND]),
    ]);
    let areas = server.json("/aliss/v5/service-areas").await;
    let rows = areas["data"].as_array().unwrap();
    let glasgow = rows.iter().find(|row| row["slug"] == "glasgow-city").unwrap();
    assert_eq!(
        (&glasgow["code"], &glasgow["type"]),
        (&json!("S12000049"), &json!("Local Authority"))
    );
    let number = glasgow["id"].to_string();
    for area in ["glasgow-city", "S12000049", number.as_str(), "glasgow-city;nowhere"] {
        let mut found = names(&server, &format!("/aliss/v5/services?service_areas={area}")).await;
        found.sort_unstable();
        // Who serves the whole country serves a city of it.
        assert_eq!(found, ["For Glasgow", "For Scotland", "In Glasgow"], "{area}");
    }
    assert_eq!(names(&server, "/aliss/v5/services?service_areas=nowhere").await.len(), 4);
    assert_eq!(names(&server, "/aliss/v5/services?service_areas=scotland").await.len(), 4);
    let slugs: BTreeSet<&str> = rows.iter().map(|row| row["slug"].as_str().unwrap()).collect();
    assert!(slugs.contains("fife") && slugs.contains("fife-health-board"), "{slugs:?}");
}

/// The `data` of a list of areas by code: label of the kind and name.
fn of<'a>(list: &'a Json, code: &str) -> &'a Json {
    list["data"].as_array().unwrap().iter().find(|row| row["code"] == code).unwrap()
}

#[tokio::test]
async fn areas_have_the_codes_and_kinds_of_aliss() {
    let server = TestServer::seeded();
    let list = server.json("/aliss/v4/service-areas/").await;
    for (code, label, name) in [
        ("XS", "Country", "Scotland"),
        ("XB", "Country", "United Kingdom"),
        ("S12000036", "Local Authority", "City of Edinburgh"),
        ("S08000024", "Health Board", "Lothian"),
        ("S37000012", "Integration Authority (HSCP)", "Edinburgh"),
    ] {
        assert_eq!(*of(&list, code), json!({ "code": code, "type": label, "name": name }));
    }
    assert_eq!(list["meta"]["attribution"].as_array().unwrap().len(), 2);
    let old = server.json("/aliss/v3/service-areas").await;
    let scotland = json!({ "code": "XS", "type": "0", "name": "Scotland" });
    assert!(old.as_array().unwrap().contains(&scotland));
}

#[tokio::test]
async fn outlines_are_features_under_the_names_that_aliss_has_for_them() {
    let server = server(&[
        serving("For Glasgow", &["S12000049", SCOTLAND]),
        serving("For the kingdom", &["K02000001"]),
        at("Unstated", G2_9ZZ, &[]),
    ]);
    let list = server.json("/aliss/v4/import/").await;
    let id = |name: &str| {
        let mut rows = list["data"].as_array().unwrap().iter();
        rows.find(|row| row["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let path = format!("/aliss/v4/service-area-spatial/?service_id={}", id("For Glasgow"));
    let features = server.json(&path).await;
    let named: Vec<Json> =
        features.as_array().unwrap().iter().map(|feature| feature["properties"].clone()).collect();
    assert_eq!(named.len(), 2);
    assert!(
        named.contains(&json!({ "lad18nm": "Glasgow City", "lad18cd": "S12000049" })),
        "{named:?}"
    );
    assert!(
        named.contains(&json!({ "ctry17nm": "Scotland", "ctry17cd": "S92000003" })),
        "{named:?}"
    );
    for feature in features.as_array().unwrap() {
        let text = feature.to_string();
        let read: geojson::Feature = text.parse().unwrap();
        assert!(read.geometry.is_some());
    }
    // Of the four nations the gazetteer has one outline.
    let kingdom = format!("/aliss/v4/service-area-spatial?service_id={}", id("For the kingdom"));
    assert_eq!(server.json(&kingdom).await.as_array().unwrap().len(), 1);
    let unstated = id("Unstated");
    let empty =
        server.json(&format!("/aliss/v4/service-area-spatial/?service_id={unstated}")).await;
    assert_eq!(empty, json!([]));
    let empty = server.json(&format!("/aliss/v5/service-area-spatial?service_id={unstated}")).await;
    assert_eq!(empty, json!(""));
    for (kind, key, count) in
        [("0", "ctry17nm", 1), ("2", "lad18nm", 32), ("3", "HBName", 14), ("4", "HIAName", 31)]
    {
        let set =
            server.json(&format!("/aliss/v4/service-area-spatial/full-set/?type={kind}")).await;
        assert_eq!(set["name_key"], key);
        let features = set["data"].as_array().unwrap();
        assert_eq!(features.len(), count, "{key}");
        assert!(features.iter().all(|feature| feature["properties"][key].is_string()));
    }
    for path in [
        "/aliss/v4/service-area-spatial/full-set/?type=1",
        "/aliss/v4/service-area-spatial/full-set/",
        "/aliss/v4/service-area-spatial/?service_id=x",
        "/aliss/v4/service-area-spatial/",
    ] {
        assert_eq!(said(&server, path).await.0, StatusCode::BAD_REQUEST, "{path}");
    }
    let areas = server.json("/aliss/v5/service-areas").await;
    let fife = of(&areas, "S12000047");
    let outline: geojson::Feature = fife["geojson"].as_str().unwrap().parse().unwrap();
    assert!(outline.geometry.is_some());
    let (glasgow, fife) = (of(&areas, "S12000049")["id"].to_string(), fife["id"].to_string());
    let both = format!("/aliss/v5/selected-service-area-spatial?service_areas={glasgow},{fife}");
    assert_eq!(server.json(&both).await.as_array().unwrap().len(), 2);
    let none = server.json("/aliss/v5/selected-service-area-spatial?service_areas=1").await;
    assert_eq!(none, json!(""));
}

#[tokio::test]
async fn outlines_of_a_service_are_given_by_any_id_that_the_register_gave_it() {
    let server = server(&[]);
    server.register.apply_places("test", now()).unwrap();
    let asset = json!({"name": "For Glasgow", "assetType": "service", "areaServed": ["S12000049"]});
    let (token, body) = (server.token(Scope::Write), asset.to_string());
    let sent = Sent {
        token: &token,
        media_type: "application/json",
        body: body.as_bytes(),
        ..Sent::default()
    };
    let written = server.send(Method::PUT, "/api/v1/assets/for-glasgow", sent).await;
    assert_eq!(written.status, StatusCode::CREATED, "{written}");
    let list = server.json("/aliss/v4/import/").await;
    assert_eq!(list["data"][0]["id"], "for-glasgow");
    for version in ["v4", "v5"] {
        let path = format!("/aliss/{version}/service-area-spatial/?service_id=for-glasgow");
        let features = server.json(&path).await;
        assert_eq!(features[0]["properties"]["lad18cd"], "S12000049", "{version}");
    }
    let nobody = "/aliss/v4/service-area-spatial/?service_id=00000000-0000-4000-8000-000000000000";
    assert_eq!(said(&server, nobody).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn places_by_name_have_a_postcode_near_which_services_are_found() {
    let server = TestServer::seeded();
    for typed in ["portr", "PORTR", "Port"] {
        let places = server.json(&format!("/aliss/v4/postcode-locations/?q={typed}")).await;
        let places = places.as_array().unwrap();
        let portree = places.iter().find(|place| place["place_name"] == "Portree").unwrap();
        assert_eq!(portree["postcode"], "IV51 9");
        let path = "/aliss/v4/services/?postcode=IV51+9&radius=20000";
        assert!(server.json(path).await["count"].as_u64() > Some(0));
    }
    for typed in ["", "po", "q=", "zzzzz", "%20%20p%20"] {
        let places = server.json(&format!("/aliss/v4/postcode-locations?q={typed}")).await;
        assert_eq!(places, json!([]), "{typed}");
    }
}
