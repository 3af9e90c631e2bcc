//! A text to a point: postcode, place, position or area code.

use std::sync::Arc;

use crate::gazetteer::areas::{Area, Level};
use crate::gazetteer::parts::Part;
use crate::gazetteer::resolution::{Alternative, Kind, Resolution, ResolveError, Status};
use crate::gazetteer::units::Unit;
use crate::gazetteer::{Gazetteer, UNITED_KINGDOM};
use crate::model::{Metres, Point, PointError, Postcode, PostcodePart, Readings};

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 200;

impl Gazetteer {
    /// Where `text` is: a postcode, sector or district in any case and
    /// spacing; the name of a place or area, also with its council or
    /// district (`Kirkton, Angus`); `latitude,longitude`; or an area's code.
    ///
    /// # Errors
    ///
    /// [`ResolveError::Malformed`] and [`ResolveError::Swapped`] when the
    /// text can't be right; [`ResolveError::Unknown`] when it could, but is
    /// not known; [`ResolveError::Ambiguous`] when it means several places.
    pub fn resolve(&self, text: &str) -> Result<Resolution, ResolveError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(ResolveError::Malformed(format!(
                "a postcode, place or position has at most {LONGEST} characters"
            )));
        }
        if is_area_code(text) {
            return self.resolve_code(text);
        }
        if let Some(position) = read_position(text) {
            return self.resolve_position(text, position);
        }
        let unreadable = match Postcode::readings(text) {
            Ok(readings) => return self.resolve_postcode(text, readings),
            Err(error) => error,
        };
        match self.resolve_name(text) {
            Err(ResolveError::Unknown { .. }) => {}
            found => return found,
        }
        if let Some(postcode) = trailing_postcode(text) {
            return self.resolve_postcode(text, Readings { first: postcode, other: None });
        }
        let has_letter = text.chars().any(char::is_alphabetic);
        if text.is_empty() || !has_letter {
            return Err(ResolveError::Malformed(format!(
                "`{text}` is no postcode, place name or position; write for example `EH6 8RG`, \
                 `Portree` or `57.15,-2.09`"
            )));
        }
        if text.len() <= 10 && text.chars().any(|character| character.is_ascii_digit()) {
            return Err(ResolveError::Malformed(unreadable.to_string()));
        }
        Err(self.unknown(text))
    }

    fn resolve_code(&self, text: &str) -> Result<Resolution, ResolveError> {
        let code = text.to_ascii_uppercase();
        let area = self.area(&code).ok_or_else(|| self.unknown(text))?;
        self.of_area(area)
    }

    /// The resolution that stands for an area.
    pub(super) fn of_area(&self, area: &Area) -> Result<Resolution, ResolveError> {
        let (Some(point), Some(bounding_box)) = (area.centroid, area.bounding_box) else {
            return Err(ResolveError::NoPosition(area.name.clone()));
        };
        let corner = bounding_box.north_east();
        Ok(Resolution {
            kind: Kind::Area,
            status: Status::Live,
            terminated: None,
            precision: point.distance(corner),
            point,
            bounding_box: Some(bounding_box),
            areas: codes(&self.containing(&area.code)),
            label: area.name.clone(),
            alternatives: Vec::new(),
        })
    }

    fn resolve_position(
        &self,
        text: &str,
        [latitude, longitude]: [f64; 2],
    ) -> Result<Resolution, ResolveError> {
        let swapped = Point::new(longitude, latitude);
        let point = Point::new(latitude, longitude);
        if !point.as_ref().is_ok_and(|point| point.is_british())
            && swapped.is_ok_and(Point::is_british)
        {
            let right = format!("{longitude},{latitude}");
            return Err(ResolveError::Swapped { text: text.to_owned(), right });
        }
        let point =
            point.map_err(|error: PointError| ResolveError::Malformed(error.to_string()))?;
        let areas = self.codes_at(point);
        Ok(Resolution {
            kind: Kind::Point,
            status: if areas.is_empty() { Status::OutsideArea } else { Status::Live },
            terminated: None,
            precision: Metres::new(0.0).expect("0 is a distance"),
            point,
            bounding_box: None,
            areas,
            label: format!("{latitude}, {longitude}"),
            alternatives: Vec::new(),
        })
    }

    /// The first reading that is known, with the other as an alternative.
    fn resolve_postcode(&self, text: &str, readings: Readings) -> Result<Resolution, ResolveError> {
        let first = self.of_postcode(&readings.first);
        let other = readings.other.and_then(|other| self.of_postcode(&other));
        match (first, other) {
            (Some(mut first), Some(other)) => {
                first.alternatives.push(Alternative {
                    text: other.label.clone(),
                    label: format!("{} {}", other.kind.as_str(), other.label),
                    kind: other.kind,
                    point: other.point,
                });
                Ok(first)
            }
            (Some(found), None) | (None, Some(found)) => Ok(found),
            (None, None) => Err(self.unknown(text)),
        }
    }

    /// What stands for a postcode; a whole one that is not known is
    /// approximated by its sector, else its district.
    pub(super) fn of_postcode(&self, postcode: &Postcode) -> Option<Resolution> {
        match postcode.part() {
            PostcodePart::District => Some(self.of_part(self.parts.get(postcode)?, Kind::District)),
            PostcodePart::Sector => Some(self.of_part(self.parts.get(postcode)?, Kind::Sector)),
            PostcodePart::Unit => {
                if let Some(unit) = self.units.find(postcode) {
                    return Some(of_unit(unit));
                }
                let sector = postcode.sector().and_then(|sector| self.parts.get(&sector));
                let part = sector.or_else(|| self.parts.get(&postcode.district()))?;
                Some(Resolution {
                    status: Status::Approximate,
                    label: postcode.to_string(),
                    ..self.of_part(part, Kind::Postcode)
                })
            }
        }
    }

    fn of_part(&self, part: &Part, kind: Kind) -> Resolution {
        Resolution {
            kind,
            status: if is_outside(&part.holders) { Status::OutsideArea } else { Status::Live },
            terminated: None,
            precision: part.radius,
            point: part.point,
            bounding_box: Some(part.bounding_box),
            areas: self.holding(&part.holders),
            label: part.postcode.to_string(),
            alternatives: Vec::new(),
        }
    }

    /// Codes of `areas` and of all that hold them, narrowest first; of those of
    /// one level the order is kept.
    pub(super) fn holding(&self, areas: &[Arc<str>]) -> Vec<Arc<str>> {
        let mut found: Vec<&Area> = Vec::new();
        for area in areas.iter().flat_map(|code| self.containing(code)) {
            if !found.iter().any(|known| known.code == area.code) {
                found.push(area);
            }
        }
        found.sort_by_key(|area| std::cmp::Reverse(area.level));
        codes(&found)
    }

    pub(super) fn unknown(&self, text: &str) -> ResolveError {
        let suggestions = self.autocomplete(text, 5).into_iter().map(|found| found.text).collect();
        ResolveError::Unknown { text: text.to_owned(), suggestions }
    }
}

