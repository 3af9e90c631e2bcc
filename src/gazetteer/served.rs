//! Which administrative area a name means, where an area is asked for and no
//! position: what a service says that it serves.

use crate::gazetteer::Gazetteer;
use crate::gazetteer::areas::{Area, Level};
use crate::gazetteer::fold::fold;

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 200;

/// Words before the name of an area that say nothing; folded.
const BEFORE: [&str; 7] =
    ["the ", "all of ", "whole of ", "across ", "throughout ", "anywhere in ", "area of "];

/// Words behind the name of an area that say nothing; folded.
const BEHIND: [&str; 5] = [" council area", " council", " area", " wide", " region"];

/// What a text means as an area.
#[derive(Debug, Clone, PartialEq)]
pub enum Served<'a> {
    /// This one.
    One(&'a Area),
    /// One of these, and nobody knows which.
    Several(Vec<&'a Area>),
    /// None that is known.
    Nothing,
}

impl Gazetteer {
    /// The area that `text` means: by its code, also a former one, or by one of
    /// its names in full, `The Highland Council` and `Scotland-wide` included.
    ///
    /// Postcodes mean none: whoever is near one is found by its position. Of
    /// areas of one name the council goes first, then countries, health boards
    /// and partnerships. A ward is meant only when no place of its name lies
    /// elsewhere. Nothing is guessed: what is only alike means nothing.
    #[must_use]
    pub fn served(&self, text: &str) -> Served<'_> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST {
            return Served::Nothing;
        }
        let by_code = self.area(&text.to_ascii_uppercase());
        if let Some(area) = by_code.filter(|area| area.level != Level::PostcodeDistrict) {
            return Served::One(area);
        }
        let folded = fold(text);
        let plain = plain(&folded);
        match self.area_called(&folded) {
            Served::Nothing if plain != folded => self.area_called(plain),
            found => found,
        }
    }

    /// The area of a folded name.
    fn area_called(&self, folded: &str) -> Served<'_> {
        let named = self.areas_by_name.get(folded).into_iter().flatten();
        let named: Vec<&Area> = named.map(|&index| &self.areas.all()[index]).collect();
        let Some(best) = named.iter().map(|area| area.level.rank()).min() else {
            return Served::Nothing;
        };
        let is_ward = best >= 4;
        let best: Vec<&Area> = named.into_iter().filter(|area| area.level.rank() == best).collect();
        match best.as_slice() {
            [area] if !(is_ward && self.is_also_elsewhere(area, folded)) => Served::One(area),
            _ => Served::Several(best),
        }
    }

    /// Whether a populated place of this name lies outside `area`.
    fn is_also_elsewhere(&self, area: &Area, folded: &str) -> bool {
        let is_in = |code: &std::sync::Arc<str>| *code == area.code;
        self.places.named(folded).any(|place| !self.codes_at(place.point).iter().any(is_in))
    }
}

/// A folded name without the words around it that say nothing.
fn plain(folded: &str) -> &str {
    let mut name = folded;
    while let Some(rest) = BEFORE.iter().find_map(|before| name.strip_prefix(before)) {
        name = rest;
    }
    BEHIND.iter().find_map(|behind| name.strip_suffix(behind)).unwrap_or(name)
}

#[cfg(test)]
#[path = "served_tests.rs"]
mod tests;
