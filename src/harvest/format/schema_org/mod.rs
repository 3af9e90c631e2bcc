//! schema.org in a page → drafts of assets, organisations and resources.
//!
//! <https://schema.org/docs/full.html>. A thing is a record when its class is
//! in the table of `kinds`; what is only a part of another (an address, an
//! offer, the place of an event) is not. Providers and organisers are records
//! of their own, linked. Classes and properties of schema.org stop here.

mod asset;
mod graph;
mod kinds;
mod organisation;
mod place;
mod resource;
mod same;
mod terms_of_use;
#[cfg(test)]
mod tests;
mod when;
mod words;

use std::collections::BTreeSet;
use std::collections::HashMap;

use url::Url;

use self::graph::{Graph, Node};
use self::kinds::Kind;
use super::Reading;
use super::occurrence::Clock;
use crate::harvest::clean::{DoubleEncoding, text};
use crate::harvest::extraction::{Draft, Problem};
use crate::harvest::licence;
use crate::harvest::markup::Page;
use crate::model::TermsOfUse;

/// Records of one page: a listing has some hundred at most.
const MOST_RECORDS: usize = 1_000;

/// The classes of pages.
const PAGES: &[&str] = &[
    "WebPage",
    "AboutPage",
    "CheckoutPage",
    "CollectionPage",
    "ContactPage",
    "FAQPage",
    "ItemPage",
    "MedicalWebPage",
    "ProfilePage",
    "QAPage",
    "RealEstateListing",
    "SearchResultsPage",
];

/// What the things of a page are read with.
struct Context<'a> {
    language: &'a str,
    clock: &'a Clock,
    base: &'a Url,
    /// The page's own address, without a fragment.
    canonical: &'a Url,
    /// The key of each thing that is a record.
    keys: HashMap<usize, (Kind, String)>,
}

/// What the structured data of a page says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The records.
    pub(super) drafts: Vec<Draft>,
    /// What could not be read.
    pub(super) problems: Vec<Problem>,
    /// The licence of the page, as it is written.
    pub(super) licence: Option<String>,
    /// The page is a list of things.
    pub(super) is_list: bool,
    /// Addresses of pages of its own that the list names and says no more of.
    pub(super) listed: Vec<Url>,
}

/// What `page` says, whose own address is `canonical`.
pub(super) fn read(page: &Page, canonical: &Url, reading: &Reading<'_>) -> Said {
    let mut said = Said::default();
    let mut graph = Graph::of(&page.parts);
    same::merge(&mut graph);
    let clock = reading.clock();
    let mut context = Context {
        language: reading.language,
        clock: &clock,
        base: &page.base,
        canonical,
        keys: HashMap::new(),
    };
    let mut records = records(&graph);
    if records.len() > MOST_RECORDS {
        let what = format!(
            "the page has {} things; those after {MOST_RECORDS} are left out",
            records.len()
        );
        said.problems.push(Problem::error("too-many-records", "", what));
        records.truncate(MOST_RECORDS);
    }
    context.keys = keys(&graph, &records, &context, &mut said.problems);
    for (number, kind) in &records {
        let (Some(node), Some((_, key))) = (graph.nodes.get(*number), context.keys.get(number))
        else {
            continue;
        };
        let mut draft = Draft::new(kind.name(), key.clone(), node.at.clone());
        let before = said.problems.len();
        match kind {
            Kind::Asset(slug) => {
                asset::fill(&mut draft, slug, &graph, node, &context, &mut said.problems);
            }
            Kind::Organisation => {
                organisation::fill(&mut draft, &graph, node, &context, &mut said.problems);
            }
            Kind::Resource(slug) => resource::fill(&mut draft, slug, &graph, node, &context),
        }
        if !matches!(kind, Kind::Resource(_)) {
            // The licence of a work is a property of it.
            draft.use_terms = use_terms(&graph, node, &context);
        }
        for problem in said.problems.iter_mut().skip(before) {
            problem.key.get_or_insert_with(|| draft.key.clone());
        }
        if draft.fields.contains_key("name") {
            said.drafts.push(draft);
        } else {
            let what =
                format!("a thing of class {} has no name and is left out", node.types.join(", "));
            said.problems.push(
                Problem::error("no-name", &node.at, what).of(key).advice("Give it a `name`."),
            );
        }
    }
    asset::link_offers(&mut said.drafts, &graph, &context);
    (said.is_list, said.listed) = listing(&graph, &context);
    said.licence = page_licence(&graph, &context);
    said
}