impl Level {
    /// How likely a name means an area of this level: councils first.
    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::Council => 0,
            Self::Country | Self::State => 1,
            Self::HealthBoard => 2,
            Self::IntegrationAuthority => 3,
            _ => 4,
        }
    }
}

fn of_unit(unit: Unit) -> Resolution {
    let status = match unit.terminated {
        Some(_) => Status::Terminated,
        None if is_outside(&unit.areas) => Status::OutsideArea,
        None => Status::Live,
    };
    Resolution {
        kind: Kind::Postcode,
        status,
        terminated: unit.terminated,
        precision: unit.precision,
        point: unit.point,
        bounding_box: None,
        areas: unit.areas.to_vec(),
        label: unit.postcode.to_string(),
        alternatives: Vec::new(),
    }
}

/// Whether no area narrower than the United Kingdom is known.
fn is_outside(areas: &[Arc<str>]) -> bool {
    areas.iter().all(|code| &**code == UNITED_KINGDOM)
}

pub(super) fn codes(areas: &[&Area]) -> Vec<Arc<str>> {
    areas.iter().map(|area| Arc::clone(&area.code)).collect()
}

/// Whether the text has the form of a GSS code: a letter and eight digits.
fn is_area_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 9 && bytes[0].is_ascii_alphabetic() && bytes[1..].iter().all(u8::is_ascii_digit)
}

/// Two numbers with a comma or white space between, NaN and infinity included.
fn read_position(text: &str) -> Option<[f64; 2]> {
    let mut parts = text.split([',', ';', ' ', '\t']).filter(|part| !part.is_empty());
    let mut number = || parts.next()?.trim().parse::<f64>().ok();
    let numbers = [number()?, number()?];
    parts.next().is_none().then_some(numbers)
}

/// The whole postcode at the end of an address.
fn trailing_postcode(text: &str) -> Option<Postcode> {
    let words: Vec<&str> =
        text.split(|character: char| character == ',' || character.is_whitespace()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    [2, 1].into_iter().find_map(|count| {
        let tail = words.get(words.len().checked_sub(count)?..)?.join(" ");
        let postcode: Postcode = tail.parse().ok()?;
        (postcode.part() == PostcodePart::Unit).then_some(postcode)
    })
}
