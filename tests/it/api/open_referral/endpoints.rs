//! Each endpoint once, to the letter.

use insta::assert_snapshot;

use super::{ROOT, WALK, WALKERS, id_of, list, rich};

#[tokio::test]
async fn the_root_says_which_version_this_is() {
    let server = rich();
    assert_snapshot!(server.all(&[ROOT, &format!("{ROOT}/")]).await);
}

#[tokio::test]
async fn services_are_listed_in_short() {
    assert_snapshot!(rich().get(&format!("{ROOT}/services")).await);
}

#[tokio::test]
async fn a_service_comes_with_all_that_is_nested() {
    assert_snapshot!(rich().get(&format!("{ROOT}/services/{WALK}")).await);
}

#[tokio::test]
async fn services_at_locations_are_listed_in_short() {
    assert_snapshot!(rich().get(&format!("{ROOT}/service_at_locations")).await);
}

#[tokio::test]
async fn each_service_at_a_location_is_found_by_its_id() {
    let server = rich();
    let page = list(&server, "/service_at_locations").await;
    let rows = page["contents"].as_array().unwrap();
    assert_eq!(rows.len(), 6);
    for row in rows {
        let id = row["id"].as_str().unwrap();
        let one = list(&server, &format!("/service_at_locations/{id}")).await;
        for key in ["id", "service_id", "location_id"] {
            assert_eq!(one[key], row[key]);
        }
        assert_eq!(one["name"], row["service"]["name"]);
        assert_eq!(one["status"], row["service"]["status"]);
        assert_eq!(one["location"]["id"], row["location"]["id"]);
        assert_eq!(one["location"]["name"], row["location"]["name"]);
    }
    let id = rows[0]["id"].as_str().unwrap();
    assert_snapshot!(server.get(&format!("{ROOT}/service_at_locations/{id}")).await);
}

#[tokio::test]
async fn the_locations_of_a_service_are_those_of_the_list() {
    let server = rich();
    let service = list(&server, &format!("/services/{WALK}")).await;
    let page = list(&server, "/service_at_locations").await;
    let mut listed: Vec<&str> = page["contents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["service_id"] == WALK)
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    let nested = service["service_at_locations"].as_array().unwrap().iter();
    let mut nested: Vec<&str> = nested.map(|row| row["id"].as_str().unwrap()).collect();
    listed.sort_unstable();
    nested.sort_unstable();
    assert_eq!(nested, listed);
}

#[tokio::test]
async fn organizations_are_listed_and_found() {
    let paths = [
        format!("{ROOT}/organizations"),
        format!("{ROOT}/organizations/{WALKERS}"),
        format!("{ROOT}/organizations?full_service=true&search=granton"),
    ];
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    assert_snapshot!(rich().all(&paths).await);
}

#[tokio::test]
async fn taxonomies_and_terms_are_listed_and_found_by_ids_made_of_their_addresses() {
    let server = rich();
    let scheme = id_of(&server, "taxonomies", "/id/scheme/topic").await;
    let term = id_of(&server, "taxonomy_terms", "/id/category/walking").await;
    let paths = [
        format!("{ROOT}/taxonomies"),
        format!("{ROOT}/taxonomies/{scheme}"),
        format!("{ROOT}/taxonomy_terms?per_page=2"),
        format!("{ROOT}/taxonomy_terms/{term}"),
    ];
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    assert_snapshot!(server.all(&paths).await);
}

#[tokio::test]
async fn capital_letters_of_an_id_and_the_identifier_of_the_register_will_do() {
    let server = rich();
    for id in [WALK.to_uppercase(), WALK.to_owned()] {
        let service = list(&server, &format!("/services/{id}")).await;
        assert_eq!(service["id"], WALK);
    }
    let term = list(&server, "/taxonomy_terms/walking").await;
    assert_eq!(term["code"], "walking");
}

#[tokio::test]
async fn the_document_describes_every_path_of_both_published_lists() {
    let server = rich();
    let document = list(&server, "/openapi.json").await;
    let paths = document["paths"].as_object().unwrap();
    for path in
        ["", "services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms"]
    {
        assert!(paths.contains_key(&format!("/{path}")), "{path}");
        if !path.is_empty() {
            assert!(paths.contains_key(&format!("/{path}/{{id}}")), "{path}");
        }
    }
    assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}
