//! Whole postcodes at full precision: a sorted table of numbers.
//!
//! 24 bytes a postcode and a binary search. The table is read whole from the
//! file that a loader stored; there is no shipped one.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use thiserror::Error;

use crate::gazetteer::boundary::{Corner, to_micro};
use crate::model::{Metres, Point, Postcode, PostcodePart};

/// Codes of the areas of a postcode, narrowest first; most postcodes of a ward
/// share one set.
pub(super) type AreaSet = Arc<[Arc<str>]>;

const MAGIC: &[u8; 16] = b"kist postcodes 1";

/// A postcode unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub(super) postcode: Postcode,
    pub(super) point: Point,
    pub(super) precision: Metres,
    /// The day on which it was given up; `None` while it is in use.
    pub(super) terminated: Option<Date>,
    /// Codes of the areas it lies in, narrowest first.
    pub(super) areas: AreaSet,
}

/// What its district and sector want to know of a unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) point: Point,
    pub(super) is_live: bool,
    pub(super) areas: &'a AreaSet,
}

/// A file of postcodes that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnitsError {
    /// The file was not written by this version of the gazetteer.
    #[error("it is not a table of postcodes of this version")]
    Version,
    /// The file has been cut or changed.
    #[error("the table of postcodes is damaged")]
    Damaged,
}

/// Postcode units, sorted.
#[derive(Debug, Clone, Default)]
pub(super) struct Units {
    keys: Vec<u64>,
    rows: Vec<UnitRow>,
    area_sets: Vec<AreaSet>,
}

#[derive(Debug, Clone, Copy)]
struct UnitRow {
    latitude: i32,
    longitude: i32,
    area_set: u32,
    /// Days after 1970-01-01; 0 while in use.
    terminated: u16,
    /// Metres.
    precision: u16,
}

const ROW_LENGTH: usize = 24;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// A number that sorts as district, sector, unit; and how many units a part
/// of a postcode spans.
fn key_of(postcode: &Postcode) -> (u64, u64) {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => u64::from(byte - b'0') + 1,
        b'A'..=b'Z' => u64::from(byte - b'A') + 11,
        _ => 0,
    };
    let places = |half: &str, places: usize| {
        let mut bytes = half.bytes().chain(std::iter::repeat(b' '));
        (0..places).fold(0, |key, _| key * 37 + digit(bytes.next().unwrap_or(b' ')))
    };
    let free = 3 - postcode.inward().len();
    let span = 37_u64.pow(u32::try_from(free).unwrap_or_default());
    (places(postcode.outward(), 4) * 37_u64.pow(3) + places(postcode.inward(), 3), span)
}

fn postcode_of(key: u64) -> Option<Postcode> {
    let text: String = (0..7)
        .rev()
        .filter_map(|place| match key / 37_u64.pow(place) % 37 {
            0 => None,
            digit => char::from_digit(u32::try_from(digit).ok()? - 1, 36),
        })
        .collect();
    text.parse().ok()
}

