//! Postcodes, places and areas: text to a point, and a point to its areas.
//!
//! A [`Gazetteer`] lives in memory and never changes once built; a new one is
//! built when files are loaded, and takes the old one's place whole. Postcode
//! sectors, places, areas and simplified boundaries of Scotland are shipped
//! inside the program; the official files, which [`load`] takes, add whole
//! postcodes and fresher places and boundaries. Nothing here knows records,
//! and nothing but [`fetch`] touches the network.

mod areas;
mod boundary;
pub mod fetch;
mod fold;
mod load;
mod locate;
mod md5;
mod names;
mod parts;
mod place_postcode;
mod place_record;
mod places;
mod resolution;
mod resolve;
mod served;
mod store;
mod suggest;
mod table;
mod units;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

pub use areas::{Area, Level, Name};
pub use boundary::{Boundary, Corner, Ring};
pub use fold::fold;
pub use load::{Format, LoadError, Progress, Report, load};
pub use place_record::PlaceRecord;
pub use places::{Extent, Place, PlaceType};
pub use resolution::{Alternative, Kind, Resolution, ResolveError, Status};
pub use served::Served;
pub use store::GazetteerError;
pub use suggest::Suggestion;

use areas::Areas;
use locate::Locator;
use parts::Parts;
use places::Places;
use store::Stored;
use suggest::Suggestions;
use table::{Table, TableError};
use units::Units;

use crate::model::Point;

/// The folder in a data directory with the files that were loaded.
pub const FOLDER: &str = "gazetteer";

/// The code of Scotland.
pub const SCOTLAND: &str = "S92000003";
/// The code of the United Kingdom.
pub const UNITED_KINGDOM: &str = "K02000001";

const AREAS: &str = include_str!("../../seeds/gazetteer/areas.tsv");
const BOUNDARIES: &[u8] = include_bytes!("../../seeds/gazetteer/boundaries.txt.gz");
const PLACES: &str = include_str!("../../seeds/gazetteer/places.tsv");
const REGIONS: &str = include_str!("../../seeds/gazetteer/regions.tsv");
const NAMES: &str = include_str!("../../seeds/gazetteer/names.tsv");
const SECTORS: &str = include_str!("../../seeds/gazetteer/sectors.tsv");
const DISTRICTS: &str = include_str!("../../seeds/gazetteer/districts.tsv");

/// Postcodes, places and areas, ready to be asked.
#[derive(Debug, Clone)]
pub struct Gazetteer {
    areas: Areas,
    /// Folded name → indexes in [`Areas::all`], without postcode districts.
    areas_by_name: HashMap<String, Vec<usize>>,
    locator: Locator,
    places: Places,
    parts: Parts,
    units: Units,
    suggestions: Suggestions,
}

impl Gazetteer {
    /// The gazetteer that is shipped with the program: Scotland to the
    /// postcode sector.
    ///
    /// # Panics
    ///
    /// Never: the shipped files are read in the tests.
    #[must_use]
    pub fn embedded() -> Self {
        Self::build(Stored::default()).expect("the shipped files are whole")
    }

    /// The shipped gazetteer, overlaid by what [`load`] stored in `directory`;
    /// a directory that is not there is one with nothing in it.
    ///
    /// # Errors
    ///
    /// [`GazetteerError`] when a stored file can't be read or is damaged.
    pub fn open(directory: &Path) -> Result<Self, GazetteerError> {
        Ok(Self::build(Stored::read(directory)?)?)
    }

    fn build(stored: Stored) -> Result<Self, TableError> {
        let outlines = store::inflate(BOUNDARIES).expect("the shipped boundaries are whole");
        let mut areas = Areas::read(
            &Table::with_heading("areas.tsv", AREAS),
            &Table::without_heading("boundaries.txt", &outlines),
        )?;
        for area in stored.areas {
            areas.insert(area);
        }
        let mut places = places::read(&Table::with_heading("places.tsv", PLACES))?;
        let regions = places::read_regions(&Table::with_heading("regions.tsv", REGIONS))?;
        places.extend(places::with_regions(stored.places, regions));
        let mut parts = Parts::default();
        parts.read(&Table::with_heading("sectors.tsv", SECTORS))?;
        parts.read(&Table::with_heading("districts.tsv", DISTRICTS))?;
        parts.complete(&stored.units);
        for district in parts.districts() {
            areas.insert(district);
        }
        let areas_by_name = areas.by_name();
        let locator = Locator::new(&areas);
        let further = places::read_names(&Table::with_heading("names.tsv", NAMES))?;
        let places = Places::new(places, further);
        let suggestions = Suggestions::new(&areas, &places, &parts);
        Ok(Self { areas, areas_by_name, locator, places, parts, units: stored.units, suggestions })
    }

    /// The areas that hold `point`, narrowest first: ward, council,
    /// integration authority, health board, country, state.
    ///
    /// A point within 200 m of a coast, where the simplified boundaries cut
    /// off piers and shores, belongs to the nearest ward. A point outside all
    /// areas gives nothing.
    #[must_use]
    pub fn areas_at(&self, point: Point) -> Vec<&Area> {
        let all = self.areas.all();
        let mut found: Vec<&Area> = Vec::new();
        for index in self.locator.find(point) {
            for area in self.areas.containing(&all[index].code) {
                if !found.iter().any(|known| known.code == area.code) {
                    found.push(area);
                }
            }
        }
        found.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.code.cmp(&b.code)));
        found
    }

    /// The area with a code, also one no longer in force.
    #[must_use]
    pub fn area(&self, code: &str) -> Option<&Area> {
        self.areas.get(code)
    }

    /// The area with a code and all that hold it, narrowest first; nothing
    /// when the code is not known.
    #[must_use]
    pub fn containing(&self, code: &str) -> Vec<&Area> {
        self.areas.containing(code)
    }

    /// The codes of the areas with these `codes`, of all that hold any of them
    /// and of all that lie in any: who serves one of those serves one of these,
    /// or a part of it. Codes of no area are left out.
    #[must_use]
    pub fn related_areas(&self, codes: &[String]) -> Vec<String> {
        let related = codes.iter().flat_map(|code| self.areas.related(code));
        let mut related: Vec<String> = related.map(|area| area.code.to_string()).collect();
        related.sort_unstable();
        related.dedup();
        related
    }

    /// All areas, postcode districts included.
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.areas.all().iter()
    }

    /// All populated places, islands and regions.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        self.places.all()
    }

    /// How many whole postcodes are loaded; none are shipped.
    #[must_use]
    pub fn postcode_count(&self) -> usize {
        self.units.len()
    }

    /// Codes of the areas that hold `point`, narrowest first.
    fn codes_at(&self, point: Point) -> Vec<Arc<str>> {
        self.areas_at(point).into_iter().map(|area| Arc::clone(&area.code)).collect()
    }
}
