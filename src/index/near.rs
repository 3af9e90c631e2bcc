//! Being near a place, serving it, and what comes first.
//!
//! The rule of ALISS (contract of geography, 4.1), as it was meant: found is
//! what serves the place or has a point within the radius. What has a point
//! but says that it serves only other areas is kept, marked, and put last.
//!
//! | band | what | within it |
//! |---|---|---|
//! | 0 | has a point, serves the place or doesn't say | by distance |
//! | 1 | no point, serves the place | by name |
//! | 2 | no point, online | by name |
//! | 3 | no point, doesn't say | by name |
//! | 4 | has a point, serves only elsewhere | by distance |
//! | 5 | no point, serves only elsewhere | by name |
//!
//! Sorted by relevance, only 4 and 5 are told from the rest.

use roaring::RoaringBitmap;

use super::bits::Bits;
use super::conditions::Passing;
use super::entry::Facet;
use super::query::{Centre, OnlineToo, Sort};
use super::records::Records;
use super::results::MatchReason;
use super::tree::Unit;
use crate::model::Metres;

/// The bands of what has a point, when what is nearest comes first.
pub(super) const BY_DISTANCE: [u8; 2] = [0, 4];

/// A centre, looked up in one state.
pub(super) struct Near<'a> {
    records: &'a Records,
    centre: &'a Centre,
    unit: Unit,
    /// The square of the chord under the radius.
    limit: Option<f64>,
    /// Who serves the areas of the centre.
    areas: Vec<(&'a str, &'a RoaringBitmap)>,
}

impl<'a> Near<'a> {
    /// Looks up `centre`.
    pub(super) fn new(records: &'a Records, centre: &'a Centre) -> Self {
        let areas = centre
            .areas
            .iter()
            .filter_map(|code| Some((code.as_str(), records.with(Facet::Serves, code)?)))
            .collect();
        Self {
            records,
            centre,
            unit: centre.point.to_unit_vector(),
            limit: centre.within.map(Metres::to_squared_chord),
            areas,
        }
    }

    /// The centre as a vector.
    pub(super) const fn unit(&self) -> Unit {
        self.unit
    }

    /// The square of the chord under the radius, if there is one.
    pub(super) const fn limit(&self) -> Option<f64> {
        self.limit
    }

    /// Whether the entry says that it serves the centre.
    pub(super) fn is_served_by(&self, slot: u32) -> bool {
        self.areas.iter().any(|(_, slots)| slots.contains(slot))
    }

    /// Whether the entry says that it serves only other areas.
    pub(super) fn is_elsewhere(&self, slot: u32) -> bool {
        self.records.stated.contains(slot) && !self.is_served_by(slot)
    }

    /// The square of the chord to the entry's nearest point.
    pub(super) fn squared_chord(&self, slot: u32) -> Option<f64> {
        self.records.squared_chord(slot, self.unit)
    }

    /// A number that sorts those of one score, where `squared` is the square of
    /// the chord to the nearest point: without a point, but for the centre or
    /// online, then from the nearest to the furthest, then what else has no
    /// point. See [`ranking`](super::ranking).
    pub(super) fn tie(&self, slot: u32, squared: Option<f64>) -> u64 {
        match squared {
            Some(squared) => squared.to_bits(),
            None if self.is_served_by(slot) || self.records.online.contains(slot) => 0,
            None => u64::MAX,
        }
    }

    /// Whether the entry has a point within the radius whose square is `limit`.
    pub(super) fn is_within(&self, slot: u32, limit: f64) -> bool {
        self.squared_chord(slot).is_some_and(|squared| squared <= limit)
    }

    /// The band of an entry; see the module.
    pub(super) fn band(&self, slot: u32, sort: Sort) -> u8 {
        let elsewhere = self.is_elsewhere(slot);
        let located = self.records.located.contains(slot);
        match (sort, located, elsewhere) {
            (Sort::Relevance | Sort::Distance, true, true) => 4,
            (Sort::Relevance | Sort::Distance, false, true) => 5,
            (Sort::Distance, false, false) if self.is_served_by(slot) => 1,
            (Sort::Distance, false, false) if self.records.online.contains(slot) => 2,
            (Sort::Distance, false, false) => 3,
            _ => 0,
        }
    }

