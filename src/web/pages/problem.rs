//! The page of a problem, for browsers.

use askama::Template;

use crate::web::html::address::Address;
use crate::web::html::faults;
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
pub(in crate::web) fn problem_page(problem: &Problem, request: &str) -> String {
    let page = Page::new(Language::English, problem.kind().title(), &Address::new("/"));
    let suggestion = problem.suggestion();
    let suggestion =
        suggestion.map(|text| page.m.problem_did_you_mean.fill(&[("suggestion", text)]));
    let drawn = page::draw(&ProblemPage {
        status: problem.kind().status().as_u16(),
        heading: problem.kind().title(),
        details: faults::sentences(problem),
        suggestion,
        request: page.m.problem_id.fill(&[("id", request)]),
        page,
    });
    drawn.unwrap_or_else(|_| problem.kind().title().to_owned())
}
