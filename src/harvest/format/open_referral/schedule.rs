//! Schedules of 3.0, and the regular and holiday schedules of 1.0.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::kist;
use crate::harvest::clean::date;
use crate::harvest::format::json::Item;
use crate::model::weekday::CODES;

/// How many days a service may be closed, of all its holidays together: those
/// of a year.
const MAX_CLOSED_DAYS: usize = 366;

/// How many schedules one service may have; more is a list of events.
pub(super) const MAX_SCHEDULES: usize = 200;

/// How long a remark of a schedule may be, in characters: what the schema
/// allows.
const MAX_NOTE: usize = 500;

/// The schedules of an item, with the days on which it is closed.
pub(super) fn of(item: &Item<'_>) -> Vec<Json> {
    let mut schedules: Vec<Map<String, Json>> = Vec::new();
    for list in ["schedules", "regular_schedules"] {
        schedules.extend(item.items(list).iter().map(regular));
    }
    let mut closed: Vec<String> = Vec::new();
    for holiday in item.items("holiday_schedules") {
        let is_closed = holiday.truth("closed").unwrap_or_else(|| !holiday.has("opens_at"));
        if is_closed {
            let free = MAX_CLOSED_DAYS.saturating_sub(closed.len());
            closed.extend(days_between(&holiday).into_iter().take(free));
        } else {
            schedules.push(holiday_hours(&holiday));
        }
    }
    if schedules.len() > MAX_SCHEDULES {
        let what = format!("there are {} schedules; {MAX_SCHEDULES} were read", schedules.len());
        item.unread("", "too-many", &what);
        schedules.truncate(MAX_SCHEDULES);
    }
    if !closed.is_empty() {
        for schedule in schedules.iter_mut().filter(|schedule| schedule.contains_key("byDay")) {
            schedule.insert("exceptDate".to_owned(), json!(closed));
        }
    }
    schedules.retain(|schedule| {
        schedule.keys().any(|key| key != "note" && key != "repeatFrequency")
            || schedule.contains_key("note")
    });
    let mut kept: Vec<Json> = Vec::new();
    for schedule in schedules.into_iter().filter(|schedule| !schedule.is_empty()) {
        let schedule = Json::Object(schedule);
        if !kept.contains(&schedule) {
            kept.push(schedule);
        }
    }
    kept
}

fn regular(item: &Item<'_>) -> Map<String, Json> {
    let mut schedule = Map::new();
    let (days, weeks) = days(item);
    if !days.is_empty() {
        schedule.insert("byDay".to_owned(), json!(days));
    }
    if !weeks.is_empty() {
        schedule.insert("byMonthWeek".to_owned(), json!(weeks));
    }
    set_hours(item, &mut schedule);
    let unit = match item.text("freq").map(|freq| freq.to_uppercase()).as_deref() {
        Some("DAILY") => Some('D'),
        Some("WEEKLY") => Some('W'),
        Some("MONTHLY") => Some('M'),
        Some("YEARLY") => Some('Y'),
        None if !days.is_empty() && !kist::is_assumed(item, "freq") => Some('W'),
        None => None,
        Some(other) => {
            item.unread("freq", "bad-frequency", &format!("`{other}` is no frequency"));
            None
        }
    };
    if let Some(unit) = unit {
        let interval = item.count("interval").filter(|interval| (1..=999).contains(interval));
        let frequency = format!("P{}{unit}", interval.unwrap_or(1));
        schedule.insert("repeatFrequency".to_owned(), frequency.into());
        if let Some(rule) = rule(item, unit) {
            schedule.insert("rrule".to_owned(), rule.into());
        }
    }
    for (field, names) in
        [("startDate", &["dtstart", "valid_from"]), ("endDate", &["until", "valid_to"])]
    {
        if let Some(day) = names.iter().find_map(|name| day(item, name)) {
            schedule.insert(field.to_owned(), day.to_string().into());
        }
    }
    let note = item.first_text(&["description", "notes"]);
    if let Some(note) = note.filter(|note| note.chars().count() <= MAX_NOTE) {
        schedule.insert("note".to_owned(), note.into());
    }
    kist::overlay(&mut schedule, item);
    schedule
}

