//! Times of a record that its source tells apart from it: sessions of a series
//! in a feed of their own (`OpenActive`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Row, Table};

/// The sessions of a series, by the address by which they call it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Series {
    /// The ledger key of the record, without the source, when its address
    /// doesn't tell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Hash of the schedule that the record was given; `None` when it was given
    /// none, or has one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// Hash of the sessions that other sources of the publisher have of it, when
    /// its record was last given times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard: Option<String>,
    /// The run that last had something new of it.
    pub run: u64,
    /// The sessions, by the source's key of each.
    pub sessions: BTreeMap<String, Session>,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The day on which it begins, and the time when there is one.
    pub start: String,
    /// When it is, as a node of `schedule`.
    pub node: serde_json::Value,
}

impl Series {
    /// The key of a series, or of the session with the source's key `name`.
    #[must_use]
    pub fn key(source: &str, name: &str) -> String {
        format!("{source}\n{name}")
    }
}

impl Row for Series {
    const TABLE: Table = Table::Series;
}

/// Of which series a session is; the key is that of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionOf {
    /// The address of the series.
    pub series: String,
}

impl Row for SessionOf {
    const TABLE: Table = Table::SessionOf;
}
