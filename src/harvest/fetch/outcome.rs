//! What became of a request.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::harvest::document::Document;
use crate::harvest::dump::Dump;

use super::error::FetchError;
use super::request::Validators;

/// What became of a request.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It came.
    Fetched(Box<Fetched>),
    /// It is as it was when its validators were given.
    NotModified(NotModified),
    /// It did not come, or something else did.
    Failed(Failure),
}

/// A document that came, and all that came with it.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The document, or the head of one that lies on the disk.
    pub document: Document,
    /// Where it lies, when it is too large for the memory: only a request that
    /// names a place for it gets one ([`Request::spool`](super::Request::spool))
    pub dump: Option<Dump>,
    /// The status of the answer.
    pub status: u16,
    /// What to ask with the next time. To be kept only once the document was
    /// read and what it says is committed.
    pub validators: Validators,
    /// Whether the body is the one of the validators that were asked with,
    /// though the server did not say so.
    pub is_same: bool,
    /// The redirects that led to it.
    pub hops: Vec<Hop>,
    /// How long the server says it will not change.
    pub fresh_for: Option<Duration>,
    /// The `Link` headers, complete.
    pub links: Vec<HeaderLink>,
    /// What the server's clock said.
    pub server_date: Option<Timestamp>,
    /// What it took.
    pub effort: Effort,
}

/// A document that has not changed.
#[derive(Debug, Clone)]
pub struct NotModified {
    /// The redirects that led to it.
    pub hops: Vec<Hop>,
    /// How long the server says it will not change.
    pub fresh_for: Option<Duration>,
    /// What the server's clock said.
    pub server_date: Option<Timestamp>,
    /// What it took.
    pub effort: Effort,
}

/// A request that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Why.
    pub error: FetchError,
    /// The redirects that led there.
    pub hops: Vec<Hop>,
    /// What it took.
    pub effort: Effort,
}

/// A redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Who sent it.
    pub from: Url,
    /// Where to.
    pub to: Url,
    /// Its status.
    pub status: u16,
}

impl Hop {
    /// Whether it says that the old address is no longer to be used.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        matches!(self.status, 301 | 308)
    }
}

/// A link from the header of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderLink {
    /// Its relation in lower case, such as `hub` or `next`.
    pub rel: String,
    /// Its address, complete.
    pub url: Url,
}

/// What a request took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Requests that were sent, for robots.txt too.
    pub requests: u32,
    /// Bytes of bodies, as they came over the wire.
    pub wire_bytes: u64,
}

impl Outcome {
    /// What it took.
    #[must_use]
    pub fn effort(&self) -> Effort {
        match self {
            Self::Fetched(fetched) => fetched.effort,
            Self::NotModified(not_modified) => not_modified.effort,
            Self::Failed(failure) => failure.effort,
        }
    }

    /// The redirects that led there.
    #[must_use]
    pub fn hops(&self) -> &[Hop] {
        match self {
            Self::Fetched(fetched) => &fetched.hops,
            Self::NotModified(not_modified) => &not_modified.hops,
            Self::Failed(failure) => &failure.hops,
        }
    }
}

impl Fetched {
    /// How many bytes the body has.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.dump.as_ref().map_or(self.document.bytes.len() as u64, Dump::length)
    }

    /// The first link of the header with this relation.
    #[must_use]
    pub fn link(&self, rel: &str) -> Option<&Url> {
        self.links.iter().find(|link| link.rel == rel).map(|link| &link.url)
    }
}
