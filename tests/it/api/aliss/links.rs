//! The addresses that answers give lead to the pages of records.

use http::StatusCode;

use super::super::server::{BASE, TestServer};

#[tokio::test]
async fn the_addresses_of_services_and_organisations_lead_to_their_pages() {
    let server = TestServer::seeded();
    let list = server.json("/aliss/v4/services/?postcode=EH6+8RG&q=leith+library").await;
    let service = &list["data"][0];
    let id = service["id"].as_str().unwrap();
    let provider = &service["organisation"];
    let provider_id = provider["id"].as_str().unwrap();
    for (address, page) in [
        (&service["aliss_url"], format!("{BASE}/assets/{id}")),
        (&service["permalink"], format!("{BASE}/assets/{id}")),
        (&provider["aliss_url"], format!("{BASE}/organisations/{provider_id}")),
        (&provider["permalink"], format!("{BASE}/organisations/{provider_id}")),
    ] {
        let path = address.as_str().unwrap().strip_prefix(BASE).unwrap();
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, page), "{path}");
    }
    assert_eq!(server.get("/aliss/services/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_path_answers_with_and_without_a_slash_below_each_root() {
    let server = TestServer::seeded();
    for version in ["v4", "v5"] {
        for end in [
            "/services?postcode=EH6+8RG",
            "/organisations",
            "/import",
            "/categories",
            "/categories-flat",
            "/community-groups",
            "/service-areas",
            "/selected-service-area-spatial?service_areas=1",
        ] {
            let (path, query) = end.split_once('?').unwrap_or((end, ""));
            let mut bodies = Vec::new();
            for root in ["/aliss/api", "/aliss"] {
                for slash in ["", "/"] {
                    let asked = format!("{root}/{version}{path}{slash}?{query}");
                    let mut body = server.json(&asked).await;
                    if let Some(next) = body.get_mut("next") {
                        next.take();
                    }
                    bodies.push(body);
                }
            }
            assert!(bodies.iter().all(|body| *body == bodies[0]), "{version}{path}");
        }
    }
}
