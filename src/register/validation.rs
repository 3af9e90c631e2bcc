//! What a run found wrong as a validation report of SHACL
//! (<https://www.w3.org/TR/shacl/#validation-report>), for those who read RDF
//! (contract F67).

use oxigraph::model::{
    BlankNode, GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term,
};

use super::ledger::Finding;
use crate::graph::GraphFormat;
use crate::vocab::{dcterms, kist, rdf, sh};

/// The report at `address` of what was found, in `format`.
#[must_use]
pub fn report(address: &str, findings: &[Finding], format: GraphFormat) -> Vec<u8> {
    let mut quads = Vec::new();
    let mut say = |subject: &NamedOrBlankNode, property: NamedNodeRef<'_>, object: Term| {
        quads.push(Quad::new(subject.clone(), property, object, GraphName::DefaultGraph));
    };
    let report = NamedOrBlankNode::from(NamedNode::new_unchecked(address));
    say(&report, rdf::TYPE, sh::VALIDATION_REPORT.into());
    let conforms = !findings.iter().any(|finding| finding.severity != "warning");
    say(&report, sh::CONFORMS, Literal::from(conforms).into());
    for (number, finding) in findings.iter().enumerate() {
        let result = BlankNode::new_unchecked(format!("r{}", number + 1));
        say(&report, sh::RESULT, result.clone().into());
        let result = NamedOrBlankNode::from(result);
        say(&result, rdf::TYPE, sh::VALIDATION_RESULT.into());
        let severity = if finding.severity == "warning" { sh::WARNING } else { sh::VIOLATION };
        say(&result, sh::RESULT_SEVERITY, severity.into());
        say(&result, sh::SOURCE_CONSTRAINT_COMPONENT, kist::HARVEST_CHECK.into());
        say(&result, dcterms::IDENTIFIER, Literal::from(finding.code.as_str()).into());
        // The document; the whole report when the problem is of none.
        let focus =
            NamedNode::new(finding.url.as_str()).map_or_else(|_| report.clone().into(), Term::from);
        say(&result, sh::FOCUS_NODE, focus);
        let told = [Some(&finding.what), finding.advice.as_ref()];
        for message in told.into_iter().flatten() {
            let message = Literal::new_language_tagged_literal_unchecked(message.as_str(), "en");
            say(&result, sh::RESULT_MESSAGE, message.into());
        }
        for (property, value) in [
            (sh::VALUE, finding.excerpt.as_deref()),
            (kist::ITEM_KEY, finding.key.as_deref()),
            (kist::FOUND_AT, Some(finding.at.as_str()).filter(|at| !at.is_empty())),
        ] {
            if let Some(value) = value {
                say(&result, property, Literal::from(value).into());
            }
        }
    }
    format.write_quads(quads)
}
