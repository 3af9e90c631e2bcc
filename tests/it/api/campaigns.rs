//! Addresses that come back from newsletters and networks with parameters
//! which count who has followed them.

use super::server::{Answer, BASE, TestServer};

/// What a reader gets: all but the id of the request.
fn told(answer: &Answer) -> String {
    let told = ["content-type", "etag", "link", "location", "cache-control"];
    let headers = told.map(|name| answer.header(name));
    format!("{} {headers:?}\n{}", answer.status, answer.text())
}

#[tokio::test]
async fn a_page_list_frame_or_feed_is_the_same_with_what_a_campaign_has_hung_on_its_address() {
    let server = TestServer::seeded();
    let record = server.json("/api/v1/assets.json?limit=1").await;
    let record = record["items"][0]["id"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned();
    let pasted = format!("{BASE}/lists/all?utm_source=letter&topic=walking");
    let pasted: String = url::form_urlencoded::byte_serialize(pasted.as_bytes()).collect();
    for path in [
        "/",
        "/about",
        "/search?q=library&near=EH6",
        "/assets?page=2",
        &format!("/assets/{record}"),
        &format!("/assets/{record}.ttl"),
        &format!("/id/asset/{record}"),
        "/near/EH6",
        "/near/EH6.fragment.html?limit=3",
        "/lists/all?near=EH6",
        "/lists/all.ics",
        "/lists/all.rss?limit=2",
        "/lists/all.geojson?limit=2",
        "/lists/all.feed.json?limit=2",
        "/embed/v1/lists/all?compact=true",
        "/embed?list=/lists/all",
        "/changes.atom",
        "/ns.ttl",
        &format!("/oembed?url={pasted}"),
    ] {
        let plain = server.get_with(path, "accept", "text/html,*/*;q=0.1").await;
        assert!(!plain.status.is_client_error(), "{path}: {plain}");
        assert!(!plain.text().contains("utm_"), "{path}: {plain}");
        let begin = if path.contains('?') { '&' } else { '?' };
        for hung in ["fbclid=IwAR0-x", "utm_source=a&utm_medium=b%20c&gclid=1", "mc_cid=&_hsenc"] {
            let followed = format!("{path}{begin}{hung}");
            let answer = server.get_with(&followed, "accept", "text/html,*/*;q=0.1").await;
            assert_eq!(told(&answer), told(&plain), "{followed}");
        }
    }
}

#[tokio::test]
async fn the_json_api_and_misspelt_filters_of_pages_are_refused_as_ever() {
    let server = TestServer::seeded();
    for path in [
        "/api/v1/search?q=library&utm_source=a",
        "/api/v1/assets?fbclid=1",
        "/search?q=library&utmsource=a",
        "/lists/all?topics=walking&fbclid=1",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 400, "{path}: {answer}");
        assert!(answer.text().contains("unknown-parameter"), "{path}: {answer}");
    }
}
