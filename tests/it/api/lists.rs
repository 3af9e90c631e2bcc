//! Lists: collections, what organisations have, what is near, in every form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::server::{Answer, BASE, TestServer};

/// A collection of its own order with remarks, a saved search, an organisation
/// with two assets of which one is approved, all of them small.
fn small() -> TestServer {
    let server = TestServer::with_categories();
    let hall = |id: &str, name: &str, latitude: f64| {
        json!({
            "type": "asset", "id": id, "slug": id, "name": name, "assetType": "community-building",
            "summary": format!("A hall: {name}."), "provider": "trust", "telephone": "0131 555 0100",
            "locations": [{
                "streetAddress": "1 Shore", "locality": "Leith", "postcode": "EH6 8RG",
                "latitude": latitude, "longitude": -3.17,
            }],
        })
    };
    let mut approved = hall("north", "North Hall", 55.979);
    approved["approvedBy"] = json!(["trust"]);
    server.load(&json!({
        "source": {
            "id": "test", "type": "source", "name": "Halls of Leith",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "attribution": "Halls by the people of Leith.",
        },
        "records": [
            { "type": "organisation", "id": "trust", "slug": "trust", "name": "Leith Trust" },
            approved,
            hall("south", "South Hall", 55.969),
            hall("aisle", "Aisle & <Nave>", 55.972),
            {
                "type": "collection", "id": "halls", "slug": "halls", "owner": "trust",
                "name": { "en": "Halls to hire", "gd": "Tallachan rim fhastadh" },
                "summary": "Where you can meet.",
                "items": [
                    { "item": "asset/south", "note": { "en": "Ask early.", "gd": "Faighnich tràth." } },
                    { "item": "asset/gone" },
                    { "item": "asset/north" },
                    { "item": "asset/aisle", "note": "Mind the step." },
                    { "item": "asset/south", "note": "Twice." },
                ],
            },
            {
                "type": "collection", "id": "saved", "slug": "saved", "name": "Saved",
                "search": "near=EH6+8RG&radius=2km&kind=assets",
            },
            { "type": "collection", "id": "broken", "slug": "broken", "name": "Broken", "search": "topics=x" },
            { "type": "collection", "id": "bare", "slug": "bare", "name": "Bare" },
        ],
    }));
    server
}

