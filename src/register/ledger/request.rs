//! What people ask the harvester to do. Whoever serves the API writes a
//! request; whoever harvests takes it. So neither needs to know the other.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Row, Table, Trigger};

/// Something that the harvester is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Identifier of the source.
    pub source: String,
    /// What.
    pub kind: RequestKind,
    /// When it was asked.
    pub at: Timestamp,
    /// Who asked: a token's label or a program's name.
    pub by: String,
}

/// What the harvester is asked to do with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// To harvest it now.
    Run,
    /// To find out what a harvest would change.
    Preview,
    /// To read the kept documents once more.
    Replay,
    /// To write what a run is held with, or a preview has shown.
    Approve,
    /// To write what a run is held with, and have the items that are known ones
    /// under other keys keep their records.
    Rekey,
    /// To forget what a run is held with.
    Dismiss,
    /// To stop the run.
    Cancel,
    /// To undo the newest run.
    Undo,
}

impl RequestKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Run,
        Self::Preview,
        Self::Replay,
        Self::Approve,
        Self::Rekey,
        Self::Dismiss,
        Self::Cancel,
        Self::Undo,
    ];

    /// Whether a run begins by it.
    #[must_use]
    pub const fn begins_run(self) -> bool {
        matches!(self, Self::Run | Self::Preview | Self::Replay)
    }
}

/// What the name of whoever asked begins with when a hub did.
const HUB: &str = "hub ";

/// And when the run of another source did.
const SOURCE: &str = "source ";

impl Request {
    /// Who asked, when that is a hub.
    #[must_use]
    pub fn of_hub(hub: &str) -> String {
        format!("{HUB}{hub}")
    }

    /// Who asked, when that is the run of another source.
    #[must_use]
    pub fn of_source(source: &str) -> String {
        format!("{SOURCE}{source}")
    }

    /// Why the run that is asked for is begun.
    #[must_use]
    pub fn trigger(&self) -> Trigger {
        if self.by.starts_with(HUB) {
            Trigger::Hub
        } else if self.by.starts_with(SOURCE) {
            Trigger::Schedule
        } else {
            Trigger::Manual
        }
    }

    /// The key of a request for `source`, which has each kind once.
    #[must_use]
    pub fn key_of(source: &str, kind: RequestKind) -> String {
        format!("{kind:?}\n{source}")
    }

    /// The key of this request.
    #[must_use]
    pub fn key(&self) -> String {
        Self::key_of(&self.source, self.kind)
    }
}

impl Row for Request {
    const TABLE: Table = Table::Request;
}
