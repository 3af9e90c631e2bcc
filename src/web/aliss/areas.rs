//! Areas as ALISS lists them: its codes, its kinds, its numbers and slugs.

use std::collections::HashSet;

use crate::gazetteer::{Area, Gazetteer, Level, SCOTLAND, UNITED_KINGDOM, fold};
use crate::web::aliss::terms;

/// The states and nations that an area may be, whether the gazetteer knows
/// them or not; what serves one of them is national.
pub(super) const COUNTRIES: [&str; 7] =
    [UNITED_KINGDOM, "K03000001", "K04000001", SCOTLAND, "E92000001", "W92000004", "N92000002"];

/// The nations of the United Kingdom.
pub(super) const NATIONS: [&str; 4] = [SCOTLAND, "E92000001", "W92000004", "N92000002"];

/// ALISS's own codes for Scotland and for the United Kingdom.
const OWN_CODES: [(&str, &str); 2] = [("XS", SCOTLAND), ("XB", UNITED_KINGDOM)];

/// What ALISS calls the levels: the level, its number, its label, and the names
/// of the properties of its outlines that have the name and the code.
const KINDS: &[(Level, &str, &str, &str, &str)] = &[
    (Level::State, "0", "Country", "ctry17nm", "ctry17cd"),
    (Level::Country, "0", "Country", "ctry17nm", "ctry17cd"),
    (Level::Council, "2", "Local Authority", "lad18nm", "lad18cd"),
    (Level::HealthBoard, "3", "Health Board", "HBName", "HBCode"),
    (Level::IntegrationAuthority, "4", "Integration Authority (HSCP)", "HIAName", "HIACode"),
    (Level::Ward, "5", "Ward", "name", "code"),
];

/// A level that ALISS has no word for.
const OTHER: (&str, &str, &str, &str) = ("6", "Other", "name", "code");

/// An area as clients of ALISS know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServiceArea {
    /// The code, ALISS's own for Scotland and the United Kingdom.
    pub(super) code: String,
    /// The number of its kind, from `0` to `6`.
    pub(super) number: &'static str,
    /// The label of its kind.
    pub(super) label: &'static str,
    /// What it is called.
    pub(super) name: String,
}

impl ServiceArea {
    /// What ALISS says of `area`.
    pub(super) fn of(area: &Area) -> Self {
        let (number, label, ..) = kind(area.level);
        Self { code: own_code(&area.code).to_owned(), number, label, name: area.name.clone() }
    }

    /// The area with `code` that is called `name`, which the gazetteer may not
    /// know.
    pub(super) fn named(gazetteer: &Gazetteer, code: &str, name: Option<String>) -> Self {
        if let Some(area) = gazetteer.area(code) {
            return Self::of(area);
        }
        let level = if COUNTRIES.contains(&code) { Level::Country } else { Level::of_code(code) };
        let (number, label, ..) = kind(level);
        let name = name.unwrap_or_else(|| code.to_owned());
        Self { code: own_code(code).to_owned(), number, label, name }
    }

    /// Whether it is a state or a nation.
    pub(super) fn is_country(&self) -> bool {
        self.number == "0"
    }

    /// What it is sorted by: countries first, then the name, then the kind.
    pub(super) fn order(&self) -> (bool, &str, &str, &str) {
        (!self.is_country(), &self.name, self.number, &self.code)
    }
}

/// Number, label and names of properties of a level.
pub(super) fn kind(level: Level) -> (&'static str, &'static str, &'static str, &'static str) {
    let row = KINDS.iter().find(|(known, ..)| *known == level);
    row.map_or(OTHER, |(_, number, label, name, code)| (number, label, name, code))
}

fn own_code(code: &str) -> &str {
    OWN_CODES.iter().find(|(_, official)| *official == code).map_or(code, |(own, _)| own)
}

/// The official code of a code of ALISS.
pub(super) fn official_code(code: &str) -> &str {
    let own = OWN_CODES.iter().find(|(own, _)| own.eq_ignore_ascii_case(code));
    own.map_or(code, |(_, official)| official)
}

/// The areas that services name: countries, councils, health boards,
/// integration authorities, and those narrower ones whose codes are `named`.
pub(super) fn listed<'a>(gazetteer: &'a Gazetteer, named: &[String]) -> Vec<&'a Area> {
    let is_usual = |area: &Area| kind(area.level).0 <= "4";
    let is_named = |area: &Area| named.iter().any(|code| **code == *area.code);
    let mut areas: Vec<&Area> =
        gazetteer.areas().filter(|area| is_usual(area) || is_named(area)).collect();
    areas.sort_by(|one, other| {
        let key = |area: &'a Area| (kind(area.level).0, area.name.as_str(), &*area.code);
        key(one).cmp(&key(other))
    });
    areas
}

/// The number of an area, by which clients ask for its outline.
pub(super) fn number(area: &Area) -> u32 {
    terms::number("service-area", &area.code)
}

/// The slugs of areas.
#[derive(Debug)]
pub(super) struct Slugs {
    /// Slugs of names that several areas have, or a council.
    shared: HashSet<String>,
}

impl Slugs {
    /// The slugs of the areas of `gazetteer`.
    pub(super) fn new(gazetteer: &Gazetteer) -> Self {
        let mut seen = HashSet::new();
        let names = gazetteer.areas().map(|area| (area.level, dashed(&area.name)));
        let shared = names.filter(|(level, slug)| {
            let is_new = seen.insert(slug.clone());
            *level == Level::Council || !is_new
        });
        Self { shared: shared.map(|(_, slug)| slug).collect() }
    }

    /// The slug of `area`: its name, with its kind where another has the same
    /// name and it is no council.
    pub(super) fn of(&self, area: &Area) -> String {
        let plain = dashed(&area.name);
        if area.level != Level::Council && self.shared.contains(&plain) {
            return format!("{plain}-{}", area.level.as_str());
        }
        plain
    }
}

fn dashed(name: &str) -> String {
    fold(name).split_whitespace().collect::<Vec<_>>().join("-")
}

/// The official codes of the areas that clients name by slug, code or number;
/// what names none is passed over.
pub(super) fn meant(gazetteer: &Gazetteer, values: &[String]) -> Vec<String> {
    if values.is_empty() {
        return Vec::new();
    }
    let slugs = Slugs::new(gazetteer);
    let is_meant = |area: &Area| {
        let slug = slugs.of(area);
        values.iter().any(|value| {
            official_code(value).eq_ignore_ascii_case(&area.code)
                || value.parse() == Ok(number(area))
                || value.eq_ignore_ascii_case(&slug)
        })
    };
    let named = |area: &&Area| area.level != Level::PostcodeDistrict && is_meant(area);
    gazetteer.areas().filter(named).map(|area| area.code.to_string()).collect()
}
