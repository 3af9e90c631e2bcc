//! Parts of records: what the register itself changes of what others say.
//!
//! A record is whole, and valid alone, or it is a part: only the properties
//! that are different here. Its mark is a property of its own, so that it
//! survives JSON and RDF. Whole or part, a record may also withhold
//! properties: what sources that go after it say there is not shown.

use std::collections::BTreeSet;

use super::{Record, Value, validate};
use crate::schema::Schema;

/// The key under which a record says that it is a part.
pub const PARTIAL: &str = "partial";

/// The key of the list of keys that a record withholds.
pub const WITHHOLDS: &str = "withholds";

/// The key under which the register itself names the record that stands for
/// one, because both are of one thing.
pub const CANONICAL: &str = "canonical";

impl Record {
    /// Whether it says only what is different from what other sources say.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.values(PARTIAL).first().is_some_and(Value::is_true)
    }

    /// The keys of other sources' properties that it withholds.
    pub fn withheld(&self) -> impl Iterator<Item = &str> {
        self.values(WITHHOLDS).iter().filter_map(Value::as_text)
    }
}

/// What one source has to say so that `wanted` is shown where `shown` is now,
/// when it says `own` already and all others together say `others`; `None`
/// when it needs to say nothing.
///
/// Only what is different between `shown` and `wanted` is taken. A part says
/// no more than it must: a property that is as the others say is left to
/// them, and follows them from then on. One that goes, and which others say,
/// is withheld. What no other source speaks of is always whole.
#[must_use]
pub fn amend(
    schema: &Schema,
    own: Option<&Record>,
    others: Option<&Record>,
    shown: &Record,
    wanted: &Record,
) -> Option<Record> {
    let mut fields = own.map(|own| own.fields.clone()).unwrap_or_default();
    fields.remove(PARTIAL);
    fields.remove(WITHHOLDS);
    let may_be_part = others.is_some() && own.is_none_or(Record::is_part);
    let marks = if is_same(shown, wanted, WITHHOLDS) { own } else { Some(wanted) };
    let mut withheld: BTreeSet<String> =
        marks.into_iter().flat_map(Record::withheld).map(str::to_owned).collect();
    let keys: BTreeSet<&String> = shown.fields.keys().chain(wanted.fields.keys()).collect();
    for key in keys {
        if [PARTIAL, WITHHOLDS, CANONICAL].contains(&key.as_str()) || is_same(shown, wanted, key) {
            continue;
        }
        let theirs = others.and_then(|others| others.fields.get(key));
        match wanted.fields.get(key) {
            Some(values) if may_be_part && theirs == Some(values) => {
                fields.remove(key);
                withheld.remove(key);
            }
            Some(values) => {
                fields.insert(key.clone(), values.clone());
                withheld.remove(key);
            }
            None => {
                fields.remove(key);
                if theirs.is_some() {
                    withheld.insert(key.clone());
                }
            }
        }
    }
    let says_nothing = fields.is_empty() && withheld.is_empty();
    if !withheld.is_empty() {
        let marks = withheld.into_iter().map(Value::Text).collect();
        fields.insert(WITHHOLDS.to_owned(), marks);
    }
    let mut amended = Record { id: wanted.id.clone(), fields };
    let is_part = others.is_some() && (may_be_part || !validate(schema, &amended).is_empty());
    if is_part {
        amended.fields.insert(PARTIAL.to_owned(), vec![Value::Boolean(true)]);
    }
    (!(is_part && says_nothing)).then_some(amended)
}

fn is_same(one: &Record, other: &Record, key: &str) -> bool {
    one.values(key) == other.values(key)
}

#[cfg(test)]
#[path = "part_tests.rs"]
mod tests;
