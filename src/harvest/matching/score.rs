//! Evidence for and against two records speaking of the same thing.
//!
//! Each feature that both have weighs so many bits: by one bit the odds are
//! twice as good. Source of the method: I. P. Fellegi and A. B. Sunter, “A
//! theory for record linkage”, JASA 64 (1969). The weights are our own, set
//! by hand so that the tests hold.

use std::fmt;

use serde::{Deserialize, Serialize};
use strsim::jaro_winkler;

use super::Entity;
use super::features::{Features, Name, Page, is_common};
use crate::model::{Postcode, PostcodePart};

/// What two records that only share a key have against them.
const BEFORE: f64 = -6.0;

/// From here on a pair is certain: some 99 in 100.
const CERTAIN: f64 = 7.0;

/// From here on a pair is worth a look: one in three.
const DOUBTFUL: f64 = -1.0;

/// From here on a record is taken for another's new version: two in three,
/// since what went and what came belong together beforehand.
const LIKELY: f64 = 1.0;

/// What the same name weighs, the most that names can.
const SAME_NAME: f64 = 7.0;

/// The place of [`Feature::Name`] among the weights.
const NAME: usize = 2;

/// A feature of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// A number in an official register.
    Identifier,
    /// The address of the thing, here or elsewhere.
    Address,
    /// What it is called.
    Name,
    /// Postcode or position.
    Place,
    /// Telephone.
    Phone,
    /// Page on the web.
    Page,
    /// E-mail.
    Email,
    /// Who provides it.
    Provider,
    /// On which days it takes place.
    Days,
}

/// What is to be done with a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Band {
    /// Nothing: they speak of two things.
    Different,
    /// A person must look.
    Doubtful,
    /// They may be linked.
    Certain,
}

/// How much speaks for two records being of the same thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// From 0 to 1.
    pub value: f64,
    /// What is to be done.
    pub band: Band,
    /// The evidence, the weightiest first.
    pub reasons: Vec<Reason>,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// Which feature.
    pub feature: Feature,
    /// How many bits it speaks for (or below zero: against) them.
    pub weight: f64,
    /// What the one record says.
    pub left: String,
    /// What the other says.
    pub right: String,
}

/// The evidence in numbers, without words.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    weights: [Option<f64>; 9],
    same_source: bool,
    other_kind: bool,
}

const FEATURES: [Feature; 9] = [
    Feature::Identifier,
    Feature::Address,
    Feature::Name,
    Feature::Place,
    Feature::Phone,
    Feature::Page,
    Feature::Email,
    Feature::Provider,
    Feature::Days,
];

/// How much speaks for two records being of the same thing; the same whichever
/// is first.
///
/// Certain takes a like name besides whatever else there is, no official
/// number against it, and two sources: a number alone may be a slip of the
/// pen, and one source knows its own records.
#[must_use]
pub fn score(a: &Entity, b: &Entity) -> Score {
    weigh(&Features::new(a), &Features::new(b)).explain(a, b)
}

pub(super) fn weigh(a: &Features, b: &Features) -> Evidence {
    let mut evidence = without_names(a, b);
    evidence.weights[NAME] = names(&a.names, &b.names);
    evidence
}

/// The evidence, unless the pair would be different whatever the names are:
/// names are most of the work.
pub(super) fn weigh_hopeful(a: &Features, b: &Features) -> Option<Evidence> {
    let mut evidence = without_names(a, b);
    let [identifier, address, ..] = evidence.weights;
    let is_hopeful =
        speaks(identifier) || speaks(address) || evidence.bits() + SAME_NAME >= DOUBTFUL;
    is_hopeful.then(|| {
        evidence.weights[NAME] = names(&a.names, &b.names);
        evidence
    })
}

fn without_names(a: &Features, b: &Features) -> Evidence {
    let weights = [
        identifiers(a, b),
        shares(&a.addresses, &b.addresses).then_some(11.0),
        None,
        place(a, b),
        both(&a.phones, &b.phones, |a, b| a == b).map(|same| if same { 4.0 } else { -1.0 }),
        pages(&a.pages, &b.pages),
        emails(a, b),
        provider(a.provider.as_ref(), b.provider.as_ref()),
        days(a, b),
    ];
    Evidence { weights, same_source: a.source == b.source, other_kind: a.kind != b.kind }
}

impl Evidence {
    /// All evidence together, in bits.
    pub(super) fn bits(&self) -> f64 {
        BEFORE + self.weights.iter().flatten().sum::<f64>()
    }

