//! The parts of a date within a text, word by word.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use super::clock;
use super::date::{DateError, LONGEST, Order, Written, YEARS};

/// What was found in a text so far.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) year: Option<i32>,
    pub(super) month: Option<i32>,
    pub(super) day: Option<i32>,
    pub(super) time: Option<Time>,
    offset: Option<Offset>,
    /// Numbers that are a day or a year, in their order.
    numbers: Vec<(i32, usize)>,
}

impl Parts {
    pub(super) fn read(text: &str, order: Order) -> Result<Self, DateError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(DateError::Empty);
        }
        let unreadable = || DateError::Unreadable(trimmed.chars().take(LONGEST).collect());
        if trimmed.len() > LONGEST {
            return Err(unreadable());
        }
        let lower = without_comment(trimmed).to_lowercase();
        let mut parts = Self::default();
        if let Some(([year, month, day], rest)) = iso_date(&lower) {
            (parts.year, parts.month, parts.day) = (Some(year), Some(month), Some(day));
            let rest = rest.trim_start_matches(['t', ' ', ',']);
            parts.take_words(rest, order, false).ok_or_else(unreadable)?;
        } else {
            parts.take_words(&lower, order, true).ok_or_else(unreadable)?;
        }
        parts.place_numbers().ok_or_else(unreadable)?;
        Ok(parts)
    }

    /// Takes each word; `None` when one is no part of a date.
    fn take_words(&mut self, text: &str, order: Order, takes_date: bool) -> Option<()> {
        let text = text.replace("a.m.", "am").replace("p.m.", "pm").replace("a.m", "am");
        let text = text.replace("p.m", "pm");
        let words: Vec<&str> = text
            .split(|character: char| {
                character.is_whitespace() || matches!(character, ',' | '(' | ')' | ';')
            })
            .map(|word| word.trim_end_matches('.'))
            .filter(|word| !word.is_empty())
            .collect();
        let mut at = 0;
        while let Some(&word) = words.get(at) {
            at += 1;
            let next = words.get(at).copied();
            let joined = next
                .filter(|next| clock::is_half_of_day(next))
                .and_then(|next| clock::read(&format!("{word}{next}")));
            if let Some(time) = joined {
                at += 1;
                self.set_time(time)?;
            } else if !self.take_word(word, order, takes_date)? {
                return None;
            }
        }
        Some(())
    }

    /// Takes one word; `Some(false)` when it is no part of a date.
    fn take_word(&mut self, word: &str, order: Order, takes_date: bool) -> Option<bool> {
        if matches!(word, "at" | "on" | "the" | "of" | "-" | "–" | "a" | "an")
            || super::weekday::weekday(word).is_some()
        {
            return Some(true);
        }
        if let Some(month) = month(word).filter(|_| takes_date) {
            return Some(self.month.replace(month).is_none());
        }
        if let Some(offset) = clock::zone(word).filter(|_| self.time.is_some()) {
            return Some(self.set_offset(offset));
        }
        if let Some((time, offset)) = clock::with_offset(word, !takes_date) {
            self.set_time(time)?;
            return Some(offset.is_none_or(|offset| self.set_offset(offset)));
        }
        if !takes_date {
            return Some(false);
        }
        if let Some(number) = number(word) {
            self.numbers.push((number, digits(word)));
            return Some(self.numbers.len() <= 2);
        }
        self.take_joined(word, order)
    }

    /// Takes `3/4/2026`, `3-apr-26`, `2026/04/03`, `04/2026`.
    fn take_joined(&mut self, word: &str, order: Order) -> Option<bool> {
        if self.year.or(self.month).or(self.day).is_some() || !self.numbers.is_empty() {
            return Some(false);
        }
        let parts: Vec<&str> = word.split(['/', '.', '-', '\u{2010}', '\u{2011}']).collect();
        let value = |part: &str| number(part).map(|number| (number, digits(part)));
        match parts.as_slice() {
            [first, middle, last] => {
                if let Some(month) = month(middle) {
                    self.month = Some(month);
                    self.numbers = vec![value(first)?, value(last)?];
                    return Some(true);
                }
                let (first, middle, last) = (value(first)?, value(middle)?, value(last)?);
                if first.1 == 4 {
                    (self.year, self.month, self.day) =
                        (Some(first.0), Some(middle.0), Some(last.0));
                    return Some(true);
                }
                let (day, month) = match order {
                    Order::DayFirst => (first.0, middle.0),
                    Order::MonthFirst => (middle.0, first.0),
                };
                (self.day, self.month) = (Some(day), Some(month));
                self.year = Some(full_year(last)?);
                Some(true)
            }
            [first, last] => {
                let (first, last) = match month(first) {
                    Some(month) => ((month, 2), value(last)?),
                    None => (value(first)?, value(last)?),
                };
                let (year, month) = if first.1 == 4 { (first, last) } else { (last, first) };
                (self.year, self.month) = (Some(year.0), Some(month.0));
                Some(year.1 == 4)
            }
            _ => Some(false),
        }
    }

    /// Whether it is the only offset, or the same again.
    fn set_offset(&mut self, offset: Offset) -> bool {
        self.offset.replace(offset).is_none_or(|before| before == offset)
    }

    fn set_time(&mut self, time: Time) -> Option<()> {
        self.time.replace(time).is_none().then_some(())
    }

    /// Says which of the loose numbers is the day and which the year.
    fn place_numbers(&mut self) -> Option<()> {
        let is_joined = self.day.is_some() || self.year.is_some();
        if is_joined && !self.numbers.is_empty() {
            return None;
        }
        match *self.numbers.as_slice() {
            [] => {}
            [number] if number.1 == 4 => self.year = Some(number.0),
            [number] => self.day = Some(number.0),
            [first, last] if first.1 == 4 => {
                (self.year, self.day) = (Some(first.0), Some(last.0));
            }
            [first, last] => (self.day, self.year) = (Some(first.0), Some(full_year(last)?)),
            _ => return None,
        }
        Some(())
    }

    pub(super) fn written(&self, text: &str) -> Result<Written, DateError> {
        let shown = || text.trim().chars().take(LONGEST).collect::<String>();
        let (month, day) = match (self.month, self.day) {
            (Some(month), Some(day)) => (month, day),
            (None, None) if self.year.is_none() => return Err(DateError::Unreadable(shown())),
            _ => return Err(DateError::NoDay(shown())),
        };
        let year = self.year.ok_or_else(|| DateError::NoYear(shown()))?;
        let date = calendar(year, month, day, text)?;
        Ok(Written { date, time: self.time, offset: self.offset })
    }
}

