//! The page of a problem, for browsers.

use askama::Template;
use serde_json::Value as Json;

use crate::web::html::address::Address;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::negotiate::Language;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    page: Page,
    status: u16,
    heading: &'static str,
    details: Vec<String>,
    suggestion: Option<String>,
    request: String,
}

/// The page of `problem`, which the request of this id met. It is in English:
/// the words of problems are.
#[must_use]
pub fn problem_page(problem: &Problem, request: &str) -> String {
    let json = problem.to_json("", None);
    let page = Page::new(Language::English, problem.kind().title(), &Address::new("/"));
    let faults = json.get("errors").and_then(Json::as_array).into_iter().flatten();
    let mut details: Vec<String> = faults.filter_map(fault).collect();
    if details.is_empty() {
        details.extend(fault(&json));
    }
    let suggestion = json.get("suggestion").and_then(Json::as_str);
    let suggestion =
        suggestion.map(|text| page.m.problem_did_you_mean.fill(&[("suggestion", text)]));
    let drawn = page::draw(&ProblemPage {
        status: problem.kind().status().as_u16(),
        heading: problem.kind().title(),
        details,
        suggestion,
        request: page.m.problem_id.fill(&[("id", request)]),
        page,
    });
    drawn.unwrap_or_else(|_| problem.kind().title().to_owned())
}

/// A fault as a sentence, with the parameter that it is about.
fn fault(json: &Json) -> Option<String> {
    let detail = json.get("detail")?.as_str()?;
    match json.get("parameter").and_then(Json::as_str) {
        Some(parameter) => Some(format!("{parameter}: {detail}.")),
        None => Some(format!("{detail}.")),
    }
}
