//! The state of a source between its runs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Row, Table};

/// The state of a source between its runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceState {
    /// The number of its newest run; zero when there was none.
    pub last_run: u64,
    /// When it is harvested next; `None` until that is worked out.
    pub next_due: Option<Timestamp>,
    /// When it was last harvested without failure.
    pub last_success: Option<Timestamp>,
    /// When a harvest last changed something.
    pub last_change: Option<Timestamp>,
    /// When everything was last listed.
    pub last_complete: Option<Timestamp>,
    /// How many items the last whole listing had.
    pub complete_count: Option<u64>,
    /// How many items are published.
    pub live: u64,
    /// Failures in a row.
    pub failures: u32,
    /// Changes a week, as observed.
    pub changes_per_week: f64,
    /// Where the next run goes on, for sources that list changes.
    pub cursor: Option<String>,
    /// The same for each of its feeds of changes, when it has several, by the
    /// address at which the feed begins.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub cursors: std::collections::BTreeMap<String, String>,
    /// When its feed was last begun anew, because it knew the cursor no more.
    pub restarted: Option<Timestamp>,
    /// Where the source seems to have moved, how often and since when.
    pub moved: Option<Moved>,
    /// Who works on it, and when that was last said.
    pub lease: Option<Lease>,
    /// What its contact and the operator are to be told.
    pub alerts: Vec<Alert>,
    /// How long its server says that nothing will change, in seconds.
    pub fresh_seconds: Option<u64>,
    /// How long its feed asks not to be fetched again, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_seconds: Option<u64>,
    /// The hours (GMT) at which its feed asks not to be fetched, midnight being
    /// 0 or 24.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skip_hours: Vec<u8>,
    /// The days (GMT) at which it asks the same, Monday being 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skip_days: Vec<u8>,
    /// Name of the format that was recognised.
    pub format: Option<String>,
    /// Hubs that tell of its changes.
    pub hubs: Vec<String>,
    /// What tells the filters of areas and topics by which its records were
    /// taken from others.
    pub filters: Option<String>,
    /// Which part of the newest listing could not be taken, from 0 to 1.
    pub invalid_part: Option<f64>,
    /// The licence that its first document named.
    pub licence: Option<String>,
    /// What tells how its feed credited those whose items it lists, when they
    /// were all taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits: Option<String>,
    /// The address that its first document calls its own, by which hubs know
    /// it.
    pub own: Option<String>,
    /// Whether it says that it tells for ever of what it has deleted; `None`
    /// when it doesn't say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tells_deletions: Option<bool>,
    /// By which settings it was read when everything was last listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed_by: Option<String>,
    /// Hash of the items that stood on several pages of its last whole listing:
    /// as long as they are the same, none has shifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twice: Option<String>,
    /// How many rows of its last whole listing had no key: as long as there are
    /// no more, none of them is a record that was known before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unnamed: Option<u64>,
}

/// A permanent redirect that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Where to.
    pub to: String,
    /// In how many runs in a row.
    pub runs: u32,
    /// Since when.
    pub since: Timestamp,
}

/// Who works on a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// A name that no other process has.
    pub by: String,
    /// When it was last renewed.
    pub at: Timestamp,
}

/// Something that the contact of a source and the operator are to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// A short constant name.
    pub code: String,
    /// What happened, as a sentence.
    pub what: String,
    /// When it was first so.
    pub since: Timestamp,
}

impl SourceState {
    /// Tells of `code`, what it is about being `what`, or no more of it when
    /// that is `None`. What was told already keeps its first time.
    pub fn set_alert(&mut self, code: &str, what: Option<String>, now: Timestamp) {
        let known = self.alerts.iter().position(|alert| alert.code == code);
        match (what, known) {
            (Some(what), Some(place)) => self.alerts[place].what = what,
            (Some(what), None) => {
                tracing::warn!(code, what, "a source needs attention");
                self.alerts.push(Alert { code: code.to_owned(), what, since: now });
            }
            (None, Some(place)) => drop(self.alerts.remove(place)),
            (None, None) => {}
        }
    }
}

impl Row for SourceState {
    const TABLE: Table = Table::Source;
}
