//! Columns that no table has but that can be worked out from those it has:
//! degrees from the National Grid, and days and times from opening hours.
//!
//! A mapping names them as if they were there.

use std::collections::HashMap;

use super::Row;
use super::columns::{Columns, plain};
use super::limits::Limited;
use crate::harvest::clean::date;
use crate::harvest::extraction::Problem;
use crate::model::GridReference;

pub(super) const LATITUDE: &str = "latitude (worked out)";
pub(super) const LONGITUDE: &str = "longitude (worked out)";
const DAY: &str = " (day)";
const OPENS: &str = " (opens)";
const CLOSES: &str = " (closes)";

const EASTINGS: [&str; 12] = [
    "easting",
    "eastings",
    "x",
    "xcoord",
    "xcoordinate",
    "geox",
    "gridx",
    "osx",
    "oseasting",
    "geoeast",
    "bngx",
    "coordx",
];
const NORTHINGS: [&str; 12] = [
    "northing",
    "northings",
    "y",
    "ycoord",
    "ycoordinate",
    "geoy",
    "gridy",
    "osy",
    "osnorthing",
    "geonorth",
    "bngy",
    "coordy",
];
const HOURS: [&str; 8] =
    ["time", "times", "hours", "openinghours", "openingtimes", "hour", "uair", "amannan"];

/// What a column gives besides itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Easting,
    Northing,
    /// Hours on the day of the week that is its name.
    DayHours(&'static str),
    /// Hours on days that another column names.
    Hours,
}

/// What the column of this name gives.
pub(super) fn source(name: &str) -> Option<Source> {
    let plain = plain(name);
    if EASTINGS.contains(&plain.as_str()) {
        return Some(Source::Easting);
    }
    if NORTHINGS.contains(&plain.as_str()) {
        return Some(Source::Northing);
    }
    if HOURS.contains(&plain.as_str()) {
        return Some(Source::Hours);
    }
    let name = name.to_lowercase();
    let words = name.trim().trim_end_matches("hours").trim_end_matches("opening").trim();
    match date::days(words)?.as_slice() {
        [day] => Some(Source::DayHours(day)),
        _ => None,
    }
}

/// Whether a name is one of those that are worked out.
pub(super) fn is_derived(name: &str) -> bool {
    name == LATITUDE
        || name == LONGITUDE
        || [DAY, OPENS, CLOSES].iter().any(|ending| name.ends_with(ending))
}

/// The column that the column `name` is worked out from, by its ending.
pub(super) fn origin(name: &str) -> Option<&str> {
    [DAY, OPENS, CLOSES].iter().find_map(|ending| name.strip_suffix(ending))
}

pub(super) fn day(name: &str) -> String {
    format!("{name}{DAY}")
}

pub(super) fn opens(name: &str) -> String {
    format!("{name}{OPENS}")
}

pub(super) fn closes(name: &str) -> String {
    format!("{name}{CLOSES}")
}

/// What can be worked out for a row.
pub(super) fn of(row: &Row, columns: &Columns, problems: &mut Limited) -> HashMap<String, String> {
    let mut derived = HashMap::new();
    let (mut x, mut y) = (None, None);
    for (at, name) in columns.names.iter().enumerate() {
        let Some(cell) = row.cells.get(at).map(|cell| cell.trim()).filter(|c| !c.is_empty()) else {
            continue;
        };
        match columns.sources.get(at).copied().flatten() {
            None => {}
            Some(Source::Easting) => x = x.or(Some(cell)),
            Some(Source::Northing) => y = y.or(Some(cell)),
            Some(Source::DayHours(code)) => {
                if add_hours(&mut derived, name, cell) {
                    derived.insert(day(name), code.to_owned());
                } else if !is_closed(cell) {
                    problems.push(unread(row, name, cell));
                }
            }
            Some(Source::Hours) => {
                add_hours(&mut derived, name, cell);
            }
        }
    }
    if let (Some(x), Some(y)) = (x, y) {
        match degrees(x, y) {
            Some((latitude, longitude)) => {
                derived.insert(LATITUDE.to_owned(), latitude.to_string());
                derived.insert(LONGITUDE.to_owned(), longitude.to_string());
            }
            None => problems.push(
                Problem::error(
                    "bad-position",
                    row.at.as_str(),
                    format!("`{x}`, `{y}` is no position on the National Grid"),
                )
                .advice("Give easting and northing in metres, or latitude and longitude."),
            ),
        }
    }
    derived
}

fn add_hours(derived: &mut HashMap<String, String>, name: &str, cell: &str) -> bool {
    let Ok((start, end)) = date::hours(cell) else { return false };
    derived.insert(opens(name), start.strftime("%H:%M").to_string());
    if let Some(end) = end {
        derived.insert(closes(name), end.strftime("%H:%M").to_string());
    }
    true
}

fn is_closed(cell: &str) -> bool {
    matches!(plain(cell).as_str(), "closed" | "" | "na" | "no" | "none" | "duinte" | "dunta")
}

fn unread(row: &Row, name: &str, cell: &str) -> Problem {
    let shown: String = cell.chars().take(80).collect();
    Problem::error("bad-hours", row.at.as_str(), format!("{name}: `{shown}` are no hours"))
        .advice("Write hours as 10:00-16:30, and Closed for none.")
}

/// Latitude and longitude of what can be metres on the National Grid or
/// degrees already, to the metre.
fn degrees(x: &str, y: &str) -> Option<(f64, f64)> {
    let number = |text: &str| text.replace(',', "").parse::<f64>().ok().filter(|n| n.is_finite());
    let (x, y) = (number(x)?, number(y)?);
    if x.abs() <= 180.0 && y.abs() <= 90.0 {
        return Some((y, x));
    }
    let point = GridReference::new(x, y).ok()?.to_point().ok()?;
    let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
    Some((rounded(point.latitude()), rounded(point.longitude())))
}
