//! Links: how each address is that records point to, once however many do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Moved, Row, Table};
use crate::model::Revision;
use crate::record::RecordId;

/// Bytes of an address in a key; longer ones are shortened to a hash.
const LONGEST_KEY: usize = 500;

/// How an address is that records point to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// The address, normalised.
    pub url: String,
    /// How it is.
    pub state: LinkState,
    /// Since when it is so.
    pub since: Timestamp,
    /// When it was last asked; `None` when it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Timestamp>,
    /// When it is asked next.
    pub due: Timestamp,
    /// A short constant name of what is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What is wrong, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where it says that it is for good, in how many checks, since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
    /// What speaks for its being dead.
    #[serde(default)]
    pub failures: Failures,
    /// When its page was last looked at, not only asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked: Option<Timestamp>,
    /// A copy of it in a web archive, as a record gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<String>,
    /// Its states before, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<LinkChange>,
}

/// How an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkState {
    /// It was not asked yet.
    Unknown,
    /// It answers.
    Alive,
    /// It answers, and says that it is elsewhere for good.
    Redirected,
    /// It does not answer, not yet for long enough to be dead; or it answers
    /// with what seems to be an excuse.
    Suspect,
    /// It has not answered for weeks.
    Dead,
    /// It does not let programs in.
    Blocked,
}

/// Failures of an address since it last answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failures {
    /// Days on which it failed.
    pub days: u32,
    /// Those of them on which it was certain: gone for ever, or the host does
    /// not exist.
    pub certain: u32,
    /// The first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Timestamp>,
    /// The last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
}

/// A state that an address came into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkChange {
    /// When.
    pub at: Timestamp,
    /// Which.
    pub state: LinkState,
    /// A short constant name of why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl LinkState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Unknown, Self::Alive, Self::Redirected, Self::Suspect, Self::Dead, Self::Blocked];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Alive => "alive",
            Self::Redirected => "redirected",
            Self::Suspect => "suspect",
            Self::Dead => "dead",
            Self::Blocked => "blocked",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl Link {
    /// An address that was not asked yet, and is to be at `due`.
    #[must_use]
    pub fn new(url: &str, now: Timestamp, due: Timestamp) -> Self {
        Self {
            url: url.to_owned(),
            state: LinkState::Unknown,
            since: now,
            checked: None,
            due,
            code: None,
            reason: None,
            moved: None,
            failures: Failures::default(),
            looked: None,
            archived: None,
            history: Vec::new(),
        }
    }

    /// The key of a normalised address: those of one host stand together.
    #[must_use]
    pub fn key(url: &str) -> String {
        let host = host(url);
        if url.len() > LONGEST_KEY {
            return format!("{host}\n{}", blake3::hash(url.as_bytes()).to_hex());
        }
        format!("{host}\n{url}")
    }

    /// The host, with its port where that is not the usual one.
    #[must_use]
    pub fn host(&self) -> &str {
        host(&self.url)
    }
}

/// What stands between the scheme and the path of a normalised address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

impl Row for Link {
    const TABLE: Table = Table::Link;
}

/// The place of a link in the order in which links are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkDue;

impl LinkDue {
    /// The key of the place of a link, by the link's key.
    #[must_use]
    pub fn key(due: Timestamp, link: &str) -> String {
        format!("{:012}\n{link}", due.as_second().max(0))
    }

    /// The time and the key of the link, of the key of its place.
    #[must_use]
    pub fn read(key: &str) -> Option<(Timestamp, &str)> {
        let (due, link) = key.split_once('\n')?;
        Some((Timestamp::from_second(due.parse().ok()?).ok()?, link))
    }
}

impl Row for LinkDue {
    const TABLE: Table = Table::LinkDue;
}

/// The place of a link among those of its state, which the report walks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkInState;

impl LinkInState {
    /// The key of the place of a link, by the link's key.
    #[must_use]
    pub fn key(state: LinkState, link: &str) -> String {
        format!("{}\n{link}", state.name())
    }
}

impl Row for LinkInState {
    const TABLE: Table = Table::LinkInState;
}

/// That a record points to an address, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// JSON pointers of the places, each with the source that says it.
    pub at: Vec<CitedAt>,
}

/// Where in a record an address stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CitedAt {
    /// JSON pointer.
    pub pointer: String,
    /// The source that says it.
    pub source: String,
}

impl Citation {
    /// The key of a record's citation, by the key of the link.
    #[must_use]
    pub fn key(link: &str, record: &RecordId) -> String {
        format!("{link}\n{record}")
    }

    /// The record of a citation, of its key.
    #[must_use]
    pub fn record(key: &str) -> Option<RecordId> {
        key.rsplit_once('\n')?.1.parse().ok()
    }
}

impl Row for Citation {
    const TABLE: Table = Table::Citation;
}

/// All addresses that a record points to; the key is the record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// The addresses, normalised, in order.
    pub urls: Vec<String>,
}

impl Row for Cited {
    const TABLE: Table = Table::Cited;
}

/// Up to which revision the links of records are known; one row, with
/// [`LinkMark::KEY`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkMark {
    /// The revision.
    pub revision: Revision,
}

impl LinkMark {
    /// The key of the one row.
    pub const KEY: &str = "collected";
}

impl Row for LinkMark {
    const TABLE: Table = Table::LinkMark;
}

/// Whether a host says so when it has not got a page; the key is scheme, host
/// and port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkHost {
    /// When it was tried with an address that nobody has.
    pub tried: Timestamp,
    /// Whether it said that there is no such page.
    pub is_honest: bool,
}

impl Row for LinkHost {
    const TABLE: Table = Table::LinkHost;
}
