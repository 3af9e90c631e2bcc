//! When things take place or are open.

use jiff::Span;
use jiff::civil::{Date, Time};
use serde_json::{Map, Value as Json, json};

use super::Context;
use super::graph::{Graph, Node, local};
use super::words;
use crate::harvest::clean::date;
use crate::harvest::extraction::Problem;
use crate::harvest::format::occurrence::{self, Civil, Clock};
use crate::model::weekday::CODES;

/// Entries of one timetable: a year of weekly dates, and some.
const MOST_ENTRIES: usize = 100;
/// Opening hours in one text.
const MOST_LINES: usize = 50;
/// Days on which something does not take place.
const MOST_EXCEPTIONS: usize = 500;
/// The nodes of `schedule`.
pub(super) fn schedule(
    graph: &Graph,
    node: &Node,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Json> {
    let mut entries: Vec<Map<String, Json>> = Vec::new();
    for schedule in
        graph.nodes_of(node, "eventSchedule").chain(graph.nodes_of(node, "courseSchedule"))
    {
        entries.extend(recurring(graph, schedule, problems));
    }
    if entries.is_empty() {
        entries.extend(once(node, context.clock, problems));
    }
    // The dates of a series, and the runs of a course.
    for part in graph.nodes_of(node, "subEvent").chain(graph.nodes_of(node, "hasCourseInstance")) {
        if entries.len() >= MOST_ENTRIES {
            break;
        }
        if part.text("eventStatus").map(local) == Some("EventCancelled") {
            continue;
        }
        let mut own: Vec<_> = graph
            .nodes_of(part, "courseSchedule")
            .chain(graph.nodes_of(part, "eventSchedule"))
            .filter_map(|schedule| recurring(graph, schedule, problems))
            .collect();
        if own.is_empty() {
            own.extend(once(part, context.clock, problems));
        }
        entries.extend(own);
    }
    for channel in std::iter::once(node).chain(graph.nodes_of(node, "hoursAvailable")) {
        if channel.is(&["OpeningHoursSpecification"]) {
            entries.extend(hours(graph, channel));
        }
    }
    entries.extend(
        graph.nodes_of(node, "openingHoursSpecification").filter_map(|entry| hours(graph, entry)),
    );
    for line in node.texts("openingHours") {
        // Some write all days in one text.
        let parts = line.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty());
        for part in parts.take(MOST_LINES) {
            match hours_line(part) {
                Some(lines) => entries.extend(lines),
                None if ["closed", "off"]
                    .iter()
                    .any(|word| part.to_lowercase().ends_with(word)) => {}
                None => problems.push(
                    Problem::error(
                        "bad-opening-hours",
                        &node.at,
                        format!("`{part}` can't be read as opening hours"),
                    )
                    .advice("Write opening hours as `Mo-Fr 09:00-17:00`."),
                ),
            }
        }
    }
    let mut kept: Vec<Json> = Vec::new();
    for entry in entries.into_iter().filter(|entry| !entry.is_empty()).map(Json::Object) {
        if kept.len() < MOST_ENTRIES && !kept.contains(&entry) {
            kept.push(entry);
        }
    }
    kept
}

/// The one time of an event.
fn once(node: &Node, clock: &Clock, problems: &mut Vec<Problem>) -> Option<Map<String, Json>> {
    let start = occurrence::read(node.text("startDate")?, clock, &node.at, problems)?;
    let end = node
        .text("endDate")
        .and_then(|end| occurrence::read(end, clock, &node.at, problems))
        .or_else(|| {
            start.time?;
            let length: Span = node.text("duration")?.parse().ok()?;
            start.moment().checked_add(length).ok().map(Civil::from)
        });
    Some(occurrence::once(start, end, &node.at, problems))
}

/// A `Schedule`.
fn recurring(
    graph: &Graph,
    schedule: &Node,
    problems: &mut Vec<Problem>,
) -> Option<Map<String, Json>> {
    let mut entry = Map::new();
    let mut days = days(graph, schedule, "byDay");
    let weeks: Vec<i64> = schedule
        .texts("byMonthWeek")
        .filter_map(|week| week.parse().ok())
        .chain(schedule.texts("byDay").filter_map(|day| ordinal(day).map(|(week, _)| week)))
        .filter(|week| (-1..=5).contains(week) && *week != 0)
        .collect();
    days.extend(schedule.texts("byDay").filter_map(|day| ordinal(day).map(|(_, day)| day)));
    days.dedup();
    if !days.is_empty() {
        entry.insert("byDay".to_owned(), json!(days));
    }
    if !weeks.is_empty() {
        entry.insert("byMonthWeek".to_owned(), json!(weeks));
    }
    let start = schedule.text("startTime").and_then(time);
    let end = schedule.text("endTime").and_then(time).or_else(|| {
        let length: Span = schedule.text("duration")?.parse().ok()?;
        let is_short = length.total(jiff::Unit::Hour).is_ok_and(|hours| hours < 24.0);
        start.filter(|_| is_short).map(|start: Time| start.wrapping_add(length))
    });
    for (field, time) in [("startTime", start), ("endTime", end)] {
        if let Some(time) = time {
            entry.insert(field.to_owned(), occurrence::clock(time));
        }
    }
    if let Some(frequency) = schedule.text("repeatFrequency").and_then(frequency) {
        entry.insert("repeatFrequency".to_owned(), frequency.into());
    }
    for (property, field) in [("startDate", "startDate"), ("endDate", "endDate")] {
        if let Some(day) = day(schedule, property, problems) {
            entry.insert(field.to_owned(), day.to_string().into());
        }
    }
    let exceptions: Vec<Json> = schedule
        .texts("exceptDate")
        .filter_map(|written| date::date(written).ok())
        .map(|day| day.to_string().into())
        .take(MOST_EXCEPTIONS)
        .collect();
    if !exceptions.is_empty() {
        entry.insert("exceptDate".to_owned(), exceptions.into());
    }
    (!entry.is_empty()).then_some(entry)
}

