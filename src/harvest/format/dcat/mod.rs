//! DCAT catalogues: RDF as DCAT-AP has it, with the pages of Hydra, and the
//! JSON of `data.json`.
//!
//! A catalogue lists files; those in a format that is harvested are followed,
//! each in one form (`choose`). It gives no records itself.

mod choose;
mod data_json;
mod graph;
mod media;
#[cfg(test)]
mod tests;

use url::Url;

use self::choose::{Chosen, Readable};
use super::{Format, Listing, Reading, rdf};
use crate::harvest::clean::{DoubleEncoding, text};
use crate::harvest::document::Document;
use crate::harvest::extraction::{About, Extraction, Follow, Problem, Role};
use crate::harvest::licence::{self, Said};

pub(super) const FORMAT: Format = Format {
    name: "dcat",
    label: "DCAT catalogue",
    specification: "https://www.w3.org/TR/vocab-dcat-3/",
    accept: "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8, \
             application/json;q=0.7",
    listing: Listing::Complete,
    recognises,
    extract,
};

/// Files of one document that are followed: the open data of a large council.
const MOST_FOLLOWED: usize = 1_000;

/// Files that are named in one problem.
const MOST_NAMED: usize = 5;

/// How long a title or a credit may be, in characters.
const LONGEST: usize = 300;

const DCAT: &str = "http://www.w3.org/ns/dcat#";

fn recognises(document: &Document) -> u8 {
    if data_json::is_likely(document) {
        return 80;
    }
    let is_rdf = rdf::read::format_of(document).is_some();
    if is_rdf && rdf::read::mentions(document, DCAT) { 92 } else { 0 }
}

/// A data set of a catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct DataSet {
    /// Where it stands.
    at: String,
    title: Option<String>,
    licence: Option<String>,
    publisher: Option<String>,
    files: Vec<File>,
}

/// A file of a data set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct File {
    /// Its address, as it was written.
    address: String,
    title: Option<String>,
    /// What is said of its form: media types, names, addresses of them.
    forms: Vec<String>,
    licence: Option<String>,
}

/// A catalogue, in whichever form it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Catalogue {
    title: Option<String>,
    licence: Option<String>,
    publisher: Option<String>,
    language: Option<String>,
    sets: Vec<DataSet>,
    next: Option<String>,
}

fn extract(document: &Document, _: &Reading<'_>) -> Extraction {
    let is_json = data_json::is_likely(document) || rdf::read::format_of(document).is_none();
    let (catalogue, mut problems) =
        if is_json { data_json::read(document) } else { graph::read(document) };
    if catalogue.sets.is_empty() && problems.is_empty() {
        problems.push(
            Problem::warning("no-data-sets", "", "there is no data set in the catalogue")
                .advice("Describe each with dcat:Dataset and its files with dcat:distribution."),
        );
    }
    let mut extraction = Extraction { problems, ..Extraction::default() };
    for set in &catalogue.sets {
        follow(set, document, &mut extraction);
    }
    extraction.about = about(&catalogue, &mut extraction.problems);
    if let Some(next) = &catalogue.next {
        match document.url.join(next.trim()) {
            Ok(url) if is_web(&url) && url != document.url => {
                extraction.follow.push(Follow { url, role: Role::Next, format: Some("dcat") });
            }
            _ => {
                let what = format!("the next page `{}` can't be followed", shown(next));
                extraction.problems.push(Problem::broken("bad-next", "", what));
            }
        }
    }
    extraction
}

