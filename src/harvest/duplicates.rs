//! Records of several sources that speak of one thing: found, linked when it
//! is certain, and put to an editor when it is in doubt.
//!
//! A link is what the source `matches` says of a record, `owl:sameAs`; nothing
//! is merged or deleted, so each link can be taken back (contract F68). What an
//! editor has decided holds until the official numbers of a record change.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::json;

use super::matching::{
    Answer, Band, Clusters, Decision, Decisions, Entity, Link, Matcher, PairKey, Standing,
    canonical, clusters, fingerprint,
};
use super::pipeline::{HarvestError, Harvester};
use crate::journal::Durability;
use crate::record::{CANONICAL, Fields, PARTIAL, Record, RecordId, Reference, Value, label};
use crate::register::ledger::{Decision as Decided, Item, Review, ReviewKind, Row as _};
use crate::register::{Edit, MATCHES_SOURCE, References};

/// Kinds of record that sources may both have.
const KINDS: [&str; 3] = ["organisation", "asset", "resource"];

/// How many records are written at once.
const BATCH: usize = 1_000;

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Duplicates {
    /// Records that were compared.
    pub records: usize,
    /// Things of which two records or more speak.
    pub things: usize,
    /// Pairs that an editor is asked about.
    pub doubtful: usize,
    /// Links that contradict others, and were held back.
    pub conflicts: usize,
}

impl Harvester {
    /// Compares all records of all sources, links those that certainly speak
    /// of one thing, takes back links that no longer hold, and asks an editor
    /// about the others.
    ///
    /// Reads every record once: some seconds for each hundred thousand.
    ///
    /// # Errors
    ///
    /// [`HarvestError`] when the register can't be read or written.
    pub fn find_duplicates(&self) -> Result<Duplicates, HarvestError> {
        let entities = self.entities()?;
        let decisions = self.decisions()?;
        let matcher = Matcher::new(entities);
        let mut links = Vec::new();
        let mut reviews = Vec::new();
        for (place, found) in matcher.pairs(&decisions) {
            let (one, other) = (&matcher.entities()[place], &matcher.entities()[found.place]);
            let pair = PairKey::new(&one.id, &other.id);
            match (found.decided, found.score.band) {
                (Some(Answer::Different), _) | (None, Band::Different) => {}
                (Some(Answer::Same), _) | (None, Band::Certain) => links.push(Link {
                    pair,
                    value: found.score.value,
                    decided: found.decided.is_some(),
                }),
                (None, Band::Doubtful) => reviews.push(self.question(one, other, &found.score)),
            }
        }
        let different: BTreeSet<PairKey> = decisions
            .iter()
            .filter(|(_, decision)| decision.answer == Answer::Different)
            .map(|(pair, _)| pair.clone())
            .collect();
        let sources: HashMap<&str, &str> = matcher
            .entities()
            .iter()
            .map(|entity| (entity.id.as_str(), entity.source.as_str()))
            .collect();
        let Clusters { groups, conflicts } =
            clusters(&links, &different, |id| sources.get(id).map(|source| (*source).to_owned()));
        self.link(&groups)?;
        self.ask(&reviews)?;
        Ok(Duplicates {
            records: matcher.entities().len(),
            things: groups.len(),
            doubtful: reviews.len(),
            conflicts: conflicts.len(),
        })
    }

    fn entities(&self) -> Result<Vec<Entity>, HarvestError> {
        let register = self.register();
        let mut published = self.published_addresses()?;
        let mut names: HashMap<RecordId, String> = HashMap::new();
        let mut entities = Vec::new();
        for kind in KINDS {
            register.each_record(kind, &mut |source, record| {
                if record.is_part() {
                    return;
                }
                if kind == "organisation" {
                    names.insert(record.id.clone(), label(record, "en").to_owned());
                }
                let provider = record.values("provider").first().and_then(Value::as_record);
                let provider = provider.and_then(|id| names.get(id)).map(String::as_str);
                let own = register.base().thing(&record.id);
                let mut entity = Entity::from_record(record, source, Some(own.as_str()), provider);
                let ours = entity.origin_in(register.base());
                entity.addresses.extend(ours.map(|id| register.base().thing(&id).into_string()));
                entity.addresses.extend(published.remove(&record.id));
                entities.push(entity);
            })?;
        }
        Ok(entities)
    }

    /// The address that the publisher of a record calls it by, where its key
    /// is one: an `@id`, the subject of RDF, a `guid`. Whoever calls something
    /// by the same address speaks of the same thing (contract F68).
    fn published_addresses(&self) -> Result<HashMap<RecordId, String>, HarvestError> {
        let mut addresses = HashMap::new();
        self.register().ledger().each::<Item>("", |key, item| {
            let address = key.splitn(3, '\n').nth(2);
            let is_address = |key: &&str| key.starts_with("http://") || key.starts_with("https://");
            if let Some(address) = address.filter(is_address)
                && item.is_published()
            {
                addresses.insert(item.id, address.to_owned());
            }
        })?;
        Ok(addresses)
    }

