//! The formats of a page of search results: one search, many serialisations.
//!
//! Pure functions from a [`List`] to bytes; the table at the head of this file
//! names them all. Which format is wanted and what was found is the caller's:
//! nothing here knows HTTP or the register. HTML and RDF are not written here.
//!
//! JSON splices the summaries as they lie in the index. Every other format
//! reads them into entries first, and what it can't read it leaves out.

mod atom;
mod csv;
mod entry;
mod geojson;
mod icalendar;
mod json;
mod json_feed;
mod object;
mod rss;
pub(in crate::web) mod summary;
mod timetable;
pub(in crate::web) mod words;
pub(in crate::web) mod xml;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

pub use csv::COLUMNS;

use crate::model::Metres;
use crate::web::negotiate::Format;

type Write = fn(&List<'_>) -> Vec<u8>;

/// Every format and who writes it, in our own order of preference.
const TABLE: [(Format, Write); 8] = [
    (Format::Json, json::write),
    (Format::JsonLd, json::write),
    (Format::GeoJson, geojson::write),
    (Format::Csv, csv::write),
    (Format::Atom, atom::write),
    (Format::Rss, rss::write),
    (Format::JsonFeed, json_feed::write),
    (Format::ICalendar, icalendar::write),
];

/// The formats that [`write()`] knows, in our own order of preference.
pub const FORMATS: [Format; TABLE.len()] = {
    let mut formats = [Format::Json; TABLE.len()];
    let mut at = 0;
    while at < TABLE.len() {
        formats[at] = TABLE[at].0;
        at += 1;
    }
    formats
};

/// One page of search results, ready to be written in any format.
///
/// Addresses are absolute. `first`, `previous` and `next` are pages in the
/// same format as `address`.
pub struct List<'a> {
    /// What the list is called, such as `Assets near Leith`.
    pub title: &'a str,
    /// The name of the register, as the author of feeds and calendars.
    pub register: &'a str,
    /// The value of `@context` in JSON: where the context is.
    pub context: &'a str,
    /// The value of `type` in JSON.
    pub kind: &'a str,
    /// Where this very list is, in this very format.
    pub address: &'a str,
    /// The HTML page of the list.
    pub page: &'a str,
    /// The first page of the list.
    pub first: Option<&'a str>,
    /// The page before; `None` on the first.
    pub previous: Option<&'a str>,
    /// The page after; `None` on the last.
    pub next: Option<&'a str>,
    /// How many were found, on all pages.
    pub total: u64,
    /// The place near which was searched; written in JSON alone.
    pub near: Option<&'a Value>,
    /// The counts of facets, if asked; written in JSON alone.
    pub facets: Option<&'a Value>,
    /// The address of the licence of the register: that of what is listed, as
    /// far as an item says no other.
    pub licence: Option<&'a str>,
    /// The sentence by which those who use it again name the register.
    pub own_attribution: Option<&'a str>,
    /// The same, and then the words of all sources of what is listed.
    pub attribution: Option<&'a str>,
    /// The language wanted for texts (BCP 47); English stands in, then any.
    pub language: &'a str,
    /// When the list last changed, or else any time after that.
    pub updated: Timestamp,
    /// The day from which a timetable without a first day counts.
    pub today: Date,
    /// The address of the page about the thing whose IRI is given.
    pub document: &'a dyn Fn(&str) -> String,
    /// Where a mistake in the record whose IRI is given can be reported.
    pub report: Option<&'a dyn Fn(&str) -> String>,
    /// The same for all, with `{id}` for the IRI (a template as in RFC 6570).
    pub report_form: Option<&'a str>,
    /// What was found, in order.
    pub items: Vec<Item<'a>>,
}

/// One result of a search.
#[derive(Debug, Clone, Default)]
pub struct Item<'a> {
    /// The summary of the record: one JSON object.
    pub summary: &'a [u8],
    /// Its whole texts: one JSON object; read for tables alone.
    pub details: Option<&'a [u8]>,
    /// The addresses of its licences, those of its sources; empty when they are
    /// that of the list.
    pub licences: &'a [&'a str],
    /// The words of its sources; empty when it has none, so that who uses it
    /// again names the register.
    pub attribution: &'a str,
    /// The distance from the centre; `None` without a centre or a place.
    pub distance: Option<Metres>,
    /// When the register last took something else about it; `None` when that
    /// is not known.
    pub changed: Option<Timestamp>,
    /// Why it matched the centre: `near`, `covers`, `online`, `anywhere` or
    /// `elsewhere`.
    pub reason: Option<&'a str>,
    /// The area around the centre which it serves, by IRI.
    pub covers: Option<&'a str>,
    /// What the list itself remarks on it, as its JSON has it: a text, or
    /// texts by language.
    pub note: Option<&'a Value>,
    /// Whether it stands after all others, since its review is overdue;
    /// written in JSON alone.
    pub is_deprioritised: bool,
    /// How it came to its rank, if asked; written in JSON alone.
    pub explanation: Option<Value>,
}

impl<'a> Item<'a> {
    /// Its own licences, or else that of `list`.
    fn licences_in(&self, list: &'a List<'_>) -> &[&'a str] {
        if self.licences.is_empty() { list.licence.as_slice() } else { self.licences }
    }

    /// The words of its sources, or else those that name the register.
    fn attribution_in(&self, list: &'a List<'_>) -> Option<&'a str> {
        if self.attribution.is_empty() { list.own_attribution } else { Some(self.attribution) }
    }
}

/// The list in `format`; `None` when the format is not one of [`FORMATS`].
#[must_use]
pub fn write(format: Format, list: &List<'_>) -> Option<Vec<u8>> {
    let (_, write) = TABLE.iter().find(|(known, _)| *known == format)?;
    Some(write(list))
}