    /// Why an entry that was found matches, whose nearest point is as far as
    /// `squared`, the square of a chord.
    pub(super) fn reason(&self, slot: u32, squared: Option<f64>) -> MatchReason {
        if self.is_elsewhere(slot) {
            return MatchReason::ServesElsewhere;
        }
        let near = squared.is_some_and(|squared| self.limit.is_none_or(|limit| squared <= limit));
        let covering = || self.areas.iter().find(|(_, slots)| slots.contains(slot));
        if near {
            MatchReason::Near
        } else if let Some((code, _)) = covering() {
            MatchReason::Covers((*code).to_owned())
        } else if self.records.online.contains(slot) {
            MatchReason::Online
        } else {
            MatchReason::Anywhere
        }
    }

    /// All among `slots` that serves the centre, and what is only online if
    /// that was asked for.
    pub(super) fn served(&self, slots: Option<&RoaringBitmap>) -> RoaringBitmap {
        let among = |set: &RoaringBitmap| match slots {
            Some(slots) => set & slots,
            None => set.clone(),
        };
        let mut served = RoaringBitmap::new();
        for (_, slots) in &self.areas {
            served |= among(slots);
        }
        if self.centre.online == OnlineToo::Yes {
            let mut online = among(self.records.online.bitmap());
            online -= self.records.located.bitmap();
            online -= &(self.records.stated.bitmap() - &served);
            served |= online;
        }
        served
    }

    /// All with a point within the radius.
    pub(super) fn within(&self, limit: f64) -> RoaringBitmap {
        let mut found = Found::default();
        self.records.points.within(self.unit, limit, |slot| found.push(slot));
        found.into_bitmap()
    }

    /// Those of `slots` with a point within the radius.
    pub(super) fn within_of(&self, slots: &RoaringBitmap, limit: f64) -> RoaringBitmap {
        let mut found = Found::default();
        self.records.points.within(self.unit, limit, |slot| {
            if slots.contains(slot) {
                found.push(slot);
            }
        });
        found.into_bitmap()
    }

    /// How many of what passes serve the centre or have a point within the
    /// radius.
    pub(super) fn count(&self, passing: Passing<'_>, limit: f64) -> u64 {
        let mut served = self.served(passing.slots);
        if let Some(hidden) = passing.hidden() {
            served -= hidden.bitmap();
        }
        let only_online = self.centre.online == OnlineToo::Yes;
        // Most say nothing of areas, and then serve none.
        let is_served =
            |slot| (only_online || self.records.stated.contains(slot)) && served.contains(slot);
        let (mut more, mut several) = (0, Vec::new());
        self.records.points.within(self.unit, limit, |slot| {
            if passing.contains(slot) && !is_served(slot) {
                if self.records.has_several_points(slot) {
                    several.push(slot);
                } else {
                    more += 1;
                }
            }
        });
        several.sort_unstable();
        several.dedup();
        served.len() + more + several.len() as u64
    }
}

/// Slots in no order, on their way into a bitmap.
#[derive(Default)]
pub(super) struct Found(Vec<u32>);

impl Found {
    /// Adds a slot.
    pub(super) fn push(&mut self, slot: u32) {
        self.0.push(slot);
    }

    /// All slots, each once.
    pub(super) fn into_bitmap(mut self) -> RoaringBitmap {
        if self.0.len() > 20_000 {
            let mut bits = Bits::default();
            bits.extend(self.0);
            return bits.to_bitmap();
        }
        self.0.sort_unstable();
        self.0.dedup();
        RoaringBitmap::from_sorted_iter(self.0).expect("they have just been sorted")
    }
}
