//! Times in words: `Every other Wednesday, 11:30 to 12:00`.
//!
//! Read from the JSON of a `Schedule`, as summaries and records have it. A
//! part that can't be read is left out.

use jiff::civil::Date;
use serde_json::Map;
use serde_json::Value as Json;

use crate::model::weekday::CODES;
use crate::web::html::content;
use crate::web::html::content::Line;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::negotiate::Language;
use crate::web::serialise::words;

/// The most days on which it does not take place that are named.
const MOST_EXCEPTIONS: usize = 5;

/// When a schedule takes place, as of `today`; `None` when it doesn't say.
pub(in crate::web) fn in_words(
    schedule: &Map<String, Json>,
    today: Date,
    messages: &Messages,
) -> Option<Line> {
    let mut parts = Vec::new();
    parts.extend(recurrence(schedule, messages));
    parts.extend(hours(schedule, messages));
    parts.extend(dates(schedule, today, messages));
    parts.extend(content::text(schedule, "note", messages.language));
    let first = parts.first_mut()?;
    first.text = words::capitalised(&first.text);
    Some(Line::of(parts))
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

fn recurrence(schedule: &Map<String, Json>, messages: &Messages) -> Vec<Text> {
    let weeks: Vec<i64> = list(schedule, "byMonthWeek").filter_map(Json::as_i64).collect();
    if !weeks.is_empty()
        && let Some(days) = of_the_month(schedule, &weeks, messages)
    {
        return vec![days];
    }
    let days = weekdays(schedule, messages).map(Text::plain);
    let repeated = text(schedule, "repeatFrequency")
        .and_then(|frequency| repeat(frequency, messages))
        // Every day of the week is every day.
        .filter(|repeated| days.as_ref() != Some(repeated));
    days.into_iter().chain(repeated).collect()
}

/// `first and last Monday of the month`, in one language: where a word of it is
/// not translated, all of it is English.
fn of_the_month(schedule: &Map<String, Json>, weeks: &[i64], messages: &Messages) -> Option<Text> {
    let phrase = messages.of_the_month;
    let messages = if phrase.is_borrowed() { Messages::of(Language::English) } else { messages };
    let days = weekdays(schedule, messages)?;
    let weeks = weeks.iter().filter_map(|week| ordinal(*week, messages)).collect();
    let which = format!("{} {days}", listed(weeks, messages));
    Some(phrase.filled(&[("days", &which)]))
}

/// `P2W` as `every other week`; nothing for each week.
fn repeat(frequency: &str, messages: &Messages) -> Option<Text> {
    let rest = frequency.strip_prefix('P')?;
    let unit = rest.chars().next_back()?;
    let number = rest.strip_suffix(unit)?.parse::<u16>().ok()?;
    let written = number.to_string();
    let filled = [("number", written.as_str())];
    match (unit, number) {
        ('D', 0 | 1) => Some(messages.every_day.text()),
        ('D', _) => Some(messages.every_days.filled(&filled)),
        ('W', 2) => Some(messages.every_other_week.text()),
        ('W', 3..) => Some(messages.every_weeks.filled(&filled)),
        ('M', 2..) => Some(messages.every_months.filled(&filled)),
        ('Y', _) => Some(messages.every_year.text()),
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

fn hours(schedule: &Map<String, Json>, messages: &Messages) -> Option<Text> {
    let time = |key: &str| text(schedule, key).map(|time| time.get(..5).unwrap_or(time));
    match (time("startTime"), time("endTime")) {
        (Some(start), Some(end)) => {
            Some(Text::plain(format!("{start} {} {end}", messages.to.plain())))
        }
        (Some(start), None) => Some(messages.from_time.filled(&[("time", start)])),
        (None, Some(end)) => Some(messages.until_time.filled(&[("time", end)])),
        (None, None) => None,
    }
}

/// The bounds that still matter: a first day to come, or the one from which
/// intervals are counted; the last day; the exceptions that are to come.
fn dates(schedule: &Map<String, Json>, today: Date, messages: &Messages) -> Vec<Text> {
    let mut parts = Vec::new();
    let day = |date: Date| content::day_in(date, messages.language);
    let is_once =
        list(schedule, "byDay").next().is_none() && text(schedule, "repeatFrequency").is_none();
    match (date(schedule, "startDate"), date(schedule, "endDate")) {
        (Some(start), Some(end)) if is_once && start != end => {
            let (start, end) = (day(start), day(end));
            parts.push(Text::plain(format!("{start} {} {end}", messages.to.plain())));
        }
        (Some(start), _) if is_once => parts.push(Text::plain(day(start))),
        (start, end) => {
            if let Some(start) = start.filter(|start| *start > today) {
                parts.push(messages.from_time.filled(&[("time", &day(start))]));
            }
            if let Some(end) = end {
                parts.push(messages.until_time.filled(&[("time", &day(end))]));
            }
        }
    }
    let except: Vec<String> = list(schedule, "exceptDate")
        .filter_map(|date| date.as_str()?.parse::<Date>().ok())
        .filter(|date| *date >= today)
        .take(MOST_EXCEPTIONS)
        .map(day)
        .collect();
    if !except.is_empty() {
        parts.push(messages.not_on.filled(&[("dates", &listed(except, messages))]));
    }
    parts
}

/// `a`, `a and b`, `a, b and c`, in the language of `messages`.
pub(in crate::web) fn listed(parts: Vec<String>, messages: &Messages) -> String {
    words::listed(parts, messages.and.plain())
}

#[cfg(test)]
#[path = "when_tests.rs"]
mod tests;
