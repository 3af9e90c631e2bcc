//! What a page shows of the records' own words: texts with their language,
//! links that are safe to follow, dates and distances as people write them.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Map;
use serde_json::Value as Json;

use crate::model::Metres;
use crate::web::escape::escaped;
use crate::web::negotiate::Language;

/// A text of a record, shown with its language when that is not the page's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::web) struct Text {
    /// The text as the record has it.
    pub(in crate::web) text: String,
    /// Its language; `None` when it is the page's, or not known.
    pub(in crate::web) language: Option<String>,
}

impl Text {
    /// A text in no language, or in that of the page.
    pub(in crate::web) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), language: None }
    }

    /// A text in `language`, on a page in another or the same.
    pub(in crate::web) fn written(text: &str, language: &str, page: Language) -> Self {
        let language = (language != page.tag()).then(|| language.to_owned());
        Self { text: text.to_owned(), language }
    }

    /// Its paragraphs.
    pub(in crate::web) fn paragraphs(&self) -> Vec<Self> {
        let parts = self.text.split('\n').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|text| Self { text: text.to_owned(), language: self.language.clone() }).collect()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

/// Whether a text may turn round what stands beside it: it has marks of
/// direction, or letters of Hebrew, Arabic and other writing from the right.
fn turns(text: &str) -> bool {
    text.chars().any(|character| {
        matches!(character,
            '\u{590}'..='\u{8ff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
    })
}

impl fmt::Display for Text {
    /// The text as HTML.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = escape(&self.text);
        let element = if turns(&self.text) { "bdi" } else { "span" };
        match &self.language {
            Some(language) => {
                let language = escape(language);
                write!(formatter, "<{element} lang=\"{language}\">{text}</{element}>")
            }
            None if element == "bdi" => write!(formatter, "<bdi>{text}</bdi>"),
            None => formatter.write_str(&text),
        }
    }
}

// Its `Display` escapes all that comes from a record.
impl askama::filters::HtmlSafe for Text {}

/// Words one after the other, each with its own language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::web) struct Line(Vec<Text>);

impl Line {
    /// The `parts` with commas between. Neighbours in one language are one
    /// text.
    pub(in crate::web) fn of(parts: Vec<Text>) -> Self {
        let mut line: Vec<Text> = Vec::new();
        for part in parts {
            match line.last_mut() {
                None => line.push(part),
                Some(last) if last.language == part.language => {
                    last.text.push_str(", ");
                    last.text.push_str(&part.text);
                }
                Some(last) => {
                    last.text.push_str(", ");
                    line.push(part);
                }
            }
        }
        Self(line)
    }

    /// This line and `other`, with a semicolon between.
    pub(in crate::web) fn and(mut self, other: Self) -> Self {
        if let Some(last) = self.0.last_mut() {
            last.text.push_str("; ");
        }
        self.0.extend(other.0);
        self
    }

    /// Whether it has no words.
    pub(in crate::web) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Line {
    /// The words as HTML.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|text| text.fmt(formatter))
    }
}

// Its `Display` is that of texts.
impl askama::filters::HtmlSafe for Line {}

/// `text` with the five characters that HTML reserves written as references.
pub(in crate::web) fn escape(text: &str) -> String {
    escaped(text, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    })
}

/// A link with what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Link {
    /// The address.
    pub(in crate::web) href: String,
    /// What it says.
    pub(in crate::web) text: Text,
}

/// How long the words of a link to a page are: what search engines and chats
/// show of them.
const OPENING: usize = 200;

/// The beginning of a text as one line, cut at a word.
pub(in crate::web) fn opening(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= OPENING {
        return line;
    }
    let cut: String = line.chars().take(OPENING - 1).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}

/// The texts of a JSON member: a string is English, an object is by
/// language. Of an object the one in the language of the page comes, or the
/// English, or the first.
pub(in crate::web) fn texts(json: Option<&Json>, page: Language) -> Vec<Text> {
    match json {
        Some(Json::String(text)) if !text.trim().is_empty() => {
            vec![Text::written(text, "en", page)]
        }
        Some(Json::Object(languages)) => {
            let found = [page.tag(), "en"]
                .into_iter()
                .find_map(|tag| languages.get_key_value(tag))
                .or_else(|| languages.iter().next());
            let read = found.and_then(|(tag, text)| {
                let text = text.as_str()?;
                (!text.trim().is_empty()).then(|| Text::written(text, tag, page))
            });
            read.into_iter().collect()
        }
        Some(Json::Array(values)) => {
            values.iter().flat_map(|value| texts(Some(value), page)).collect()
        }
        _ => Vec::new(),
    }
}

/// The first text of a member.
pub(in crate::web) fn text(object: &Map<String, Json>, name: &str, page: Language) -> Option<Text> {
    texts(object.get(name), page).into_iter().next()
}

/// The text of the first of `names` that has one.
pub(in crate::web) fn first_text(
    object: &Map<String, Json>,
    names: &[&str],
    page: Language,
) -> Option<Text> {
    names.iter().find_map(|name| text(object, name, page))
}

