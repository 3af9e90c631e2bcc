//! What the three files of postcodes have in common: from a published row to
//! a stored unit with its areas.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::rows::{Fault, Row};
use super::source::Source;
use super::{Format, LoadError, Loading, code_point, onspd, spd};
use crate::gazetteer::areas::Level;
use crate::gazetteer::resolve::codes;
use crate::gazetteer::store::{UNIT_FILES, read_units, write_units};
use crate::gazetteer::units::{AreaSet, Unit, Units};
use crate::gazetteer::{Gazetteer, SCOTLAND, UNITED_KINGDOM};
use crate::model::{GridReference, Metres, Point, Postcode, PostcodePart};

/// A postcode as a file has it.
pub(super) struct Published {
    pub(super) postcode: Postcode,
    pub(super) point: Point,
    pub(super) precision: Metres,
    pub(super) terminated: Option<Date>,
    pub(super) given: Given,
}

/// The codes of areas that a file gives for a postcode, as they stand there.
pub(super) struct Given {
    pub(super) country: String,
    /// Ward, council and so on; empty or unknown ones do no harm.
    pub(super) narrower: Vec<String>,
}

/// The stored table of a format.
const fn stored_file(format: Format) -> Option<&'static str> {
    match format {
        Format::SpdSmallUser => Some(UNIT_FILES[0]),
        Format::SpdLargeUser => Some(UNIT_FILES[1]),
        Format::Onspd => Some(UNIT_FILES[2]),
        Format::CodePointOpen => Some(UNIT_FILES[3]),
        Format::Boundaries | Format::OpenNames => None,
    }
}

/// Loads the members that hold postcodes, if there are any.
pub(super) fn load(
    gazetteer: &Gazetteer,
    directory: &Path,
    source: &mut Source,
    loading: &mut Loading<'_>,
) -> Result<(), LoadError> {
    let mut tables = Vec::new();
    for format in loading.report.formats.clone() {
        let Some(file) = stored_file(format) else { continue };
        let mut sets = HashSet::new();
        let mut units = Vec::new();
        let members = source.members().to_vec();
        for member in members.iter().filter(|member| member.format == format) {
            let published = source.read(member, |text| match format {
                Format::CodePointOpen => code_point::read(&member.name, text, loading),
                Format::Onspd => onspd::read(&member.name, text, loading),
                _ => spd::read(&member.name, text, loading),
            })?;
            units.extend(published.into_iter().map(|row| row.into_unit(gazetteer, &mut sets)));
        }
        loading.judge()?;
        tables.push((file, replace(directory, file, units, loading)?));
    }
    for (file, table) in tables {
        write_units(directory, file, &table)?;
    }
    Ok(())
}

/// The stored table with the postcode areas of `new` replaced.
fn replace(
    directory: &Path,
    file: &str,
    new: Vec<Unit>,
    loading: &Loading<'_>,
) -> Result<Units, LoadError> {
    let areas: BTreeSet<String> = new.iter().map(|unit| unit.postcode.area().to_owned()).collect();
    let stored = read_units(directory, file)?;
    let (replaced, mut kept): (Vec<Unit>, Vec<Unit>) =
        stored.all().partition(|unit| areas.contains(unit.postcode.area()));
    if replaced.len() > 2 * new.len() {
        return Err(LoadError::Shrunk {
            file: loading.file.clone(),
            before: replaced.len(),
            now: new.len(),
            stored: directory.join(file),
        });
    }
    kept.extend(new);
    Ok(Units::new(kept))
}

impl Published {
    fn into_unit(self, gazetteer: &Gazetteer, sets: &mut HashSet<AreaSet>) -> Unit {
        let Self { postcode, point, precision, terminated, given } = self;
        let areas = given.areas(gazetteer, point);
        let known = sets.get(areas.as_slice()).map(Arc::clone);
        let areas = known.unwrap_or_else(|| {
            let areas: AreaSet = areas.into();
            sets.insert(Arc::clone(&areas));
            areas
        });
        Unit { postcode, point, precision, terminated, areas }
    }
}

impl Given {
    /// The areas that hold the postcode, narrowest first.
    ///
    /// The ward of the file where the gazetteer knows it, else the ward at
    /// the position when it lies in the council of the file, else the
    /// council. Outside Scotland the known areas and the United Kingdom.
    fn areas(&self, gazetteer: &Gazetteer, point: Point) -> Vec<Arc<str>> {
        let known = |level: Level| {
            let areas = self.narrower.iter().filter_map(|code| gazetteer.area(code));
            areas.into_iter().find(|area| area.level == level)
        };
        if let Some(ward) = known(Level::Ward) {
            return codes(&gazetteer.containing(&ward.code));
        }
        let council = known(Level::Council);
        if self.country == SCOTLAND || council.is_some() {
            let here = gazetteer.areas_at(point);
            return match council {
                Some(council) if here.iter().all(|area| area.code != council.code) => {
                    codes(&gazetteer.containing(&council.code))
                }
                _ => codes(&here),
            };
        }
        let is_british =
            ["E92", "W92", "N92"].iter().any(|nation| self.country.starts_with(nation));
        if is_british { vec![UNITED_KINGDOM.into()] } else { Vec::new() }
    }
}

/// The whole postcode in a cell.
pub(super) fn postcode(row: &Row<'_>, column: usize) -> Result<Postcode, Fault> {
    let postcode: Postcode =
        row.text(column).parse().map_err(|_| row.fault(column, "is not a postcode"))?;
    if postcode.part() == PostcodePart::Unit {
        Ok(postcode)
    } else {
        Err(row.fault(column, "is not a whole postcode"))
    }
}

/// The point of an easting and a northing; `None` when there are none.
pub(super) fn grid_point(
    row: &Row<'_>,
    easting: usize,
    northing: usize,
) -> Result<Option<Point>, Fault> {
    let (Some(east), Some(north)) = (row.number(easting)?, row.number(northing)?) else {
        return Ok(None);
    };
    if east == 0.0 && north == 0.0 {
        return Ok(None);
    }
    let reference = GridReference::new(east, north)
        .map_err(|error| row.fault(easting, &format!("is not on the grid: {error}")))?;
    reference
        .to_point()
        .map(Some)
        .map_err(|error| row.fault(easting, &format!("is not on the grid: {error}")))
}

/// How far off a position may be, by Gridlink's indicator of quality: 1 to 3
/// a building, 4 the middle of the unit, 5 guessed from neighbours, 6 the
/// middle of the sector, 8 from before Gridlink.
pub(super) fn accuracy(indicator: Option<&str>) -> Metres {
    let metres = match indicator.unwrap_or_default() {
        "5" => 250.0,
        "6" => 2_000.0,
        "8" => 1_000.0,
        _ => 100.0,
    };
    Metres::new(metres).expect("the precision is positive")
}
