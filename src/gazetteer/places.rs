//! Populated places, islands and regions, by name.

use std::collections::HashMap;
use std::sync::Arc;

use crate::gazetteer::areas::{Level, Name};
use crate::gazetteer::fold::fold;
use crate::gazetteer::table::{Row, Table, TableError};
use crate::model::{BoundingBox, Metres, Point, Postcode};

/// How big a place is, biggest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceType {
    /// A city.
    City,
    /// A town.
    Town,
    /// A part of the country that is no area with a code, such as Lochaber.
    Region,
    /// An island on which people can live.
    Island,
    /// A village.
    Village,
    /// A part of a town or city.
    Suburb,
    /// A few houses.
    Hamlet,
    /// What the publisher calls “other settlement”.
    Settlement,
    /// An island less than two kilometres across.
    Islet,
}

impl PlaceType {
    /// The type whose word, in the gazetteer's own tables, is `word`.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "city" => Self::City,
            "town" => Self::Town,
            "region" => Self::Region,
            "island" => Self::Island,
            "village" => Self::Village,
            "suburb" => Self::Suburb,
            "hamlet" => Self::Hamlet,
            "other" => Self::Settlement,
            "islet" => Self::Islet,
            _ => return None,
        })
    }

    /// The word in the gazetteer's own tables.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Town => "town",
            Self::Region => "region",
            Self::Island => "island",
            Self::Village => "village",
            Self::Suburb => "suburb",
            Self::Hamlet => "hamlet",
            Self::Settlement => "other",
            Self::Islet => "islet",
        }
    }

    /// The type's name as people read it, such as `suburb`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Settlement => "settlement",
            Self::Islet => "island",
            _ => self.word(),
        }
    }

    /// How far from its position a place of the type commonly reaches.
    fn reach(self) -> Metres {
        let metres = match self {
            Self::City => 4_000.0,
            Self::Town => 1_500.0,
            Self::Region => 20_000.0,
            Self::Island => 5_000.0,
            Self::Village => 600.0,
            Self::Suburb => 800.0,
            Self::Hamlet => 300.0,
            Self::Settlement | Self::Islet => 500.0,
        };
        Metres::new(metres).expect("the reach is positive")
    }

    /// Whether a place of this type is so much bigger than one of the other
    /// that the name alone means it.
    ///
    /// A suburb and a hamlet are both small, and a village may be smaller
    /// than a suburb: there the name does not tell. Nobody means a rock in
    /// the sea.
    pub(super) const fn outranks(self, other: Self) -> bool {
        match self {
            Self::City => !matches!(other, Self::City),
            Self::Town => !matches!(other, Self::City | Self::Town),
            Self::Region | Self::Island => {
                !matches!(other, Self::City | Self::Town | Self::Region | Self::Island)
            }
            Self::Village => matches!(other, Self::Hamlet | Self::Settlement | Self::Islet),
            Self::Suburb | Self::Hamlet | Self::Settlement => matches!(other, Self::Islet),
            Self::Islet => false,
        }
    }
}

/// How far an island or region goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Extent {
    /// The box round it.
    pub bounding_box: BoundingBox,
    /// Codes of the councils and wards that it has a part in, the main council
    /// first; empty where only its position is known.
    pub areas: Vec<Arc<str>>,
}

/// A populated place, an island or a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The publisher's identifier.
    pub id: String,
    /// How big it is.
    pub place_type: PlaceType,
    /// The English name where there is one, else the only name.
    pub name: Name,
    /// The publisher's second name, mostly the Gaelic one.
    pub other_name: Option<Name>,
    /// Names that the publisher doesn't have: Gaelic and Scots ones of the
    /// shipped table.
    pub further_names: Vec<Name>,
    /// Where it is; of a shipped island or region the middle of its postcodes.
    pub point: Point,
    /// The postcode district it lies in, or most of it.
    pub district: Option<Postcode>,
    /// Code of the council it lies in; `None` for one that several share.
    pub council: Option<Arc<str>>,
    /// Of an island or region, how far it goes.
    pub extent: Option<Extent>,
    /// How many postcodes it has, which tells how many people mean it: those
    /// to which it is the nearest place, of a town or city the nearest town or
    /// city, of an island or region those in it. Of 2020; 0 where it isn't
    /// known.
    pub postcodes: u32,
}

