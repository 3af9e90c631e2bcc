//! What people have decided of pairs, remembered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Entity;
use super::features::Features;

/// Two records, whichever comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PairKey(String, String);

/// What a person said of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// They speak of one thing.
    Same,
    /// They speak of two.
    Different,
}

/// What a person said of a pair, and what the pair was like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was said.
    pub answer: Answer,
    /// The pair's [`fingerprint`] when it was said.
    pub fingerprint: String,
}

/// All decisions, by pair.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions(BTreeMap<PairKey, Decision>);

impl PairKey {
    /// The pair of two records, by their identities.
    #[must_use]
    pub fn new(one: &str, other: &str) -> Self {
        let (first, second) = if one <= other { (one, other) } else { (other, one) };
        Self(first.to_owned(), second.to_owned())
    }

    /// The record whose identity comes first in the alphabet.
    #[must_use]
    pub fn first(&self) -> &str {
        &self.0
    }

    /// The other record.
    #[must_use]
    pub fn second(&self) -> &str {
        &self.1
    }
}

/// A text that changes when a strong identifier of either record does: their
/// numbers in official registers, and the addresses of the same thing
/// elsewhere. Names, places and all else do not matter.
#[must_use]
pub fn fingerprint(one: &Entity, other: &Entity) -> String {
    let mut pair = [one, other];
    pair.sort_by(|a, b| a.id.cmp(&b.id));
    let mut hasher = blake3::Hasher::new();
    for entity in pair {
        // How a number is written does not matter.
        let bare = Entity { addresses: Vec::new(), ..strong(entity) };
        let Features { mut identifiers, mut addresses, .. } = Features::new(&bare);
        identifiers.sort_unstable();
        addresses.sort_unstable();
        for (register, number) in identifiers {
            hasher.update(format!("{register} {number}\n").as_bytes());
        }
        for address in addresses {
            hasher.update(format!("{address}\n").as_bytes());
        }
        hasher.update(b"\n");
    }
    hasher.finalize().to_hex().chars().take(32).collect()
}

fn strong(entity: &Entity) -> Entity {
    Entity {
        identifiers: entity.identifiers.clone(),
        same_as: entity.same_as.clone(),
        ..Entity::default()
    }
}

impl Decisions {
    /// Takes decisions as they were stored.
    #[must_use]
    pub fn new(stored: impl IntoIterator<Item = (PairKey, Decision)>) -> Self {
        Self(stored.into_iter().collect())
    }

    /// Remembers what a person says of two records, and gives what to store.
    pub fn decide(&mut self, one: &Entity, other: &Entity, answer: Answer) -> (PairKey, Decision) {
        let key = PairKey::new(&one.id, &other.id);
        let decision = Decision { answer, fingerprint: fingerprint(one, other) };
        self.0.insert(key.clone(), decision.clone());
        (key, decision)
    }

    /// What holds of two records: “same” for ever, “different” until a strong
    /// identifier of one changes.
    #[must_use]
    pub fn answer(&self, one: &Entity, other: &Entity) -> Option<Answer> {
        if self.0.is_empty() {
            return None;
        }
        let decision = self.0.get(&PairKey::new(&one.id, &other.id))?;
        match decision.answer {
            Answer::Same => Some(Answer::Same),
            Answer::Different => {
                (decision.fingerprint == fingerprint(one, other)).then_some(Answer::Different)
            }
        }
    }

    /// All decisions, in the order of the pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&PairKey, &Decision)> {
        self.0.iter()
    }
}
