//! Postcode sectors and districts: where each lies and how far it reaches.

use std::collections::HashMap;
use std::sync::Arc;

use crate::gazetteer::areas::{Area, Level};
use crate::gazetteer::table::{Table, TableError};
use crate::gazetteer::units::{Member, Units};
use crate::gazetteer::{SCOTLAND, UNITED_KINGDOM};
use crate::model::{BoundingBox, Metres, Point, Postcode, PostcodePart};

/// A sector or district.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) postcode: Postcode,
    /// Units in use.
    pub(super) units: u32,
    /// The middle of its units.
    pub(super) point: Point,
    pub(super) bounding_box: BoundingBox,
    /// Nine in ten of its units lie within this distance of the middle.
    pub(super) radius: Metres,
    /// Codes of the councils in which it has units, the main one first; of
    /// the United Kingdom when it has none in a council that is known.
    pub(super) holders: Vec<Arc<str>>,
}

/// Sectors and districts, by postcode.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    parts: HashMap<Postcode, Part>,
}

impl Parts {
    /// Reads `sectors.tsv` or `districts.tsv`.
    pub(super) fn read(&mut self, table: &Table<'_>) -> Result<(), TableError> {
        for row in table.rows() {
            let postcode: Postcode =
                row.text(0)?.parse().map_err(|_| row.error(0, "is not a postcode"))?;
            let bounding_box = BoundingBox::new(row.point(4)?, row.point(6)?)
                .map_err(|_| row.error(4, "is north of the box's north"))?;
            let radius = Metres::new(row.number(8)?).map_err(|_| row.error(8, "is negative"))?;
            let part = Part {
                postcode,
                units: row.number(1)?,
                point: row.point(2)?,
                bounding_box,
                radius,
                holders: row.list(9)?.map(Arc::from).collect(),
            };
            self.parts.insert(postcode, part);
        }
        Ok(())
    }

    /// Adds the sectors and districts of loaded units that are not known yet.
    pub(super) fn complete(&mut self, units: &Units) {
        for (postcode, members) in units.parts() {
            if !self.parts.contains_key(&postcode)
                && let Some(part) = Part::of(postcode, &members.collect::<Vec<Member<'_>>>())
            {
                self.parts.insert(postcode, part);
            }
        }
    }

    pub(super) fn get(&self, postcode: &Postcode) -> Option<&Part> {
        self.parts.get(postcode)
    }

    /// The districts that lie in a known council, as areas: within it when
    /// they lie in no other, within Scotland when all of them are Scottish.
    pub(super) fn districts(&self) -> Vec<Area> {
        let districts =
            self.parts.values().filter(|part| part.postcode.part() == PostcodePart::District);
        let mut areas: Vec<Area> = districts.filter_map(Part::to_area).collect();
        areas.sort_by(|a, b| a.code.cmp(&b.code));
        areas
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Part> {
        self.parts.values()
    }
}

impl Part {
    fn to_area(&self) -> Option<Area> {
        let first = self.holders.first().filter(|code| Level::of_code(code) == Level::Council)?;
        let parent = match self.holders.len() {
            1 => Some(Arc::clone(first)),
            _ if self.holders.iter().all(|code| code.starts_with('S')) => Some(SCOTLAND.into()),
            _ => None,
        };
        Some(Area {
            code: self.postcode.to_string().into(),
            name: self.postcode.to_string(),
            alternate_names: Vec::new(),
            level: Level::PostcodeDistrict,
            parent,
            also_within: Vec::new(),
            former_codes: Vec::new(),
            centroid: Some(self.point),
            bounding_box: Some(self.bounding_box),
            boundary: None,
        })
    }

    fn of(postcode: Postcode, members: &[Member<'_>]) -> Option<Self> {
        let range = |of: fn(Point) -> f64| {
            let mut values: Vec<f64> = members.iter().map(|member| of(member.point)).collect();
            values.sort_by(f64::total_cmp);
            Some((*values.first()?, values[values.len() / 2], *values.last()?))
        };
        let (south, latitude, north) = range(Point::latitude)?;
        let (west, longitude, east) = range(Point::longitude)?;
        let point = Point::new(latitude, longitude).ok()?;
        let corners = (Point::new(south, west).ok()?, Point::new(north, east).ok()?);
        let mut distances: Vec<f64> =
            members.iter().map(|member| member.point.distance(point).as_f64()).collect();
        distances.sort_by(f64::total_cmp);
        let nine_in_ten = distances[(distances.len() * 9 / 10).min(distances.len() - 1)];
        let live = members.iter().filter(|member| member.is_live).count();
        Some(Self {
            postcode,
            units: u32::try_from(live).ok()?,
            point,
            bounding_box: BoundingBox::new(corners.0, corners.1).ok()?,
            radius: Metres::new(nine_in_ten.max(50.0)).ok()?,
            holders: holders(members),
        })
    }
}

/// The councils of units, the commonest first; else the United Kingdom, if
/// they lie in it.
fn holders(units: &[Member<'_>]) -> Vec<Arc<str>> {
    let mut counts: Vec<(Arc<str>, usize)> = Vec::new();
    for code in units.iter().flat_map(|unit| unit.areas.iter()) {
        if Level::of_code(code) == Level::Council {
            match counts.iter_mut().find(|(known, _)| known == code) {
                Some((_, count)) => *count += 1,
                None => counts.push((Arc::clone(code), 1)),
            }
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let is_british =
        units.iter().any(|unit| unit.areas.iter().any(|code| &**code == UNITED_KINGDOM));
    if counts.is_empty() && is_british {
        return vec![UNITED_KINGDOM.into()];
    }
    counts.into_iter().map(|(code, _)| code).collect()
}
