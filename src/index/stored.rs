//! What is kept of an entry on the disk: all but the words, which the text
//! index holds. It borrows from the entry, or from the bytes it is read from.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entry::{Entry, Facet, Online};
use crate::model::AgeRange;
use crate::model::Point;
use crate::model::Schedule;

/// See the module.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored<'a> {
    pub(super) key: &'a str,
    pub(super) name: &'a str,
    pub(super) points: Vec<Point>,
    pub(super) online: Online,
    #[serde(borrow)]
    pub(super) facets: Vec<(Facet, &'a str)>,
    pub(super) ages: Vec<AgeRange>,
    pub(super) opening: Vec<Schedule>,
    pub(super) reviewed: Option<Date>,
    pub(super) added: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) uuid: Option<Uuid>,
    pub(super) sites: Vec<Uuid>,
    pub(super) review_due: Option<Date>,
    /// The summary, packed.
    #[serde(borrow)]
    pub(super) summary: &'a [u8],
    /// The number of the dictionary that it is packed with.
    pub(super) dictionary: u32,
}

impl<'a> Stored<'a> {
    /// What is kept of `entry`, whose summary has been packed with the
    /// dictionary of that number.
    pub(super) fn new(entry: &'a Entry, summary: &'a [u8], dictionary: u32) -> Self {
        let own = entry.facets.iter().map(|(facet, value)| (*facet, value.as_str()));
        let within = entry.within.iter().map(|code| (Facet::Within, code.as_str()));
        let serves = entry.serves.iter().map(|code| (Facet::Serves, code.as_str()));
        let facets = own.chain([(Facet::Kind, entry.kind.as_str())]).chain(within).chain(serves);
        Self {
            key: &entry.key,
            name: &entry.texts.name,
            points: entry.points.clone(),
            online: entry.online,
            facets: facets.collect(),
            ages: entry.ages.clone(),
            opening: entry.opening.clone(),
            reviewed: entry.reviewed,
            added: entry.added,
            modified: entry.modified,
            uuid: entry.uuid,
            sites: entry.sites.clone(),
            review_due: entry.review_due,
            summary,
            dictionary,
        }
    }

    /// As bytes, to be stored with the document.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("an entry is made of what postcard can write")
    }
}
