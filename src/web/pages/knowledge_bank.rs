//! The knowledge bank: resources and case studies, by type and topic.

use askama::Template;
use axum::response::Response;

use crate::register::Facet;
use crate::register::Filter;
use crate::register::Page as Part;
use crate::register::Query;
use crate::register::Results;
use crate::register::Start;
use crate::web::html::address::Address;
use crate::web::html::card;
use crate::web::html::card::Card;
use crate::web::html::content::Link;
use crate::web::html::list;
use crate::web::html::list::Paging;
use crate::web::html::messages::Plural;
use crate::web::html::messages::thousands;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Site;
use crate::web::html::tongue::Tongue;
use crate::web::html::visit::Visit;
use crate::web::pages::filters;
use crate::web::pages::filters::Chip;
use crate::web::pages::home::Count;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;

/// How many entries a page lists.
const LIMIT: usize = 20;

/// How many topics are named.
const TOPICS: usize = 24;

/// What the knowledge bank holds.
const HOLDS: [&str; 2] = ["resource", "case-study"];

/// The parameters of the page, besides the language.
pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter::text("q", "Words to look for."),
    Parameter::text("kind", "`resource` or `case-study`.").repeatable(),
    Parameter::text("resource_type", "Types of resource.").repeatable(),
    Parameter::text("topic", "Topics.").repeatable(),
    Parameter::integer("page", 1, 10_000, "Which page."),
];

#[derive(Template)]
#[template(path = "knowledge_bank.html")]
struct KnowledgeBankPage {
    page: Page,
    words: String,
    hidden: Vec<(String, String)>,
    kinds: Vec<Count>,
    types: Vec<Count>,
    topics: Vec<Count>,
    findings: Vec<Link>,
    chips: Vec<Chip>,
    clear: String,
    count: String,
    cards: Vec<Card>,
    paging: Paging,
    formats: Vec<Link>,
}

/// Shows the knowledge bank, or what a search in it finds.
///
/// # Errors
///
/// 500 `internal` when the index can't be read.
pub(super) async fn show_knowledge_bank(visit: Visit) -> Result<Response> {
    let query = query(&visit.parameters);
    let results = visit.site().find(query.clone())?;
    let today = visit.state.today().to_string();
    visit.send_of(results.revision, &["knowledge-bank", visit.query(), &today], |site| {
        page::draw(&draw(site, &visit.address(), &query, &results))
    })
}

fn query(parameters: &Parameters) -> Query {
    let mut kinds = parameters.texts("kind");
    kinds.retain(|kind| HOLDS.contains(&kind.as_str()));
    if kinds.is_empty() {
        kinds = HOLDS.map(str::to_owned).into();
    }
    let filter = |facet, name| Filter { facet, any_of: parameters.texts(name) };
    let filters = [filter(Facet::ResourceType, "resource_type"), filter(Facet::Topic, "topic")];
    let number = parameters.count("page").unwrap_or(1);
    Query {
        text: parameters.text("q").unwrap_or_default(),
        kinds,
        filters: filters.into_iter().filter(|filter| !filter.any_of.is_empty()).collect(),
        page: Part { limit: LIMIT, start: Start::Offset((number - 1) * LIMIT) },
        facets: vec![Facet::Kind, Facet::ResourceType, Facet::Topic],
        ..Query::default()
    }
}

fn draw(site: Site<'_>, address: &Address, query: &Query, results: &Results) -> KnowledgeBankPage {
    let page = Page::new(site, "", address).within("/knowledge-bank");
    let page = Page { title: page.m.knowledge_bank.text(), ..page };
    let hidden = address.pairs().filter(|(name, _)| !["q", "page", "lang"].contains(name));
    let mut hidden: Vec<(String, String)> =
        hidden.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    hidden.extend(Tongue::from(site).field());
    let cleared = filters::cleared(address).set("q", None);
    let first = match query.page.start {
        Start::Offset(offset) => offset + 1,
        Start::After(_) => 1,
    };
    let kinds = [("kind", &*query.kinds.join(","))];
    KnowledgeBankPage {
        words: query.text.clone(),
        hidden,
        kinds: counts(site, address, results, Facet::Kind, "kind"),
        types: counts(site, address, results, Facet::ResourceType, "resource_type"),
        topics: counts(site, address, results, Facet::Topic, "topic"),
        findings: super::findings::links(site),
        chips: filters::chips(site, address),
        clear: cleared.to_string(),
        count: page.m.count(Plural::Results, results.total),
        cards: card::cards(site, &results.hits, first, None),
        paging: Paging::of(address, query, results.total),
        formats: list::formats(address, "/api/v1/search", &kinds),
        page,
    }
}

/// Links that narrow the list to each value of a facet.
fn counts(
    site: Site<'_>,
    address: &Address,
    results: &Results,
    facet: Facet,
    parameter: &str,
) -> Vec<Count> {
    let bare = list::first_page(address);
    let counted = results.facets.iter().find(|counts| counts.facet == facet);
    let counted = counted.map_or(&[][..], |counts| counts.counts.as_slice());
    let others = counted.iter().filter(|(value, _)| !address.has(parameter, value));
    let links = others.take(TOPICS).map(|(value, count)| Count {
        link: Link {
            href: bare.with(parameter, value).to_string(),
            text: site.value_label(facet, value),
        },
        count: thousands(*count),
    });
    links.collect()
}
