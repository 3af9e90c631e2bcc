//! OS Open Names: populated places and islands of Scotland, with their second
//! names.
//!
//! CSV tiles of 34 columns, with a byte order mark and without a heading.
//! Source: Ordnance Survey, “OS Open Names technical specification”.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::rows::{Fault, Heading, Row, Rows};
use super::source::Source;
use super::units::grid_point;
use super::{Format, LoadError, Loading};
use crate::gazetteer::Gazetteer;
use crate::gazetteer::areas::{Level, Name};
use crate::gazetteer::places::{Extent, Place, PlaceType};
use crate::gazetteer::store::{read_places, write_places};
use crate::model::BoundingBox;

const ID: usize = 0;
const NAME: usize = 2;
const OTHER_NAME: usize = 4;
const TYPE: usize = 6;
const LOCAL_TYPE: usize = 7;
const EASTING: usize = 8;
const NORTHING: usize = 9;
/// South-west and north-east on the grid: easting, northing, easting, northing.
const BOX: [usize; 4] = [12, 13, 14, 15];
const DISTRICT: usize = 16;
const COUNTRY: usize = 29;

/// An island less far across than this, in metres, is an islet.
const ISLET: f64 = 2_000.0;

pub(super) fn load(
    gazetteer: &Gazetteer,
    directory: &Path,
    source: &mut Source,
    loading: &mut Loading<'_>,
) -> Result<(), LoadError> {
    let mut places = read_places(directory)?;
    let members = source.members().to_vec();
    for member in members.iter().filter(|member| member.format == Format::OpenNames) {
        places.extend(source.read(member, |text| read(&member.name, text, gazetteer, loading))?);
    }
    loading.judge()?;
    // Of two with one identifier the later goes first where places are sorted.
    places.reverse();
    places.sort_by(|a, b| a.id.cmp(&b.id));
    places.dedup_by(|later, earlier| later.id == earlier.id);
    write_places(directory, &places)?;
    Ok(())
}

fn read(
    name: &str,
    source: &mut dyn Read,
    gazetteer: &Gazetteer,
    loading: &mut Loading<'_>,
) -> Result<Vec<Place>, LoadError> {
    Rows::new(name, source, Heading::Absent)?.read_all(loading, |row| read_row(row, gazetteer))
}

fn read_row(row: &Row<'_>, gazetteer: &Gazetteer) -> Result<Option<Place>, Fault> {
    let local_type = row.text(LOCAL_TYPE);
    let is_island = matches!(&*local_type, "Island" | "Group Of Islands");
    let is_wanted = row.text(TYPE) == "populatedPlace" || is_island;
    if !is_wanted || row.text(COUNTRY) != "Scotland" {
        return Ok(None);
    }
    let extent = if is_island { extent(row)? } else { None };
    let place_type = match &*local_type {
        _ if is_island => match &extent {
            Some(extent) if across(extent) >= ISLET => PlaceType::Island,
            _ => PlaceType::Islet,
        },
        "City" => PlaceType::City,
        "Town" => PlaceType::Town,
        "Village" => PlaceType::Village,
        "Suburban Area" => PlaceType::Suburb,
        "Hamlet" => PlaceType::Hamlet,
        "Other Settlement" => PlaceType::Settlement,
        _ => return Err(row.fault(LOCAL_TYPE, "is not a type of populated place")),
    };
    let name = |column: usize| {
        let text = row.text(column);
        let language = row.text(column + 1);
        (!text.is_empty()).then(|| Name { text: text.into_owned(), language: tag(&language) })
    };
    let first = name(NAME).ok_or_else(|| row.fault(NAME, "is no name"))?;
    let is_english = |name: &Name| name.language.as_deref() == Some("en");
    // The English name goes first, where there is one.
    let (name, other_name) = match name(OTHER_NAME) {
        Some(second) if !is_english(&first) && is_english(&second) => (second, Some(first)),
        second => (first, second),
    };
    let point =
        grid_point(row, EASTING, NORTHING)?.ok_or_else(|| row.fault(EASTING, "is no position"))?;
    let council = gazetteer.areas_at(point).into_iter().find(|area| area.level == Level::Council);
    Ok(Some(Place {
        id: row.text(ID).into_owned(),
        place_type,
        name,
        other_name,
        further_names: Vec::new(),
        point,
        district: row.text(DISTRICT).parse().ok(),
        council: council.map(|council| Arc::clone(&council.code)),
        extent,
        postcodes: 0,
    }))
}

/// The box round an island; `None` when the row doesn't say.
fn extent(row: &Row<'_>) -> Result<Option<Extent>, Fault> {
    let corner = |east: usize, north: usize| grid_point(row, BOX[east], BOX[north]);
    let (Some(low), Some(high)) = (corner(0, 1)?, corner(2, 3)?) else { return Ok(None) };
    let bounding_box =
        BoundingBox::new(low, high).map_err(|error| row.fault(BOX[1], &error.to_string()))?;
    Ok(Some(Extent { bounding_box, areas: Vec::new() }))
}

/// Metres from corner to corner.
fn across(extent: &Extent) -> f64 {
    let bounding_box = extent.bounding_box;
    bounding_box.south_west().distance(bounding_box.north_east()).as_f64()
}

/// The BCP 47 tag of a language of the file, which uses ISO 639-2.
fn tag(language: &str) -> Option<String> {
    let tag = match language {
        "" => return None,
        "eng" => "en",
        "gla" => "gd",
        "cym" => "cy",
        other => other,
    };
    Some(tag.to_owned())
}
