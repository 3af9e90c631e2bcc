//! The formats that are harvested: one file and one row each.
//!
//! A format reads one document and says what is in it; it never fetches,
//! never looks at the register and never decides what is deleted.

mod aliss;
mod dcat;
mod feed;
#[cfg(test)]
mod fixtures;
mod geojson;
mod html;
mod ical;
mod json;
mod kist;
mod location;
mod oai_pmh;
mod occurrence;
mod open_referral;
mod outline;
mod outline_text;
mod pieces;
mod rdf;
mod rpde;
mod schema_org;
mod sitemap;
mod table;
#[cfg(test)]
mod testing;

pub use json::{MORE_PAGES, guess as guess_json};
pub use table::{guess as guess_table, texts_of as rows};

pub use occurrence::Offsets;
pub use pieces::{Large, Piece, Pieces, is_packed, of as pieces};
pub use rdf::Elsewhere;

use occurrence::Clock;
use url::Url;

use super::document::Document;
use super::extraction::Extraction;
use super::mapping::Mapping;

/// A format that partners publish in.
#[derive(Debug)]
pub struct Format {
    /// Its name in settings and addresses, such as `rss`.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// Where it is specified.
    pub specification: &'static str,
    /// The `Accept` header that asks for it.
    pub accept: &'static str,
    /// What its documents list.
    pub listing: Listing,
    /// How sure it is, from 0 (is not) to 100, that a document is of this
    /// format; looks at the declared type and the first bytes.
    pub recognises: fn(&Document) -> u8,
    /// Reads a document.
    pub extract: fn(&Document, &Reading<'_>) -> Extraction,
}

/// What the documents of a format list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// All records that there are: what is absent from a whole one is gone.
    Complete,
    /// The newest: nothing is concluded from what is absent.
    Window,
    /// Changes since the last time, deletions included.
    Changes,
}

/// What reading a document depends on besides the document.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The language of texts that don't say theirs, as a BCP 47 tag.
    pub language: &'a str,
    /// The time zone of times that don't say theirs, as its IANA name.
    pub time_zone: &'a str,
    /// What holds of a time whose offset that zone doesn't have then.
    pub offsets: Offsets,
    /// When this happens; for windows of events.
    pub now: jiff::Timestamp,
    /// Where the fields stand, for formats that don't say.
    pub mapping: Option<&'a Mapping>,
    /// The next page by the `Link` header of the answer (RFC 8288), for formats
    /// whose documents don't say it themselves.
    pub next: Option<&'a Url>,
    /// Records that stand in other pieces of the document.
    pub elsewhere: Option<&'a Elsewhere>,
}

impl Reading<'_> {
    /// As a source without settings is read: English, London time.
    #[must_use]
    pub fn plain(now: jiff::Timestamp) -> Reading<'static> {
        let (time_zone, offsets) = ("Europe/London", Offsets::Keep);
        Reading {
            language: "en",
            time_zone,
            offsets,
            now,
            mapping: None,
            next: None,
            elsewhere: None,
        }
    }

    /// The clock that times are read by.
    fn clock(&self) -> Clock {
        Clock::new(self.time_zone, self.offsets)
    }
}

/// All formats; where two are equally sure, the first is taken.
pub const FORMATS: &[&Format] = &[
    &feed::RSS,
    &feed::ATOM,
    &feed::JSON_FEED,
    &sitemap::FORMAT,
    &ical::FORMAT,
    &oai_pmh::FORMAT,
    &rpde::FORMAT,
    &open_referral::FORMAT,
    &aliss::FORMAT,
    &kist::FORMAT,
    &geojson::FORMAT,
    &json::FORMAT,
    &table::CSV,
    &table::XLSX,
    &table::ODS,
    &dcat::FORMAT,
    &rdf::FORMAT,
    &html::FORMAT,
];

/// The format of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

/// The address at which a source of this format at `url` is begun with: that
/// of a repository (OAI-PMH) asks nothing until a verb is added.
#[must_use]
pub fn beginning(format: Option<&str>, url: Url) -> Url {
    match format {
        Some("oai-pmh") => oai_pmh::beginning(&url),
        _ => url,
    }
}

/// The address at which a source of the format with this name, at `url`, lists
/// what has changed after `moment`, a time of RFC 3339 in UTC; `None` when the
/// format has no such question.
#[must_use]
pub fn changed_after(format: &str, url: &Url, moment: &str) -> Option<Url> {
    match format {
        open_referral::NAME => open_referral::changed_after(url, moment),
        _ => None,
    }
}

/// Where `document`, of `format`, says that what can be asked for is described;
/// `None` when that makes no difference.
#[must_use]
pub fn description(format: &Format, document: &Document) -> Option<Url> {
    match format.name {
        open_referral::NAME => open_referral::description(document),
        _ => None,
    }
}

/// The address at which a source of `format` lists all at once, by the
/// `description` that the document at `url` names.
#[must_use]
pub fn at_once(format: &Format, url: &Url, description: &Document) -> Option<Url> {
    match format.name {
        open_referral::NAME => open_referral::at_once(url, description),
        _ => None,
    }
}

/// The format that is surest of `document`; `None` when none is.
#[must_use]
pub fn recognise(document: &Document) -> Option<&'static Format> {
    let mut best: Option<(u8, &'static Format)> = None;
    for format in FORMATS {
        let sure = (format.recognises)(document);
        if sure > best.map_or(0, |(sure, _)| sure) {
            best = Some((sure, format));
        }
    }
    best.map(|(_, format)| format)
}
