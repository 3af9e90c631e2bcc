//! Tests of [`check`](super).

use super::*;

/// What is said of an operator's file that has these statements.
fn said(statements: &str) -> Option<String> {
    let shapes = format!(
        "@prefix kist: <https://w3id.org/kist#> . @prefix ex: <https://example.org/ns#> .
             @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
             @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . {statements} ."
    );
    Schema::with_additions(&[&shapes]).err().map(|error| error.to_string())
}

/// The same of a property of assets.
fn said_of_property(property: &str) -> Option<String> {
    said(&format!("kist:AssetShape sh:property [ {property} ]"))
}

#[test]
fn a_property_with_a_name_and_a_meaning_of_its_own_can_be_added() {
    let property = r#"sh:path ex:dogs ; sh:name "dogsWelcome" ; sh:datatype xsd:boolean"#;
    assert_eq!(said_of_property(property), None);
}

#[test]
fn a_property_that_would_hide_another_is_refused() {
    for (property, wrong) in [
        (r#"sh:path ex:d ; sh:name "name" ; sh:datatype xsd:boolean"#, "`name`"),
        (r#"sh:path schema:name ; sh:name "title" ; sh:datatype xsd:string"#, "`title`"),
        // A key of another kind that means something else there.
        (r#"sh:path ex:d ; sh:name "prefLabel" ; sh:datatype xsd:string"#, "`prefLabel`"),
    ] {
        let said = said_of_property(property).unwrap();
        assert!(said.contains(wrong), "{said}");
    }
}

#[test]
fn a_name_that_can_be_no_key_of_records_is_refused() {
    for name in ["@id", "@context", "id", "type", "asset", "", "a b", "a/b", "a:b", "9"] {
        let property = format!(r#"sh:path ex:d ; sh:name "{name}" ; sh:datatype xsd:string"#);
        let said = said_of_property(&property).unwrap();
        assert!(said.starts_with(&format!("`{name}` can't be the name")), "{said}");
    }
}

#[test]
fn counts_that_nothing_can_keep_are_refused() {
    let counts = "sh:minCount 3 ; sh:maxCount 1";
    let property = format!(r#"sh:path ex:d ; sh:name "d" ; sh:datatype xsd:string ; {counts}"#);
    let said = said_of_property(&property).unwrap();
    assert!(said.contains("`d`") && said.contains('3') && said.contains('1'), "{said}");
}

#[test]
fn properties_of_a_shape_that_is_not_there_are_refused() {
    let said = said(r#"kist:WidgetShape sh:property [ sh:path ex:d ; sh:name "d" ]"#).unwrap();
    assert!(said.contains("WidgetShape"), "{said}");
}
