//! What stands where something is wrong, so that a publisher finds it.
//!
//! Formats say where a problem is: a line, a row, a JSON pointer, the number of
//! an item. Here the document is looked at once more, and a short piece of it
//! is put beside the problem. Nothing depends on it; where nothing is found,
//! nothing is shown.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::document::Document;
use super::encoding;
use super::extraction::Problem;
use super::fetch::redact;
use super::format;

/// How many characters are shown.
const LONGEST: usize = 300;

/// How many problems of one document get an excerpt.
const MOST: usize = 200;

/// How large a document may be to be looked at again, in bytes.
const LARGEST: usize = 8 << 20;

/// Puts beside each of `problems` what stands at its place in `document`;
/// `sheet` is the one of a workbook that was read.
pub fn add(document: &Document, sheet: Option<&str>, problems: &mut [Problem]) {
    let is_placed = |problem: &&mut Problem| problem.excerpt.is_none() && !problem.at.is_empty();
    let mut placed: Vec<&mut Problem> = problems.iter_mut().filter(is_placed).take(MOST).collect();
    if placed.is_empty() || document.bytes.len() > LARGEST {
        return;
    }
    let wanted: BTreeSet<usize> =
        placed.iter().filter_map(|problem| number(&problem.at, "row ")).collect();
    let rows =
        if wanted.is_empty() { BTreeMap::new() } else { format::rows(document, sheet, &wanted) };
    let decoded = encoding::decode(document);
    let text: &str = &decoded.text;
    let mut json: Option<Option<Json>> = None;
    for problem in &mut placed {
        let at = problem.at.as_str();
        let found = if let Some(row) = number(at, "row ") {
            rows.get(&row).cloned()
        } else if let Some(line) = number(at, "line ") {
            text.lines().nth(line.saturating_sub(1)).map(str::to_owned)
        } else if let Some(item) = number(at, "item ") {
            nth(text, &["<item", "<entry"], item)
        } else if let Some(script) = number(at, "JSON-LD script ") {
            nth(text, &["application/ld+json"], script)
        } else if at.starts_with('/') {
            let json = json.get_or_insert_with(|| serde_json::from_str(text).ok());
            json.as_ref().and_then(|json| nearest(json, at)).map(ToString::to_string)
        } else {
            text.find(at).map(|start| text[start..].chars().take(LONGEST).collect())
        };
        problem.excerpt = found.as_deref().and_then(shown);
    }
}

/// The number after `word` at the start of a place, from 1.
fn number(at: &str, word: &str) -> Option<usize> {
    let rest = at.strip_prefix(word)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok().filter(|number| *number > 0)
}

/// From the `number`th of any of these words on.
fn nth(text: &str, words: &[&str], number: usize) -> Option<String> {
    let mut starts: Vec<usize> = words
        .iter()
        .flat_map(|word| text.match_indices(word).take(number).map(|(start, _)| start))
        .collect();
    starts.sort_unstable();
    let start = *starts.get(number - 1)?;
    Some(text[start..].chars().take(LONGEST).collect())
}

/// The value at a pointer, or at the nearest one above it that is there.
fn nearest<'a>(json: &'a Json, pointer: &str) -> Option<&'a Json> {
    let mut pointer = pointer;
    loop {
        if let Some(value) = json.pointer(pointer) {
            return (!pointer.is_empty()).then_some(value);
        }
        pointer = &pointer[..pointer.rfind('/')?];
    }
}

/// Without secrets and needless white space, shortened.
fn shown(text: &str) -> Option<String> {
    let text: String = text.chars().take(LONGEST * 4).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = redact::text(&words.join(" "));
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    (!shown.is_empty()).then_some(shown)
}

#[cfg(test)]
#[path = "excerpt_tests.rs"]
mod tests;
