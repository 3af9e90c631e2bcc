//! Sitemaps: <https://www.sitemaps.org/protocol.html>.
//!
//! A `urlset`, an index of sitemaps, or a list of addresses as text, plain or
//! in gzip. Each address becomes a part to follow: a page, or another
//! sitemap; a record comes only from the page. An RSS or Atom feed that is
//! named as a sitemap is a list of the pages that its items link to; by itself
//! it is a feed. `lastmod` is not believed, and what other
//! vocabularies (images, news, languages) say is passed over. How deep indexes
//! may be nested is counted by the pipeline.
//!
//! A page that is gone from a sitemap is not deleted, so the listing is a
//! window.

use std::collections::HashSet;
use std::io::Read;

use flate2::read::GzDecoder;
use url::Url;

use super::feed::base::{self, Bases};
use super::{Format, Listing, Reading};
use crate::harvest::document::Document;
use crate::harvest::encoding;
use crate::harvest::extraction::{Extraction, Follow, Problem, Role, Severity};
use crate::harvest::xml::{Event, Reader, Tag, XmlError};

/// Addresses in one sitemap, by the protocol.
const MOST_PAGES: usize = 50_000;
/// Sitemaps in one index: the protocol allows 50,000, which no partner needs.
const MOST_SITEMAPS: usize = 1000;
/// Size of one sitemap without compression, by the protocol.
const LARGEST: u64 = 50 << 20;
/// Characters of one address, by the protocol; longer ones are passed over.
const LONGEST_ADDRESS: usize = 2048;
/// Refused addresses that are named one by one; the rest is counted.
const MOST_NAMED: usize = 20;
/// Bytes that are unpacked to recognise what is in gzip.
const SNIFFED: u64 = 2048;
/// The first bytes of gzip (RFC 1952, 2.3.1).
const GZIP: &[u8] = &[0x1F, 0x8B];

/// Sitemaps of all forms.
pub(super) const FORMAT: Format = Format {
    name: "sitemap",
    label: "Sitemap",
    specification: "https://www.sitemaps.org/protocol.html",
    accept: "application/xml, text/xml, text/plain;q=0.8, application/gzip;q=0.8, */*;q=0.5",
    listing: Listing::Window,
    recognises,
    extract,
};

/// What an address is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Page,
    Sitemap,
    /// An item of a feed: its page.
    Item,
}

/// The addresses that were taken so far.
struct Found<'a> {
    document: &'a Document,
    seen: HashSet<Url>,
    refused: usize,
    extraction: Extraction,
}

fn recognises(document: &Document) -> u8 {
    let unpacked = unpacked_head(document);
    let head = unpacked.as_deref().unwrap_or_else(|| document.head());
    let head = String::from_utf8_lossy(head);
    if has_element(&head, "urlset") || has_element(&head, "sitemapindex") {
        return 95;
    }
    let addresses = head.lines().take(3).all(|line| line.trim().is_empty() || is_address(line));
    if head.is_empty() || !addresses {
        return 0;
    }
    if document.is_declared(&["text/plain"]) || document.url.path().contains("sitemap") {
        70
    } else {
        30
    }
}

/// Whether an element of this name, with or without a prefix, begins in
/// `head`.
fn has_element(head: &str, name: &str) -> bool {
    head.split('<').skip(1).any(|tag| {
        let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
        let whole = &tag[..end.unwrap_or(tag.len())];
        whole.rsplit(':').next() == Some(name)
    })
}

fn is_address(line: &str) -> bool {
    let line = line.trim();
    let (scheme, rest) = line.split_once("://").unwrap_or_default();
    matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https")
        && !rest.is_empty()
        && !line.contains(char::is_whitespace)
}

fn unpacked_head(document: &Document) -> Option<Vec<u8>> {
    document.bytes.starts_with(GZIP).then(|| {
        let mut head = Vec::new();
        // What can't be unpacked is not recognised; the error is of no use.
        let _ = GzDecoder::new(document.bytes.as_slice()).take(SNIFFED).read_to_end(&mut head);
        head
    })
}

fn extract(document: &Document, _: &Reading<'_>) -> Extraction {
    let mut found =
        Found { document, seen: HashSet::new(), refused: 0, extraction: Extraction::default() };
    match unpacked(document) {
        Err(problem) => found.extraction.problems.push(*problem),
        Ok(None) => read(document, &mut found),
        Ok(Some(bytes)) => {
            let unpacked = Document { bytes, charset: None, ..document.clone() };
            read(&unpacked, &mut found);
        }
    }
    found.finish()
}

/// The content without gzip; `None` when it is not in gzip.
fn unpacked(document: &Document) -> Result<Option<Vec<u8>>, Box<Problem>> {
    if !document.bytes.starts_with(GZIP) {
        return match u64::try_from(document.bytes.len()) {
            Ok(length) if length <= LARGEST => Ok(None),
            _ => Err(Box::new(too_large())),
        };
    }
    let mut bytes = Vec::new();
    let read = GzDecoder::new(document.bytes.as_slice()).take(LARGEST + 1).read_to_end(&mut bytes);
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(Box::new(too_large()));
    }
    if bytes.starts_with(GZIP) {
        let what = "the sitemap is packed twice with gzip";
        return Err(Box::new(Problem::broken("nested-gzip", "", what)));
    }
    match read {
        Ok(_) => Ok(Some(bytes)),
        Err(error) => {
            let what = format!("the gzip file can't be read: {error}");
            Err(Box::new(Problem::broken("bad-gzip", "", what)))
        }
    }
}

fn too_large() -> Problem {
    Problem::broken("too-large", "", "the sitemap is larger than 50 MiB")
        .advice("Split it into several sitemaps and list them in an index.")
}

