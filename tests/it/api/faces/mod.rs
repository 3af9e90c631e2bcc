//! Every face answers the same question with the same records in the same
//! order.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::server::TestServer;

mod partners;
mod world;

/// Twenty questions: the query of the API, and the address of the list, with
/// `.SUFFIX` where that stands.
const QUESTIONS: [(&str, &str); 20] = [
    ("near=EH6+8RG&within=2km", "/near/EH6%208RG.SUFFIX?radius=2km"),
    ("near=EH6+8RG&within=2km", "/lists/all.SUFFIX?near=EH6+8RG&radius=2km"),
    ("near=Portree", "/near/Portree.SUFFIX"),
    ("near=G42&kind=asset&within=3km", "/near/G42.SUFFIX?kind=assets&radius=3km"),
    ("near=55.95,-3.2&within=1km", "/near/55.95,-3.2.SUFFIX?radius=1km"),
    ("near=S12000036&kind=asset", "/near/S12000036.SUFFIX?kind=asset"),
    ("near=Stornoway&type=library-venue", "/near/Stornoway.SUFFIX?type=library-venue"),
    ("near=Perth&q=library", "/near/Perth.SUFFIX?q=library"),
    ("near=Perth&q=library&sort=distance", "/near/Perth.SUFFIX?q=library&sort=distance"),
    ("near=EH6&cost=free&topic=reading", "/near/EH6.SUFFIX?cost=free&topic=reading"),
    ("kind=resource,case-study&q=partnership", "/lists/all.SUFFIX?kind=guides&q=partnership"),
    ("kind=need", "/lists/all.SUFFIX?kind=needs"),
    ("kind=need&sort=added", "/lists/all.SUFFIX?kind=needs&sort=added"),
    ("kind=organisation&q=trust", "/lists/all.SUFFIX?kind=organisations&q=trust"),
    (
        "kind=asset&type=hospital&area=S12000036",
        "/lists/all.SUFFIX?kind=assets&type=hospital&area=S12000036",
    ),
    (
        "kind=asset&bbox=-3.3,55.9,-3.1,56.0",
        "/lists/all.SUFFIX?kind=assets&bbox=-3.3,55.9,-3.1,56.0",
    ),
    ("kind=asset&open=mo+10:00&near=Forfar", "/near/Forfar.SUFFIX?kind=assets&open=mo+10:00"),
    ("kind=asset&sort=name&q=mobile", "/lists/all.SUFFIX?kind=assets&sort=name&q=mobile"),
    ("kind=asset&audience=unpaid-carers", "/lists/all.SUFFIX?kind=assets&for=unpaid-carers"),
    ("near=EH6+8RG&within=3km&type=library-venue", "/lists/libraries-of-leith.SUFFIX"),
];

/// The last parts of the addresses in a text that follow `before`, in order,
/// each once.
fn identifiers(text: &str, before: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split(before).skip(1) {
        let address = part.split(['"', '<', '?']).next().unwrap();
        let id = address.rsplit_once('/').map_or(address, |(_, id)| id).to_owned();
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn last_parts(list: &Json, items: &str) -> Vec<String> {
    let items = list[items].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned())
        .collect()
}

#[tokio::test]
async fn twenty_questions_have_the_same_answer_in_every_face() {
    let server = TestServer::seeded();
    let mut answered = 0;
    for (search, list) in QUESTIONS {
        let with = |suffix: &str| {
            let (path, query) = list.split_once('?').unwrap_or((list, ""));
            format!("{}?{query}&limit=7", path.replace("SUFFIX", suffix))
        };
        let expected = server.json(&format!("/api/v1/search.json?{search}&limit=7")).await;
        let total = expected["total"].clone();
        let expected = last_parts(&expected, "items");
        answered += usize::from(!expected.is_empty());
        let mut faces: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let api = server.json(&format!("/api/v1/search.geojson?{search}&limit=7")).await;
        faces.insert("GeoJSON of the API", last_parts(&api, "features"));
        let json = server.json(&with("json")).await;
        assert_eq!(json["total"], total, "{list}");
        faces.insert("JSON", last_parts(&json, "items"));
        let geojson = server.json(&with("geojson")).await;
        faces.insert("GeoJSON", last_parts(&geojson, "features"));
        let rss = server.get(&with("rss")).await;
        faces.insert("RSS", identifiers(rss.text(), "<guid isPermaLink=\"false\">"));
        let fragment = server.get(&with("fragment.html")).await;
        let ordered = fragment.text().split_once("</ol>").map_or("", |(ordered, _)| ordered);
        faces.insert("fragment", linked(ordered));
        let page = server.get(&with("html")).await;
        let cards = page.text().split_once("<ol class=\"cards\">").map_or("", |(_, after)| after);
        let cards = cards.split_once("</ol>").map_or("", |(cards, _)| cards);
        faces.insert("page", linked(cards));
        for (face, found) in faces {
            assert_eq!(found, expected, "{face} of {list}, and {search}");
        }
        let frame = if list.starts_with("/lists") || list.starts_with("/near") {
            server.get(&format!("/embed/v1{}", with("html").replace(".html", ""))).await
        } else {
            page
        };
        let framed = frame.text().split_once("</ol>").map_or("", |(ordered, _)| ordered);
        assert_eq!(linked(framed), expected[..expected.len().min(5)], "frame of {list}");
    }
    assert!(answered >= 17, "only {answered} questions have an answer");
}

/// The records that the headings of a piece of HTML link to, in order.
fn linked(html: &str) -> Vec<String> {
    let headings = html.split("<h").skip(1).filter(|text| text.starts_with(['2', '3']));
    headings
        .filter_map(|heading| {
            let inside = heading.split("</h").next()?;
            let address = inside.split_once("href=\"")?.1.split(['"', '?']).next()?;
            Some(address.rsplit_once('/')?.1.to_owned())
        })
        .collect()
}
