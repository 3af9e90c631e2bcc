//! Completing a name that is being typed.

use std::collections::HashSet;

use super::conditions::filtered;
use super::entry::Facet;
use super::facets::Term;
use super::query::{Filter, QueryError};
use super::records::head;
use super::results::Suggestion;
use super::state::State;
use super::text::Words;
use super::words;

/// Below this many letters only the starts of names are looked at.
const SHORTEST_WORD: usize = 3;

/// See [`Index::suggest`](super::Index::suggest).
pub(super) fn suggest(
    state: &State,
    prefix: &str,
    kinds: &[String],
    limit: usize,
) -> Result<Vec<Suggestion>, QueryError> {
    let records = &state.records;
    let folded = words::fold(prefix);
    let folded = folded.trim();
    if folded.is_empty() || limit == 0 {
        return Ok(Vec::new());
    }
    let mut filters = Vec::new();
    if !kinds.is_empty() {
        filters.push(Filter { facet: Facet::Kind, any_of: kinds.to_vec() });
    }
    let allowed = filtered(records, &filters);
    let mut found: Vec<u32> = starting_with(state, folded);
    if folded.chars().count() >= SHORTEST_WORD
        && let Some(words) = Words::new(folded, &state.vocabulary)
    {
        found.extend(words.in_names(state, &state.accepted())?);
    }
    found.sort_unstable();
    found.dedup();
    let mut ranked: Vec<_> = found
        .into_iter()
        .filter(|&slot| records.shown().contains(slot))
        .filter(|&slot| allowed.as_ref().is_none_or(|allowed| allowed.contains(slot)))
        .filter_map(|slot| records.at(slot))
        .map(|record| {
            let name = record.folded();
            (!name.starts_with(folded), name.len(), name, record.key(), record)
        })
        .collect();
    ranked.sort_unstable_by_key(|&(within, length, name, key, _)| (within, length, name, key));
    let mut known = HashSet::new();
    let mut suggestions = Vec::new();
    for (_, _, name, _, record) in ranked {
        let mut terms = record.terms().map(|term| records.terms.at(term));
        let kind = terms.find(|term| term.facet == Facet::Kind);
        let kind = kind.map(Term::to_value).unwrap_or_default();
        if known.insert((name, kind.clone())) {
            let (name, key) = (record.name().into(), record.key().into());
            suggestions.push(Suggestion { name, kind, key });
            if suggestions.len() == limit {
                break;
            }
        }
    }
    Ok(suggestions)
}

/// Slots of the entries whose names start with `folded`.
fn starting_with(state: &State, folded: &str) -> Vec<u32> {
    let records = &state.records;
    let length = folded.len().min(8);
    let mask = u64::MAX << (64 - 8 * length);
    let wanted = head(folded) & mask;
    (0..)
        .zip(&records.heads)
        .filter(|&(slot, &head)| head & mask == wanted && records.live.contains(slot))
        .filter(|&(slot, _)| {
            records.at(slot).is_some_and(|record| record.folded().starts_with(folded))
        })
        .map(|(slot, _)| slot)
        .collect()
}