/// What the page says of its own use, as a `WebPage`: that is the licence of
/// what is on it.
fn page_licence(graph: &Graph, context: &Context<'_>) -> Option<String> {
    let is_this = |address: &str| {
        let mut address = Url::parse(address).ok();
        if let Some(address) = &mut address {
            address.set_fragment(None);
        }
        address.is_some_and(|it| it == *context.canonical || it == *context.base)
    };
    let pages = graph.nodes.iter().filter(|node| !node.is_merged && node.is(PAGES));
    let mut own = pages.filter(|node| {
        let address = node.address.as_deref().filter(|address| !address.starts_with("_:"));
        let url = words::addresses(graph, node, "url", context.base).into_iter().next();
        match (address, url) {
            (None, None) => true,
            (address, url) => {
                address.is_some_and(is_this) || url.is_some_and(|url| is_this(url.as_str()))
            }
        }
    });
    own.find_map(|page| words::written(graph, page, "license").first().map(|it| (*it).to_owned()))
}

/// What a thing says of its own use.
fn use_terms(graph: &Graph, node: &Node, context: &Context<'_>) -> Option<TermsOfUse> {
    let licences = words::written(graph, node, "license");
    let licences = licences.into_iter().filter_map(|said| licence::read_at(said, context.base));
    let credit = node.text("creditText").map(|words| text::one_line(words, DoubleEncoding::Keep));
    // Whoever gives a credit means that one.
    let credit = credit.map(|words| licence::Said::Credit(words.value));
    licence::terms(credit.into_iter().chain(licences))
}

/// The things that are records, in the order of the page.
fn records(graph: &Graph) -> Vec<(usize, Kind)> {
    let mut parts: HashMap<usize, Vec<&str>> = HashMap::new();
    for node in &graph.nodes {
        for (property, part) in node.references(graph) {
            parts.entry(part).or_default().push(property);
        }
    }
    let mut records = Vec::new();
    for (number, node) in graph.nodes.iter().enumerate() {
        if node.is_merged || node.says_nothing() {
            continue;
        }
        let Some(kind) = kinds::kind(node) else { continue };
        let referred = parts.get(&number).map_or(&[][..], Vec::as_slice);
        if stands_alone(node, kind, referred) {
            records.push((number, kind));
        }
    }
    records
}

/// Properties by which a list, a page or a catalogue names what it is about.
const NAMING: &[&str] = &[
    "about",
    "blogPost",
    "hasCourse",
    "hasPart",
    "isRelatedTo",
    "item",
    "itemListElement",
    "itemOffered",
    "mainEntity",
    "mainEntityOfPage",
    "subjectOf",
    "event",
    "events",
    "department",
];
/// Properties that name a place as that of something else.
const LOCATING: &[&str] = &[
    "areaServed",
    "containedInPlace",
    "containsPlace",
    "contentLocation",
    "foundingLocation",
    "gameLocation",
    "jurisdiction",
    "location",
    "serviceArea",
    "serviceLocation",
    "spatialCoverage",
];
/// Properties whose value is a part of the thing.
const PARTS: &[&str] = &["subEvent", "hasCourseInstance"];

/// Whether a thing is a record by itself, and not only a part of those that
/// name it by the properties `referred`.
fn stands_alone(node: &Node, kind: Kind, referred: &[&str]) -> bool {
    let is_named = referred.iter().all(|property| NAMING.contains(property));
    match kind {
        Kind::Organisation => node.text("name").is_some() || node.text("legalName").is_some(),
        // The place of an event is a part of the event, but a library that
        // has an address of its own is a library too.
        Kind::Asset(slug) if kinds::is_place(node) => {
            let is_located = referred.iter().any(|property| LOCATING.contains(property));
            !is_located || (slug != "venue" && node.address.is_some())
        }
        Kind::Asset(_) => {
            let is_part = referred.iter().any(|property| PARTS.contains(property));
            !is_part || node.address.is_some() || node.text("url").is_some()
        }
        Kind::Resource(_) => is_named,
    }
}

