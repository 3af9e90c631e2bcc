//! Times in words: `Every other Wednesday, 11:30 to 12:00`.
//!
//! Read from the JSON of a `Schedule`, as summaries and records have it. A
//! part that can't be read is left out.

use jiff::civil::Date;
use serde_json::Map;
use serde_json::Value as Json;

use crate::model::weekday::CODES;
use crate::web::html::content;
use crate::web::html::messages::Messages;
use crate::web::serialise::words;

/// The most days on which it does not take place that are named.
const MOST_EXCEPTIONS: usize = 5;

/// When a schedule takes place, as of `today`; `None` when it doesn't say.
pub(in crate::web) fn in_words(
    schedule: &Map<String, Json>,
    today: Date,
    messages: &Messages,
) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(recurrence(schedule, messages));
    parts.extend(hours(schedule, messages));
    parts.extend(dates(schedule, today, messages));
    if let Some(note) = content::text(schedule, "note", messages.language) {
        parts.push(note.text);
    }
    (!parts.is_empty()).then(|| words::capitalised(&parts.join(", ")))
}

fn text<'a>(schedule: &'a Map<String, Json>, key: &str) -> Option<&'a str> {
    schedule.get(key)?.as_str()
}

fn list<'a>(schedule: &'a Map<String, Json>, key: &str) -> impl Iterator<Item = &'a Json> {
    schedule.get(key).and_then(Json::as_array).into_iter().flatten()
}

fn date(schedule: &Map<String, Json>, key: &str) -> Option<Date> {
    text(schedule, key)?.parse().ok()
}

fn recurrence(schedule: &Map<String, Json>, messages: &Messages) -> Option<String> {
    let days = weekdays(schedule, messages);
    let weeks: Vec<i64> = list(schedule, "byMonthWeek").filter_map(Json::as_i64).collect();
    if !weeks.is_empty()
        && let Some(days) = &days
    {
        let weeks = weeks.iter().filter_map(|week| ordinal(*week, messages)).collect();
        let which = format!("{} {days}", listed(weeks, messages));
        return Some(messages.of_the_month.fill(&[("days", &which)]));
    }
    let frequency = text(schedule, "repeatFrequency");
    let repeated = frequency.and_then(|frequency| repeat(frequency, messages));
    match (days, repeated) {
        (Some(days), Some(repeated)) => Some(format!("{days}, {repeated}")),
        (days, repeated) => days.or(repeated),
    }
}

/// `P2W` as `every other week`; nothing for each week.
fn repeat(frequency: &str, messages: &Messages) -> Option<String> {
    let rest = frequency.strip_prefix('P')?;
    let unit = rest.chars().next_back()?;
    let number = rest.strip_suffix(unit)?.parse::<u16>().ok()?;
    let written = number.to_string();
    let filled = [("number", written.as_str())];
    match (unit, number) {
        ('D', 0 | 1) => Some(messages.every_day.plain().to_owned()),
        ('D', _) => Some(messages.every_days.fill(&filled)),
        ('W', 2) => Some(messages.every_other_week.plain().to_owned()),
        ('W', 3..) => Some(messages.every_weeks.fill(&filled)),
        ('M', 2..) => Some(messages.every_months.fill(&filled)),
        ('Y', _) => Some(messages.every_year.plain().to_owned()),
        _ => None,
    }
}

/// `Monday to Friday`, `Monday and Thursday`.
fn weekdays(schedule: &Map<String, Json>, messages: &Messages) -> Option<String> {
    let given: Vec<&str> = list(schedule, "byDay").filter_map(Json::as_str).collect();
    let days: Vec<usize> =
        (0..CODES.len()).filter(|&number| given.contains(&CODES[number])).collect();
    let (first, last) = (*days.first()?, *days.last()?);
    let name = |number: usize| messages.days()[number].plain().to_owned();
    if days.len() == CODES.len() {
        return Some(messages.every_day.plain().to_owned());
    }
    if days.len() > 2 && last - first + 1 == days.len() {
        return Some(format!("{} {} {}", name(first), messages.to.plain(), name(last)));
    }
    Some(listed(days.into_iter().map(name).collect(), messages))
}

