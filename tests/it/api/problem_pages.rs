//! The pages that the `type` of a problem points to.

use serde_json::Value as Json;

use super::server::{BASE, TestServer};

/// What a browser asks for.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[tokio::test]
async fn what_a_problem_points_to_is_drawn_for_a_browser_and_is_text_for_who_takes_anything() {
    let server = TestServer::with_categories();
    let problem = server.get("/api/v1/search?nera=EH6").await;
    let problem: Json = serde_json::from_slice(&problem.body).unwrap();
    let path = problem["type"].as_str().unwrap().replace(BASE, "");
    let written = include_str!("../../../docs/problems/unknown-parameter.md");
    for asked in ["*/*", "text/markdown", "text/markdown, text/html;q=0.5"] {
        let answer = server.get_with(&path, "accept", asked).await;
        assert_eq!(answer.header("content-type"), "text/markdown; charset=utf-8", "{asked}");
        assert_eq!(answer.text(), written, "{asked}");
    }
    let drawn = server.get_with(&path, "accept", BROWSER).await;
    assert_eq!(drawn.header("content-type"), "text/html; charset=utf-8");
    for part in [
        "<title>There is no such parameter here",
        "<h1>There is no such parameter here</h1>",
        "<code>unknown-parameter</code>",
        "<h2>What to do</h2>",
    ] {
        assert!(drawn.text().contains(part), "{part}: {drawn}");
    }
    let tag = drawn.header("etag");
    let known = server.get_with(&format!("{path}.html"), "if-none-match", &tag).await;
    assert_eq!(known.status, 304, "{known}");
    let refused = server.get_with(&path, "accept", "application/json").await;
    assert_eq!(refused.status, 406, "{refused}");
    assert_eq!(server.get("/problems/no-such").await.status, 404);
}

#[tokio::test]
async fn every_problem_is_in_the_list_and_its_link_leads_to_it() {
    let server = TestServer::with_categories();
    let list = server.get("/problems").await;
    assert_eq!(list.header("content-type"), "text/markdown; charset=utf-8");
    let links: Vec<&str> =
        list.text().split("](").skip(1).map(|rest| rest.split_once(')').unwrap().0).collect();
    let kinds = kist::web::problem::ProblemKind::ALL;
    assert_eq!(links.len(), kinds.len());
    for (link, kind) in links.iter().zip(kinds) {
        let page = server.get(link).await;
        assert!(page.text().starts_with(&format!("# {}\n", kind.title())), "{link}: {page}");
    }
    let drawn = server.get("/problems.html?lang=gd").await;
    assert!(drawn.text().contains("<html lang=\"gd\""), "{drawn}");
    assert!(drawn.text().contains("href=\"/problems/gone?lang=gd\""), "{drawn}");
    let again = server.get("/problems.md?lang=gd").await;
    assert_eq!(again.text(), list.text(), "what is no page has no language");
}