/// The publisher's key of each record: its own address, then its page when no
/// other has it, then the page that it stands on with its name and day.
fn keys(
    graph: &Graph,
    records: &[(usize, Kind)],
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> HashMap<usize, (Kind, String)> {
    let mut keys: HashMap<usize, (Kind, String)> = HashMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut pages: HashMap<(bool, String), usize> = HashMap::new();
    let page_of = |node: &Node| {
        words::addresses(graph, node, "url", context.base).into_iter().next().map(String::from)
    };
    for (number, kind) in records {
        if let Some(page) = graph.nodes.get(*number).and_then(page_of) {
            *pages.entry((*kind == Kind::Organisation, page)).or_default() += 1;
        }
    }
    // Addresses of their own come first, so that nothing else takes them.
    for (number, kind) in records {
        let own = graph.nodes.get(*number).and_then(|node| node.address.clone());
        if let Some(own) = own.filter(|own| !own.starts_with("_:")) {
            taken.insert(own.clone());
            keys.insert(*number, (*kind, own));
        }
    }
    let mut nameless: Vec<&(usize, Kind)> =
        records.iter().filter(|(number, _)| !keys.contains_key(number)).collect();
    // An organisation has its home page in all pages, whatever else has it.
    nameless.sort_by_key(|(_, kind)| *kind != Kind::Organisation);
    let is_alone = nameless.iter().filter(|(_, kind)| *kind != Kind::Organisation).count() == 1;
    for (number, kind) in nameless {
        let Some(node) = graph.nodes.get(*number) else { continue };
        let is_organisation = *kind == Kind::Organisation;
        let page =
            page_of(node).filter(|page| pages.get(&(is_organisation, page.clone())) == Some(&1));
        let canonical =
            (is_alone && !is_organisation).then(|| context.canonical.as_str().to_owned());
        let key = page
            .into_iter()
            .chain(canonical)
            .chain(named_key(node, *kind, context))
            .find(|key| !taken.contains(key));
        match key {
            Some(key) => {
                taken.insert(key.clone());
                keys.insert(*number, (*kind, key));
            }
            None if node.text("name").is_some() => problems.push(
                Problem::warning(
                    "same-twice",
                    &node.at,
                    "a thing of the same name and day is there already; the second is left out",
                )
                .advice("Give each thing an `@id` or a `url` of its own."),
            ),
            None => problems.push(
                Problem::error("nameless", &node.at, "a thing has no address and no name")
                    .advice("Give each thing an `@id` or a `url`, and a name."),
            ),
        }
    }
    keys
}

/// A key made of the name, and the day of what takes place. Organisations have
/// it in the whole site, so that each page speaks of the same one.
fn named_key(node: &Node, kind: Kind, context: &Context<'_>) -> Option<String> {
    let name = node.text("name").or_else(|| node.text("headline"))?;
    let mut slug = String::new();
    for letter in name.to_lowercase().chars().take(80) {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        return None;
    }
    let mut url = context.canonical.clone();
    if kind == Kind::Organisation {
        url = url.join("/").ok()?;
        url.set_fragment(Some(&format!("organisation-{slug}")));
        return Some(url.into());
    }
    let day =
        node.text("startDate").map(|day| format!("-{}", day.chars().take(16).collect::<String>()));
    url.set_fragment(Some(&format!("{slug}{}", day.unwrap_or_default())));
    Some(url.into())
}

/// Whether the page is a list, and the pages of the same site that it lists
/// without saying more of them.
fn listing(graph: &Graph, context: &Context<'_>) -> (bool, Vec<Url>) {
    const MOST_LISTED: usize = 500;
    let mut is_list = false;
    let mut listed = Vec::new();
    for node in &graph.nodes {
        if !node.is(&["ItemList"]) || node.is(&["BreadcrumbList"]) {
            continue;
        }
        let elements = node.all("itemListElement");
        is_list |= !elements.is_empty();
        for element in elements {
            let entry = graph.node(element).and_then(|entry| graph.nodes.get(entry));
            let is_told = entry.is_some_and(|entry| {
                kinds::kind(entry).is_some()
                    || graph.nodes_of(entry, "item").any(|item| !item.says_nothing())
            });
            if is_told {
                continue;
            }
            let value = entry
                .and_then(|entry| entry.one("url").or_else(|| entry.one("item")))
                .unwrap_or(element);
            let url = words::address(graph, value, context.base);
            let is_own =
                |url: &Url| url.origin() == context.canonical.origin() && url != context.canonical;
            if let Some(url) = url.filter(is_own)
                && listed.len() < MOST_LISTED
                && !listed.contains(&url)
            {
                listed.push(url);
            }
        }
    }
    (is_list, listed)
}
