//! Taxonomy terms, of attributes in 3.0 and of links to taxonomies in 1.0.

use crate::harvest::extraction::{Draft, Term};
use crate::harvest::format::json::Item;

/// How many terms one record may have.
const MAX_TERMS: usize = 200;

/// Adds a term to a draft, once.
pub(super) fn add(draft: &mut Draft, term: Term) {
    if draft.terms.len() < MAX_TERMS && !draft.terms.contains(&term) {
        draft.terms.push(term);
    }
}

/// The terms of an item's attributes; `field` is what they are for unless they
/// say otherwise.
pub(super) fn of_attributes(item: &Item<'_>, field: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let lists = ["attributes", "service_taxonomys", "link_taxonomies", "taxonomys"];
    for link in lists.iter().flat_map(|list| item.items(list)) {
        let inner = link.item("taxonomy_term").or_else(|| link.item("taxonomy"));
        // The terms of an eligibility stand in its list without a link.
        let inner = inner.or_else(|| link.has("vocabulary").then(|| link.clone()));
        let Some(term) = inner.and_then(|inner| read(&link, &inner, field)) else { continue };
        if terms.len() < MAX_TERMS && !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

fn read(link: &Item<'_>, inner: &Item<'_>, field: &str) -> Option<Term> {
    let label = inner.first_text(&["name", "term"])?;
    let taxonomy = inner.item("taxonomy_detail");
    let scheme = taxonomy.as_ref().and_then(|taxonomy| taxonomy.first_text(&["uri", "name"]));
    let scheme = scheme.or_else(|| inner.text("vocabulary"));
    let scheme = scheme.or_else(|| {
        inner
            .get("taxonomy")
            .is_some_and(serde_json::Value::is_string)
            .then(|| inner.text("taxonomy"))
            .flatten()
    });
    let code = inner.first_text(&["term_uri", "code"]).or_else(|| {
        // In 1.0 the id is a CURIE such as esdServiceTypes:256, or an address.
        inner.text("id").filter(|id| id.contains(':'))
    });
    let said = [link.text("link_type"), scheme.clone()];
    let said: String = said.into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase();
    let own = link.text("kist_field");
    let field = own.as_deref().or_else(|| field_of(&said)).unwrap_or(field).to_owned();
    Some(Term { field, scheme, code, label })
}

/// The field that a type of link or the name of a taxonomy speaks of.
fn field_of(said: &str) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["accessib", "disabilit"]) {
        Some("accessibility")
    } else if has(&["eligib", "audience", "circumstance", "personas", "target"]) {
        Some("audience")
    } else if has(&[
        "service_type",
        "servicetype",
        "service type",
        "need",
        "topic",
        "subject",
        "categor",
    ]) {
        Some("topics")
    } else {
        None
    }
}