fn read(document: &Document, found: &mut Found<'_>) {
    let decoded = encoding::decode(document);
    found.extraction.problems.extend(decoded.warnings);
    if decoded.text.trim_start().starts_with('<') {
        if let Err(error) = read_xml(&decoded.text, found) {
            let what = format!("the sitemap can't be read on: {error}");
            found.extraction.problems.push(Problem::broken("bad-xml", "", what));
        }
        return;
    }
    for (number, line) in decoded.text.lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() && !found.take(line, Kind::Page, number + 1) {
            return;
        }
    }
}

/// Takes the addresses of a `urlset` or an index, whatever its namespace, which
/// is often misspelt; or the pages of the items of a feed.
fn read_xml(text: &str, found: &mut Found<'_>) -> Result<(), XmlError> {
    let mut reader = Reader::new(text);
    let mut bases = Bases::new(&found.document.url);
    let mut root = String::new();
    while let Some(event) = reader.next()? {
        let tag = match event {
            Event::Open(tag) => tag,
            Event::Close => {
                bases.close();
                continue;
            }
            Event::Text(_) => continue,
        };
        if root.is_empty() {
            root.clone_from(&tag.name);
        }
        let is_feed = matches!(root.as_str(), "rss" | "RDF" | "feed");
        let kind = match tag.name.as_str() {
            "url" if !is_feed => Kind::Page,
            "sitemap" if !is_feed => Kind::Sitemap,
            "item" | "entry" if is_feed => Kind::Item,
            _ => {
                bases.open(&tag);
                continue;
            }
        };
        let line = tag.line;
        let namespace = tag.namespace.clone();
        let address = match kind {
            Kind::Item => base::page(&reader.element(tag)?, bases.here()),
            Kind::Page | Kind::Sitemap => address_of(&mut reader, tag, &namespace)?,
        };
        match address {
            Some(address) => {
                if !found.take(&address, kind, line) {
                    return Ok(());
                }
            }
            None => found.refuse(without_address(kind, line)),
        }
    }
    Ok(())
}

/// The `loc` of the entry; those of its images and videos are in other
/// namespaces.
fn address_of(
    reader: &mut Reader<'_>,
    tag: Tag,
    namespace: &str,
) -> Result<Option<String>, XmlError> {
    let entry = reader.element(tag)?;
    let mut own = entry.children.iter().filter(|child| child.tag.is(namespace, "loc"));
    Ok(own.find_map(|child| child.words()).map(str::to_owned))
}

fn without_address(kind: Kind, line: usize) -> Problem {
    let at = format!("line {line}");
    match kind {
        Kind::Page => Problem::error("no-address", at, "a `url` has no `loc`"),
        Kind::Item => Problem::error("no-address", at, "an item of the feed has no link"),
        Kind::Sitemap => Problem::broken("no-address", at, "a `sitemap` has no `loc`")
            .advice("Put the address of each sitemap into `<loc>`."),
    }
}

impl Found<'_> {
    /// Takes an address; false when there is no room for more.
    fn take(&mut self, address: &str, kind: Kind, line: usize) -> bool {
        let at = format!("line {line}");
        let url = match self.checked(address) {
            Ok(url) => url,
            Err((code, what)) => {
                self.refuse(Problem::error(code, at, what));
                return true;
            }
        };
        if !self.seen.insert(url.clone()) {
            return true;
        }
        let (limit, format) = match kind {
            Kind::Page | Kind::Item => (MOST_PAGES, "html"),
            Kind::Sitemap => (MOST_SITEMAPS, "sitemap"),
        };
        if self.extraction.follow.len() >= limit {
            let what = format!("there are more than {limit} addresses; the rest is left out");
            self.extraction.problems.push(Problem::broken("too-many", at, what));
            return false;
        }
        self.extraction.follow.push(Follow { url, role: Role::Part, format: Some(format) });
        true
    }

    fn checked(&self, address: &str) -> Result<Url, (&'static str, String)> {
        let own = &self.document.url;
        if address.len() > LONGEST_ADDRESS {
            let start: String = address.chars().take(80).collect();
            return Err(("long-address", format!("the address `{start}…` is too long")));
        }
        let mut url = own
            .join(address)
            .map_err(|error| ("bad-address", format!("`{address}` is no address: {error}")))?;
        url.set_fragment(None);
        if !matches!(url.scheme(), "http" | "https") {
            return Err(("bad-address", format!("`{address}` is not on the web")));
        }
        let is_upgrade = own.scheme() == "https" && url.scheme() == "http" && url.port().is_none();
        if is_upgrade && url.host() == own.host() {
            // Both are default schemes of the web; this can't fail.
            let _ = url.set_scheme("https");
        }
        if url == *own {
            return Err(("own-address", format!("`{address}` is the sitemap itself")));
        }
        Ok(url)
    }

    fn refuse(&mut self, problem: Problem) {
        self.refused += 1;
        if self.refused <= MOST_NAMED {
            self.extraction.problems.push(problem);
        }
    }

    fn finish(mut self) -> Extraction {
        let problems = &mut self.extraction.problems;
        if self.refused > MOST_NAMED {
            let what = format!("{} addresses were refused in all", self.refused);
            problems.push(Problem::error("refused", "", what));
        }
        let is_said = problems.iter().any(|problem| problem.severity == Severity::Broken);
        if self.extraction.follow.is_empty() && !is_said {
            problems.push(
                Problem::broken("empty", "", "the sitemap has no address that can be followed")
                    .advice("List the pages of the site in `<url><loc>…</loc></url>`."),
            );
        }
        self.extraction
    }
}

#[cfg(test)]
#[path = "sitemap_tests.rs"]
mod tests;