/// The text without the comment at its end, as in `+0100 (BST)`.
fn without_comment(text: &str) -> &str {
    match text.strip_suffix(')').and_then(|inner| inner.rfind('(')) {
        Some(at) if at > 0 => text[..at].trim_end(),
        _ => text,
    }
}

pub(super) fn calendar(year: i32, month: i32, day: i32, text: &str) -> Result<Date, DateError> {
    let impossible = || DateError::Impossible(text.trim().chars().take(LONGEST).collect());
    let year = year_of(year, text)?;
    let (month, day) = (i8::try_from(month), i8::try_from(day));
    let (Ok(month), Ok(day)) = (month, day) else { return Err(impossible()) };
    Date::new(year, month, day).map_err(|_| impossible())
}

pub(super) fn year_of(year: i32, text: &str) -> Result<i16, DateError> {
    i16::try_from(year)
        .ok()
        .filter(|year| YEARS.contains(year))
        .ok_or_else(|| DateError::Year(text.trim().chars().take(LONGEST).collect()))
}

pub(super) fn year_text(year: i16) -> String {
    format!("{year:04}")
}

/// The date at the start of an ISO 8601 text, `2026-04-03` or `20260403`, and
/// what follows it.
fn iso_date(text: &str) -> Option<([i32; 3], &str)> {
    let bytes = text.as_bytes();
    let (year, month, day, rest) = match bytes {
        [_, _, _, _, b'-', _, _, b'-', _, _, ..] => {
            (text.get(..4), text.get(5..7), text.get(8..10), text.get(10..)?)
        }
        [_, _, _, _, _, _, _, _] | [_, _, _, _, _, _, _, _, b't', ..] => {
            (text.get(..4), text.get(4..6), text.get(6..8), text.get(8..)?)
        }
        _ => return None,
    };
    if rest.starts_with(|character: char| character.is_ascii_digit()) {
        return None;
    }
    let value = |part: Option<&str>| {
        part.filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
    };
    Some(([value(year)?, value(month)?, value(day)?], rest))
}

/// `3`, `03`, `3rd`, `2026`.
fn number(word: &str) -> Option<i32> {
    let end = word.find(|character: char| !character.is_ascii_digit()).unwrap_or(word.len());
    let ordinal = matches!(&word[end..], "" | "st" | "nd" | "rd" | "th");
    if ordinal && (1..=4).contains(&end) { word[..end].parse().ok() } else { None }
}

fn digits(word: &str) -> usize {
    word.bytes().take_while(u8::is_ascii_digit).count()
}

/// A year of two digits lies between 1969 and 2068, as POSIX has it.
fn full_year((number, digits): (i32, usize)) -> Option<i32> {
    match (digits, number) {
        (4, year) => Some(year),
        (2, year @ 0..=68) => Some(2000 + year),
        (2, year) => Some(1900 + year),
        _ => None,
    }
}

/// The number of a month by its English or Gaelic name, or the first three
/// letters or more of the English one.
fn month(word: &str) -> Option<i32> {
    const ENGLISH: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    const GAELIC: [&str; 12] = [
        "faoilleach",
        "gearran",
        "màrt",
        "giblean",
        "cèitean",
        "ògmhios",
        "iuchar",
        "lùnastal",
        "sultain",
        "dàmhair",
        "samhain",
        "dùbhlachd",
    ];
    let at = ENGLISH
        .iter()
        .position(|name| word.len() >= 3 && name.starts_with(word))
        .or_else(|| GAELIC.iter().position(|name| *name == word))?;
    i32::try_from(at).ok().map(|at| at + 1)
}
