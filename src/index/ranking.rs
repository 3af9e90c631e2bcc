//! How hits are ranked.
//!
//! **Words.** Each word of the query counts where it stands best in the entry:
//! the weight of the field times the weight of the way in which it matches. In
//! the name, the fewer other words the better. The mean over all words, with a
//! share for words that stand together as they do in the query, is the text
//! score, from 0 to 1. No statistics of the whole collection go into it (with
//! all words required, rare words need no lift), so that a score depends only
//! on query and entry: not on other entries, nor on how the text index has
//! laid out its segments. Weights are whole numbers so that sums are exact in
//! any order.
//!
//! **Nearness** falls with distance as a normal curve does: at a third of the
//! radius it is 0.3 (contract of geography, 4.1). What has no place has none.
//!
//! **The blend** is a weighted mean of both; without a centre it is the text
//! score.
//!
//! **Equals.** Beyond one and a half times the radius nearness is nothing, and
//! many hits have the same words. So of those of one score, what comes to the
//! place without having one (it serves the place, or is online) is first, then
//! the nearer before the further, and last what has no place at all. Names
//! decide when that is the same too.
//!
//! **Bands** come before scores: ordinary entries before deprioritised ones,
//! and in searches near a place what serves the place before what says that it
//! serves only elsewhere.

use crate::model::Metres;

/// A whole weight.
pub(super) const UNIT: u32 = 1_000_000;

/// Names of the text fields, in the order of their weights.
pub(super) const FIELDS: [&str; 5] =
    ["name", "summary", "description", "categories", "organisation"];

/// Weights of the text fields.
pub(super) const FIELD_WEIGHTS: [u32; 5] = [1_000_000, 800_000, 650_000, 500_000, 400_000];

/// Weights of the ways in which a word can match, as parts of [`UNIT`]. The
/// best field with a typing error weighs less than the worst without.
pub(super) const EXACT: u32 = 1_000_000;
pub(super) const STEM: u32 = 900_000;
pub(super) const PREFIX: u32 = 600_000;
pub(super) const ONE_ERROR: u32 = 300_000;
pub(super) const TWO_ERRORS: u32 = 200_000;

/// The share of words that stand together, added to the mean over words
/// before both are brought back to 1.
pub(super) const PHRASE: f64 = 0.2;

/// The weights of the blend.
pub(super) const TEXT_WEIGHT: f64 = 0.6;
pub(super) const NEARNESS_WEIGHT: f64 = 1.0 - TEXT_WEIGHT;

/// The radius that a search without one is taken to mean, in metres.
const USUAL_RADIUS: f64 = 10_000.0;

/// Nearness at a third of the radius.
const DECAY: f64 = 0.3;

/// The number of bands; those of deprioritised entries come after.
pub(super) const BANDS: u8 = 8;

/// The weight of a match in the name, by how many words the name has.
pub(super) fn by_length(weight: u32, words: u32) -> u32 {
    const PARTS: [u32; 8] = [1000, 912, 873, 850, 834, 822, 813, 806];
    let part = PARTS[(words.max(1) as usize - 1).min(PARTS.len() - 1)];
    weight / 1000 * part
}

/// The product of two weights.
pub(super) const fn times(one: u32, other: u32) -> u32 {
    one / 1000 * (other / 1000)
}

/// The text score from the sum of the weights of `words` words and the share
/// of words that stand together.
pub(super) fn text_score(sum: u32, words: usize, phrase: u32) -> f64 {
    let whole = f64::from(UNIT);
    #[expect(clippy::cast_precision_loss, reason = "queries have few words")]
    let mean = f64::from(sum) / (words as f64 * whole);
    if words < 2 {
        return mean;
    }
    (mean + PHRASE * f64::from(phrase) / whole) / (1.0 + PHRASE)
}

/// Nearness, from 0 to 1, at `distance` in a search within `radius`.
pub(super) fn nearness(distance: Option<Metres>, radius: Option<Metres>) -> f64 {
    let Some(distance) = distance else { return 0.0 };
    let scale = radius.map_or(USUAL_RADIUS, Metres::as_f64).max(1.0) / 3.0;
    let parts = distance.as_f64() / scale;
    (DECAY.ln() * parts * parts).exp()
}

/// The score that hits with words are ranked by, from 0 to 1.
pub(super) fn blend(text: f64, nearness: f64) -> f64 {
    TEXT_WEIGHT * text + NEARNESS_WEIGHT * nearness
}

#[cfg(test)]
#[path = "ranking_tests.rs"]
mod tests;
