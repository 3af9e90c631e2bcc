//! Tests of terms, with the categories that are shipped.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

const FILES: [&str; 6] = [
    include_str!("../../../ontology/categories/topics.ttl"),
    include_str!("../../../ontology/categories/audiences.ttl"),
    include_str!("../../../ontology/categories/accessibility.ttl"),
    include_str!("../../../ontology/categories/asset-types.ttl"),
    include_str!("../../../ontology/categories/resource-types.ttl"),
    include_str!("../../../ontology/categories/sectors.ttl"),
];

static TERMS: LazyLock<Terms> = LazyLock::new(|| Terms::new(concepts()));

/// The shipped categories; the files are regular enough to be read so.
fn concepts() -> Vec<Concept> {
    FILES.iter().flat_map(|file| file.split("\n\n")).filter_map(concept).collect()
}

fn concept(block: &str) -> Option<Concept> {
    let block = &block[block.find("<id/category/")?..];
    let iri = |text: &str| Some(text.split_once('>')?.0.rsplit('/').next()?.to_owned());
    let scheme = iri(block.split_once("skos:inScheme <")?.1)?;
    let mut concept = Concept { id: iri(block)?, scheme, ..Concept::default() };
    for statement in block.split(" ;\n") {
        let texts: Vec<String> =
            statement.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        match statement.split_whitespace().next() {
            Some("skos:notation") => concept.notations = texts,
            Some("skos:altLabel") => concept.alternatives = texts,
            Some("skos:prefLabel") => {
                concept.labels = texts.into_iter().map(|text| ("en".to_owned(), text)).collect();
            }
            _ => {}
        }
    }
    Some(concept)
}

fn term(field: &str, label: &str) -> Term {
    Term { field: field.to_owned(), label: label.to_owned(), ..Term::default() }
}

fn exact(id: &str) -> Resolution {
    Resolution::Exact(id.to_owned())
}

fn alias(id: &str) -> Resolution {
    Resolution::Alias(id.to_owned())
}

#[track_caller]
fn check(field: &str, label: &str, expected: Resolution) {
    assert_eq!(TERMS.resolve(&term(field, label), &Table::new()), expected, "{label}");
}

/// What is suggested for a name, likeliest first.
fn suggested(field: &str, label: &str) -> Vec<String> {
    match TERMS.resolve(&term(field, label), &Table::new()) {
        Resolution::Suggested(list) => list.into_iter().map(|found| found.concept).collect(),
        Resolution::Unknown => Vec::new(),
        other => panic!("{label}: {other:?}"),
    }
}

#[test]
fn case_accents_number_and_ampersands_do_not_matter() {
    for label in ["Arts and Crafts", "ARTS & CRAFTS", " arts-and-crafts ", "Art and craft"] {
        check("topics", label, exact("arts-and-crafts"));
    }
    check("topics", "Ealain is Ciuird", exact("arts-and-crafts"));
    check("audience", "Disabled person", exact("disabled-people"));
    check("sector", "Third Sector", exact("third-sector"));
    check("assetType", "Groups", exact("group"));
    check("resourceType", "case-study collection", exact("case-study-collection"));
}

#[test]
fn slugs_of_aliss_are_taken_by_code_and_by_address() {
    for code in ["arts-crafts", "https://www.aliss.org/api/v5/categories/arts-crafts/"] {
        let term = Term { code: Some(code.to_owned()), ..term("topics", "whatever") };
        assert_eq!(TERMS.resolve(&term, &Table::new()), exact("arts-and-crafts"), "{code}");
    }
    // Another scheme has the same slug, so the notation alone holds it.
    check("assetType", "activity", exact("activity-asset"));
    check("topics", "activity", exact("activity"));
}

#[test]
fn synonyms_are_taken() {
    check("topics", "Knitting", alias("arts-and-crafts"));
    check("audience", "Care leaver", alias("care-experienced-people"));
    check("sector", "Charity", alias("third-sector"));
    check("topics", "Leisure > Knitting", alias("arts-and-crafts"));
}

#[test]
fn a_synonym_of_two_categories_is_left_to_an_editor() {
    let found = suggested("accessibility", "Wheelchair access");
    assert!(found.contains(&"accessible-entrance".to_owned()), "{found:?}");
    assert!(found.contains(&"accessible-building".to_owned()), "{found:?}");
}

#[test]
fn what_is_only_alike_is_suggested_and_never_taken() {
    assert_eq!(suggested("topics", "Arts and Craftts")[0], "arts-and-crafts");
    assert_eq!(suggested("topics", "Arts and crafts for beginners")[0], "arts-and-crafts");
    assert_eq!(suggested("topics", "Zxqv"), Vec::<String>::new());
}

#[test]
fn what_another_scheme_names_is_suggested_from_there() {
    let found = TERMS.resolve(&term("topics", "Disabled People"), &Table::new());
    let Resolution::Suggested(list) = found else { panic!("{found:?}") };
    assert!(list.iter().any(|found| found.concept == "disabled-people"), "{list:?}");
}