/// Follows the files of a data set, each in the form that is read best, and
/// names those that may be others.
fn follow(set: &DataSet, document: &Document, extraction: &mut Extraction) {
    let mut files = Vec::new();
    for file in &set.files {
        let url = match document.url.join(file.address.trim()) {
            Ok(url) if is_web(&url) => url,
            _ => {
                let what = format!("`{}` is no web address", shown(&file.address));
                extraction.problems.push(Problem::error("bad-address", set.at.as_str(), what));
                continue;
            }
        };
        let Some((rank, format)) = media::format_of(&file.forms, &url) else { continue };
        let subject = choose::subject(file.title.as_deref(), &url);
        files.push(Readable { rank, format, url, subject });
    }
    let title = set.title.as_deref().map(shown).unwrap_or_default();
    let Chosen { read, left } = choose::choose(files);
    if read.is_empty() {
        let what = format!("`{title}` has no file in a format that is read");
        extraction.problems.push(
            Problem::warning("no-known-file", set.at.as_str(), what)
                .advice("Offer it as CSV, GeoJSON or RDF, and say its media type."),
        );
        return;
    }
    if !left.is_empty() {
        let named: Vec<&str> = left.iter().take(MOST_NAMED).map(|file| file.url.as_str()).collect();
        let what = format!(
            "{} more files of `{title}` are not read, since they may say the same in other forms: {}",
            left.len(),
            named.join(", ")
        );
        extraction.problems.push(
            Problem::warning("files-not-followed", set.at.as_str(), what).advice(
                "Give all forms of one file the same title; what is another file can be a source of its own.",
            ),
        );
    }
    for file in read {
        let own = set.files.iter().find(|own| {
            document.url.join(own.address.trim()).is_ok_and(|address| address == file.url)
        });
        let licence = own.and_then(|own| own.licence.as_ref()).or(set.licence.as_ref());
        if let Some(licence) = licence {
            extraction.licences.entry(file.url.clone()).or_insert_with(|| licence.clone());
        }
        push(file, set, document, extraction);
    }
}

fn push(file: Readable, set: &DataSet, document: &Document, extraction: &mut Extraction) {
    let Readable { url, format, .. } = file;
    if extraction.follow.iter().any(|known| known.url == url) || url == document.url {
        return;
    }
    if extraction.follow.len() >= MOST_FOLLOWED {
        if !extraction.problems.iter().any(|problem| problem.code == "too-many-files") {
            let what = format!("more than {MOST_FOLLOWED} files; the rest is not followed");
            extraction.problems.push(Problem::broken("too-many-files", set.at.as_str(), what));
        }
        return;
    }
    extraction.follow.push(Follow { url, role: Role::Part, format: Some(format) });
}

/// What the catalogue says of itself. A licence or publisher that all its data
/// sets have is the catalogue's; where they differ, none is.
fn about(catalogue: &Catalogue, problems: &mut Vec<Problem>) -> About {
    let licences: Vec<&String> = catalogue
        .sets
        .iter()
        .flat_map(|set| set.files.iter().filter_map(|f| f.licence.as_ref()).chain(&set.licence))
        // Words that refuse are of their own data set alone.
        .filter(|licence| licence.starts_with("http"))
        .collect();
    let publishers: Vec<&String> =
        catalogue.sets.iter().filter_map(|set| set.publisher.as_ref()).collect();
    let mut shared = |own: &Option<String>, said: &[&String], code: &str, what: &str| {
        let first = said.first().map(|first| (*first).clone());
        let all_alike = said.iter().all(|other| Some(*other) == first.as_ref());
        if !all_alike {
            problems.push(
                Problem::warning(code, "", format!("the data sets have different {what}"))
                    .advice("Register the data sets as sources of their own."),
            );
            return None;
        }
        first.or_else(|| own.clone())
    };
    let own = catalogue.licence.clone().filter(|licence| licence.starts_with("http"));
    let licence = shared(&own, &licences, "several-licences", "licences");
    let attribution = shared(&catalogue.publisher, &publishers, "several-publishers", "publishers");
    About {
        title: catalogue.title.clone(),
        licence,
        attribution,
        language: catalogue.language.clone(),
        ..About::default()
    }
}

/// The licence that is `said`: its address, or the words that refuse.
fn licence_of(said: &str) -> Option<String> {
    match licence::read(said)? {
        Said::Licence(address) => Some(address),
        Said::Reserved(words) => Some(words),
        Said::Credit(_) => None,
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

fn line(text: &str) -> Option<String> {
    let line = text::one_line(text, DoubleEncoding::Keep).value;
    let line = text::shortened(&line, LONGEST).unwrap_or(line);
    (!line.is_empty()).then_some(line)
}

fn shown(text: &str) -> String {
    text.chars().take(120).collect()
}
