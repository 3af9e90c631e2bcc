//! Search: places are resolved by the gazetteer, the rest is the index's.

use jiff::Timestamp;
use thiserror::Error;
use uuid::Uuid;

use super::{Centre, OnlineToo, Query, QueryError, ReadError, Register, Results, Suggestion};
use crate::gazetteer::{Resolution, ResolveError};
use crate::model::{Metres, Point};
use crate::record::RecordId;

/// Where a search looks, in the words of whoever asks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Where {
    /// A postcode, a place, `latitude,longitude` or the code of an area.
    pub near: Option<String>,
    /// How far from there; everything, nearest first, when not said.
    pub within: Option<Metres>,
    /// Whether what is only online counts too.
    pub online: OnlineToo,
}

/// The place near which was searched.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// What the text was taken for.
    pub resolution: Resolution,
}

impl Near {
    /// The centre of the search.
    #[must_use]
    pub fn point(&self) -> Point {
        self.resolution.point
    }

    /// What to show.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.resolution.label
    }
}

/// What a search gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The hits.
    pub results: Results,
    /// The place near which was searched.
    pub near: Option<Near>,
}

/// Why a search can't be answered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The place can't be resolved.
    #[error(transparent)]
    Place(#[from] ResolveError),
    /// The query can't be answered.
    #[error(transparent)]
    Query(#[from] QueryError),
}

impl Register {
    /// Answers `query`, with its centre at `place`.
    ///
    /// # Errors
    ///
    /// [`SearchError::Place`] when the place is malformed, unknown or one of
    /// several; [`SearchError::Query`] when a cursor is not of this query.
    pub fn search(&self, mut query: Query, place: &Where) -> Result<Answer, SearchError> {
        let near = match &place.near {
            Some(text) => Some(Near { resolution: self.gazetteer().resolve(text)? }),
            None => None,
        };
        query.centre = near.as_ref().map(|near| Centre {
            point: near.point(),
            within: place.within,
            areas: near.resolution.areas.iter().map(ToString::to_string).collect(),
            online: place.online,
        });
        Ok(Answer { results: self.index.search(&query)?, near })
    }

    /// Names of records that begin as `prefix` does.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when the text index can't be read.
    pub fn suggest(
        &self,
        prefix: &str,
        kinds: &[String],
        limit: usize,
    ) -> Result<Vec<Suggestion>, QueryError> {
        self.index.suggest(prefix, kinds, limit)
    }

    /// The record with this UUID, where its own identifier is none, and the
    /// number of its location when it is that of what it offers there: see
    /// [`Base::uuid`](crate::record::Base::uuid) and `site_uuid`.
    #[must_use]
    pub fn by_uuid(&self, uuid: Uuid) -> Option<(RecordId, Option<usize>)> {
        let (key, site) = self.index.by_uuid(uuid)?;
        Some((key.parse().ok()?, site))
    }

    /// When what is said of a record last changed, to the second; `None` when
    /// nothing is registered there.
    #[must_use]
    pub fn modified(&self, key: &str) -> Option<Timestamp> {
        self.index.modified(key)
    }

    /// The summary of a record as lists show it, JSON in bytes.
    #[must_use]
    pub fn summary(&self, key: &str) -> Option<Vec<u8>> {
        self.index.get(key)
    }

    /// What the summaries of records lack and some lists show, JSON in bytes,
    /// in the order of `keys`: `summary` (as stated), `description`,
    /// `socialLinks`, `referral`, `media`, `appliesTo` and the findings of a
    /// case study as the record has them, the keys of its `sources`, the first
    /// the most believed, and when it was last `modified`. `None` where nothing is registered.
    ///
    /// # Errors
    ///
    /// [`ReadError::Index`] when the index can't be read.
    pub fn details(&self, keys: &[&str]) -> Result<Vec<Option<Vec<u8>>>, ReadError> {
        Ok(self.index.details(keys)?)
    }
}
