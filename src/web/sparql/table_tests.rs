use super::*;

const BASE: &str = "https://example.org";

fn read(json: &str) -> Table {
    let tongue = Tongue::chosen(Language::Gaelic, Language::English);
    Table::read(json.as_bytes(), BASE, tongue).unwrap()
}

#[test]
fn each_sort_of_value_is_shown_as_people_read_it() {
    let table = read(
        r#"{"head": {"vars": ["a", "b"]}, "results": {"bindings": [
            {"a": {"type": "uri", "value": "https://example.org/id/asset/hall"},
             "b": {"type": "uri", "value": "https://schema.org/name"}},
            {"a": {"type": "uri", "value": "javascript:alert(1)"}},
            {"a": {"type": "literal", "value": "Talla <b>", "xml:lang": "gd"},
             "b": {"type": "literal", "value": "5", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}},
            {"a": {"type": "bnode", "value": "b0"},
             "b": {"type": "uri", "value": "https://example.com/?a=1&b=2"}}]}}"#,
    );
    let Table::Rows { columns, rows, total } = table else { panic!("{table:?}") };
    assert_eq!((columns.as_slice(), total), (&["a".to_owned(), "b".to_owned()][..], 4));
    let shown: Vec<String> = rows
        .iter()
        .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "))
        .collect();
    let link =
        |href: &str, text: &str| format!("<a href=\"{href}\" rel=\"nofollow noopener\">{text}</a>");
    assert_eq!(
        shown,
        [
            format!(
                "{} | {}",
                link("/id/asset/hall?lang=gd", "asset/hall"),
                link("https://schema.org/name", "schema:name")
            ),
            "javascript:alert(1) | ".to_owned(),
            "<span lang=\"gd\">Talla &lt;b&gt;</span> | 5".to_owned(),
            format!(
                "_:b0 | {}",
                link("https://example.com/?a=1&amp;b=2", "https://example.com/?a=1&amp;b=2")
            ),
        ]
    );
}

#[test]
fn a_question_has_yes_or_no_and_a_long_answer_says_how_long_it_is() {
    assert!(matches!(read(r#"{"head": {}, "boolean": true}"#), Table::Boolean(true)));
    let row = r#"{"a": {"type": "literal", "value": "x"}}"#;
    let rows = vec![row; MOST_ROWS + 3].join(",");
    let table =
        read(&format!(r#"{{"head": {{"vars": ["a"]}}, "results": {{"bindings": [{rows}]}}}}"#));
    let Table::Rows { rows, total, .. } = table else { panic!("{table:?}") };
    assert_eq!((rows.len(), total), (MOST_ROWS, MOST_ROWS + 3));
}
