//! Which entries have links that do not work. It is said beside the entries,
//! by key, and changes without any of them: the checks of links are no changes
//! of records.

use std::collections::HashMap;

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use super::bits::Set;

/// How bad the links of an entry are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkTrouble {
    /// One failed when it was last checked.
    Failing,
    /// One has failed for so long that it is taken for dead.
    Broken,
}

/// The entries that have such links.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    by_key: HashMap<Box<str>, LinkTrouble>,
    /// Slots of those that fail, the broken among them.
    failing: Set,
    broken: Set,
}

impl Troubles {
    /// Takes in how the links of the entry with this key are; `slot` is where
    /// it stands, if it is there.
    pub(super) fn note(&mut self, key: &str, trouble: Option<LinkTrouble>, slot: Option<u32>) {
        match trouble {
            Some(trouble) => self.by_key.insert(key.into(), trouble),
            None => self.by_key.remove(key),
        };
        if let Some(slot) = slot {
            self.removed(slot);
            self.put(key, slot);
        }
    }

    /// The entry with this key stands at `slot` now.
    pub(super) fn put(&mut self, key: &str, slot: u32) {
        if let Some(trouble) = self.by_key.get(key) {
            self.failing.insert(slot);
            if *trouble == LinkTrouble::Broken {
                self.broken.insert(slot);
            }
        }
    }

    /// Nothing stands at `slot` any more.
    pub(super) fn removed(&mut self, slot: u32) {
        self.failing.remove(slot);
        self.broken.remove(slot);
    }

    /// How bad the links of the entry with this key are.
    pub(super) fn of(&self, key: &str) -> Option<LinkTrouble> {
        self.by_key.get(key).copied()
    }

    /// The slots whose entries have links as bad as this, or worse.
    pub(super) const fn with(&self, trouble: LinkTrouble) -> &RoaringBitmap {
        match trouble {
            LinkTrouble::Failing => self.failing.bitmap(),
            LinkTrouble::Broken => self.broken.bitmap(),
        }
    }
}
