//! The conditions of a query but for the words: bitmaps of what passes.
//!
//! `None` stands for everything, so that nothing is copied for nothing.

use std::borrow::Cow;

use roaring::RoaringBitmap;

use super::bits::{Bits, Set};
use super::entry::Facet;
use super::facets;
use super::near::{Found, Near};
use super::polygon::Polygon;
use super::query::{Filter, Query, Region};
use super::record::Record;
use super::records::Records;
use super::results::FacetCounts;
use super::state::State;
use crate::model::BoundingBox;
use crate::model::Point;

/// Up to so many entries are looked at one by one.
pub(super) const FEW: u64 = 20_000;

/// Up to so many are looked at one by one for their place.
const FEWER: u64 = 5_000;

/// What passes the conditions that are bitmaps, to look slots up in.
#[derive(Clone, Copy)]
pub(super) struct Passing<'a> {
    /// As a bitmap; `None` is everything.
    pub(super) slots: Option<&'a RoaringBitmap>,
    /// The same as bits, when it is nothing but a kind.
    bits: Option<&'a Bits>,
    /// What does not pass, whatever it is.
    hidden: Option<&'a Set>,
}

impl<'a> Passing<'a> {
    /// What passes `query`, which is `slots`.
    pub(super) fn new(
        records: &'a Records,
        query: &Query,
        slots: Option<&'a RoaringBitmap>,
    ) -> Self {
        let is_plain = query.filters.is_empty()
            && query.without.is_empty()
            && query.serving.is_empty()
            && query.only.is_none()
            && query.links.is_none();
        let bits = match (&*query.kinds, &query.region) {
            ([kind], None) if is_plain => records.terms.of_kind(kind),
            _ => None,
        };
        Self { slots, bits, hidden: records.hidden_from(query) }
    }

    /// Whether `slot` passes.
    #[inline]
    pub(super) fn contains(&self, slot: u32) -> bool {
        if self.hidden.is_some_and(|hidden| hidden.contains(slot)) {
            return false;
        }
        match (self.bits, self.slots) {
            (Some(bits), _) => bits.contains(slot),
            (None, Some(slots)) => slots.contains(slot),
            (None, None) => true,
        }
    }

    /// What does not pass, whatever else it is.
    pub(super) const fn hidden(&self) -> Option<&'a Set> {
        self.hidden
    }

    /// How many pass of `all`.
    pub(super) fn len(&self, all: u64) -> u64 {
        self.slots.map_or(all, RoaringBitmap::len)
    }
}

/// See [`Index::counts`](super::Index::counts).
pub(super) fn counts(state: &State, facet: Facet, filters: &[Filter]) -> FacetCounts {
    let records = &state.records;
    let slots = match (filtered(records, filters), records.folded()) {
        (Some(slots), Some(folded)) => Some(Cow::Owned(&*slots - folded.bitmap())),
        (None, Some(_)) => Some(Cow::Borrowed(records.shown().bitmap())),
        (slots, None) => slots,
    };
    facets::count(records, &[facet], slots.as_deref()).swap_remove(0)
}

/// What passes all filters, hidden or not; `None` when there are none.
pub(super) fn filtered<'a>(
    records: &'a Records,
    filters: &[Filter],
) -> Option<Cow<'a, RoaringBitmap>> {
    let mut passed = None;
    for Filter { facet, any_of } in filters {
        passed = Some(and(passed, any(records, *facet, any_of)));
    }
    passed
}

/// What has any of the values.
fn any<'a>(records: &'a Records, facet: Facet, values: &[String]) -> Cow<'a, RoaringBitmap> {
    let mut found = values.iter().filter_map(|value| records.with(facet, value));
    let Some(first) = found.next() else { return Cow::Owned(RoaringBitmap::new()) };
    found.fold(Cow::Borrowed(first), |all, slots| Cow::Owned(&*all | slots))
}

fn and<'a>(
    known: Option<Cow<'a, RoaringBitmap>>,
    other: Cow<'a, RoaringBitmap>,
) -> Cow<'a, RoaringBitmap> {
    match known {
        Some(known) => Cow::Owned(&*known & &*other),
        None => other,
    }
}

/// What passes the conditions that are bitmaps already.
pub(super) fn filter<'a>(records: &'a Records, query: &Query) -> Option<Cow<'a, RoaringBitmap>> {
    let mut passed = filtered(records, &query.filters);
    if let Some(keys) = &query.only {
        let slots = keys.iter().filter_map(|key| records.slot(key)).collect();
        passed = Some(and(passed, Cow::Owned(slots)));
    }
    if !query.kinds.is_empty() {
        passed = Some(and(passed, any(records, Facet::Kind, &query.kinds)));
    }
    for Filter { facet, any_of } in &query.without {
        let all = passed.unwrap_or(Cow::Borrowed(records.live.bitmap()));
        passed = Some(Cow::Owned(&*all - &*any(records, *facet, any_of)));
    }
    if !query.serving.is_empty() {
        let elsewhere = records.stated.bitmap() - &*any(records, Facet::Serves, &query.serving);
        let all = passed.unwrap_or(Cow::Borrowed(records.live.bitmap()));
        passed = Some(Cow::Owned(&*all - elsewhere));
    }
    let passed = match &query.region {
        Some(Region::Areas { within, serving }) => {
            let within = any(records, Facet::Within, within);
            let serving = any(records, Facet::Serves, serving);
            Some(and(passed, Cow::Owned(&*within | &*serving)))
        }
        _ => passed,
    };
    let passed = match query.links {
        Some(trouble) => Some(and(passed, Cow::Borrowed(records.troubles.with(trouble)))),
        None => passed,
    };
    match (passed, records.hidden_from(query)) {
        (Some(passed), Some(hidden)) => Some(Cow::Owned(&*passed - hidden.bitmap())),
        (passed, _) => passed,
    }
}

