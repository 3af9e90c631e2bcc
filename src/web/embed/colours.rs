//! The colours that a partner chooses: their contrast, and the style sheet
//! that puts them into a frame or an element.
//!
//! Source: WCAG 2.2, relative luminance and contrast ratio; success criteria
//! 1.4.3 (text) and 1.4.11 (what is not text).

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use crate::model::Revision;
use crate::web::admission::Scope;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::html::address::Address;
use crate::web::parameter::{Parameter, ParameterKind};
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};
use crate::web::route::Route;
use crate::web::sharing;
use crate::web::state::AppState;

/// The least contrast of text (1.4.3, AA).
const TEXT: f64 = 4.5;

/// The least contrast of large text, and of what is not text.
const LARGE: f64 = 3.0;

/// The colours that can be chosen, each with the variable of a frame and that
/// of the element.
const NAMES: [(&str, &str, Option<&str>); 4] = [
    ("accent", "--accent", Some("--asset-list-accent")),
    ("on-accent", "--on-accent", Some("--asset-list-on-accent")),
    ("link", "--link", Some("--asset-list-link")),
    ("ground", "--ground", None),
];

const fn colour(name: &'static str, description: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Text(7), description).example("7a2f1d")
}

/// The colours of a frame on light ground and on dark, as its style sheet has
/// them by day and by night: scheme and variables.
const LIGHT: (&str, [(&str, &str); 8]) = (
    "light",
    [
        ("--ground", "ffffff"),
        ("--ink", "23201c"),
        ("--soft", "5b544b"),
        ("--line", "ddd5c9"),
        ("--accent", "7a2f1d"),
        ("--on-accent", "ffffff"),
        ("--link", "7a2f1d"),
        ("--focus", "1a4fb5"),
    ],
);
/// See [`LIGHT`].
const DARK: (&str, [(&str, &str); 8]) = (
    "dark",
    [
        ("--ground", "191714"),
        ("--ink", "f0ebe3"),
        ("--soft", "bdb3a6"),
        ("--line", "423c34"),
        ("--accent", "f0a58c"),
        ("--on-accent", "2a120a"),
        ("--link", "f3b39d"),
        ("--focus", "9cc2ff"),
    ],
);

/// The parameters of colours: six hexadecimal digits each, `#` or not.
pub(super) const PARAMETERS: [Parameter; 4] = [
    colour("accent", "The colour of buttons"),
    colour("on-accent", "The colour of the words on buttons"),
    colour("link", "The colour of links"),
    colour("ground", "The colour behind the list; the page's own in the element"),
];

/// The colours of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Colours(Vec<(&'static str, Colour)>);

/// A colour of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

/// How well two colours can be told from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Enough for any text.
    Good,
    /// Enough for large text and for shapes.
    Large,
    /// Not enough.
    Poor,
}

/// The route of the style sheet of colours.
pub(super) fn route() -> Route<AppState> {
    Route::get(Scope::Public, "/embed/v1/colours.css", "showColours", show_colours)
        .parameters(&PARAMETERS)
        .hidden()
}

async fn show_colours(parameters: Parameters, conditions: Conditions) -> Result<Response> {
    for declared in PARAMETERS {
        if let Some(text) = parameters.text(declared.name)
            && Colour::read(&text).is_none()
        {
            return Err(Problem::invalid_parameter(
                declared.name,
                format!("`{text}` is not six hexadecimal digits such as 7a2f1d"),
            ));
        }
    }
    let style = Colours::of(&parameters).style();
    // It follows from its address and from nothing of the register.
    let tag = EntityTag::new(Revision(0), &[&style]);
    let mut response = cache::respond(&conditions, &tag, Freshness::Seconds(3_600), || {
        let kind = HeaderValue::from_static("text/css; charset=utf-8");
        Ok(([(header::CONTENT_TYPE, kind)], style.clone()).into_response())
    })?;
    sharing::share(response.headers_mut());
    Ok(response)
}

impl Colours {
    /// Those of a request that can be read.
    pub(super) fn of(parameters: &Parameters) -> Self {
        let read = NAMES
            .iter()
            .filter_map(|(name, ..)| Some((*name, Colour::read(&parameters.text(name)?)?)));
        Self(read.collect())
    }

    /// The chosen colour of this name.
    pub(super) fn get(&self, name: &str) -> Option<Colour> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, colour)| *colour)
    }

    /// All that are chosen, by name.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, Colour)> {
        self.0.iter().copied()
    }

    /// The address of the style sheet of these colours; `None` when none is
    /// chosen.
    pub(super) fn address(&self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let mut address = Address::new("/embed/v1/colours.css");
        for (name, colour) in &self.0 {
            address = address.with(name, &colour.to_string());
        }
        Some(address.to_string())
    }

    /// The variables of the element, for the style sheet of a partner.
    pub(super) fn of_element(&self) -> Vec<String> {
        let of = |(name, _, variable): &(&str, &str, Option<&str>)| {
            Some(format!("{}: #{}", (*variable)?, self.get(name)?))
        };
        NAMES.iter().filter_map(of).collect()
    }

    fn style(&self) -> String {
        let of = |(name, variable, _): &(&str, &str, Option<&str>)| {
            Some(format!("{variable}: #{}", self.get(name)?))
        };
        let chosen: Vec<String> = NAMES.iter().filter_map(of).collect();
        format!(
            ".framed {{ {} }}\n.framed, .made {{ {} }}\nasset-list {{ {} }}\n",
            self.surroundings(),
            chosen.join("; "),
            self.of_element().join("; ")
        )
    }

    /// The colours of a frame around those that are chosen, by day and by night
    /// the same: those of a light ground, on which their contrast is told, or of
    /// a dark one when the ground that is chosen is dark.
    fn surroundings(&self) -> String {
        let ground = self.get("ground").unwrap_or(Colour::WHITE);
        let ink = |(_, variables): &(&str, [(&str, &str); 8])| {
            let ink = variables.iter().find(|(name, _)| *name == "--ink");
            ink.and_then(|(_, ink)| Colour::read(ink)).map_or(0.0, |ink| ink.contrast(ground))
        };
        let (scheme, variables) = if ink(&LIGHT) >= ink(&DARK) { LIGHT } else { DARK };
        let variables = variables.map(|(name, colour)| format!("{name}: #{colour}"));
        format!("color-scheme: {scheme}; {}", variables.join("; "))
    }
}

impl Colour {
    /// The accent of the register's own style.
    pub(super) const ACCENT: Self = Self([0x7a, 0x2f, 0x1d]);

    /// White.
    pub(super) const WHITE: Self = Self([255; 3]);

    /// Reads six hexadecimal digits, with `#` before them or not.
    pub(super) fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast ratio, from 1 to 21.
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// What the contrast with `other` is enough for.
    pub(super) fn verdict(self, other: Self) -> Verdict {
        match self.contrast(other) {
            ratio if ratio >= TEXT => Verdict::Good,
            ratio if ratio >= LARGE => Verdict::Large,
            _ => Verdict::Poor,
        }
    }
}

impl fmt::Display for Colour {
    /// Six hexadecimal digits.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
#[path = "colours_tests.rs"]
mod tests;
