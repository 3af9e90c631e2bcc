//! Where records are, by the gazetteer.

use std::collections::BTreeSet;

use crate::gazetteer::{Alternative, Gazetteer, Kind, Resolution, ResolveError, Status};
use crate::harvest::locate::{Found, Resolver};
use crate::model::{Point, Postcode};
use crate::record::{Record, Value, texts};

/// The gazetteer, as the harvester asks it.
pub(super) struct Places<'a> {
    pub gazetteer: &'a Gazetteer,
}

impl Resolver for Places<'_> {
    fn postcode(&self, postcode: &Postcode) -> Option<Found> {
        let found = self.gazetteer.resolve(&postcode.to_string()).ok()?;
        let from = match (found.kind, found.status) {
            (Kind::Postcode, Status::Approximate) => "sector",
            (Kind::Postcode, _) => "postcode",
            _ => return None,
        };
        let areas = found.areas.iter().map(ToString::to_string).collect();
        Some(Found { name: found.label, point: Some(found.point), areas, from })
    }

    fn place(&self, name: &str) -> Vec<Found> {
        match self.gazetteer.resolve(name) {
            // No address is “in Coll” for the island, but for a village of
            // that name.
            Ok(found) if found.is_wide() => {
                let is_narrow = |text: &str| {
                    let other = self.gazetteer.resolve(text);
                    other.is_ok_and(|other| other.kind == Kind::Place && !other.is_wide())
                };
                let others = found.alternatives.into_iter();
                let others = others.filter(|other| is_narrow(&other.text));
                others.map(|other| self.alternative(other)).collect()
            }
            Ok(found) if found.kind == Kind::Place => {
                let others = found.alternatives.clone();
                let others = others.into_iter().map(|other| self.alternative(other));
                std::iter::once(of_place(found)).chain(others).collect()
            }
            Err(ResolveError::Ambiguous { choices, .. }) => {
                choices.into_iter().map(|other| self.alternative(other)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn meant(&self, name: &str) -> Vec<Found> {
        match self.gazetteer.resolve(name) {
            Ok(found) if found.kind == Kind::Place && !found.is_wide() => vec![of_place(found)],
            Err(ResolveError::Ambiguous { choices, .. }) => {
                choices.into_iter().map(|other| self.alternative(other)).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn of_place(found: Resolution) -> Found {
    let areas = found.areas.iter().map(ToString::to_string).collect();
    Found { name: found.label, point: Some(found.point), areas, from: "place" }
}

impl Places<'_> {
    fn alternative(&self, other: Alternative) -> Found {
        let areas = self.codes_at(other.point);
        Found { name: other.label, point: Some(other.point), areas, from: "place" }
    }

    /// Whether all places that a record tells are outside the areas `only`. A
    /// record that tells none is not.
    pub(super) fn is_outside(&self, record: &Record, only: &BTreeSet<String>) -> bool {
        let mut told = false;
        for location in record.values("locations").iter().filter_map(Value::as_node) {
            let number = |key: &str| location.values(key).first().and_then(Value::as_double);
            let point = number("latitude").zip(number("longitude"));
            let point =
                point.and_then(|(latitude, longitude)| Point::new(latitude, longitude).ok());
            let areas: Vec<String> = match point {
                Some(point) => self.codes_at(point),
                None => match texts(location.values("postcode")).next() {
                    Some(postcode) => match self.gazetteer.resolve(postcode) {
                        Ok(found) => found.areas.iter().map(ToString::to_string).collect(),
                        Err(_) => continue,
                    },
                    None => continue,
                },
            };
            told = true;
            if areas.iter().any(|code| only.contains(code)) {
                return false;
            }
        }
        let served = record.values("areaServed").iter().filter_map(Value::as_record);
        for area in served {
            told = true;
            let wider = self.gazetteer.containing(area.id());
            let is_inside = only.contains(area.id())
                || wider.iter().any(|area| only.contains(area.code.as_ref() as &str));
            if is_inside {
                return false;
            }
        }
        told
    }

    fn codes_at(&self, point: Point) -> Vec<String> {
        let areas = self.gazetteer.areas_at(point);
        let wider = areas.iter().flat_map(|area| self.gazetteer.containing(&area.code));
        areas.iter().copied().chain(wider).map(|area| area.code.to_string()).collect()
    }
}
