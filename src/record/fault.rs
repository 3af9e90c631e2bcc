//! What is wrong with a record, and where.

use std::fmt;

use serde::Serialize;

/// One thing that is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where: a JSON pointer (RFC 6901), empty for the whole record.
    pub pointer: String,
    /// What is wrong, and what would be right; a sentence without a full stop.
    pub detail: String,
    /// Of a value in a list without an order, to which `pointer` leads: the
    /// value, so that its place can be found in what was sent.
    #[serde(skip)]
    pub(super) value: Option<String>,
}

impl Fault {
    /// A fault at `pointer`.
    #[must_use]
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into(), value: None }
    }

    /// The same, of one value of the list at the pointer: a reference is the
    /// identifier of its record.
    #[must_use]
    pub fn of(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            formatter.write_str(&self.detail)
        } else {
            write!(formatter, "{}: {}", self.pointer, self.detail)
        }
    }
}

/// The place that is being looked at, which is written out only for a fault:
/// most records have none, and each of them has hundreds of places.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pointer<'a> {
    /// The whole record.
    Root,
    /// What stands under a key.
    Key(&'a Self, &'a str),
    /// What stands at a position of a list, the first of which is 0.
    Position(&'a Self, usize),
}

impl fmt::Display for Pointer<'_> {
    /// As a JSON pointer, escaped as RFC 6901 says.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(parent, key) => {
                write!(formatter, "{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
            }
            Self::Position(parent, position) => write!(formatter, "{parent}/{position}"),
        }
    }
}

impl From<&Pointer<'_>> for String {
    fn from(pointer: &Pointer<'_>) -> Self {
        pointer.to_string()
    }
}
