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
use crate::harvest::extraction::{Problem, Role, Time};
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
    for follow in read.extraction.follow.iter().filter(|follow| follow.role != Role::Next) {
        hasher.update(follow.url.as_str().as_bytes());
        hasher.update(b"\n");
        is_empty = false;
    }
    if is_empty { blake3::hash(bytes) } else { hasher.finalize() }.to_hex().to_string()
}

/// What tells an item, as it is, from others and from itself as it was.
fn item(one: &Mapped) -> u64 {
    let fate = match &one.fate {
        Fate::Publish { hash, .. } => hash.as_str(),
        Fate::Delete => "deleted",
        Fate::PassOver => "passed over",
        Fate::Wait => "waiting",
        Fate::Reject => "rejected",
    };
    hash_of(&[&one.kind, &one.key, one.modified.as_deref().unwrap_or_default(), fate])
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

/// Whether the page that was `read` shows that its listing goes in a circle, or
/// doesn't know pages, and what to say of that; `digest` is that of the page.
pub(super) fn judge(
    work: &mut Work,
    queued: &Queued,
    digest: &str,
    read: &Read,
) -> Option<Problem> {
    let (mapped, follow) = (&read.mapped, &read.extraction.follow);
    let has_next = follow.iter().any(|follow| follow.role == Role::Next);
    if !second::is_page(&queued.role) && !has_next {
        return None;
    }
    let lists_changes = following::lists_changes(read.format);
    let is_first = queued.role != "next";
    let is_known = !work.bodies.insert(digest.to_owned());
    let leads_on = follow
        .iter()
        .any(|follow| follow.role != Role::Next && !work.addresses.contains(follow.url.as_str()));
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
        return None;
    }
    if is_known {
        // A server that doesn't know pages gives the whole for each of them.
        let seen = work.seen.len() as u64;
        let is_all = work.bodies.len() == 1
            && !lists_changes
            && read.extraction.announced.is_none_or(|announced| announced <= seen);
        return Some(if is_all {
            let what = "the second page is the first: the server gives everything at once";
            Problem::warning("paging-ignored", "", what)
        } else {
            let what =
                "the page is one that was there before in this run: the paging goes in a circle";
            Problem::broken("paging-loop", "", what)
        });
    }
    let is_empty = mapped.is_empty() && read.extraction.times.is_empty() && !leads_on;
    circle.empty = if is_empty { circle.empty + 1 } else { 0 };
    circle.stale = if is_new || is_empty { 0 } else { circle.stale + 1 };
    let what = if circle.stale > MOST_STALE {
        "the pages list only what was listed before in this run: the paging goes in a circle"
    } else if circle.empty > MOST_EMPTY {
        "the pages list nothing any more, and always name a next one"
    } else {
        return None;
    };
    Some(Problem::broken("paging-loop", "", what))
}

impl Circle {
    /// Begins anew, for a second pass.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
