//! The facts of a record, in the groups of its shape.
//!
//! Which fields there are comes from the schema; how a value is shown, from
//! what it holds. A field that an operator's shapes add is shown like any
//! other.

use jiff::civil::Date;
use serde_json::Map;
use serde_json::Value as Json;

use crate::register::Version;
use crate::schema::ValueType;
use crate::web::html::content::Text;
use crate::web::html::labels;
use crate::web::html::messages::Messages;
use crate::web::html::shown::Shown;
use crate::web::html::site::Site;
use crate::web::pages::values::Context;

/// Facts under a heading.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) label: String,
    pub(super) facts: Vec<Fact>,
}

impl Group {
    /// Whether there is something besides findings.
    pub(super) fn has_facts(&self) -> bool {
        self.facts.iter().any(|fact| !fact.is_findings)
    }
}

/// A field with its values.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) label: Text,
    pub(super) values: Vec<Shown>,
    /// Whether its values are links, which stand side by side.
    pub(super) is_links: bool,
    /// Whether its values are findings, which have a section of their own.
    pub(super) is_findings: bool,
    /// The number of the source that says so, from 1.
    pub(super) source: usize,
}

/// All facts of `version` but those under `except`, by group, in the order of
/// the shapes. `json` is the record as JSON.
pub(super) fn groups(
    site: Site<'_>,
    version: &Version,
    json: &Map<String, Json>,
    today: Date,
    except: &[&str],
) -> Vec<Group> {
    let schema = site.state.register.schema();
    let record = &version.merged.record;
    let Some(kind) = schema.kind(record.id.kind()) else { return Vec::new() };
    let messages = Messages::of(site.language);
    let context = Context { site, schema, messages, today };
    let mut groups: Vec<(f64, Group)> = Vec::new();
    for field in &kind.shape.fields {
        let values = record.values(&field.key);
        // What the head shows in one language is a fact when there are others.
        let is_in_head = except.contains(&field.key.as_str());
        let has_translations = field.value == ValueType::LanguageText && values.len() > 1;
        if values.is_empty() || (is_in_head && !has_translations) {
            continue;
        }
        let (order, label) = match &field.group {
            Some(group) => (group.order, group.label.as_str()),
            None => (f64::INFINITY, "Further"),
        };
        let source = version.merged.from.get(&field.key).map_or(1, |place| place + 1);
        let values = context.values(field, values, json.get(&field.key));
        if values.is_empty() {
            continue;
        }
        let is_links = values.len() > 1 && values.iter().all(|one| matches!(one, Shown::Link(_)));
        let is_findings = values.iter().all(|one| matches!(one, Shown::Finding(..)));
        let label_of_fact = labels::of_field(&field.key, messages);
        let fact = Fact { label: label_of_fact, values, is_links, is_findings, source };
        match groups.iter_mut().find(|(_, group)| group.label == label) {
            Some((_, group)) => group.facts.push(fact),
            None => groups.push((order, Group { label: label.to_owned(), facts: vec![fact] })),
        }
    }
    for (order, group) in &mut groups {
        *order -= urgency(&kind.name, *order, group);
    }
    groups.sort_by(|one, other| one.0.total_cmp(&other.0));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// By how many places a group goes up, so that what a record is read for comes
/// first: the findings of a case study; where, when, for whom and whom to ask
/// (groups 4 to 7 of the shapes) of an asset or organisation.
fn urgency(kind: &str, order: f64, group: &Group) -> f64 {
    let is_first = match kind {
        "case-study" => group.facts.iter().any(|fact| fact.is_findings),
        "asset" | "organisation" => (4.0..=7.0).contains(&order),
        _ => false,
    };
    if is_first { 10.0 } else { 0.0 }
}
