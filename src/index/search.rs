//! Answering a query.
//!
//! Facets, kinds and areas are bitmaps and come first. With few entries left,
//! place, age and opening are looked at entry by entry; with many, the tree of
//! points gives a bitmap. Words come last, among what is left. Then each hit
//! gets its rank, and those of the page are sorted.
//!
//! Nearest first over many entries goes another way: the tree gives points in
//! order, and those that pass are taken until the page is full.

use std::borrow::Cow;
use std::collections::BinaryHeap;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::conditions::{self, FEW, Passing};
use super::cursor;
use super::entry::Standing;
use super::facets::count;
use super::near::{self, Found, Near};
use super::order::{self, Position, Rank};
use super::query::{Explain, HitUnit, MAXIMUM_LIMIT, Query, QueryError, Region, Sort, Start};
use super::ranking;
use super::record::Record;
use super::records::{DayNumber, Records, head};
use super::results::{Explanation, Hit, Results};
use super::segment::Accepted;
use super::state::State;
use super::text::Words;
use crate::model::Metres;

/// Up to this depth pages are taken from the tree in order.
const SHALLOW: usize = 2_000;

/// A query, looked up in one state.
struct Plan<'a> {
    state: &'a State,
    records: &'a Records,
    query: &'a Query,
    words: Option<Words>,
    near: Option<Near<'a>>,
    sort: Sort,
    /// The day on which reviews are overdue or not.
    today: DayNumber,
}

/// The page of ranks, and how many entries were found.
struct Ranked {
    page: Vec<Rank>,
    total: u64,
    /// The first hit after the page.
    next: Option<Rank>,
}

/// See [`Index::search`](super::Index::search).
pub(super) fn search(state: &State, query: &Query) -> Result<Results, QueryError> {
    let records = &state.records;
    let words = Words::new(&query.text, &state.vocabulary);
    let sort = match (query.order(), &words, &query.centre) {
        (Sort::Relevance, None, Some(_)) => Sort::Distance,
        (Sort::Relevance, None, None) => Sort::Name,
        (sort, ..) => sort,
    };
    let near = query.centre.as_ref().map(|centre| Near::new(records, centre));
    let (after, today) = match &query.page.start {
        Start::Offset(_) => (None, query.today.map_or(DayNumber::EVER, DayNumber::of)),
        Start::After(cursor) => {
            let (after, today) = cursor::read(query, cursor)?;
            (Some(after), today)
        }
    };
    let plan = Plan { state, records, query, words, near, sort, today };
    let filter = conditions::filter(records, query);
    let (ranked, slots) = match plan.nearest_first(filter.as_deref(), after.as_ref()) {
        Some(ranked) => (ranked, filter.map(Cow::into_owned)),
        None => plan.all(filter.map(Cow::into_owned), after.as_ref())?,
    };
    let found = match &slots {
        None if records.hidden_from(query).is_some() => Some(records.shown().bitmap()),
        slots => slots.as_ref(),
    };
    let facets = count(records, &query.facets, found);
    let next = match (ranked.page.last(), &ranked.next) {
        (Some(last), Some(next)) if query.unit == HitUnit::Entry => {
            Some(cursor::write(query, &last.until(next, records), today))
        }
        _ => None,
    };
    records.fetch(ranked.page.iter().map(|rank| rank.slot));
    let hits = ranked
        .page
        .iter()
        .filter_map(|rank| Some((rank, records.at(rank.slot)?)))
        .map(|(rank, record)| plan.hit(*rank, record))
        .collect::<Result<_, _>>()?;
    Ok(Results { total: ranked.total, hits, facets, next, revision: state.revision })
}

