//! When an opportunity takes place: its schedules, sessions and hours.

use std::cmp::Ordering;

use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan};
use serde_json::{Map, Value as Json, json};

use super::item::{Chain, Context, list, simple, text};
use crate::harvest::clean::date;
use crate::harvest::extraction::Problem;
use crate::harvest::format::occurrence::{self, Civil};

/// Sessions that are listed one by one.
const MOST_SESSIONS: usize = 100;
/// Exceptions of one schedule.
const MOST_EXCEPTIONS: usize = 1000;

/// The nodes of `schedule`: the schedules of a series, or its sessions to
/// come, or the one time of an event.
pub(super) fn schedule(
    chain: &Chain<'_>,
    at: &str,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Json> {
    let schedules = chain.own("eventSchedule").into_iter().flat_map(list);
    let nodes: Vec<Json> = schedules
        .filter_map(Json::as_object)
        .filter_map(|schedule| recurring(schedule, &format!("{at}/eventSchedule"), problems))
        .collect();
    if !nodes.is_empty() {
        return nodes;
    }
    let sessions = sessions(chain, at, context, problems);
    if !sessions.is_empty() {
        return sessions;
    }
    let Some(start) = chain.own("startDate").and_then(text) else { return Vec::new() };
    let times = Times {
        start,
        end: chain.own("endDate").and_then(text),
        duration: chain.own("duration").and_then(text),
    };
    times.node(at, context, problems).map(|(_, node)| node).into_iter().collect()
}

/// When something takes place once, as published.
struct Times {
    start: String,
    end: Option<String>,
    duration: Option<String>,
}

impl Times {
    fn node(
        self,
        at: &str,
        context: &Context<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<(Civil, Json)> {
        let place = format!("{at}/startDate");
        let start = occurrence::read(&self.start, context.clock, &place, problems)?;
        let end = self.end.and_then(|end| {
            occurrence::read(&end, context.clock, &format!("{at}/endDate"), problems)
        });
        let lasting = || {
            start.time?;
            let length: Span = self.duration.as_deref()?.parse().ok()?;
            start.moment().checked_add(length).ok().map(Civil::from)
        };
        let end = end.or_else(lasting);
        Some((start, Json::Object(occurrence::once(start, end, at, problems))))
    }
}

/// When a session takes place, for its order and as a node; `None` when it is
/// cancelled or doesn't say.
pub(super) fn session(
    session: &Json,
    at: &str,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(String, Json)> {
    let (start, node) = one(session, at, context, problems)?;
    let time = start.time.map(|time| time.to_string()).unwrap_or_default();
    Some((format!("{} {time}", start.date).trim_end().to_owned(), node))
}

fn one(
    session: &Json,
    at: &str,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(Civil, Json)> {
    let get = |key: &str| session.get(key).and_then(text);
    let is_cancelled = get("eventStatus").is_some_and(|status| simple(&status) == "EventCancelled");
    let start = get("startDate").filter(|_| !is_cancelled)?;
    let times = Times { start, end: get("endDate"), duration: get("duration") };
    times.node(at, context, problems)
}

/// The sessions of a series that are to come, in order of time.
fn sessions(
    chain: &Chain<'_>,
    at: &str,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Json> {
    let Some(Json::Array(sessions)) = chain.own("subEvent") else { return Vec::new() };
    let today = context.clock.zone.to_datetime(context.now).date();
    let yesterday = today.yesterday().unwrap_or(today);
    let mut nodes: Vec<(Civil, Json)> = Vec::new();
    for (number, session) in sessions.iter().enumerate().take(MOST_SESSIONS * 10) {
        let node = one(session, &format!("{at}/subEvent/{number}"), context, problems);
        nodes.extend(node.filter(|(start, _)| start.date >= yesterday));
    }
    nodes.sort_by_key(|(start, _)| *start);
    nodes.dedup();
    nodes.into_iter().take(MOST_SESSIONS).map(|(_, node)| node).collect()
}

/// A schedule of a series.
fn recurring(schedule: &Map<String, Json>, at: &str, problems: &mut Vec<Problem>) -> Option<Json> {
    let get = |key: &str| schedule.get(key).and_then(text);
    let mut day = |key: &str| -> Option<Date> {
        let written = get(key)?;
        let read = date::date(&written);
        if let Err(error) = &read {
            problems.push(Problem::error("bad-date", format!("{at}/{key}"), error.to_string()));
        }
        read.ok()
    };
    let (first, last) = (day("startDate"), day("endDate"));
    let time = |key: &str| get(key).and_then(|written| date::time(&written).ok());
    let start = time("startTime");
    let end = time("endTime").or_else(|| {
        let length: Span = get("duration")?.parse().ok()?;
        // A day or more is no time of the day.
        let is_short = length.compare(24.hours()).is_ok_and(Ordering::is_lt);
        start.filter(|_| is_short).map(|start: Time| start.wrapping_add(length))
    });
    let mut node = Map::new();
    let days = days(schedule.get("byDay"));
    if !days.is_empty() {
        node.insert("byDay".to_owned(), json!(days));
    }
    for (key, time) in [("startTime", start), ("endTime", end)] {
        if let Some(time) = time {
            node.insert(key.to_owned(), occurrence::clock(time));
        }
    }
    let frequency = get("repeatFrequency").filter(|text| is_frequency(text));
    if let Some(frequency) = &frequency {
        node.insert("repeatFrequency".to_owned(), json!(frequency));
    }
    let weeks = numbers(schedule.get("byMonthWeek"), -1..=5);
    if !weeks.is_empty() {
        node.insert("byMonthWeek".to_owned(), json!(weeks));
    }
    if let Some(rule) = rule(schedule, frequency.as_deref()) {
        node.insert("rrule".to_owned(), json!(rule));
    }
    for (key, date) in [("startDate", first), ("endDate", last)] {
        if let Some(date) = date {
            node.insert(key.to_owned(), json!(date.to_string()));
        }
    }
    let exceptions: Vec<String> = match schedule.get("exceptDate") {
        Some(Json::Array(dates)) => dates
            .iter()
            .take(MOST_EXCEPTIONS)
            .filter_map(|value| Some(date::date(&text(value)?).ok()?.to_string()))
            .collect(),
        _ => Vec::new(),
    };
    if !exceptions.is_empty() {
        node.insert("exceptDate".to_owned(), json!(exceptions));
    }
    (!node.is_empty()).then_some(Json::Object(node))
}

/// What the fields of a schedule can't say, days and months of the year, as a
/// recurrence rule.
fn rule(schedule: &Map<String, Json>, frequency: Option<&str>) -> Option<String> {
    let month_days = numbers(schedule.get("byMonthDay"), 1..=31);
    let months = numbers(schedule.get("byMonth"), 1..=12);
    if month_days.is_empty() && months.is_empty() {
        return None;
    }
    let unit = match frequency?.chars().next_back()? {
        'D' => "DAILY",
        'W' => "WEEKLY",
        'M' => "MONTHLY",
        _ => "YEARLY",
    };
    let digits = frequency?.trim_matches(|c: char| !c.is_ascii_digit());
    let mut rule = format!("FREQ={unit};INTERVAL={digits}");
    for (name, numbers) in [("BYMONTHDAY", month_days), ("BYMONTH", months)] {
        if !numbers.is_empty() {
            let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
            rule.extend([";", name, "=", &numbers.join(",")]);
        }
    }
    Some(rule)
}

fn numbers(value: Option<&Json>, range: std::ops::RangeInclusive<i64>) -> Vec<i64> {
    let numbers = value.into_iter().flat_map(list).filter_map(Json::as_i64);
    numbers.filter(|number| range.contains(number) && *number != 0).collect()
}

/// Whether it is a duration of one unit such as `P2W`.
fn is_frequency(text: &str) -> bool {
    let inner = text.strip_prefix('P').and_then(|rest| rest.strip_suffix(['D', 'W', 'M', 'Y']));
    inner.is_some_and(|digits| {
        (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Days of the week, written as addresses, names or in two letters.
fn days(value: Option<&Json>) -> Vec<&'static str> {
    const DAYS: [(&str, &str); 7] = [
        ("monday", "MO"),
        ("tuesday", "TU"),
        ("wednesday", "WE"),
        ("thursday", "TH"),
        ("friday", "FR"),
        ("saturday", "SA"),
        ("sunday", "SU"),
    ];
    let written: Vec<String> = value.into_iter().flat_map(list).filter_map(text).collect();
    let is_meant = |name: &str, code: &str| {
        written.iter().any(|day| {
            let day = simple(day);
            day.eq_ignore_ascii_case(name) || day.eq_ignore_ascii_case(code)
        })
    };
    DAYS.iter().filter(|(name, code)| is_meant(name, code)).map(|(_, code)| *code).collect()
}

/// The hours of a facility, one node for each specification.
pub(super) fn opening_hours(chain: &Chain<'_>) -> Vec<Json> {
    let hours = chain.get("hoursAvailable").or_else(|| chain.get("openingHoursSpecification"));
    let one = |hours: &Map<String, Json>| {
        let mut node = Map::new();
        let days = days(hours.get("dayOfWeek"));
        if !days.is_empty() {
            node.insert("byDay".to_owned(), json!(days));
        }
        for (key, field) in [("opens", "startTime"), ("closes", "endTime")] {
            if let Some(time) =
                hours.get(key).and_then(text).and_then(|text| date::time(&text).ok())
            {
                node.insert(field.to_owned(), occurrence::clock(time));
            }
        }
        for (key, field) in [("validFrom", "startDate"), ("validThrough", "endDate")] {
            if let Some(day) = hours.get(key).and_then(text).and_then(|text| date::date(&text).ok())
            {
                node.insert(field.to_owned(), json!(day.to_string()));
            }
        }
        (!node.is_empty()).then_some(Json::Object(node))
    };
    hours.into_iter().flat_map(list).filter_map(Json::as_object).filter_map(one).collect()
}
