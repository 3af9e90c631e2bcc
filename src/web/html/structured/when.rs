//! Opening hours of places and services, and the schedules of what takes place.

use serde_json::{Map, Value as Json, json};

use super::{as_list, list_of, set};
use crate::model::recurrence;

const DAYS: [(&str, &str); 7] = [
    ("MO", "https://schema.org/Monday"),
    ("TU", "https://schema.org/Tuesday"),
    ("WE", "https://schema.org/Wednesday"),
    ("TH", "https://schema.org/Thursday"),
    ("FR", "https://schema.org/Friday"),
    ("SA", "https://schema.org/Saturday"),
    ("SU", "https://schema.org/Sunday"),
];

/// Members of a timetable that opening hours can't say: those of every other
/// week, of weeks of the month, with exceptions.
const BEYOND_HOURS: &[&str] = &["byMonthWeek", "rrule", "exceptDate"];

fn timetables(record: &Map<String, Json>) -> impl Iterator<Item = &Map<String, Json>> {
    record.get("schedule").into_iter().flat_map(as_list).filter_map(Json::as_object)
}

/// Whether it has one day, and is not repeated.
pub(super) fn takes_place_once(record: &Map<String, Json>) -> bool {
    let mut all = timetables(record);
    matches!((all.next(), all.next()), (Some(one), None) if is_single(one))
}

fn is_single(timetable: &Map<String, Json>) -> bool {
    let repeats = ["byDay", "repeatFrequency", "byMonthWeek", "rrule"];
    timetable.contains_key("startDate") && !repeats.iter().any(|key| timetable.contains_key(*key))
}

/// The timetables of every week with hours, as `OpeningHoursSpecification`.
pub(super) fn opening_hours(record: &Map<String, Json>) -> Vec<Json> {
    timetables(record).filter_map(hours).collect()
}

fn hours(timetable: &Map<String, Json>) -> Option<Json> {
    let weekly = timetable.get("repeatFrequency").is_none_or(|every| every == "P1W");
    if !weekly || BEYOND_HOURS.iter().any(|key| timetable.contains_key(*key)) {
        return None;
    }
    let mut hours = Map::new();
    set(&mut hours, "@type", Some("OpeningHoursSpecification"));
    set(&mut hours, "dayOfWeek", Some(days(timetable)?));
    set(&mut hours, "opens", Some(timetable.get("startTime")?.clone()));
    set(&mut hours, "closes", Some(timetable.get("endTime")?.clone()));
    set(&mut hours, "validFrom", timetable.get("startDate").cloned());
    set(&mut hours, "validThrough", timetable.get("endDate").cloned());
    Some(Json::Object(hours))
}

/// Says when an event takes place: on one day, or by a schedule.
pub(super) fn set_event(record: &Map<String, Json>, event: &mut Map<String, Json>) {
    if takes_place_once(record) {
        let Some(timetable) = timetables(record).next() else { return };
        let moment = |date: Option<&Json>, time: &str| {
            let date = date?.as_str()?;
            let time = timetable.get(time).and_then(Json::as_str);
            Some(time.map_or_else(|| date.to_owned(), |time| format!("{date}T{time}")))
        };
        let first = timetable.get("startDate");
        let last = timetable.get("endDate").or(first);
        set(event, "startDate", moment(first, "startTime"));
        set(event, "endDate", moment(last, "endTime"));
        return;
    }
    let all: Vec<Json> = timetables(record).filter_map(schedule).collect();
    set(event, "eventSchedule", list_of(all));
}

fn schedule(timetable: &Map<String, Json>) -> Option<Json> {
    let mut schedule = Map::new();
    for key in ["startDate", "endDate", "startTime", "endTime", "byMonthWeek", "exceptDate"] {
        set(&mut schedule, key, timetable.get(key).cloned());
    }
    set(&mut schedule, "byDay", days(timetable));
    let every = timetable.get("repeatFrequency").cloned();
    let by_month = timetable.contains_key("byMonthWeek").then(|| json!("P1M"));
    let by_week = schedule.contains_key("byDay").then(|| json!("P1W"));
    set(&mut schedule, "repeatFrequency", every.or(by_month).or(by_week));
    let rule = timetable.get("rrule").and_then(Json::as_str);
    if schedule.is_empty() || rule.is_some_and(|rule| recurrence::read(rule).is_none()) {
        return None;
    }
    set(&mut schedule, "@type", Some("Schedule"));
    set(&mut schedule, "scheduleTimezone", Some("Europe/London"));
    Some(Json::Object(schedule))
}

fn days(timetable: &Map<String, Json>) -> Option<Json> {
    let all = timetable.get("byDay").into_iter().flat_map(as_list).filter_map(Json::as_str);
    let names = all.filter_map(|day| DAYS.iter().find(|(code, _)| *code == day));
    list_of(names.map(|(_, name)| *name).collect())
}
