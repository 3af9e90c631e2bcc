//! Which records of different sources speak of the same thing.
//!
//! Keys that two records share make them candidates ([`Matcher`]); evidence
//! for and against is weighed and told ([`score()`]); what is certain may be
//! linked, what is doubtful is a person's to decide, and what a person has
//! decided stays decided ([`Decisions`]). Links make clusters ([`clusters`]).
//! Records are never merged or deleted here: there are only links, and every
//! one can be taken back.

mod cluster;
mod decisions;
mod entity;
mod features;
mod keys;
#[cfg(test)]
mod properties;
mod rekey;
mod score;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use cluster::{Clusters, Conflict, Link, Standing, Why, canonical, clusters};
pub use decisions::{Answer, Decision, Decisions, PairKey, fingerprint};
pub use entity::{Days, Entity};
use features::Features;
pub use rekey::{Rekey, rekeys};
pub use score::{Band, Feature, Reason, Score, score};

/// A key that more records share tells nothing about any of them, such as the
/// address of a large body's front page; and it would cost too much.
const MOST_IN_BLOCK: usize = 200;

/// Records, ready to be compared with others.
#[derive(Debug, Default)]
pub struct Matcher {
    entities: Vec<Entity>,
    features: Vec<Features>,
    /// Hash of a key and place of a record, in order.
    blocks: Vec<(u64, u32)>,
    overfull: usize,
}

/// A record that may speak of the same thing as the one asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Its place among [`Matcher::entities`].
    pub place: usize,
    /// How much speaks for it.
    pub score: Score,
    /// What a person has decided of the two, if anything.
    pub decided: Option<Answer>,
}

impl Matcher {
    /// Makes the keys of `entities`.
    #[must_use]
    pub fn new(entities: Vec<Entity>) -> Self {
        let features: Vec<Features> = entities.iter().map(Features::new).collect();
        let mut blocks = Vec::new();
        for (place, features) in (0..).zip(&features) {
            let keys = keys::stored(features);
            let keys = keys.usual.into_iter().chain(keys.narrow);
            blocks.extend(keys.map(|key| (key, place)));
        }
        blocks.sort_unstable();
        blocks.dedup();
        let sizes = blocks.chunk_by(|(one, _), (other, _)| one == other).map(<[_]>::len);
        let overfull = sizes.filter(|size| *size > MOST_IN_BLOCK).count();
        Self { entities, features, blocks, overfull }
    }

    /// The records, in the order in which they were given.
    #[must_use]
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// How many keys are shared by so many records that they are not used.
    #[must_use]
    pub const fn overfull_keys(&self) -> usize {
        self.overfull
    }

    /// Places of the records that share a key with `entity` and come from
    /// another source, in order.
    #[must_use]
    pub fn candidates(&self, entity: &Entity) -> Vec<usize> {
        self.sharing(&Features::new(entity))
            .into_iter()
            .filter(|place| self.entities[*place].source != entity.source)
            .filter(|place| self.entities[*place].id != entity.id)
            .collect()
    }

    /// The records of other sources that certainly or perhaps speak of the
    /// same thing, likeliest first. What a person called different is left
    /// out, as long as the identifiers of both are what they were.
    #[must_use]
    pub fn matches(&self, entity: &Entity, decisions: &Decisions) -> Vec<Match> {
        let features = Features::new(entity);
        let mut found: Vec<Match> = self
            .sharing(&features)
            .into_iter()
            .filter_map(|place| self.compare(entity, &features, place, decisions))
            .collect();
        found.sort_by(|a, b| b.score.value.total_cmp(&a.score.value).then(a.place.cmp(&b.place)));
        found
    }

    fn compare(
        &self,
        entity: &Entity,
        features: &Features,
        place: usize,
        decisions: &Decisions,
    ) -> Option<Match> {
        let other = &self.entities[place];
        if other.source == entity.source || other.id == entity.id {
            return None;
        }
        let decided = decisions.answer(entity, other);
        if decided == Some(Answer::Different) {
            return None;
        }
        let evidence = match decided {
            Some(_) => score::weigh(features, &self.features[place]),
            None => score::weigh_hopeful(features, &self.features[place])
                .filter(|evidence| evidence.band() != Band::Different)?,
        };
        Some(Match { place, score: evidence.explain(entity, other), decided })
    }

    /// All pairs of its own records that certainly or perhaps speak of the
    /// same thing, each once, as places and score.
    pub fn pairs<'a>(
        &'a self,
        decisions: &'a Decisions,
    ) -> impl Iterator<Item = (usize, Match)> + 'a {
        self.entities.iter().enumerate().flat_map(move |(place, entity)| {
            let found = self.matches(entity, decisions).into_iter();
            found.filter(move |found| found.place > place).map(move |found| (place, found))
        })
    }

    /// Places of the records that share a key, in order.
    fn sharing(&self, features: &Features) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::new();
        let mut add_all = |keys: &[u64]| {
            let mut is_overfull = false;
            for key in keys {
                let block = &self.blocks[self.block(*key)];
                if block.len() <= MOST_IN_BLOCK {
                    let block = block.iter().filter_map(|(_, place)| usize::try_from(*place).ok());
                    places.extend(block);
                } else {
                    is_overfull = true;
                }
            }
            is_overfull
        };
        let keys = keys::asked(features);
        if add_all(&keys.usual) {
            add_all(&keys.narrow);
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    fn block(&self, key: u64) -> Range<usize> {
        let start = self.blocks.partition_point(|(other, _)| *other < key);
        let length = self.blocks[start..].iter().take(MOST_IN_BLOCK + 1);
        start..start + length.take_while(|(other, _)| *other == key).count()
    }
}
