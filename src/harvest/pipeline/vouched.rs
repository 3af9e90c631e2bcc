//! Other hosts whose robots.txt names a sitemap, which so may list their pages
//! (contract F21; “Sitemaps & Cross Submits” of sitemaps.org).

use std::collections::{BTreeSet, HashSet};

use url::{Origin, Url};

use super::Harvester;
use super::reading::Read;
use crate::harvest::extraction::Role;
use crate::harvest::fetch::Fetched;

/// How many other hosts one sitemap may have asked for their robots.txt:
/// whoever lists more is no publisher of all of them.
const MOST_HOSTS: usize = 10;

/// The hosts of pages that `read`, a sitemap, lists outside its own host, and
/// whose robots.txt names it, or the sitemap at `start` that led to it.
pub(super) async fn hosts(
    harvester: &Harvester,
    start: &Url,
    fetched: &Fetched,
    read: &Read,
) -> HashSet<Origin> {
    let own = &fetched.document.url;
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    let mut hosts = HashSet::new();
    if read.format != "sitemap" {
        return hosts;
    }
    for follow in read.extraction.follow.iter().filter(|follow| follow.role == Role::Part) {
        let root = &follow.url[..url::Position::BeforePath];
        if follow.url.origin() == own.origin() || asked.contains(root) {
            continue;
        }
        if asked.len() >= MOST_HOSTS {
            break;
        }
        asked.insert(root);
        let Ok(robots) = harvester.fetcher.robots(&follow.url, harvester.now()).await else {
            continue;
        };
        if robots.sitemaps.iter().any(|named| named == own || named == start) {
            hosts.insert(follow.url.origin());
        }
    }
    hosts
}
