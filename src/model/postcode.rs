//! UK postcodes: whole units, sectors and districts.
//!
//! The grammar alone: a postcode that is read here is well formed, which does
//! not say that it was ever given to anybody. The gazetteer knows that.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A UK postcode or the first part of one, in capitals.
///
/// The text has one space between its halves: `EH6 8RG`, `EH6 8`, `EH6`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Postcode {
    /// ASCII capitals and digits without the space, zero behind the end.
    compact: [u8; 7],
    outward_length: u8,
    inward_length: u8,
}

/// How much of a postcode there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PostcodePart {
    /// The outward half alone, such as `EH6`: some ten thousand addresses.
    District,
    /// The outward half and the first digit of the other, such as `EH6 8`.
    Sector,
    /// A whole postcode, such as `EH6 8RG`: some fifteen addresses.
    Unit,
}

/// Why a text is no postcode.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PostcodeError {
    /// There is nothing but white space.
    #[error("the postcode is empty")]
    Empty,
    /// A character is neither a letter from A to Z nor a digit.
    #[error("`{0}` is not a letter or digit of a postcode")]
    Character(char),
    /// The letters and digits are not in the order of a postcode.
    #[error(
        "`{0}` is not a postcode: one has an outward half such as `EH6` or `G12`, and an inward \
         half of a digit and two letters such as `8RG`"
    )]
    Shape(String),
}

/// What a text can mean: the likeliest postcode, and another when there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readings {
    /// The likeliest.
    pub first: Postcode,
    /// The next; `EH11` is a district, and also sector 1 of `EH1`.
    pub other: Option<Postcode>,
}

/// A way to read a text, and how far it is from what was typed.
struct Reading {
    postcode: Postcode,
    /// Characters that were put right, O for 0 and I for 1 or the reverse.
    repairs: usize,
    /// Whether the one gap in the text is not where the halves meet.
    misplaced_gap: bool,
}

impl Postcode {
    /// All readings of `text`, likeliest first: fewest repairs, then the gap
    /// in its right place, then the exact district.
    ///
    /// Case and white space do not matter, save that one gap tells `EH1 1`
    /// (a sector) from `EH11` (a district). O and 0, I and 1 are put right by
    /// their place, if there is any true letter and digit.
    ///
    /// # Errors
    ///
    /// [`PostcodeError`] when the text is no postcode nor the start of one.
    pub fn readings(text: &str) -> Result<Readings, PostcodeError> {
        let (compact, gap) = compact(text)?;
        let mut readings = readings_of(&compact, gap);
        readings.sort_by_key(|reading| {
            (reading.repairs, reading.misplaced_gap, reading.postcode.part())
        });
        let mut readings = readings.into_iter();
        let first = readings.next().ok_or_else(|| shape_error(text))?;
        let other = readings.find(|other| other.repairs == first.repairs);
        Ok(Readings { first: first.postcode, other: other.map(|reading| reading.postcode) })
    }

    /// How much of a postcode this is.
    #[must_use]
    pub const fn part(&self) -> PostcodePart {
        match self.inward_length {
            0 => PostcodePart::District,
            1 => PostcodePart::Sector,
            _ => PostcodePart::Unit,
        }
    }

    /// The outward half, such as `EH6`.
    #[must_use]
    pub fn outward(&self) -> &str {
        self.slice(0, self.outward_length)
    }

    /// The inward half or its first digit, such as `8RG`; empty for a district.
    #[must_use]
    pub fn inward(&self) -> &str {
        self.slice(self.outward_length, self.outward_length + self.inward_length)
    }

    /// The letters it begins with, such as `EH`.
    #[must_use]
    pub fn area(&self) -> &str {
        let outward = self.outward();
        let end = outward.find(|character: char| character.is_ascii_digit());
        &outward[..end.unwrap_or(outward.len())]
    }

    /// The postcode without its space, such as `EH68RG`.
    #[must_use]
    pub fn compact(&self) -> &str {
        self.slice(0, self.outward_length + self.inward_length)
    }

    /// The district it lies in: itself, when it is one.
    #[must_use]
    pub fn district(&self) -> Self {
        self.shortened(0)
    }

    /// The sector it lies in; `None` for a district.
    #[must_use]
    pub fn sector(&self) -> Option<Self> {
        (self.inward_length > 0).then(|| self.shortened(1))
    }

    fn shortened(&self, inward_length: u8) -> Self {
        let mut short = Self { inward_length, ..*self };
        short.compact[usize::from(self.outward_length + inward_length)..].fill(0);
        short
    }

    fn slice(&self, start: u8, end: u8) -> &str {
        str::from_utf8(&self.compact[usize::from(start)..usize::from(end)])
            .expect("a postcode holds ASCII only")
    }

    fn from_halves(outward: &[u8], inward: &[u8]) -> Self {
        let mut compact = [0; 7];
        compact[..outward.len()].copy_from_slice(outward);
        compact[outward.len()..outward.len() + inward.len()].copy_from_slice(inward);
        let length =
            |half: &[u8]| u8::try_from(half.len()).expect("a half has at most 4 characters");
        Self { compact, outward_length: length(outward), inward_length: length(inward) }
    }
}

