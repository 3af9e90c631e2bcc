//! What the register hands in: one entry for each record, already resolved.
//!
//! Nothing is looked up here: labels, synonyms, ancestors of categories and
//! the areas of points are filled in by whoever makes the entry.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::AgeRange;
use crate::model::Point;
use crate::model::Schedule;

/// What the index knows of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The record's key, such as `asset/0190…`; one entry per key.
    pub key: String,
    /// The kind of record, such as `asset`.
    pub kind: String,
    /// The words by which it is found.
    pub texts: Texts,
    /// Positions of all its locations; none when it has no place.
    pub points: Vec<Point>,
    /// Codes of the areas in which the points lie.
    pub within: Vec<String>,
    /// Codes of the areas that it says it serves; none means not stated.
    pub serves: Vec<String>,
    /// Whether it can be used online.
    pub online: Online,
    /// Values to filter by and to count; topics come with their ancestors.
    pub facets: Vec<(Facet, String)>,
    /// The ages it is meant for; none means every age.
    pub ages: Vec<AgeRange>,
    /// When it is open; none means not known.
    pub opening: Vec<Schedule>,
    /// The day of the last review.
    pub reviewed: Option<Date>,
    /// When the register took it in.
    pub added: Timestamp,
    /// When what any source says of it last changed, to the second.
    pub modified: Timestamp,
    /// A UUID by which it is found too; `None` when the key has one.
    pub uuid: Option<Uuid>,
    /// UUIDs of its sites, by which it is found too: first those of the points,
    /// in their order, then those without a point.
    pub sites: Vec<Uuid>,
    /// The day after which its review is overdue; none means never. Overdue
    /// ones stand after all others.
    pub review_due: Option<Date>,
    /// Opaque bytes (JSON) that are given back with each hit.
    pub summary: Vec<u8>,
    /// Opaque bytes (JSON) of what few lists show, however long: kept on the
    /// disk and not in memory, and given back when they are asked for.
    pub details: Vec<u8>,
}

/// The words of a record, field by field, best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// The name, by which it is also sorted and suggested.
    pub name: String,
    /// Other names; they count as the name does.
    pub alternate_names: Vec<String>,
    /// The short description.
    pub summary: String,
    /// The long description.
    pub description: String,
    /// Labels and synonyms of its categories.
    pub categories: Vec<String>,
    /// Name of the organisation behind it.
    pub organisation: String,
}

/// Whether something can be used without going anywhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Online {
    /// It has to be gone to, or nothing is said.
    #[default]
    No,
    /// It can be used online, by telephone or by post.
    Yes,
}

/// The rank of a record before any other rule, on the day of a search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// Sorted by what was asked.
    #[default]
    Ordinary,
    /// After all ordinary ones: its review is overdue.
    Deprioritised,
}

/// A property to filter by and to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Facet {
    /// The kind of record; filled from [`Entry::kind`].
    Kind,
    /// Area codes of its points; filled from [`Entry::within`].
    Within,
    /// Area codes that it serves; filled from [`Entry::serves`].
    Serves,
    /// The type of an asset.
    AssetType,
    /// The type of a resource.
    ResourceType,
    /// What it is about.
    Topic,
    /// Whom it is for.
    Audience,
    /// What helps people to take part.
    Accessibility,
    /// The language spoken or written (BCP 47).
    Language,
    /// Whether it is free.
    Cost,
    /// In person, remote or both.
    AccessMode,
    /// Third, public, private or community.
    Sector,
    /// Key of the organisation behind it.
    Organisation,
    /// Key of the source that it was harvested from.
    Source,
    /// Active, paused, ended and so on.
    Status,
    /// The scheme of a category.
    Scheme,
    /// The parent of a place or category.
    Parent,
    /// The level of a place.
    Level,
    /// The form of a partnership.
    PartnershipForm,
    /// The stage of a partnership.
    PartnershipStage,
    /// Who owns or edits it.
    Owner,
    /// Key of an organisation that has approved it.
    Clearance,
    /// The key of the entry that stands for it, because both are of one thing.
    /// What has this is hidden unless it is asked for.
    StandsFor,
    /// A source and the terms on which it gives this very entry.
    Terms,
}

/// One change of the index.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Adds the entry, in place of one with the same key.
    Put(Box<Entry>),
    /// Removes the entry with this key, if there is one.
    Remove(String),
}

impl Entry {
    /// An entry with a key, a kind and a name, added at the epoch; all else
    /// is empty.
    #[must_use]
    pub fn new(key: &str, kind: &str, name: &str) -> Self {
        Self {
            key: key.to_owned(),
            kind: kind.to_owned(),
            texts: Texts { name: name.to_owned(), ..Texts::default() },
            points: Vec::new(),
            within: Vec::new(),
            serves: Vec::new(),
            online: Online::No,
            facets: Vec::new(),
            ages: Vec::new(),
            opening: Vec::new(),
            reviewed: None,
            added: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
            uuid: None,
            sites: Vec::new(),
            review_due: None,
            summary: Vec::new(),
            details: Vec::new(),
        }
    }
}
