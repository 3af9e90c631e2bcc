//! The code by which another site shows one record, or what an organisation
//! has: every address in it answers.

use super::server::{BASE, TestServer};

/// The addresses of this register in the codes of a page of the generator:
/// what the element asks, the fragment, the frame and the feeds.
fn addresses(page: &str) -> Vec<String> {
    let codes = page.split("<section class=\"codes\">").nth(1).unwrap();
    let mut found: Vec<String> = codes
        .split(BASE)
        .skip(1)
        .map(|rest| {
            let end = rest.find(['"', '<', ' ', '&', '\'']).unwrap();
            rest[..end].to_owned()
        })
        .filter(|address| address.len() > 1)
        .collect();
    let source = codes.split("src=&quot;").nth(1).or_else(|| codes.split("src=&#34;").nth(1));
    let source = source.unwrap().split('&').next().unwrap().strip_prefix(BASE).unwrap();
    found.push(format!("{source}.geojson?limit=12&lang=en"));
    found.sort_unstable();
    found.dedup();
    found
}

#[tokio::test]
async fn every_address_in_the_code_of_a_record_answers_with_it() {
    let server = TestServer::seeded();
    for kind in ["asset", "organisation", "resource", "case-study", "partnership", "collection"] {
        let found = server.get(&format!("/api/v1/search?kind={kind}&limit=1")).await.json();
        let id = found["items"][0]["id"].as_str().unwrap();
        let path = id.rsplit_once("/id/").map_or(id, |(_, path)| path);
        let page = server.get(&format!("/embed?list=%2Fid%2F{path}")).await;
        assert_eq!(page.status, 200, "{kind}: {page}");
        let addresses = addresses(page.text());
        assert!(addresses.len() > 8, "{kind}: {addresses:?}");
        for address in addresses {
            let answer = server.get(&address).await;
            assert_eq!(answer.status, 200, "{kind}: {address}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_record_is_a_list_of_itself() {
    let server = TestServer::seeded();
    let found = server.get("/api/v1/search?kind=asset&limit=1").await.json();
    let (id, name) = (&found["items"][0]["id"], &found["items"][0]["name"]);
    let uuid = id.as_str().unwrap().rsplit('/').next().unwrap();
    let list = server.get(&format!("/lists/{uuid}.json")).await.json();
    assert_eq!((&list["total"], &list["items"][0]["name"]), (&1.into(), name), "{list}");
    for slug in ["health", "S12000036", "nowhere"] {
        assert_eq!(server.get(&format!("/lists/{slug}")).await.status, 404, "{slug}");
    }
}
