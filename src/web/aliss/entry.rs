//! What the index holds of a record: the summary, which every list shows, and
//! the details, which it reads for the records of one page together.
//!
//! No list of ALISS reads the journal. Only a record that is asked for by its
//! slug is looked up there.

use std::sync::Arc;

use jiff::Timestamp;

use crate::record::RecordId;
use crate::register::{Credit, Hit};
use crate::web::aliss::plain::untagged;
use crate::web::problem::Result;
use crate::web::serialise::summary::{Named, Summary};
use crate::web::state::AppState;

/// The language of all answers: ALISS has no other.
const LANGUAGE: &str = "en";

/// What the index holds of a record, to be read.
pub(super) struct Held {
    pub(super) id: RecordId,
    summary: Vec<u8>,
    details: Vec<u8>,
}

/// A record in the index, as it was read.
pub(super) struct Entry<'a> {
    pub(super) id: &'a RecordId,
    pub(super) summary: Summary<'a>,
    pub(super) details: Summary<'a>,
}

impl Held {
    /// The records of a page of hits, each with its hit. One that has just been
    /// withdrawn may be missing.
    ///
    /// # Errors
    ///
    /// 500 when the index can't be read.
    pub(super) fn of_hits<'a>(state: &AppState, hits: &'a [Hit]) -> Result<Vec<(&'a Hit, Self)>> {
        let keys: Vec<&str> = hits.iter().map(Hit::key).collect();
        let details = state.register.details(&keys)?;
        let held = hits.iter().zip(details);
        Ok(held
            .filter_map(|(hit, details)| {
                let id = hit.key().parse().ok()?;
                Some((hit, Self { id, summary: hit.summary(), details: details? }))
            })
            .collect())
    }

    /// The record `id`; `None` when it is not there.
    ///
    /// # Errors
    ///
    /// 500 when the index can't be read.
    pub(super) fn of_id(state: &AppState, id: &RecordId) -> Result<Option<Self>> {
        let key = id.to_string();
        let Some(summary) = state.register.summary(&key) else { return Ok(None) };
        let details = state.register.details(&[&key])?.pop().flatten();
        Ok(details.map(|details| Self { id: id.clone(), summary, details }))
    }

    /// The record of `kind` that `text` names by identifier or slug; `None`
    /// when there is none.
    ///
    /// # Errors
    ///
    /// 500 when index or journal can't be read.
    pub(super) fn named(state: &AppState, kind: &str, text: &str) -> Result<Option<Self>> {
        let text = text.to_lowercase();
        let Ok(id) = RecordId::new(kind, &text) else { return Ok(None) };
        if let Some(found) = Self::of_id(state, &id)? {
            return Ok(Some(found));
        }
        let id = state.register.by_slug(kind, &text)?;
        Ok(id.map(|id| Self::of_id(state, &id)).transpose()?.flatten())
    }

    /// What it says; `None` when that is no summary.
    pub(super) fn read(&self) -> Option<Entry<'_>> {
        let Self { id, summary, details } = self;
        Some(Entry { id, summary: Entry::summary(summary)?, details: Entry::details(details) })
    }
}

impl<'a> Entry<'a> {
    /// A summary, read in the language of all answers.
    pub(super) fn summary(json: &'a [u8]) -> Option<Summary<'a>> {
        Summary::read(json, LANGUAGE)
    }

    /// Details, read likewise.
    pub(super) fn details(json: &'a [u8]) -> Summary<'a> {
        Summary::read_details(json, LANGUAGE)
    }

    /// What it is called, or else its identifier.
    pub(super) fn name(&self) -> String {
        self.summary.text("name").map_or_else(|| self.id.id().to_owned(), |name| untagged(&name))
    }

    /// Its readable alias, or else its identifier.
    pub(super) fn slug(&self) -> String {
        self.summary.text("slug").unwrap_or_else(|| self.id.id().to_owned())
    }

    /// When any source last said something else of it.
    pub(super) fn modified(&self) -> Option<Timestamp> {
        self.details.text("modified")?.parse().ok()
    }

    /// How those who speak of it are credited.
    pub(super) fn credits(&self, state: &AppState) -> Vec<Arc<Credit>> {
        state.register.credits(&self.id.to_string())
    }

    /// Our slugs of the categories that a field of the summary names.
    pub(super) fn slugs(&self, state: &AppState, field: &str) -> Vec<String> {
        let named = self.summary.named(field).into_iter();
        named.filter_map(|Named { id, .. }| identifier(state, &id)).collect()
    }
}

/// The identifier of the record of this register that is called `iri`.
pub(super) fn identifier(state: &AppState, iri: &str) -> Option<String> {
    let id = state.register.base().record_of(iri)?.ok()?;
    Some(id.id().to_owned())
}
