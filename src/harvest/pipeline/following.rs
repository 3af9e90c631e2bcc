//! Where documents lead: to next pages, details and parts, each address once
//! in a run, and to no host that nobody has allowed.

use std::collections::{BTreeMap, HashSet};

use url::{Origin, Url};

use super::begin::Work;
use super::fetching::DEEPEST;
use crate::harvest::extraction::{Follow, Problem, Role, Severity};
use crate::harvest::fetch::HostList;
use crate::harvest::format::{self, Listing};
use crate::journal::Note;
use crate::register::ledger::{Queued, Row as _};

/// How many documents one document may lead to.
const MOST_FOLLOWED: usize = 50_000;

/// The document that leads to others.
pub(super) struct From<'a> {
    pub queued: &'a Queued,
    /// The address that answered.
    pub url: &'a Url,
    pub format: &'a str,
    /// Other hosts that say themselves that it may.
    pub vouched: &'a HashSet<Origin>,
    /// The licences that it names, by the addresses of what they are of.
    pub licences: &'a BTreeMap<Url, String>,
}

/// Whether the listing at `from` may lead to `url`: it is of the host that
/// answered, for parts with `www.` or without, or of one that is allowed. http
/// becomes https where that was used (contract B2, F21).
fn may_lead(url: &mut Url, from: &Url, role: &str, allowed: &HostList) -> bool {
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        host.strip_prefix("www.").filter(|_| role == "part").unwrap_or(host).to_owned()
    };
    let is_own = bare(url) == bare(from);
    if is_own && from.scheme() == "https" && url.scheme() == "http" && url.port().is_none() {
        // Both are default schemes of the web; this can't fail.
        let _ = url.set_scheme("https");
    }
    let are_usual = role == "part" && url.port().is_none() && from.port().is_none();
    let is_same = url.scheme() == from.scheme()
        && url.port_or_known_default() == from.port_or_known_default();
    (is_own && (is_same || are_usual)) || allowed.has(url)
}

/// Queues what a document leads to, each address once in a run.
pub(super) fn queue(
    work: &mut Work,
    from: &From<'_>,
    follow: Vec<Follow>,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Note>,
) -> Vec<Queued> {
    let mut queued = Vec::new();
    if follow.len() > MOST_FOLLOWED {
        let what = format!("it leads to {} documents; {MOST_FOLLOWED} are fetched", follow.len());
        problems.push(Problem::broken("too-many-documents", "", what));
    }
    for Follow { mut url, role, format: known } in follow.into_iter().take(MOST_FOLLOWED) {
        let is_guess = role == Role::Perhaps;
        let licence = from.licences.get(&url).or(from.queued.licence.as_ref()).cloned();
        let (role, detail) = match role {
            Role::Next | Role::Perhaps => ("next", None),
            Role::Part => ("part", None),
            Role::Detail(key) => ("detail", Some(key)),
        };
        let is_vouched = role == "part" && from.vouched.contains(&url.origin());
        if !may_lead(&mut url, from.url, role, &work.follow_hosts) && !is_vouched {
            problems.push(other_host(role, &url, from.format));
            continue;
        }
        let depth = from.queued.depth.saturating_add(u8::from(role != "next"));
        if depth > DEEPEST {
            let what = format!("{url} is not fetched: too many documents lead to it");
            problems.push(Problem::broken("too-deep", "", what));
            continue;
        }
        // A next page is read as the page before.
        let known = known.or((role == "next").then_some(from.format)).map(str::to_owned);
        let feed = match role {
            "next" => from.queued.feed.clone(),
            "part" if !lists_changes(from.format) => {
                known.as_deref().filter(|name| lists_changes(name)).map(|_| url.to_string())
            }
            _ => None,
        };
        let address = match feed.as_ref().filter(|_| role == "part") {
            Some(feed) => goes_on_at(work, feed),
            None => url.to_string(),
        };
        let role = role.to_owned();
        let one =
            Queued { url: address, role, is_guess, detail, format: known, feed, licence, depth };
        if one.role == "next" && work.addresses.contains(&one.url) {
            let what =
                format!("the next page, {url}, was there before: the paging goes in a circle");
            problems.push(Problem::broken("paging-loop", "", what));
            continue;
        }
        push(work, one.clone(), notes);
        queued.push(one);
    }
    queued
}

/// Whether documents of this format list changes.
pub(super) fn lists_changes(format: &str) -> bool {
    format::named(format).is_some_and(|format| format.listing == Listing::Changes)
}

/// Where a feed of changes that is one of several goes on. In a listing that
/// tells by absence what is gone, each is read from its beginning.
pub(super) fn goes_on_at(work: &Work, feed: &str) -> String {
    let lists_all = work.state.format.as_deref().and_then(format::named);
    let lists_all = lists_all.is_some_and(|format| format.listing == Listing::Complete);
    let cursor = work.state.cursors.get(feed).filter(|_| !lists_all);
    cursor.map_or_else(|| feed.to_owned(), Clone::clone)
}

/// That a document is on another host. It costs the listing, unless that is
/// only a window on what there is.
fn other_host(role: &str, url: &Url, format: &str) -> Problem {
    let is_all = format::named(format).is_some_and(|it| it.listing != Listing::Window);
    let severity = if is_all || role != "part" { Severity::Broken } else { Severity::Error };
    let what = format!("the address of the {role} document, {url}, is of another host");
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let or = match format {
        "sitemap" => format!("name this sitemap in the robots.txt of {host}, "),
        _ => String::new(),
    };
    Problem::new(severity, "other-host", "", what).advice(format!(
        "Give addresses of your own host, {or}or relative ones; an operator who knows {host} can \
         add it to `followHosts` of the source."
    ))
}

/// Puts a document into the queue, unless the run has or had it already.
pub(super) fn push(work: &mut Work, queued: Queued, notes: &mut Vec<Note>) {
    if !work.addresses.insert(queued.url.clone()) {
        return;
    }
    let key = Queued::key(&work.run.source, work.run.queued);
    work.run.queued += 1;
    notes.push(queued.put(&*key));
    work.queue.push((key, queued));
}
