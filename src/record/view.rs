//! Reading a record as people do: its name, its texts in a language.

use super::{Record, Value};

/// What the record is called, in `language` or else in English or else in
/// any; its identifier when it has no name.
#[must_use]
pub fn label<'a>(record: &'a Record, language: &str) -> &'a str {
    language_text(record.values("name"), language)
        .or_else(|| language_text(record.values("prefLabel"), language))
        .unwrap_or_else(|| record.id.id())
}

/// The text in `language`, or else in English, or else the first there is.
#[must_use]
pub fn language_text<'a>(values: &'a [Value], language: &str) -> Option<&'a str> {
    let in_language = |wanted: &str| {
        values.iter().find_map(|value| match value {
            Value::LanguageText { language, text } if language == wanted => Some(text.as_str()),
            _ => None,
        })
    };
    in_language(language).or_else(|| in_language("en")).or_else(|| texts(values).next())
}

/// All texts of a field, whatever their language.
pub fn texts(values: &[Value]) -> impl Iterator<Item = &str> {
    values.iter().filter_map(Value::as_text)
}
