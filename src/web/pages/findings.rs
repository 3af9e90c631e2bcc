//! What case studies found, across all of them, by topic: what helped, what
//! got in the way, what was hard, what is needed.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value as Json;

use crate::record::RecordId;
use crate::register::Hit;
use crate::register::Page as Part;
use crate::register::Query;
use crate::register::Start;
use crate::web::html::address::Address;
use crate::web::html::content;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::messages::Plural;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Site;
use crate::web::html::visit::Visit;
use crate::web::parameter::Parameter;
use crate::web::problem::Result;

/// The most case studies whose findings are gathered on one page.
const MOST_CASES: usize = 300;

/// The sorts of finding, as the fields of a case study are called.
const SORTS: &[&str] = &["hindered", "helped", "challenges", "needs", "outcomes"];

/// The parameters of the page, besides the language.
pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter::choice("of", SORTS, "Which findings.").default("hindered"),
    Parameter::text("topic", "The topic that they are about."),
];

#[derive(Template)]
#[template(path = "findings.html")]
struct FindingsPage {
    page: Page,
    heading: Phrase,
    tabs: Vec<(Link, bool)>,
    count: String,
    all: Option<String>,
    topics: Vec<Topic>,
}

/// A topic with what was found about it.
#[derive(Debug)]
struct Topic {
    id: String,
    name: Text,
    findings: Vec<Finding>,
}

/// A finding, and the case study that tells it.
#[derive(Debug, Clone)]
struct Finding {
    text: Text,
    case: Link,
}

/// Links to the page of each sort of finding.
pub(super) fn links(site: Site<'_>) -> Vec<Link> {
    let messages = Messages::of(site.language);
    let address = Address::new("/knowledge-bank/findings");
    SORTS
        .iter()
        .map(|sort| Link {
            href: site.localised(address.with("of", sort)),
            text: label(sort, messages).text(),
        })
        .collect()
}

const fn label_of(messages: &Messages) -> [Phrase; 5] {
    [
        messages.finding_hindered,
        messages.finding_helped,
        messages.finding_challenges,
        messages.finding_needs,
        messages.finding_outcomes,
    ]
}

fn label(sort: &str, messages: &Messages) -> Phrase {
    let place = SORTS.iter().position(|known| *known == sort).unwrap_or_default();
    label_of(messages)[place]
}

/// Shows what all case studies found.
///
/// # Errors
///
/// 500 `internal` when the register can't be read.
pub(super) async fn show_findings(visit: Visit) -> Result<Response> {
    let sort = visit.parameters.text("of").unwrap_or_default();
    let topic = visit.parameters.text("topic");
    visit.send(&["findings", visit.query()], |site| {
        let address = visit.address();
        let (count, topics) = gather(site, &sort, topic.as_deref())?;
        let page = Page::new(site, "", &address).within("/knowledge-bank");
        let heading = label(&sort, page.m);
        let tabs = SORTS.iter().map(|other| {
            let href = address.set("of", Some(other)).to_string();
            let text = label(other, page.m).text();
            (Link { href, text }, *other == sort)
        });
        page::draw(&FindingsPage {
            heading,
            tabs: tabs.collect(),
            count: page.m.count(Plural::Findings, count),
            all: topic.is_some().then(|| address.set("topic", None).to_string()),
            topics,
            page: Page { title: heading.text(), ..page },
        })
    })
}

/// All findings of a sort, by topic, the topic with most first; with how many
/// there are. A finding about two topics stands under both.
fn gather(site: Site<'_>, sort: &str, wanted: Option<&str>) -> Result<(u64, Vec<Topic>)> {
    let cases = site.find(Query {
        kinds: vec!["case-study".to_owned()],
        page: Part { limit: MOST_CASES, start: Start::Offset(0) },
        ..Query::default()
    })?;
    let mut count = 0;
    let mut by_topic: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    let keys: Vec<&str> = cases.hits.iter().map(Hit::key).collect();
    let details = site.state.register.details(&keys)?;
    for (hit, details) in cases.hits.iter().zip(details) {
        let Ok(id) = hit.key().parse::<RecordId>() else { continue };
        let said: Map<String, Json> =
            details.and_then(|details| serde_json::from_slice(&details).ok()).unwrap_or_default();
        let nodes = said.get(sort).and_then(Json::as_array).into_iter().flatten();
        let case = site.link(&id);
        for node in nodes.filter_map(Json::as_object) {
            let Some(text) = content::text(node, "text", site.language) else { continue };
            let finding = Finding { text, case: case.clone() };
            let mut topics = topics_of(site, node);
            if topics.is_empty() {
                topics.push(String::new());
            }
            topics.retain(|topic| wanted.is_none_or(|wanted| wanted == topic));
            count += u64::from(!topics.is_empty());
            for topic in topics {
                by_topic.entry(topic).or_default().push(finding.clone());
            }
        }
    }
    let messages = Messages::of(site.language);
    let other = || messages.findings_other.text();
    let mut topics: Vec<Topic> = by_topic
        .into_iter()
        .map(|(id, findings)| Topic {
            name: site.name("category", &id).unwrap_or_else(other),
            id,
            findings,
        })
        .collect();
    topics.sort_by_key(|topic| (topic.id.is_empty(), std::cmp::Reverse(topic.findings.len())));
    Ok((count, topics))
}

/// The slugs of the topics that a finding is about.
fn topics_of(site: Site<'_>, node: &Map<String, Json>) -> Vec<String> {
    let base = site.state.register.base();
    let iris = node.get("topics").and_then(Json::as_array).into_iter().flatten();
    let topics = iris.filter_map(|iri| base.record_of(iri.as_str()?)?.ok());
    topics.map(|topic| topic.id().to_owned()).collect()
}
