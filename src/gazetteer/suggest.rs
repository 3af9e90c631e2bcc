//! What a text that is still being typed may become.

use std::cmp::Reverse;
use std::collections::{HashMap, hash_map};
use std::sync::Arc;

use crate::gazetteer::Gazetteer;
use crate::gazetteer::areas::{Area, Areas, Level};
use crate::gazetteer::fold::{begins_nearly, fold};
use crate::gazetteer::parts::{Part, Parts};
use crate::gazetteer::places::{Place, PlaceType, Places};
use crate::gazetteer::resolution::Kind;
use crate::model::{Point, Postcode, PostcodePart, Readings};

/// The most suggestions that are given, whatever is asked.
const MOST: usize = 100;
/// Shorter texts are not looked up with a slip forgiven, in bytes.
const SHORTEST_WITH_A_SLIP: usize = 4;

/// What a text may become.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// A text that [`Gazetteer::resolve`] takes for this and nothing else.
    pub text: String,
    /// The name that matched, such as `Port Rìgh`.
    pub label: String,
    /// What it is and where, such as `village, Highland`.
    pub detail: String,
    /// What it is.
    pub kind: Kind,
    /// Where it is.
    pub point: Option<Point>,
    /// The code of an area.
    pub code: Option<Arc<str>>,
}

/// Names in the order of their folded forms.
#[derive(Debug, Clone, Default)]
pub(super) struct Suggestions {
    names: Vec<Entry>,
    /// Districts and sectors without their space, in order.
    postcodes: Vec<(String, Postcode)>,
}

#[derive(Debug, Clone)]
struct Entry {
    /// The folded name, or its end from a later word on.
    folded: String,
    /// The name as it is shown.
    label: String,
    target: Target,
    weight: Weight,
    /// Which of its target's names it is; the first is the one most used.
    at: usize,
    /// How many of the name's first words `folded` leaves out.
    left_out: usize,
}

/// How likely a place or area is meant.
#[derive(Debug, Clone, Copy)]
struct Weight {
    /// By what it is, the likeliest first.
    rank: u8,
    postcodes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Target {
    Place(usize),
    Area(usize),
}

impl Suggestions {
    pub(super) fn new(areas: &Areas, places: &Places, parts: &Parts) -> Self {
        let mut names = Vec::new();
        for (index, place) in places.all().iter().enumerate() {
            let rank = rank_of_place(place.place_type);
            let weight = Weight { rank, postcodes: place.postcodes };
            for (at, name) in place.names().enumerate() {
                push(&mut names, &name.text, at, Target::Place(index), weight);
            }
        }
        for (index, area) in areas.all().iter().enumerate() {
            let shown = area.names().filter(|_| area.level != Level::PostcodeDistrict);
            let weight = Weight { rank: rank_of_area(area.level), postcodes: 0 };
            for (at, name) in shown.enumerate() {
                push(&mut names, name, at, Target::Area(index), weight);
            }
        }
        names.sort_by(|a, b| a.folded.cmp(&b.folded).then_with(|| a.target.cmp(&b.target)));
        let mut postcodes: Vec<(String, Postcode)> =
            parts.all().map(|part| (part.postcode.compact().to_owned(), part.postcode)).collect();
        postcodes.sort();
        Self { names, postcodes }
    }

    /// Names that begin with `typed`, likeliest first.
    fn beginning_with(&self, typed: &str) -> Vec<&Entry> {
        let first = self.names.partition_point(|entry| entry.folded.as_str() < typed);
        let found = self.names[first..].iter().take_while(|entry| entry.folded.starts_with(typed));
        ordered(found.collect(), typed)
    }

    /// Names that begin with `typed` when one slip is forgiven.
    fn beginning_nearly_with(&self, typed: &str) -> Vec<&Entry> {
        if typed.len() < SHORTEST_WITH_A_SLIP {
            return Vec::new();
        }
        let near = self.names.iter().filter(|entry| begins_nearly(&entry.folded, typed));
        ordered(near.collect(), typed)
    }

