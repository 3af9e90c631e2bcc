//! Each endpoint as it answers, over a register in which everything is said
//! that can be said.

use std::fmt::Write as _;

use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::{Value as Json, json};

use super::super::server::TestServer;
use super::world::{G2_4AA, GLASGOW, SCOTLAND, at, said, server, serving};

/// A service of which everything is known, its organisation, and one of which
/// next to nothing is.
fn full() -> TestServer {
    let service = json!({
        "name": "Young Carers Club",
        "slug": "young-carers-club",
        "summary": "A weekly club for young carers.",
        "description": "A club for young carers & friends.\n\nTea at six.",
        "provider": "carers-together",
        "topics": ["arts-and-crafts"],
        "audience": ["children-and-young-people", "unpaid-carers"],
        "minimumAge": 8,
        "maximumAge": 17,
        "accessibility": ["free-wifi"],
        "url": "https://example.org/club",
        "telephone": "0141 496 0001",
        "email": "club@example.org",
        "referral": { "route": ["self"], "url": "https://example.org/refer" },
        "socialLinks": [
            "https://www.facebook.com/youngcarers", "https://x.com/youngcarers",
            "https://www.instagram.com/youngcarers", "https://notfacebook.com/other",
        ],
        "media": [{ "contentUrl": "https://example.org/club.jpg", "alternativeText": "A board game" }],
        "lastReviewed": "2026-07-30",
        "areaServed": [GLASGOW, SCOTLAND],
        "locations": [{
            "name": "The Mill", "streetAddress": "3 Mill Road", "locality": "Glasgow",
            "region": "Glasgow City", "postcode": "G2 4AA", "country": "GB",
            "directions": "Round the back", "accessibility": ["accessible-toilet"],
            "latitude": G2_4AA.0, "longitude": G2_4AA.1,
        }],
    });
    let organisation = json!({
        "type": "organisation",
        "id": "carers-together",
        "name": "Carers Together",
        "slug": "carers-together",
        "description": "Support for carers.",
        "claimed": true,
        "url": "https://carers.example",
        "telephone": "0141 496 0200",
        "socialLinks": ["https://twitter.com/carers"],
        "locations": [{ "streetAddress": "3 Mill Road", "postcode": "G2 4AA" }],
    });
    let mut overdue = serving("Bare", &[GLASGOW]);
    overdue["lastReviewed"] = json!("2020-01-01");
    server(&[organisation, service, overdue])
}

/// The answer in lines, without what is the same in all.
async fn pretty(server: &TestServer, path: &str) -> String {
    let (status, mut body) = said(server, path).await;
    if let Some(meta) = body.get_mut("meta").filter(|_| !path.contains("/v4/services/?")) {
        let credits = meta["attribution"].as_array().unwrap().len();
        *meta = json!(format!("credits {credits}"));
    }
    format!("{status}\n{}", serde_json::to_string_pretty(&body).unwrap())
}

#[tokio::test]
async fn v4_services() {
    let server = full();
    assert_snapshot!(pretty(&server, "/aliss/api/v4/services/?postcode=G2+4AA").await);
}

#[tokio::test]
async fn v4_service() {
    assert_snapshot!(pretty(&full(), "/aliss/api/v4/services/young-carers-club/").await);
}

#[tokio::test]
async fn v4_organisation() {
    assert_snapshot!(pretty(&full(), "/aliss/v4/organisations/carers-together").await);
}

#[tokio::test]
async fn v4_import() {
    assert_snapshot!(pretty(&full(), "/aliss/api/v4/import/?page_size=1").await);
}

#[tokio::test]
async fn v3_search() {
    assert_snapshot!(pretty(&full(), "/aliss/api/v3/search/?postcode=G2+4AA&page_size=1").await);
}

#[tokio::test]
async fn v5_services() {
    assert_snapshot!(pretty(&full(), "/aliss/api/v5/services?postcode=G2+4AA").await);
}

#[tokio::test]
async fn v5_service() {
    assert_snapshot!(pretty(&full(), "/aliss/v5/services/young-carers-club").await);
    let server = full();
    let list = server.json("/aliss/v5/services?q=bare").await;
    let id = list["data"][0]["id"].as_str().unwrap().to_owned();
    let one = server.json(&format!("/aliss/v5/services/{}/", id.to_uppercase())).await;
    assert_eq!(one["data"], list["data"][0]);
}

#[tokio::test]
async fn v5_organisation() {
    assert_snapshot!(pretty(&full(), "/aliss/v5/organisations/carers-together/").await);
}

#[tokio::test]
async fn v5_organisations() {
    let server = full();
    let (_, list) = said(&server, "/aliss/v5/organisations?searchTerm=carers").await;
    let one = server.json("/aliss/v5/organisations/carers-together").await;
    assert_eq!(list["data"], json!([one["data"]]));
    let members: Vec<&str> = list.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["meta", "data", "error", "count", "next", "previous"]);
    assert_eq!(
        said(&server, "/aliss/v4/organisations/?searchTerm=carers").await.1["data"],
        list["data"]
    );
    assert_eq!(
        said(&server, "/aliss/v5/organisations?searchTerm=nobody").await.1["count"],
        json!(0)
    );
}

