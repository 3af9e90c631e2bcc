//! Where a search looks: around a postcode or a position, and how far.

use crate::model::Metres;
use crate::register::{Query, Register, Where};
use crate::web::faults;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};

/// Where the search looks; a postcode alone also asks who serves it.
pub(super) fn read(
    register: &Register,
    parameters: &Parameters,
    query: &mut Query,
) -> Result<Where> {
    let postcode = parameters.text("postcode");
    let position = match (parameters.number("latitude"), parameters.number("longitude")) {
        (Some(latitude), Some(longitude)) => Some(format!("{latitude},{longitude}")),
        (None, None) => None,
        (Some(_), None) => return Err(Problem::missing_parameter("longitude")),
        (None, Some(_)) => return Err(Problem::missing_parameter("latitude")),
    };
    let proximity = parameters.text("proximity").map(|text| metres(&text)).transpose()?;
    let radius = parameters.number("radius");
    if proximity.is_some() && postcode.is_none() {
        let detail = "needs `postcode`, from whose middle it is measured";
        return Err(Problem::invalid_parameter("proximity", detail));
    }
    if radius.is_some() && position.is_none() {
        let detail = "needs `latitude` and `longitude`, from which it is measured";
        return Err(Problem::invalid_parameter("radius", detail));
    }
    if postcode.is_some() && position.is_some() {
        let detail = "can't stand beside `latitude` and `longitude`; give one place";
        return Err(Problem::invalid_parameter("postcode", detail));
    }
    if let Some(text) = &postcode {
        let found = register
            .gazetteer()
            .resolve(text)
            .map_err(|error| faults::place_problem("postcode", &error))?;
        if proximity.is_none() {
            query.serving = found.areas.iter().map(ToString::to_string).collect();
        }
    }
    let within = match proximity.or(radius) {
        Some(metres) => Some(Metres::new(metres).map_err(|error| {
            let parameter = if proximity.is_some() { "proximity" } else { "radius" };
            Problem::invalid_parameter(parameter, error)
        })?),
        None => None,
    };
    Ok(Where { near: postcode.or(position), within, ..Where::default() })
}

/// A number of metres, or with a unit behind it.
fn metres(text: &str) -> Result<f64> {
    let wrong = || {
        let detail = format!("`{text}` is no number of metres such as 2000");
        Problem::invalid_parameter("proximity", detail)
    };
    let lower = text.trim().to_lowercase();
    let (number, unit) = match lower.strip_suffix("km") {
        Some(number) => (number, 1_000.0),
        None => (lower.strip_suffix('m').unwrap_or(&lower), 1.0),
    };
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    let metres = number * unit;
    if (0.0..=1_000_000.0).contains(&metres) { Ok(metres) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_in_metres_unless_it_says_otherwise() {
        for (text, expected) in [("2000", 2_000.0), (" 2 km", 2_000.0), ("50m", 50.0)] {
            assert!((metres(text).unwrap() - expected).abs() < 1e-9, "{text}");
        }
        for text in ["", "far", "-1", "NaN", "inf", "1e9", "2 miles", "5mm"] {
            assert!(metres(text).is_err(), "{text}");
        }
    }
}
