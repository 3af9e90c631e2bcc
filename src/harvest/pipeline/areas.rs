//! Areas that a service says it serves, by the names that publishers give them.
//!
//! An editor's answer goes first, then the gazetteer: an area by its code or
//! name, or several in one text. The name of a town or a postcode is no area,
//! but says where the service is, when nothing else does. What nobody knows is
//! kept as a keyword, and an editor is asked which area it is.

use std::collections::BTreeSet;

use super::map::Context;
use crate::gazetteer::{Gazetteer, Kind, Level, ResolveError, Served};
use crate::harvest::extraction::Term;
use crate::harvest::terms::{Decision, table_keys};

/// The field of areas that are served.
pub(super) const FIELD: &str = "areaServed";

/// Areas that an editor is offered.
const MOST_OFFERED: usize = 5;

/// Names in one text of areas.
const MOST_NAMES: usize = 40;

/// What became of the areas of one draft.
#[derive(Debug, Default)]
pub(super) struct Areas {
    /// Codes of the areas that are known.
    pub codes: BTreeSet<String>,
    /// Names of towns and postcodes, as they were written.
    pub places: Vec<String>,
    /// What nobody knows, with the codes of areas that it may be.
    pub unknown: Vec<(Term, Vec<String>)>,
    /// The keys of those that hang on what editors decide, and what they have.
    pub decided: Vec<(String, Option<String>)>,
}

/// Which areas the terms mean.
pub(super) fn read(context: &Context<'_>, terms: Vec<Term>) -> Areas {
    let mut areas = Areas::default();
    for term in terms {
        let keys = table_keys(&term);
        let decision = keys.iter().find_map(|key| context.decided.get(key));
        let known = match decision {
            Some(_) => None,
            None => codes_of(context.gazetteer, &term),
        };
        if let Some(codes) = known {
            areas.codes.extend(codes);
            continue;
        }
        areas.decided.extend(keys.into_iter().map(|key| {
            let answer = context.decided.get(&key).map(|it| it.answer().to_owned());
            (key, answer)
        }));
        match decision {
            Some(Decision::Means(code)) => {
                areas.codes.insert(code.clone());
            }
            Some(Decision::Ignore) => {}
            None => match is_place(context.gazetteer, &term.label) {
                Ok(()) => areas.places.push(term.label),
                Err(offered) => areas.unknown.push((term, offered)),
            },
        }
    }
    areas
}

/// The areas that the code of a term means, or its name: one, or each of
/// several with commas or “and” between them.
fn codes_of(gazetteer: &Gazetteer, term: &Term) -> Option<Vec<String>> {
    let code = term.code.as_deref().unwrap_or_default();
    let last = code.trim_end_matches('/').rsplit(['/', '#', '=', ':']).next().unwrap_or_default();
    let one = |text: &str| match gazetteer.served(text) {
        Served::One(area) => Some(area.code.to_string()),
        Served::Several(_) | Served::Nothing => None,
    };
    if let Some(code) = one(last).or_else(|| one(&term.label)) {
        return Some(vec![code]);
    }
    let parts = |text: &str, between: &[&str]| -> Vec<String> {
        let mut parts = vec![text.to_owned()];
        for mark in between {
            let split = parts.iter().flat_map(|part| part.split(mark).map(str::to_owned));
            parts = split.take(MOST_NAMES).collect();
        }
        parts.into_iter().map(|part| part.trim().to_owned()).filter(|it| !it.is_empty()).collect()
    };
    let mut codes = Vec::new();
    for part in parts(&term.label, &[",", ";", "/", "|", "\n"]) {
        if let Some(code) = one(&part) {
            codes.push(code);
            continue;
        }
        for part in parts(&part, &[" and ", " & ", " agus "]) {
            codes.push(one(&part)?);
        }
    }
    (!codes.is_empty()).then_some(codes)
}

/// Whether a text is a postcode, or the name of one town or village; if not,
/// the codes of areas that it may be.
fn is_place(gazetteer: &Gazetteer, text: &str) -> Result<(), Vec<String>> {
    let mut offered: Vec<String> = match gazetteer.served(text) {
        Served::Several(areas) => areas.iter().map(|area| area.code.to_string()).collect(),
        Served::One(_) | Served::Nothing => Vec::new(),
    };
    match gazetteer.resolve(text) {
        Ok(found) if found.is_wide() => {
            let areas = found.areas.iter().filter_map(|code| gazetteer.area(code));
            let narrow = areas.filter(|area| area.level >= Level::Council);
            offered.extend(narrow.map(|area| area.code.to_string()));
        }
        Ok(found) if !matches!(found.kind, Kind::Area | Kind::Point) && offered.is_empty() => {
            return Ok(());
        }
        Err(ResolveError::Ambiguous { choices, .. }) => {
            let areas = choices.iter().flat_map(|choice| gazetteer.areas_at(choice.point));
            let councils = areas.filter(|area| area.level == Level::Council);
            offered.extend(councils.map(|area| area.code.to_string()));
        }
        _ => {}
    }
    let alike = gazetteer.autocomplete(text, MOST_OFFERED);
    offered.extend(alike.into_iter().filter_map(|alike| Some(alike.code?.to_string())));
    let mut seen = BTreeSet::new();
    offered.retain(|code| seen.insert(code.clone()));
    offered.truncate(MOST_OFFERED);
    Err(offered)
}

#[cfg(test)]
#[path = "areas_tests.rs"]
mod tests;