    pub(super) fn band(&self) -> Band {
        let [identifier, address, ..] = self.weights;
        if self.other_kind {
            Band::Different
        } else if self.bits() >= CERTAIN && self.is_well_founded() && !self.same_source {
            Band::Certain
        } else if self.bits() >= DOUBTFUL || speaks(identifier) || speaks(address) {
            Band::Doubtful
        } else {
            Band::Different
        }
    }

    /// Whether two versions of one source's records are rather one than two.
    pub(super) fn is_likely(&self) -> bool {
        self.bits() >= LIKELY && self.is_well_founded() && !self.other_kind
    }

    /// Whether the names speak for it, and no official number against.
    fn is_well_founded(&self) -> bool {
        let [identifier, _, name, ..] = self.weights;
        speaks(name) && identifier.is_none_or(|weight| weight > 0.0)
    }

    pub(super) fn explain(&self, a: &Entity, b: &Entity) -> Score {
        let told = FEATURES.into_iter().zip(self.weights);
        let mut reasons: Vec<Reason> = told
            .filter_map(|(feature, weight)| {
                let (left, right) = (told_by(feature, a), told_by(feature, b));
                Some(Reason { feature, weight: weight?, left, right })
            })
            .collect();
        reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        let value = if self.other_kind { 0.0 } else { 1.0 / (1.0 + (-self.bits()).exp2()) };
        Score { value, band: self.band(), reasons }
    }
}

fn speaks(weight: Option<f64>) -> bool {
    weight.is_some_and(|weight| weight > 0.0)
}

fn told_by(feature: Feature, entity: &Entity) -> String {
    /// A reason shows no more values of a feature than a person reads.
    const SHOWN: usize = 3;
    let list =
        |values: &[String]| values.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match feature {
        Feature::Identifier => {
            let numbers =
                entity.identifiers.iter().map(|(register, number)| format!("{register} {number}"));
            numbers.take(SHOWN).collect::<Vec<_>>().join(", ")
        }
        Feature::Address => {
            let all: Vec<String> =
                entity.addresses.iter().chain(&entity.same_as).cloned().collect();
            list(&all)
        }
        Feature::Name => list(&entity.names),
        Feature::Place if entity.postcodes.is_empty() => {
            let points = entity.points.iter().take(SHOWN);
            let points = points.map(|at| format!("{},{}", at.latitude(), at.longitude()));
            points.collect::<Vec<_>>().join(" ")
        }
        Feature::Place => {
            list(&entity.postcodes.iter().map(ToString::to_string).collect::<Vec<_>>())
        }
        Feature::Phone => list(&entity.phones),
        Feature::Page => list(&entity.urls),
        Feature::Email => list(&entity.emails),
        Feature::Provider => entity.provider.clone().unwrap_or_default(),
        Feature::Days => entity.days.to_text(),
    }
}

/// Whether any two values fit; `None` when one of the lists is empty.
fn both<T>(a: &[T], b: &[T], fit: impl Fn(&T, &T) -> bool) -> Option<bool> {
    (!a.is_empty() && !b.is_empty()).then(|| a.iter().any(|a| b.iter().any(|b| fit(a, b))))
}

fn shares<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    both(a, b, |a, b| a == b).unwrap_or(false)
}

fn identifiers(a: &Features, b: &Features) -> Option<f64> {
    if shares(&a.identifiers, &b.identifiers) {
        return Some(11.0);
    }
    let of_one_register = |one: &(String, String), other: &(String, String)| one.0 == other.0;
    if !both(&a.identifiers, &b.identifiers, of_one_register)? {
        return None;
    }
    // One slip of the pen away: it speaks against them, but not much.
    let nearly = both(&a.identifiers, &b.identifiers, |one, other| {
        one.0 == other.0 && one.1.len() >= 4 && strsim::osa_distance(&one.1, &other.1) == 1
    });
    Some(if nearly? { -1.0 } else { -8.0 })
}

fn names(a: &[Name], b: &[Name]) -> Option<f64> {
    let weights = a.iter().flat_map(|a| b.iter().map(|b| name_weight(a, b)));
    weights.reduce(f64::max)
}

fn name_weight(a: &Name, b: &Name) -> f64 {
    if a.key == b.key {
        return if a.is_distinct { SAME_NAME } else { 4.0 };
    }
    match likeness(a, b) {
        like if like >= 0.95 && a.is_distinct && b.is_distinct => 5.0,
        like if like >= 0.8 => 3.0,
        like if like >= 0.6 => 1.0,
        like if like >= 0.3 => -2.0,
        _ => -5.0,
    }
}

