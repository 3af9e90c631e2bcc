//! Which place or area a name means.

use std::cmp::Reverse;

use crate::gazetteer::Gazetteer;
use crate::gazetteer::areas::{Area, Level};
use crate::gazetteer::fold::fold;
use crate::gazetteer::places::{Place, PlaceType};
use crate::gazetteer::resolution::{Alternative, Kind, Resolution, ResolveError, Status};
use crate::gazetteer::resolve::codes;
use crate::model::Postcode;

/// Two records of one name this near to each other are one place, in metres.
const ONE_PLACE: f64 = 3_000.0;
/// A place may be told by a bigger one this near, in metres: `Leith, Edinburgh`.
const NEIGHBOUR: f64 = 25_000.0;
/// Words behind a name that every place of the gazetteer answers to.
const ANYWHERE: [&str; 5] = ["scotland", "alba", "uk", "united kingdom", "great britain"];

/// Words behind a name that say which kind of area is meant; folded.
const LEVELS: [(&str, Level); 4] = [
    (" ward", Level::Ward),
    (" council", Level::Council),
    (" health board", Level::HealthBoard),
    (" integration authority", Level::IntegrationAuthority),
];

/// What goes by a name.
#[derive(Default)]
struct Namesakes<'a> {
    /// Biggest first, by type and then by postcodes; then by council and
    /// identifier.
    places: Vec<&'a Place>,
    /// Councils first.
    areas: Vec<&'a Area>,
    /// Whether more than the name was told, so that a lesser difference in
    /// size is enough to choose.
    is_narrowed: bool,
}

