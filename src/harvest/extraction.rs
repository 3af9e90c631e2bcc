//! What a format gives for a document: drafts of records, where to go on, and
//! problems. Extraction never fails whole: what can't be read costs one draft
//! and says where and why.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use url::Url;

use super::mapping::Mapping;
use crate::model::TermsOfUse;
use crate::record::says_nothing;

/// Everything that was read from one document.
#[derive(Debug, Clone, Default)]
pub struct Extraction {
    /// What the document says of records, in its order.
    pub drafts: Vec<Draft>,
    /// Documents that belong to this one.
    pub follow: Vec<Follow>,
    /// The licences, as they are written, of documents that belong to this one,
    /// by their addresses: those of which it names one.
    pub licences: BTreeMap<Url, String>,
    /// What could not be read, was repaired or was left out.
    pub problems: Vec<Problem>,
    /// How many records the publisher says the whole listing has.
    pub announced: Option<u64>,
    /// Where the next run goes on, for formats that list changes: the address
    /// to ask, opaque.
    pub resume: Option<Url>,
    /// What the document says of itself as a publication.
    pub about: About,
    /// Times of records that other documents of the source may describe.
    pub times: Vec<Time>,
    /// The address by which other documents of the source call a record of this
    /// one, with kind and key of the record and a line break between.
    pub names: Vec<(String, String)>,
    /// Where its fields probably stand, when no mapping said so: what it was
    /// read by.
    pub guessed: Option<Mapping>,
}

/// What one document says of one record.
///
/// Unless [`Draft::writing`] says otherwise, texts may still hold HTML, relative addresses and postcodes in any
/// spelling: one later step cleans all formats alike. Nothing is invented: a
/// field that the document does not give is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The publisher's own key of the record: never a position in the
    /// document.
    pub key: String,
    /// The kind of record: `asset`, `organisation`, `resource` …
    pub kind: String,
    /// The register's identity of the record as `kind/id`, when it is another
    /// register's record; otherwise it is made from the source and the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether the publisher still has it.
    #[serde(default)]
    pub state: State,
    /// When the publisher last changed it, to the letter: a time, or a number
    /// of any length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// Keys and values as in the record's JSON, without `id` and `type`; each
    /// text is in the source's language unless it says `{"en": …}`.
    pub fields: Map<String, Json>,
    /// The publisher's own terms for topics, audiences and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
    /// References to other records of the same source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// The middles of outlines that it says it serves, as nodes of `locations`
    /// with their positions alone: for when nothing else says where it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outlines_served: Vec<Json>,
    /// The terms of its use, where the document says other ones of it than of
    /// everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_terms: Option<TermsOfUse>,
    /// How its texts are written.
    #[serde(default, skip_serializing_if = "Writing::may_be_markup")]
    pub writing: Writing,
    /// Where it stands in the document: a line, row, JSON pointer or path.
    #[serde(default)]
    pub at: String,
    /// The address that relative addresses in it are completed with, when it
    /// is not the document's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Url>,
}

/// How texts are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Writing {
    /// They may be HTML, or have its entities.
    #[default]
    Markup,
    /// They are what they say: `<` is a sign.
    Plain,
}

impl Writing {
    /// Whether they may be HTML.
    #[must_use]
    pub fn may_be_markup(&self) -> bool {
        *self == Self::Markup
    }
}

/// Whether a publisher still has a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is published.
    #[default]
    Live,
    /// The publisher says that it is gone.
    Deleted,
}

/// A publisher's own term.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The key of the field that it is for, such as `topics`, `audience`,
    /// `accessibility` or `assetType`.
    pub field: String,
    /// The address or name of the vocabulary that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Its code or address in the vocabulary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What it is called.
    pub label: String,
}

/// A reference to another record of the same source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The key of the field, such as `provider`.
    pub field: String,
    /// The kind of the other record.
    pub kind: String,
    /// The publisher's key of the other record.
    pub key: String,
}

/// One time of a record which another document describes: a session of a
/// series.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Time {
    /// The publisher's own key of it.
    pub key: String,
    /// The address of the record; empty when it only says that it is gone.
    pub of: String,
    /// The day, and the time when there is one, for their order.
    pub start: String,
    /// When it is, as a node of `schedule`; `None` when it is no more.
    pub node: Option<Json>,
}

