//! The page of a problem, for browsers.

use askama::Template;
use http::StatusCode;

use crate::web::address;
use crate::web::html::address::Address;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::faults;
use crate::web::html::list;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::tongue::Tongue;
use crate::web::layers::Met;
use crate::web::negotiate::Language;
use crate::web::problem::Place;
use crate::web::problem::Problem;
use crate::web::problem::ProblemKind;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    page: Page,
    status: u16,
    heading: Text,
    details: Vec<String>,
    suggestion: Option<Suggestion>,
    /// The places of which one is meant.
    choices: Vec<Link>,
    request: Text,
}

/// What was probably meant.
struct Suggestion {
    text: Text,
    /// Where that leads, when it is a place.
    href: Option<String>,
}

/// The page of the problem that a request met, in the language of the request
/// but for what the problem itself says, which is in English.
#[must_use]
pub(in crate::web) fn problem_page(met: &Met<'_>) -> String {
    let problem = met.problem;
    let address = Address::of(met.uri);
    let language = match address.value("lang") {
        Some(tag) => Language::negotiate(Some(tag)),
        None => met.wanted,
    };
    let title = title(problem, language);
    let page = Page::new(Tongue::chosen(language, met.wanted), title.clone(), &address);
    let suggestion = problem.suggestion().map(|text| Suggestion {
        text: page.m.problem_did_you_mean.filled(&[("suggestion", text)]),
        href: with_place(problem, &address, text),
    });
    let choices = problem.places().iter().filter_map(|place| {
        let href = with_place(problem, &address, place)?;
        Some(Link { href, text: Text::plain(place.clone()) })
    });
    let drawn = page::draw(&ProblemPage {
        status: problem.kind().status().as_u16(),
        heading: title,
        details: faults::sentences(problem),
        suggestion,
        choices: choices.collect(),
        request: page.m.problem_id.filled(&[("id", met.request)]),
        page,
    });
    drawn.unwrap_or_else(|_| problem.kind().title().to_owned())
}

/// What the problem is called: where the language of the page has words for it,
/// in these, and else in English, which says more.
fn title(problem: &Problem, language: Language) -> Text {
    let m = Messages::of(language);
    let own = match (problem.kind(), problem.kind().status()) {
        (ProblemKind::NotFound, _) => Some(m.frame_nothing),
        (ProblemKind::Gone, _) => Some(m.frame_gone),
        (_, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) => Some(m.frame_later),
        _ => None,
    };
    let own = own.filter(|phrase| language != Language::English && !phrase.is_borrowed());
    own.map_or_else(|| Text::written(problem.kind().title(), "en", language), Phrase::text)
}

/// The address that was asked for with `place` for the one that is not known or
/// is one of several; `None` when the problem is about something else.
fn with_place(problem: &Problem, address: &Address, place: &str) -> Option<String> {
    let kinds = [ProblemKind::AmbiguousPlace, ProblemKind::UnknownPlace];
    let Place::Parameter(name) = problem.place()? else { return None };
    if !kinds.contains(&problem.kind()) {
        return None;
    }
    let address = match address.path().strip_prefix("/near/") {
        Some(_) => address.at(&address::near(place)),
        None => address.set(name, Some(place)),
    };
    Some(list::first_page(&address).to_string())
}
