//! What searches see, and the lock around it.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::dictionary::Dictionary;
use super::fields::Fields;
use super::numbering::Numbering;
use super::pack::unpack;
use super::recent::Recent;
use super::record::Record;
use super::records::Records;
use super::segment::{Accepted, Segment};
use super::vocabulary::Vocabulary;
use crate::model::Revision;

/// One state of the index. Whoever holds the lock sees all of a change or
/// nothing of it: segments of the text index may know documents that are no
/// longer, or not yet, among the live slots, and those are never found.
#[derive(Default)]
pub(super) struct State {
    pub(super) records: Records,
    /// What their summaries are packed with.
    pub(super) dictionary: Arc<Dictionary>,
    pub(super) vocabulary: Vocabulary,
    /// Which slots the numbers on the disk have.
    pub(super) numbering: Arc<Numbering>,
    /// Segments on the disk.
    pub(super) disk: Vec<Arc<Segment>>,
    /// Words of changes that are being written to the disk.
    pub(super) sealed: Recent,
    /// Words of the latest changes.
    pub(super) active: Recent,
    /// Whether there are sealed changes that are not on the disk yet.
    pub(super) sealing: bool,
    pub(super) revision: Revision,
    /// How often it became different without a new revision: by a part of a
    /// change, or by how links are.
    pub(super) steps: u64,
}

/// A moment of the index: searches at one moment see the same. Moments of two
/// processes can't be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    revision: Revision,
    steps: u64,
}

/// What the index shares with the thread of the disk.
pub(super) struct Shared {
    pub(super) fields: Fields,
    pub(super) state: RwLock<State>,
    failure: Mutex<Option<String>>,
}

impl State {
    /// The moment that it is.
    pub(super) const fn moment(&self) -> Moment {
        Moment { revision: self.revision, steps: self.steps }
    }

    /// All live slots.
    pub(super) const fn accepted(&self) -> Accepted<'_> {
        Accepted { live: self.records.live.bits(), only: None }
    }

    /// The summary of a record of this state.
    pub(super) fn summary(&self, record: &Record) -> Vec<u8> {
        summary(&self.dictionary, record)
    }
}

/// The summary of a record whose summary is packed with `dictionary`.
pub(super) fn summary(dictionary: &Dictionary, record: &Record) -> Vec<u8> {
    let summary = unpack(dictionary, record.summary());
    summary.expect("it was packed with this dictionary, and not changed")
}

impl Shared {
    /// Nothing has failed yet.
    pub(super) fn new(fields: Fields, state: State) -> Self {
        Self { fields, state: RwLock::new(state), failure: Mutex::new(None) }
    }

    /// Takes note of what failed on the disk.
    pub(super) fn fail(&self, reason: &str) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_owned());
    }

    /// What failed on the disk, if something did.
    pub(super) fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
