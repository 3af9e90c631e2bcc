//! The tables, and how their rows are written.

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::journal::{JournalError, Note};

/// A table of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// State of each source; the key is the source.
    Source,
    /// What is known of each item of a source: source, kind, key.
    Item,
    /// What a source no longer lists: source, record.
    Missing,
    /// Runs: source, number.
    Run,
    /// What was found wrong in a run: source, run, number.
    Finding,
    /// Since when a source has had something wrong: source, hash.
    KnownFinding,
    /// Items that are not to be taken: source, hash of the item.
    Suppressed,
    /// Where the secrets are that sources want: source, header.
    Credential,
    /// Of which alerts people were told: source, code.
    Told,
    /// What our own hub was told of changes; the key is the hub.
    HubMark,
    /// What is known of each document: source, address.
    Page,
    /// By what a document is read whose columns were guessed: source, address.
    Guess,
    /// Sessions that are told apart from their series: source, address of the
    /// series.
    Series,
    /// Of which series a session is: source, key of the session.
    SessionOf,
    /// Documents that a run has still to fetch: source, number.
    Queue,
    /// What a run will write: source, kind, key.
    Staged,
    /// Documents as they came: source, address.
    Raw,
    /// What hosts say to robots: scheme, host and port.
    Robots,
    /// Hosts that are left alone, since they have asked for it; the key is the
    /// host.
    Rest,
    /// What people asked the harvester to do: kind, source.
    Request,
    /// Addresses at which people want to know what can be harvested: whether
    /// that is known, hash of the address.
    Discovery,
    /// What waits for an editor: kind, key.
    Review,
    /// What editors decided: kind, key.
    Decision,
    /// How each address is that records point to: host, address.
    Link,
    /// The order in which addresses are asked: time, host, address.
    LinkDue,
    /// The addresses of each state: state, host, address.
    LinkInState,
    /// Which records point to an address: host, address, record.
    Citation,
    /// Which addresses a record points to; the key is the record.
    Cited,
    /// Up to where the links of records are known.
    LinkMark,
    /// Whether a host says so when it has not got a page.
    LinkHost,
    /// Subscriptions to hubs; the key is the secret part of the address to
    /// which a hub delivers.
    Subscription,
}

impl Table {
    /// Its name in the journal's private tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "harvest.source",
            Self::Item => "harvest.item",
            Self::Missing => "harvest.missing",
            Self::Run => "harvest.run",
            Self::Finding => "harvest.finding",
            Self::KnownFinding => "harvest.known-finding",
            Self::Suppressed => "harvest.suppressed",
            Self::Credential => "harvest.credential",
            Self::Told => "harvest.told",
            Self::HubMark => "harvest.hub-mark",
            Self::Page => "harvest.page",
            Self::Guess => "harvest.guess",
            Self::Series => "harvest.series",
            Self::SessionOf => "harvest.session-of",
            Self::Queue => "harvest.queue",
            Self::Staged => "harvest.staged",
            Self::Raw => "harvest.raw",
            Self::Robots => "harvest.robots",
            Self::Rest => "harvest.rest",
            Self::Request => "harvest.request",
            Self::Discovery => "harvest.discovery",
            Self::Review => "harvest.review",
            Self::Decision => "harvest.decision",
            Self::Link => "harvest.link",
            Self::LinkDue => "harvest.link-due",
            Self::LinkInState => "harvest.link-in-state",
            Self::Citation => "harvest.citation",
            Self::Cited => "harvest.cited",
            Self::LinkMark => "harvest.link-mark",
            Self::LinkHost => "harvest.link-host",
            Self::Subscription => "harvest.subscription",
        }
    }

    /// The note that forgets a row.
    #[must_use]
    pub fn forget(self, key: &str) -> Note {
        Note { table: self.name(), key: key.to_owned(), value: None }
    }

    /// The note that keeps bytes as they are.
    #[must_use]
    pub fn put_bytes(self, key: String, bytes: Vec<u8>) -> Note {
        Note { table: self.name(), key, value: Some(bytes) }
    }
}

/// A row of a table.
pub trait Row: Serialize + DeserializeOwned {
    /// Its table.
    const TABLE: Table;

    /// The note that keeps it under `key`.
    fn put(&self, key: impl Into<String>) -> Note {
        let value = serde_json::to_vec(self).expect("rows have texts as keys, and so are JSON");
        Note { table: Self::TABLE.name(), key: key.into(), value: Some(value) }
    }
}

/// Why the ledger can't be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The database failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A row is not what this program writes.
    #[error("the row `{key}` of {table} can't be read: {reason}")]
    Damaged {
        /// Name of the table.
        table: &'static str,
        /// The key.
        key: String,
        /// What is wrong.
        reason: String,
    },
}

pub(super) fn read<T: Row>(table: Table, key: &str, value: &[u8]) -> Result<T, LedgerError> {
    serde_json::from_slice(value).map_err(|error| LedgerError::Damaged {
        table: table.name(),
        key: key.to_owned(),
        reason: error.to_string(),
    })
}