/// All places, in the order of their identifiers.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    places: Vec<Place>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Places {
    /// `further` are names of places by their identifiers.
    pub(super) fn new(mut places: Vec<Place>, mut further: HashMap<&str, Vec<Name>>) -> Self {
        // Of two with one identifier the later was loaded over the earlier.
        places.reverse();
        places.sort_by(|a, b| a.id.cmp(&b.id));
        places.dedup_by(|later, earlier| {
            let is_same = later.id == earlier.id;
            if is_same {
                earlier.postcodes = earlier.postcodes.max(later.postcodes);
            }
            is_same
        });
        for place in &mut places {
            place.further_names.extend(further.remove(&*place.id).unwrap_or_default());
        }
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, place) in places.iter().enumerate() {
            for name in place.names() {
                let same = by_name.entry(fold(&name.text)).or_default();
                if same.last() != Some(&index) {
                    same.push(index);
                }
            }
        }
        Self { places, by_name }
    }

    pub(super) fn all(&self) -> &[Place] {
        &self.places
    }

    /// The places that have the folded name.
    pub(super) fn named(&self, folded: &str) -> impl Iterator<Item = &Place> {
        self.by_name.get(folded).into_iter().flatten().map(|&index| &self.places[index])
    }
}

impl Place {
    /// All its names, the main one first.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        std::iter::once(&self.name).chain(&self.other_name).chain(&self.further_names)
    }

    /// How far it reaches: to the further corner of its box, or as its type
    /// does.
    pub(super) fn reach(&self) -> Metres {
        self.extent.as_ref().map_or_else(
            || self.place_type.reach(),
            |extent| {
                let corners = [extent.bounding_box.south_west(), extent.bounding_box.north_east()];
                let [one, other] = corners.map(|corner| self.point.distance(corner));
                if one.as_f64() > other.as_f64() { one } else { other }
            },
        )
    }

    /// Whether it is the island that the shipped table tells of too.
    fn is_island_of(&self, shipped: &Self) -> bool {
        let is_island = |place: &Self| place.place_type == PlaceType::Island;
        let has_its_name = || shipped.names().any(|name| self.has_name(&fold(&name.text)));
        let extent = shipped.extent.as_ref();
        let is_there = || extent.is_some_and(|it| it.bounding_box.contains(self.point));
        is_island(self) && is_island(shipped) && has_its_name() && is_there()
    }

    fn has_name(&self, folded: &str) -> bool {
        self.names().any(|name| fold(&name.text) == folded)
    }
}

/// Adds the shipped `regions` to the places that were loaded. An island that
/// both tell stands where the loaded one is, with the names and areas of both.
pub(super) fn with_regions(mut loaded: Vec<Place>, regions: Vec<Place>) -> Vec<Place> {
    let mut missing = Vec::new();
    for region in regions {
        let same = loaded.iter_mut().find(|place| place.is_island_of(&region));
        let Some(same) = same else {
            missing.push(region);
            continue;
        };
        let unknown = region.names().filter(|name| !same.has_name(&fold(&name.text)));
        let unknown: Vec<Name> = unknown.cloned().collect();
        same.further_names.extend(unknown);
        same.postcodes = same.postcodes.max(region.postcodes);
        if let (Some(extent), Some(told)) = (&mut same.extent, region.extent) {
            extent.areas = told.areas;
        }
    }
    loaded.extend(missing);
    loaded
}

/// Reads `regions.tsv`: islands and regions.
pub(super) fn read_regions(table: &Table<'_>) -> Result<Vec<Place>, TableError> {
    table.rows().map(|row| region_of(&row)).collect()
}

fn region_of(row: &Row<'_>) -> Result<Place, TableError> {
    let corners = (row.point(6)?, row.point(8)?);
    let bounding_box = BoundingBox::new(corners.0, corners.1)
        .map_err(|_| row.error(6, "is not south of its other corner"))?;
    let areas: Vec<Arc<str>> = row.list(11)?.map(Arc::from).collect();
    let mut councils = areas.iter().filter(|code| Level::of_code(code) == Level::Council);
    let council = councils.next().cloned().filter(|_| councils.next().is_none());
    let names = row.list(3)?.filter_map(|name| name.split_once(':')).map(|(language, text)| Name {
        text: text.to_owned(),
        language: Some(language.to_owned()),
    });
    Ok(Place {
        id: row.text(0)?.to_owned(),
        place_type: type_of(row, 1)?,
        name: Name { text: row.text(2)?.to_owned(), language: Some("en".to_owned()) },
        other_name: None,
        further_names: names.collect(),
        point: row.point(4)?,
        district: row.text(10)?.parse().ok(),
        council,
        extent: Some(Extent { bounding_box, areas }),
        postcodes: row.number(12)?,
    })
}