impl Units {
    /// Sorts units; of several with one postcode the live one is kept, else
    /// the one given up last, else the later in the list.
    pub(super) fn new(units: Vec<Unit>) -> Self {
        let mut keyed: Vec<(u64, Unit)> =
            units.into_iter().map(|unit| (key_of(&unit.postcode).0, unit)).collect();
        keyed.reverse();
        let rank = |unit: &Unit| unit.terminated.map_or(i64::MIN, |date| -i64::from(days(date)));
        keyed.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| rank(&a.1).cmp(&rank(&b.1))));
        keyed.dedup_by_key(|(key, _)| *key);
        let mut table = Self::default();
        let mut sets: HashMap<AreaSet, u32> = HashMap::new();
        for (key, unit) in keyed {
            let area_set = *sets.entry(unit.areas).or_insert_with_key(|areas| {
                table.area_sets.push(Arc::clone(areas));
                u32::try_from(table.area_sets.len() - 1).expect("there are fewer sets than 2^32")
            });
            table.keys.push(key);
            table.rows.push(UnitRow {
                latitude: to_micro(unit.point.latitude()),
                longitude: to_micro(unit.point.longitude()),
                area_set,
                terminated: unit.terminated.map_or(0, days),
                precision: whole_metres(unit.precision),
            });
        }
        table
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn find(&self, postcode: &Postcode) -> Option<Unit> {
        let index = self.keys.binary_search(&key_of(postcode).0).ok()?;
        self.unit(index)
    }

    /// The units whose postcodes begin with the district or sector.
    pub(super) fn within(&self, part: &Postcode) -> impl Iterator<Item = Unit> {
        let (start, span) = key_of(part);
        let first = self.keys.partition_point(|&key| key < start);
        let end = self.keys.partition_point(|&key| key < start + span);
        (first..end).filter_map(|index| self.unit(index))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = Unit> {
        (0..self.keys.len()).filter_map(|index| self.unit(index))
    }

    /// Each district and each sector that has units, and these.
    pub(super) fn parts(
        &self,
    ) -> impl Iterator<Item = (Postcode, impl Iterator<Item = Member<'_>>)> {
        let part_of = |unit: &Unit, part| match part {
            PostcodePart::District => Some(unit.postcode.district()),
            _ => unit.postcode.sector(),
        };
        let kinds =
            [(PostcodePart::District, 37_u64.pow(3)), (PostcodePart::Sector, 37_u64.pow(2))];
        kinds.into_iter().flat_map(move |(part, span)| {
            let mut end = 0;
            self.keys.chunk_by(move |a, b| a / span == b / span).filter_map(move |run| {
                let start = end;
                end += run.len();
                let postcode = part_of(&self.unit(start)?, part)?;
                Some((postcode, (start..start + run.len()).map(|index| self.member(index))))
            })
        })
    }

    fn member(&self, index: usize) -> Member<'_> {
        let UnitRow { latitude, longitude, area_set, terminated, .. } = self.rows[index];
        Member {
            point: Corner { latitude, longitude }.to_point(),
            is_live: terminated == 0,
            areas: &self.area_sets[area_set as usize],
        }
    }

    fn unit(&self, index: usize) -> Option<Unit> {
        let row = self.rows[index];
        let corner = Corner { latitude: row.latitude, longitude: row.longitude };
        Some(Unit {
            postcode: postcode_of(self.keys[index])?,
            point: corner.to_point(),
            precision: Metres::new(f64::from(row.precision)).ok()?,
            terminated: (row.terminated > 0)
                .then(|| EPOCH.saturating_add(jiff::Span::new().days(i64::from(row.terminated)))),
            areas: Arc::clone(&self.area_sets[row.area_set as usize]),
        })
    }

    /// The table as bytes: a head, the area sets, keys and rows, a check sum.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let sets: Vec<String> = self.area_sets.iter().map(|set| set.join("|")).collect();
        let sets = sets.join("\n");
        bytes.extend(length(sets.len()));
        bytes.extend(length(self.keys.len()));
        bytes.extend(sets.as_bytes());
        for (key, row) in self.keys.iter().zip(&self.rows) {
            bytes.extend(key.to_le_bytes());
            bytes.extend(row.latitude.to_le_bytes());
            bytes.extend(row.longitude.to_le_bytes());
            bytes.extend(row.area_set.to_le_bytes());
            bytes.extend(row.terminated.to_le_bytes());
            bytes.extend(row.precision.to_le_bytes());
        }
        let sum = check_sum(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    /// Reads what [`Units::to_bytes`] wrote.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, UnitsError> {
        let (head, rest) = bytes.split_first_chunk::<16>().ok_or(UnitsError::Version)?;
        if head != MAGIC {
            return Err(UnitsError::Version);
        }
        let (whole, sum) = bytes.split_last_chunk::<4>().ok_or(UnitsError::Damaged)?;
        if check_sum(whole).to_le_bytes() != *sum {
            return Err(UnitsError::Damaged);
        }
        Self::from_checked(rest).ok_or(UnitsError::Damaged)
    }

    fn from_checked(bytes: &[u8]) -> Option<Self> {
        let (sets_length, rest) = bytes.split_first_chunk::<8>()?;
        let (count, rest) = rest.split_first_chunk::<8>()?;
        let sets_length = usize::try_from(u64::from_le_bytes(*sets_length)).ok()?;
        let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
        let (sets, rest) = rest.split_at_checked(sets_length)?;
        let rows = rest.get(..count.checked_mul(ROW_LENGTH)?)?;
        let sets = str::from_utf8(sets).ok()?;
        let codes =
            |line: &str| line.split('|').filter(|code| !code.is_empty()).map(Arc::from).collect();
        let mut table = Self {
            keys: Vec::with_capacity(count),
            rows: Vec::with_capacity(count),
            area_sets: sets.split('\n').map(codes).collect(),
        };
        for row in rows.chunks_exact(ROW_LENGTH) {
            let (key, row) = row.split_first_chunk::<8>()?;
            let (latitude, row) = row.split_first_chunk::<4>()?;
            let (longitude, row) = row.split_first_chunk::<4>()?;
            let (area_set, row) = row.split_first_chunk::<4>()?;
            let (terminated, row) = row.split_first_chunk::<2>()?;
            let (precision, _) = row.split_first_chunk::<2>()?;
            let row = UnitRow {
                latitude: i32::from_le_bytes(*latitude),
                longitude: i32::from_le_bytes(*longitude),
                area_set: u32::from_le_bytes(*area_set),
                terminated: u16::from_le_bytes(*terminated),
                precision: u16::from_le_bytes(*precision),
            };
            if row.area_set as usize >= table.area_sets.len() {
                return None;
            }
            table.keys.push(u64::from_le_bytes(*key));
            table.rows.push(row);
        }
        Some(table)
    }
}

/// Days after 1970-01-01, at least 1, at most what 16 bits hold.
fn days(date: Date) -> u16 {
    let days = EPOCH.until(date).map_or(1, |span| span.get_days());
    u16::try_from(days.max(1)).unwrap_or(u16::MAX)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn whole_metres(metres: Metres) -> u16 {
    metres.as_f64().round().clamp(0.0, 65_535.0) as u16
}

fn length(length: usize) -> [u8; 8] {
    u64::try_from(length).unwrap_or(u64::MAX).to_le_bytes()
}

fn check_sum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