    /// Districts and sectors that begin with `compact`: those that `typed`
    /// spells with its space first, then the shorter.
    fn postcodes_beginning_with(&self, compact: &str, typed: &str) -> Vec<Postcode> {
        let first = self.postcodes.partition_point(|(known, _)| known.as_str() < compact);
        let found =
            self.postcodes[first..].iter().take_while(|(known, _)| known.starts_with(compact));
        let mut found: Vec<Postcode> = found.map(|(_, postcode)| *postcode).collect();
        found.sort_by_cached_key(|postcode| {
            let shown = postcode.to_string();
            (!shown.starts_with(typed), postcode.part(), postcode.outward().len(), shown)
        });
        found
    }
}

fn push(names: &mut Vec<Entry>, name: &str, at: usize, target: Target, weight: Weight) {
    let folded = fold(name);
    let tails = folded.match_indices(' ').map(|(at, _)| folded[at + 1..].to_owned());
    let forms: Vec<(usize, String)> = std::iter::once(folded.clone())
        .chain(tails)
        .enumerate()
        .filter(|(left_out, form)| *left_out == 0 || form.len() > 3)
        .collect();
    names.extend(forms.into_iter().map(|(left_out, folded)| Entry {
        folded,
        label: name.to_owned(),
        target,
        weight,
        at,
        left_out,
    }));
}

/// In the order that [`Gazetteer::autocomplete`] tells; each target once, by
/// the name of its that is most used among those that match.
fn ordered<'a>(mut entries: Vec<&'a Entry>, typed: &str) -> Vec<&'a Entry> {
    entries.sort_by(|a, b| {
        let key = |entry: &'a Entry| {
            let is_whole = entry.left_out == 0 && entry.folded == typed;
            let Weight { rank, postcodes } = entry.weight;
            let is_other_name = !is_whole && entry.at > 0;
            let size = (rank, is_other_name, Reverse(postcodes));
            let spelling = (entry.folded.len(), &entry.folded);
            (!is_whole, entry.left_out, size, spelling, entry.target)
        };
        key(a).cmp(&key(b))
    });
    let mut seen = HashMap::new();
    entries.retain(|entry| match seen.entry(entry.target) {
        hash_map::Entry::Vacant(place) => {
            place.insert(*entry);
            true
        }
        hash_map::Entry::Occupied(mut place) => {
            let key = |entry: &Entry| (entry.left_out > 0, entry.at);
            if key(entry) < key(place.get()) {
                place.insert(*entry);
            }
            false
        }
    });
    entries.iter().map(|entry| seen[&entry.target]).collect()
}

/// What the publisher calls smaller places tells little of their size: to it
/// Leith and Newton Mearns are “other settlements”.
const fn rank_of_place(place_type: PlaceType) -> u8 {
    match place_type {
        PlaceType::City => 0,
        PlaceType::Town => 1,
        PlaceType::Region | PlaceType::Island => 2,
        PlaceType::Village | PlaceType::Suburb | PlaceType::Hamlet | PlaceType::Settlement => 4,
        PlaceType::Islet => 5,
    }
}

const fn rank_of_area(level: Level) -> u8 {
    match level {
        Level::Council | Level::Country | Level::State => 1,
        Level::HealthBoard | Level::IntegrationAuthority => 3,
        _ => 7,
    }
}

impl Gazetteer {
    /// What `prefix` may become, likeliest first, at most `limit` (and never
    /// more than 100): places and areas by any of their names, postcode
    /// districts and sectors, and whole postcodes where they are loaded.
    ///
    /// A name that is `prefix` itself comes first, and those that begin with
    /// it before those of which a later word does. Of these come cities, then
    /// towns, councils and countries, then islands and regions, health boards
    /// and partnerships, then all other places, islets, and wards. Of one sort
    /// first those whose main name begins so, then those with more postcodes
    /// ([`Place::postcodes`]), the shorter name, the alphabet, the identifier.
    ///
    /// Case, accents, apostrophes and hyphens do not matter, nor “St” for
    /// “Saint”; when nothing begins so, one slip of the pen is forgiven.
    /// Nothing for an empty prefix.
    #[must_use]
    pub fn autocomplete(&self, prefix: &str, limit: usize) -> Vec<Suggestion> {
        let limit = limit.min(MOST);
        let mut typed = fold(prefix);
        if typed.is_empty() || prefix.len() > 200 {
            return Vec::new();
        }
        if prefix.trim().to_lowercase().ends_with("saint") && typed.ends_with("st") {
            // It is a whole word, which “St” alone need not be.
            typed.push(' ');
        }
        let mut found = Vec::new();
        let has_digit = typed.bytes().any(|byte| byte.is_ascii_digit());
        if !has_digit {
            found = self.named(self.suggestions.beginning_with(&typed), limit);
        }
        let spelt = prefix.trim().to_ascii_uppercase();
        let compact: String =
            spelt.chars().filter(|character| !character.is_whitespace()).collect();
        let may_be_postcode = compact.len() <= 7
            && (has_digit || compact.len() <= 2)
            && compact.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if may_be_postcode {
            let postcodes = self.suggestions.postcodes_beginning_with(&compact, &spelt);
            let parts = postcodes.iter().filter_map(|postcode| self.parts.get(postcode));
            found.extend(parts.map(|part| self.part_suggestion(part)).take(limit - found.len()));
            if found.len() < limit {
                found.extend(self.units_beginning_with(&compact, limit - found.len()));
            }
        }
        if found.is_empty() {
            found = self.named(self.suggestions.beginning_nearly_with(&typed), limit);
        }
        found
    }