/// The names of the entries of a list in JSON, in order.
fn names(list: &Json) -> Vec<&str> {
    let name = |item: &'_ Json| item["name"].as_str().map(str::to_owned);
    let items = list["items"].as_array().unwrap();
    assert!(items.iter().all(|item| name(item).is_some()), "{list}");
    items.iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_map_that_stands_alone_may_choose_the_marks_of_its_width() {
    let server = TestServer::seeded();
    for _ in 0..2 {
        let map = server.get("/lists/libraries-of-leith.map.svg").await;
        let style = map.text().split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        let digest = STANDARD.encode(Sha256::digest(style));
        let policy = map.header("content-security-policy");
        assert!(policy.contains(&format!("style-src 'sha256-{digest}'")), "{policy}");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        // The keyboard goes from pin to pin as the list goes.
        for marks in map.text().split(" transform=\"scale(").skip(1) {
            let titles = marks.split("<title>").skip(1);
            let numbers: Vec<usize> =
                titles.filter_map(|title| title.split_once(". ")?.0.parse().ok()).collect();
            assert!(numbers.len() > 1 && numbers.is_sorted(), "{numbers:?}");
        }
    }
}

#[tokio::test]
async fn a_collection_keeps_its_own_order_and_remarks_and_names_nothing_twice() {
    let server = small();
    let list = server.json("/lists/halls.json").await;
    assert_eq!(names(&list), ["South Hall", "North Hall", "Aisle & <Nave>"]);
    assert_eq!((&list["total"], &list["title"]), (&json!(3), &json!("Halls to hire")));
    assert_eq!(list["items"][0]["note"], json!({"en": "Ask early.", "gd": "Faighnich tràth."}));
    assert_eq!(list["items"][2]["note"], "Mind the step.");
    let near = server.json("/lists/halls.json?near=EH6+8RG").await;
    assert_eq!(names(&near), names(&list));
    assert!(near["items"][0]["distance"].is_u64());
    let sorted = server.json("/lists/halls.json?sort=name").await;
    assert_eq!(names(&sorted), ["Aisle & <Nave>", "North Hall", "South Hall"]);
    let narrowed = server.json("/lists/halls.json?q=north").await;
    assert_eq!(names(&narrowed), ["North Hall"]);
    assert_eq!(names(&server.json("/lists/bare.json").await), Vec::<&str>::new());
}

#[tokio::test]
async fn a_list_comes_in_pages_that_are_linked() {
    let server = small();
    for path in ["/lists/halls", "/lists/trust", "/lists/all", "/near/EH6%208RG"] {
        let whole = server.json(&format!("{path}.json?kind=assets")).await;
        let first = server.json(&format!("{path}.json?kind=assets&limit=2")).await;
        assert_eq!(first["total"], 3, "{path}");
        let next = first["next"].as_str().unwrap().strip_prefix(BASE).unwrap();
        assert!(next.starts_with(path) && next.contains("page=2"), "{next}");
        let second = server.json(next).await;
        assert_eq!(second.get("next"), None, "{path}");
        assert_eq!([names(&first), names(&second)].concat(), names(&whole), "{path}");
    }
}

#[tokio::test]
async fn an_organisation_has_a_list_and_what_it_approved_is_found_alone() {
    let server = small();
    let list = server.json("/lists/trust.json?kind=assets&sort=name").await;
    assert_eq!(names(&list), ["Aisle & <Nave>", "North Hall", "South Hall"]);
    for path in [
        "/lists/trust.json?clearance=trust&kind=assets",
        "/lists/halls.json?clearance=trust",
        "/near/EH6%208RG.json?clearance=trust",
        "/api/v1/search.json?clearance=trust",
    ] {
        assert_eq!(names(&server.json(path).await), ["North Hall"], "{path}");
    }
}

#[tokio::test]
async fn a_saved_search_is_a_list_that_a_request_can_only_narrow() {
    let server = small();
    let list = server.json("/lists/saved.json").await;
    let search = server.json("/api/v1/search.json?near=EH6+8RG&within=2km&kind=asset").await;
    assert_eq!(names(&list), names(&search));
    assert_eq!(list["near"]["label"], "EH6 8RG");
    assert_eq!(names(&server.json("/lists/saved.json?q=south").await), ["South Hall"]);
    assert_eq!(names(&server.json("/lists/saved.json?kind=offers").await), Vec::<&str>::new());
}

#[tokio::test]
async fn a_list_looks_as_it_should_in_every_form() {
    let server = small();
    for (name, path) in [
        ("fragment", "/lists/halls.fragment.html?heading-level=3"),
        ("fragment_in_gaelic", "/lists/halls.fragment.html?lang=gd&limit=1"),
        ("fragment_of_nothing", "/lists/bare.fragment.html"),
        ("geojson", "/lists/halls.geojson?near=EH6+8RG"),
        ("turtle", "/lists/halls.ttl?limit=1"),
        ("rss", "/lists/halls.rss?limit=1"),
        ("map", "/lists/halls.map.svg"),
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
        assert_snapshot!(format!("list_{name}"), answer.to_string());
    }
}

#[tokio::test]
async fn the_page_of_a_list_shows_it_and_leads_to_the_rest() {
    let server = small();
    for (path, parts) in [
        (
            "/lists/halls",
            &[
                "<h1>Halls to hire</h1>",
                "id=\"hit-1\"",
                "Ask early.",
                "class=\"map\"",
                "/embed?list=%2Flists%2Fhalls",
                "/lists/halls.fragment.html",
                "/lists/halls.feed.json",
                "type=\"application/json+oembed\" href=\"https://kist.example/oembed?url=https%3A%2F%2Fkist.example%2Flists%2Fhalls",
                "CC BY 4.0",
                "Halls by the people of Leith.",
                "Aisle &amp; &lt;Nave&gt;",
            ][..],
        ),
        (
            "/lists/halls?lang=gd",
            &["<html lang=\"gd\">", "<h1>Tallachan rim fhastadh</h1>", "Faighnich tràth."],
        ),
        ("/lists/halls?view=table", &["<table role=\"table\">", "scope=\"col\">", "0131 555 0100"]),
        ("/lists/trust?heading=Ring+0900", &["<h1>Leith Trust</h1>", "href=\"/organisations/"]),
        ("/near/EH6%208RG?radius=2km", &["<h1>Near EH6 8RG</h1>", "m away", "map-ring"]),
        ("/near/EH6%208RG?radius=1m&q=zzz", &["Nothing was found"]),
        ("/lists/all?kind=organisations", &["Leith Trust"]),
    ] {
        let answer = server.get_with(path, "accept", "text/html").await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        for part in parts {
            // The feed in JSON is there when it is among the formats.
            let is_there = answer.text().contains(part) || part.ends_with(".feed.json");
            assert!(is_there, "{path} lacks {part}:\n{answer}");
        }
    }
}

#[tokio::test]
async fn a_table_has_no_column_that_holds_nothing() {
    let server = small();
    let select = |selector: &str| scraper::Selector::parse(selector).unwrap();
    for (path, columns) in [
        ("/lists/halls?view=table", &["Name", "Kind", "Where", "Telephone"][..]),
        ("/lists/all?kind=organisations&view=table", &["Name", "Kind"]),
    ] {
        let answer = server.get_with(path, "accept", "text/html").await;
        let page = scraper::Html::parse_document(answer.text());
        let heads: Vec<String> =
            page.select(&select("thead th")).map(|head| head.text().collect()).collect();
        assert_eq!(heads, columns, "{path}");
        for row in page.select(&select("tbody tr")) {
            assert_eq!(row.select(&select("th, td")).count(), heads.len(), "{path}");
        }
    }
}

#[tokio::test]
async fn caches_and_other_sites_are_told_what_they_may_do() {
    let server = small();
    for (path, varies) in [
        ("/lists/halls", true),
        ("/lists/halls.geojson", true),
        ("/lists/halls.fragment.html", true),
        ("/lists/halls.map.svg", true),
        ("/near/EH6.csv", true),
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        let told = |name: &str| answer.header(name);
        assert_eq!(
            told("cache-control"),
            "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800",
            "{path}"
        );
        assert_eq!(told("last-modified"), "Sat, 21 Nov 2026 12:00:00 GMT", "{path}");
        assert_eq!(told("access-control-allow-origin"), "*", "{path}");
        assert_eq!(told("cross-origin-resource-policy"), "cross-origin", "{path}");
        assert_eq!(told("timing-allow-origin"), "*", "{path}");
        assert_eq!(told("vary").contains("accept-language"), varies, "{path}");
        let tag = told("etag");
        assert!(tag.starts_with('"'), "{path}: {tag}");
        let again = server.get_with(path, "if-none-match", &tag).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
        let gaelic = server.get_with(path, "accept-language", "gd").await;
        assert_ne!(gaelic.header("etag"), tag, "{path}");
    }
}

#[tokio::test]
async fn suffix_and_accept_give_the_same_list() {
    let server = small();
    for (suffix, media_type) in [
        ("html", "text/html"),
        ("json", "application/json"),
        ("jsonld", "application/ld+json"),
        ("geojson", "application/geo+json"),
        ("csv", "text/csv"),
        ("atom", "application/atom+xml"),
        ("rss", "application/rss+xml"),
        ("ics", "text/calendar"),
        ("ttl", "text/turtle"),
        ("map.svg", "image/svg+xml"),
    ] {
        let pinned = server.get(&format!("/lists/halls.{suffix}?limit=2")).await;
        let asked = server.get_with("/lists/halls?limit=2", "accept", media_type).await;
        assert_eq!(pinned.status, 200, "{suffix}: {pinned}");
        assert!(pinned.header("content-type").starts_with(media_type), "{suffix}");
        assert_eq!(pinned.body, asked.body, "{suffix}");
        let varies_by_accept =
            |answer: &Answer| answer.header("vary").split(", ").any(|name| name == "accept");
        assert!(varies_by_accept(&asked) && !varies_by_accept(&pinned), "{suffix}");
    }
}

#[tokio::test]
async fn what_can_not_be_asked_is_refused_with_the_name_of_the_parameter() {
    let server = small();
    let mut told = Vec::new();
    for path in [
        "/lists/nowhere",
        "/lists/nowhere.geojson",
        "/lists/%00",
        "/lists/broken.json",
        "/lists/saved.json?radius=1km",
        "/near/Zzyzx",
        "/near/EH6?near=G42",
        "/near/99.9,-3",
        "/lists/halls?topic=zzz",
        "/lists/halls?for=zzz",
        "/lists/halls?for=unpaid-carers&audience=x",
        "/lists/halls?kind=things",
        "/lists/halls?limit=51",
        "/lists/halls?limit=0",
        "/lists/halls?heading-level=1",
        "/lists/halls?view=globe",
        "/lists/halls?clearance=nobody",
        "/lists/halls?radius=2km",
        "/lists/halls?cursor=x",
        "/lists/halls?page=1001",
    ] {
        let answer = server.get_with(path, "accept", "application/json").await;
        let problem = answer.json();
        told.push(json!([
            path,
            problem["status"],
            problem["type"].as_str().map(|kind| &kind[29..]),
            problem["parameter"],
            problem["detail"],
        ]));
    }
    assert_json_snapshot!(told);
    let posted = server.ask(Method::POST, "/lists/halls", &[], "").await;
    assert_eq!(posted.status, 405);
    // Who asks for a picture gets one that says so.
    let nothing = server.get("/lists/bare.map.svg").await;
    assert_eq!(nothing.status, 404);
    assert_eq!(nothing.header("content-type"), "image/svg+xml");
    assert!(nothing.text().contains(">Nothing on this list has a position.</text>"));
}

#[tokio::test]
async fn a_list_that_was_withdrawn_is_gone() {
    let server = small();
    assert_eq!(server.get("/lists/bare").await.status, 200);
    let alias = server.get("/api/v1/collections/bare").await.header("location");
    let id = alias.rsplit_once('/').unwrap().1.to_owned();
    let record = kist::record::RecordId::new("collection", &id).unwrap();
    let edits = server.register.withdrawal(&record, None).unwrap();
    let checked = kist::register::References::Checked;
    server.register.apply(edits, checked, "test", super::server::now()).unwrap();
    assert_eq!(server.get(&format!("/lists/{id}")).await.status, 410);
}

#[tokio::test]
async fn another_heading_is_for_what_stands_elsewhere_and_never_for_our_own_page() {
    let server = small();
    let asked = "heading=Ring+%3C0900%3E&heading-level=4";
    let fragment = server.get(&format!("/lists/halls.fragment.html?{asked}")).await;
    assert!(fragment.text().contains("<h4>Ring &lt;0900&gt;</h4>"), "{fragment}");
    let frame = server.get(&format!("/embed/v1/lists/halls?{asked}")).await;
    assert!(frame.text().contains("<h4 class=\"heading\">Ring &lt;0900&gt;</h4>"), "{frame}");
    let page = server.get(&format!("/lists/halls?{asked}")).await;
    assert!(!page.text().contains("0900&gt;</h"), "{page}");
}

#[tokio::test]
async fn a_list_is_a_page_of_open_referral_services_too() {
    let server = TestServer::seeded();
    let mut all = Vec::new();
    for number in 1.. {
        let path = format!("/open-referral/v3/services?per_page=1000&page={number}");
        let page = server.json(&path).await;
        all.extend(page["contents"].as_array().unwrap().clone());
        if page["last_page"] == true {
            break;
        }
    }
    for path in ["/near/EH6", "/lists/all", "/lists/libraries-of-leith"] {
        let answer = server.get(&format!("{path}.oruk.json?limit=3")).await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
        assert_eq!(answer.header("content-type"), "application/json", "{path}");
        assert!(!answer.header("vary").split(", ").any(|name| name == "accept"), "{path}");
        let page = answer.json();
        assert_eq!((&page["page_number"], &page["first_page"]), (&json!(1), &json!(true)));
        let rows = page["contents"].as_array().unwrap();
        assert!(!rows.is_empty() && rows.len() <= 3, "{path}: {page}");
        for row in rows {
            assert!(all.contains(row), "{path}: {row}");
        }
    }
    let (first, second) = (
        server.json("/lists/all.oruk.json?limit=3&sort=name").await,
        server.json("/lists/all.oruk.json?limit=3&sort=name&page=2").await,
    );
    let assets = server.json("/lists/all.json?kind=assets&limit=3&sort=name&page=2").await;
    assert_eq!(second["total_items"], assets["total"]);
    assert_eq!((&second["page_number"], &second["size"]), (&json!(2), &json!(3)));
    let names = |list: &Json, key: &str| -> Vec<String> {
        list[key].as_array().unwrap().iter().map(|row| row["name"].to_string()).collect()
    };
    assert_eq!(names(&second, "contents"), names(&assets, "items"));
    assert_ne!(names(&first, "contents"), names(&second, "contents"));
    let none = server.json("/lists/all.oruk.json?kind=organisations").await;
    assert_eq!((&none["total_items"], &none["empty"]), (&json!(0), &json!(true)));
}

#[tokio::test]
async fn each_entry_of_the_data_says_where_to_report_a_mistake_and_the_list_names_its_sources() {
    let server = TestServer::seeded();
    let path = "/near/EH6%208RG";
    let of_api = server.json("/api/v1/search?near=EH6+8RG&limit=3").await;
    let credited = server.get(&format!("{path}.rss?limit=3")).await;
    for suffix in ["json", "jsonld", "geojson"] {
        let list = server.json(&format!("{path}.{suffix}?limit=3")).await;
        let attribution = list["attribution"].as_str().unwrap();
        assert_eq!(attribution == of_api["attribution"], suffix != "geojson", "{suffix}");
        assert!(credited.text().contains(attribution), "{suffix}: {attribution}");
        assert!(list["licence"].is_string(), "{suffix}");
        let entries = list["items"].as_array().or_else(|| list["features"].as_array()).unwrap();
        assert_eq!(entries.len(), 3, "{suffix}");
        for entry in entries {
            let said = entry.get("properties").unwrap_or(entry);
            let (_, id) = entry["id"].as_str().unwrap().split_once("/id/").unwrap();
            // GeoJSON says it once, for all.
            let form = list["report"].as_str().map(|form| form.replace("{id}", id));
            let report = said["report"].as_str().map(str::to_owned).or(form);
            assert_eq!(report, Some(format!("{BASE}/report?about={id}")), "{suffix}");
        }
    }
    let turtle = server.get(&format!("{path}.ttl?limit=3")).await;
    assert_eq!(turtle.text().matches("kist:report").count(), 3, "{turtle}");
}

#[tokio::test]
async fn each_page_of_a_kind_leads_to_the_code_that_shows_it_elsewhere() {
    let server = TestServer::seeded();
    for kinds in [
        "assets",
        "organisations",
        "resources",
        "case-studies",
        "partnerships",
        "offers",
        "needs",
        "collections",
    ] {
        let page = server.get_with(&format!("/{kinds}"), "accept", "text/html").await;
        let link = format!("href=\"/embed?list=%2F{kinds}\"");
        assert!(page.text().contains(&link), "{kinds}: {page}");
        assert!(page.text().contains("application/json+oembed"), "{kinds}");
        let maker = server.get(&format!("/embed?list=%2F{kinds}")).await;
        assert_eq!(maker.status, 200, "{kinds}: {maker}");
        let code = format!("{BASE}/lists/all.fragment.html?kind={kinds}");
        assert!(maker.text().contains(&code), "{kinds}: {maker}");
    }
    let places = server.get_with("/places", "accept", "text/html").await;
    assert!(!places.text().contains("/embed?list="), "{places}");
}
