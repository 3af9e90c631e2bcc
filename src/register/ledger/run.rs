//! Runs: what a harvest did, for people and for the next one.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Row, Table};

/// The reason of a run of which everything was put back.
pub const UNDONE: &str = "it was undone";

/// One harvest of a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Identifier of the source.
    pub source: String,
    /// Its number among the runs of the source, from 1.
    pub number: u64,
    /// What is done with what it finds.
    pub kind: RunKind,
    /// Why it was begun.
    pub trigger: Trigger,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; `None` while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// When it last showed that it lives.
    pub heartbeat: Timestamp,
    /// How far it is.
    pub phase: Phase,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Why it ended so, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it is held for review, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<String>,
    /// The same for programs, and for pages in other languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_for: Vec<HeldFor>,
    /// Numbers.
    pub counts: Counts,
    /// How many things of each code were found wrong, kept or not.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, u64>,
    /// Whether everything that the source lists was seen.
    #[serde(default)]
    pub is_complete: bool,
    /// Whether somebody looked at what held it, and let it pass.
    #[serde(default)]
    pub is_approved: bool,
    /// Where it began, for sources that list changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor_before: Option<String>,
    /// Where the next one begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor_after: Option<String>,
    /// The same for each feed of changes, when the source has several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cursors_after: BTreeMap<String, String>,
    /// The next free place in its queue.
    #[serde(default)]
    pub queued: u64,
    /// Documents that failed or could not be read to their end.
    #[serde(default)]
    pub broken: u64,
    /// The name and version of what read the documents.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub extractor: String,
    /// The number of the first of the runs that were broken off, and that this
    /// one goes on with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<u64>,
    /// By which settings it was read what it has staged and not written, when
    /// somebody stopped it in the midst of that: the next run writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<String>,
    /// The number of the first of the runs whose rest this one writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_of: Option<u64>,
    /// How many of the new items seem to be known ones under other keys.
    #[serde(default, skip_serializing_if = "Rekeys::is_none")]
    pub rekeys: Rekeys,
    /// How often its listing was read.
    #[serde(default, skip_serializing_if = "Passes::is_first")]
    pub passes: Passes,
    /// Whether it began where the one before had ended, and not with the whole
    /// list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub since_cursor: bool,
    /// When the items that it read were last changed, as the publisher says.
    #[serde(default, skip_serializing_if = "Modified::is_none")]
    pub modified: Modified,
    /// Where it began and where the next one begins, without what is secret:
    /// for people.
    #[serde(default, skip_serializing_if = "Cursor::is_none")]
    pub cursor: Cursor,
    /// The most bytes of memory that the process had until it ended: what else
    /// the process did is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory: Option<u64>,
}

/// The oldest and the newest time of change of what a run read, to the letter
/// as published: a time, or a number of any length. Documents that had not
/// changed since are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Modified {
    /// The oldest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<String>,
    /// The newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
}

impl Modified {
    /// Whether no item told when it was changed.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.oldest.is_none()
    }
}

/// Where a run of a source that lists changes began and ended, as addresses
/// that people may see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cursor {
    /// Where it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Where the next one begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Cursor {
    /// Whether the source has none.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.before.is_none() && self.after.is_none()
    }
}

/// How a listing of pages was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Passes {
    /// 0 in the first pass, 1 in the second.
    pub number: u8,
    /// How many pages of the listing this pass has read.
    pub pages: u64,
    /// Whether items shifted from one page to another meanwhile.
    pub has_moved: bool,
}

impl Passes {
    /// Whether nothing of it is worth telling.
    #[must_use]
    pub const fn is_first(&self) -> bool {
        self.number == 0 && self.pages < 2 && !self.has_moved
    }
}

/// Why a run is held: a short constant name, and the numbers that it was judged
/// by, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldFor {
    /// The name, such as `vanished`.
    pub reason: String,
    /// The numbers, such as `vanished` and `live`.
    #[serde(flatten)]
    pub numbers: BTreeMap<String, u64>,
}

/// New items of a run that seem to be known ones under other keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rekeys {
    /// Those of which it is sure.
    pub sure: u64,
    /// The others: they are new, whatever is decided.
    pub doubtful: u64,
    /// Whether somebody has agreed, so that the sure ones kept their records.
    pub are_taken: bool,
}

impl Rekeys {
    /// Whether nothing seems to be known.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// What is done with what a run finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunKind {
    /// It is written.
    Harvest,
    /// It is shown.
    Preview,
    /// It is read once more from the documents that were kept, and written.
    Replay,
}

/// Why a run was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// It was due.
    Schedule,
    /// Somebody asked.
    Manual,
    /// A hub told of a change.
    Hub,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Documents are fetched and read.
    Fetching,
    /// What was read is written.
    Applying,
    /// It is over, or waits for somebody.
    Done,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything was taken.
    Ok,
    /// Everything was taken that could be.
    OkWithErrors,
    /// Nothing was new.
    Unchanged,
    /// The source could be read in part.
    Partial,
    /// The source could not be read.
    Failed,
    /// It would have changed more than is taken unseen.
    BlockedByGuard,
    /// Somebody stopped it.
    Cancelled,
    /// The program ended in its midst.
    Crashed,
}

impl Outcome {
    /// All of them, in their order.
    pub const ALL: [Self; 8] = [
        Self::Ok,
        Self::OkWithErrors,
        Self::Unchanged,
        Self::Partial,
        Self::Failed,
        Self::BlockedByGuard,
        Self::Cancelled,
        Self::Crashed,
    ];

