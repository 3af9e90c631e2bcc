//! Clusters: records of several sources that speak of one thing.
//!
//! Which ones do is what the source `matches` says of each of them: the others
//! as `owl:sameAs` and, of all but one, `canonical`, the record that stands for
//! them. Nothing is melted for good: each record stays as it is at its own
//! address. What is made here is the view of all of them together: each
//! property whole from the record whose source goes first.

use std::collections::BTreeMap;

use super::lookup::Lookup;
use super::{Found, MATCHES_SOURCE, ReadError, Register, Version, merged, stored};
use crate::journal::{Journal, JournalError, Version as Said};
use crate::record::{
    Base, CANONICAL, Fields, Merged, Origin, PARTIAL, Record, RecordId, Value, WITHHOLDS,
};
use crate::schema::Schema;

/// Where the records of a cluster name each other.
const SAME_AS: &str = "sameAs";

/// What is of a record, and not of the thing that it speaks of.
const OF_THE_RECORD: [&str; 5] = ["slug", SAME_AS, PARTIAL, WITHHOLDS, CANONICAL];

/// The cluster that a record is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The record that stands for all of them.
    pub canonical: RecordId,
    /// All records of it but the one that was asked for.
    pub others: Vec<RecordId>,
}

/// What all records of a cluster say together.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// The record that stands for them, with what all say. Its revision is its
    /// own, so that it can be changed as it was seen.
    pub version: Version,
    /// For each of the origins, the record of which it speaks.
    pub of: Vec<RecordId>,
    /// The revisions of the others, so that it can be told when they change.
    pub revisions: Vec<crate::model::Revision>,
}

impl Register {
    /// What the records of the cluster for which `version` stands say
    /// together; `None` when it stands for itself alone, or another for it.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn whole(&self, version: &Version) -> Result<Option<Whole>, ReadError> {
        let id = &version.merged.record.id;
        let Some(cluster) = version.cluster.as_ref().filter(|it| it.canonical == *id) else {
            return Ok(None);
        };
        let mut said = vec![version.merged.clone()];
        let mut revisions = Vec::new();
        for other in &cluster.others {
            match self.get(other)? {
                Found::Here(other) => {
                    revisions.push(other.revision);
                    said.push(other.merged);
                }
                Found::Gone { revision, .. } => revisions.push(revision),
                Found::Nowhere => {}
            }
        }
        let (merged, of) = together(&said);
        Ok(Some(Whole { version: Version { merged, ..version.clone() }, of, revisions }))
    }

    /// The record `id` as lists show it: when it stands for others of the same
    /// thing, with what all of them say. `None` when nothing is registered
    /// there now.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn listed(&self, id: &RecordId) -> Result<Option<Version>, ReadError> {
        let Found::Here(version) = self.get(id)? else { return Ok(None) };
        let whole = self.whole(&version)?;
        Ok(Some(whole.map_or(*version, |whole| whole.version)))
    }

    /// The other records of the cluster for which `version` stands that state
    /// one of `keys`: the key, the record, and its source.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn stated_by_others(
        &self,
        version: &Version,
        keys: &[&str],
    ) -> Result<Vec<(String, RecordId, String)>, ReadError> {
        let id = &version.merged.record.id;
        let cluster = version.cluster.as_ref().filter(|it| it.canonical == *id);
        let mut found = Vec::new();
        for other in cluster.into_iter().flat_map(|cluster| &cluster.others) {
            let Found::Here(said) = self.get(other)? else { continue };
            let Merged { record, from, origins } = &said.merged;
            for key in keys.iter().filter(|key| !OF_THE_RECORD.contains(key)) {
                let Some(place) = record.fields.get(*key).and_then(|_| from.get(*key)) else {
                    continue;
                };
                found.push(((*key).to_owned(), other.clone(), origins[*place].source.clone()));
            }
        }
        Ok(found)
    }

    /// How far the first source of `id` is believed, how much it says, and
    /// since when it is there; `None` when it is not. By these a record is
    /// chosen to stand for its cluster.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn weight(&self, id: &RecordId) -> Result<Option<(u8, usize, jiff::Timestamp)>, ReadError> {
        let Found::Here(version) = self.get(id)? else { return Ok(None) };
        let own = version.merged.origins.iter().filter(|origin| origin.source != MATCHES_SOURCE);
        let trust = own.map(|origin| origin.trust).max().unwrap_or_default();
        let since = self.journal.lifetime(id)?.map_or(version.modified, |(added, _)| added);
        Ok(Some((trust, version.merged.record.fields.len(), since)))
    }
}

