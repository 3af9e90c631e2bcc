//! Tests of [`guard`](super).

use proptest::prelude::*;

use super::*;

#[track_caller]
fn expect(query: &str, limits: &Limits, expected: Option<Measure>) {
    let found = check(query, limits).err().map(|complexity| complexity.measure);
    assert_eq!(found, expected, "{query}");
}

#[test]
fn what_stands_in_texts_names_and_comments_is_not_counted() {
    let few = Limits { max_depth: 2, max_operators: 2, ..Limits::default() };
    for query in [
        "ASK { } # ((((((((((",
        "ASK { ?s ?p '((((((((((' }",
        r#"ASK { ?s ?p "\"((((((((((" }"#,
        "ASK { ?s ?p \"\"\"\"(((\n((((\"\"(((\" \"\"\" }",
        "ASK { ?s ?p <http://a.b/?(((((((+++++----> }",
        "ASK { ?s a:b-c-d-e-f-g a:b.c.d%20-- }",
        "ASK { ?s ?p 'x'@en-gb-x-a-b-c }",
    ] {
        expect(query, &few, None);
    }
}

#[test]
fn what_only_looks_like_text_or_a_name_is_counted() {
    let few = Limits { max_depth: 3, ..Limits::default() };
    for query in [
        "ASK { FILTER(?a < ((((((1",
        "ASK { FILTER(?a <(((( 1",
        "ASK { ?s ?p 'it\n(((((((",
        "ASK { ?s ?p '''it'(((''' , ((((((( ",
        "ASK { <<<<<<<<",
        "ASK { << << << <<",
        "ASK { # comment\n(((((",
    ] {
        expect(query, &few, Some(Measure::Depth));
    }
}

#[test]
fn rows_of_values_are_data_up_to_their_end() {
    let few = Limits { max_operators: 4, ..Limits::default() };
    expect("ASK { VALUES ?x { -1 -2 -3 -4 -5 } }", &few, None);
    expect("ASK { values ?x { -1 -2 -3 -4 -5 -6 (((1))) } }", &few, None);
    let after = "ASK { VALUES ?x { 1 } FILTER(1-1-1-1-1) }";
    expect(after, &few, Some(Measure::Operators));
    for name in ["?values", "values:a", "$VALUES"] {
        let query = format!("ASK {{ ?s {name} {{ -1 -2 -3 -4 -5 }} }}");
        expect(&query, &few, Some(Measure::Operators));
    }
}

#[test]
fn what_ends_in_an_escape_ends() {
    for query in ["\"\\", "\"\"\"\\", "a:\\", "<\\", "<a\\"] {
        expect(query, &Limits::default(), None);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_to_its_end(query in "\\PC{0,200}") {
        let _ = check(&query, &Limits::default());
    }

    #[test]
    fn so_is_any_text_of_signs(query in r#"[(){}<>"'\\#?$@!+^*/|&=:.VALUES \n-]{0,200}"#) {
        let _ = check(&query, &Limits::default());
    }
}
