//! The description of a named graph: where its statements come from.

use jiff::Timestamp;
use jiff::civil::Date;
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term, Triple};

use crate::journal::{Derivation, Version};
use crate::record::{Base, RecordId};
use crate::vocab::{dcterms, kist, prov, rdf, xsd};

/// The PROV-O description of the graph that holds `version`. It stands in the
/// graph itself, so that both are replaced in one transaction.
pub(super) fn describe(base: &Base, version: &Version) -> Vec<Triple> {
    let graph = base.graph(&version.source, &version.id);
    let at = Literal::new_typed_literal(version.at.to_string(), xsd::DATE_TIME);
    let mut triples = vec![
        Triple::new(graph.clone(), rdf::TYPE, prov::ENTITY),
        Triple::new(graph.clone(), prov::GENERATED_AT_TIME, at),
        Triple::new(graph.clone(), kist::REVISION, Literal::from(version.revision.0)),
    ];
    if let Ok(source) = RecordId::new("source", &version.source) {
        triples.push(Triple::new(graph.clone(), prov::HAD_PRIMARY_SOURCE, base.thing(&source)));
    }
    if let Some(derivation) = &version.derivation {
        describe_derivation(base, &graph, derivation, &mut triples);
    }
    triples
}

/// Which run made it, from which address, when and by what, and how it may be
/// used.
fn describe_derivation(
    base: &Base,
    graph: &NamedNode,
    derivation: &Derivation,
    triples: &mut Vec<Triple>,
) {
    let mut say = |property: NamedNodeRef<'_>, object: Term| {
        triples.push(Triple::new(graph.clone(), property, object));
    };
    if let Ok(run) = RecordId::new("run", &derivation.run) {
        say(prov::WAS_GENERATED_BY, base.thing(&run).into());
    }
    if let Ok(url) = NamedNode::new(derivation.url.as_str()) {
        say(prov::WAS_DERIVED_FROM, url.into());
    }
    let at = derivation.retrieved_at.to_string();
    say(kist::RETRIEVED_AT, Literal::new_typed_literal(at, xsd::DATE_TIME).into());
    say(kist::EXTRACTOR, Literal::from(derivation.extractor.as_str()).into());
    if let Some(modified) = &derivation.modified {
        say(dcterms::MODIFIED, modified_of(modified).into());
    }
    for licence in derivation.licences().into_iter().flat_map(NamedNode::new) {
        say(dcterms::LICENSE, licence.into());
    }
    if let Some(attribution) = derivation.credited() {
        say(kist::ATTRIBUTION, Literal::from(attribution).into());
    }
}

/// When a source says that it changed something: a moment or a day where it is
/// one, and otherwise its own words (contract E4).
fn modified_of(text: &str) -> Literal {
    if let Ok(at) = text.parse::<Timestamp>() {
        Literal::new_typed_literal(at.to_string(), xsd::DATE_TIME)
    } else if let Ok(day) = text.parse::<Date>() {
        Literal::new_typed_literal(day.to_string(), xsd::DATE)
    } else {
        Literal::from(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_source_says_of_its_changes_is_a_moment_a_day_or_its_own_words() {
        let check =
            |text: &str, expected: &str| assert_eq!(modified_of(text).to_string(), expected);
        let typed = |text: &str, datatype: NamedNodeRef<'_>| format!("\"{text}\"^^{datatype}");
        check("2026-11-01T10:00:00+01:00", &typed("2026-11-01T09:00:00Z", xsd::DATE_TIME));
        check("2026-11-01", &typed("2026-11-01", xsd::DATE));
        check("18446744073709551616", "\"18446744073709551616\"");
    }
}