/// The text's letters and digits in capitals, and the place of its only gap.
fn compact(text: &str) -> Result<(Vec<u8>, Option<usize>), PostcodeError> {
    let trimmed = text.trim_matches(is_space);
    let mut compact = Vec::with_capacity(7);
    let mut gaps = Vec::new();
    for character in trimmed.chars() {
        match character {
            _ if is_space(character) => {
                if gaps.last() != Some(&compact.len()) {
                    gaps.push(compact.len());
                }
            }
            _ if !character.is_ascii_alphanumeric() => {
                return Err(PostcodeError::Character(character));
            }
            _ if compact.len() == 7 => return Err(shape_error(text)),
            _ => compact.push(character.to_ascii_uppercase() as u8),
        }
    }
    if compact.is_empty() {
        return Err(PostcodeError::Empty);
    }
    let only_gap = if let &[gap] = gaps.as_slice() { Some(gap) } else { None };
    Ok((compact, only_gap))
}

/// White space, and the invisible characters that come along when copied.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

fn shape_error(text: &str) -> PostcodeError {
    PostcodeError::Shape(text.trim_matches(is_space).chars().take(40).collect())
}

fn readings_of(compact: &[u8], gap: Option<usize>) -> Vec<Reading> {
    // A word such as "Oxo" or a number such as 12 is never repaired to one.
    let has_both =
        compact.iter().any(u8::is_ascii_digit) && compact.iter().any(u8::is_ascii_alphabetic);
    if !has_both && compact != b"GIROAA" {
        return Vec::new();
    }
    let mut readings = Vec::new();
    for inward_length in [0, 1, 3] {
        let Some(outward_length @ 2..=4) = compact.len().checked_sub(inward_length) else {
            continue;
        };
        let (outward, inward) = compact.split_at(outward_length);
        let inward_shape: &[Class] = match inward_length {
            0 => &[],
            1 => &[Class::Digit],
            _ => &[Class::Digit, Class::Letter, Class::Letter],
        };
        let Some((inward, inward_repairs)) = fit(inward, inward_shape) else { continue };
        let fitting = outward_shapes(outward).iter().filter_map(|shape| fit(outward, shape));
        let best = fitting.filter(|(outward, _)| exists(outward)).min_by_key(|(_, cost)| *cost);
        let Some((outward, outward_repairs)) = best else { continue };
        readings.push(Reading {
            postcode: Postcode::from_halves(&outward, &inward),
            repairs: inward_repairs + outward_repairs,
            misplaced_gap: gap.is_some_and(|gap| gap != outward_length),
        });
    }
    readings
}

/// What may stand at a place of a postcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// The letter behind a district's digit, as in `EC1A`: never I or O.
    LateLetter,
    Exactly(u8),
}

fn outward_shapes(outward: &[u8]) -> &'static [&'static [Class]] {
    use Class::{Digit, Exactly, LateLetter, Letter};
    match outward.len() {
        2 => &[&[Letter, Digit]],
        3 => &[
            &[Letter, Digit, Digit],
            &[Letter, Letter, Digit],
            &[Letter, Digit, LateLetter],
            &[Exactly(b'G'), Exactly(b'I'), Exactly(b'R')],
        ],
        _ => &[&[Letter, Letter, Digit, Digit], &[Letter, Letter, Digit, LateLetter]],
    }
}

/// `text` made to fit `shape`, and how many characters had to be changed.
fn fit(text: &[u8], shape: &[Class]) -> Option<(Vec<u8>, usize)> {
    let mut repairs = 0;
    let fitted: Option<Vec<u8>> = text
        .iter()
        .zip(shape)
        .map(|(&byte, class)| {
            let repaired = match (class, byte) {
                (Class::Letter, b'0') => b'O',
                (Class::Letter, b'1') => b'I',
                (Class::Digit, b'O') => b'0',
                (Class::Digit, b'I') => b'1',
                _ => byte,
            };
            repairs += usize::from(repaired != byte);
            let fits = match class {
                Class::Letter => repaired.is_ascii_uppercase(),
                Class::Digit => repaired.is_ascii_digit(),
                Class::LateLetter => {
                    repaired.is_ascii_uppercase() && !matches!(repaired, b'I' | b'O')
                }
                Class::Exactly(letter) => repaired == *letter,
            };
            fits.then_some(repaired)
        })
        .collect();
    Some((fitted?, repairs))
}

/// Whether the district's number is one that is given: it has no leading
/// zero, and is zero only behind two letters (`HA0`).
fn exists(outward: &[u8]) -> bool {
    !matches!(outward, [_, b'0', ..] | [_, _, b'0', _])
}

impl fmt::Display for Postcode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.outward())?;
        if self.inward_length > 0 {
            write!(formatter, " {}", self.inward())?;
        }
        Ok(())
    }
}

impl FromStr for Postcode {
    type Err = PostcodeError;

    fn from_str(text: &str) -> Result<Self, PostcodeError> {
        Self::readings(text).map(|readings| readings.first)
    }
}

impl TryFrom<String> for Postcode {
    type Error = PostcodeError;

    fn try_from(text: String) -> Result<Self, PostcodeError> {
        text.parse()
    }
}

impl From<Postcode> for String {
    fn from(postcode: Postcode) -> Self {
        postcode.to_string()
    }
}

#[cfg(test)]
#[path = "postcode_tests.rs"]
mod tests;
