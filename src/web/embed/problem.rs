//! A frame that can't show what it should: a few words in the place of the
//! list, under the policy of frames.
//!
//! A page of the site would be refused by the browser, which then says in the
//! middle of a partner's page that the register does not answer.

use askama::Template;

use crate::web::address;
use crate::web::embed::frame;
use crate::web::embed::oembed;
use crate::web::embed::policy;
use crate::web::html::address::Address;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::faults;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::page;
use crate::web::layers::Met;
use crate::web::layers::ProblemPage;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "frame_problem.html")]
struct ProblemFrame<'a> {
    m: &'static Messages,
    style: &'static str,
    script: &'static str,
    base: &'a str,
    text: Phrase,
    details: Vec<String>,
    /// The same frame for each place that may be meant.
    choices: Vec<Link>,
}

/// The frame that says why nothing else is in it.
pub(in crate::web) fn problem_frame(met: &Met<'_>) -> ProblemPage {
    let language = oembed::spoken(met.uri.query().unwrap_or_default(), met.wanted);
    let m = Messages::of(language);
    let status = met.problem.kind().status().as_u16();
    let choices = choices(met);
    let drawn = page::draw(&ProblemFrame {
        m,
        style: frame::STYLE_PATH,
        script: frame::SCRIPT_PATH,
        base: met.base,
        text: if choices.is_empty() { text(m, status) } else { m.place_ambiguous },
        details: if status == 400 && choices.is_empty() {
            faults::sentences(met.problem)
        } else {
            Vec::new()
        },
        choices,
    });
    let html = drawn.unwrap_or_else(|_: Problem| met.problem.kind().title().to_owned());
    ProblemPage { html, policy: Some(policy::of(frame::POLICY)) }
}

/// The frame that was asked for, for each of the places of the same name.
fn choices(met: &Met<'_>) -> Vec<Link> {
    let asked = Address::of(met.uri);
    let of_place = |place: &String| {
        let address = if asked.path().starts_with("/embed/v1/near/") {
            asked.at(&format!("/embed/v1{}", address::near(place)))
        } else {
            asked.set("near", Some(place))
        };
        Link { href: address.to_string(), text: Text::plain(place.clone()) }
    };
    met.problem.places().iter().map(of_place).collect()
}

/// What a visitor of the partner's page is told.
fn text(m: &Messages, status: u16) -> Phrase {
    match status {
        404 => m.frame_nothing,
        410 => m.frame_gone,
        408 | 429 | 500.. => m.frame_later,
        _ => m.frame_wrong,
    }
}
