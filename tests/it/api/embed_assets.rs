//! The files of the embeds, as partners' pages get them.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::{Method, StatusCode};

use super::server::TestServer;

/// What tells how a file may be used.
const TELLING: &[&str] = &[
    "content-type",
    "cache-control",
    "access-control-allow-origin",
    "cross-origin-resource-policy",
    "timing-allow-origin",
    "x-content-type-options",
    "set-cookie",
];

#[tokio::test]
async fn each_file_says_how_long_it_may_be_kept_and_by_whom() {
    let server = TestServer::seeded();
    let mut told = String::new();
    for path in [
        "/embed/v1/asset-list.js",
        "/embed/v1/map.js",
        "/embed/v1/leaflet.js",
        "/embed/v1/leaflet.css",
        "/embed/v1/frame.js",
        "/embed/v1/frame-map.js",
        "/embed/v1/contrast.js",
        "/embed/v1/resize.js",
        "/embed/v1/custom-elements.json",
        "/embed/1.0.0/asset-list.js",
        "/embed/1.0.0/map.js",
        "/embed/1.0.0/leaflet.js",
        "/embed/1.0.0/leaflet.css",
        "/embed/versions.json",
        "/embed/tiles.json",
    ] {
        let answer = server.get(path).await;
        writeln!(told, "{path} {}", answer.status).unwrap();
        for name in TELLING.iter().filter(|name| answer.headers.contains_key(**name)) {
            writeln!(told, "  {name}: {}", answer.header(name)).unwrap();
        }
    }
    insta::assert_snapshot!("embed_assets", told);
}

#[tokio::test]
async fn the_newest_version_is_the_one_that_the_list_of_versions_names() {
    let server = TestServer::seeded();
    let versions = server.json("/embed/versions.json").await;
    let newest = &versions["versions"][0];
    assert_eq!(versions["latest"], newest["version"]);
    let pinned = server.get(newest["address"].as_str().unwrap()).await;
    let evergreen = server.get(versions["evergreen"].as_str().unwrap()).await;
    assert_eq!(pinned.body, evergreen.body);
    assert_eq!(newest["endOfLife"], serde_json::Value::Null);
}

