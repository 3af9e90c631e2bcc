//! Regular times.
//!
//! The standard knows weeks and months. What repeats by days on every day is
//! written as a week of seven; what it can't say at all keeps its days and
//! hours, and stands whole in fields of our own.

use serde_json::Value as Json;

use super::extension;
use crate::record::RecordId;
use crate::register::Register;
use crate::web::hsds::identity;
use crate::web::hsds::object::Object;
use crate::web::hsds::said::Said;

/// All days of the week.
const EVERY_DAY: &str = "MO,TU,WE,TH,FR,SA,SU";

/// The schedules of a service.
pub(super) fn all(register: &Register, id: &RecordId, said: Said<'_>) -> Vec<Json> {
    let nodes = said.nodes("schedule");
    let one = |(position, node)| one(register, (id, position), node).into();
    nodes.into_iter().enumerate().map(one).collect()
}

fn one(register: &Register, (id, position): (&RecordId, usize), said: Said<'_>) -> Object {
    let mut object = Object::default();
    object.put("id", identity::nested(register, id, "schedule", position));
    object.put("service_id", identity::of(register, id));
    object.put("valid_from", said.text("startDate"));
    object.put("valid_to", said.text("endDate"));
    object.put("dtstart", said.text("startDate"));
    let is_carried = repeat(&mut object, said);
    let [opens, closes] = ["startTime", "endTime"].map(|key| said.text(key).map(wall));
    object.put("opens_at", opens);
    object.put("closes_at", closes);
    object.put("description", said.text("note"));
    extension::add_nested(
        &mut object,
        register.schema(),
        register.base(),
        (id, "schedule"),
        said.0,
        |key| match key {
            "byDay" | "byMonthWeek" | "startDate" | "endDate" => true,
            "repeatFrequency" => is_carried,
            "startTime" | "endTime" => {
                said.text(key).is_none_or(|time| time.len() == 5 || time.ends_with(":00"))
            }
            "note" => said.is_one_text(key),
            _ => false,
        },
    );
    object
}

/// `09:30` of `09:30:00`.
fn wall(time: &str) -> &str {
    match time.strip_suffix(":00") {
        Some(short) if short.len() == 5 => short,
        _ => time,
    }
}

/// Adds how often it repeats; gives whether that is all that is said of it.
fn repeat(object: &mut Object, said: Said<'_>) -> bool {
    let days = said.texts("byDay");
    let weeks: Vec<i64> = match said.get("byMonthWeek") {
        Some(Json::Array(weeks)) => weeks.iter().filter_map(Json::as_i64).collect(),
        Some(week) => week.as_i64().into_iter().collect(),
        None => Vec::new(),
    };
    let frequency = said.text("repeatFrequency");
    let (number, unit) = parts(frequency.unwrap_or_default());
    let is_told = match (unit, number) {
        (Some('W'), _) => set(object, "WEEKLY", number),
        (Some('M'), _) => set(object, "MONTHLY", number),
        (Some('D'), 1) => {
            object.assume("freq", "WEEKLY");
            if days.is_empty() {
                object.assume("byday", EVERY_DAY);
            }
            false
        }
        (Some(_), _) => false,
        (None, _) => {
            if !days.is_empty() {
                object.assume("freq", if weeks.is_empty() { "WEEKLY" } else { "MONTHLY" });
            }
            frequency.is_none()
        }
    };
    let written: Vec<String> = if weeks.is_empty() {
        days.iter().map(|day| (*day).to_owned()).collect()
    } else {
        let of_week = |week: i64| days.iter().map(move |day| format!("{week}{day}"));
        weeks.iter().copied().flat_map(of_week).collect()
    };
    if !object.has("byday") {
        object.put("byday", written.join(","));
    }
    is_told
}

fn set(object: &mut Object, freq: &str, interval: u64) -> bool {
    object.put("freq", freq);
    if interval > 1 {
        object.put("interval", interval);
    }
    (1..=999).contains(&interval)
}

/// `P2W` as 2 and W.
fn parts(frequency: &str) -> (u64, Option<char>) {
    let rest = frequency.strip_prefix('P').unwrap_or_default();
    let (number, unit) = rest.split_at(rest.len().saturating_sub(1));
    (number.parse().unwrap_or(0), unit.chars().next())
}
