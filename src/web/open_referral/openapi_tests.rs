//! Tests of [`openapi`](super).

use super::*;

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    let document = document("https://kist.example");
    let text = document.to_string();
    let references: Vec<&str> =
        text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(references.len() > 20, "{references:?}");
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}