/// `P1W`, or the words that some write instead.
fn frequency(written: &str) -> Option<String> {
    let words = written.trim().to_lowercase();
    let duration = match words.as_str() {
        "daily" => "P1D",
        "weekly" | "p7d" => "P1W",
        "fortnightly" | "biweekly" | "p14d" => "P2W",
        "monthly" => "P1M",
        "yearly" | "annually" => "P1Y",
        _ => {
            let inner = written.trim().strip_prefix('P')?.strip_suffix(['D', 'W', 'M', 'Y'])?;
            let is_number =
                (1..=3).contains(&inner.len()) && inner.bytes().all(|byte| byte.is_ascii_digit());
            return is_number.then(|| written.trim().to_owned());
        }
    };
    Some(duration.to_owned())
}

/// `2MO`, the second Monday.
fn ordinal(written: &str) -> Option<(i64, &'static str)> {
    let at = written.len().checked_sub(2)?;
    let day = written.get(at..)?;
    let day = CODES.iter().find(|known| **known == day)?;
    Some((written.get(..at)?.parse().ok()?, day))
}

/// Days of the week, as addresses, names or codes, in the order of the week.
fn days(graph: &Graph, node: &Node, property: &str) -> Vec<&'static str> {
    let mut held = Vec::new();
    for value in node.all(property) {
        let Some(words) = words::called(graph, value).or_else(|| value.words()) else { continue };
        let words = local(words);
        match CODES.iter().find(|day| day.eq_ignore_ascii_case(words)) {
            Some(day) => held.push(*day),
            None => held.extend(date::days(words).unwrap_or_default()),
        }
    }
    CODES.into_iter().filter(|day| held.contains(day)).collect()
}

fn time(written: &str) -> Option<Time> {
    // A time with an offset is meant as the clock on the wall.
    let bare = written.trim().trim_end_matches('Z');
    let bare = bare.rsplit_once('T').map_or(bare, |(_, time)| time);
    let bare = bare.split('+').next().unwrap_or(bare);
    date::time(bare).ok()
}

fn day(node: &Node, property: &str, problems: &mut Vec<Problem>) -> Option<Date> {
    let written = node.text(property)?;
    match date::date(written) {
        Ok(day) => Some(day),
        Err(error) => {
            problems.push(
                Problem::error("bad-date", &node.at, format!("{property}: {error}"))
                    .advice("Write dates as 2026-11-22."),
            );
            None
        }
    }
}

/// An `OpeningHoursSpecification`; `None` when it says that it is closed.
fn hours(graph: &Graph, node: &Node) -> Option<Map<String, Json>> {
    let opens = node.text("opens").and_then(time)?;
    let closes = node.text("closes").and_then(time);
    if closes == Some(opens) && opens == Time::midnight() {
        return None;
    }
    let mut entry = Map::new();
    let days = days(graph, node, "dayOfWeek");
    if !days.is_empty() {
        entry.insert("byDay".to_owned(), json!(days));
    }
    entry.insert("startTime".to_owned(), occurrence::clock(opens));
    if let Some(closes) = closes {
        entry.insert("endTime".to_owned(), occurrence::clock(closes));
    }
    for (property, field) in [("validFrom", "startDate"), ("validThrough", "endDate")] {
        if let Some(day) = node.text(property).and_then(|written| date::date(written).ok()) {
            entry.insert(field.to_owned(), day.to_string().into());
        }
    }
    Some(entry)
}

/// `Mo-Fr 09:00-17:00`, or `Mo,We 10:00-12:00,14:00-16:00`.
fn hours_line(line: &str) -> Option<Vec<Map<String, Json>>> {
    let at = line.find(|letter: char| letter.is_ascii_digit())?;
    let (days, hours) = line.split_at(at);
    let days = days.trim().trim_end_matches([',', ':']);
    let days = if days.is_empty() { None } else { Some(date::days(days)?) };
    let one = |hours: &str| {
        let (opens, closes) = date::hours(hours).ok()?;
        let mut entry = Map::new();
        if let Some(days) = &days {
            entry.insert("byDay".to_owned(), json!(days));
        }
        entry.insert("startTime".to_owned(), occurrence::clock(opens));
        if let Some(closes) = closes {
            entry.insert("endTime".to_owned(), occurrence::clock(closes));
        }
        Some(entry)
    };
    hours.split(',').map(one).collect()
}