/// What a name means.
enum Meaning<'a> {
    Place(&'a Place),
    Area(&'a Area),
    Several,
    Nothing,
}

impl Gazetteer {
    pub(super) fn resolve_name(&self, text: &str) -> Result<Resolution, ResolveError> {
        let namesakes = self.namesakes(text);
        let meaning = namesakes.meaning();
        let but_for = |place: Option<&Place>, area: Option<&Area>| -> Vec<Alternative> {
            let places = namesakes.places.iter().filter(|other| place != Some(**other));
            let areas = namesakes.areas.iter().filter(|other| area != Some(**other));
            let places = places.map(|other| self.place_alternative(other));
            places.chain(areas.filter_map(|other| self.area_alternative(other))).collect()
        };
        match meaning {
            Meaning::Place(place) => {
                let alternatives = but_for(Some(place), None);
                Ok(Resolution { alternatives, ..self.of_place(place) })
            }
            Meaning::Area(area) => {
                let alternatives = but_for(None, Some(area));
                Ok(Resolution { alternatives, ..self.of_area(area)? })
            }
            Meaning::Several => {
                Err(ResolveError::Ambiguous { text: text.to_owned(), choices: but_for(None, None) })
            }
            Meaning::Nothing => {
                Err(ResolveError::Unknown { text: text.to_owned(), suggestions: Vec::new() })
            }
        }
    }

    fn of_place(&self, place: &Place) -> Resolution {
        let told = place.extent.as_ref().filter(|extent| !extent.areas.is_empty());
        let mut areas = match told {
            Some(extent) => self.holding(&extent.areas),
            None => self.codes_at(place.point),
        };
        if areas.is_empty()
            && let Some(council) = &place.council
        {
            areas = codes(&self.containing(council));
        }
        Resolution {
            kind: Kind::Place,
            status: if areas.is_empty() { Status::OutsideArea } else { Status::Live },
            terminated: None,
            precision: place.reach(),
            point: place.point,
            bounding_box: place.extent.as_ref().map(|extent| extent.bounding_box),
            areas,
            label: self.place_label(place),
            alternatives: Vec::new(),
        }
    }

    /// What to show for a place: `Portree, Highland`; the name alone when the
    /// council is called after it.
    pub(super) fn place_label(&self, place: &Place) -> String {
        let name = fold(&place.name.text);
        match self.council_name(place).filter(|council| !has_words(&fold(council), &name)) {
            Some(council) => format!("{}, {council}", place.name.text),
            None => place.name.text.clone(),
        }
    }

    /// The name of the council in which a place lies.
    pub(super) fn council_name(&self, place: &Place) -> Option<&str> {
        self.area(place.council.as_deref()?).map(|area| area.name.as_str())
    }

    /// The shortest text that resolves to `place`: its name, with the council
    /// where that is needed, with the district too, or else its position.
    pub(super) fn place_text(&self, place: &Place) -> String {
        let name = &place.name.text;
        let council = self.council_name(place);
        let district = place.district.map(|district| district.to_string());
        let candidates = [
            Some(name.clone()),
            council.map(|council| format!("{name}, {council}")),
            district.as_ref().map(|district| format!("{name}, {district}")),
            council
                .zip(district)
                .map(|(council, district)| format!("{name}, {council}, {district}")),
        ];
        let means_it = |text: &String| matches!(self.namesakes(text).meaning(), Meaning::Place(found) if found == place);
        candidates.into_iter().flatten().find(means_it).unwrap_or_else(|| place.point.to_string())
    }

    fn place_alternative(&self, place: &Place) -> Alternative {
        let kind = place.place_type.as_str();
        let district = place.district.filter(|_| place.extent.is_none());
        let label = match (self.council_name(place), district) {
            (Some(council), None) => format!("{}, {kind}, {council}", place.name.text),
            (Some(council), Some(district)) => {
                format!("{}, {kind}, {council} ({district})", place.name.text)
            }
            _ => format!("{}, {kind}", place.name.text),
        };
        let text = self.place_text(place);
        Alternative { text, label, kind: Kind::Place, point: place.point }
    }

    fn area_alternative(&self, area: &Area) -> Option<Alternative> {
        let level = area.level.name();
        Some(Alternative {
            text: self.area_text(area),
            label: format!("{}, {level}", area.name),
            kind: Kind::Area,
            point: area.centroid?,
        })
    }

    /// A text that people can read and that resolves to `area` alone: one of
    /// its names, with the word for what it is where that is needed, with the
    /// wider area too, or else its code.
    pub(super) fn area_text(&self, area: &Area) -> String {
        let level = area.level.name();
        let parent = area.parent.as_deref().and_then(|code| self.area(code));
        let with_level = format!("{} {level}", area.name);
        let with_parent = parent.map(|parent| format!("{with_level}, {}", parent.name));
        let names = area.names().map(str::to_owned);
        let means_it = |text: &String| matches!(self.namesakes(text).meaning(), Meaning::Area(found) if found.code == area.code);
        let mut candidates = names.chain([with_level]).chain(with_parent);
        candidates.find(means_it).unwrap_or_else(|| area.code.to_string())
    }

    /// All that goes by the name, with what stands behind it taken into
    /// account: `Kirkton, Angus`, `Kirkton, Fife, DD6`, `Kirkton Angus`,
    /// `Leith ward`.
    fn namesakes(&self, text: &str) -> Namesakes<'_> {
        let whole = fold(text);
        let exact = self.namesakes_of(&whole);
        if !exact.is_empty() {
            return exact.spelt(text);
        }
        let mut parts = text.split(',').map(fold).filter(|part| !part.is_empty());
        if let Some(name) = parts.next() {
            let qualifiers: Vec<String> = parts.collect();
            if !qualifiers.is_empty() {
                let named = self.namesakes_of(&name);
                let named = if named.is_empty() { self.of_level(&name) } else { named };
                return named.narrowed(self, &qualifiers);
            }
        }
        let of_level = self.of_level(&whole);
        if !of_level.is_empty() {
            return of_level;
        }
        if let Some(name) = whole.strip_prefix("the ") {
            let named = self.namesakes_of(name);
            if !named.is_empty() {
                return named;
            }
        }
        // Without a comma the longest name that leaves a sensible rest wins.
        let breaks: Vec<usize> = whole.match_indices(' ').map(|(at, _)| at).collect();
        for at in breaks.into_iter().rev() {
            let (name, rest) = whole.split_at(at);
            let narrowed = self.namesakes_of(name).narrowed(self, &[rest.trim().to_owned()]);
            if !narrowed.is_empty() {
                return narrowed;
            }
        }
        Namesakes::default()
    }

    /// The areas of a folded name that says of which kind they are.
    fn of_level(&self, folded: &str) -> Namesakes<'_> {
        let told = LEVELS.iter().find_map(|(word, level)| {
            let name = folded.strip_suffix(word)?;
            Some((self.namesakes_of(name.strip_prefix("the ").unwrap_or(name)), *level))
        });
        let Some((mut named, level)) = told else { return Namesakes::default() };
        named.places.clear();
        named.areas.retain(|area| area.level == level);
        named
    }

    fn namesakes_of(&self, folded: &str) -> Namesakes<'_> {
        let mut places: Vec<&Place> = self.places.named(folded).collect();
        places.sort_by(|a, b| {
            let key = |place: &Place| (place.place_type, Reverse(place.postcodes));
            key(a)
                .cmp(&key(b))
                .then_with(|| a.council.cmp(&b.council))
                .then_with(|| a.id.cmp(&b.id))
        });
        let indexes = self.areas_by_name.get(folded).into_iter().flatten();
        let mut areas: Vec<&Area> = indexes.map(|&index| &self.areas.all()[index]).collect();
        areas.sort_by(|a, b| (a.level.rank(), &a.code).cmp(&(b.level.rank(), &b.code)));
        Namesakes { places, areas, is_narrowed: false }
    }

    /// Whether a word behind a place's name is true of it: its district, its
    /// council, the island or region that it is on, or another place near by.
    fn is_in(&self, place: &Place, qualifier: &str) -> bool {
        if ANYWHERE.contains(&qualifier) {
            return true;
        }
        if let Ok(postcode) = qualifier.parse::<Postcode>() {
            return place.district == Some(postcode.district());
        }
        let council = place.council.as_deref().and_then(|code| self.area(code));
        let in_council = council
            .is_some_and(|council| council.names().any(|name| has_words(&fold(name), qualifier)));
        in_council
            || self.places.named(qualifier).any(|other| match &other.extent {
                Some(extent) => extent.bounding_box.contains(place.point),
                None => {
                    other.place_type < PlaceType::Suburb
                        && other.point.distance(place.point).as_f64() <= NEIGHBOUR
                }
            })
    }

    /// Whether a word behind an area's name is true of it: an area that holds it.
    fn area_is_in(&self, area: &Area, qualifier: &str) -> bool {
        ANYWHERE.contains(&qualifier)
            || self
                .containing(&area.code)
                .iter()
                .filter(|wider| wider.code != area.code)
                .any(|wider| wider.names().any(|name| has_words(&fold(name), qualifier)))
    }
}

