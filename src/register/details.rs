//! The details of a record: what its summary lacks and some lists show, as
//! JSON. They are as long as they are; the index keeps them on the disk.

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

/// Fields that are taken over as they are. A summary that nobody stated is in
/// the summary of the record, and not here.
const AS_THEY_ARE: &[&str] = &[
    "summary",
    "description",
    "purpose",
    "socialLinks",
    "referral",
    "media",
    "appliesTo",
    "challenges",
    "helped",
    "hindered",
    "needs",
    "outcomes",
];

/// The details of a record whose JSON is `full` and which last changed at the
/// moment `modified`.
pub(super) fn write(full: &Map<String, Json>, modified: Timestamp) -> Map<String, Json> {
    let mut details = Map::new();
    for key in AS_THEY_ARE {
        if let Some(json) = full.get(*key) {
            details.insert((*key).to_owned(), json.clone());
        }
    }
    details.insert("modified".to_owned(), json!(modified.to_string()));
    details
}
