//! The only way in: validate → journal → graph → index.

use std::collections::{BTreeMap, HashSet};
use std::sync::PoisonError;

use jiff::Timestamp;
use thiserror::Error;

use super::schemes::{Misplaced, new_schemes};
use super::{Register, ViewError, merged, sense, stored};
use crate::journal::{Change, Derivation, Expected, JournalError, Note, Original, Version};
use crate::model::Revision;
use crate::record::{Fault, Origin, PARTIAL, Record, RecordId, WITHHOLDS, merge, validate};

/// What one source says of one record from now on.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Identifier of the source.
    pub source: String,
    /// Which record.
    pub id: RecordId,
    /// What it says; `None` withdraws it.
    pub record: Option<Record>,
    /// The bytes that the partner sent.
    pub original: Option<Original>,
    /// The revision that the record must be at, whatever the source; zero is
    /// a record that is not there. `None` expects nothing.
    pub expected: Option<Revision>,
    /// What it was harvested from.
    pub derivation: Option<Derivation>,
}

impl Edit {
    /// From now on `source` says nothing of `id`, whatever its revision.
    #[must_use]
    pub fn withdrawal(source: impl Into<String>, id: RecordId) -> Self {
        Self {
            source: source.into(),
            id,
            record: None,
            original: None,
            expected: None,
            derivation: None,
        }
    }
}

/// What happens to references to records that are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum References {
    /// They are faults, and so are categories in fields of another scheme, what
    /// can't be true of anything, and what breaks the rules of
    /// [`Register::keep_to`].
    Checked,
    /// They are kept as links.
    Kept,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The newest revision; of nothing written, the one there was.
    pub revision: Revision,
    /// How many edits were written; those which said nothing new were not.
    pub written: usize,
}

/// Why nothing was written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// A record breaks its shape.
    #[error("{id} is not valid: {}", faults.first().map_or_else(String::new, ToString::to_string))]
    Invalid {
        /// The record.
        id: RecordId,
        /// Everything that is wrong with it.
        faults: Vec<Fault>,
    },
    /// A record points to others that are not there.
    #[error("{id} points to nothing: {}", faults.first().map_or_else(String::new, ToString::to_string))]
    Dangling {
        /// The record.
        id: RecordId,
        /// Each reference to nothing.
        faults: Vec<Fault>,
    },
    /// The record is at another revision than the edit expects.
    #[error("{id} is at revision {found}, and the change expects {expected}")]
    Changed {
        /// The record.
        id: RecordId,
        /// The revision that it is at; zero when it is not there.
        found: Revision,
        /// The revision that was expected; zero when it must not be there.
        expected: Revision,
    },
    /// Those who give the edits one by one couldn't go on: what they said.
    #[error("{0}")]
    Unread(String),
    /// Somebody has stopped it.
    #[error("somebody stopped it")]
    Stopped,
    /// The journal refused or failed; nothing was written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The change is durable, but a view couldn't take it yet.
    #[error("the change is kept as revision {revision}, but can't be shown yet: {source}")]
    View {
        /// The revision of the change.
        revision: Revision,
        /// Why the view failed.
        source: ViewError,
    },
}

impl ApplyError {
    /// The same, with each fault of a record as `place` gives it.
    #[must_use]
    pub fn with_faults(mut self, place: impl Fn(Fault) -> Fault) -> Self {
        if let Self::Invalid { faults, .. } | Self::Dangling { faults, .. } = &mut self {
            *faults = std::mem::take(faults).into_iter().map(place).collect();
        }
        self
    }
}

impl Register {
    /// Writes `edits`, all or none, durable when this returns; searches and
    /// records show them then. Edits that say what is there already cost no
    /// revision.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Invalid`] for the first record that breaks its shape,
    /// names a category of another scheme than its field's, or
    /// is a part after which the record as it is shown would break it;
    /// [`ApplyError::Dangling`] for the first that points to nothing;
    /// [`ApplyError::Changed`] when an expectation fails; nothing is written
    /// then.
    pub fn apply(
        &self,
        edits: Vec<Edit>,
        references: References,
        actor: &str,
        now: Timestamp,
    ) -> Result<Applied, ApplyError> {
        self.apply_noted(&edits, &[], references, actor, now)
    }

