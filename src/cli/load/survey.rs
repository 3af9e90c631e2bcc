//! What documents hold, before anything is written; then all of it in one
//! change.
//!
//! Documents are read twice: first to know what is in them, then to write it
//! record by record. So memory holds identifiers, and records of one document
//! (of long N-Quads one piece) at a time.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::document::{Document, Part};
use crate::cli::clock::now;
use crate::cli::seeds::ACTOR;
use crate::record::{Record, RecordId, Value, categories};
use crate::register::{Applied, ApplyError, Edit, Progress, Register};

/// How many of what points to nothing are remembered for each missing record.
const MOST_REFERRERS: usize = 20;

/// A record, and the source that speaks of it.
type Key = (RecordId, String);

/// What documents hold.
#[derive(Debug)]
pub(in crate::cli) struct Survey<'a> {
    register: &'a Register,
    documents: &'a [Document],
    /// Which edit of the record and source is taken: the last, counted from
    /// zero through all documents.
    last: HashMap<Key, u64>,
    /// What the same source says again.
    repeated: HashSet<Key>,
    /// What is pointed to and was not in the register, and what points to it.
    wanted: HashMap<RecordId, Vec<String>>,
    /// The categories in the documents, and their schemes.
    schemes: HashMap<String, String>,
    /// What is named in fields of a scheme, with that scheme, and where.
    categorised: HashMap<(RecordId, String), Vec<String>>,
    problems: Vec<String>,
}

impl<'a> Survey<'a> {
    /// Looks through all of `documents`; `step` is called after each.
    ///
    /// # Errors
    ///
    /// When one can't be read, or nothing be made of it at all.
    pub(in crate::cli) fn of(
        register: &'a Register,
        documents: &'a [Document],
        step: &mut dyn FnMut(),
    ) -> Result<Self> {
        let mut survey = Self {
            register,
            documents,
            last: HashMap::new(),
            repeated: HashSet::new(),
            wanted: HashMap::new(),
            schemes: HashMap::new(),
            categorised: HashMap::new(),
            problems: Vec::new(),
        };
        let mut count = 0;
        for document in documents {
            for part in document.read(register) {
                let Part { name, imported } = part?;
                for edit in imported.drafts {
                    survey.note(count, edit);
                    count += 1;
                }
                let problems = imported.problems.iter();
                survey.problems.extend(problems.map(|problem| format!("{name}: {problem}")));
            }
            step();
        }
        Ok(survey)
    }

    fn note(&mut self, number: u64, edit: Edit) {
        let Edit { id, source, record, .. } = edit;
        for (pointer, to) in record.iter().flat_map(|record| record.references()) {
            if self.register.index().get(&to.to_string()).is_none() {
                let referrers = self.wanted.entry(to.clone()).or_default();
                if referrers.len() < MOST_REFERRERS {
                    referrers.push(format!("{id}{pointer}"));
                }
            }
        }
        if let Some(record) = &record {
            self.note_categories(record);
        }
        match self.last.entry((id, source)) {
            Entry::Vacant(place) => {
                place.insert(number);
            }
            Entry::Occupied(mut place) => {
                place.insert(number);
                self.repeated.insert(place.key().clone());
            }
        }
    }

    fn note_categories(&mut self, record: &Record) {
        let id = &record.id;
        for (pointer, it) in categories(self.register.schema(), record) {
            let key = (it.category.clone(), it.scheme.to_owned());
            let places = self.categorised.entry(key).or_default();
            if places.len() < MOST_REFERRERS {
                places.push(format!("{id}{pointer}"));
            }
        }
        let scheme = record.values("inScheme").iter().find_map(Value::as_record);
        if let Some(scheme) = scheme.filter(|_| id.kind() == "category") {
            self.schemes.insert(id.id().to_owned(), scheme.id().to_owned());
        }
    }

    /// How many records there are to write.
    pub(in crate::cli) fn len(&self) -> usize {
        self.last.len()
    }

    /// What can't be taken, each with the document and the place in it.
    pub(in crate::cli) fn problems(&self) -> &[String] {
        &self.problems
    }

    /// What points to records that are neither here nor in the register.
    pub(in crate::cli) fn dangling(&self) -> Vec<String> {
        let here: HashSet<&RecordId> = self.last.keys().map(|(id, _)| id).collect();
        let missing = self.wanted.iter().filter(|(id, _)| !here.contains(id));
        let mut dangling: Vec<String> = missing
            .flat_map(|(id, referrers)| {
                referrers.iter().map(move |from| format!("{from}: nothing is registered as {id}"))
            })
            .collect();
        dangling.sort();
        dangling
    }

    /// What names a category in a field of another scheme.
    pub(in crate::cli) fn misplaced(&self) -> Vec<String> {
        let mut misplaced = Vec::new();
        for ((category, expected), places) in &self.categorised {
            let own = self.schemes.get(category.id()).cloned();
            let own = own.or_else(|| self.register.category(category.id())?.scheme);
            if let Some(own) = own.filter(|own| own != expected) {
                misplaced.extend(places.iter().map(|from| {
                    format!("{from}: {category} is of scheme `{own}`, and not of `{expected}`")
                }));
            }
        }
        misplaced.sort();
        misplaced
    }

    /// Writes all of it in one change; of what the same source says twice of
    /// one record, the last. Links to nothing are kept.
    ///
    /// Gives with it a problem for each record of which the same source says
    /// two things.
    ///
    /// # Errors
    ///
    /// When a document can't be read again, or the register can't take it;
    /// nothing is written then.
    pub(in crate::cli) fn apply(
        &self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Applied, Vec<String>)> {
        let mut earlier: HashMap<Key, Edit> = HashMap::new();
        let mut contradictions = Vec::new();
        let mut number = 0;
        let mut take = |edit: Edit| {
            let key = (edit.id.clone(), edit.source.clone());
            let is_last = self.last.get(&key) == Some(&number);
            number += 1;
            if self.repeated.contains(&key)
                && let Some(before) = earlier.insert(key, edit.clone())
                && before.record != edit.record
            {
                let Edit { id, source, .. } = &edit;
                contradictions.push(format!("{source} says two things of {id}; the last is taken"));
            }
            is_last.then_some(edit)
        };
        let parts = self.documents.iter().flat_map(|document| document.read(self.register));
        let mut edits = parts.flat_map(|part| match part {
            Ok(part) => part.imported.drafts.into_iter().filter_map(&mut take).map(Ok).collect(),
            Err(error) => vec![Err(ApplyError::Unread(format!("{error:#}")))],
        });
        let applied = self.register.apply_all(&mut edits, ACTOR, now(), progress);
        drop(edits);
        Ok((applied?, contradictions))
    }
}
