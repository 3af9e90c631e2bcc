//! The answer to a query as a table that people read in the page.
//!
//! Source: SPARQL 1.1 Query Results JSON Format
//! <https://www.w3.org/TR/sparql11-results-json/>.

use std::fmt;

use serde::Deserialize;
use serde_json::Map;

use crate::web::html::content::{self, Text, escape};
use crate::web::html::messages::thousands;
use crate::web::html::terms::shortened;
use crate::web::html::tongue::Tongue;
use crate::web::negotiate::Language;

/// The most rows that a page shows; the formats for programs have all.
const MOST_ROWS: usize = 500;

/// An answer with rows, or with yes or no.
#[derive(Debug)]
pub(super) enum Table {
    /// Yes or no, of `ASK`.
    Boolean(bool),
    /// The variables and, row by row, what they are.
    Rows { columns: Vec<String>, rows: Vec<Vec<Cell>>, total: usize },
}

/// What a variable is in a row.
#[derive(Debug)]
pub(super) enum Cell {
    /// It has no value there.
    Unbound,
    /// A thing, with where to follow it and what to call it.
    Link { href: String, text: String },
    /// Words or a number.
    Text(Text),
}

#[derive(Deserialize)]
struct Document {
    head: Head,
    boolean: Option<bool>,
    #[serde(default)]
    results: Results,
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    vars: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Results {
    bindings: Vec<Map<String, serde_json::Value>>,
}

#[derive(Deserialize)]
struct Term {
    #[serde(rename = "type")]
    sort: String,
    /// A string, or the parts of a triple that is itself a term.
    value: serde_json::Value,
    #[serde(rename = "xml:lang")]
    language: Option<String>,
}

impl Table {
    /// Reads an answer in JSON. Things of the register at `base` are linked in
    /// the language of the page.
    ///
    /// # Errors
    ///
    /// When `json` is no answer.
    pub(super) fn read(json: &[u8], base: &str, tongue: Tongue) -> serde_json::Result<Self> {
        let Document { head, boolean, results } = serde_json::from_slice(json)?;
        if let Some(boolean) = boolean {
            return Ok(Self::Boolean(boolean));
        }
        let total = results.bindings.len();
        let shown = results.bindings.into_iter().take(MOST_ROWS);
        let rows = shown.map(|mut row| {
            let cells = head.vars.iter().map(|variable| match row.remove(variable) {
                Some(term) => Ok(Cell::of(serde_json::from_value(term)?, base, tongue)),
                None => Ok(Cell::Unbound),
            });
            cells.collect::<serde_json::Result<Vec<Cell>>>()
        });
        let rows = rows.collect::<serde_json::Result<_>>()?;
        Ok(Self::Rows { columns: head.vars, rows, total })
    }

    /// How many rows there are, and how many of them are shown: rows are never
    /// cut silently.
    pub(super) fn counted(&self) -> String {
        let Self::Rows { rows, total, .. } = self else { return String::new() };
        let (all, shown) = (thousands(*total as u64), rows.len());
        match total {
            1 => "1 row".to_owned(),
            total if shown < *total => {
                format!("{all} rows, of which the first {shown} are shown; a download has all")
            }
            _ => format!("{all} rows"),
        }
    }
}

impl Cell {
    fn of(term: Term, base: &str, tongue: Tongue) -> Self {
        let Term { sort, value, language } = term;
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match sort.as_str() {
            "uri" => Self::of_iri(&value, base, tongue),
            "bnode" => Self::Text(Text::plain(format!("_:{value}"))),
            // The page of queries is in English, whatever is around it.
            _ => Self::Text(Text::written(
                &value,
                language.as_deref().unwrap_or("en"),
                Language::English,
            )),
        }
    }

    fn of_iri(iri: &str, base: &str, tongue: Tongue) -> Self {
        if let Some((kind, id)) = content::thing(iri, base) {
            let href = format!("/id/{kind}/{id}{}", tongue.suffix());
            return Self::Link { href, text: format!("{kind}/{id}") };
        }
        let text = shortened(iri);
        match content::web_address(iri) {
            Some(href) => Self::Link { href: href.to_owned(), text },
            None => Self::Text(Text::plain(text)),
        }
    }
}

impl fmt::Display for Cell {
    /// The value as HTML.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unbound => Ok(()),
            Self::Link { href, text } => {
                let (href, text) = (escape(href), escape(text));
                write!(formatter, "<a href=\"{href}\" rel=\"nofollow noopener\">{text}</a>")
            }
            Self::Text(text) => write!(formatter, "{text}"),
        }
    }
}

// Its `Display` escapes all that comes from the data.
impl askama::filters::HtmlSafe for Cell {}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
