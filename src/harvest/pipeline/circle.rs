//! Listings that go in a circle (contract B1): the same page under ever new
//! addresses is no end of one.
//!
//! A page is known by what it lists and leads to, not by its bytes: a token
//! that is new each time, or the time of day, makes another document of it and
//! not another page.

use std::collections::HashSet;

use super::begin::Work;
use super::map::{Fate, Mapped};
use super::reading::Read;
use super::{following, second};
use crate::harvest::extraction::{Problem, Time};
use crate::register::ledger::Queued;

/// Pages in a row that may list nothing but what was listed before: items move
/// while a listing is read.
const MOST_STALE: u32 = 1;

/// Pages in a row that may list nothing at all: a feed of changes passes over
/// what is not for all.
const MOST_EMPTY: u32 = 100;

/// How far the pages of a run bring what is new.
#[derive(Debug, Default)]
pub(super) struct Circle {
    /// What was listed, each item as it was, by a hash.
    listed: HashSet<u64>,
    /// What tells the page before from others.
    before: String,
    stale: u32,
    empty: u32,
}

/// What tells a page from others: what it lists, as it is, and where it leads
/// besides the next page; its bytes when there is none of that.
pub(super) fn digest(bytes: &[u8], read: &Read) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut is_empty = true;
    for one in &read.mapped {
        hasher.update(&item(one).to_le_bytes());
        is_empty = false;
    }
    for one in &read.extraction.times {
        hasher.update(&time(one).to_le_bytes());
        is_empty = false;
    }
    for follow in read.extraction.follow.iter().filter(|follow| !follow.role.is_next()) {
        hasher.update(follow.url.as_str().as_bytes());
        hasher.update(b"\n");
        is_empty = false;
    }
    if is_empty { blake3::hash(bytes) } else { hasher.finalize() }.to_hex().to_string()
}

/// What tells an item, as it is, from others and from itself as it was.
fn item(one: &Mapped) -> u64 {
    let modified = one.modified.as_deref().unwrap_or_default();
    hash_of(&[&one.kind, &one.key, modified, fate(one)])
}

/// What tells the content of an item from what it says elsewhere.
pub(super) fn content(one: &Mapped) -> u64 {
    hash_of(&[fate(one)])
}

fn fate(one: &Mapped) -> &str {
    match &one.fate {
        Fate::Publish { hash, .. } => hash.as_str(),
        Fate::Delete => "deleted",
        Fate::PassOver | Fate::Ours(_) => "passed over",
        Fate::Wait => "waiting",
        Fate::Reject => "rejected",
    }
}

/// The same of a session that is told apart from its series.
fn time(one: &Time) -> u64 {
    let node = one.node.as_ref().map(ToString::to_string).unwrap_or_default();
    hash_of(&["", &one.key, &one.of, &node])
}

fn hash_of(parts: &[&str]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update(b"\n");
    }
    let hash = hasher.finalize();
    u64::from_le_bytes(*hash.as_bytes().first_chunk().expect("a hash has 32 bytes"))
}

/// How a listing goes on after a page.
pub(super) enum Way {
    /// Where the page leads.
    Open,
    /// Not at all: nobody said that there is another page, and the last one came
    /// once more.
    Ends,
    /// Not at all, and this is to be said of it.
    Circles(Problem),
}

/// Remembers a page that is as it was.
pub(super) fn met(work: &mut Work, digest: &str) {
    work.bodies.insert(digest.to_owned());
    digest.clone_into(&mut work.circle.before);
}

/// How the listing goes on after the page that was `read`: it may go in a
/// circle, or not know pages. `digest` is that of the page.
pub(super) fn judge(work: &mut Work, queued: &Queued, digest: &str, read: &Read) -> Way {
    let (mapped, follow) = (&read.mapped, &read.extraction.follow);
    let has_next = follow.iter().any(|follow| follow.role.is_next());
    if !second::is_page(&queued.role) && !has_next {
        return Way::Open;
    }
    let lists_changes = following::lists_changes(read.format);
    let is_first = queued.role != "next";
    let is_known = work.bodies.contains(digest);
    let is_again = is_known && work.circle.before == digest;
    met(work, digest);
    let leads_on = follow
        .iter()
        .any(|follow| !follow.role.is_next() && !work.addresses.contains(follow.url.as_str()));
    let circle = &mut work.circle;
    let mut is_new = leads_on;
    for one in mapped {
        is_new |= circle.listed.insert(item(one));
    }
    for one in &read.extraction.times {
        is_new |= circle.listed.insert(time(one));
    }
    // The end of a feed of changes may be its only page.
    if is_first || (lists_changes && !has_next) {
        return Way::Open;
    }
    if is_known {
        // A server that doesn't know pages gives the whole for each of them, and
        // says of none that there are more.
        let seen = work.seen.len() as u64 + work.repeats;
        let is_all = read.extraction.announced.is_none_or(|announced| announced <= seen);
        return if queued.is_guess && is_again && is_all {
            match work.bodies.len() {
                1 => {
                    let what = "the second page is the first: the server gives everything at once";
                    Way::Circles(Problem::warning("paging-ignored", "", what))
                }
                _ => Way::Ends,
            }
        } else {
            let what =
                "the page is one that was there before in this run: the paging goes in a circle";
            Way::Circles(Problem::broken("paging-loop", "", what))
        };
    }
    let is_empty = mapped.is_empty() && read.extraction.times.is_empty() && !leads_on;
    circle.empty = if is_empty { circle.empty + 1 } else { 0 };
    circle.stale = if is_new || is_empty { 0 } else { circle.stale + 1 };
    let what = if circle.stale > MOST_STALE {
        "the pages list only what was listed before in this run: the paging goes in a circle"
    } else if circle.empty > MOST_EMPTY {
        "the pages list nothing any more, and always name a next one"
    } else {
        return Way::Open;
    };
    Way::Circles(Problem::broken("paging-loop", "", what))
}

impl Circle {
    /// Begins anew, for a second pass.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