    /// Places one of whose names begins with `prefix`, with that name: the
    /// whole name first, then the bigger ones, at most `limit`. Case, accents
    /// and punctuation do not matter. Nothing for an empty prefix.
    #[must_use]
    pub fn places_beginning_with(&self, prefix: &str, limit: usize) -> Vec<(&str, &Place)> {
        let typed = fold(prefix);
        if typed.is_empty() || prefix.len() > 200 {
            return Vec::new();
        }
        let entries = self.suggestions.beginning_with(&typed).into_iter();
        let places =
            entries.filter(|entry| entry.left_out == 0).filter_map(|entry| match entry.target {
                Target::Place(index) => Some((entry.label.as_str(), &self.places.all()[index])),
                Target::Area(_) => None,
            });
        places.take(limit).collect()
    }

    fn named(&self, entries: Vec<&Entry>, limit: usize) -> Vec<Suggestion> {
        entries.into_iter().take(limit).map(|entry| self.named_suggestion(entry)).collect()
    }

    fn named_suggestion(&self, entry: &Entry) -> Suggestion {
        match entry.target {
            Target::Place(index) => {
                let place = &self.places.all()[index];
                let mut detail = place.place_type.as_str().to_owned();
                if entry.label != place.name.text {
                    detail = format!("{}, {detail}", place.name.text);
                }
                if let Some(council) = self.council_name(place) {
                    detail = format!("{detail}, {council}");
                }
                Suggestion {
                    text: self.place_text(place),
                    label: entry.label.clone(),
                    detail,
                    kind: Kind::Place,
                    point: Some(place.point),
                    code: None,
                }
            }
            Target::Area(index) => {
                let area = &self.areas.all()[index];
                Suggestion {
                    text: self.area_text(area),
                    label: entry.label.clone(),
                    detail: self.area_detail(area),
                    kind: Kind::Area,
                    point: area.centroid,
                    code: Some(Arc::clone(&area.code)),
                }
            }
        }
    }

    fn area_detail(&self, area: &Area) -> String {
        let level = area.level.name();
        let parent = area.parent.as_deref().and_then(|code| self.area(code));
        match parent.filter(|_| area.level > Level::Council) {
            Some(parent) => format!("{level}, {}", parent.name),
            None => level,
        }
    }

    fn part_suggestion(&self, part: &Part) -> Suggestion {
        let kind = match part.postcode.part() {
            PostcodePart::District => Kind::District,
            _ => Kind::Sector,
        };
        let council = part.holders.first().and_then(|code| self.area(code));
        let word = format!("postcode {kind}");
        Suggestion {
            text: part.postcode.to_string(),
            label: part.postcode.to_string(),
            detail: council.map_or(word.clone(), |council| format!("{word}, {}", council.name)),
            kind,
            point: Some(part.point),
            code: (kind == Kind::District).then(|| part.postcode.to_string().into()),
        }
    }

    /// Loaded postcodes in use, once the whole sector has been typed; the
    /// sector itself where none are loaded that begin so.
    fn units_beginning_with(&self, compact: &str, limit: usize) -> Vec<Suggestion> {
        let sector = (3..=compact.len()).rev().find_map(|end| {
            let Readings { first, other } = Postcode::readings(&compact[..end]).ok()?;
            let is_known_sector = |postcode: &Postcode| {
                postcode.part() == PostcodePart::Sector && self.parts.get(postcode).is_some()
            };
            [Some(first), other].into_iter().flatten().find(is_known_sector)
        });
        let Some(sector) = sector else { return Vec::new() };
        let units = self.units.within(&sector).filter(|unit| unit.terminated.is_none());
        let beginning = units.filter(|unit| unit.postcode.compact().starts_with(compact));
        let mut beginning = beginning.peekable();
        if beginning.peek().is_none() && compact.len() > sector.compact().len() {
            let may_go_on = compact.len() <= sector.compact().len() + 2
                && compact[sector.compact().len()..].bytes().all(|byte| byte.is_ascii_alphabetic());
            let sector = self.parts.get(&sector).filter(|_| may_go_on && self.units.len() == 0);
            return sector.map(|sector| self.part_suggestion(sector)).into_iter().collect();
        }
        beginning
            .take(limit)
            .map(|unit| Suggestion {
                text: unit.postcode.to_string(),
                label: unit.postcode.to_string(),
                detail: "postcode".to_owned(),
                kind: Kind::Postcode,
                point: Some(unit.point),
                code: None,
            })
            .collect()
    }
}
