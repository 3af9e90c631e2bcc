//! What all lists of records have: pages, pins on a map, other formats.

use crate::register::Query;
use crate::register::Start;
use crate::web::html::address::Address;
use crate::web::html::card::Card;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::map::Pin;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::negotiate::Format;
use crate::web::serialise;

/// The way through the pages of a list.
#[derive(Debug, Default)]
pub(in crate::web) struct Paging {
    pub(in crate::web) previous: Option<String>,
    pub(in crate::web) next: Option<String>,
    pub(in crate::web) page: String,
    pub(in crate::web) pages: String,
    /// The last page, when this one lies beyond it.
    pub(in crate::web) last: Option<String>,
}

impl Paging {
    /// The pages of what `query` finds in all, `total` records.
    pub(in crate::web) fn of(address: &Address, query: &Query, total: u64) -> Self {
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
            last: (page > pages && total > 0).then(|| numbered(pages)),
        }
    }

    /// What the page says that lies beyond the end, and whither it leads: to
    /// the first page and to the last. Nothing on other pages.
    pub(in crate::web) fn ends(&self, address: &Address, m: &Messages) -> Option<Ends> {
        let link = |href: String, text: Phrase| Link { href, text: text.text() };
        let last = self.last.clone()?;
        Some(Ends {
            text: m.beyond_end.filled(&[("pages", &self.pages)]),
            links: vec![
                link(first_page(address).to_string(), m.try_first_page),
                link(last, m.try_last_page),
            ],
        })
    }

    /// Whether there is more than one page, and this is one of them.
    pub(in crate::web) fn is_needed(&self) -> bool {
        self.last.is_none() && (self.previous.is_some() || self.next.is_some())
    }
}

/// What a page beyond the end of a list shows.
#[derive(Debug)]
pub(in crate::web) struct Ends {
    /// How many pages there are.
    pub(in crate::web) text: Text,
    /// The first page and the last.
    pub(in crate::web) links: Vec<Link>,
}

/// The first page of a list.
pub(in crate::web) fn first_page(address: &Address) -> Address {
    address.keeping(|name, _| name != "page" && name != "cursor")
}

/// The pins of those that have a position.
pub(in crate::web) fn pins(cards: &[Card]) -> Vec<Pin<'_>> {
    let located = cards.iter().filter_map(|card| {
        Some(Pin { number: card.number, name: &card.name.text, point: card.point?, href: None })
    });
    located.collect()
}

/// The same list in the formats of the API, whose path is `path`. Of the
/// parameters those of the page alone are left out, and `fixed` are set.
pub(in crate::web) fn formats(address: &Address, path: &str, fixed: &[(&str, &str)]) -> Vec<Link> {
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
pub(in crate::web) fn formats_of_head(formats: &[Link]) -> Vec<(&'static str, String)> {
    let listed = [Format::Atom, Format::Rss, Format::Json, Format::GeoJson];
    let found = listed.into_iter().filter_map(|format| {
        let link = formats.iter().find(|link| link.text.text == format.name())?;
        Some((format.media_type(), link.href.clone()))
    });
    found.collect()
}
