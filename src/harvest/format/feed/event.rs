//! What feeds say beyond the crate's knowledge: when an item takes place, what
//! its relative addresses are completed with, and which entries are gone.
//!
//! Events: the RSS event module (`ev:startdate`), xCal in RSS (`xcal:dtstart`),
//! Google's `gd:when`, and the elements of a common calendar plug-in
//! (`mec:startDate`). Deletions: RFC 6721 (`at:deleted-entry`). Read by our own
//! XML reader; where the feed is not well formed, this ends early and the rest
//! of the items are plain.

use std::collections::HashMap;

use feedparser_rs::Entry;
use url::Url;

use super::base::{self, Base, Bases, Linked};
use crate::harvest::xml::{Element, Event as Next, Reader};

/// Deletions that are read of one feed.
const MOST_DELETED: usize = 10_000;
/// The namespace of RFC 6721.
const TOMBSTONES: &str = "http://purl.org/atompub/tombstones/1.0";

/// When and where an item takes place, as published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
    pub(super) location: Option<String>,
}

/// An entry that the publisher has deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gone {
    pub(super) key: String,
    pub(super) when: Option<String>,
    pub(super) at: String,
}

/// What an item says so.
#[derive(Debug)]
pub(super) struct Item {
    /// When and where it takes place, when it does.
    pub(super) event: Option<Event>,
    /// What it links to.
    pub(super) links: Vec<Linked>,
    /// What addresses in its texts are completed with.
    pub(super) base: Url,
}

/// All that a feed says so.
#[derive(Debug)]
pub(super) struct Extras {
    /// What addresses of the feed itself are completed with, and those of
    /// items that are not found here.
    pub(super) base: Base,
    /// By the item's place in the feed.
    items: Vec<Item>,
    /// By guid or link, for when places differ.
    by_key: HashMap<String, usize>,
    pub(super) deleted: Vec<Gone>,
}

impl Extras {
    /// Nothing, of a feed at `url`.
    pub(super) fn none(url: &Url) -> Self {
        Self { base: Base::of(url), items: Vec::new(), by_key: HashMap::new(), deleted: Vec::new() }
    }

    /// Reads `text`, a feed at `url`, as far as it is well formed.
    pub(super) fn read(text: &str, url: &Url) -> Self {
        let mut extras = Self::none(url);
        let mut bases = Bases::new(url);
        let mut reader = Reader::new(text);
        while let Ok(Some(next)) = reader.next() {
            let tag = match next {
                Next::Open(tag) => tag,
                Next::Close => {
                    bases.close();
                    continue;
                }
                Next::Text(_) => continue,
            };
            if !matches!(tag.name.as_str(), "item" | "entry") {
                bases.open(&tag);
            }
            match tag.name.as_str() {
                "rss" | "RDF" | "feed" | "channel" => extras.base = bases.here().clone(),
                "item" | "entry" => {
                    let Ok(item) = reader.element(tag) else { break };
                    extras.take(&item, bases.here());
                }
                "deleted-entry" if tag.namespace == TOMBSTONES => {
                    if let Some(key) = tag.attribute("ref")
                        && extras.deleted.len() < MOST_DELETED
                    {
                        extras.deleted.push(Gone {
                            key: key.to_owned(),
                            when: tag.attribute("when").map(str::to_owned),
                            at: format!("line {}", tag.line),
                        });
                    }
                }
                _ => {}
            }
        }
        extras
    }

    /// What is said of the item at `number` of `count`.
    pub(super) fn item(&self, number: usize, count: usize, entry: &Entry) -> Option<&Item> {
        if count == self.items.len() {
            return self.items.get(number);
        }
        let keys = [entry.id.as_deref(), entry.link.as_deref()];
        let place = keys.into_iter().flatten().find_map(|key| self.by_key.get(key.trim()))?;
        self.items.get(*place)
    }

    fn take(&mut self, item: &Element, base: &Base) {
        let place = self.items.len();
        let about = item.tag.attributes.iter().find(|attribute| attribute.name == "about");
        let links = item.children_called("link");
        let hrefs = links.filter_map(|link| link.tag.attribute("href").or_else(|| link.words()));
        let ids = ["guid", "id"].into_iter().filter_map(|name| item.words_of(name));
        for key in ids.chain(hrefs).chain(about.map(|about| about.value.as_str())) {
            self.by_key.entry(key.trim().to_owned()).or_insert(place);
        }
        self.items.push(Item {
            event: event(item),
            links: base::links(item, base),
            base: base::of_texts(item, base),
        });
    }
}

/// When an item takes place; `None` when it doesn't say.
fn event(item: &Element) -> Option<Event> {
    let mut event = Event::default();
    let mut hours = (None, None);
    for child in &item.children {
        let Some(vocabulary) = vocabulary(&child.tag.namespace) else { continue };
        let words = child.words().map(str::to_owned);
        match (vocabulary, child.tag.name.to_ascii_lowercase().as_str()) {
            (Vocabulary::Module | Vocabulary::Calendar, "startdate" | "dtstart")
            | (Vocabulary::Plugin, "startdate") => event.start = event.start.or(words),
            (Vocabulary::Module | Vocabulary::Calendar, "enddate" | "dtend")
            | (Vocabulary::Plugin, "enddate") => event.end = event.end.or(words),
            (Vocabulary::Plugin, "starthour") => hours.0 = words,
            (Vocabulary::Plugin, "endhour") => hours.1 = words,
            (Vocabulary::Google, "when") => {
                event.start = child.tag.attribute("startTime").map(str::to_owned);
                event.end = child.tag.attribute("endTime").map(str::to_owned);
            }
            (Vocabulary::Google, "where") => {
                event.location = child.tag.attribute("valueString").map(str::to_owned);
            }
            (_, "location") => event.location = event.location.or(words),
            _ => {}
        }
    }
    let with_hour = |date: &mut Option<String>, hour: Option<String>| {
        if let (Some(date), Some(hour)) = (date, hour) {
            date.push(' ');
            date.push_str(&hour);
        }
    };
    with_hour(&mut event.start, hours.0);
    with_hour(&mut event.end, hours.1);
    event.start.is_some().then_some(event)
}

/// The vocabularies in which feeds say when something takes place.
#[derive(Debug, Clone, Copy)]
enum Vocabulary {
    Module,
    Calendar,
    Google,
    Plugin,
}

/// By the namespace, or by the prefix when it was not declared.
fn vocabulary(namespace: &str) -> Option<Vocabulary> {
    let namespace = namespace.trim_end_matches('/');
    match namespace {
        "http://purl.org/rss/1.0/modules/event" | "ev" => Some(Vocabulary::Module),
        "urn:ietf:params:xml:ns:xcal" | "urn:ietf:params:xml:ns:icalendar-2.0" | "xcal" => {
            Some(Vocabulary::Calendar)
        }
        "http://schemas.google.com/g/2005" | "gd" => Some(Vocabulary::Google),
        "http://webnus.net/rss/mec" | "mec" => Some(Vocabulary::Plugin),
        _ => None,
    }
}
