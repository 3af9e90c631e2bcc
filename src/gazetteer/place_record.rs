//! Areas in a neutral form, from which the register makes `place` records.

use crate::gazetteer::Gazetteer;
use crate::gazetteer::areas::{Area, Level, Name};
use crate::model::Point;

/// An area as the fields of a `place` record.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRecord {
    /// GSS code, such as `S12000036`; a postcode district's own text.
    pub code: String,
    /// What kind of area it is.
    pub level: Level,
    /// The main name.
    pub name: String,
    /// Further names with their languages.
    pub alternate_names: Vec<Name>,
    /// Code of the area one step up.
    pub parent: Option<String>,
    /// Codes of areas of other lines that hold it whole.
    pub also_within: Vec<String>,
    /// Codes by which it was known before.
    pub former_codes: Vec<String>,
    /// The centre of gravity; of a district the middle of its postcodes.
    pub centroid: Option<Point>,
    /// The simplified outline as well-known text, longitude first, WGS 84.
    pub boundary: Option<String>,
}

impl Gazetteer {
    /// Every area as a place record, wider areas before those within them;
    /// text of boundaries is made as the iterator goes.
    pub fn place_records(&self) -> impl Iterator<Item = PlaceRecord> {
        let mut areas: Vec<&Area> = self.areas().collect();
        areas.sort_by(|a, b| a.level.cmp(&b.level).then_with(|| a.code.cmp(&b.code)));
        areas.into_iter().map(PlaceRecord::from)
    }
}

impl From<&Area> for PlaceRecord {
    fn from(area: &Area) -> Self {
        let codes = |codes: &[std::sync::Arc<str>]| codes.iter().map(ToString::to_string).collect();
        Self {
            code: area.code.to_string(),
            level: area.level,
            name: area.name.clone(),
            alternate_names: area.alternate_names.clone(),
            parent: area.parent.as_deref().map(str::to_owned),
            also_within: codes(&area.also_within),
            former_codes: codes(&area.former_codes),
            centroid: area.centroid,
            boundary: area.boundary.as_ref().map(|boundary| boundary.to_wkt()),
        }
    }
}
