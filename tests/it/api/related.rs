//! What the page of a record shows of the same organisation, and when it leads
//! to all of it.

use serde_json::{Value as Json, json};

use super::server::TestServer;

/// How many others a page shows.
const SHOWN: usize = 6;

/// An organisation with `count` assets.
fn server(count: usize) -> TestServer {
    let server = TestServer::with_categories();
    let asset = |number: usize| {
        json!({
            "type": "asset", "id": format!("asset-{number}"), "name": format!("Asset {number}"),
            "assetType": "group", "online": true, "provider": "trust",
        })
    };
    let trust = json!({"type": "organisation", "id": "trust", "name": "Leith Trust"});
    let records: Vec<Json> = std::iter::once(trust).chain((0..count).map(asset)).collect();
    server.load(&json!({ "records": records }));
    server
}

#[tokio::test]
async fn all_of_an_organisation_is_a_link_away_when_it_has_more_than_a_page_shows() {
    let (about, same) = ("Records about this", "From the same organisation");
    for (page, title, count, is_more) in [
        ("/organisations/trust.html", about, SHOWN, false),
        ("/organisations/trust.html", about, SHOWN + 1, true),
        // The asset itself is none of the others.
        ("/assets/asset-0.html", same, SHOWN + 1, false),
        ("/assets/asset-0.html", same, SHOWN + 2, true),
    ] {
        let server = server(count);
        let page = server.place_of(page).await;
        let answer = server.get(&page).await;
        let (_, section) = answer.text().split_once(&format!("<h2>{title}</h2>")).unwrap();
        let (section, _) = section.split_once("</section>").unwrap();
        let cards = section.matches("<li><a href=\"/assets/").count();
        assert_eq!(cards, SHOWN, "{page} of {count}: {answer}");
        let leads_to_all = section.contains("href=\"/search?organisation=");
        assert_eq!(leads_to_all, is_more, "{page} of {count}: {answer}");
    }
}
