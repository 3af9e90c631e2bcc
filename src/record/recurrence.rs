//! The recurrence rule of a schedule, in the words of the schedule too.
//!
//! A rule alone would have to be read wherever somebody asks when something
//! takes place: by lists, pages, other standards and SPARQL.

use super::fault::Pointer;
use super::{Fault, Fields, Value, texts};
use crate::model::{recurrence, weekday};

/// The shape of schedules.
pub(super) const SHAPE: &str = "https://w3id.org/kist#ScheduleShape";

/// The rule as it was published.
const RULE: &str = "rrule";
/// What says how often in the words of a schedule.
const OWN: [&str; 3] = ["byDay", "repeatFrequency", "byMonthWeek"];

/// Writes the rule in capitals and without its name. Where the schedule says
/// nothing of its own on how often, the days, the interval and the last day of
/// the rule are added, as far as they say all of it.
pub(super) fn normalise(fields: &mut Fields) {
    let Some(rule) = texts(fields.get(RULE).map_or(&[], Vec::as_slice)).next() else { return };
    let rule = rule.trim().to_ascii_uppercase();
    let rule = rule.strip_prefix("RRULE:").unwrap_or(&rule).to_owned();
    if let Some(read) = recurrence::read(&rule)
        && !OWN.iter().any(|key| fields.contains_key(*key))
    {
        let mut set = |key: &str, values: Vec<Value>| {
            if !values.is_empty() {
                fields.insert(key.to_owned(), values);
            }
        };
        let day = |day| Value::Text(weekday::code(day).to_owned());
        set("byDay", read.days.into_iter().map(day).collect());
        set(
            "byMonthWeek",
            read.weeks.into_iter().map(|week| Value::Integer(week.into())).collect(),
        );
        let frequency = format!("P{}{}", read.interval, read.unit);
        set("repeatFrequency", vec![Value::Text(frequency)]);
        let stated = match fields.get("endDate").map(Vec::as_slice) {
            Some([Value::Date(date)]) => Some(*date),
            _ => None,
        };
        if let Some(until) = read.until {
            let last = stated.map_or(until, |date| date.min(until));
            fields.insert("endDate".to_owned(), vec![Value::Date(last)]);
        }
    }
    fields.insert(RULE.to_owned(), vec![Value::Text(rule)]);
}

/// The fault of the schedule at `pointer` whose rule is none.
pub(super) fn check(fields: &Fields, pointer: &Pointer<'_>, faults: &mut Vec<Fault>) {
    for rule in texts(fields.get(RULE).map_or(&[], Vec::as_slice)) {
        if let Err(error) = recurrence::check(rule) {
            faults.push(Fault::new(&Pointer::Key(pointer, RULE), error.to_string()).of(rule));
        }
    }
}

#[cfg(test)]
#[path = "recurrence_tests.rs"]
mod tests;
