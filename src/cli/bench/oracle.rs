//! Brute force: what the index must agree with, and must be quicker than.

use anyhow::{Result, ensure};
use jiff::civil::Date;

use super::questions::{NEAR, Question};
use super::world::World;
use crate::model::{Metres, Point};
use crate::record::{Node, Record, Value};
use crate::register::Register;

/// How far two ways to work out a distance may differ, in metres.
const TOLERANCE: f64 = 0.05;

/// The points of all assets, in one long row.
pub(super) struct Points {
    /// Number of the record, point, and its vector.
    rows: Vec<(u32, Point, [f64; 3])>,
    /// Numbers of the records that come after all others, in order.
    last: Vec<u32>,
}

impl Points {
    /// The points of the first `records` of `world`, as searches see them on
    /// the day `today`.
    pub(super) fn of(world: &World, records: u64, today: Date) -> Self {
        let (mut rows, mut last) = (Vec::new(), Vec::new());
        for number in 0..records {
            let edit = world.edit(number);
            if edit.id.kind() != "asset" {
                continue;
            }
            let row = u32::try_from(number).unwrap_or(u32::MAX);
            let Some(record) = edit.record else { continue };
            // Without areas, a centre is served by nobody who says whom.
            if !record.values("areaServed").is_empty() || is_overdue(&record, today) {
                last.push(row);
            }
            for node in record.values("locations").iter().filter_map(Value::as_node) {
                rows.extend(position(node).map(|point| (row, point, point.to_unit_vector())));
            }
        }
        Self { rows, last }
    }

    /// The rows: number of the record and point.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Point)> {
        self.rows.iter().map(|&(number, point, _)| (number, point))
    }

    /// How far away the nearest `count` records are, in metres, by a look at
    /// every point, without those that come last.
    pub(super) fn nearest(&self, from: Point, count: usize) -> Vec<f64> {
        let unit = from.to_unit_vector();
        let squared = |other: &[f64; 3]| -> f64 {
            (0..3).map(|axis| (unit[axis] - other[axis]).powi(2)).sum()
        };
        // A record has two points at most, so twice as many are enough.
        let rows = self.rows.iter().filter(|(number, ..)| self.last.binary_search(number).is_err());
        let mut found: Vec<(f64, u32, Point)> =
            rows.map(|(number, point, other)| (squared(other), *number, *point)).collect();
        let kept = (2 * count).min(found.len());
        if kept < found.len() {
            found.select_nth_unstable_by(kept, |a, b| a.0.total_cmp(&b.0));
            found.truncate(kept);
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut seen = Vec::new();
        let mut distances = Vec::new();
        for (_, number, point) in found {
            if distances.len() < count && !seen.contains(&number) {
                seen.push(number);
                distances.push(from.distance(point).as_f64());
            }
        }
        distances
    }

    /// How many records are within [`NEAR`].
    fn within(&self, from: Point) -> usize {
        let near = self.rows.iter().filter(|(_, point, _)| from.distance(*point).as_f64() <= NEAR);
        let mut numbers: Vec<u32> = near.map(|(number, ..)| *number).collect();
        numbers.dedup();
        numbers.len()
    }

    /// Compares the answers of the index to `questions`, which are of
    /// [`Sort::Radius`](super::questions::Sort::Radius), with brute force.
    ///
    /// # Errors
    ///
    /// When one of them differs.
    pub(super) fn check(&self, register: &Register, questions: &[Question]) -> Result<()> {
        for Question { point, query, .. } in questions {
            let mut query = query.clone();
            let Some(centre) = &mut query.centre else { continue };
            // What serves the place has no distance to compare.
            centre.areas.clear();
            let near = register.index().search(&query)?;
            let expected = self.within(*point) as u64;
            ensure!(
                near.total == expected,
                "within 2 km of {point:?}: {} for {expected}",
                near.total
            );
            if let Some(centre) = &mut query.centre {
                centre.within = None;
            }
            let nearest = register.index().search(&query)?;
            let distances = nearest.hits.iter().filter_map(|hit| hit.distance);
            let distances: Vec<f64> = distances.map(Metres::as_f64).collect();
            let expected = self.nearest(*point, query.page.limit);
            let agrees = distances.len() >= expected.len()
                && distances.iter().zip(&expected).all(|(a, b)| (a - b).abs() < TOLERANCE);
            ensure!(agrees, "nearest to {point:?}: {distances:?} for {expected:?}");
        }
        Ok(())
    }
}

/// Whether the last review is more than two years ago: such records come last.
fn is_overdue(record: &Record, today: Date) -> bool {
    record.values("lastReviewed").iter().any(|value| match value {
        Value::Date(date) => today.since(*date).is_ok_and(|since| since.get_days() > 2 * 365),
        _ => false,
    })
}

fn position(node: &Node) -> Option<Point> {
    let number = |key: &str| node.values(key).first().and_then(Value::as_double);
    Point::new(number("latitude")?, number("longitude")?).ok()
}
