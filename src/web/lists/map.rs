//! The map of a list as a picture of its own, with pins that lead on.

use crate::register::Near;
use crate::web::address::query_with;
use crate::web::html::content;
use crate::web::html::map::{self, Pin, Subject};
use crate::web::html::messages::Messages;
use crate::web::html::site::Site;
use crate::web::listing::answer::Listing;

/// Draws the map of the page of the list that the request asks for, whose
/// numbers are those of the list; `None` when nothing on it has a position.
/// The parameters of the request are kept in the address of the whole.
pub(super) fn draw(site: Site<'_>, listing: &Listing, query: &str) -> Option<String> {
    let cards = listing.cards(site);
    let base = site.state.register.base().as_str();
    let hrefs: Vec<String> = cards.iter().map(|card| format!("{base}{}", card.href)).collect();
    let pins: Vec<Pin<'_>> = cards
        .iter()
        .zip(&hrefs)
        .filter_map(|(card, href)| {
            let (number, name) = (card.number, card.name.text.as_str());
            Some(Pin { number, name, point: card.point?, href: Some(href) })
        })
        .collect();
    if pins.is_empty() {
        return None;
    }
    let whole = format!("{base}{}{}", listing.path, query_with(query, &["view"], &[]));
    let mut subject = subject(site, listing, pins);
    subject.whole = Some(&whole);
    map::draw_alone(site.state, &subject)
}

/// The picture of a list of which nothing has a position: its words.
pub(super) fn draw_nothing(site: Site<'_>) -> String {
    let phrase = Messages::of(site.language).map_nothing;
    let text = content::escape(phrase.plain());
    let language = phrase.language().unwrap_or(site.language.tag());
    format!(
        "<svg viewBox=\"0 0 480 120\" role=\"img\" lang=\"{language}\" \
         aria-labelledby=\"map-title\" xmlns=\"http://www.w3.org/2000/svg\">\
         <title id=\"map-title\">{text}</title><rect width=\"480\" height=\"120\" fill=\"#f6f0e4\"/>\
         <text x=\"240\" y=\"66\" text-anchor=\"middle\" font-family=\"sans-serif\" font-size=\"16\" \
         fill=\"#23201c\">{text}</text></svg>"
    )
}

/// What a map of the list shows: the pins, the middle of the search, and how
/// far it looks.
pub(super) fn subject<'a>(site: Site<'_>, listing: &Listing, pins: Vec<Pin<'a>>) -> Subject<'a> {
    let m = Messages::of(site.language);
    let near = listing.answer.near.as_ref();
    let within = near.and(listing.question.place.within);
    Subject {
        title: format!("{}: {}", m.map.plain(), listing.title(site).text),
        pins,
        centre: near.map(Near::point),
        ring: within
            .map(|within| (within, m.map_ring.fill(&[("distance", &content::distance(within))]))),
        areas: Vec::new(),
        whole: None,
    }
}
