//! Values that are one text: numbers, dates, addresses, texts in no language.

use serde_json::{Value as Json, json};

use super::walk::Walk;
use super::{Cleaned, date, email, phone, postcode, shown, text, url};
use crate::harvest::extraction::Writing;
use crate::schema::{Field, ValueType};

/// Properties whose values are nothing when a part is cut off.
const CUTTING_SPOILS: [&str; 4] = [
    "https://schema.org/telephone",
    "https://schema.org/email",
    "https://schema.org/postalCode",
    "https://w3id.org/kist#rrule",
];

impl Walk<'_> {
    /// The text, cut to the longest that the field takes.
    pub(super) fn within(&mut self, field: &Field, text: String, at: &str) -> String {
        let Some(maximum) = field.maximum_length else { return text };
        match text::shortened(&text, maximum) {
            None => text,
            Some(short) => {
                let count = text.chars().count();
                let what = format!("{count} characters were cut to {maximum}");
                self.warning("text-cut", at, &what);
                short
            }
        }
    }

    pub(super) fn scalar(&mut self, field: &Field, text: &str, at: &str) -> Option<Json> {
        let read = match &field.value {
            ValueType::Text => return self.text(field, text, at),
            ValueType::Integer | ValueType::Double | ValueType::Decimal => number(field, text),
            ValueType::Boolean => match text.to_lowercase().as_str() {
                "true" | "yes" | "y" | "1" => Some(json!(true)),
                "false" | "no" | "n" | "0" => Some(json!(false)),
                _ => None,
            },
            ValueType::Date => return self.read(at, "bad-date", date::date(text)),
            ValueType::PartialDate => return self.read(at, "bad-date", date::partial_date(text)),
            ValueType::Time => {
                let time = date::time(text).map(|time| time.strftime("%H:%M").to_string());
                return self.read(at, "bad-time", time);
            }
            ValueType::DateTime => {
                return self.read(at, "bad-date", date::moment(text, &jiff::tz::TimeZone::UTC));
            }
            ValueType::Iri if text.starts_with("urn:") => {
                oxiri::Iri::parse(text).ok().map(|iri| json!(iri.as_str()))
            }
            ValueType::Iri => {
                return match url::complete(text, self.base) {
                    Ok(cleaned) => Some(json!(self.taken(at, cleaned))),
                    Err(error) => {
                        self.error("bad-address", at, &error.to_string());
                        None
                    }
                };
            }
            ValueType::WellKnownText
            | ValueType::Reference(_)
            | ValueType::LanguageText
            | ValueType::Node(_) => Some(json!(text)),
        };
        if read.is_none() {
            let what = format!("`{}` must be {}", shown(text), field.expected());
            self.error("bad-value", at, &what);
        }
        read
    }

    fn read<T: ToString>(
        &mut self,
        at: &str,
        code: &str,
        read: Result<T, date::DateError>,
    ) -> Option<Json> {
        match read {
            Ok(value) => Some(json!(value.to_string())),
            Err(error) => {
                self.error(code, at, &error.to_string());
                None
            }
        }
    }

    /// A text in no language. What kind of text it is, its property says.
    fn text(&mut self, field: &Field, text: &str, at: &str) -> Option<Json> {
        let path = field.path.as_str();
        let (cleaned, code) = match path {
            "https://schema.org/telephone" => (phone::telephone(text), "bad-telephone"),
            "https://schema.org/email" => (email::email(text), "bad-email"),
            "https://schema.org/postalCode" => {
                let read = postcode::postcode(text);
                let foreign = text.len() <= field.maximum_length.unwrap_or(usize::MAX)
                    && text.bytes().any(|byte| byte.is_ascii_digit());
                let read = read
                    .map(|Cleaned { value, notes }| Cleaned { value: value.to_string(), notes });
                let kept = foreign.then(|| {
                    let what = format!("`{}` is no postcode of the United Kingdom", shown(text));
                    Cleaned::noted(text.to_owned(), "bad-postcode", what)
                });
                (read.or(kept), "bad-postcode")
            }
            _ if self.writing == Writing::Plain => (Some(text::as_it_is(text)), "empty-text"),
            _ => (Some(text::joined_lines(text, self.double_encoding)), "empty-text"),
        };
        let Some(cleaned) = cleaned else {
            self.error(code, at, &format!("`{}` can't be read", shown(text)));
            return None;
        };
        let cleaned = self.taken(at, cleaned);
        if cleaned.is_empty() {
            return None;
        }
        let cleaned = match field.choices.iter().find(|c| c.eq_ignore_ascii_case(&cleaned)) {
            Some(choice) => choice.clone(),
            None if field.choices.is_empty() => cleaned,
            None => {
                let what = format!("`{}` must be {}", shown(&cleaned), field.expected());
                self.error("bad-value", at, &what);
                return None;
            }
        };
        if field.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(&cleaned)) {
            let what = format!("`{}` is not of the form that is expected", shown(&cleaned));
            self.error("bad-value", at, &what);
            return None;
        }
        let is_too_long = field.maximum_length.is_some_and(|most| cleaned.chars().count() > most);
        if is_too_long && (field.pattern.is_some() || CUTTING_SPOILS.contains(&path)) {
            self.error("bad-value", at, &format!("`{}` is too long", shown(&cleaned)));
            return None;
        }
        Some(json!(self.within(field, cleaned, at)))
    }
}

fn number(field: &Field, text: &str) -> Option<Json> {
    let plain = text.replace(['£', '€', ','], "");
    let plain = plain.trim();
    let number: f64 = plain.parse().ok().filter(|number: &f64| number.is_finite())?;
    let is_within = field.lowest.is_none_or(|lowest| number >= lowest)
        && field.highest.is_none_or(|highest| number <= highest);
    if !is_within {
        return None;
    }
    match field.value {
        ValueType::Decimal => {
            let is_plain = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
            is_plain.then(|| json!(plain.trim_end_matches('.')))
        }
        ValueType::Integer => {
            let whole = plain.split_once('.').map_or(plain, |(whole, part)| {
                if part.bytes().all(|byte| byte == b'0') { whole } else { plain }
            });
            whole.parse::<i64>().ok().map(|number| json!(number))
        }
        _ => Some(json!(number)),
    }
}
