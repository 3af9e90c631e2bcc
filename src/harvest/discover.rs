//! What a partner publishes, from its home page.
//!
//! A pure function: it names candidates and fetches none. Those that the page
//! or robots.txt name come first, in their order; addresses where such things
//! usually lie come last, and only who fetches them learns if they are there.

use std::collections::HashSet;

use url::Url;

use super::document::Document;
use super::encoding;
use super::format;
use super::markup;
use super::markup::outline::Link;
use super::markup::{Page, inventory, open_graph};

#[cfg(test)]
#[path = "discover_tests.rs"]
mod tests;

/// Candidates of one home page; a page that names more is no home page.
const MOST_CANDIDATES: usize = 200;
/// Lines of robots.txt that are read.
const MOST_LINES: usize = 20_000;

/// Something that a partner may publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it is.
    pub url: Url,
    /// The name of its format, when that is known.
    pub format: Option<&'static str>,
    /// What to call it, for people.
    pub label: String,
    /// How it was found.
    pub how: How,
}

/// How a candidate was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is the document that was given.
    Given,
    /// The page links to it.
    Linked,
    /// robots.txt names it.
    Robots,
    /// The page's data describes it as a file of a data set.
    Described,
    /// The page names it as a hub of `WebSub`: it tells of changes, and is no
    /// source itself.
    Hub,
    /// Nobody names it; such things usually lie there.
    Usual,
}

impl How {
    /// It in some words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Linked => "linked",
            Self::Robots => "named in robots.txt",
            Self::Described => "described",
            Self::Hub => "hub",
            Self::Usual => "at a usual place",
        }
    }
}

/// What `home` and, if there is one, its robots.txt name.
#[must_use]
pub fn candidates(home: &Document, robots: Option<&str>) -> Vec<Candidate> {
    let mut found = Found { list: Vec::new(), seen: HashSet::new() };
    let recognised = format::recognise(home);
    if let Some(format) = recognised.filter(|format| format.name != "html") {
        found.add(home.url.clone(), Some(format.name), format.label, How::Given);
    } else {
        let decoded = encoding::decode(home);
        let page = markup::read(&decoded.text, &home.url);
        of_page(&page, home, &mut found);
    }
    of_robots(robots.unwrap_or_default(), home, &mut found);
    for (path, format, label) in USUAL {
        if let Ok(url) = home.url.join(path) {
            found.add(url, *format, label, How::Usual);
        }
    }
    found.list
}

/// Where such things usually lie: path, format, label.
const USUAL: &[(&str, Option<&str>, &str)] = &[
    ("/sitemap.xml", Some("sitemap"), "Sitemap"),
    ("/changes", Some("kist"), "Changes of a kist register"),
    ("/services", Some("open-referral"), "Open Referral services"),
    ("/openactive", None, "OpenActive data set site"),
    ("/data.json", Some("dcat"), "Data catalogue"),
    ("/catalog.ttl", Some("dcat"), "Data catalogue"),
    ("/.well-known/void", Some("rdf"), "Description of linked data"),
    ("/feed/", Some("rss"), "Feed"),
    ("/events/?ical=1", Some("ical"), "Calendar"),
];

struct Found {
    list: Vec<Candidate>,
    seen: HashSet<Url>,
}

impl Found {
    fn add(&mut self, url: Url, format: Option<&'static str>, label: &str, how: How) {
        let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
        if !is_web || self.list.len() >= MOST_CANDIDATES || !self.seen.insert(url.clone()) {
            return;
        }
        let label: String = label.split_whitespace().collect::<Vec<_>>().join(" ");
        let label = label.chars().take(200).collect();
        self.list.push(Candidate { url, format, label, how });
    }
}

fn of_page(page: &Page, home: &Document, found: &mut Found) {
    let classes = inventory::classes(page);
    let telling: Vec<&str> = classes
        .iter()
        .map(String::as_str)
        .filter(|class| !PLUMBING.contains(class) && !class.contains(':'))
        .take(10)
        .collect();
    if !telling.is_empty() {
        let label = format!("This page: {}", telling.join(", "));
        found.add(home.url.clone(), Some("html"), &label, How::Given);
    }
    let site = open_graph::about(page).site.unwrap_or_default();
    for link in &page.outline.links {
        let Some(url) = complete(page, &link.href) else { continue };
        if !link.is_in_text && link.is("hub") {
            found.add(url, None, "WebSub hub", How::Hub);
        } else if let Some((format, kind)) = linked(link, &url) {
            let label = match (link.title.trim(), site.as_str()) {
                ("", "") => kind.to_owned(),
                ("", site) => format!("{site}: {kind}"),
                (title, _) => title.to_owned(),
            };
            found.add(url, format, &label, How::Linked);
        }
    }
    for file in inventory::files(page) {
        let format =
            if file.is_feed_of_openactive() { Some("rpde") } else { described(&file.kind) };
        let label = if file.label.is_empty() { "File of a data set" } else { &file.label };
        found.add(file.url, format, label, How::Described);
    }
}

