//! Walks over the journal: what holds now, version by version or record by
//! record, in bounded memory.

use crate::journal::{Journal, JournalError, Position, Version};
use crate::record::RecordId;

/// How many versions are read at once.
const BATCH: usize = 4_000;

/// The current versions of a journal, one after the other.
pub(super) struct Walk<'a> {
    journal: &'a dyn Journal,
    kind: Option<&'a str>,
    position: Position,
    batch: std::vec::IntoIter<Version>,
    ended: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(journal: &'a dyn Journal) -> Self {
        let batch = Vec::new().into_iter();
        Self { journal, kind: None, position: Position::default(), batch, ended: false }
    }

    /// The versions of one kind.
    pub(super) fn of_kind(journal: &'a dyn Journal, kind: &'a str) -> Self {
        // No identifier sorts before `0`, and no source before an empty one.
        let before = RecordId::new(kind, "0").ok().map(|id| (id, String::new()));
        Self { kind: Some(kind), position: Position(before), ..Self::new(journal) }
    }
}

impl Iterator for Walk<'_> {
    type Item = Result<Version, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(version) = self.batch.next() {
                let inside = self.kind.is_none_or(|kind| kind == version.id.kind());
                return inside.then_some(Ok(version));
            }
            if self.ended {
                return None;
            }
            match self.journal.walk(&self.position, BATCH) {
                Ok((versions, position)) => {
                    self.ended = versions.is_empty();
                    self.position = position;
                    self.batch = versions.into_iter();
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

/// All current versions of one record after the other.
pub(super) struct Grouped<'a>(pub(super) std::iter::Peekable<Walk<'a>>);

impl Iterator for Grouped<'_> {
    type Item = Result<Vec<Version>, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = match self.0.next()? {
            Ok(version) => version,
            Err(error) => return Some(Err(error)),
        };
        let mut versions = vec![first];
        while let Some(next) =
            self.0.next_if(|next| next.as_ref().is_ok_and(|next| next.id == versions[0].id))
        {
            versions.extend(next);
        }
        Some(Ok(versions))
    }
}