/// `address` when a visitor may be sent there: http and https only, so that
/// no record can put a script behind a link.
pub(in crate::web) fn web_address(address: &str) -> Option<&str> {
    let parsed = url::Url::parse(address).ok()?;
    matches!(parsed.scheme(), "http" | "https").then_some(address)
}

/// What to call a web address: its host, without `www.`.
pub(in crate::web) fn host(address: &str) -> String {
    let parsed = url::Url::parse(address).ok();
    let host = parsed.as_ref().and_then(url::Url::host_str).unwrap_or(address);
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// A `tel:` address, when the text is a number as people write it; `None` when
/// there are other words in it, whose digits would be dialled too.
pub(in crate::web) fn telephone(number: &str) -> Option<String> {
    let is_of_number =
        |c: char| c.is_ascii_digit() || " +()-./\u{a0}\u{2010}\u{2011}\u{2013}".contains(c);
    if !number.trim().chars().all(is_of_number) {
        return None;
    }
    let number = number.trim();
    // In `+44 (0)131 …` the zero is for callers within the country.
    let dial: String = number
        .replace("(0)", "")
        .chars()
        .enumerate()
        .filter(|(position, c)| c.is_ascii_digit() || (*position == 0 && *c == '+'))
        .map(|(_, c)| c)
        .collect();
    (dial.len() >= 3).then(|| format!("tel:{dial}"))
}

/// `350 m`, `1.2 km`, `35 km`.
pub(in crate::web) fn distance(distance: Metres) -> String {
    let metres = distance.as_f64();
    match metres {
        ..995.0 => format!("{:.0} m", (metres / 10.0).round() * 10.0),
        ..9_950.0 => {
            let text = format!("{:.1}", metres / 1_000.0);
            format!("{} km", text.strip_suffix(".0").unwrap_or(&text))
        }
        _ => format!("{:.0} km", metres / 1_000.0),
    }
}

/// `21 November 2026`.
pub(in crate::web) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// A day in `language`, such as `21mh dhen t-Samhain 2026`. Scots, for which
/// nobody has data, writes it as English does.
///
/// Source: CLDR, months and long dates of `gd`.
pub(in crate::web) fn day_in(date: Date, language: Language) -> String {
    const MONTHS: [&str; 12] = [
        "dhen Fhaoilleach",
        "dhen Ghearran",
        "dhen Mhàrt",
        "dhen Ghiblean",
        "dhen Chèitean",
        "dhen Ògmhios",
        "dhen Iuchar",
        "dhen Lùnastal",
        "dhen t-Sultain",
        "dhen Dàmhair",
        "dhen t-Samhain",
        "dhen Dùbhlachd",
    ];
    let month = usize::try_from(date.month() - 1).ok().and_then(|month| MONTHS.get(month));
    match (language, month) {
        (Language::Gaelic, Some(month)) => format!("{}mh {month} {}", date.day(), date.year()),
        _ => day(date),
    }
}

/// The day of a moment, as a clock in Scotland shows it.
pub(in crate::web) fn day_of(at: Timestamp) -> String {
    day(date_of(at))
}

/// The day that it was in Scotland.
pub(in crate::web) fn date_of(at: Timestamp) -> Date {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).date()
}

/// A year, a month or a day as people say it: `October 2006` for `2006-10`. What
/// is none of these stays as it is.
///
/// Source of the Gaelic months: CLDR, stand-alone months of `gd`.
pub(in crate::web) fn partial_date(text: &str, language: Language) -> String {
    const MONTHS: [&str; 12] = [
        "Am Faoilleach",
        "An Gearran",
        "Am Màrt",
        "An Giblean",
        "An Cèitean",
        "An t-Ògmhios",
        "An t-Iuchar",
        "An Lùnastal",
        "An t-Sultain",
        "An Dàmhair",
        "An t-Samhain",
        "An Dùbhlachd",
    ];
    if let Ok(date) = text.parse::<Date>() {
        return day_in(date, language);
    }
    let Ok(first) = format!("{text}-01").parse::<Date>() else { return text.to_owned() };
    let month = usize::try_from(first.month() - 1).ok().and_then(|month| MONTHS.get(month));
    match (language, month) {
        (Language::Gaelic, Some(month)) => format!("{month} {}", first.year()),
        _ => first.strftime("%B %Y").to_string(),
    }
}

/// The IRI of a thing of this register as `(kind, id)`.
pub(in crate::web) fn thing<'a>(iri: &'a str, base: &str) -> Option<(&'a str, &'a str)> {
    iri.strip_prefix(base)?.strip_prefix("/id/")?.split_once('/')
}

/// A key such as `reviewEveryMonths` as people read it: `Review every months`.
pub(in crate::web) fn humanised(key: &str) -> String {
    let mut words = String::with_capacity(key.len() + 4);
    for (position, character) in key.chars().enumerate() {
        if position == 0 {
            words.extend(character.to_uppercase());
        } else if character.is_ascii_uppercase() {
            words.push(' ');
            words.push(character.to_ascii_lowercase());
        } else if matches!(character, '-' | '_') {
            words.push(' ');
        } else {
            words.push(character);
        }
    }
    words
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
