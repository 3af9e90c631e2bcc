//! Administrative areas: codes, names, and which lies within which.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::gazetteer::boundary::Boundary;
use crate::gazetteer::fold::fold;
use crate::gazetteer::table::{Row, Table, TableError};
use crate::model::{BoundingBox, Point};

/// The kind of an area, widest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The United Kingdom.
    State,
    /// A nation of it, such as Scotland.
    Country,
    /// A territorial health board.
    HealthBoard,
    /// A health and social care partnership.
    IntegrationAuthority,
    /// A council area or local authority district.
    Council,
    /// An electoral ward of a council.
    Ward,
    /// A community council's area.
    CommunityCouncil,
    /// A locality or settlement of the census.
    Locality,
    /// A statistical intermediate zone.
    IntermediateZone,
    /// A statistical data zone.
    DataZone,
    /// The outward half of a postcode.
    PostcodeDistrict,
    /// Any other area that an operator loaded.
    Other,
}

const LEVELS: [(Level, &str); 12] = [
    (Level::State, "state"),
    (Level::Country, "country"),
    (Level::HealthBoard, "health-board"),
    (Level::IntegrationAuthority, "integration-authority"),
    (Level::Council, "council"),
    (Level::Ward, "ward"),
    (Level::CommunityCouncil, "community-council"),
    (Level::Locality, "locality"),
    (Level::IntermediateZone, "intermediate-zone"),
    (Level::DataZone, "data-zone"),
    (Level::PostcodeDistrict, "postcode-district"),
    (Level::Other, "area"),
];

impl Level {
    /// The level's word in records and addresses, such as `health-board`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        LEVELS.iter().find(|(level, _)| *level == self).map_or("area", |(_, word)| word)
    }

    /// The words of all levels, the widest first.
    pub fn words() -> impl Iterator<Item = &'static str> + Clone {
        LEVELS.iter().map(|(_, word)| *word)
    }

    /// The level's name as people read it, such as `health board`.
    #[must_use]
    pub fn name(self) -> String {
        self.as_str().replace('-', " ")
    }

    /// The level whose word is `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        LEVELS.iter().find(|(_, known)| *known == word).map(|(level, _)| *level)
    }

    /// The level that a code's first three characters tell.
    ///
    /// Source: ONS, “Register of Geographic Codes”.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        match code.get(..3).unwrap_or_default() {
            "K02" => Self::State,
            "S92" | "E92" | "W92" | "N92" => Self::Country,
            "S08" | "W11" => Self::HealthBoard,
            "S37" => Self::IntegrationAuthority,
            "S12" | "E06" | "E07" | "E08" | "E09" | "W06" | "N09" => Self::Council,
            "S13" | "E05" | "W05" | "N08" | "N10" => Self::Ward,
            "S19" | "S20" | "S44" | "S45" | "S52" | "S53" => Self::Locality,
            "S02" => Self::IntermediateZone,
            "S01" => Self::DataZone,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A name and its language.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name as published.
    pub text: String,
    /// BCP 47 tag such as `gd`; `None` when the publisher does not say.
    pub language: Option<String>,
}

/// An administrative area.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// The GSS code in force, such as `S12000036`; a district's own text.
    pub code: Arc<str>,
    /// The main name.
    pub name: String,
    /// Further names: Gaelic, former, of the body that serves the area.
    pub alternate_names: Vec<Name>,
    /// What kind of area it is.
    pub level: Level,
    /// Code of the area one step up its own line: ward, council, country.
    pub parent: Option<Arc<str>>,
    /// Codes of areas of other lines that hold it whole: a council's health
    /// board and integration authority.
    pub also_within: Vec<Arc<str>>,
    /// Codes by which it was known before.
    pub former_codes: Vec<Arc<str>>,
    /// The centre of gravity; `None` for the United Kingdom, of which the
    /// gazetteer has no boundary.
    pub centroid: Option<Point>,
    /// The box round it; `None` as for the centroid.
    pub bounding_box: Option<BoundingBox>,
    /// The simplified outline; `None` when none is loaded.
    pub boundary: Option<Arc<Boundary>>,
}

impl Area {
    /// The codes of the areas one step further out, on all lines.
    fn wider(&self) -> impl Iterator<Item = &Arc<str>> {
        self.parent.iter().chain(&self.also_within)
    }

    /// All its names, the main one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let others = self.alternate_names.iter().map(|name| name.text.as_str());
        std::iter::once(self.name.as_str()).chain(others)
    }
}

/// All areas, by code.
#[derive(Debug, Clone, Default)]
pub(super) struct Areas {
    all: Vec<Area>,
    by_code: HashMap<Arc<str>, usize>,
    /// Code no longer in force → the area that has taken its place.
    by_former_code: HashMap<Arc<str>, usize>,
    /// Code → the areas one step further in, on any line.
    inside: HashMap<Arc<str>, Vec<usize>>,
}

impl Areas {
    /// Reads `areas.tsv` and the boundaries that belong to it.
    pub(super) fn read(table: &Table<'_>, boundaries: &Table<'_>) -> Result<Self, TableError> {
        let mut outlines = HashMap::new();
        for row in boundaries.rows() {
            let decimals = row.number::<u32>(1)?;
            let outline = Boundary::decode(decimals, row.text(2)?)
                .ok_or_else(|| row.error(2, "is not a boundary"))?;
            outlines.insert(row.text(0)?, Arc::new(outline));
        }
        let mut areas = Self::default();
        for row in table.rows() {
            areas.insert(area_of(&row, &outlines)?);
        }
        Ok(areas)
    }

