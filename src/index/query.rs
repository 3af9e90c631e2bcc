//! What can be asked of the index.

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use thiserror::Error;

use super::entry::Facet;
use super::polygon::Polygon;
use super::troubles::LinkTrouble;
use crate::model::AgeRange;
use crate::model::BoundingBox;
use crate::model::Metres;
use crate::model::Moment;
use crate::model::Point;
use crate::model::Schedule;

/// The most hits that a page may have.
pub const MAXIMUM_LIMIT: usize = 10_000;

/// A search: everything in it must hold at once. The default finds all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// Words that must all be found; stop words and punctuation are passed
    /// over, and a text without any other word asks for nothing.
    pub text: String,
    /// The place to be near to.
    pub centre: Option<Centre>,
    /// The region to be in.
    pub region: Option<Region>,
    /// Kinds of record, any of them; empty is every kind.
    pub kinds: Vec<String>,
    /// Facets; all of them must hold.
    pub filters: Vec<Filter>,
    /// Facets; none of them may hold.
    pub without: Vec<Filter>,
    /// Only records with these keys, in any order; `None` leaves none out.
    pub only: Option<Vec<String>>,
    /// An age in years. What states no ages is for every age.
    pub age: Option<u8>,
    /// A moment at which it is open. What states no times is not known to be
    /// open, and is left out.
    pub open_at: Option<Moment>,
    /// Ages between which those that it is meant for must lie, at each end
    /// that is given; what states nothing there is left out.
    pub ages_within: Option<AgeRange>,
    /// Hours between which it must begin and end.
    pub hours: Option<Hours>,
    /// The moment at or after which it must have changed.
    pub changed_since: Option<Timestamp>,
    /// Areas of which it must serve one, if it says at all what it serves;
    /// empty asks nothing.
    pub serving: Vec<String>,
    /// What is counted and given: entries, or each of their sites.
    pub unit: HitUnit,
    /// The day on which reviews are overdue or not; without one none is. A
    /// cursor goes on with the day of its first page.
    pub today: Option<Date>,
    /// The order; by default [`Query::order`].
    pub sort: Option<Sort>,
    /// Which hits to give.
    pub page: Page,
    /// Facets to count over all that was found.
    pub facets: Vec<Facet>,
    /// Whether each hit explains itself.
    pub explain: Explain,
    /// Whether entries are found for which others stand.
    pub duplicates: Duplicates,
    /// Only what has links as bad as this, or worse.
    pub links: Option<LinkTrouble>,
}

/// Whether entries are found for which others stand, because both are of one
/// thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// Only what stands for itself, so that a thing is found once.
    #[default]
    Hidden,
    /// All entries.
    Shown,
}

/// Hours of a regular time; what is not given holds for all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hours {
    /// The day of the week on which it takes place.
    pub weekday: Option<Weekday>,
    /// The time of day at or after which it begins.
    pub from: Option<Time>,
    /// The time of day at or before which it ends.
    pub until: Option<Time>,
}

/// What a hit is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HitUnit {
    /// An entry.
    #[default]
    Entry,
    /// A site of an entry: each comes alone, with its own distance and sorted
    /// by it, and within a radius only if it lies there itself, whatever its
    /// entry serves. What has no site is left out. These have no cursors.
    Site,
}

/// A place to be near to.
///
/// With `within`, found is what serves the place (area codes), has a point
/// within the distance, or (if asked) is online. Without, nothing is left
/// out, and distance only orders.
#[derive(Debug, Clone, PartialEq)]
pub struct Centre {
    /// The position from which distances are taken.
    pub point: Point,
    /// How far away is near.
    pub within: Option<Metres>,
    /// Codes of the areas in which the position lies, country included.
    pub areas: Vec<String>,
    /// Whether what is online and has no place is found as well.
    pub online: OnlineToo,
}

/// Whether what is online counts as near.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnlineToo {
    /// Only what serves the place or is near.
    #[default]
    No,
    /// Also what can be used from anywhere.
    Yes,
}

/// A region: at least one point must lie in it.
#[derive(Debug, Clone, PartialEq)]
pub enum Region {
    /// A box of latitudes and longitudes.
    Box(BoundingBox),
    /// A polygon.
    Polygon(Polygon),
    /// Areas by code.
    Areas {
        /// Found is what has a point in any of these,
        within: Vec<String>,
        /// or says that it serves any of these.
        serving: Vec<String>,
    },
}

/// Values of a facet, any of which will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The facet.
    pub facet: Facet,
    /// The values; none finds nothing.
    pub any_of: Vec<String>,
}

/// An order of hits. Deprioritised ones come last in each; the key decides
/// between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Best first: words and nearness together.
    Relevance,
    /// Nearest first, of equally near ones the best; without a centre by name.
    Distance,
    /// By name, accents and case aside.
    Name,
    /// Latest review first, what was never reviewed last.
    Reviewed,
    /// Latest added first.
    Added,
    /// By what stands behind the slash of the key, which no change moves.
    Key,
}

/// A part of the hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many hits, up to [`MAXIMUM_LIMIT`]; more is cut to that.
    pub limit: usize,
    /// Where the page starts.
    pub start: Start,
}

/// Where a page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// After so many hits.
    Offset(usize),
    /// After the last hit of the page that gave this cursor.
    After(String),
}

/// Whether hits explain themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Explain {
    /// They don't.
    #[default]
    No,
    /// Each has an explanation.
    Yes,
}

/// Why a query has no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The cursor was made by another query, or was tampered with.
    #[error("`{0}` is not a cursor of this query")]
    Cursor(String),
    /// The words can't be read from the disk.
    #[error("the text index can't be read")]
    Text(#[source] tantivy::TantivyError),
}

impl Default for Page {
    /// The first twenty.
    fn default() -> Self {
        Self { limit: 20, start: Start::Offset(0) }
    }
}

impl Hours {
    /// Whether `schedule` takes place then.
    pub(super) fn hold(self, schedule: &Schedule) -> bool {
        self.weekday.is_none_or(|weekday| schedule.is_on(weekday))
            && self.from.is_none_or(|from| schedule.start_time.is_some_and(|start| start >= from))
            && self.until.is_none_or(|until| schedule.end_time.is_some_and(|end| end <= until))
    }
}

impl Query {
    /// The order that applies: the one asked for, or else relevance for
    /// words, distance for a centre, and name for neither.
    #[must_use]
    pub fn order(&self) -> Sort {
        match (self.sort, &self.centre) {
            (Some(Sort::Distance) | None, None) if self.text.trim().is_empty() => Sort::Name,
            (Some(Sort::Distance), None) => Sort::Name,
            (Some(sort), _) => sort,
            (None, Some(_)) if self.text.trim().is_empty() => Sort::Distance,
            (None, _) => Sort::Relevance,
        }
    }
}

impl From<tantivy::TantivyError> for QueryError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Text(error)
    }
}

impl From<std::io::Error> for QueryError {
    fn from(error: std::io::Error) -> Self {
        Self::Text(error.into())
    }
}
