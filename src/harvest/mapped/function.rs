//! What a rule makes of texts: joined, split, translated, read as dates, times
//! and numbers.

use serde_json::{Number, Value as Json};

use crate::harvest::clean::{DoubleEncoding, date, text};
use crate::harvest::mapping::{Function, Rule};

/// How many values one rule may give; more is a text that was split wrongly.
const MAX_VALUES: usize = 1_000;

/// How long one text may be, in bytes: five times the longest text that a
/// record may have, since HTML around it goes away later.
const MAX_TEXT: usize = 100_000;

/// How much of a value an explanation shows, in characters.
const SHOWN: usize = 80;

/// What a rule gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Made {
    /// The values, in their order.
    pub values: Vec<Json>,
    /// Whether they are a list also when there is only one.
    pub is_list: bool,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

/// A value that a rule could not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unread {
    /// It is no date.
    #[error("`{0}` is not a date")]
    Date(String),
    /// It is no time of the day.
    #[error("`{0}` is not a time of the day")]
    Time(String),
    /// It is no number.
    #[error("`{0}` is not a number")]
    Number(String),
    /// It is neither yes nor no.
    #[error("`{0}` is neither yes nor no")]
    YesNo(String),
    /// It names no days of the week.
    #[error("`{0}` names no days of the week")]
    Days(String),
    /// The mapping does not say what it means.
    #[error("the mapping does not say what `{0}` means")]
    Word(String),
    /// It is too long.
    #[error("a text has {0} bytes, which is too long")]
    TooLong(usize),
    /// There are too many values.
    #[error("there are {0} values, which is too many")]
    TooMany(usize),
}

impl Unread {
    /// The short constant name by which problems are counted.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Date(_) => "bad-date",
            Self::Time(_) => "bad-time",
            Self::Number(_) => "bad-number",
            Self::YesNo(_) => "bad-yes-no",
            Self::Days(_) => "bad-days",
            Self::Word(_) => "unknown-word",
            Self::TooLong(_) => "too-long",
            Self::TooMany(_) => "too-many",
        }
    }

    /// What the publisher can do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Date(_) => "Write dates as 2026-11-22.",
            Self::Time(_) => "Write times as 14:30.",
            Self::Number(_) => "Write the number alone, such as 3.50.",
            Self::YesNo(_) => "Write yes or no.",
            Self::Days(_) => "Write days of the week as Mon, Tue, Wed.",
            Self::Word(_) => "Say in the mapping what it means.",
            Self::TooLong(_) => "Shorten the text.",
            Self::TooMany(_) => "Look at the characters at which the mapping splits.",
        }
    }
}

/// What `rule` makes of what stands where it says; `get` gives the texts at a
/// column or path.
///
/// The words of the rule are looked up before the first function that makes
/// something else than text, so that `words` may lead to `yes`, which `yes-no`
/// then reads.
#[must_use]
pub fn apply(rule: &Rule, get: &dyn Fn(&str) -> Vec<String>) -> Made {
    let mut made = Made::default();
    let found = gather(rule, get, &mut made.unread);
    let is_found = !found.is_empty();
    let mut texts = match (&rule.constant, is_found) {
        (_, true) => found,
        (Some(constant), false) => vec![constant.clone()],
        (None, false) => return made,
    };
    let typed = rule.then.iter().position(|function| !makes_text(function));
    let (before, after) = rule.then.split_at(typed.unwrap_or(rule.then.len()));
    for function in before {
        texts = texts.iter().flat_map(|text| as_text(function, text)).collect();
        made.is_list |= matches!(function, Function::Split(_));
    }
    texts.retain(|text| !text.is_empty());
    if texts.len() > MAX_VALUES {
        made.unread.push(Unread::TooMany(texts.len()));
        texts.truncate(MAX_VALUES);
    }
    if is_found && !rule.words.is_empty() {
        texts = texts.iter().filter_map(|text| word(rule, text, &mut made.unread)).collect();
    }
    made.is_list |= after.contains(&Function::Days);
    for text in texts {
        match typed_values(after, &text) {
            Ok(values) => made.values.extend(values),
            Err(unread) => made.unread.push(unread),
        }
    }
    made.values.dedup();
    made
}