/// `found` without what `query` must not find.
fn without_hidden(records: &Records, query: &Query, found: RoaringBitmap) -> RoaringBitmap {
    match records.hidden_from(query) {
        Some(hidden) => found - hidden.bitmap(),
        None => found,
    }
}

/// What of `slots` has a point in the box or polygon.
pub(super) fn in_region(
    records: &Records,
    query: &Query,
    slots: Option<RoaringBitmap>,
) -> Option<RoaringBitmap> {
    let (bounds, polygon): (BoundingBox, Option<&Polygon>) = match &query.region {
        Some(Region::Box(bounds)) => (*bounds, None),
        Some(Region::Polygon(polygon)) => (polygon.bounds(), Some(polygon)),
        _ => return slots,
    };
    let holds = |point: Point| match polygon {
        Some(polygon) => polygon.contains(point),
        None => bounds.contains(point),
    };
    let any = |slot: u32| {
        let record = records.at(slot);
        record.is_some_and(|record| record.points().any(holds))
    };
    match slots {
        Some(slots) if slots.len() <= FEW => Some(retain(&slots, any)),
        slots => {
            let mut found = Found::default();
            let (centre, limit) = cover(bounds);
            records.points.within(centre.to_unit_vector(), limit, |slot| {
                found.push(slot);
            });
            let candidates = found.into_bitmap();
            let candidates = match slots {
                Some(slots) => slots & candidates,
                None => without_hidden(records, query, candidates),
            };
            Some(retain(&candidates, any))
        }
    }
}

/// What of `slots` the centre with its radius finds.
pub(super) fn near_centre(
    records: &Records,
    query: &Query,
    near: Option<&Near<'_>>,
    slots: Option<RoaringBitmap>,
) -> Option<RoaringBitmap> {
    let Some((near, limit)) = near.and_then(|near| Some((near, near.limit()?))) else {
        return slots;
    };
    let served = near.served(slots.as_ref());
    match slots {
        Some(slots) if slots.len() <= FEWER => {
            let rest = slots - &served;
            Some(served | retain(&rest, |slot| near.is_within(slot, limit)))
        }
        Some(slots) => Some(served | near.within_of(&slots, limit)),
        None => Some(without_hidden(records, query, served | near.within(limit))),
    }
}

/// What of `slots` changed late enough, is for the ages, and open at the
/// moment or between the hours.
pub(super) fn by_entry(
    records: &Records,
    query: &Query,
    slots: Option<RoaringBitmap>,
) -> Option<RoaringBitmap> {
    let slots = match query.changed_since {
        None => slots,
        Some(since) => {
            let all = slots.as_ref().unwrap_or(records.found_by(query).bitmap());
            Some(retain(all, |slot| records.modified(slot) >= since))
        }
    };
    let Query { age, open_at, ages_within, hours, .. } = query;
    if age.is_none() && open_at.is_none() && ages_within.is_none() && hours.is_none() {
        return slots;
    }
    let passes = |record: &Record| {
        let (ages, opening) = record.times();
        age.is_none_or(|age| ages.is_empty() || ages.iter().any(|ages| ages.contains(age)))
            && ages_within.is_none_or(|bounds| ages.iter().any(|ages| bounds.encloses(*ages)))
            && open_at.is_none_or(|moment| opening.iter().any(|schedule| schedule.is_open(moment)))
            && hours.is_none_or(|hours| opening.iter().any(|schedule| hours.hold(schedule)))
    };
    let slots = slots.as_ref().unwrap_or(records.found_by(query).bitmap());
    Some(retain(slots, |slot| records.at(slot).is_some_and(passes)))
}

/// Those of `slots` that pass.
fn retain(slots: &RoaringBitmap, passes: impl Fn(u32) -> bool) -> RoaringBitmap {
    RoaringBitmap::from_sorted_iter(slots.iter().filter(|&slot| passes(slot)))
        .expect("a bitmap gives its numbers in order")
}

/// A circle around a box, as its centre and the square of the chord under its
/// radius: from the middle along the parallel, then along the meridian, no
/// corner is further.
fn cover(bounds: BoundingBox) -> (Point, f64) {
    let (low, high) = (bounds.south_west(), bounds.north_east());
    let latitude = f64::midpoint(low.latitude(), high.latitude());
    let mut width = high.longitude() - low.longitude();
    if width < 0.0 {
        width += 360.0;
    }
    let longitude = (low.longitude() + width / 2.0 + 180.0).rem_euclid(360.0) - 180.0;
    let height = high.latitude() - low.latitude();
    let arc = (height / 2.0 + width / 2.0 * latitude.to_radians().cos()).to_radians();
    let chord = 2.0 * (arc.min(std::f64::consts::PI) / 2.0).sin();
    let centre = Point::new(latitude, longitude).unwrap_or(low);
    (centre, (chord * chord).mul_add(1.0 + 1e-9, 1e-12))
}
