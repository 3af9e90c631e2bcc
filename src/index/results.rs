//! What a search gives.

use std::sync::Arc;

use jiff::Timestamp;

use super::dictionary::Dictionary;
use super::entry::{Facet, Standing};
use super::record::Record;
use super::state::summary;
use crate::model::Metres;
use crate::model::Revision;

/// The answer to a query, all from one state of the index.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// How many entries were found, on all pages.
    pub total: u64,
    /// The hits of this page, in order.
    pub hits: Vec<Hit>,
    /// Counts of the facets that were asked for, in the order asked.
    pub facets: Vec<FacetCounts>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
    /// The revision of the state that was searched.
    pub revision: Revision,
}

/// An entry that was found.
///
/// It shares the entry with the index, and unpacks the summary only when it is
/// written out: most of what a page costs would otherwise be summaries.
#[derive(Debug, Clone)]
pub struct Hit {
    pub(super) record: Record,
    pub(super) dictionary: Arc<Dictionary>,
    /// The number of the site that was found; zero when it is the entry.
    pub site: usize,
    /// When the entry last changed, to the second.
    pub modified: Timestamp,
    /// Distance of its nearest point from the centre, or of the site; `None`
    /// without a centre or a point.
    pub distance: Option<Metres>,
    /// Why it matched the centre; `None` without a centre.
    pub reason: Option<MatchReason>,
    /// Whether it stands after all others.
    pub standing: Standing,
    /// The blend of [`ranking`](super::ranking) from 0 to 1; 0 without words.
    pub score: f64,
    /// How it came to its rank, if asked.
    pub explanation: Option<Explanation>,
}

impl Hit {
    /// The record's key.
    #[must_use]
    pub fn key(&self) -> &str {
        self.record.key()
    }

    /// The summary that was handed in, unpacked at each call.
    #[must_use]
    pub fn summary(&self) -> Vec<u8> {
        summary(&self.dictionary, &self.record)
    }
}

impl PartialEq for Hit {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
            && self.summary() == other.summary()
            && self.distance == other.distance
            && self.reason == other.reason
            && self.standing == other.standing
            && self.score == other.score
            && self.explanation == other.explanation
    }
}

/// Why an entry matches a centre.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MatchReason {
    /// It has a point nearby, and serves the place or doesn't say.
    Near,
    /// It has no point nearby, and serves this area, the smallest of those
    /// that the query gave first.
    Covers(String),
    /// It can be used online.
    Online,
    /// It neither has a place nor says whom it serves.
    Anywhere,
    /// It has a point, but says that it serves only other areas.
    ServesElsewhere,
}

/// How often each value of a facet occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// The facet.
    pub facet: Facet,
    /// Values and how many of the entries have them, most frequent first,
    /// then by value; none with zero.
    pub counts: Vec<(String, u64)>,
}

/// A name that completes what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The name as it is written.
    pub name: Arc<str>,
    /// The kind of record.
    pub kind: String,
    /// The key of a record of that name and kind: the first by key.
    pub key: Arc<str>,
}

/// How a hit came to its rank.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Each word of the query, with what it found.
    pub words: Vec<WordMatch>,
    /// The part of the text score that comes from words standing together.
    pub phrase: f64,
    /// The text score, from 0 to 1.
    pub text: f64,
    /// Nearness, from 0 to 1: 1 at the centre.
    pub nearness: f64,
    /// The weight of the text score in the blend.
    pub text_weight: f64,
    /// The weight of nearness in the blend.
    pub nearness_weight: f64,
    /// The rank group: lower ones come first, whatever the score.
    pub band: u8,
}

/// What a word of the query found in a hit, where it counts most.
#[derive(Debug, Clone, PartialEq)]
pub struct WordMatch {
    /// The word of the query, folded.
    pub word: String,
    /// The word of the hit, folded, or its stem.
    pub found: String,
    /// The field in which it stands.
    pub field: &'static str,
    /// How it matched: `exact`, `stem`, `prefix` or `typo`.
    pub way: &'static str,
    /// What it adds, from 0 to 1, before the mean over all words.
    pub weight: f64,
}

/// How large the index is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Entries.
    pub records: u64,
    /// Points.
    pub points: u64,
    /// Bytes in memory of entries: keys, names, summaries, terms.
    pub record_bytes: u64,
    /// Bytes in memory of the tree of points.
    pub point_bytes: u64,
    /// Bytes in memory of the bitmaps of facets.
    pub facet_bytes: u64,
    /// Bytes in memory of the vocabulary and of what maps text to records.
    pub text_bytes: u64,
    /// Bytes of the text index on disk (or in memory when there is none).
    pub disk_bytes: u64,
}
