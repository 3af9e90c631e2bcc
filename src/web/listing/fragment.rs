//! A list as a piece of HTML that the server of a partner puts into a page.
//!
//! Nothing but meaning: headings from the level asked for, an ordered list
//! with the numbers of the map, languages, and at the end whom to thank. No
//! script, no style, no form, no identifiers that could meet others, and all
//! addresses are whole.

use askama::Template;

use crate::web::address::query_with;
use crate::web::credits::{self, Credit};
use crate::web::html::card::Card;
use crate::web::html::content::{self, Text};
use crate::web::html::messages::Messages;
use crate::web::html::page;
use crate::web::html::site::Site;
use crate::web::listing::answer::Listing;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;

#[derive(Template)]
#[template(path = "fragment.html")]
struct Fragment {
    m: &'static Messages,
    base: String,
    heading: Text,
    level: i64,
    lead: Option<Text>,
    first: usize,
    cards: Vec<Card>,
    /// The address of the whole list, and what the link to it says.
    whole: String,
    see_all: Text,
    /// The address of the map, when anything is on it.
    map: Option<String>,
    credits: Vec<Credit>,
}

/// Draws the fragment.
///
/// # Errors
///
/// 500 `internal` when the index can't be read.
pub(in crate::web) fn draw(
    site: Site<'_>,
    listing: &Listing,
    parameters: &Parameters,
    query: &str,
) -> Result<String> {
    let m = Messages::of(site.language);
    let base = site.state.register.base().as_str();
    let cards = listing.cards(site);
    let shown = ["page", "limit", "view", "heading", "heading-level"];
    let whole = format!("{base}{}{}", listing.path, query_with(query, &shown, &[]));
    let on_map = cards.iter().any(|card| card.point.is_some());
    let map = on_map
        .then(|| format!("{base}{}.map.svg{}", listing.path, query_with(query, &shown[2..], &[])));
    page::draw(&Fragment {
        m,
        base: base.to_owned(),
        heading: parameters.text("heading").map_or_else(|| listing.title(site), Text::plain),
        level: parameters.integer("heading-level").unwrap_or(2),
        lead: listing.lead(site),
        first: listing.question.first(),
        see_all: listing.see_all(m),
        credits: credits::of(site, &listing.answer.results.hits),
        cards,
        whole,
        map,
    })
}

impl Fragment {
    /// The address of a page of the register.
    fn absolute(&self, href: &str) -> String {
        format!("{}{href}", self.base)
    }

    /// The address by which a number is dialled.
    fn dialled(number: &str) -> Option<String> {
        content::telephone(number)
    }
}
