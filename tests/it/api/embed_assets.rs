//! The files of the embeds, as partners' pages get them.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::{Method, StatusCode};

use super::server::{BASE, TestServer};

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

#[tokio::test]
async fn a_file_in_brotli_is_smaller_than_in_gzip_and_has_a_tag_of_its_own() {
    let server = TestServer::seeded();
    for path in ["/embed/v1/asset-list.js", "/embed/1.0.0/leaflet.js", "/embed/v1/frame.css"] {
        let plain = server.get(path).await;
        let [brotli, gzip] = [
            server.get_with(path, "accept-encoding", "gzip, deflate, br, zstd").await,
            server.get_with(path, "accept-encoding", "gzip").await,
        ];
        assert_eq!(brotli.header("content-encoding"), "br", "{path}");
        assert_eq!(gzip.header("content-encoding"), "gzip", "{path}");
        let sizes = (brotli.body.len(), gzip.body.len());
        assert!(sizes.0 < sizes.1, "{path}: {sizes:?} bytes");
        let mut unpacked = Vec::new();
        brotli_decompressor::BrotliDecompress(&mut &brotli.body[..], &mut unpacked).unwrap();
        assert_eq!(unpacked, plain.body, "{path}");
        assert!(brotli.header("vary").contains("accept-encoding"), "{path}");
        assert_ne!(brotli.header("etag"), gzip.header("etag"), "{path}");
        let tag = brotli.header("etag");
        let headers = [("accept-encoding", "br"), ("if-none-match", &*tag)];
        let known = server.ask(Method::GET, path, &headers, "").await;
        assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
    }
}

#[tokio::test]
async fn colours_that_a_browser_has_are_not_sent_again() {
    let server = TestServer::seeded();
    let path = "/embed/v1/colours.css?accent=7a2f1d";
    let first = server.get(path).await;
    let tag = first.header("etag");
    let again = server.get_with(path, "if-none-match", &tag).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{first}");
    let other = server.get_with("/embed/v1/colours.css?accent=000000", "if-none-match", &tag).await;
    assert_eq!(other.status, StatusCode::OK, "{other}");
}

#[tokio::test]
async fn a_frame_has_an_icon_that_its_policy_allows() {
    let server = TestServer::seeded();
    for path in ["/embed/v1/near/EH6", "/embed/v1/lists/nowhere"] {
        let frame = server.get_with(path, "accept", "text/html").await;
        let icon = "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/embed/v1/icon.svg\">";
        assert!(frame.text().contains(icon), "{path}: {frame}");
    }
    let icon = server.get("/embed/v1/icon.svg").await;
    assert_eq!(icon.status, StatusCode::OK);
    assert_eq!(icon.header("content-type"), "image/svg+xml");
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
async fn what_is_found_of_each_kind_and_in_each_order_is_at_most_2_kb_as_geojson_page_after_page() {
    let server = TestServer::seeded();
    for query in [
        "/api/v1/case-studies.geojson?",
        "/api/v1/resources.geojson?",
        "/api/v1/needs.geojson?",
        "/api/v1/organisations.geojson?",
        "/api/v1/search.geojson?",
        "/api/v1/search.geojson?q=library&",
        "/api/v1/search.geojson?q=partnership&",
        "/api/v1/search.geojson?q=hospital&near=Oban&",
        "/api/v1/search.geojson?sort=name&",
        "/lists/all.geojson?kind=guides&",
        "/lists/all.geojson?kind=needs&lang=gd&",
    ] {
        let mut path = format!("{query}limit=12");
        for _ in 0..4 {
            let answer = server.get(&path).await;
            assert_eq!(answer.status, 200, "{path}: {answer}");
            let bytes = packed(&answer.body);
            assert!(bytes <= MOST_BYTES, "{path}: {bytes} bytes");
            let list = answer.json();
            let Some(next) = list["next"].as_str() else { break };
            path = next.strip_prefix(BASE).unwrap().to_owned();
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
        for radius in ["", "&radius=2km", "&radius=5km", "&radius=20km"] {
            // As the element asks. Nothing that a place has is within 2 km of the
            // middle of some councils.
            let place = place.replace(' ', "%20");
            let path = format!("/near/{place}.geojson?limit=12&lang=en{radius}");
            let answer = server.get(&path).await;
            let features = answer.json()["features"].as_array().unwrap().len();
            assert!(features == 12 || !radius.is_empty(), "{path}: {features}");
            let bytes = packed(&answer.body);
            assert!(bytes <= MOST_BYTES, "{path}: {bytes} bytes");
        }
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
