//! Times and costs in words, in English.

use jiff::civil::Date;
use jiff::civil::Time;
use jiff::civil::Weekday;

use crate::model::Day;
use crate::model::Repeat;
use crate::model::Schedule;
use crate::record::JsonView;
use crate::record::ObjectView;

/// How many days on which it does not take place are named.
const MOST_EXCEPTIONS: usize = 5;

/// When something takes place, as of `today`: `Monday to Friday, 09:00 to
/// 17:00`. Bounds and exceptions that are over are not named.
pub(super) fn schedule(schedule: &Schedule, today: Date) -> String {
    let mut parts = vec![recurrence(schedule)];
    parts.extend(match (schedule.start_time, schedule.end_time) {
        (Some(start), Some(end)) => Some(format!("{} to {}", hour(start), hour(end))),
        (Some(start), None) => Some(format!("from {}", hour(start))),
        (None, Some(end)) => Some(format!("until {}", hour(end))),
        (None, None) => None,
    });
    if schedule.repeat != Repeat::Once {
        let counted = schedule.repeat.interval() > 1;
        let start = schedule.start_date.filter(|start| *start > today || counted);
        parts.extend(start.map(|start| format!("from {}", day_of(start))));
        parts.extend(schedule.end_date.map(|end| format!("until {}", day_of(end))));
    }
    let mut except: Vec<Date> =
        schedule.except_dates.iter().copied().filter(|date| *date >= today).collect();
    except.sort_unstable();
    except.truncate(MOST_EXCEPTIONS);
    if !except.is_empty() {
        parts.push(format!("not on {}", listed(except.into_iter().map(day_of).collect(), "and")));
    }
    parts.join(", ")
}

/// What something costs: `free`, `£3.50` or what its note says.
pub(super) fn cost(
    cost: &ObjectView<'_>,
    amount: Option<String>,
    note: Option<String>,
) -> Option<String> {
    let free =
        (cost.get("free").and_then(JsonView::as_bool) == Some(true)).then(|| "free".to_owned());
    let price = amount.map(|amount| {
        let amount = two_decimals(amount);
        match cost.get("currency").and_then(JsonView::as_str) {
            Some("GBP") | None => format!("£{amount}"),
            Some(currency) => format!("{amount} {currency}"),
        }
    });
    match (free.or(price), note) {
        (Some(price), Some(note)) => Some(format!("{price} ({note})")),
        (price, note) => price.or(note),
    }
}

/// `3.5` as `3.50`; whole numbers as they are.
fn two_decimals(amount: String) -> String {
    match amount.split_once('.') {
        Some((_, pence)) if pence.len() == 1 => format!("{amount}0"),
        _ => amount,
    }
}

fn recurrence(schedule: &Schedule) -> String {
    let start = schedule.start_date;
    match schedule.repeat {
        Repeat::Once => match (start, schedule.end_date) {
            (Some(start), Some(end)) if start != end => {
                format!("{} to {}", day_of(start), day_of(end))
            }
            (Some(date), _) | (None, Some(date)) => day_of(date),
            (None, None) => "Once".to_owned(),
        },
        Repeat::Daily(number) => match (weekdays(&schedule.days), number) {
            (Some(days), 0 | 1) => days,
            (Some(days), _) => format!("{days}, every {number} days"),
            (None, 0 | 1) => "Every day".to_owned(),
            (None, _) => format!("Every {number} days"),
        },
        Repeat::Weekly(number) => {
            let days = weekdays(&schedule.days)
                .or_else(|| start.map(|start| weekday(start.weekday()).to_owned()))
                .unwrap_or_else(|| "Every day".to_owned());
            days + &every(number, "week")
        }
        Repeat::Monthly(number) => match (month_days(&schedule.days), start) {
            (Some(days), _) => format!("{days} of the month{}", every(number, "month")),
            (None, Some(start)) => {
                format!("Day {} of the month{}", start.day(), every(number, "month"))
            }
            (None, None) => format!("Monthly{}", every(number, "month")),
        },
        Repeat::Yearly(number) => match start {
            Some(start) => {
                format!("Yearly on {}{}", start.strftime("%-d %B"), every(number, "year"))
            }
            None => format!("Yearly{}", every(number, "year")),
        },
    }
}

/// `, every other week`; nothing for each.
fn every(interval: u16, unit: &str) -> String {
    match interval {
        0 | 1 => String::new(),
        2 => format!(", every other {unit}"),
        _ => format!(", every {interval} {unit}s"),
    }
}

/// Weekdays in the order of the week: `Monday to Friday`, `Monday and Friday`.
fn weekdays(days: &[Day]) -> Option<String> {
    let mut numbers: Vec<i8> = days.iter().map(|day| day.weekday.to_monday_zero_offset()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let name = |number: i8| Weekday::from_monday_zero_offset(number).map_or("", weekday);
    let (first, last) = (*numbers.first()?, *numbers.last()?);
    let consecutive = usize::try_from(last - first).is_ok_and(|span| span + 1 == numbers.len());
    if consecutive && numbers.len() > 2 {
        return Some(format!("{} to {}", name(first), name(last)));
    }
    Some(listed(numbers.into_iter().map(|number| name(number).to_owned()).collect(), "and"))
}

/// `First and third Wednesday`; every one of them without a number.
fn month_days(days: &[Day]) -> Option<String> {
    let named = |day: &Day| {
        let nth = match day.nth {
            Some(1) => "first",
            Some(2) => "second",
            Some(3) => "third",
            Some(4) => "fourth",
            Some(5) => "fifth",
            Some(-1) => "last",
            _ => "every",
        };
        format!("{nth} {}", weekday(day.weekday))
    };
    let words = listed(days.iter().map(named).collect(), "and");
    (!words.is_empty()).then(|| capitalised(&words))
}

/// `a`, `a and b`, `a, b and c`, in any language by its word for `and`.
pub(in crate::web) fn listed(mut parts: Vec<String>, and: &str) -> String {
    let Some(last) = parts.pop() else { return String::new() };
    if parts.is_empty() { last } else { format!("{} {and} {last}", parts.join(", ")) }
}

/// The text with a capital at its start.
pub(in crate::web) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

const fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn hour(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// `28 March 2019`.
pub(super) fn day_of(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
