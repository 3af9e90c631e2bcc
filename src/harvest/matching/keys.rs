//! Keys by which records become candidates, without comparing each with each.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::features::{Features, Name, is_common};
use crate::model::{Point, PostcodePart};

/// Cells of a degree: one is some 1.1 km from south to north.
const CELLS_NORTH: f64 = 100.0;

/// And as many from west to east, at the latitude of Scotland.
const CELLS_EAST: f64 = 56.0;

/// No more words, or pairs of words, of all names together make keys: each does
/// so with each postcode and position.
const MOST_WORDS: usize = 40;

/// The keys of a record, each a hash of its kind, its sort and its value.
pub(super) struct Keys {
    pub(super) usual: Vec<u64>,
    /// Those that are asked for only when too many records share a usual one.
    pub(super) narrow: Vec<u64>,
}

/// The keys under which a record is found.
pub(super) fn stored(features: &Features) -> Keys {
    keys(features, |point| vec![cell(point)])
}

/// The keys that a record asks for: as when it is stored, but its position
/// also asks in the cells round it.
pub(super) fn asked(features: &Features) -> Keys {
    keys(features, |point| {
        let (north, east) = cell(point);
        let near = (-1..=1).flat_map(|y| (-1..=1).map(move |x| (y, x)));
        near.map(|(y, x)| (north + y, east + x)).collect()
    })
}

fn keys(features: &Features, cells: impl Fn(&Point) -> Vec<(i64, i64)>) -> Keys {
    let mut usual = Vec::new();
    let mut add = |sort: &str, value: &dyn Fn(&mut DefaultHasher)| {
        usual.push(hash(&features.kind, sort, value));
    };
    for identifier in &features.identifiers {
        add("identifier", &|hasher| identifier.hash(hasher));
    }
    for address in &features.addresses {
        add("address", &|hasher| address.hash(hasher));
    }
    for phone in &features.phones {
        add("phone", &|hasher| phone.hash(hasher));
    }
    for email in &features.emails {
        add("email", &|hasher| email.address.hash(hasher));
        if let Some(domain) = &email.domain {
            add("domain", &|hasher| domain.hash(hasher));
        }
    }
    for page in &features.pages {
        add("page", &|hasher| page.address.hash(hasher));
    }
    for name in &features.names {
        add("name", &|hasher| name.key.hash(hasher));
    }
    let mut words: Vec<&str> = features.names.iter().flat_map(telling_words).collect();
    words.truncate(MOST_WORDS);
    for postcode in &features.postcodes {
        if postcode.part() == PostcodePart::Unit {
            add("unit", &|hasher| postcode.compact().hash(hasher));
        }
        for word in &words {
            add("outward", &|hasher| (postcode.outward(), word).hash(hasher));
        }
    }
    for cell in features.points.iter().flat_map(cells) {
        for word in &words {
            let start: String = word.chars().take(3).collect();
            add("cell", &|hasher| (cell, &start).hash(hasher));
        }
    }
    usual.sort_unstable();
    usual.dedup();
    let mut pairs: Vec<(&str, &str)> = features.names.iter().flat_map(word_pairs).collect();
    pairs.truncate(MOST_WORDS);
    let narrow = features.postcodes.iter().flat_map(|postcode| {
        pairs.iter().map(|pair| {
            hash(&features.kind, "pair", &|hasher| (postcode.outward(), pair).hash(hasher))
        })
    });
    Keys { usual, narrow: narrow.collect() }
}

fn hash(kind: &str, sort: &str, value: &dyn Fn(&mut DefaultHasher)) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, sort).hash(&mut hasher);
    value(&mut hasher);
    hasher.finish()
}

/// The words of a name that tell it from others; all, when none does.
fn telling_words(name: &Name) -> Vec<&str> {
    let telling: Vec<&str> = name.words().filter(|word| !is_common(word)).collect();
    if telling.is_empty() { name.words().collect() } else { telling }
}

/// Any two words of a name, for districts where one word is in very many names.
fn word_pairs(name: &Name) -> Vec<(&str, &str)> {
    /// Six words make fifteen pairs; further words tell little more.
    const WORDS: usize = 6;
    let mut words: Vec<&str> = name.words().take(WORDS).collect();
    words.sort_unstable();
    let pairs = words.iter().enumerate();
    pairs.flat_map(|(at, one)| words[at + 1..].iter().map(|other| (*one, *other))).collect()
}

fn cell(point: &Point) -> (i64, i64) {
    #[expect(clippy::cast_possible_truncation, reason = "a position has at most 360 degrees")]
    let whole = |number: f64| number.floor() as i64;
    (whole(point.latitude() * CELLS_NORTH), whole(point.longitude() * CELLS_EAST))
}