/// A document that belongs to the one that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// Its address, complete.
    pub url: Url,
    /// How it belongs.
    pub role: Role,
    /// Name of its format, when that is known.
    pub format: Option<&'static str>,
}

/// How a document belongs to the one that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The next page of the same listing.
    Next,
    /// The same, if there is one: the publisher doesn't say so.
    Perhaps,
    /// A part of the listing: a page of a sitemap, a file of a catalogue.
    Part,
    /// The whole of a record which the listing has in short, by its key; what
    /// it says replaces the draft of the listing.
    Detail(String),
}

impl Role {
    /// Whether it is a further page of the same listing.
    #[must_use]
    pub fn is_next(&self) -> bool {
        matches!(self, Self::Next | Self::Perhaps)
    }
}

/// What a document says of itself as a publication.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// What it is called.
    pub title: Option<String>,
    /// Address of its licence.
    pub licence: Option<String>,
    /// How it wants to be credited.
    pub attribution: Option<String>,
    /// Its language as a BCP 47 tag.
    pub language: Option<String>,
    /// Whether it tells for ever of what it has deleted, when it says so.
    pub tells_deletions: Option<bool>,
    /// How long it asks not to be fetched again (`ttl` of RSS and the like).
    pub refresh_after: Option<Duration>,
    /// The hours (GMT) at which it asks not to be fetched, midnight being 0 or
    /// 24.
    pub skip_hours: Vec<u8>,
    /// The days (GMT) at which it asks the same, Monday being 1.
    pub skip_days: Vec<u8>,
    /// What tells how it credits those whose items it lists from how it did:
    /// when it does otherwise, what it has listed holds no more.
    pub credits: Option<String>,
    /// WebSub hubs that tell of changes.
    pub hubs: Vec<Url>,
    /// The address that it calls its own.
    pub own: Option<Url>,
}

/// Something that was wrong with a document, or with what was read from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A short constant name, such as `bad-date`, by which problems are
    /// counted.
    pub code: String,
    /// Where: a line, row, JSON pointer or path; empty for the whole document.
    pub at: String,
    /// What is wrong, as a sentence, with the value that is.
    pub what: String,
    /// What the publisher can do, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// The key of the record that it costs or touches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What stands there, shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Something was repaired or left out, and nothing is lost.
    Warning,
    /// A record or a field could not be taken.
    Error,
    /// The document could not be read, or not to its end: what it lists is not
    /// all there is, and nothing may be concluded from what is absent.
    Broken,
}

impl Problem {
    /// A problem of `severity` at a place in the document.
    #[must_use]
    pub fn new(
        severity: Severity,
        code: &str,
        at: impl Into<String>,
        what: impl Into<String>,
    ) -> Self {
        let (at, what) = (at.into(), what.into());
        Self { severity, code: code.to_owned(), at, what, advice: None, key: None, excerpt: None }
    }

    /// A repair, or something of no weight that was left out.
    #[must_use]
    pub fn warning(code: &str, at: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, at, what)
    }

    /// What costs a record or a field.
    #[must_use]
    pub fn error(code: &str, at: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, at, what)
    }

    /// What costs the rest of the document.
    #[must_use]
    pub fn broken(code: &str, at: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Severity::Broken, code, at, what)
    }

    /// Whether it costs a record of which nobody can say which one it is: a row
    /// without its key.
    #[must_use]
    pub fn costs_one_unnamed(&self) -> bool {
        let is_row = matches!(&*self.code, "no-key" | "key-too-long" | "bad-row" | "bad-item");
        is_row && self.severity == Severity::Error && self.key.is_none()
    }

    /// With what the publisher can do about it.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// With the key of the record that it costs or touches.
    #[must_use]
    pub fn of(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
}

impl Draft {
    /// A draft of a published record without any field yet.
    #[must_use]
    pub fn new(kind: &str, key: impl Into<String>, at: impl Into<String>) -> Self {
        Self { key: key.into(), kind: kind.to_owned(), at: at.into(), ..Self::default() }
    }

    /// Sets a field, unless `value` is null, an empty text, list or object.
    pub fn set(&mut self, field: &str, value: impl Into<Json>) {
        let value = value.into();
        if !says_nothing(&value) {
            self.fields.insert(field.to_owned(), value);
        }
    }
}
