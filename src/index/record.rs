//! An entry in one piece of memory.
//!
//! A million entries with a dozen allocations each take more for the
//! allocations than for what stands in them, and each of those is a wait for
//! memory. So all parts of an entry lie one after the other, their lengths
//! first; what is rarely asked for is decoded when it is.

use std::sync::Arc;

use uuid::Uuid;

use super::pack::{read_number, write_number};
use super::stored::Stored;
use super::tree::Unit;
use crate::model::AgeRange;
use crate::model::Point;
use crate::model::Schedule;

/// See the module. A copy shares the memory: a hit holds its record, whatever
/// becomes of the index.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record(Arc<[u8]>);

/// Bytes of the counts of who shares a record.
const COUNTS: usize = 2 * size_of::<usize>();

/// Where the parts of a record are.
struct Parts<'a> {
    key: &'a [u8],
    name: &'a [u8],
    folded: &'a [u8],
    terms: &'a [u8],
    points: &'a [u8],
    times: &'a [u8],
    uuid: &'a [u8],
    sites: &'a [u8],
    summary: &'a [u8],
}

impl Record {
    /// A record of `stored`, whose name is sorted as `folded` and whose values
    /// are `terms` (in order).
    pub(super) fn new(stored: &Stored<'_>, folded: &str, terms: &[u32], summary: &[u8]) -> Self {
        let Stored { key, name, points, ages, opening, uuid, sites, .. } = stored;
        let mut numbers = Vec::with_capacity(2 * terms.len());
        let mut last = 0;
        for &term in terms {
            write_number(&mut numbers, (term - last) as usize);
            last = term;
        }
        let places: Vec<u8> = points
            .iter()
            .flat_map(|point| [point.latitude(), point.longitude()])
            .flat_map(f64::to_le_bytes)
            .collect();
        let times = if ages.is_empty() && opening.is_empty() {
            Vec::new()
        } else {
            postcard::to_stdvec(&(ages, opening)).expect("times can be written")
        };
        let bytes_of = |uuid: &Uuid| *uuid.as_bytes();
        let uuid: Vec<u8> = uuid.iter().flat_map(bytes_of).collect();
        let sites: Vec<u8> = sites.iter().flat_map(bytes_of).collect();
        let [key, name, folded] = [key.as_bytes(), name.as_bytes(), folded.as_bytes()];
        let parts = [key, name, folded, &numbers, &places, &times, &uuid, &sites];
        let mut bytes = Vec::with_capacity(512);
        for part in parts {
            write_number(&mut bytes, part.len());
        }
        for part in parts {
            bytes.extend_from_slice(part);
        }
        bytes.extend_from_slice(summary);
        Self(bytes.into())
    }

    fn parts(&self) -> Parts<'_> {
        let mut rest = &*self.0;
        let lengths: [usize; 8] = std::array::from_fn(|_| read_number(&mut rest).unwrap_or(0));
        let [key, name, folded, terms, points, times, uuid, sites] = lengths.map(|length| {
            let (part, others) = rest.split_at(length.min(rest.len()));
            rest = others;
            part
        });
        Parts { key, name, folded, terms, points, times, uuid, sites, summary: rest }
    }

    /// The record's key.
    pub(super) fn key(&self) -> &str {
        text(self.parts().key)
    }

    /// The name.
    pub(super) fn name(&self) -> &str {
        text(self.parts().name)
    }

    /// The name as it is sorted.
    pub(super) fn folded(&self) -> &str {
        text(self.parts().folded)
    }

    /// The name as it is sorted, and the key.
    pub(super) fn name_and_key(&self) -> (&str, &str) {
        let parts = self.parts();
        (text(parts.folded), text(parts.key))
    }

    /// The summary, packed.
    pub(super) fn summary(&self) -> &[u8] {
        self.parts().summary
    }

    /// Its positions.
    pub(super) fn points(&self) -> impl ExactSizeIterator<Item = Point> + use<'_> {
        let (points, _) = self.parts().points.as_chunks::<16>();
        points.iter().map(|point| {
            let (latitude, longitude) = point.split_at(8);
            let number = |bytes: &[u8]| bytes.try_into().map_or(0.0, f64::from_le_bytes);
            Point::new(number(latitude), number(longitude))
                .expect("what was a point has not been changed")
        })
    }

    /// Its positions as vectors.
    pub(super) fn units(&self) -> impl ExactSizeIterator<Item = Unit> + use<'_> {
        self.points().map(Point::to_unit_vector)
    }

    /// The numbers of its values, in order.
    pub(super) fn terms(&self) -> impl Iterator<Item = u32> + use<'_> {
        let (mut rest, mut last) = (self.parts().terms, 0);
        std::iter::from_fn(move || {
            last += u32::try_from(read_number(&mut rest)?).ok()?;
            Some(last)
        })
    }

    /// The ages it is meant for, and when it is open.
    pub(super) fn times(&self) -> (Vec<AgeRange>, Vec<Schedule>) {
        let times = self.parts().times;
        if times.is_empty() {
            Default::default()
        } else {
            postcard::from_bytes(times).unwrap_or_default()
        }
    }

    /// The UUIDs by which it is found: its own, if the key has none, and those
    /// of its sites, each with the number of the site.
    pub(super) fn uuids(&self) -> impl Iterator<Item = (Option<usize>, Uuid)> + use<'_> {
        let Parts { uuid, sites, .. } = self.parts();
        let (uuid, sites) = (uuid.as_chunks::<16>().0, sites.as_chunks::<16>().0);
        let own = uuid.iter().map(|bytes| (None, Uuid::from_bytes(*bytes)));
        let sites = sites.iter().enumerate();
        own.chain(sites.map(|(number, bytes)| (Some(number), Uuid::from_bytes(*bytes))))
    }

    /// Reads its first byte.
    pub(super) fn fetch(&self) -> usize {
        self.0.first().map_or(0, |&byte| usize::from(byte))
    }

    /// Bytes in memory.
    pub(super) fn size(&self) -> usize {
        self.0.len() + COUNTS
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("what was a text has not been changed")
}