impl Plan<'_> {
    /// The page, taken from the tree of points in order, when that is likely
    /// to be short work.
    fn nearest_first(
        &self,
        filter: Option<&RoaringBitmap>,
        after: Option<&Position>,
    ) -> Option<Ranked> {
        let near = self.near.as_ref()?;
        let simple = self.sort == Sort::Distance
            && self.words.is_none()
            && self.query.age.is_none()
            && self.query.open_at.is_none()
            && self.query.ages_within.is_none()
            && self.query.hours.is_none()
            && self.query.changed_since.is_none()
            && self.query.unit == HitUnit::Entry
            && self.query.facets.is_empty()
            && !matches!(self.query.region, Some(Region::Box(_) | Region::Polygon(_)));
        let (skip, limit) = self.extent();
        let wanted = skip.saturating_add(limit);
        if !simple || wanted > SHALLOW || after.is_some_and(|after| after.band != 0) {
            return None;
        }
        // The tree gives some all / passing points for each that passes; the
        // other way looks at each that passes. A point from the tree costs
        // about twice as much as a look.
        let all = self.records.found_by(self.query).len();
        let passing = Passing::new(self.records, self.query, filter);
        let found = passing.len(all);
        if (wanted as u64 + 1) * all * 2 > found * found {
            return None;
        }
        let records = self.records;
        let mut ranks: Vec<Rank> = Vec::with_capacity(4 * wanted);
        // The squared chords of the nearest that pass, the furthest first: one
        // more than wanted tells whether there is a next page.
        let mut nearest = BinaryHeap::with_capacity(wanted + 2);
        let mut visited = 0;
        records.points.nearest(near.unit(), |slot, squared| {
            let primary = squared.to_bits();
            // What is further than enough others needs no look: the columns
            // of a record are a wait for memory each.
            if nearest.len() > wanted
                && let Some(&furthest) = nearest.peek()
                && primary > furthest
            {
                return f64::from_bits(furthest);
            }
            let rank = Rank { band: 0, primary, secondary: 0, slot, site: 0 };
            visited += 1;
            let passes = passing.contains(slot)
                && records.standing(slot, self.today) == Standing::Ordinary
                && !near.is_elsewhere(slot)
                && near.limit().is_none_or(|limit| squared <= limit || near.is_served_by(slot))
                && self.is_nearest_point(near, &ranks, rank)
                && after.is_none_or(|after| rank.is_after(after, records));
            if passes {
                ranks.push(rank);
                nearest.push(primary);
                if nearest.len() > wanted + 1 {
                    nearest.pop();
                }
            }
            match nearest.peek() {
                _ if visited > FEW => -1.0,
                Some(&furthest) if nearest.len() > wanted => f64::from_bits(furthest),
                _ => f64::INFINITY,
            }
        });
        if visited > FEW || ranks.len() <= wanted {
            return None;
        }
        let total = match near.limit() {
            None => found,
            Some(limit) => near.count(passing, limit),
        };
        let (page, next) = order::page(ranks, skip, limit, records);
        Some(Ranked { page, total, next })
    }

    /// Whether the point of `rank` is the entry's nearest, and not in `ranks`
    /// already: entries may have several, even in one place.
    fn is_nearest_point(&self, near: &Near<'_>, ranks: &[Rank], rank: Rank) -> bool {
        !self.records.has_several_points(rank.slot)
            || (near.squared_chord(rank.slot).map(f64::to_bits) == Some(rank.primary)
                && ranks.iter().all(|other| other.slot != rank.slot))
    }

    /// The page, from the ranks of all that was found; and all that was found.
    fn all(
        &self,
        filter: Option<RoaringBitmap>,
        after: Option<&Position>,
    ) -> Result<(Ranked, Option<RoaringBitmap>), QueryError> {
        let (records, query) = (self.records, self.query);
        let mut slots = conditions::in_region(records, query, filter);
        slots = conditions::near_centre(records, query, self.near.as_ref(), slots);
        slots = conditions::by_entry(records, query, slots);
        let mut ranks: Vec<Rank>;
        if let Some(words) = &self.words {
            let live = records.found_by(query).bits();
            let only = slots.as_ref().map(|slots| (slots, slots.into()));
            let found = words.search(self.state, &Accepted { live, only })?;
            ranks = found.iter().map(|&(slot, text)| self.rank(slot, text)).collect();
            // Only facets are counted over all that was found.
            if !query.facets.is_empty() {
                let mut all = Found::default();
                for &(slot, _) in &found {
                    all.push(slot);
                }
                slots = Some(all.into_bitmap());
            }
        } else {
            let all = slots.as_ref().unwrap_or(records.found_by(query).bitmap());
            ranks = all.iter().map(|slot| self.rank(slot, 0.0)).collect();
        }
        if query.unit == HitUnit::Site {
            ranks = self.sites(&ranks);
        }
        let total = ranks.len() as u64;
        if let Some(after) = after {
            ranks.retain(|rank| rank.is_after(after, self.records));
        }
        let (skip, limit) = self.extent();
        let (page, next) = order::page(ranks, skip, limit, self.records);
        Ok((Ranked { page, total, next }, slots))
    }

    /// Hits to skip, and hits to give.
    fn extent(&self) -> (usize, usize) {
        let skip = match self.query.page.start {
            Start::Offset(offset) => offset,
            Start::After(_) => 0,
        };
        (skip, self.query.page.limit.min(MAXIMUM_LIMIT))
    }

    fn rank(&self, slot: u32, text: f64) -> Rank {
        let at = slot as usize;
        let mut band = self.near.as_ref().map_or(0, |near| near.band(slot, self.sort));
        if self.records.standing(slot, self.today) == Standing::Deprioritised {
            band += ranking::BANDS;
        }
        let squared = match (self.sort, &self.near) {
            (Sort::Relevance | Sort::Distance, Some(near)) => near.squared_chord(slot),
            _ => None,
        };
        let primary = match self.sort {
            Sort::Relevance => descending(self.score(squared, text).1),
            Sort::Distance => squared.map_or(0, f64::to_bits),
            Sort::Name => self.records.heads[at],
            Sort::Reviewed => u64::from(self.records.reviewed[at]),
            Sort::Added => self.records.added[at],
            Sort::Key => self.records.at(slot).map_or(0, |record| identifier_head(record.key())),
        };
        let secondary = match (self.sort, &self.words, &self.near) {
            (Sort::Distance, Some(_), _) => descending(text),
            (Sort::Relevance, _, Some(near)) => near.tie(slot, squared),
            _ => 0,
        };
        Rank { band, primary, secondary, slot, site: 0 }
    }

    /// The ranks of the sites of what has these ranks.
    fn sites(&self, ranks: &[Rank]) -> Vec<Rank> {
        let mut all = Vec::with_capacity(ranks.len());
        for rank in ranks {
            for site in 0..self.records.sites(rank.slot) {
                let mut rank = Rank { site, ..*rank };
                if let Some(near) = &self.near {
                    let squared = self.squared_chord_of_site(near, rank);
                    let is_within = near
                        .limit()
                        .is_none_or(|limit| squared.is_some_and(|squared| squared <= limit));
                    if !is_within {
                        continue;
                    }
                    if self.sort == Sort::Distance {
                        // What it serves moves its sites no further away.
                        if squared.is_some() {
                            rank.band -= rank.band % ranking::BANDS;
                        }
                        rank.primary = squared.map_or(u64::MAX, f64::to_bits);
                    }
                }
                all.push(rank);
            }
        }
        all
    }

    fn squared_chord_of_site(&self, near: &Near<'_>, rank: Rank) -> Option<f64> {
        self.records.squared_chord_of_site(rank.slot, rank.site, near.unit())
    }

    /// Nearness and blended score of what is so far away, as the square of a
    /// chord.
    fn score(&self, squared: Option<f64>, text: f64) -> (f64, f64) {
        let Some(near) = &self.near else { return (0.0, text) };
        let radius = near.limit().map(Metres::from_squared_chord);
        let nearness = ranking::nearness(squared.map(Metres::from_squared_chord), radius);
        (nearness, ranking::blend(text, nearness))
    }

    fn hit(&self, rank: Rank, record: &Record) -> Result<Hit, QueryError> {
        let near = self.near.as_ref();
        let mut explanation = None;
        if self.query.explain == Explain::Yes {
            explanation = Some(self.explanation(rank)?);
        }
        let score = match (self.sort, &self.words) {
            (Sort::Relevance, Some(_)) => ascending(rank.primary),
            _ => 0.0,
        };
        Ok(Hit {
            record: record.clone(),
            dictionary: Arc::clone(&self.state.dictionary),
            site: usize::from(rank.site),
            modified: self.records.modified(rank.slot),
            distance: near.and_then(|near| self.distance(near, rank)),
            reason: near.map(|near| near.reason(rank.slot, self.squared_chord(near, rank))),
            standing: self.records.standing(rank.slot, self.today),
            score,
            explanation,
        })
    }

    fn distance(&self, near: &Near<'_>, rank: Rank) -> Option<Metres> {
        match self.query.unit {
            HitUnit::Entry => self.squared_chord(near, rank),
            HitUnit::Site => self.squared_chord_of_site(near, rank),
        }
        .map(Metres::from_squared_chord)
    }

    /// The square of the chord to the nearest point of the entry of `rank`:
    /// what it was ranked by, or else looked up.
    fn squared_chord(&self, near: &Near<'_>, rank: Rank) -> Option<f64> {
        let is_ranked_so = self.sort == Sort::Distance
            && self.query.unit == HitUnit::Entry
            && near::BY_DISTANCE.contains(&(rank.band % ranking::BANDS));
        if is_ranked_so {
            return Some(f64::from_bits(rank.primary));
        }
        near.squared_chord(rank.slot)
    }

    fn explanation(&self, rank: Rank) -> Result<Explanation, QueryError> {
        let (mut matches, mut phrase, mut text) = (Vec::new(), 0.0, 0.0);
        if let Some(words) = &self.words {
            let (found, sum, together) =
                words.explain(self.state, &self.state.accepted(), rank.slot)?;
            text = ranking::text_score(sum, words.len(), together);
            phrase = text - ranking::text_score(sum, words.len(), 0);
            matches = found;
        }
        let squared = self.near.as_ref().and_then(|near| near.squared_chord(rank.slot));
        let nearness = self.score(squared, text).0;
        let (text_weight, nearness_weight) = match self.near {
            Some(_) => (ranking::TEXT_WEIGHT, ranking::NEARNESS_WEIGHT),
            None => (1.0, 0.0),
        };
        Ok(Explanation {
            words: matches,
            phrase,
            text,
            nearness,
            text_weight,
            nearness_weight,
            band: rank.band,
        })
    }
}

/// The start of the identifier in a key, as a number that sorts likewise: of a
/// UUID its first half.
fn identifier_head(key: &str) -> u64 {
    let identifier = key.split_once('/').map_or(key, |(_, identifier)| identifier);
    let half = identifier.get(..18).and_then(|half| {
        let digits: String = half.split('-').collect();
        u64::from_str_radix(&digits, 16).ok()
    });
    half.unwrap_or_else(|| head(identifier))
}

/// A score as a number that sorts the best first, in parts of 2⁻³².
fn descending(score: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "scores are between 0 and 1"
    )]
    let parts = (score.clamp(0.0, 1.0) * f64::from(u32::MAX)).round() as u64;
    u64::from(u32::MAX) - parts
}

/// The score of such a number.
fn ascending(number: u64) -> f64 {
    let parts = u32::MAX - u32::try_from(number).unwrap_or(u32::MAX);
    f64::from(parts) / f64::from(u32::MAX)
}
