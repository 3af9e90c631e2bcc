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
    text_in_language(values, language).map(|(_, text)| text)
}

/// As [`language_text`], with the language of the text (BCP 47) in front; one
/// that has none is English.
#[must_use]
pub fn text_in_language<'a>(values: &'a [Value], language: &str) -> Option<(&'a str, &'a str)> {
    let read = |value: &'a Value| match value {
        Value::LanguageText { language, text } => Some((language.as_str(), text.as_str())),
        other => other.as_text().map(|text| ("en", text)),
    };
    let in_language =
        |wanted: &str| values.iter().filter_map(read).find(|(language, _)| *language == wanted);
    in_language(language).or_else(|| in_language("en")).or_else(|| values.iter().find_map(read))
}

/// All texts of a field, whatever their language.
pub fn texts(values: &[Value]) -> impl Iterator<Item = &str> {
    values.iter().filter_map(Value::as_text)
}

/// How many characters of a description stand for a missing summary.
const SUMMARY_LENGTH: usize = 200;

/// What of a description stands for a summary that nobody has stated: its
/// beginning, cut at a word.
#[must_use]
pub fn beginning(text: &str) -> String {
    if text.chars().count() <= SUMMARY_LENGTH {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SUMMARY_LENGTH - 1).collect();
    let end = cut.rfind(char::is_whitespace).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_description_is_cut_at_a_word() {
        let text = "walking ".repeat(60);
        let short = beginning(&text);
        assert!(short.chars().count() <= SUMMARY_LENGTH && short.ends_with("walking…"), "{short}");
        assert_eq!(beginning("short"), "short");
    }
}
