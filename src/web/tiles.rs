//! Tiles for the movable map of embeds: pictures of the ground that come from
//! another host. There are none unless an operator chooses some, and then no
//! page asks anybody but the register.
//!
//! The address has one host, so that a policy of content can allow it and no
//! other. It is never asked by the register itself, and by a browser only when
//! somebody presses the button for the map.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

/// What embeds need to know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The tiles of the movable map; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiles: Option<Tiles>,
}

/// Where tiles come from. Checked when it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Tiles {
    address: String,
    attribution: String,
    origin: String,
}

/// Tiles as the settings have them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Their address, with `{z}`, `{x}` and `{y}` for zoom, column and row.
    address: String,
    /// Whom to credit for them, in plain text.
    attribution: String,
}

/// Why tiles can't be had so.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TilesError {
    /// It is not an address of the web, or not of one host.
    #[error("`{0}` is no address of tiles such as https://tiles.example/{{z}}/{{x}}/{{y}}.png")]
    Address(String),
    /// Zoom, column or row is not in it.
    #[error("the address of tiles `{0}` lacks `{1}`")]
    Lacks(String, &'static str),
    /// Nobody is credited.
    #[error("the tiles of `{0}` need an attribution")]
    Attribution(String),
}

/// What stands for zoom, column and row.
const PLACES: [&str; 3] = ["{z}", "{x}", "{y}"];

impl Tiles {
    /// Tiles at `address`, for which `attribution` credits somebody.
    ///
    /// # Errors
    ///
    /// [`TilesError`].
    pub fn new(address: &str, attribution: &str) -> Result<Self, TilesError> {
        let wrong = || TilesError::Address(address.to_owned());
        if let Some(place) = PLACES.into_iter().find(|place| !address.contains(place)) {
            return Err(TilesError::Lacks(address.to_owned(), place));
        }
        let filled = PLACES.iter().fold(address.to_owned(), |text, place| text.replace(place, "0"));
        let url = Url::parse(&filled).map_err(|_| wrong())?;
        // A host that is made of the numbers is not one host.
        let (_, rest) = address.split_once("://").ok_or_else(wrong)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_plain = ["http", "https"].contains(&url.scheme())
            && url.username().is_empty()
            && url.password().is_none()
            && !filled.contains(['{', '}'])
            && !host.contains('{');
        if !is_plain {
            return Err(wrong());
        }
        if attribution.trim().is_empty() {
            return Err(TilesError::Attribution(address.to_owned()));
        }
        Ok(Self {
            address: address.to_owned(),
            attribution: attribution.trim().to_owned(),
            origin: url.origin().ascii_serialization(),
        })
    }

    /// Their address, with `{z}`, `{x}` and `{y}` for zoom, column and row.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whom to credit for them.
    #[must_use]
    pub fn attribution(&self) -> &str {
        &self.attribution
    }

    /// The one host that is asked, as a policy of content names it.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl TryFrom<Written> for Tiles {
    type Error = TilesError;

    fn try_from(Written { address, attribution }: Written) -> Result<Self, TilesError> {
        Self::new(&address, &attribution)
    }
}

impl From<Tiles> for Written {
    fn from(Tiles { address, attribution, .. }: Tiles) -> Self {
        Self { address, attribution }
    }
}

#[cfg(test)]
#[path = "tiles_tests.rs"]
mod tests;