    /// Whether the source was read to its end, and what could be taken was.
    #[must_use]
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Ok | Self::OkWithErrors | Self::Unchanged)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::OkWithErrors => "ok-with-errors",
            Self::Unchanged => "unchanged",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::BlockedByGuard => "blocked-by-guard",
            Self::Cancelled => "cancelled",
            Self::Crashed => "crashed",
        }
    }
}

/// The numbers of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Counts {
    /// Requests that were sent, for robots.txt too.
    pub requests: u64,
    /// Bytes as they came.
    pub wire_bytes: u64,
    /// Bytes after decompression.
    pub decoded_bytes: u64,
    /// Documents that had not changed.
    pub not_modified: u64,
    /// Documents.
    pub pages: u64,
    /// Items that were seen.
    pub seen: u64,
    /// Items that the source said it has.
    pub announced: u64,
    /// Records that are new.
    pub created: u64,
    /// Records that changed.
    pub changed: u64,
    /// Items that were as before.
    pub unchanged: u64,
    /// Items that could not be taken.
    pub invalid: u64,
    /// Items that wait for an editor, who is asked what is meant by them.
    pub waiting: u64,
    /// Items that the source no longer lists, still published.
    pub missing: u64,
    /// Records that were withdrawn.
    pub withdrawn: u64,
    /// Records that came back: the source lists again what it did not list, or
    /// had withdrawn.
    pub restored: u64,
    /// Those of them that had been withdrawn, and so were published again.
    pub republished: u64,
    /// Things that were found wrong, kept or not.
    pub findings: u64,
}

/// A run that has not shown for so long that it lives is dead.
const ALIVE: SignedDuration = SignedDuration::from_secs(60);

impl Run {
    /// Whether it is under way.
    #[must_use]
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now.duration_since(self.heartbeat) < ALIVE
    }

    /// Whether what it has staged waits for somebody to approve or dismiss it.
    #[must_use]
    pub fn waits_for_somebody(&self) -> bool {
        let is_preview = self.kind == RunKind::Preview
            && !matches!(self.outcome, Some(Outcome::Cancelled | Outcome::Failed));
        self.ended.is_some()
            && !self.is_approved
            && (is_preview || self.outcome == Some(Outcome::BlockedByGuard))
    }

    /// Whether its numbers are of what it would have done: it was a preview or
    /// was held, and nobody has approved it.
    #[must_use]
    pub fn is_shown_only(&self) -> bool {
        let was_held = match self.outcome {
            Some(Outcome::BlockedByGuard) => true,
            // What is dismissed was held.
            Some(Outcome::Cancelled) => !self.held.is_empty(),
            _ => false,
        };
        !self.is_approved && (self.kind == RunKind::Preview || was_held)
    }

    /// Whether what it wrote was put back.
    #[must_use]
    pub fn is_undone(&self) -> bool {
        self.reason.as_deref() == Some(UNDONE)
    }

    /// Whether it is over, and records are otherwise for it.
    #[must_use]
    pub fn has_written(&self) -> bool {
        let counts = self.counts;
        let is_nothing =
            match self.outcome {
                Some(Outcome::Unchanged | Outcome::BlockedByGuard) | None => true,
                // Only one that was stopped while it was written has written some.
                Some(Outcome::Cancelled) => self.rest.is_none(),
                Some(_) => false,
            } || counts.created + counts.changed + counts.withdrawn + counts.republished == 0;
        self.ended.is_some() && self.phase == Phase::Done && !self.is_shown_only() && !is_nothing
    }

    /// The key of a run; later numbers come after.
    #[must_use]
    pub fn key(source: &str, number: u64) -> String {
        format!("{source}\n{number:010}")
    }

    /// The identifier of the public record of the run.
    #[must_use]
    pub fn record(source: &str, number: u64) -> String {
        format!("{source}.{number}")
    }
}

impl Row for Run {
    const TABLE: Table = Table::Run;
}

/// Something that was found wrong in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Where in the work: `fetch`, `extract`, `map`, `validate` or `plan`.
    pub stage: String,
    /// `warning`, `error` or `broken`.
    pub severity: String,
    /// A short constant name.
    pub code: String,
    /// The document.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// Where in it: a line, row, JSON pointer or path.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// What is wrong, as a sentence.
    pub what: String,
    /// What the publisher can do, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// The key of the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What stands there, shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// When the source was first seen to have it.
    #[serde(
        default,
        rename = "firstSeen",
        alias = "first_seen",
        skip_serializing_if = "Option::is_none"
    )]
    pub first_seen: Option<Timestamp>,
    /// In how many runs it was found, this one included; zero when nobody
    /// knows.
    #[serde(default)]
    pub runs: u32,
}

impl Finding {
    /// The key of a finding.
    #[must_use]
    pub fn key(source: &str, run: u64, number: u64) -> String {
        format!("{}{number:08}", Self::keys_of(source, run))
    }

    /// What the keys of all findings of a run begin with.
    #[must_use]
    pub fn keys_of(source: &str, run: u64) -> String {
        format!("{source}\n{run:010}\n")
    }
}

impl Row for Finding {
    const TABLE: Table = Table::Finding;
}

/// Since when a source has had something wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownFinding {
    /// When it was first found.
    pub first_seen: Timestamp,
    /// The run that last found it.
    pub run: u64,
    /// In how many runs it was found.
    pub runs: u32,
}

impl KnownFinding {
    /// What stands after the source in the key of a finding: the same for the
    /// same fault of the same item, or else of the same place in a document.
    #[must_use]
    pub fn key(code: &str, item: Option<&str>, url: &str, at: &str) -> String {
        let place = item.map_or_else(|| format!("{url}\n{at}"), str::to_owned);
        let hash = blake3::hash(format!("{code}\n{place}").as_bytes()).to_hex();
        hash[..32].to_owned()
    }
}

impl Row for KnownFinding {
    const TABLE: Table = Table::KnownFinding;
}