impl Namesakes<'_> {
    fn is_empty(&self) -> bool {
        self.places.is_empty() && self.areas.is_empty()
    }

    /// Only those with the very accents of `text`, if it has any: `Port Rìgh`
    /// is Portree, `Port Righ` may be another.
    fn spelt(mut self, text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let is_spelt = |place: &Place| place.names().any(|name| name.text.to_lowercase() == text);
        if !text.is_ascii() && self.places.iter().any(|place| is_spelt(place)) {
            self.places.retain(|place| is_spelt(place));
        }
        self
    }

    fn narrowed(mut self, gazetteer: &Gazetteer, qualifiers: &[String]) -> Self {
        self.places.retain(|place| qualifiers.iter().all(|word| gazetteer.is_in(place, word)));
        self.areas.retain(|area| qualifiers.iter().all(|word| gazetteer.area_is_in(area, word)));
        self.is_narrowed = true;
        self
    }
}

impl<'a> Namesakes<'a> {
    /// The place much bigger than all others; else the council or other wide
    /// area; else the only ward.
    fn meaning(&self) -> Meaning<'a> {
        let widest = self.areas.first().copied();
        let Some(&biggest) = self.places.first() else {
            let wards = self.areas.iter().filter(|area| area.level.rank() >= 4).count();
            return match widest {
                None => Meaning::Nothing,
                Some(area) if area.level.rank() < 4 || wards == 1 => Meaning::Area(area),
                Some(_) => Meaning::Several,
            };
        };
        let is_small = !matches!(biggest.place_type, PlaceType::City | PlaceType::Town);
        if let Some(area) = widest.filter(|area| is_small && area.level.rank() < 4) {
            return Meaning::Area(area);
        }
        let is_clear = self.places[1..].iter().all(|other| {
            biggest.place_type.outranks(other.place_type)
                || (self.is_narrowed && biggest.place_type < other.place_type)
                || biggest.point.distance(other.point).as_f64() <= ONE_PLACE
        });
        if is_clear { Meaning::Place(biggest) } else { Meaning::Several }
    }
}

/// Whether the words stand in the name, side by side; both are folded.
fn has_words(name: &str, words: &str) -> bool {
    !matches!(words, "and" | "of") && format!(" {name} ").contains(&format!(" {words} "))
}