/// The cluster that `versions`, all of `id`, name; `None` when there is none.
pub(super) fn of_versions(
    schema: &Schema,
    base: &Base,
    id: &RecordId,
    versions: &[Said],
) -> Result<Option<Cluster>, JournalError> {
    let said = versions.iter().find(|it| it.source == MATCHES_SOURCE && it.payload.is_some());
    let Some(said) = said else { return Ok(None) };
    let Some(record) = stored::read(schema, said)? else { return Ok(None) };
    let others: Vec<RecordId> = record
        .values(SAME_AS)
        .iter()
        .filter_map(|value| match value {
            Value::Iri(iri) => base.record_of(iri)?.ok(),
            _ => None,
        })
        .filter(|other| other.kind() == id.kind() && other != id)
        .collect();
    let canonical = record.values(CANONICAL).iter().find_map(Value::as_record);
    let canonical = canonical.filter(|it| others.contains(it)).unwrap_or(id).clone();
    Ok((!others.is_empty()).then_some(Cluster { canonical, others }))
}

/// What is said of each of the other records of `cluster`.
pub(super) fn others(
    (schema, lookup, journal): (&Schema, &Lookup, &dyn Journal),
    cluster: &Cluster,
) -> Result<Vec<Merged>, JournalError> {
    let mut said = Vec::with_capacity(cluster.others.len());
    for id in &cluster.others {
        let versions = journal.current(id)?;
        said.extend(merged::of_versions(schema, lookup, id, &versions)?);
    }
    Ok(said)
}

/// Whether the record that stands for `id` is there, and knows that it does:
/// only then does it show what `id` says.
pub(super) fn is_stood_for(
    (schema, base, journal): (&Schema, &Base, &dyn Journal),
    id: &RecordId,
    cluster: &Cluster,
) -> Result<bool, JournalError> {
    if cluster.canonical == *id {
        return Ok(false);
    }
    let versions = journal.current(&cluster.canonical)?;
    let knows = of_versions(schema, base, &cluster.canonical, &versions)?
        .is_some_and(|its| its.canonical == cluster.canonical && its.others.contains(id));
    if !knows {
        return Ok(false);
    }
    for version in &versions {
        if stored::read(schema, version)?.is_some_and(|record| !record.is_part()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The view of several records of one thing, the one that stands for them
/// first, and the record of each of its origins.
///
/// Each property comes whole from the most trusted source that states it; among
/// equals from the record that stands for them, then from the newest. What a
/// source withholds is withheld from its own record only.
///
/// # Panics
///
/// When there are none.
pub(super) fn together(said: &[Merged]) -> (Merged, Vec<RecordId>) {
    let id = said[0].record.id.clone();
    let mut ranked: Vec<(usize, &Origin, usize)> = said
        .iter()
        .enumerate()
        .flat_map(|(place, merged)| {
            let origins = merged.origins.iter().enumerate();
            origins.map(move |(at, origin)| (place, origin, at))
        })
        // That they are one thing is no fact of the thing.
        .filter(|(place, origin, _)| *place == 0 || origin.source != MATCHES_SOURCE)
        .collect();
    ranked.sort_by(|(place, a, _), (other, b, _)| {
        let by_trust = b.trust.cmp(&a.trust);
        by_trust
            .then((*place != 0).cmp(&(*other != 0)))
            .then(b.at.cmp(&a.at))
            .then(place.cmp(other))
    });
    let places: BTreeMap<(usize, usize), usize> =
        ranked.iter().enumerate().map(|(rank, (place, _, at))| ((*place, *at), rank)).collect();
    let mut fields = Fields::new();
    let mut from: BTreeMap<String, usize> = BTreeMap::new();
    for (place, merged) in said.iter().enumerate() {
        for (key, values) in &merged.record.fields {
            if place > 0 && OF_THE_RECORD.contains(&key.as_str()) {
                continue;
            }
            let at = merged.from.get(key).copied().unwrap_or_default();
            let Some(&rank) = places.get(&(place, at)) else { continue };
            if from.get(key).is_none_or(|best| rank < *best) {
                from.insert(key.clone(), rank);
                fields.insert(key.clone(), values.clone());
            }
        }
    }
    let origins = ranked.iter().map(|(_, origin, _)| (*origin).clone()).collect();
    let of = ranked.iter().map(|(place, ..)| said[*place].record.id.clone()).collect();
    (Merged { record: Record { id, fields }, from, origins }, of)
}

impl Register {
    /// The cluster that the current versions of `id` name, for those who have
    /// read them already.
    pub(super) fn cluster_of(
        &self,
        id: &RecordId,
        versions: &[Said],
    ) -> Result<Option<Cluster>, JournalError> {
        of_versions(&self.schema, &self.base, id, versions)
    }
}
