//! Feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed 1 and 1.1.
//!
//! The crate reads what is broken as well as what is right; its dates, its
//! sanitising and its network are not used. An item becomes a resource, or an
//! event when it says when it takes place (`event`). A feed is a window: it
//! shows the newest, and what is no longer in it is not gone. Pages further
//! back (`rel="next"`) are not asked for.

mod about;
pub(super) mod base;
mod event;
mod item;
mod repair;

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use feedparser_rs::{FeedVersion, ParseOptions, ParsedFeed, ParserLimits};

use super::{Format, Listing, Reading};
use crate::harvest::document::Document;
use crate::harvest::encoding;
use crate::harvest::extraction::{Draft, Extraction, Problem, State};

/// Items of one feed; feeds show tens.
const MOST_ITEMS: usize = 10_000;
/// The size of one feed; the same limit holds for fetching.
const LARGEST: usize = 50 << 20;
/// Characters of one text: a whole book.
const LONGEST_TEXT: usize = 1 << 20;

/// RSS of all versions.
pub(super) const RSS: Format = Format {
    name: "rss",
    label: "RSS",
    specification: "https://www.rssboard.org/rss-specification",
    accept: "application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8",
    listing: Listing::Window,
    recognises: recognises_rss,
    extract,
};

/// Atom.
pub(super) const ATOM: Format = Format {
    name: "atom",
    label: "Atom",
    specification: "https://www.rfc-editor.org/rfc/rfc4287",
    accept: "application/atom+xml, application/xml;q=0.9, text/xml;q=0.8",
    listing: Listing::Window,
    recognises: recognises_atom,
    extract,
};

/// JSON Feed.
pub(super) const JSON_FEED: Format = Format {
    name: "json-feed",
    label: "JSON Feed",
    specification: "https://www.jsonfeed.org/version/1.1/",
    accept: "application/feed+json, application/json;q=0.9",
    listing: Listing::Window,
    recognises: recognises_json_feed,
    extract,
};

/// The name of the first element that begins in `head`, in lower case and
/// without prefix, with what stands behind it.
fn root(head: &str) -> Option<(String, &str)> {
    for (start, _) in head.match_indices('<') {
        let inner = &head[start + 1..];
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = inner.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
        let (name, rest) = inner.split_at(end.unwrap_or(inner.len()));
        let name = name.rsplit(':').next().unwrap_or(name);
        return Some((name.to_ascii_lowercase(), rest));
    }
    None
}

fn recognises_rss(document: &Document) -> u8 {
    let head = String::from_utf8_lossy(document.head());
    let is_declared = document.is_declared(&["application/rss+xml"]);
    match root(&head) {
        Some((name, _)) if name == "rss" => 95,
        Some((name, rest)) if name == "rdf" && is_rss1(rest) => 90,
        Some((name, _)) if name == "channel" => 60,
        Some((name, _)) if name == "html" || name == "feed" => 0,
        _ if is_declared => 50,
        _ => 0,
    }
}

fn is_rss1(rest: &str) -> bool {
    rest.contains("http://purl.org/rss/1.0/") || rest.contains("http://my.netscape.com/rdf")
}

fn recognises_atom(document: &Document) -> u8 {
    let head = String::from_utf8_lossy(document.head());
    match root(&head) {
        Some((name, rest)) if name == "feed" => {
            let is_atom = rest.contains("http://www.w3.org/2005/Atom")
                || rest.contains("http://purl.org/atom/ns#")
                || document.is_declared(&["application/atom+xml"]);
            if is_atom { 95 } else { 40 }
        }
        _ => 0,
    }
}

fn recognises_json_feed(document: &Document) -> u8 {
    let head = String::from_utf8_lossy(document.head());
    let is_declared = document.is_declared(&["application/feed+json"]);
    let is_said = head.contains("jsonfeed.org/version/") || head.contains("jsonfeed.org\\/version");
    match (head.starts_with('{'), is_said, is_declared) {
        (true, true, _) => 97,
        (true, false, true) => 85,
        _ => 0,
    }
}

fn extract(document: &Document, reading: &Reading<'_>) -> Extraction {
    let mut extraction = Extraction::default();
    let decoded = encoding::decode(document);
    extraction.problems.extend(decoded.warnings);
    let text = without_declaration(&decoded.text);
    let is_json = text.starts_with('{');
    let text = if is_json { text.into() } else { repaired(text, &mut extraction.problems) };
    let text: &str = &text;
    let feed = match feedparser_rs::parse_with_options(text.as_bytes(), &options()) {
        Ok(feed) if feed.version != FeedVersion::Unknown || !feed.entries.is_empty() => feed,
        Ok(_) => {
            extraction.problems.push(Problem::broken("no-feed", "", "this is no feed"));
            return extraction;
        }
        Err(error) => {
            let what = format!("the feed can't be read: {error}");
            extraction.problems.push(Problem::broken("bad-feed", "", what));
            return extraction;
        }
    };
    complain(&feed, text, &mut extraction);
    let clock = reading.clock();
    let extras = if is_json {
        event::Extras::none(&document.url)
    } else {
        event::Extras::read(text, &document.url)
    };
    about::read(&feed, &extras.base.url, &mut extraction.about);
    let mut found = Found::default();
    for (number, entry) in feed.entries.iter().enumerate() {
        let at = if is_json { format!("/items/{number}") } else { format!("item {}", number + 1) };
        let said = extras.item(number, feed.entries.len(), entry);
        let place = item::Place { at: &at, clock: &clock, base: &extras.base, url: &document.url };
        let link = item::link(entry, said, &place);
        let problems = &mut extraction.problems;
        if let Some(draft) = item::draft(entry, said, link.as_deref(), &place, problems) {
            found.take(draft, link, problems);
        }
    }
    extraction.drafts = found.drafts;
    extraction.drafts.extend(extras.deleted.into_iter().map(|gone| {
        let mut draft = Draft::new("resource", gone.key, gone.at);
        draft.state = State::Deleted;
        draft.modified = gone.when;
        draft
    }));
    extraction
}

