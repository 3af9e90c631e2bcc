//! The page of a list.

use askama::Template;

use crate::web::address::query_with;
use crate::web::credits::{self, Credit};
use crate::web::html::address::Address;
use crate::web::html::card::{self, Card};
use crate::web::html::content::{Link, Text};
use crate::web::html::list::{self, Ends, Paging};
use crate::web::html::map;
use crate::web::html::messages::{Messages, Plural};
use crate::web::html::notes;
use crate::web::html::page::{self, Page};
use crate::web::html::site::Site;
use crate::web::html::structured;
use crate::web::listing::answer::Listing;
use crate::web::lists::{formats, map as map_of_list};
use crate::web::negotiate::Format;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    page: Page,
    heading: Text,
    lead: Option<Text>,
    /// The page of the record that it is the list of.
    record: Option<String>,
    count: String,
    /// What is to be known of the place.
    notes: Vec<Text>,
    view: View,
    cards: Vec<Card>,
    /// Which columns of the table hold anything.
    columns: Columns,
    map: Option<String>,
    /// What the cross of the map marks.
    map_centre: Option<Text>,
    paging: Paging,
    /// When the page lies beyond the end.
    ends: Option<Ends>,
    formats: Vec<Link>,
    credits: Vec<Credit>,
    /// The page that makes the code for other sites.
    embed: String,
}

/// Which columns of a table hold anything: others are left out.
#[derive(Debug, Clone, Copy)]
struct Columns {
    places: bool,
    times: bool,
    telephones: bool,
}

impl Columns {
    fn of(cards: &[Card]) -> Self {
        let any = |holds: fn(&Card) -> bool| cards.iter().any(holds);
        Self {
            places: any(|card| card.address.is_some() || card.why.is_some()),
            times: any(|card| card.when.is_some()),
            telephones: any(|card| card.telephone.is_some()),
        }
    }
}

/// How the page shows the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    /// Cards, with the map beside them.
    List,
    /// A table.
    Table,
    /// The map above the cards.
    Map,
}

impl View {
    fn of(parameters: &Parameters) -> Self {
        match parameters.text("view").as_deref() {
            Some("table") => Self::Table,
            Some("map") => Self::Map,
            _ => Self::List,
        }
    }

    /// Whether the list is a table.
    const fn is_table(self) -> bool {
        matches!(self, Self::Table)
    }

    /// Whether the map comes first.
    const fn is_map(self) -> bool {
        matches!(self, Self::Map)
    }
}

/// Draws the page.
///
/// # Errors
///
/// 500 `internal` when the index can't be read.
pub(super) fn draw(
    site: Site<'_>,
    listing: &Listing,
    parameters: &Parameters,
    query: &str,
) -> Result<String> {
    let address = Address::asked(&listing.path, query);
    let title = listing.title(site);
    let cards = listing.cards(site);
    let view = View::of(parameters);
    let pins = list::pins(&cards);
    let drawn = (!pins.is_empty() && !view.is_table())
        .then(|| map::draw(site.state, &map_of_list::subject(site, listing, pins)))
        .flatten();
    let formats = other_formats(&address, &listing.path);
    let results = &listing.answer.results;
    let summary = listing.subject.summary();
    // What was asked stays out of the title, and so out of the history.
    let m = Messages::of(site.language);
    let window = summary.map_or_else(|| m.results_page.text(), |_| title.clone());
    let page = Page::new(site, window, &address);
    let lead = listing.lead(site);
    let base = site.state.register.base().as_str();
    let own = format!("{base}{}", listing.path);
    let about = lead.as_ref().map(|lead| lead.text.as_str());
    let listed = card::listed(&cards, base);
    let structured = structured::list(&title.text, &own, about, results.total, &listed);
    let page = page.with_alternates(alternates(site, listing, query, &formats)).told(
        base,
        about.map(str::to_owned),
        Some(&structured),
    );
    // Search engines are shown the lists of records, not every question.
    let is_of_record = summary.is_some() && query.is_empty();
    let record = summary.and_then(|summary| summary.get("id")?.as_str());
    let record = record.and_then(|iri| site.page_of(iri));
    let near = listing.answer.near.as_ref();
    let paging = Paging::of(&address, &listing.question.query, results.total);
    page::draw(&ListPage {
        heading: title,
        lead,
        record,
        count: page.m.count(Plural::Results, results.total),
        notes: near.map_or_else(Vec::new, |near| notes::of(near, m)),
        view,
        map: drawn,
        map_centre: near.map(|near| m.map_centre.filled(&[("place", near.label())])),
        ends: paging.ends(&address, m),
        paging,
        credits: credits::of(site, &results.hits),
        embed: site.embed_code(&listing.path, query),
        formats,
        columns: Columns::of(&cards),
        cards,
        page: if is_of_record { page } else { page.unlisted() },
    })
}

/// The list in other formats, of which those come first that people use.
fn other_formats(address: &Address, path: &str) -> Vec<Link> {
    let address = address.keeping(|name, _| !["lang", "view", "heading"].contains(&name));
    let others =
        formats().into_iter().filter(|format| ![Format::Html, Format::JsonLd].contains(format));
    others
        .map(|format| Link {
            href: address.at(&format!("{path}.{}", format.suffix())).to_string(),
            text: Text::plain(format.name()),
        })
        .collect()
}

fn alternates(
    site: Site<'_>,
    listing: &Listing,
    query: &str,
    formats: &[Link],
) -> Vec<(&'static str, String)> {
    let mut alternates = list::formats_of_head(formats);
    let base = site.state.register.base().as_str();
    let own = format!("{}{}", listing.path, query_with(query, &["page"], &[]));
    alternates.extend(page::oembed(base, &own));
    alternates
}
