//! Services, events, courses and venues → assets.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::Context;
use super::graph::{Graph, Node, Value, local};
use super::kinds::Kind;
use super::{organisation, place, terms_of_use, when, words};
use crate::harvest::extraction::{Draft, Link, Problem};

/// Properties by which a thing names who is behind it, the nearest first.
const PROVIDERS: &[&str] =
    &["provider", "serviceOperator", "organizer", "parentOrganization", "sponsor"];

/// Fills the draft of an asset of type `slug`.
pub(super) fn fill(
    draft: &mut Draft,
    slug: &str,
    graph: &Graph,
    node: &Node,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) {
    let is_venue = super::kinds::is_place(node);
    organisation::set_identity(draft, graph, node, context);
    draft.set("assetType", slug);
    if let Some(status) = node.text("eventStatus").map(local) {
        match status {
            "EventCancelled" => draft.set("status", "ended"),
            "EventPostponed" => draft.set("status", "paused"),
            "EventScheduled" | "EventRescheduled" | "EventMovedOnline" => {
                draft.set("status", "active");
            }
            _ => {}
        }
    }
    let mut found = if is_venue {
        let site = place::site(graph, node, context, problems);
        let sites = if site.is_empty() { Vec::new() } else { vec![Json::Object(site)] };
        place::Where { sites, ..place::Where::default() }
    } else {
        place::of(graph, node, &["location"], context, problems)
    };
    for channel in graph.nodes_of(node, "availableChannel") {
        let also = place::of(graph, channel, &["serviceLocation"], context, problems);
        found.sites.extend(
            also.sites.into_iter().filter(|site| !found.sites.contains(site)).collect::<Vec<_>>(),
        );
        if channel.text("serviceUrl").is_some() && found.sites.is_empty() {
            found.is_online = true;
        }
        contact(draft, graph, channel);
    }
    for instance in graph.nodes_of(node, "hasCourseInstance") {
        let also = place::of(graph, instance, &["location"], context, problems);
        found.is_online |= also.is_online
            || instance.text("courseMode").is_some_and(|mode| mode.eq_ignore_ascii_case("online"));
        found.sites.extend(
            also.sites.into_iter().filter(|site| !found.sites.contains(site)).collect::<Vec<_>>(),
        );
    }
    place::set(draft, node, found);
    place::set_areas(draft, graph, node);
    let entries = when::schedule(graph, node, context, problems);
    draft.set("schedule", entries);
    terms_of_use::set_cost(draft, graph, node);
    terms_of_use::set_audience(draft, graph, node);
    draft.set("languages", words::languages(graph, node));
    draft.set("media", words::pictures(graph, node, "image", context.base));
    for point in graph.nodes_of(node, "contactPoint") {
        contact(draft, graph, point);
    }
    for property in ["category", "serviceType", "keywords", "about", "genre", "sport"] {
        words::add_terms(draft, "topics", graph, node, property);
    }
    amenities(draft, graph, node);
    link_provider(draft, graph, node, context);
}

/// Takes telephone and e-mail of a contact, where the thing has none itself.
fn contact(draft: &mut Draft, graph: &Graph, point: &Node) {
    let phone = graph
        .nodes_of(point, "servicePhone")
        .find_map(|phone| phone.text("telephone"))
        .or_else(|| point.text("telephone"));
    for (field, value) in [
        ("telephone", phone.map(words::telephone)),
        ("email", point.text("email").and_then(words::email)),
    ] {
        if let Some(value) = value
            && !draft.fields.contains_key(field)
        {
            draft.set(field, value);
        }
    }
}

/// What makes a place accessible, as terms; features that are denied are none.
fn amenities(draft: &mut Draft, graph: &Graph, node: &Node) {
    let places = std::iter::once(node).chain(graph.nodes_of(node, "location"));
    for place in places {
        words::add_terms(draft, "accessibility", graph, place, "accessibilityFeature");
        for feature in graph.nodes_of(place, "amenityFeature") {
            let is_denied = feature
                .text("value")
                .is_some_and(|value| matches!(local(&value.to_lowercase()), "false" | "no" | "0"));
            if !is_denied {
                words::add_terms(draft, "accessibility", graph, feature, "name");
            }
        }
    }
}

fn link_provider(draft: &mut Draft, graph: &Graph, node: &Node, context: &Context<'_>) {
    let value = |property: &&str| node.all(property).iter();
    let linked = PROVIDERS.iter().flat_map(value).find_map(|value| key_of(graph, value, context));
    if let Some(key) = linked {
        draft.links.push(Link {
            field: "provider".to_owned(),
            kind: "organisation".to_owned(),
            key,
        });
    }
}

/// The key of the organisation that a value is, when it is a record.
pub(super) fn key_of(graph: &Graph, value: &Value, context: &Context<'_>) -> Option<String> {
    match context.keys.get(&graph.node(value)?)? {
        (Kind::Organisation, key) => Some(key.clone()),
        _ => None,
    }
}

/// Links what organisations say that they offer to them, where it doesn't say
/// itself who provides it.
pub(super) fn link_offers(drafts: &mut [Draft], graph: &Graph, context: &Context<'_>) {
    const DEPTH: usize = 5;
    const WAYS: &[&str] =
        &["makesOffer", "hasOfferCatalog", "itemListElement", "itemOffered", "event", "events"];
    for (number, (kind, key)) in &context.keys {
        if *kind != Kind::Organisation {
            continue;
        }
        let mut seen = HashSet::from([*number]);
        let mut level = vec![*number];
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for node in level.iter().filter_map(|number| graph.nodes.get(*number)) {
                let values = WAYS.iter().flat_map(|way| node.all(way));
                next.extend(values.filter_map(|value| graph.node(value)));
            }
            next.retain(|number| seen.insert(*number));
            level = next;
        }
        let offered: HashSet<&str> = seen
            .iter()
            .filter_map(|number| context.keys.get(number))
            .filter(|(kind, _)| matches!(kind, Kind::Asset(_)))
            .map(|(_, key)| key.as_str())
            .collect();
        for draft in drafts.iter_mut().filter(|draft| offered.contains(draft.key.as_str())) {
            if draft.links.iter().all(|link| link.field != "provider") {
                draft.links.push(Link {
                    field: "provider".to_owned(),
                    kind: "organisation".to_owned(),
                    key: key.clone(),
                });
            }
        }
    }
}
