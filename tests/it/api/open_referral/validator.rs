//! The rules of the public validator, over both published specifications.

use serde_json::Value as Json;

use super::published::{faults, resolved};
use super::{ROOT, rich};
use crate::api::server::TestServer;

/// The endpoint that the validator itself compares with the wrong schema: a
/// page with that of an item. It only warns of it.
const MISTAKEN: &str = "/organizations";

/// Walks all paths of a specification as the validator does, and gives what is
/// wrong.
pub(super) async fn check(server: &TestServer, specification: &str) -> Vec<String> {
    let specification = resolved(specification);
    let paths = specification["paths"].as_object().unwrap();
    let mut wrong = Vec::new();
    for (path, item) in paths.iter().filter(|(path, _)| !path.contains('{')) {
        let schema = answer_schema(item);
        let mut addresses = vec![path.clone()];
        let mut ids = Vec::new();
        let page = ask(server, path, &mut wrong).await;
        if let Some(pages) = page["total_pages"].as_u64() {
            let per_page = per_page(&page);
            addresses.extend(
                [1, pages / 2, pages].map(|number| format!("{path}?page={}", number.max(1))),
            );
            paging(server, path, per_page, &page, &mut wrong).await;
            let rows = page["contents"].as_array().unwrap();
            assert!(!rows.is_empty(), "{path} has no rows");
            ids = rows.iter().take(10).map(|row| row["id"].as_str().unwrap().to_owned()).collect();
        }
        for address in addresses {
            let answer = ask(server, &address, &mut wrong).await;
            if path != MISTAKEN {
                let found = faults(&schema, &answer);
                wrong.extend(found.into_iter().map(|fault| format!("{address}: {fault}")));
            }
        }
        let Some(one) = paths.get(&format!("{}/{{id}}", path.trim_end_matches('/'))) else {
            continue;
        };
        let schema = answer_schema(one);
        for id in ids {
            let address = format!("{path}/{id}");
            let answer = ask(server, &address, &mut wrong).await;
            let found = faults(&schema, &answer);
            wrong.extend(found.into_iter().map(|fault| format!("{address}: {fault}")));
            wrong.extend(
                hollow(&answer, "").into_iter().map(|at| format!("{address}: {at} is empty")),
            );
        }
    }
    wrong
}

fn answer_schema(item: &Json) -> Json {
    item["get"]["responses"]["200"]["content"]["application/json"]["schema"].clone()
}

async fn ask(server: &TestServer, path: &str, wrong: &mut Vec<String>) -> Json {
    let answer = server.get(&format!("{ROOT}{path}")).await;
    if answer.status != 200 || answer.headers["access-control-allow-origin"] != "*" {
        wrong.push(format!("{path}: {answer}"));
    }
    answer.json()
}

/// How many rows the older validator asks for.
fn per_page(page: &Json) -> u64 {
    let (total, pages) =
        (page["total_items"].as_u64().unwrap(), page["total_pages"].as_u64().unwrap());
    if total < 60 { total.div_ceil(pages.min(3)).max(1) } else { 20 }
}

/// The rules of the older validator on paging.
async fn paging(
    server: &TestServer,
    path: &str,
    per_page: u64,
    first: &Json,
    wrong: &mut Vec<String>,
) {
    let pages = first["total_items"].as_u64().unwrap().div_ceil(per_page).min(3);
    for number in 1..=pages {
        let address = format!("{path}?per_page={per_page}&perPage={per_page}&page={number}");
        let page = ask(server, &address, wrong).await;
        let size = page["size"].as_u64().unwrap();
        let rules = [
            (page["total_items"] == first["total_items"], "the total moves"),
            (page["last_page"] == true || size == per_page, "the size is not what was asked"),
            (
                page["contents"].as_array().unwrap().len() as u64 == size,
                "the size is not that of the page",
            ),
            (page["first_page"] == (number == 1), "the first page is not told"),
            (
                page["last_page"] == (page["page_number"] == page["total_pages"]),
                "the last page is not told",
            ),
        ];
        wrong.extend(
            rules.iter().filter(|(holds, _)| !holds).map(|(_, rule)| format!("{address}: {rule}")),
        );
    }
}

/// Where something empty stands that should have been left out.
fn hollow(json: &Json, at: &str) -> Vec<String> {
    match json {
        Json::Null => vec![at.to_owned()],
        Json::String(text) if text.is_empty() => vec![at.to_owned()],
        Json::Array(list) if list.is_empty() => vec![at.to_owned()],
        Json::Array(list) => list.iter().flat_map(|json| hollow(json, at)).collect(),
        Json::Object(object) => {
            object.iter().flat_map(|(key, json)| hollow(json, &format!("{at}/{key}"))).collect()
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn the_specification_of_the_website_is_kept_over_the_seeds() {
    let wrong = check(&TestServer::seeded(), "website-openapi-3.0.json").await;
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn the_specification_of_the_validator_is_kept_over_the_seeds() {
    let wrong = check(&TestServer::seeded(), "validator/open_api.json").await;
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn both_specifications_are_kept_by_records_with_every_property() {
    let server = rich();
    for specification in ["website-openapi-3.0.json", "validator/open_api.json"] {
        assert_eq!(check(&server, specification).await, Vec::<String>::new(), "{specification}");
    }
}

#[tokio::test]
async fn the_export_is_what_the_profile_calls_a_package() {
    let schema = resolved("uk-profile/compiled/service_package.json");
    let export = rich().json(&format!("{ROOT}/export.json")).await;
    assert_eq!(faults(&schema, &export), Vec::<String>::new());
}

#[tokio::test]
async fn our_own_document_describes_what_is_answered() {
    let server = rich();
    let document = server.json(&format!("{ROOT}/openapi.json")).await;
    for (path, _) in document["paths"].as_object().unwrap() {
        let name = path.trim_start_matches('/');
        let schema = match name {
            "services" => "ServicePage",
            "service_at_locations" => "ServiceAtLocationPage",
            "organizations" => "OrganizationPage",
            "taxonomies" => "TaxonomyPage",
            "taxonomy_terms" => "TaxonomyTermPage",
            "" => "Root",
            _ => continue,
        };
        let full =
            if name.contains("service") || name == "organizations" { "?full=true" } else { "" };
        let answer = server.json(&format!("{ROOT}{path}{full}")).await;
        let schema = serde_json::json!({
            "$ref": format!("#/components/schemas/{schema}"), "components": document["components"],
        });
        assert_eq!(faults(&schema, &answer), Vec::<String>::new(), "{path}");
    }
}
