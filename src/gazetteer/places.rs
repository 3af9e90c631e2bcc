//! Populated places, by name.

use std::collections::HashMap;
use std::sync::Arc;

use crate::gazetteer::areas::Name;
use crate::gazetteer::fold::fold;
use crate::gazetteer::table::{Row, Table, TableError};
use crate::model::{Metres, Point, Postcode};

/// How big a place is, biggest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceType {
    /// A city.
    City,
    /// A town.
    Town,
    /// A village.
    Village,
    /// A part of a town or city.
    Suburb,
    /// A few houses.
    Hamlet,
    /// What the publisher calls “other settlement”.
    Settlement,
}

impl PlaceType {
    /// The type whose word, in the gazetteer's own tables, is `word`.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "city" => Self::City,
            "town" => Self::Town,
            "village" => Self::Village,
            "suburb" => Self::Suburb,
            "hamlet" => Self::Hamlet,
            "other" => Self::Settlement,
            _ => return None,
        })
    }

    /// The word in the gazetteer's own tables.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Town => "town",
            Self::Village => "village",
            Self::Suburb => "suburb",
            Self::Hamlet => "hamlet",
            Self::Settlement => "other",
        }
    }

    /// The type's name as people read it, such as `suburb`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Settlement => "settlement",
            _ => self.word(),
        }
    }

    /// How far from its position a place commonly reaches.
    pub(super) fn reach(self) -> Metres {
        let metres = match self {
            Self::City => 4_000.0,
            Self::Town => 1_500.0,
            Self::Village => 600.0,
            Self::Suburb => 800.0,
            Self::Hamlet => 300.0,
            Self::Settlement => 500.0,
        };
        Metres::new(metres).expect("the reach is positive")
    }

    /// Whether a place of this type is so much bigger than one of the other
    /// that the name alone means it.
    ///
    /// A suburb and a hamlet are both small, and a village may be smaller
    /// than a suburb: there the name does not tell.
    pub(super) const fn outranks(self, other: Self) -> bool {
        match self {
            Self::City => !matches!(other, Self::City),
            Self::Town => !matches!(other, Self::City | Self::Town),
            Self::Village => matches!(other, Self::Hamlet | Self::Settlement),
            Self::Suburb | Self::Hamlet | Self::Settlement => false,
        }
    }
}

/// A populated place.
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
    /// Where it is.
    pub point: Point,
    /// The postcode district it lies in.
    pub district: Option<Postcode>,
    /// Code of the council it lies in.
    pub council: Option<Arc<str>>,
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
        places.dedup_by(|later, earlier| later.id == earlier.id);
        for place in &mut places {
            place.further_names = further.remove(&*place.id).unwrap_or_default();
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
    let word = row.text(1)?;
    Ok(Place {
        id: row.text(0)?.to_owned(),
        place_type: PlaceType::from_word(word)
            .ok_or_else(|| row.error(1, "is not a type of place"))?,
        name: name(2)?.ok_or_else(|| row.error(2, "is no name"))?,
        other_name: name(4)?,
        further_names: Vec::new(),
        point: row.point(6)?,
        district: row.text(8)?.parse().ok(),
        council: Some(row.text(9)?).filter(|code| !code.is_empty()).map(Arc::from),
    })
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
        ];
        table.push_str(&columns.map(|column| column.replace(['\t', '\n', '\r'], " ")).join("\t"));
        table.push('\n');
    }
    table
}

const HEADING: &str = "id\ttype\tname\tlanguage\tother_name\tother_language\tlatitude\tlongitude\tdistrict\tcouncil\n";