#[tokio::test]
async fn v5_import() {
    let server = full();
    let (_, list) = said(&server, "/aliss/v5/import").await;
    assert_eq!(list["count"], json!(2));
    let ids: Vec<&str> =
        list["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
}

#[tokio::test]
async fn v5_aggregations() {
    assert_snapshot!(pretty(&full(), "/aliss/v5/searchAggregations?postcode=G2+4AA").await);
}

/// The first row of a list, and in a tree the first all the way down.
async fn first(server: &TestServer, path: &str) -> String {
    let body = server.json(path).await;
    let rows = body.get("data").unwrap_or(&body).as_array().unwrap();
    let meta = body.get("meta").unwrap_or(&Json::Null);
    let mut text = format!("GET {path}\n{} rows, meta {meta}\n", rows.len());
    let mut row = Some(rows[0].clone());
    while let Some(mut one) = row.take() {
        for below in ["sub_categories", "sub_communitygroups"] {
            let narrower = one.get(below).and_then(Json::as_array).cloned().unwrap_or_default();
            if let Some(narrowest) = narrower.first() {
                row = Some(narrowest.clone());
                one[below] = json!(format!("{} rows", narrower.len()));
            }
        }
        if let Some(outline) = one.get("geojson").and_then(Json::as_str) {
            one["geojson"] = Json::String(outline.chars().take(120).collect());
        }
        writeln!(text, "{one}").unwrap();
    }
    text
}

#[tokio::test]
async fn lists_that_services_choose_from() {
    let server = full();
    let mut text = String::new();
    for path in [
        "/aliss/api/v3/categories/",
        "/aliss/api/v3/service-areas/",
        "/aliss/api/v4/categories/",
        "/aliss/api/v4/categories-flat/",
        "/aliss/api/v4/community-groups/",
        "/aliss/api/v4/service-areas/",
        "/aliss/api/v4/postcode-locations/?q=portree",
        "/aliss/api/v5/categories",
        "/aliss/api/v5/categories-flat",
        "/aliss/api/v5/community-groups",
        "/aliss/api/v5/community-groups-flat",
        "/aliss/api/v5/accessibility-features",
        "/aliss/api/v5/service-areas?source=customisable-map",
    ] {
        writeln!(text, "{}", first(&server, path).await).unwrap();
    }
    assert_snapshot!(text);
}

#[tokio::test]
async fn what_is_not_there_is_told_as_each_version_tells_it() {
    let server = full();
    for name in ["nothing", "0190a0b0-0000-7000-8000-000000000000", "x%20y", "search"] {
        for kind in ["services", "organisations"] {
            let (status, body) = said(&server, &format!("/aliss/v4/{kind}/{name}/")).await;
            assert_eq!((status, body), (StatusCode::NOT_FOUND, json!({ "detail": "Not found." })));
            let (status, body) = said(&server, &format!("/aliss/v5/{kind}/{name}")).await;
            assert_eq!((status, body), (StatusCode::NOT_FOUND, Json::Null));
        }
    }
}

#[tokio::test]
async fn each_parameter_that_v4_can_not_read_is_told_with_a_sentence() {
    let server = full();
    assert_snapshot!(pretty(&server, "/aliss/v4/services?q=tea").await);
    assert_snapshot!(
        pretty(&server, "/aliss/v4/services?postcode=AK1+5SA&category=x&location_type=y").await
    );
}

#[tokio::test]
async fn odd_parameters_are_harmless() {
    let server = full();
    let plain = server.json("/aliss/v4/services/?postcode=G2+4AA").await;
    for odd in [
        "format=json",
        "source=customisable-map",
        "distance=",
        "radius=null",
        "category=",
        "q=",
        "location_type=",
        "service_areas=a;b",
        "page_size=",
        "x=%FF%00",
        "&&&",
        "radius=undefined",
    ] {
        let list = server.json(&format!("/aliss/v4/services/?postcode=G2+4AA&{odd}")).await;
        assert_eq!((&list["data"], &list["count"]), (&plain["data"], &plain["count"]), "{odd}");
        let answer = server.get(&format!("/aliss/v5/services?{odd}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{odd}");
    }
    let browser =
        server.get_with("/aliss/v4/services/?postcode=G2+4AA", "accept", "text/html").await;
    assert_eq!(browser.header("content-type"), "application/json");
}

#[tokio::test]
async fn nothing_can_be_written() {
    let server = full();
    for path in ["/aliss/v5/import", "/aliss/v4/services/", "/aliss/v5/services/young-carers-club"]
    {
        for method in [Method::PUT, Method::POST, Method::DELETE] {
            let answer = server.ask(method, path, &[], "{}").await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        }
    }
    for path in ["/aliss/import/service", "/aliss/v5/import/services"] {
        let answer = server.ask(Method::PUT, path, &[], "{}").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn an_answer_is_kept_by_its_tag_and_a_refusal_is_not() {
    let server = full();
    let path = "/aliss/v5/services?postcode=G2+4AA";
    let first = server.get(path).await;
    let again = server.get_with(path, "if-none-match", &first.header("etag")).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(first.header("cache-control"), "public, max-age=60, stale-while-revalidate=600");
    let refused = server.get("/aliss/v4/services").await;
    assert_eq!(
        (refused.header("etag"), refused.header("cache-control")),
        (String::new(), "no-store".to_owned())
    );
    let areas = server.get("/aliss/v5/service-areas").await;
    let again =
        server.get_with("/aliss/v5/service-areas", "if-none-match", &areas.header("etag")).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn what_is_known_only_by_its_postcode_has_a_position() {
    let server = server(&[at("Tea", G2_4AA, &[])]);
    server.load(&json!([{
        "type": "asset", "id": "hall", "name": "Hall", "assetType": "service",
        "locations": [{ "postcode": "G2 4AA" }],
    }]));
    let list = server.json("/aliss/v4/services/?postcode=G2+4AA&q=hall").await;
    let location = &list["data"][0]["locations"][0];
    let near = |key: &str, degrees: f64| (location[key].as_f64().unwrap() - degrees).abs() < 1e-5;
    assert!(near("latitude", G2_4AA.0) && near("longitude", G2_4AA.1), "{location}");
    assert_eq!(location["formatted_address"], "G2 4AA");
}
