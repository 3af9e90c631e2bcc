//! Postcodes and positions of one place that are far from each other
//! (contract E3).

use serde_json::{Map, Value as Json};

use crate::gazetteer::{Gazetteer, Kind, Resolution};
use crate::harvest::extraction::Problem;
use crate::model::Point;

/// How far the position of a place may be from its postcode, in metres, where
/// the postcode is known to the metre; what is known less well may be farther
/// by that.
const FAR: f64 = 5_000.0;

/// The problems with locations whose postcode is elsewhere than their
/// position. Which of them is right nobody knows, so both stay.
pub(super) fn find(fields: &Map<String, Json>, gazetteer: &Gazetteer, at: &str) -> Vec<Problem> {
    let locations = fields.get("locations").and_then(Json::as_array);
    let locations = locations.into_iter().flatten();
    locations.filter_map(|location| problem(location, gazetteer, at)).collect()
}

fn problem(location: &Json, gazetteer: &Gazetteer, at: &str) -> Option<Problem> {
    // What was worked out from the postcode is where that is.
    let from = location.get("positionFrom").and_then(Json::as_str);
    if from.is_some_and(|from| from != "published") {
        return None;
    }
    let number = |key: &str| location.get(key).and_then(Json::as_f64);
    let point = Point::new(number("latitude")?, number("longitude")?).ok()?;
    let postcode = location.get("postcode")?.as_str()?;
    let found: Resolution = gazetteer.resolve(postcode).ok()?;
    if found.kind != Kind::Postcode {
        return None;
    }
    let apart = point.distance(found.point).as_f64();
    if apart <= FAR + found.precision.as_f64() {
        return None;
    }
    let (latitude, longitude) = (point.latitude(), point.longitude());
    let what = format!(
        "the position {latitude}, {longitude} is {:.0} km from the postcode {postcode}",
        apart / 1_000.0
    );
    Some(Problem::warning("postcode-far-from-point", at, what).advice(
        "Correct whichever is wrong; people find the place by its position and write to its \
         postcode.",
    ))
}
