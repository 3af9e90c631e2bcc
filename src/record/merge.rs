//! One view of a thing of which several sources speak.
//!
//! Nothing is melted for good: each source's record stays as it is, and the
//! view takes each property whole from the source that goes first, and can
//! tell which. What a source withholds is not taken from those after it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Fields, PARTIAL, Record, RecordId};
use crate::model::TermsOfUse;

/// Where a version of a record comes from, and how far it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Identifier of the source.
    pub source: String,
    /// From 0 to 100; the owner's own and editors' words have more than any
    /// harvested source.
    pub trust: u8,
    /// When it was committed.
    pub at: Timestamp,
    /// The terms of use of this record, where they are not those of all that
    /// the source gives.
    pub terms: Option<Arc<TermsOfUse>>,
}

/// The merged view of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// What it says.
    pub record: Record,
    /// For each key, the position in [`Merged::origins`] of the source that
    /// gave it.
    pub from: BTreeMap<String, usize>,
    /// The sources, the one that goes first at the front.
    pub origins: Vec<Origin>,
}

/// Merges what sources say of `id`, property by property: the most trusted
/// goes first, then the newest, then the alphabet. `None` when none speaks, or
/// all say only parts.
#[must_use]
pub fn merge(id: &RecordId, mut versions: Vec<(Origin, Record)>) -> Option<Merged> {
    if versions.iter().all(|(_, record)| record.is_part()) {
        return None;
    }
    versions.sort_by(|(a, _), (b, _)| {
        b.trust.cmp(&a.trust).then(b.at.cmp(&a.at)).then(a.source.cmp(&b.source))
    });
    let mut fields = Fields::new();
    let mut from = BTreeMap::new();
    let mut origins = Vec::with_capacity(versions.len());
    let mut withheld: BTreeSet<String> = BTreeSet::from([PARTIAL.to_owned()]);
    for (place, (origin, record)) in versions.into_iter().enumerate() {
        let marks: Vec<String> = record.withheld().map(str::to_owned).collect();
        for (key, values) in record.fields {
            if withheld.contains(&key) {
                continue;
            }
            if let Entry::Vacant(free) = fields.entry(key) {
                from.insert(free.key().clone(), place);
                free.insert(values);
            }
        }
        withheld.extend(marks);
        origins.push(origin);
    }
    Some(Merged { record: Record { id: id.clone(), fields }, from, origins })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Value;

    fn version(source: &str, trust: u8, second: i64, fields: &[(&str, &str)]) -> (Origin, Record) {
        let id = RecordId::new("asset", "a").unwrap();
        let at = Timestamp::from_second(second).unwrap();
        let fields = fields
            .iter()
            .map(|(key, text)| ((*key).to_owned(), vec![Value::Text((*text).to_owned())]))
            .collect();
        (Origin { source: source.to_owned(), trust, at, terms: None }, Record { id, fields })
    }

    #[track_caller]
    fn check(versions: Vec<(Origin, Record)>, expected: &[(&str, &str, &str)]) {
        let id = RecordId::new("asset", "a").unwrap();
        let merged = merge(&id, versions).unwrap();
        let found: Vec<_> = merged
            .record
            .fields
            .iter()
            .map(|(key, values)| {
                let source = &merged.origins[merged.from[key]].source;
                (key.as_str(), values[0].as_text().unwrap(), source.as_str())
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_most_trusted_goes_first_and_the_newest_among_equals() {
        check(
            vec![
                version("feed", 50, 9, &[("name", "Feed"), ("email", "feed@example.org")]),
                version("editor", 90, 1, &[("name", "Editor")]),
                version("newer", 50, 10, &[("email", "newer@example.org"), ("url", "u")]),
            ],
            &[
                ("email", "newer@example.org", "newer"),
                ("name", "Editor", "editor"),
                ("url", "u", "newer"),
            ],
        );
    }

    #[test]
    fn what_a_source_withholds_is_not_taken_from_those_after_it() {
        let mut editor = version("editor", 90, 1, &[("withholds", "email"), ("url", "e")]);
        let feed = version("feed", 50, 9, &[("name", "Feed"), ("email", "f"), ("url", "f")]);
        let owner = version("owner", 95, 1, &[("email", "o")]);
        let shown = [("name", "Feed", "feed"), ("url", "e", "editor")];
        let mark = ("withholds", "email", "editor");
        check(vec![editor.clone(), feed.clone()], &[shown[0], shown[1], mark]);
        let own = ("email", "o", "owner");
        check(vec![editor.clone(), feed.clone(), owner], &[own, shown[0], shown[1], mark]);
        let part = (PARTIAL.to_owned(), vec![Value::Boolean(true)]);
        editor.1.fields.extend([part]);
        check(vec![editor.clone(), feed], &[shown[0], shown[1], mark]);
        assert_eq!(merge(&RecordId::new("asset", "a").unwrap(), vec![editor]), None);
    }

    #[test]
    fn the_order_in_which_sources_come_does_not_matter() {
        let a = version("a", 50, 1, &[("name", "A")]);
        let b = version("b", 50, 1, &[("name", "B")]);
        check(vec![a.clone(), b.clone()], &[("name", "A", "a")]);
        check(vec![b, a], &[("name", "A", "a")]);
    }
}