/// Classes that say nothing of what a page is about.
const PLUMBING: &[&str] = &[
    "BreadcrumbList",
    "ContactPoint",
    "EntryPoint",
    "GeoCoordinates",
    "ImageObject",
    "ListItem",
    "PostalAddress",
    "ReadAction",
    "SearchAction",
    "SiteNavigationElement",
    "WPFooter",
    "WPHeader",
    "WebPage",
    "WebSite",
];

/// The address, with `webcal:` as the https that it stands for.
fn complete(page: &Page, href: &str) -> Option<Url> {
    let href = href.trim();
    let lower = href.get(..9).unwrap_or(href).to_ascii_lowercase();
    let mut url = if lower.starts_with("webcal://") || lower.starts_with("webcals:/") {
        Url::parse(&format!("https{}", &href[href.find(':')?..])).ok()?
    } else {
        page.base.join(href).ok()?
    };
    url.set_fragment(None);
    Some(url)
}

/// The format of what a link leads to, when it is one that is harvested.
fn linked(link: &Link, url: &Url) -> Option<(Option<&'static str>, &'static str)> {
    let essence = link.media_type.split(';').next().unwrap_or_default().trim();
    let is_alternate =
        !link.is_in_text && (link.is("alternate") || link.is("feed") || link.is("describedby"));
    if is_alternate {
        return Some(match essence {
            "application/rss+xml" | "application/atom+xml" | "application/rdf+xml"
                if url.path().contains("comments") =>
            {
                return None;
            }
            "application/rss+xml" => (Some("rss"), "Feed"),
            "application/atom+xml" => (Some("atom"), "Feed"),
            "application/feed+json" => (Some("json-feed"), "Feed"),
            "text/calendar" => (Some("ical"), "Calendar"),
            "application/rdf+xml"
            | "text/turtle"
            | "application/ld+json"
            | "application/n-triples"
            | "application/n-quads"
            | "application/trig" => (Some("rdf"), "Linked data"),
            "text/csv" => (Some("csv"), "Table"),
            "application/geo+json" => (Some("geojson"), "Places on a map"),
            "application/json"
                if link.href.contains("/wp-json/") || link.href.contains("oembed") =>
            {
                return None;
            }
            "application/json" | "application/x-ndjson" | "application/jsonl" => (None, "JSON"),
            _ => return None,
        });
    }
    if link.href.trim_start().to_ascii_lowercase().starts_with("webcal") {
        return Some((Some("ical"), "Calendar"));
    }
    let name = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending {
        "ics" => (Some("ical"), "Calendar"),
        "rss" => (Some("rss"), "Feed"),
        "atom" => (Some("atom"), "Feed"),
        "geojson" => (Some("geojson"), "Places on a map"),
        "csv" | "tsv" => (Some("csv"), "Table"),
        "ndjson" | "jsonl" => (None, "JSON"),
        "xlsx" => (Some("xlsx"), "Table"),
        "ods" => (Some("ods"), "Table"),
        "ttl" | "nt" | "nq" | "trig" | "jsonld" => (Some("rdf"), "Linked data"),
        _ => return None,
    })
}

/// The format of a file of a data set, by its media type.
fn described(kind: &str) -> Option<&'static str> {
    let kind = kind.to_lowercase();
    let essence = kind.split([';', ' ']).next().unwrap_or_default();
    Some(match essence {
        "text/csv" | "csv" => "csv",
        "application/geo+json" | "geojson" => "geojson",
        "text/calendar" => "ical",
        "text/turtle" | "application/ld+json" | "application/rdf+xml" | "application/n-quads" => {
            "rdf"
        }
        _ => return None,
    })
}

/// The `Sitemap:` lines of robots.txt; they belong to no group.
fn of_robots(robots: &str, home: &Document, found: &mut Found) {
    for line in robots.lines().take(MOST_LINES) {
        let line = line.trim_start_matches('\u{feff}').trim();
        let Some((name, address)) = line.split_once(':') else { continue };
        if !name.trim().eq_ignore_ascii_case("sitemap") {
            continue;
        }
        let address = address.split('#').next().unwrap_or(address).trim();
        if let Ok(url) = home.url.join(address) {
            found.add(url, Some("sitemap"), "Sitemap", How::Robots);
        }
    }
}
