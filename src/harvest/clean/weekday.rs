//! Days of the week, by their English and Gaelic names.

use crate::model::weekday::CODES;

/// How long a text is looked at; all seven days with commas are shorter.
const LONGEST: usize = 200;

/// Reads days of the week: `Monday`, `Mondays`, `Mon-Fri`, `Monday to
/// Friday`, `Mon, Wed & Fri`, `weekdays`, `daily`. In the order of the week,
/// as `MO`, `TU` …; `None` when anything else is said, such as “first Monday
/// of the month”.
#[must_use]
pub fn days(text: &str) -> Option<Vec<&'static str>> {
    if text.len() > LONGEST {
        return None;
    }
    let spaced = text
        .to_lowercase()
        .replace(['-', '–', '—'], " to ")
        .replace([',', '&', '/', '+', ';', '|', '.', '(', ')', ':'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut held = [false; 7];
    let mut last = None;
    let mut range_from = None;
    for word in words {
        match word {
            "to" | "through" | "until" => range_from = Some(last?),
            // The last four are of `https://schema.org/Monday`.
            "and" | "every" | "each" | "on" | "agus" | "day" | "the" | "https" | "http"
            | "schema" | "org" => {}
            "weekdays" => held[..5].fill(true),
            "weekend" | "weekends" => held[5..].fill(true),
            "daily" | "everyday" | "days" | "all" => held.fill(true),
            _ => {
                let day = weekday(word)?;
                if let Some(from) = range_from.take() {
                    let mut at = from;
                    while at != day {
                        held[at] = true;
                        at = (at + 1) % 7;
                    }
                }
                held[day] = true;
                last = Some(day);
            }
        }
    }
    let every_day = matches!(spaced.trim(), "every day" | "each day");
    if every_day {
        held.fill(true);
    }
    let found: Vec<_> =
        CODES.iter().zip(held).filter(|(_, held)| *held).map(|(code, _)| *code).collect();
    (range_from.is_none() && !found.is_empty()).then_some(found)
}

/// The number of a day, Monday first, from a word in lower case.
pub(super) fn weekday(word: &str) -> Option<usize> {
    const ENGLISH: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const GAELIC: [&str; 7] =
        ["diluain", "dimàirt", "diciadain", "diardaoin", "dihaoine", "disathairne", "didòmhnaich"];
    let singular = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    let singular = match singular.strip_suffix('s') {
        Some(stem) if stem.ends_with("day") => stem,
        _ => singular,
    };
    match singular {
        "weds" => return Some(2),
        "thurs" | "thur" => return Some(3),
        "tues" => return Some(1),
        _ => {}
    }
    ENGLISH
        .iter()
        .position(|name| singular.len() >= 2 && singular.is_ascii() && name.starts_with(singular))
        .or_else(|| GAELIC.iter().position(|name| *name == singular))
}
