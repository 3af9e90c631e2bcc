//! What becomes of a text: an answer, or why there is none.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use thiserror::Error;

use crate::model::{BoundingBox, Metres, Point};

/// What a text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A whole postcode.
    Postcode,
    /// A postcode sector, such as `EH6 8`.
    Sector,
    /// A postcode district, such as `EH6`.
    District,
    /// A populated place, an island or a region.
    Place,
    /// A latitude and longitude.
    Point,
    /// An administrative area.
    Area,
}

impl Kind {
    /// The kind's word in answers, such as `district`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postcode => "postcode",
            Self::Sector => "sector",
            Self::District => "district",
            Self::Place => "place",
            Self::Point => "point",
            Self::Area => "area",
        }
    }
}

/// How far an answer can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It is known, and in use.
    Live,
    /// A postcode that has been given up; see [`Resolution::terminated`].
    Terminated,
    /// A whole postcode that is not known, answered by its sector or district.
    Approximate,
    /// It lies outside the areas that the gazetteer knows.
    OutsideArea,
}

impl Status {
    /// The status's word in answers, such as `outside_area`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Terminated => "terminated",
            Self::Approximate => "approximate",
            Self::OutsideArea => "outside_area",
        }
    }
}

/// Where a text is.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// What the text turned out to be.
    pub kind: Kind,
    /// How far the answer can be trusted.
    pub status: Status,
    /// The day on which a postcode was given up.
    pub terminated: Option<Date>,
    /// How far off the point may be: of a sector, district or unknown
    /// postcode the distance within which nine in ten of its postcodes lie;
    /// of a place or area how far it reaches; 0 for a position as given.
    pub precision: Metres,
    /// Where it is.
    pub point: Point,
    /// The box round it, of a sector, district, area, island or region.
    pub bounding_box: Option<BoundingBox>,
    /// Codes of the areas that hold it, narrowest first. Of a sector or
    /// district, and so of an unknown postcode, all councils in which it has
    /// postcodes, the main one first, and no ward; of an island or region all
    /// councils and wards that it has a part in.
    pub areas: Vec<Arc<str>>,
    /// What to show.
    pub label: String,
    /// What else the text can mean, likeliest first.
    pub alternatives: Vec<Alternative>,
}

impl Resolution {
    /// Whether it is an island or region: its point is no place to go to.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.kind == Kind::Place && self.bounding_box.is_some()
    }
}

/// Something else that a text can mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// A text that means this and nothing else, such as `Newtown, Highland`.
    pub text: String,
    /// What to show, such as `Newtown, hamlet, Highland`.
    pub label: String,
    /// What it is.
    pub kind: Kind,
    /// Where it is.
    pub point: Point,
}

/// Why a text can't be resolved.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// It is no postcode, place, position or area code, whatever is loaded.
    #[error("{0}")]
    Malformed(String),
    /// It is a position outside the United Kingdom which would be inside with
    /// its numbers swapped.
    #[error("`{text}` is longitude first; write latitude first: `{right}`")]
    Swapped {
        /// What was given.
        text: String,
        /// The same with latitude first.
        right: String,
    },
    /// It is well formed, but nothing of that name is known.
    #[error("{}", unknown(.text, .suggestions))]
    Unknown {
        /// What was given.
        text: String,
        /// Names much like it, likeliest first.
        suggestions: Vec<String>,
    },
    /// Several places have the name, and none is much bigger than the rest.
    #[error("{}", ambiguous(.text, .choices))]
    Ambiguous {
        /// What was given.
        text: String,
        /// The places, biggest first, each with a text that means it alone.
        choices: Vec<Alternative>,
    },
    /// An area of which the gazetteer has no position.
    #[error("`{0}` is known, but has no position here")]
    NoPosition(String),
}

fn unknown(text: &str, suggestions: &[String]) -> String {
    match suggestions {
        [] => format!("no postcode, place or area `{text}` is known"),
        _ => format!(
            "no postcode, place or area `{text}` is known; near to it: {}",
            suggestions.join("; ")
        ),
    }
}

fn ambiguous(text: &str, choices: &[Alternative]) -> String {
    let choices: Vec<&str> = choices.iter().map(|choice| choice.text.as_str()).collect();
    format!("`{text}` is the name of several places: {}", choices.join("; "))
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
