//! What a robots.txt says to us.
//!
//! Source: RFC 9309, “Robots Exclusion Protocol”. Written here rather than
//! taken from a crate because who is refused has to be told by which line.
//! Where the RFC and the suite of Google's own reader differ (octets that are
//! encoded without need), the more cautious reading is taken.

mod cache;
mod pattern;
#[cfg(test)]
mod tests;

use std::time::Duration;

use url::{Position, Url};

use crate::harvest::document::Document;
use crate::harvest::encoding;

use pattern::Pattern;

pub(super) use cache::{Answer, Cache, Known, origin};

pub use cache::Copy;

/// How much of a file is read, by the RFC; the rest is ignored, with the line
/// that crosses it.
pub(super) const MAX_BYTES: usize = 500 * 1024;
/// The longest `Crawl-delay` that is honoured, by contract.
const MAX_CRAWL_DELAY: Duration = Duration::from_mins(1);
/// The most sitemaps that are taken from one file.
const MAX_SITEMAPS: usize = 1_000;

/// The rules of a file that apply to one robot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    /// How long the publisher asks to wait between requests.
    pub crawl_delay: Option<Duration>,
    /// The sitemaps that the file names, for whoever.
    pub sitemaps: Vec<Url>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    is_allowed: bool,
    pattern: Pattern,
    /// As it stands in the file.
    text: String,
    line: usize,
}

/// The rule by which an address is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The rule as it stands in the file, such as `Disallow: /private`.
    pub rule: String,
    /// Its line, from 1.
    pub line: usize,
}

/// One line of a file.
enum Line<'a> {
    UserAgent(&'a str),
    Rule { is_allowed: bool, pattern: &'a str },
    CrawlDelay(&'a str),
    Sitemap(&'a str),
    Other,
}

impl Robots {
    /// Reads a file, for the robot with this product token.
    #[must_use]
    pub fn parse(text: &str, product: &str) -> Self {
        let text = whole_lines(text);
        let mut sitemaps = Vec::new();
        let mut ours = Group::default();
        let mut everybodys = Group::default();
        // Lines of user agents that follow each other begin one group.
        let (mut is_heading, mut is_ours, mut is_everybodys) = (false, false, false);
        for (number, line) in lines(text) {
            match read(line) {
                Line::UserAgent(value) => {
                    if !is_heading {
                        (is_heading, is_ours, is_everybodys) = (true, false, false);
                    }
                    if is_for_all(value) {
                        is_everybodys = true;
                    } else if token(value).eq_ignore_ascii_case(product) {
                        is_ours = true;
                        ours.is_there = true;
                    }
                }
                Line::Rule { is_allowed, pattern } => {
                    is_heading = false;
                    let Some(pattern) = Pattern::new(pattern) else { continue };
                    let text = line.trim().to_owned();
                    let rule = Rule { is_allowed, pattern, text, line: number };
                    if is_everybodys {
                        everybodys.rules.push(rule.clone());
                    }
                    if is_ours {
                        ours.rules.push(rule);
                    }
                }
                // No part of the RFC, by which it would not end a heading; but
                // those who write a group of nothing else mean it as one.
                Line::CrawlDelay(value) => {
                    is_heading = false;
                    let Some(delay) = delay(value) else { continue };
                    if is_everybodys {
                        everybodys.crawl_delay.get_or_insert(delay);
                    }
                    if is_ours {
                        ours.crawl_delay.get_or_insert(delay);
                    }
                }
                Line::Sitemap(value) => {
                    if sitemaps.len() < MAX_SITEMAPS {
                        sitemaps.extend(Url::parse(value));
                    }
                }
                Line::Other => {}
            }
        }
        let group = if ours.is_there { ours } else { everybodys };
        Self { rules: group.rules, crawl_delay: group.crawl_delay, sitemaps }
    }

    /// The text of a file as it was served; a page of HTML has no rules in it.
    pub(in crate::harvest::fetch) fn text(document: &Document) -> String {
        let decoded = encoding::decode(document);
        if decoded.text.trim_start().starts_with('<') {
            return String::new();
        }
        decoded.text.into_owned()
    }

    /// Whether `url` may be fetched.
    ///
    /// # Errors
    ///
    /// The rule that refuses it: the longest that matches, where one that
    /// allows wins over one of the same length.
    pub fn check(&self, url: &Url) -> Result<(), Refusal> {
        self.check_path(&url[Position::BeforePath..Position::AfterQuery])
    }

    /// As [`Self::check`], for a path with its query.
    fn check_path(&self, path: &str) -> Result<(), Refusal> {
        let path = if path.is_empty() { "/" } else { path };
        if path == "/robots.txt" || self.rules.is_empty() {
            return Ok(());
        }
        let path = pattern::Path::new(path);
        let longest = self
            .rules
            .iter()
            .filter(|rule| {
                rule.pattern.matches(&path)
                    || (!rule.is_allowed && rule.pattern.matches_decoded(&path))
            })
            // Of several that are alike, `max_by_key` takes the last; the
            // first line is told.
            .rev()
            .max_by_key(|rule| (rule.pattern.length(), rule.is_allowed));
        match longest {
            Some(rule) if !rule.is_allowed => {
                Err(Refusal { rule: rule.text.clone(), line: rule.line })
            }
            _ => Ok(()),
        }
    }
}

#[derive(Default)]
struct Group {
    is_there: bool,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

/// The first [`MAX_BYTES`] of a text, without the line that crosses them.
fn whole_lines(text: &str) -> &str {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.len() <= MAX_BYTES {
        return text;
    }
    let head = &text.as_bytes()[..MAX_BYTES];
    let end = head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(0);
    &text[..end]
}

/// The lines with their numbers; they end with CR, LF or both.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = Some(text);
    let mut number = 0;
    std::iter::from_fn(move || {
        let text = rest?;
        number += 1;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some((number, text));
        };
        let (line, after) = text.split_at(end);
        rest = Some(after.strip_prefix("\r\n").unwrap_or(&after[1..]));
        Some((number, line))
    })
}

fn read(line: &str) -> Line<'_> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let (key, value) = match line.split_once(':') {
        Some((key, value)) => (key.trim(), value.trim()),
        // The colon is often forgotten; then there are two words.
        None => match line.split_once(char::is_whitespace) {
            Some((key, value)) if !value.trim().contains(char::is_whitespace) => {
                (key, value.trim())
            }
            _ => return Line::Other,
        },
    };
    let key = key.to_ascii_lowercase();
    // As they are misspelt in the wild.
    match key.as_str() {
        "user-agent" | "useragent" | "user agent" => Line::UserAgent(value),
        "disallow" | "dissallow" | "dissalow" | "disalow" | "diasllow" | "disallaw" => {
            Line::Rule { is_allowed: false, pattern: value }
        }
        "allow" => Line::Rule { is_allowed: true, pattern: value },
        "crawl-delay" | "crawldelay" | "crawl delay" => Line::CrawlDelay(value),
        "sitemap" | "site-map" => Line::Sitemap(value),
        _ => Line::Other,
    }
}

fn is_for_all(value: &str) -> bool {
    value
        .strip_prefix('*')
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// The product token that a line begins with: `kistbot` of `kistbot/1.0`.
fn token(value: &str) -> &str {
    let end = value.find(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '-' | '_')));
    &value[..end.unwrap_or(value.len())]
}

fn delay(value: &str) -> Option<Duration> {
    let delay = Duration::try_from_secs_f64(value.parse().ok()?).ok()?;
    Some(delay.min(MAX_CRAWL_DELAY))
}