#[test]
fn a_close_match_of_another_vocabulary_is_a_suggestion() {
    let code = Some("http://schema.org/LibrarySystem".to_owned());
    let term = Term { code, ..term("assetType", "Zxqv") };
    let concept = Concept {
        id: "library-venue".to_owned(),
        scheme: "asset-type".to_owned(),
        close_matches: vec!["https://schema.org/LibrarySystem/".to_owned()],
        ..Concept::default()
    };
    let found = Terms::new([concept]).resolve(&term, &Table::new());
    let Resolution::Suggested(list) = found else { panic!("{found:?}") };
    assert_eq!(list[0].concept, "library-venue");
}

#[test]
fn an_exact_match_of_another_vocabulary_is_taken() {
    let concept = Concept {
        id: "walking".to_owned(),
        scheme: "topic".to_owned(),
        exact_matches: vec!["https://openactive.io/activity-list#95092977".to_owned()],
        ..Concept::default()
    };
    let code = Some("http://openactive.io/activity-list#95092977".to_owned());
    let term = Term { code, ..term("topics", "Zxqv") };
    assert_eq!(Terms::new([concept]).resolve(&term, &Table::new()), exact("walking"));
}

#[test]
fn an_editors_decision_goes_before_everything() {
    let knitting = term("topics", "Knitting");
    let coded = Term { code: Some("K1".to_owned()), ..knitting.clone() };
    let by_name = table_keys(&knitting)[0].clone();
    let by_code = table_keys(&coded)[0].clone();
    let mut table = Table::from([(by_name, Decision::Ignore)]);
    assert_eq!(TERMS.resolve(&knitting, &table), Resolution::Ignored);
    table.insert(by_code, Decision::Means("library".to_owned()));
    assert_eq!(TERMS.resolve(&coded, &table), Resolution::Table("library".to_owned()));
    assert_eq!(TERMS.resolve(&term("topics", "KNITTING"), &table), Resolution::Ignored);
    let gone =
        Table::from([(table_keys(&knitting)[0].clone(), Decision::Means("gone".to_owned()))]);
    assert_eq!(TERMS.resolve(&knitting, &gone), alias("arts-and-crafts"));
}

#[test]
fn what_is_written_the_same_goes_before_another_number() {
    let concept = |id: &str, label: &str| Concept {
        id: id.to_owned(),
        scheme: "topic".to_owned(),
        labels: vec![("en".to_owned(), label.to_owned())],
        ..Concept::default()
    };
    let terms = Terms::new([concept("one", "Art"), concept("many", "Arts")]);
    assert_eq!(terms.resolve(&term("topics", "Arts"), &Table::new()), exact("many"));
    assert_eq!(terms.resolve(&term("topics", "ART"), &Table::new()), exact("one"));
}

#[test]
fn a_field_without_categories_and_an_empty_name_mean_nothing() {
    check("keywords", "Knitting", Resolution::Unknown);
    check("topics", " – ", Resolution::Unknown);
}

#[test]
fn every_shipped_category_is_found_by_its_slug_and_by_its_name() {
    let fields = ["topics", "audience", "accessibility", "assetType", "resourceType", "sector"];
    let concepts = concepts();
    assert!(concepts.len() > 400, "{}", concepts.len());
    for concept in &concepts {
        let field = fields.iter().find(|field| scheme_of(field) == Some(concept.scheme.as_str()));
        let field = field.unwrap();
        let names = concept.labels.iter().map(|(_, label)| label).chain(&concept.notations);
        for name in names {
            match TERMS.resolve(&term(field, name), &Table::new()) {
                Resolution::Exact(found) => assert_eq!(found, concept.id, "{name}"),
                Resolution::Suggested(list) => {
                    assert!(list.iter().any(|found| found.concept == concept.id), "{name}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}

proptest! {
    #[test]
    fn suggestions_are_those_of_comparing_with_every_name(text in "[a-z]{1,9}( [a-z]{1,9}){0,2}") {
        let mut found = TERMS.labels.alike(&text);
        found.sort_by_key(|(place, _)| *place);
        let asked = words::trigrams(&words::key(&words::fold(&text)));
        let mut expected = Vec::new();
        for (place, concept) in TERMS.concepts.iter().enumerate() {
            let names = concept.labels.iter().map(|(_, name)| name).chain(&concept.alternatives);
            let best = names.map(|name| {
                let name = words::trigrams(&words::key(&words::fold(name)));
                let shared = name.iter().filter(|three| asked.contains(three)).count();
                words::dice(shared, name.len(), asked.len())
            });
            let best = best.fold(0.0_f64, f64::max);
            if best >= 0.55 {
                expected.push((place, best));
            }
        }
        for (place, score) in expected {
            let alike = found.iter().find(|(found, _)| *found == place).map(|(_, score)| *score);
            prop_assert!(alike.is_some_and(|alike| alike >= score), "{} {}", place, score);
        }
    }

    #[test]
    fn any_term_is_resolved(field in "topics|audience|.{0,9}", label in any::<String>(), code in any::<Option<String>>()) {
        let term = Term { field, label, code, scheme: None };
        let _ = TERMS.resolve(&term, &Table::new());
    }
}
