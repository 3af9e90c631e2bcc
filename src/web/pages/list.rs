//! What all lists of records have: pages, pins on a map, other formats.

use crate::register::Query;
use crate::register::Start;
use crate::web::negotiate::Format;
use crate::web::pages::address::Address;
use crate::web::pages::card::Card;
use crate::web::pages::content::Link;
use crate::web::pages::content::Text;
use crate::web::pages::map::Pin;
use crate::web::serialise;

/// The way through the pages of a list.
#[derive(Debug, Default)]
pub(super) struct Paging {
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
    pub(super) page: String,
    pub(super) pages: String,
}

impl Paging {
    /// The pages of what `query` finds in all, `total` records.
    pub(super) fn of(address: &Address, query: &Query, total: u64) -> Self {
        let Start::Offset(offset) = query.page.start else { return Self::default() };
        let limit = query.page.limit.max(1);
        let page = offset / limit + 1;
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        let pages = total.div_ceil(limit).max(1);
        let numbered = |page: usize| address.set("page", Some(&page.to_string())).to_string();
        Self {
            previous: (page > 1).then(|| numbered((page - 1).min(pages))),
            next: (page < pages).then(|| numbered(page + 1)),
            page: page.to_string(),
            pages: pages.to_string(),
        }
    }

    /// Whether there is more than one page.
    pub(super) fn is_needed(&self) -> bool {
        self.previous.is_some() || self.next.is_some()
    }
}

/// The first page of a list.
pub(super) fn first_page(address: &Address) -> Address {
    address.keeping(|name, _| name != "page" && name != "cursor")
}

/// The pins of those that have a position.
pub(super) fn pins(cards: &[Card]) -> Vec<Pin<'_>> {
    let located = cards.iter().filter_map(|card| {
        Some(Pin { number: card.number, name: &card.name.text, point: card.point? })
    });
    located.collect()
}

/// The same list in the formats of the API, whose path is `path`. Of the
/// parameters those of the page alone are left out, and `fixed` are set.
pub(super) fn formats(address: &Address, path: &str, fixed: &[(&str, &str)]) -> Vec<Link> {
    let mut address = address.keeping(|name, _| name != "lang");
    for (name, value) in fixed {
        address = address.set(name, Some(value));
    }
    let shown = serialise::FORMATS.iter().filter(|format| **format != Format::JsonLd);
    shown
        .map(|format| Link {
            href: address.at(&format!("{path}.{}", format.suffix())).to_string(),
            text: Text::plain(format.name()),
        })
        .collect()
}

/// Those formats that a browser or feed reader looks for in the head.
pub(super) fn formats_of_head(formats: &[Link]) -> Vec<(&'static str, String)> {
    let listed = [Format::Atom, Format::Rss, Format::Json, Format::GeoJson];
    let found = listed.into_iter().filter_map(|format| {
        let link = formats.iter().find(|link| link.text.text == format.name())?;
        Some((format.media_type(), link.href.clone()))
    });
    found.collect()
}