    /// As [`Register::apply`], and keeps `notes` in the same transaction.
    ///
    /// # Errors
    ///
    /// As [`Register::apply`]; no note is kept then.
    pub fn apply_noted(
        &self,
        edits: &[Edit],
        notes: &[Note],
        references: References,
        actor: &str,
        now: Timestamp,
    ) -> Result<Applied, ApplyError> {
        self.check_room()?;
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let rules = self.rules().filter(|_| references == References::Checked);
        let spelt = rules.as_ref().map(|rules| {
            let mut spelt = edits.to_vec();
            let records = spelt.iter_mut().filter_map(|edit| edit.record.as_mut());
            records.for_each(|record| rules.spell_record(record));
            spelt
        });
        let edits = spelt.as_deref().unwrap_or(edits);
        for edit in edits {
            self.check(edit)?;
            let shown = self.check_part(edit, edits, now)?;
            let shown = shown.as_ref().or(edit.record.as_ref());
            if let (Some(record), References::Checked) = (shown, references) {
                let mut faults = self.new_nonsense(edit, record)?;
                faults.extend(rules.iter().flat_map(|rules| rules.faults(self, record)));
                refuse(&edit.id, faults)?;
            }
        }
        if references == References::Checked {
            self.check_references(edits)?;
        }
        let mut changes = Vec::new();
        for edit in edits {
            let current = self.journal.current(&edit.id)?;
            changes.extend(self.change(edit, &current)?);
        }
        let written = changes.len();
        let appended = self.journal.append(&mut changes.into_iter().map(Ok), notes, now, actor)?;
        let Some((_, revision)) = appended else {
            return Ok(Applied { revision: self.journal.newest()?, written: 0 });
        };
        self.catch_up(now, &mut |_| {}).map_err(|source| ApplyError::View { revision, source })?;
        Ok(Applied { revision, written })
    }

    pub(super) fn check(&self, edit: &Edit) -> Result<(), ApplyError> {
        let Some(record) = &edit.record else { return Ok(()) };
        let mut faults = validate(&self.schema, record);
        if !stored::PARTIAL_SOURCES.contains(&edit.source.as_str()) {
            let marks = [(PARTIAL, record.is_part()), (WITHHOLDS, record.withheld().count() > 0)];
            let refused = marks.into_iter().filter(|(_, is_there)| *is_there);
            faults.extend(refused.map(|(key, _)| {
                Fault::new(format!("/{key}"), "only what the register itself says can have this")
            }));
        }
        refuse(&edit.id, faults)
    }

    /// What makes no sense in `edit`, after which the record is `shown`, but for
    /// what made none before: nobody has to mend what they don't touch.
    fn new_nonsense(&self, edit: &Edit, shown: &Record) -> Result<Vec<Fault>, ApplyError> {
        let Some(stated) = &edit.record else { return Ok(Vec::new()) };
        let faults = sense::faults(&self.schema, stated, shown);
        if faults.is_empty() {
            return Ok(faults);
        }
        let current = self.journal.current(&edit.id)?;
        let own = current.iter().find(|version| version.source == edit.source);
        let own = own.map(|version| stored::read(&self.schema, version)).transpose()?.flatten();
        let Some(own) = own else { return Ok(faults) };
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let merged = merged::of_versions(&self.schema, &lookup, &edit.id, &current)?;
        drop(lookup);
        let before = merged.map(|merged| merged.record).filter(|_| own.is_part());
        let old = sense::faults(&self.schema, &own, before.as_ref().unwrap_or(&own));
        Ok(sense::without_old(faults, &old))
    }

    /// Checks the record as it will be shown, when `edit` says only a part of
    /// it or withholds something, and gives it then. The others of `edits` are
    /// taken as written.
    fn check_part(
        &self,
        edit: &Edit,
        edits: &[Edit],
        now: Timestamp,
    ) -> Result<Option<Record>, ApplyError> {
        let Some(record) = &edit.record else { return Ok(None) };
        if !record.is_part() && record.withheld().next().is_none() {
            return Ok(None);
        }
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let mut said: BTreeMap<String, (Origin, Record)> = BTreeMap::new();
        for version in self.journal.current(&edit.id)? {
            if let Some(record) = stored::read(&self.schema, &version)? {
                let origin = merged::origin(&lookup, &version);
                said.insert(version.source, (origin, record));
            }
        }
        for Edit { source, record, .. } in edits.iter().filter(|other| other.id == edit.id) {
            let trust = lookup.trust(source);
            match record {
                Some(record) => {
                    let origin = Origin { source: source.clone(), trust, at: now, terms: None };
                    said.insert(source.clone(), (origin, record.clone()));
                }
                None => {
                    said.remove(source);
                }
            }
        }
        drop(lookup);
        let Some(merged) = merge(&edit.id, said.into_values().collect()) else {
            let detail =
                "no source says the whole of the record, so that a part can't be said of it";
            let fault = Fault::new(format!("/{PARTIAL}"), detail);
            return Err(ApplyError::Invalid { id: edit.id.clone(), faults: vec![fault] });
        };
        refuse(&edit.id, validate(&self.schema, &merged.record))?;
        Ok(Some(merged.record))
    }