fn ordinal(week: i64, messages: &Messages) -> Option<String> {
    let phrase = match week {
        1 => messages.nth_first,
        2 => messages.nth_second,
        3 => messages.nth_third,
        4 => messages.nth_fourth,
        5 => messages.nth_fifth,
        -1 => messages.nth_last,
        _ => return None,
    };
    Some(phrase.plain().to_owned())
}

fn hours(schedule: &Map<String, Json>, messages: &Messages) -> Option<String> {
    let time = |key: &str| text(schedule, key).map(|time| time.get(..5).unwrap_or(time));
    match (time("startTime"), time("endTime")) {
        (Some(start), Some(end)) => Some(format!("{start} {} {end}", messages.to.plain())),
        (Some(start), None) => Some(messages.from_time.fill(&[("time", start)])),
        (None, Some(end)) => Some(messages.until_time.fill(&[("time", end)])),
        (None, None) => None,
    }
}

/// The bounds that still matter: a first day to come, or the one from which
/// intervals are counted; the last day; the exceptions that are to come.
fn dates(schedule: &Map<String, Json>, today: Date, messages: &Messages) -> Vec<String> {
    let mut parts = Vec::new();
    let is_once =
        list(schedule, "byDay").next().is_none() && text(schedule, "repeatFrequency").is_none();
    match (date(schedule, "startDate"), date(schedule, "endDate")) {
        (Some(start), Some(end)) if is_once && start != end => {
            parts.push(format!(
                "{} {} {}",
                content::day(start),
                messages.to.plain(),
                content::day(end)
            ));
        }
        (Some(start), _) if is_once => parts.push(content::day(start)),
        (start, end) => {
            if let Some(start) = start.filter(|start| *start > today) {
                parts.push(messages.from_time.fill(&[("time", &content::day(start))]));
            }
            if let Some(end) = end {
                parts.push(messages.until_time.fill(&[("time", &content::day(end))]));
            }
        }
    }
    let except: Vec<String> = list(schedule, "exceptDate")
        .filter_map(|date| date.as_str()?.parse::<Date>().ok())
        .filter(|date| *date >= today)
        .take(MOST_EXCEPTIONS)
        .map(content::day)
        .collect();
    if !except.is_empty() {
        parts.push(messages.not_on.fill(&[("dates", &listed(except, messages))]));
    }
    parts
}

/// `a`, `a and b`, `a, b and c`, in the language of `messages`.
pub(in crate::web) fn listed(parts: Vec<String>, messages: &Messages) -> String {
    words::listed(parts, messages.and.plain())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;
    use crate::web::negotiate::Language;

    #[track_caller]
    fn check(schedule: Json, language: Language, expected: Option<&str>) {
        let object = schedule.as_object().unwrap();
        let words = in_words(object, date(2026, 11, 21), Messages::of(language));
        assert_eq!(words.as_deref(), expected);
    }

    #[test]
    fn times_read_as_people_say_them() {
        for (schedule, expected) in [
            (
                json!({"byDay": ["WE"], "startTime": "11:30:00", "endTime": "12:00:00",
                "repeatFrequency": "P2W", "startDate": "2020-02-26"}),
                "Wednesday, every other week, 11:30 to 12:00",
            ),
            (
                json!({"byDay": ["TU", "MO", "WE"], "startTime": "09:00:00"}),
                "Monday to Wednesday, from 09:00",
            ),
            (
                json!({"byDay": ["MO", "TH"], "byMonthWeek": [1, -1]}),
                "First and last Monday and Thursday of the month",
            ),
            (
                json!({"startDate": "2026-12-01", "startTime": "19:00:00"}),
                "From 19:00, 1 December 2026",
            ),
            (
                json!({"byDay": ["SA"], "startDate": "2027-01-09", "endDate": "2027-02-27",
                "exceptDate": ["2027-01-16", "2020-01-01"]}),
                "Saturday, from 9 January 2027, until 27 February 2027, not on 16 January 2027",
            ),
        ] {
            check(schedule, Language::English, Some(expected));
        }
        check(json!({"byDay": ["MO", "TU"]}), Language::Gaelic, Some("Diluain agus Dimàirt"));
        check(json!({}), Language::English, None);
        check(json!({"byDay": "MO", "startTime": 3}), Language::English, None);
    }
}
