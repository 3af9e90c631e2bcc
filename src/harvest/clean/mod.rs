//! Cleaning of what publishers write: pure functions from a text to a value.
//!
//! Every format gives texts as it found them; what is in here makes values of
//! the record's form from them, the same for all formats. Nothing is invented:
//! what can't be read for certain is refused, or left as it is and said.

mod clock;
pub mod date;
mod date_parts;
mod draft;
pub mod email;
mod html;
mod mojibake;
mod people;
mod personal;
pub mod phone;
mod place;
pub mod position;
pub mod postcode;
mod scalar;
#[cfg(test)]
mod tests;
pub mod text;
pub mod url;
mod walk;
mod weekday;

pub use draft::{Manner, clean};
pub use mojibake::DoubleEncoding;
pub use people::{Named, people};
pub use personal::personal;

/// A value, and what was done to come to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned<T> {
    /// The value.
    pub value: T,
    /// What a publisher would want to know; nothing when it was plain.
    pub notes: Vec<Note>,
}

/// Something that was repaired, left out or is in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// A short constant name, by which notes are counted.
    pub code: &'static str,
    /// What it is, as a sentence with the value as it was.
    pub what: String,
}

impl<T> Cleaned<T> {
    /// A value with nothing to say of it.
    #[must_use]
    pub const fn plain(value: T) -> Self {
        Self { value, notes: Vec::new() }
    }

    /// A value with one thing to say of it.
    #[must_use]
    pub fn noted(value: T, code: &'static str, what: impl Into<String>) -> Self {
        Self { value, notes: vec![Note { code, what: what.into() }] }
    }
}

/// How much of a value a message repeats, in characters.
const SHOWN: usize = 120;

/// The start of a value, for a message.
fn shown(text: &str) -> String {
    let mut shown: String = text.trim().chars().take(SHOWN).collect();
    if shown.len() < text.trim().len() {
        shown.push('…');
    }
    shown
}