/// The days of the week, and in a monthly schedule the weeks of the month.
fn days(item: &Item<'_>) -> (Vec<&'static str>, Vec<i64>) {
    let mut weeks: Vec<i64> = Vec::new();
    let mut days: Vec<&'static str> = Vec::new();
    let mut add = |found: Vec<&'static str>| {
        for day in found {
            if !days.contains(&day) {
                days.push(day);
            }
        }
    };
    for part in item.text("byday").unwrap_or_default().split([',', ';', ' ']) {
        let letters = part.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(part.len());
        let (ordinal, name) = part.split_at(letters);
        if name.is_empty() {
            continue;
        }
        match date::days(name) {
            Some(found) => add(found),
            None => item.unread("byday", "bad-days", &format!("`{part}` names no day of the week")),
        }
        if let Ok(week) = ordinal.parse::<i64>()
            && (week == -1 || (1..=5).contains(&week))
            && !weeks.contains(&week)
        {
            weeks.push(week);
        }
    }
    if let Some(weekday) = item.text("weekday") {
        // Numbers count from Monday, as ISO 8601 does.
        let number = weekday.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match (number.and_then(|number| CODES.get(number)), date::days(&weekday)) {
            (Some(code), _) => add(vec![code]),
            (None, Some(found)) => add(found),
            (None, None) => {
                item.unread(
                    "weekday",
                    "bad-days",
                    &format!("`{weekday}` names no day of the week"),
                );
            }
        }
    }
    (days, weeks)
}

fn set_hours(item: &Item<'_>, schedule: &mut Map<String, Json>) {
    for (field, name) in [("startTime", "opens_at"), ("endTime", "closes_at")] {
        let Some(text) = item.text(name) else { continue };
        match time(&text) {
            Some(time) => {
                schedule.insert(field.to_owned(), time.into());
            }
            None => item.unread(name, "bad-time", &format!("`{text}` is not a time of the day")),
        }
    }
}

/// The time on the wall: what zone stands behind it is not asked, since feeds
/// put `Z` behind local times all year.
fn time(text: &str) -> Option<String> {
    let without_zone = text.trim_end_matches(['Z', 'z']);
    let without_zone = match without_zone.rfind(['+', '-']) {
        Some(at) if at >= 4 && without_zone[at..].contains(':') => &without_zone[..at],
        _ => without_zone,
    };
    let time = date::time(without_zone).ok();
    let time = time.or_else(|| date::written(text, date::Order::DayFirst).ok()?.time);
    time.map(|time| time.strftime("%H:%M").to_string())
}

fn day(item: &Item<'_>, name: &str) -> Option<Date> {
    let text = item.text(name)?;
    let day = date::date(&text).ok();
    if day.is_none() {
        item.unread(name, "bad-date", &format!("`{text}` is not a date"));
    }
    day
}

/// The rule as RFC 5545 writes it, where the fields of a schedule can't say it:
/// days of the month or year, weeks of the year, a number of times.
fn rule(item: &Item<'_>, unit: char) -> Option<String> {
    let parts = [
        ("BYMONTHDAY", "bymonthday"),
        ("BYWEEKNO", "byweekno"),
        ("BYYEARDAY", "byyearday"),
        ("COUNT", "count"),
    ];
    let is_list = |text: &String| {
        text.len() <= 200
            && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'-'))
    };
    let said: Vec<String> = parts
        .into_iter()
        // RFC 5545 has no days of the month in a week.
        .filter(|(part, _)| !(unit == 'W' && *part == "BYMONTHDAY"))
        .filter_map(|(part, name)| {
            let value = item.text(name)?.replace(' ', "");
            Some(value).filter(is_list).map(|value| format!("{part}={value}"))
        })
        .collect();
    if said.is_empty() {
        return None;
    }
    let freq = match unit {
        'D' => "DAILY",
        'W' => "WEEKLY",
        'M' => "MONTHLY",
        _ => "YEARLY",
    };
    let mut rule = vec![format!("FREQ={freq}")];
    if let Some(interval) = item.count("interval").filter(|interval| (2..=999).contains(interval)) {
        rule.push(format!("INTERVAL={interval}"));
    }
    if let Some(days) = item.text("byday").map(|days| days.replace(' ', "").to_uppercase()) {
        let is_plain = days.len() <= 100
            && days
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b',' | b'-' | b'+'));
        if is_plain {
            rule.push(format!("BYDAY={days}"));
        }
    }
    rule.extend(said);
    Some(rule.join(";"))
}

/// The days of a holiday.
fn days_between(holiday: &Item<'_>) -> Vec<String> {
    let first = day(holiday, "start_date");
    let last = day(holiday, "end_date");
    let Some(first) = first.or(last) else { return Vec::new() };
    let last = last.unwrap_or(first);
    first
        .series(1.day())
        .take_while(|day| *day <= last)
        .take(MAX_CLOSED_DAYS)
        .map(|day| day.to_string())
        .collect()
}

/// Other hours than usual on holidays.
fn holiday_hours(holiday: &Item<'_>) -> Map<String, Json> {
    let mut schedule = Map::new();
    set_hours(holiday, &mut schedule);
    for (field, name) in [("startDate", "start_date"), ("endDate", "end_date")] {
        if let Some(day) = day(holiday, name) {
            schedule.insert(field.to_owned(), day.to_string().into());
        }
    }
    if !schedule.is_empty() {
        schedule.insert("repeatFrequency".to_owned(), "P1D".into());
    }
    schedule
}