    /// Adds `area`, in place of the one with its code.
    pub(super) fn insert(&mut self, area: Area) {
        let index = self.by_code.get(&area.code).copied().unwrap_or(self.all.len());
        self.by_code.insert(Arc::clone(&area.code), index);
        for code in &area.former_codes {
            self.by_former_code.insert(Arc::clone(code), index);
        }
        if let Some(before) = self.all.get(index) {
            for wider in before.wider() {
                self.inside.entry(Arc::clone(wider)).or_default().retain(|other| *other != index);
            }
        }
        for wider in area.wider() {
            self.inside.entry(Arc::clone(wider)).or_default().push(index);
        }
        if index == self.all.len() {
            self.all.push(area);
        } else {
            self.all[index] = area;
        }
    }

    pub(super) fn get(&self, code: &str) -> Option<&Area> {
        let index = self.by_code.get(code).or_else(|| self.by_former_code.get(code))?;
        Some(&self.all[*index])
    }

    pub(super) fn all(&self) -> &[Area] {
        &self.all
    }

    /// Folded name → indexes in [`Areas::all`], without postcode districts.
    pub(super) fn by_name(&self) -> HashMap<String, Vec<usize>> {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, area) in self.all.iter().enumerate() {
            for name in area.names().filter(|_| area.level != Level::PostcodeDistrict) {
                let same = by_name.entry(fold(name)).or_default();
                if same.last() != Some(&index) {
                    same.push(index);
                }
            }
        }
        by_name
    }

    /// The area itself and all that hold it, narrowest first.
    pub(super) fn containing(&self, code: &str) -> Vec<&Area> {
        let mut found: Vec<&Area> = self.get(code).into_iter().collect();
        let mut next = 0;
        while let Some(area) = found.get(next) {
            for wider in area.wider() {
                if let Some(wider) = self.get(wider)
                    && !found.iter().any(|known| known.code == wider.code)
                {
                    found.push(wider);
                }
            }
            next += 1;
        }
        found.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.code.cmp(&b.code)));
        found
    }

    /// The area itself, all that hold it and all that lie in it, each once and
    /// in no order.
    pub(super) fn related(&self, code: &str) -> Vec<&Area> {
        let mut found = self.containing(code);
        let Some(own) = self.get(code) else { return found };
        let mut known: HashSet<&str> = found.iter().map(|area| &*area.code).collect();
        let mut narrower = vec![own];
        while let Some(area) = narrower.pop() {
            for index in self.inside.get(&area.code).into_iter().flatten() {
                let inside = &self.all[*index];
                if known.insert(&inside.code) {
                    found.push(inside);
                    narrower.push(inside);
                }
            }
        }
        found
    }
}

fn area_of(row: &Row<'_>, outlines: &HashMap<&str, Arc<Boundary>>) -> Result<Area, TableError> {
    let code: Arc<str> = row.text(0)?.into();
    let level = Level::from_word(row.text(1)?).ok_or_else(|| row.error(1, "is not a level"))?;
    let alternate_names = row
        .list(3)?
        .map(|name| {
            let (language, text) = name.split_once(':').unwrap_or(("", name));
            let language = (!language.is_empty()).then(|| language.to_owned());
            Name { text: text.to_owned(), language }
        })
        .collect();
    let outline = match row.text(9)? {
        "" => outlines.get(&*code),
        other => outlines.get(other),
    };
    let centroid = match row.text(7)? {
        "" => outline.map(|outline| outline.centroid()),
        _ => Some(row.point(7)?),
    };
    Ok(Area {
        name: row.text(2)?.to_owned(),
        alternate_names,
        level,
        parent: Some(row.text(4)?).filter(|parent| !parent.is_empty()).map(Arc::from),
        also_within: row.list(5)?.map(Arc::from).collect(),
        former_codes: row.list(6)?.map(Arc::from).collect(),
        centroid,
        bounding_box: outline.map(|outline| outline.bounding_box()),
        boundary: outline.cloned(),
        code,
    })
}

/// Writes areas in the two forms that [`Areas::read`] takes: the table and
/// the boundaries.
pub(super) fn to_tables<'a>(areas: impl Iterator<Item = &'a Area>) -> (String, String) {
    let (mut table, mut boundaries) = (String::from(HEADING), String::new());
    for area in areas {
        let names: Vec<String> = area
            .alternate_names
            .iter()
            .map(|name| format!("{}:{}", name.language.as_deref().unwrap_or_default(), name.text))
            .collect();
        let (latitude, longitude) = area.centroid.map_or((String::new(), String::new()), |point| {
            (point.latitude().to_string(), point.longitude().to_string())
        });
        let columns = [
            area.code.to_string(),
            area.level.to_string(),
            area.name.clone(),
            names.join("|"),
            area.parent.as_deref().unwrap_or_default().to_owned(),
            area.also_within.join("|"),
            area.former_codes.join("|"),
            latitude,
            longitude,
            String::new(),
        ];
        table.push_str(&columns.map(|column| column.replace(['\t', '\n', '\r'], " ")).join("\t"));
        table.push('\n');
        if let Some(outline) = &area.boundary {
            boundaries.extend([&*area.code, "\t6\t", outline.encode().as_str(), "\n"]);
        }
    }
    (table, boundaries)
}

const HEADING: &str = "code\tlevel\tname\tother_names\tparent\talso_within\tformer_codes\tlatitude\tlongitude\tboundary_of\n";
