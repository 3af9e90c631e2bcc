//! A text of the pages, which may be borrowed from English.

use std::fmt;

use crate::web::html::content::Text;

/// A text of the pages in the language of the page, or in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Phrase {
    text: &'static str,
    is_borrowed: bool,
}

impl Phrase {
    pub(super) const fn of(english: &'static str, translated: &[&'static str]) -> Self {
        match translated {
            [] => Self { text: english, is_borrowed: true },
            [text, ..] => Self { text, is_borrowed: false },
        }
    }

    /// The bare text, for attributes and titles.
    pub(in crate::web) const fn plain(self) -> &'static str {
        self.text
    }

    /// The text with its language, when that is not the page's.
    pub(in crate::web) fn text(self) -> Text {
        Text { text: self.text.to_owned(), language: self.is_borrowed.then(|| "en".to_owned()) }
    }

    /// The same with each `{name}` replaced, by words of the same language or
    /// of none, such as a name, a number or a time.
    pub(in crate::web) fn filled(self, values: &[(&str, &str)]) -> Text {
        Text { text: self.fill(values), ..self.text() }
    }

    /// The language of the words when it is not the page's, for what marks it
    /// itself.
    pub(in crate::web) fn language(self) -> Option<&'static str> {
        self.is_borrowed.then_some("en")
    }

    /// Whether the English stands in for what nobody has translated.
    pub(in crate::web) const fn is_borrowed(self) -> bool {
        self.is_borrowed
    }

    /// The text with each `{name}` replaced.
    pub(in crate::web) fn fill(self, values: &[(&str, &str)]) -> String {
        let mut filled = String::with_capacity(self.text.len() + 16);
        let mut rest = self.text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, after)) = after.split_once('}') else { break };
            let value = values.iter().find(|(known, _)| *known == name);
            filled.push_str(value.map_or("", |(_, value)| value));
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

impl From<Phrase> for Text {
    fn from(phrase: Phrase) -> Self {
        phrase.text()
    }
}

impl fmt::Display for Phrase {
    /// The text as HTML, marked when it is not in the language of the page.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_borrowed {
            write!(formatter, "<span lang=\"en\">{}</span>", self.text)
        } else {
            formatter.write_str(self.text)
        }
    }
}

// A test reads every phrase: none has a character that HTML reserves.
impl askama::filters::HtmlSafe for Phrase {}