#[tokio::test]
async fn a_file_that_a_browser_has_is_not_sent_again() {
    let server = TestServer::seeded();
    let path = "/embed/v1/asset-list.js";
    let tag = server.get(path).await.header("etag");
    let again = server.get_with(path, "if-none-match", &tag).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(again.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(again.header("cache-control"), "public, max-age=3600, stale-while-revalidate=86400");
}

#[tokio::test]
async fn a_version_that_never_was_and_a_write_are_refused() {
    let server = TestServer::seeded();
    for path in ["/embed/0.9.0/asset-list.js", "/embed/v2/asset-list.js", "/embed/v1/frame.css.js"]
    {
        assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let written = server.ask(Method::PUT, "/embed/v1/asset-list.js", &[], "").await;
    assert_eq!(written.status, StatusCode::METHOD_NOT_ALLOWED);
}

/// How many bytes are sent, packed.
fn packed(body: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap().len()
}

/// Places in all parts of Scotland, towns and villages.
const PLACES: [&str; 24] = [
    "Portree",
    "Perth",
    "Kirkwall",
    "Oban",
    "Wick",
    "Aviemore",
    "Lerwick",
    "Stornoway",
    "Thurso",
    "Ullapool",
    "Pitlochry",
    "Hawick",
    "Stranraer",
    "Campbeltown",
    "Tobermory",
    "Braemar",
    "Lochgilphead",
    "Arbroath",
    "EH6",
    "G42",
    "IV3",
    "PA38 4",
    "PH21 1",
    "PH24 3",
];

/// The most bytes of twelve results, packed: 2 kB, with all that is said of
/// them, the words of their sources included.
const MOST_BYTES: usize = 2_048;

#[tokio::test]
async fn twelve_results_as_geojson_are_at_most_2_kb() {
    let server = TestServer::seeded();
    for place in ["EH6", "G42", "IV3", "Portree"] {
        for path in [
            format!("/api/v1/search.geojson?near={place}&limit=12"),
            format!("/near/{place}.geojson?limit=12"),
        ] {
            let answer = server.get(&path).await;
            assert_eq!(answer.json()["features"].as_array().unwrap().len(), 12);
            let bytes = packed(&answer.body);
            assert!(bytes <= 2_000, "{path}: {bytes} bytes");
        }
    }
}

#[tokio::test]
async fn what_is_near_is_at_most_2_kb_as_geojson_in_every_council_and_many_places() {
    let server = TestServer::seeded();
    let gazetteer = server.register.gazetteer();
    let codes = gazetteer.areas().map(|area| area.code.to_string());
    let councils: Vec<String> = codes.filter(|code| code.starts_with("S12")).collect();
    assert_eq!(councils.len(), 32);
    for place in councils.iter().map(String::as_str).chain(PLACES) {
        // As the element asks.
        let path = format!("/near/{}.geojson?limit=12&lang=en", place.replace(' ', "%20"));
        let answer = server.get(&path).await;
        assert_eq!(answer.json()["features"].as_array().unwrap().len(), 12, "{path}");
        let bytes = packed(&answer.body);
        assert!(bytes <= MOST_BYTES, "{path}: {bytes} bytes");
    }
}

#[tokio::test]
async fn a_list_of_twelve_as_geojson_is_at_most_2_kb() {
    let server = TestServer::seeded();
    let mut lists = vec!["all".to_owned()];
    let counts = server.json("/api/v1/assets.json?facets=organisation&limit=1").await;
    let counts = counts["facets"]["organisation"].as_array().unwrap().clone();
    let large = counts.iter().filter(|it| it["count"].as_u64() >= Some(12));
    lists.extend(large.map(|it| it["value"].as_str().unwrap().to_owned()));
    assert!(lists.len() > 10, "{lists:?}");
    for list in lists {
        let path = format!("/lists/{list}.geojson?limit=12");
        let answer = server.get(&path).await;
        assert_eq!(answer.json()["features"].as_array().unwrap().len(), 12, "{path}");
        let bytes = packed(&answer.body);
        assert!(bytes <= MOST_BYTES, "{path}: {bytes} bytes");
    }
}

#[tokio::test]
async fn geojson_has_the_centre_of_the_search_and_marks_names_that_are_not_english() {
    let server = TestServer::with_categories();
    server.load(&serde_json::json!({"records": [
        {"id": "a", "type": "organisation", "name": {"en": "Choir", "gd": "Còisir"}},
        {"id": "b", "type": "organisation", "name": {"gd": "Fèis"}},
        {"id": "c", "type": "organisation", "name": "Walkers"},
    ]}));
    let names = async |language: &str| {
        let path = "/api/v1/organisations.geojson?sort=name";
        let answer = server.get_with(path, "accept-language", language).await;
        assert!(answer.header("vary").contains("accept-language"), "{}", answer.header("vary"));
        let list = answer.json();
        let row = |feature: &serde_json::Value| {
            let properties = &feature["properties"];
            format!("{} {}", properties["name"], properties["inLanguage"])
        };
        let mut rows: Vec<String> = list["features"].as_array().unwrap().iter().map(row).collect();
        rows.sort();
        rows
    };
    assert_eq!(names("en").await, [r#""Choir" null"#, r#""Fèis" "gd""#, r#""Walkers" null"#]);
    assert_eq!(names("gd").await, [r#""Còisir" "gd""#, r#""Fèis" "gd""#, r#""Walkers" null"#]);
    let near = TestServer::seeded().json("/api/v1/search.geojson?near=EH6&limit=1").await;
    assert_eq!(near["centre"], serde_json::json!([-3.17538, 55.9728]));
}
