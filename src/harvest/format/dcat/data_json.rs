//! `data.json`: a catalogue as Project Open Data has it, which CKAN, `ArcGIS`
//! Hub and others publish.
//!
//! Shape: `{"conformsTo", "dataset": [{"title", "license", "publisher":
//! {"name"}, "distribution": [{"downloadURL", "accessURL", "mediaType",
//! "format"}]}]}`; older ones are the list alone.

use serde_json::Value as Json;

use super::graph::language;
use super::{Catalogue, DataSet, File, licence_of, line};
use crate::graph::input::depth_of_json;
use crate::harvest::document::Document;
use crate::harvest::encoding;
use crate::harvest::extraction::Problem;

/// Objects and lists within each other; the form has six.
const DEEPEST: usize = 32;

/// Data sets that are looked at, and files of one.
const MOST_SETS: usize = 20_000;
const MOST_FILES: usize = 100;

pub(super) fn is_likely(document: &Document) -> bool {
    let head = String::from_utf8_lossy(document.head());
    let is_json = head.starts_with('{') || head.starts_with('[');
    let says = |text: &str| head.contains(text);
    is_json
        && (says("project-open-data")
            || (says("\"dataset\"") && says("\"distribution\""))
            || (document.url.path().ends_with("/data.json") && says("\"dataset\"")))
}

pub(super) fn read(document: &Document) -> (Catalogue, Vec<Problem>) {
    let decoded = encoding::decode(document);
    let mut problems = decoded.warnings;
    let broken = |code: &str, what: String| {
        Problem::broken(code, "", what)
            .advice("Check the address: it may answer with a page to log in.")
    };
    if let Err(error) = depth_of_json(decoded.text.as_bytes(), DEEPEST) {
        problems.push(broken("too-deep", error.to_string()));
        return (Catalogue::default(), problems);
    }
    let json: Json = match serde_json::from_str(&decoded.text) {
        Ok(json) => json,
        Err(error) => {
            problems.push(broken("bad-json", error.to_string()));
            return (Catalogue::default(), problems);
        }
    };
    let sets = match &json {
        Json::Array(sets) => Some((sets, "")),
        other => other.get("dataset").and_then(Json::as_array).map(|sets| (sets, "/dataset")),
    };
    let Some((sets, pointer)) = sets else {
        problems.push(broken("unexpected-type", "there is no list `dataset`".to_owned()));
        return (Catalogue::default(), problems);
    };
    let mut catalogue = Catalogue {
        title: text(&json, "title"),
        licence: licence(&json),
        publisher: publisher(&json),
        ..Catalogue::default()
    };
    for (at, set) in sets.iter().take(MOST_SETS).enumerate() {
        let at = format!("{pointer}/{at}");
        if !set.is_object() {
            problems.push(Problem::error("bad-data-set", at, "a data set must be an object"));
            continue;
        }
        let said = set.get("language");
        let said = said.and_then(|said| said.get(0).unwrap_or(said).as_str());
        catalogue.language = catalogue.language.or_else(|| said.and_then(language));
        catalogue.sets.push(DataSet {
            title: text(set, "title"),
            licence: licence(set),
            publisher: publisher(set),
            files: files(set),
            at,
        });
    }
    (catalogue, problems)
}

fn files(set: &Json) -> Vec<File> {
    let listed = set.get("distribution").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let file = |file: &Json| {
        let string = |key: &str| file.get(key).and_then(Json::as_str).map(ToOwned::to_owned);
        let address = string("downloadURL").or_else(|| string("accessURL"))?;
        let forms = [string("mediaType"), string("format")].into_iter().flatten().collect();
        Some(File { address, title: text(file, "title"), forms, licence: licence(file) })
    };
    listed.iter().take(MOST_FILES).filter_map(file).collect()
}

fn text(json: &Json, key: &str) -> Option<String> {
    json.get(key).and_then(Json::as_str).and_then(line)
}

fn licence(json: &Json) -> Option<String> {
    json.get("license").and_then(Json::as_str).and_then(licence_of)
}

/// The publisher's name; in older catalogues it is a text.
fn publisher(json: &Json) -> Option<String> {
    let publisher = json.get("publisher")?;
    publisher.get("name").unwrap_or(publisher).as_str().and_then(line)
}