    fn decisions(&self) -> Result<Decisions, HarvestError> {
        let mut stored = Vec::new();
        self.register().ledger().each::<Decided>("match\n", |key, decided| {
            let answer = match decided.answer.as_str() {
                "same" => Answer::Same,
                _ => Answer::Different,
            };
            if let Some((one, other)) = key["match\n".len()..].split_once('|') {
                let decision = Decision { answer, fingerprint: decided.fingerprint };
                stored.push((PairKey::new(one, other), decision));
            }
        })?;
        Ok(Decisions::new(stored))
    }

    fn question(
        &self,
        one: &Entity,
        other: &Entity,
        score: &super::matching::Score,
    ) -> (String, Review) {
        let pair = PairKey::new(&one.id, &other.id);
        let about = format!("{}|{}", pair.first(), pair.second());
        let name = |entity: &Entity| entity.names.first().cloned().unwrap_or_default();
        let reasons: Vec<_> = score
            .reasons
            .iter()
            .map(|reason| {
                json!({ "feature": reason.feature, "weight": reason.weight,
                    "left": reason.left, "right": reason.right })
            })
            .collect();
        let question = format!(
            "Are “{}” ({}) and “{}” ({}) the same?",
            name(one),
            one.source,
            name(other),
            other.source
        );
        let review = Review {
            kind: ReviewKind::Match,
            question,
            about: json!({ "one": one.id, "other": other.id, "key": about,
                "fingerprint": fingerprint(one, other) }),
            why: json!({ "likelihood": score.value, "reasons": reasons }),
            since: self.now(),
        };
        (Review::key(ReviewKind::Match, &about), review)
    }

    /// Replaces the questions of before; one that was asked already keeps its
    /// date.
    fn ask(&self, reviews: &[(String, Review)]) -> Result<(), HarvestError> {
        let ledger = self.register().ledger();
        let asked: BTreeSet<&str> = reviews.iter().map(|(key, _)| key.as_str()).collect();
        let mut since = BTreeMap::new();
        let mut notes = Vec::new();
        ledger.each::<Review>("match\n", |key, review| {
            if !asked.contains(key.as_str()) {
                notes.push(<Review as crate::register::ledger::Row>::TABLE.forget(&key));
            }
            since.insert(key, review.since);
        })?;
        for (key, review) in reviews {
            let since = since.get(key).copied().unwrap_or(review.since);
            notes.push(Review { since, ..review.clone() }.put(&**key));
        }
        Ok(ledger.write(&notes, Durability::Durable)?)
    }

    /// The record that stands for a group; `before` did so before.
    fn canonical(
        &self,
        ids: &[RecordId],
        before: &BTreeSet<RecordId>,
    ) -> Result<Option<RecordId>, HarvestError> {
        let mut members = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some((trust, fields, since)) = self.register().weight(id)? {
                members.push(Standing { id: id.to_string(), trust, fields, since });
            }
        }
        let before = ids.iter().find(|id| before.contains(*id)).map(ToString::to_string);
        Ok(canonical(&members, before.as_deref()).and_then(|id| id.parse().ok()))
    }

    /// Writes the links of all groups, and takes back those of before that are
    /// none any more.
    fn link(&self, groups: &[Vec<String>]) -> Result<(), HarvestError> {
        let register = self.register();
        let mut edits = BTreeMap::new();
        let mut before = BTreeSet::new();
        for kind in KINDS {
            register.each_record(kind, &mut |source, record| {
                if source == MATCHES_SOURCE {
                    edits.insert(record.id.clone(), edit(&record.id, None));
                    let canonical = record.values(CANONICAL).iter().find_map(Value::as_record);
                    before.extend(canonical.cloned());
                }
            })?;
        }
        for group in groups {
            let ids: Vec<RecordId> = group.iter().filter_map(|id| id.parse().ok()).collect();
            let canonical = self.canonical(&ids, &before)?;
            for id in &ids {
                let same = ids.iter().filter(|other| *other != id);
                let same: Vec<Value> = same
                    .map(|other| Value::Iri(register.base().thing(other).as_str().to_owned()))
                    .collect();
                let mut fields = Fields::from([
                    (PARTIAL.to_owned(), vec![Value::Boolean(true)]),
                    ("sameAs".to_owned(), crate::record::canonical(same)),
                ]);
                if let Some(canonical) = canonical.as_ref().filter(|canonical| *canonical != id) {
                    let canonical = Value::Reference(Reference::Record(canonical.clone()));
                    fields.insert(CANONICAL.to_owned(), vec![canonical]);
                }
                edits.insert(id.clone(), edit(id, Some(Record { id: id.clone(), fields })));
            }
        }
        let edits: Vec<Edit> = edits.into_values().collect();
        for batch in edits.chunks(BATCH) {
            register.apply(batch.to_vec(), References::Kept, "matching", self.now())?;
        }
        Ok(())
    }
}

fn edit(id: &RecordId, record: Option<Record>) -> Edit {
    Edit {
        source: MATCHES_SOURCE.to_owned(),
        id: id.clone(),
        record,
        original: None,
        expected: None,
        derivation: None,
    }
}
