//! Secrets are kept out of logs, reports and errors.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// What stands in the place of a secret.
const MASK: &str = "***";
/// Parts of the names of parameters whose values are secrets.
const SECRET_NAMES: &[&str] = &[
    "key",
    "token",
    "secret",
    "pass",
    "pwd",
    "sig",
    "auth",
    "credential",
    "session",
    "jwt",
    "sas",
];
/// Names with such a part in them that are no secrets.
const PLAIN_NAMES: &[&str] = &["keyword", "design", "author", "passenger"];

/// A text that is never shown: credentials and the like.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretString(String);

impl SecretString {
    /// Keeps `text` secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for who sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}

/// `url` as it may be shown: without user name and password, and with the
/// values of secret parameters masked.
#[must_use]
pub fn url(url: &Url) -> String {
    let is_secret = url.query_pairs().any(|(name, _)| is_secret(&name));
    let has_user = !url.username().is_empty() || url.password().is_some();
    if !is_secret && !has_user {
        return url.to_string();
    }
    let mut shown = url.clone();
    if has_user {
        // Only addresses without a host have no place for them.
        let _ = shown.set_username(MASK);
        let _ = shown.set_password(None);
    }
    if is_secret && let Some(query) = url.query() {
        let parameters: Vec<String> = query.split('&').map(parameter).collect();
        shown.set_query(Some(&parameters.join("&")));
    }
    shown.to_string()
}

/// The name of a parameter of `url` whose value is a secret, if there is one.
#[must_use]
pub fn secret_parameter(url: &Url) -> Option<String> {
    let has_secret =
        |(name, value): &(Cow<'_, str>, Cow<'_, str>)| is_secret(name) && !value.is_empty();
    url.query_pairs().find(has_secret).map(|(name, _)| name.into_owned())
}

/// `text` as it may be shown: the addresses in it as by [`url()`].
#[must_use]
pub fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = next_address(rest) {
        let (before, from) = rest.split_at(start);
        shown.push_str(before);
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`' | ')'))
            .unwrap_or(from.len());
        let (address, after) = from.split_at(end);
        match Url::parse(address) {
            Ok(address) => shown.push_str(&url(&address)),
            Err(_) => shown.push_str(MASK),
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

/// An address as somebody wrote it, as it may be shown: one that can't be read
/// too, without what stands where a user name and password do.
#[must_use]
pub fn written(address: &str) -> String {
    let shown = text(address);
    let start = shown.find("://").map_or(0, |at| at + 3);
    let end = shown[start..].find(['/', '?', '#']).map_or(shown.len(), |at| start + at);
    match shown[start..end].rfind('@') {
        Some(at) => format!("{}{MASK}{}", &shown[..start], &shown[start + at..]),
        None => shown,
    }
}

fn next_address(text: &str) -> Option<usize> {
    match (text.find("http://"), text.find("https://")) {
        (Some(http), Some(https)) => Some(http.min(https)),
        (http, https) => http.or(https),
    }
}

fn parameter(parameter: &str) -> String {
    let Some((name, value)) = parameter.split_once('=') else { return parameter.to_owned() };
    let decoded = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    if is_secret(&decoded) && !value.is_empty() {
        format!("{name}={MASK}")
    } else {
        parameter.to_owned()
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
        && !PLAIN_NAMES.iter().any(|part| name.contains(part))
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