/// The texts at the places of `rule`: those of one place each for itself, those
/// of several places joined to one.
fn gather(rule: &Rule, get: &dyn Fn(&str) -> Vec<String>, unread: &mut Vec<Unread>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for from in &rule.from {
        for text in get(from) {
            let text = text.trim();
            if text.len() > MAX_TEXT {
                unread.push(Unread::TooLong(text.len()));
            } else if !text.is_empty() && found.len() < MAX_VALUES {
                found.push(text.to_owned());
            }
        }
    }
    if rule.from.len() > 1 && found.len() > 1 { vec![found.join(" ")] } else { found }
}

const fn makes_text(function: &Function) -> bool {
    match function {
        Function::Plain | Function::Split(_) | Function::LowerCase | Function::Prefix(_) => true,
        Function::Date | Function::Time | Function::Number | Function::YesNo | Function::Days => {
            false
        }
    }
}

fn as_text(function: &Function, value: &str) -> Vec<String> {
    match function {
        Function::Split(at) => value
            .split(|c| at.contains(c))
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect(),
        Function::LowerCase => vec![value.to_lowercase()],
        Function::Prefix(prefix) => vec![format!("{prefix}{value}")],
        Function::Plain => vec![text::one_line(value, DoubleEncoding::Keep).value],
        Function::Date | Function::Time | Function::Number | Function::YesNo | Function::Days => {
            vec![value.to_owned()]
        }
    }
}

/// What the mapping says that a word means, whatever its case.
fn word(rule: &Rule, text: &str, unread: &mut Vec<Unread>) -> Option<String> {
    let exact = rule.words.get(text);
    let alike = || {
        let text = text.to_lowercase();
        rule.words.iter().find(|(word, _)| word.trim().to_lowercase() == text).map(|(_, to)| to)
    };
    let meant = exact.or_else(alike).cloned();
    if meant.is_none() {
        unread.push(Unread::Word(shown(text)));
    }
    meant.filter(|meant| !meant.is_empty())
}

/// Applies functions to one text, the first of which makes something else than
/// text; those that make text do nothing to what is none any more.
fn typed_values(functions: &[Function], text: &str) -> Result<Vec<Json>, Unread> {
    let mut values = vec![Json::String(text.to_owned())];
    for function in functions {
        let mut made = Vec::new();
        for value in values {
            match value {
                Json::String(text) => made.extend(typed(function, &text)?),
                other => made.push(other),
            }
        }
        values = made;
    }
    Ok(values)
}

fn typed(function: &Function, text: &str) -> Result<Vec<Json>, Unread> {
    let one = |value: Option<Json>, unread: fn(String) -> Unread| match value {
        Some(value) => Ok(vec![value]),
        None => Err(unread(shown(text))),
    };
    match function {
        Function::Date => {
            one(date::date(text).ok().map(|date| date.to_string().into()), Unread::Date)
        }
        Function::Time => {
            let time = date::time(text).ok();
            one(time.map(|time| time.strftime("%H:%M").to_string().into()), Unread::Time)
        }
        Function::Number => one(number(text).map(Json::Number), Unread::Number),
        Function::YesNo => one(yes_no(text).map(Json::Bool), Unread::YesNo),
        Function::Days => {
            let days = date::days(text).ok_or_else(|| Unread::Days(shown(text)))?;
            Ok(days.into_iter().map(Json::from).collect())
        }
        text_function => Ok(as_text(text_function, text).into_iter().map(Json::String).collect()),
    }
}

/// Reads a number as people write it: `1,200`, `£3.50`, `-4.25`; a decimal
/// comma is refused, since it could be one of thousands.
fn number(text: &str) -> Option<Number> {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '£' | '€' | '$')).collect();
    let plain = if are_thousands(&plain) { plain.replace(',', "") } else { plain };
    let is_plain = plain.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if !is_plain {
        return None;
    }
    match plain.parse::<i64>() {
        Ok(whole) => Some(whole.into()),
        Err(_) => plain.parse().ok().and_then(Number::from_f64),
    }
}

/// Whether each comma stands before three digits, and none behind the point.
fn are_thousands(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    !first.is_empty() && !part.contains(',') && groups.all(|group| group.len() == 3)
}

fn yes_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "t" | "1" | "x" | "✓" | "✔" | "on" | "tha" => Some(true),
        "no" | "n" | "false" | "f" | "0" | "-" | "✗" | "off" | "chan eil" => Some(false),
        _ => None,
    }
}

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