/// How alike two names are, from 0 to 1: by the words that they share, where a
/// common word counts less, and a slip of the pen is forgiven.
fn likeness(a: &Name, b: &Name) -> f64 {
    let weight = |word: &str| if is_common(word) { 0.4 } else { 1.0 };
    let all: f64 = a.words().chain(b.words()).map(weight).sum();
    let mut rest: Vec<&str> = b.words().collect();
    let mut shared = 0.0;
    let mut unmatched = Vec::new();
    for word in a.words() {
        if let Some(place) = rest.iter().position(|other| *other == word) {
            shared += 2.0 * weight(rest.swap_remove(place));
        } else {
            unmatched.push(word);
        }
    }
    // Group 1 and group 2 are two groups.
    let has_number = |words: &[&str]| {
        words.iter().any(|word| word.starts_with(|character: char| character.is_ascii_digit()))
    };
    let other_number = has_number(&unmatched) && has_number(&rest);
    // In order, so that the answer does not depend on which name is first.
    unmatched.sort_unstable();
    rest.sort_unstable();
    for word in unmatched {
        let near = rest.iter().position(|other| is_slip(word, other));
        if let Some(place) = near {
            shared += 0.95 * (weight(word) + weight(rest.remove(place)));
        }
    }
    let like = if all > 0.0 { shared / all } else { 0.0 };
    if other_number { like.min(0.5) } else { like }
}

/// Whether two words are one with a slip of the pen.
fn is_slip(one: &str, other: &str) -> bool {
    one.len().min(other.len()) >= 5
        && one.len().abs_diff(other.len()) <= 2
        && jaro_winkler(one, other) >= 0.93
}

fn place(a: &Features, b: &Features) -> Option<f64> {
    let is_unit = |postcode: &Postcode| postcode.part() == PostcodePart::Unit;
    if both(&a.postcodes, &b.postcodes, |a, b| a == b && is_unit(a)) == Some(true) {
        return Some(6.0);
    }
    let pairs = a.points.iter().flat_map(|a| b.points.iter().map(|b| a.distance(*b).as_f64()));
    if let Some(metres) = pairs.reduce(f64::min) {
        return Some(match metres {
            ..50.0 => 5.0,
            ..250.0 => 3.0,
            ..1_000.0 => 1.0,
            ..5_000.0 => -2.0,
            ..50_000.0 => -4.0,
            _ => -6.0,
        });
    }
    if both(&a.postcodes, &b.postcodes, |a, b| a.outward() == b.outward())? {
        // Two whole postcodes that differ speak against, though near.
        let whole = a.postcodes.iter().any(is_unit) && b.postcodes.iter().any(is_unit);
        return Some(if whole { -0.5 } else { 1.0 });
    }
    Some(if both(&a.postcodes, &b.postcodes, |a, b| a.area() == b.area())? { -3.0 } else { -5.0 })
}

fn pages(a: &[Page], b: &[Page]) -> Option<f64> {
    if both(a, b, |a, b| a.address == b.address && !a.is_front)? {
        return Some(5.0);
    }
    let is_same_host = both(a, b, |a, b| a.host == b.host)?;
    let is_same_front = both(a, b, |a, b| a.address == b.address)?;
    Some(match (is_same_front, is_same_host) {
        (true, _) => 3.0,
        (false, true) => 0.5,
        (false, false) => -1.0,
    })
}

fn emails(a: &Features, b: &Features) -> Option<f64> {
    if both(&a.emails, &b.emails, |a, b| a.address == b.address)? {
        return Some(4.0);
    }
    let same = both(&a.emails, &b.emails, |a, b| a.domain.is_some() && a.domain == b.domain)?;
    Some(if same { 1.5 } else { -0.5 })
}

fn provider(a: Option<&Name>, b: Option<&Name>) -> Option<f64> {
    let (a, b) = (a?, b?);
    let like = if a.key == b.key { 1.0 } else { likeness(a, b) };
    Some(match like {
        0.8.. => 1.5,
        0.5..0.8 => 0.0,
        _ => -2.0,
    })
}

fn days(a: &Features, b: &Features) -> Option<f64> {
    if a.days.is_empty() || b.days.is_empty() {
        return None;
    }
    Some(match a.days.shared(b.days) {
        _ if a.days == b.days => 1.0,
        shared if shared.is_empty() => -3.0,
        _ => 0.0,
    })
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { feature, weight, left, right } = self;
        write!(formatter, "{feature:?} {weight:+}: “{left}” and “{right}”")
    }
}