    fn check_references(&self, edits: &[Edit]) -> Result<(), ApplyError> {
        let new: HashSet<&RecordId> =
            edits.iter().filter(|edit| edit.record.is_some()).map(|edit| &edit.id).collect();
        let schemes = new_schemes(edits);
        for edit in edits {
            let Some(record) = &edit.record else { continue };
            let misplaced = self.misplaced_among(record, &schemes);
            let mut faults: Vec<Fault> = misplaced.iter().map(Misplaced::fault).collect();
            faults.extend(self.faults_of_wider(record, edits, &schemes));
            refuse(&edit.id, faults)?;
            let mut faults = Vec::new();
            for (pointer, id) in record.references() {
                if !new.contains(id) && !self.has(id)? {
                    let fault = Fault::new(pointer, format!("nothing is registered as {id}"));
                    faults.push(fault.of(id.to_string()));
                }
            }
            if !faults.is_empty() {
                return Err(ApplyError::Dangling { id: edit.id.clone(), faults });
            }
        }
        Ok(())
    }

    fn has(&self, id: &RecordId) -> Result<bool, JournalError> {
        if self.index.get(&id.to_string()).is_some() {
            return Ok(true);
        }
        for version in self.journal.current(id)? {
            if stored::read(&self.schema, &version)?.is_some_and(|record| !record.is_part()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The change of the journal, when `current` is what the sources say now;
    /// `None` when the source says this already.
    pub(super) fn change(
        &self,
        edit: &Edit,
        current: &[Version],
    ) -> Result<Option<Change>, ApplyError> {
        let live = || current.iter().filter(|version| version.payload.is_some());
        if let Some(expected) = edit.expected {
            let found = live().map(|version| version.revision).max().unwrap_or_default();
            if found != expected {
                return Err(ApplyError::Changed { id: edit.id.clone(), found, expected });
            }
        }
        let before = live().find(|version| version.source == edit.source);
        let slug = edit.record.as_ref().and_then(|record| {
            record.values("slug").first().and_then(|value| value.as_text()).map(str::to_owned)
        });
        let payload = edit.record.as_ref().map(|record| stored::write(&self.schema, record));
        let is_said = before.and_then(|version| version.payload.as_ref()) == payload.as_ref();
        // On other terms it is another version, though its words are the same.
        let terms = |derivation: Option<&Derivation>| derivation.and_then(|it| it.terms.clone());
        let (had, has) = (before.and_then(|it| it.derivation.as_ref()), edit.derivation.as_ref());
        if is_said && (payload.is_none() || terms(had) == terms(has)) {
            return Ok(None);
        }
        Ok(Some(Change {
            source: edit.source.clone(),
            id: edit.id.clone(),
            payload,
            original: edit.original.clone(),
            expected: Expected::Anything,
            slug,
            derivation: edit.derivation.clone(),
        }))
    }

    /// The edits that withdraw `id` from every source that speaks of it.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the journal can't be read.
    pub fn withdrawal(
        &self,
        id: &RecordId,
        expected: Option<Revision>,
    ) -> Result<Vec<Edit>, JournalError> {
        let current = self.journal.current(id)?;
        let live = current.into_iter().filter(|version| version.payload.is_some());
        let edits =
            live.map(|version| Edit { expected, ..Edit::withdrawal(version.source, id.clone()) });
        Ok(edits.collect())
    }
}

fn refuse(id: &RecordId, faults: Vec<Fault>) -> Result<(), ApplyError> {
    if faults.is_empty() { Ok(()) } else { Err(ApplyError::Invalid { id: id.clone(), faults }) }
}