/// The text without its XML declaration, which no longer tells the truth
/// about the encoding, and without what stands before the first element.
fn without_declaration(text: &str) -> &str {
    let text = text.trim_start();
    if text.starts_with('{') {
        return text;
    }
    let text = &text[text.find('<').unwrap_or(0)..];
    let rest = text.strip_prefix("<?xml").and_then(|rest| Some(rest.split_once("?>")?.1));
    rest.map_or(text, str::trim_start)
}

/// The text of an XML feed with common faults made right, and a warning of
/// each.
fn repaired<'a>(text: &'a str, problems: &mut Vec<Problem>) -> Cow<'a, str> {
    let is_rss = root(text).is_some_and(|(name, _)| matches!(name.as_str(), "rss" | "rdf"));
    let (text, raw) = if is_rss { repair::raw_markup(text) } else { (text.into(), 0) };
    if raw > 0 {
        let what = format!("{raw} texts have HTML in them that is not escaped");
        problems.push(
            Problem::warning("raw-markup", "", what)
                .advice("Write HTML in `<![CDATA[` and `]]>`, or `<` as `&lt;`."),
        );
    }
    let (repaired, lone) = repair::ampersands(&text);
    if lone == 0 {
        return text;
    }
    let what = format!("{lone} ampersands are not written as `&amp;`");
    problems.push(Problem::warning("lone-ampersand", "", what));
    Cow::Owned(repaired.into_owned())
}

fn options() -> ParseOptions {
    ParseOptions {
        // One later step cleans all formats alike.
        sanitize_html: false,
        // `base` does that, which knows the address of the feed.
        resolve_relative_uris: false,
        limits: ParserLimits {
            max_entries: MOST_ITEMS,
            max_feed_size_bytes: LARGEST,
            max_text_length: LONGEST_TEXT,
            ..ParserLimits::default()
        },
    }
}

/// Says what was wrong with the feed as a whole.
fn complain(feed: &ParsedFeed, text: &str, extraction: &mut Extraction) {
    if feed.entries.len() >= MOST_ITEMS {
        let what = format!("there are {MOST_ITEMS} items or more; the rest is left out");
        extraction.problems.push(Problem::broken("too-many", "", what));
        return;
    }
    let end = text.trim_end();
    let is_whole = text.starts_with('{') || {
        let last = &end[end.rfind('<').unwrap_or(0)..];
        last.starts_with("</") || last.starts_with("<!--") || last.ends_with("/>")
    };
    if !is_whole || end.is_empty() {
        let what = "the feed ends in the middle";
        extraction.problems.push(Problem::broken("truncated", "", what));
    } else if feed.bozo {
        let said = feed.bozo_exception.as_deref().unwrap_or("it is not well formed");
        let said: String = said.chars().take(300).collect();
        let problem = if feed.entries.is_empty() {
            let what = format!("the feed is faulty, and nothing could be read of it: {said}");
            Problem::broken("malformed", "", what)
        } else {
            let what = format!("the feed is faulty and was read as far as possible: {said}");
            Problem::warning("malformed", "", what)
        };
        extraction
            .problems
            .push(problem.advice("Check the feed with https://validator.w3.org/feed/."));
    }
}

/// The drafts so far, by key and by the address of their page.
#[derive(Default)]
struct Found {
    drafts: Vec<Draft>,
    by_key: HashMap<String, (usize, Option<String>)>,
}

impl Found {
    /// Takes a draft. The same key again is the same item, of which the last
    /// changed counts; with another address it is another item whose guid is
    /// worth nothing, and its address is its key.
    fn take(&mut self, mut draft: Draft, link: Option<String>, problems: &mut Vec<Problem>) {
        if let Some((_, other)) = self.by_key.get(&draft.key)
            && let (Some(link), Some(other)) = (&link, other)
            && link != other
        {
            let what = format!("the guid `{}` stands for several items", draft.key);
            problems.push(
                Problem::warning("duplicate-guid", draft.at.clone(), what)
                    .advice("Give each item a guid of its own that never changes.")
                    .of(link.clone()),
            );
            draft.key.clone_from(link);
        }
        match self.by_key.entry(draft.key.clone()) {
            Slot::Vacant(slot) => {
                slot.insert((self.drafts.len(), link));
                self.drafts.push(draft);
            }
            Slot::Occupied(slot) => {
                let before = &mut self.drafts[slot.get().0];
                let is_same = before.fields == draft.fields && before.terms == draft.terms;
                let what = format!("the item `{}` stands twice in the feed", draft.key);
                let problem = if is_same {
                    Problem::warning("duplicate-item", draft.at.clone(), what)
                } else {
                    let what = format!("{what} with different content");
                    Problem::error("duplicate-item", draft.at.clone(), what)
                };
                problems.push(problem.of(draft.key.clone()));
                if !is_same && item::changed(&draft) > item::changed(before) {
                    *before = draft;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
