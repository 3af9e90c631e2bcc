//! Times of the day: `7.30pm`, `19:30`, `noon`, `10am - 12 noon`.

use jiff::civil::Time;
use jiff::tz::Offset;

use super::date::DateError;

/// How long a text is looked at; two times and what joins them are shorter.
const LONGEST: usize = 60;

/// Reads one time of the day.
///
/// # Errors
///
/// [`DateError`] when it is not certainly one; a number alone is not.
pub fn time(text: &str) -> Result<Time, DateError> {
    let plain = plain(text)?;
    read(&plain).ok_or_else(|| DateError::Unreadable(text.trim().to_owned()))
}

/// Reads from when until when: `7.30pm - 9pm`, `7-9pm`, `10:00 to 12:00`, or
/// one time alone. Where only the second says morning or afternoon, the first
/// is the latest that lies before it.
///
/// # Errors
///
/// [`DateError`] when it is not certainly that.
pub fn hours(text: &str) -> Result<(Time, Option<Time>), DateError> {
    let plain = plain(text)?;
    let unreadable = || DateError::Unreadable(text.trim().to_owned());
    let plain = plain.strip_prefix("from").unwrap_or(&plain).replace(['–', '—', '−'], "-");
    let joined = ["until", "till", "to", "-"].iter().find_map(|word| plain.split_once(word));
    let Some((first, last)) = joined else {
        return read(&plain).map(|time| (time, None)).ok_or_else(unreadable);
    };
    let end = read(last).ok_or_else(unreadable)?;
    let has_half =
        |part: &str| ["am", "pm", "noon", "midday"].iter().any(|half| part.ends_with(half));
    let start = if has_half(first) || !has_half(last) {
        read(first)
    } else {
        let afternoon = read(&format!("{first}pm")).filter(|time| *time < end);
        afternoon.or_else(|| read(&format!("{first}am")).filter(|time| *time < end))
    };
    Ok((start.ok_or_else(unreadable)?, Some(end)))
}

/// The text in lower case without white space and dots of abbreviations.
fn plain(text: &str) -> Result<String, DateError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(DateError::Empty);
    }
    if trimmed.len() > LONGEST {
        return Err(DateError::Unreadable(trimmed.chars().take(LONGEST).collect()));
    }
    let plain: String = trimmed.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.replace("a.m.", "am").replace("p.m.", "pm");
    Ok(plain.replace("a.m", "am").replace("p.m", "pm").trim_end_matches('.').to_owned())
}

/// Whether a word belongs to the time before it.
pub(super) fn is_half_of_day(word: &str) -> bool {
    matches!(word, "am" | "pm" | "noon" | "midday" | "midnight" | "hrs" | "hours")
}

/// Reads a time in lower case without white space.
pub(super) fn read(text: &str) -> Option<Time> {
    match text {
        "noon" | "midday" | "12noon" | "12midday" | "12.00noon" | "12:00noon" => {
            return Time::new(12, 0, 0, 0).ok();
        }
        "midnight" | "12midnight" | "24:00" | "24:00:00" | "24.00" => {
            return Some(Time::midnight());
        }
        _ => {}
    }
    let (clock, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (text, None),
    };
    let named = clock.strip_suffix("hrs").or_else(|| clock.strip_suffix("hours"));
    let clock = named.or_else(|| clock.strip_suffix('h')).unwrap_or(clock);
    let (hour, minute, second) = split(clock, half.is_some() || named.is_some())?;
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        // 13:30pm says one thing, if twice; 13:30am and 0pm say none.
        Some(12) if hour > 12 => hour,
        Some(0) if hour == 0 => 0,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// Hour, minute and second of `19:30`, `19.30`, `19h30`, `1930`, `19:30:15`.
/// The hour may stand alone, or without a mark, only where a word says that
/// it is a time.
fn split(clock: &str, is_named: bool) -> Option<(i8, i8, i8)> {
    let parts: Vec<&str> = clock.split([':', '.', 'h']).collect();
    let value = |part: &str| {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if digits { part.parse::<i8>().ok() } else { None }
    };
    match parts.as_slice() {
        [hour] if hour.len() <= 2 && is_named => Some((value(hour)?, 0, 0)),
        [both] if is_named && matches!(both.len(), 3 | 4) => {
            let (hour, minute) = both.split_at_checked(both.len() - 2)?;
            Some((value(hour)?, value(minute)?, 0))
        }
        [hour, minute] if minute.len() == 2 => Some((value(hour)?, value(minute)?, 0)),
        [hour, minute, second]
            if minute.len() == 2 && second.len() == 2 && !clock.contains('.') =>
        {
            Some((value(hour)?, value(minute)?, value(second)?.min(59)))
        }
        _ => None,
    }
}

/// Reads a time of a longer text, such as `19:30:00.000+01:00`, `7.30pm`,
/// `t1930z`, with the offset behind it.
pub(super) fn with_offset(word: &str, may_be_basic: bool) -> Option<(Time, Option<Offset>)> {
    let word = word.strip_prefix('t').unwrap_or(word);
    let word = word.split_once('[').map_or(word, |(word, _)| word);
    if word.contains('/') || !word.starts_with(|character: char| character.is_ascii_digit()) {
        return read(word).filter(|_| is_half_of_day(word)).map(|time| (time, None));
    }
    if let Some(time) = read(word).filter(|_| !word.contains('.') || word.ends_with('m')) {
        return Some((time, None));
    }
    let start = word.find(['z', '+', '-', '−']).unwrap_or(word.len());
    let (clock, offset) = word.split_at(start);
    let offset = if offset.is_empty() { None } else { Some(zone(offset)?) };
    let (whole, fraction) = match clock.split_once(['.', ',']) {
        Some((whole, fraction)) if whole.contains(':') || whole.len() == 6 => (whole, fraction),
        Some(_) => return None,
        None => (clock, ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let time = match whole.len() {
        4 | 6 if may_be_basic && whole.bytes().all(|byte| byte.is_ascii_digit()) => {
            let part = |start: usize| whole.get(start..start + 2)?.parse::<i8>().ok();
            let second = if whole.len() == 6 { part(4)?.min(59) } else { 0 };
            Time::new(part(0)?, part(2)?, second, 0).ok()?
        }
        _ if whole.contains(':') => read(whole)?,
        _ => return None,
    };
    Some((time, offset))
}

/// Reads `z`, `gmt`, `bst`, `+01:00`, `-0500`, `+01`.
pub(super) fn zone(word: &str) -> Option<Offset> {
    let word = match word.strip_prefix("gmt").or_else(|| word.strip_prefix("utc")) {
        Some(number) if !number.is_empty() => number,
        _ => word,
    };
    let hours = match word {
        "z" | "gmt" | "utc" | "ut" | "wet" => 0,
        "bst" | "cet" | "west" => 1,
        "cest" => 2,
        "edt" => -4,
        "est" | "cdt" => -5,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" => -8,
        _ => return numeric_zone(word),
    };
    Offset::from_seconds(hours * 3600).ok()
}

fn numeric_zone(word: &str) -> Option<Offset> {
    let (sign, digits) = match word.chars().next()? {
        '+' => (1, &word[1..]),
        '-' => (-1, &word[1..]),
        '−' => (-1, word.strip_prefix('−')?),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = if digits.len() == 4 { digits[2..].parse().ok()? } else { 0 };
    let plausible = hours <= 14 && minutes < 60;
    if plausible { Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok() } else { None }
}
