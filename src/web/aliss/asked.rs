//! What a client asks, read as leniently as ALISS reads it.
//!
//! Unknown parameters are passed over, and so are values that only a careless
//! client sends: nothing, `null`, `undefined`, `NaN`. Of a parameter that
//! stands twice the last value counts.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::web::address;

/// What clients send when they mean nothing.
const NOTHING: [&str; 3] = ["null", "undefined", "NaN"];

/// The path of a request as it was written, and its parameters. An extractor.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    path: String,
    query: String,
    values: Vec<(String, String)>,
}

impl Asked {
    fn new(path: &str, query: &str) -> Self {
        let values = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { path: path.to_owned(), query: query.to_owned(), values }
    }

    /// The value of `name` without white space around it, if it says anything.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let said = self.values.iter().rev().filter(|(given, _)| given == name);
        let mut texts = said.map(|(_, value)| value.trim());
        texts.find(|text| !text.is_empty() && !NOTHING.contains(text))
    }

    /// The values of a list with semicolons, each once; a comma parts them too.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        let mut values: Vec<String> = Vec::new();
        for value in text.split([';', ',']) {
            let value: String = value.chars().filter(|letter| !letter.is_whitespace()).collect();
            if !value.is_empty() && !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }

    /// The whole number `name`, from 0 on; `None` when it is anything else.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    /// The path as it was written.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The query as it was written.
    pub(super) fn query(&self) -> &str {
        &self.query
    }

    /// The address of page `number` of the same list in the register at
    /// `base`: absolute, encoded, with every parameter that was sent.
    pub(super) fn page_address(&self, base: &str, number: u64) -> String {
        let query = address::query_with(&self.query, &[], &[("page", &number.to_string())]);
        format!("{base}{}{query}", self.path)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::new(parts.uri.path(), parts.uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
#[path = "asked_tests.rs"]
mod tests;
