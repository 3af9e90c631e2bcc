//! Places as people write them, and positions as systems do, through the
//! whole router (contract geo, 4.2).

use http::Method;
use kist::journal::Scope;
use serde_json::json;
use url::form_urlencoded::byte_serialize;

use super::server::{Sent, TestServer};

fn resolve(text: &str) -> String {
    format!("/api/v1/places/resolve?q={}", byte_serialize(text.as_bytes()).collect::<String>())
}

#[tokio::test]
async fn a_place_is_understood_however_it_is_written() {
    let server = TestServer::seeded();
    for (text, kind, label) in [
        ("\u{a0}eh6\u{a0}8rg ", "postcode", "EH6 8RG"),
        ("E H 6 8 R G", "postcode", "EH6 8RG"),
        ("EH6 8", "sector", "EH6 8"),
        ("EH11", "district", "EH11"),
        ("EH1 1", "sector", "EH1 1"),
        ("saint andrew's", "place", "St Andrews, Fife"),
        ("ST. ANDREWS", "place", "St Andrews, Fife"),
        ("Port Rìgh", "place", "Portree, Highland"),
        ("newton-mearns", "place", "Newton Mearns, East Renfrewshire"),
        ("Kirkton, Angus", "place", "Kirkton, Angus"),
        ("57.15, -2.09", "point", "57.15, -2.09"),
        ("s12000036", "area", "City of Edinburgh"),
        ("The Borders", "area", "Scottish Borders"),
    ] {
        let found = server.json(&resolve(text)).await;
        assert_eq!((&found["kind"], &found["label"]), (&json!(kind), &json!(label)), "{text:?}");
        let (latitude, longitude) = (found["latitude"].as_f64(), found["longitude"].as_f64());
        let is_scottish =
            (54.0..61.0).contains(&latitude.unwrap()) && (-9.0..0.0).contains(&longitude.unwrap());
        assert!(is_scottish, "{text:?}: {found}");
    }
}

#[tokio::test]
async fn a_district_that_is_also_a_sector_offers_the_other() {
    let server = TestServer::seeded();
    let found = server.json(&resolve("EH11")).await;
    assert_eq!(found["alternatives"][0]["near"], "EH1 1", "{found}");
    let other = found["alternatives"][0]["near"].as_str().unwrap();
    assert_eq!(server.json(&resolve(other)).await["kind"], "sector");
}

#[tokio::test]
async fn malformed_is_told_from_unknown_and_unknown_from_ambiguous() {
    let server = TestServer::seeded();
    for (text, status, slug) in [
        ("EH6 8R", 400, "invalid-parameter"),
        ("EH6 8RGG", 400, "invalid-parameter"),
        ("12", 400, "invalid-parameter"),
        ("", 400, ""),
        ("91,0", 400, "invalid-parameter"),
        ("-2.09,57.15", 400, ""),
        ("ZZ99 9ZZ", 404, "not-found"),
        ("GIR 0AA", 404, "not-found"),
        ("M1 1AE", 404, "not-found"),
        ("Newtown", 400, "ambiguous-place"),
        ("Nowhereville", 400, "unknown-place"),
    ] {
        let answer = server.get(&resolve(text)).await;
        assert_eq!(answer.status, status, "{text}: {answer}");
        assert!(answer.text().contains(&format!("/problems/{slug}")), "{text}: {answer}");
    }
    let newtown = server.get(&resolve("Newtown")).await.json();
    let choices = newtown["available"].as_array().unwrap();
    assert!(choices.len() > 1, "{newtown}");
    for choice in choices {
        let text = choice.as_str().unwrap();
        assert_eq!(server.get(&resolve(text)).await.status, 200, "{text}");
    }
}

#[tokio::test]
async fn one_slip_of_the_pen_is_forgiven_where_names_are_completed() {
    let server = TestServer::seeded();
    for (beginning, name) in [
        ("Saint Andrew’s", "St Andrews"),
        ("st andr", "St Andrews"),
        ("PORT RIGH", "Portree"),
        ("Stornway", "Stornoway"),
        ("Inverness", "Inverness"),
        ("strathcly", "Strathclyde"),
    ] {
        let text: String = byte_serialize(beginning.as_bytes()).collect();
        let found = server.json(&format!("/api/v1/suggest?q={text}&limit=5")).await;
        assert_eq!(found["places"][0]["near"], name, "{beginning}: {found}");
    }
}

#[tokio::test]
async fn a_position_far_away_is_answered_and_told() {
    let server = TestServer::seeded();
    for near in ["0,0", "90,0", "-90,180", "51.5,-0.12", "0,-180", "0,180"] {
        let found = server.json(&format!("/api/v1/assets?near={near}&limit=1")).await;
        assert_eq!(found["near"]["status"], "outside_area", "{near}: {}", found["near"]);
        let distance = found["items"][0]["distance"].as_f64().unwrap();
        assert!((100_000.0..20_100_000.0).contains(&distance), "{near}: {distance}");
        let none = server.json(&format!("/api/v1/assets?near={near}&within=10km")).await;
        assert_eq!(none["total"], 0, "{near}");
    }
}

#[tokio::test]
async fn a_geometry_in_another_system_is_kept_longitude_first_and_one_that_is_none_is_refused() {
    let server = TestServer::empty();
    let token = server.token(Scope::Admin);
    let crs = "http://www.opengis.net/def/crs/";
    let media_type = "application/json";
    for (wkt, expected) in [
        ("POLYGON((-3 55, -3 56, -2 56, -3 55))".to_owned(), Some("-3 55")),
        (format!("<{crs}OGC/1.3/CRS84> POINT (-3 55)"), Some("POINT (-3 55)")),
        (format!("<{crs}EPSG/0/4326> POINT (55 -3)"), Some("POINT (-3 55)")),
        (format!("<{crs}EPSG/0/27700> POINT (325621 673516)"), Some("POINT (-3.19")),
        (format!("<{crs}EPSG/0/3857> POINT (0 0)"), None),
        ("POINT (55 -300)".to_owned(), None),
        ("POLYGON((garbage".to_owned(), None),
        ("POINT (NaN 5)".to_owned(), None),
    ] {
        let body = json!({
            "code": "S12000036", "name": "A", "level": "council", "geometry": { "wkt": wkt },
        })
        .to_string();
        let sent = Sent { token: &token, media_type, header: None, body: body.as_bytes() };
        let answer = server.send(Method::PUT, "/api/v1/places/S12000036", sent).await;
        assert_eq!(answer.status.is_success(), expected.is_some(), "{wkt}: {answer}");
        match expected {
            Some(expected) => {
                let kept = answer.json()["geometry"]["wkt"].clone();
                assert!(kept.as_str().unwrap().contains(expected), "{wkt}: {kept}");
            }
            None => assert_eq!(answer.json()["errors"][0]["pointer"], "/geometry/wkt", "{answer}"),
        }
    }
}