fn type_of(row: &Row<'_>, column: usize) -> Result<PlaceType, TableError> {
    PlaceType::from_word(row.text(column)?)
        .ok_or_else(|| row.error(column, "is not a type of place"))
}

/// Reads `names.tsv`: further names of places by their identifiers.
pub(super) fn read_names<'a>(table: &Table<'a>) -> Result<HashMap<&'a str, Vec<Name>>, TableError> {
    let mut names: HashMap<&str, Vec<Name>> = HashMap::new();
    for row in table.rows() {
        let (language, text) = (Some(row.text(2)?.to_owned()), row.text(3)?.to_owned());
        names.entry(row.text(0)?).or_default().push(Name { text, language });
    }
    Ok(names)
}

/// Reads `places.tsv`.
pub(super) fn read(table: &Table<'_>) -> Result<Vec<Place>, TableError> {
    table.rows().map(|row| place_of(&row)).collect()
}

fn place_of(row: &Row<'_>) -> Result<Place, TableError> {
    let name = |column: usize| -> Result<Option<Name>, TableError> {
        let (text, language) = (row.text(column)?, row.text(column + 1)?);
        let language = (!language.is_empty()).then(|| language.to_owned());
        Ok((!text.is_empty()).then(|| Name { text: text.to_owned(), language }))
    };
    // Of what was stored before these were known the last columns are missing.
    let extent = match row.text(10) {
        Ok(edges) if !edges.is_empty() => Some(Extent {
            bounding_box: box_of(edges).ok_or_else(|| row.error(10, "is no box"))?,
            areas: Vec::new(),
        }),
        _ => None,
    };
    let postcodes = if row.text(11).is_ok() { row.number(11)? } else { 0 };
    Ok(Place {
        id: row.text(0)?.to_owned(),
        place_type: type_of(row, 1)?,
        name: name(2)?.ok_or_else(|| row.error(2, "is no name"))?,
        other_name: name(4)?,
        further_names: Vec::new(),
        point: row.point(6)?,
        district: row.text(8)?.parse().ok(),
        council: Some(row.text(9)?).filter(|code| !code.is_empty()).map(Arc::from),
        extent,
        postcodes,
    })
}

/// South, west, north and east, with `|` between.
fn box_of(edges: &str) -> Option<BoundingBox> {
    let edges: Vec<f64> = edges.split('|').map(str::parse).collect::<Result<_, _>>().ok()?;
    let &[south, west, north, east] = edges.as_slice() else { return None };
    BoundingBox::new(Point::new(south, west).ok()?, Point::new(north, east).ok()?).ok()
}

/// Writes places in the form that [`read`] takes.
pub(super) fn to_table(places: &[Place]) -> String {
    let mut table = String::from(HEADING);
    for place in places {
        let name = |name: Option<&Name>| {
            let text = name.map(|name| name.text.clone()).unwrap_or_default();
            let language = name.and_then(|name| name.language.clone()).unwrap_or_default();
            [text, language]
        };
        let [main, main_language] = name(Some(&place.name));
        let [other, other_language] = name(place.other_name.as_ref());
        let columns = [
            place.id.clone(),
            place.place_type.word().to_owned(),
            main,
            main_language,
            other,
            other_language,
            place.point.latitude().to_string(),
            place.point.longitude().to_string(),
            place.district.map(|district| district.to_string()).unwrap_or_default(),
            place.council.as_deref().unwrap_or_default().to_owned(),
            place.extent.as_ref().map(edges_of).unwrap_or_default(),
            place.postcodes.to_string(),
        ];
        table.push_str(&columns.map(|column| column.replace(['\t', '\n', '\r'], " ")).join("\t"));
        table.push('\n');
    }
    table
}

/// The edges of an extent in the form that [`box_of`] takes.
fn edges_of(extent: &Extent) -> String {
    let (low, high) = (extent.bounding_box.south_west(), extent.bounding_box.north_east());
    let edges = [low.latitude(), low.longitude(), high.latitude(), high.longitude()];
    edges.map(|edge| edge.to_string()).join("|")
}

const HEADING: &str = "id\ttype\tname\tlanguage\tother_name\tother_language\tlatitude\tlongitude\tdistrict\tcouncil\textent\tpostcodes\n";
