//! Documents that would exhaust the parsers, and what is said of them.

use super::*;

fn read(text: &str, format: GraphFormat) -> Result<Vec<Quad>, InputError> {
    let own = [("https://example.org/context", r#"{"@context":{"label":"https://a.b/label"}}"#)];
    parse(text.as_bytes(), format, None, &Contexts::new(own), &Options::default())
}

#[track_caller]
fn refused(text: &str, format: GraphFormat) -> InputError {
    read(text, format).unwrap_err()
}

fn at(line: u64, column: u64) -> Position {
    Position { line, column }
}

#[test]
fn entities_are_refused_before_the_parser() {
    let bomb = r#"<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY a "aaaaaaaaaa"> <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"> ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>"#;
    assert_eq!(refused(bomb, GraphFormat::RdfXml), InputError::Doctype(at(2, 1)));
    let lower = bomb.replace("DOCTYPE", "doctype");
    assert_eq!(refused(&lower, GraphFormat::RdfXml), InputError::Doctype(at(2, 1)));
    let wide: Vec<u8> = bomb.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let refused =
        parse(&wide, GraphFormat::RdfXml, None, &Contexts::default(), &Options::default());
    assert_eq!(refused, Err(InputError::Encoding(at(1, 2))));
}

#[test]
fn json_of_any_depth_is_refused_or_read() {
    for n in [1, 31, 32, 33, 1_000, 100_000] {
        let objects = format!("{}1{}", r#"{"https://a.b/c":"#.repeat(n), "}".repeat(n));
        let lists = format!(r#"{{"https://a.b/c":{}{}}}"#, "[".repeat(n - 1), "]".repeat(n - 1));
        let graphs = format!("{}[]{}", r#"{"@graph":"#.repeat(n), "}".repeat(n));
        let scoped = format!("{}1{}", r#"{"@context":{"a":"#.repeat(n), "}}".repeat(n));
        for text in [objects, lists, graphs, scoped] {
            match read(&text, GraphFormat::JsonLd) {
                Ok(_) | Err(InputError::Syntax { .. }) => assert!(n <= 32, "{n}"),
                Err(InputError::Depth { limit, .. }) => assert_eq!(limit, 32),
                Err(other) => panic!("{other}"),
            }
        }
    }
    let brackets_in_text = format!(r#"{{"https://a.b/c":"\"{}"}}"#, "[{".repeat(100));
    assert_eq!(read(&brackets_in_text, GraphFormat::JsonLd).unwrap().len(), 1);
}

#[test]
fn xml_of_any_depth_is_refused_or_read() {
    let open = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://a.b/">"#;
    for n in [1, 31, 100, 50_000] {
        let inner = format!(
            "{}{}",
            "<rdf:Description><a:b>".repeat(n),
            "</a:b></rdf:Description>".repeat(n)
        );
        let text = format!("{open}<!-- <a> <b> -->{inner}</rdf:RDF>");
        match read(&text, GraphFormat::RdfXml) {
            Ok(quads) => assert_eq!(quads.len(), n),
            Err(InputError::Depth { limit: 64, .. }) => assert!(n > 31),
            Err(other) => panic!("{n}: {other}"),
        }
    }
}

#[test]
fn contexts_come_from_memory_or_not_at_all() {
    let document =
        |context: &str| format!(r#"{{"@context":{context},"@id":"https://a.b/c","label":"x"}}"#);
    for (context, predicate) in [
        (r#""https://example.org/context""#, "https://a.b/label"),
        (r#""https://schema.org""#, "https://schema.org/label"),
        (r#"["http://schema.org/", "https://example.org/context"]"#, "https://a.b/label"),
        (r#"{"@import":"https://example.org/context","@version":1.1}"#, "https://a.b/label"),
    ] {
        let quads = read(&document(context), GraphFormat::JsonLd).unwrap();
        assert_eq!(quads[0].predicate.as_str(), predicate, "{context}");
    }
    for context in [
        r#""http://127.0.0.1/context""#,
        r#"{"@import":"http://127.0.0.1/context","@version":1.1}"#,
        r#"{"a":{"@id":"https://a.b/a","@context":"http://127.0.0.1/context"}}"#,
    ] {
        let unknown = InputError::UnknownContext("http://127.0.0.1/context".to_owned());
        assert_eq!(refused(&document(context), GraphFormat::JsonLd), unknown, "{context}");
    }
}

#[test]
fn schema_org_links_are_links() {
    let text = r#"{"@context":"https://schema.org","@type":"Event","url":"https://a.b/c"}"#;
    let quads = read(text, GraphFormat::JsonLd).unwrap();
    assert!(quads.iter().any(
        |quad| quad.object == oxigraph::model::NamedNode::new_unchecked("https://a.b/c").into()
    ));
}

#[test]
fn long_literals_and_names_are_refused() {
    let literal = "a".repeat(64 * 1024 + 1);
    let text = format!("<https://a.b/> <https://a.b/> \"{literal}\" .");
    let error = InputError::LiteralTooLong { bytes: 65_537, limit: 65_536 };
    assert_eq!(refused(&text, GraphFormat::NTriples), error);
    let text = format!("<https://a.b/{}> <https://a.b/> 1 .", "a".repeat(2_048));
    assert!(matches!(refused(&text, GraphFormat::Turtle), InputError::IriTooLong { .. }));
}

#[test]
fn too_many_quads_are_refused_and_deep_lists_of_turtle_are_just_many() {
    let few = Options { max_quads: 2, ..Options::default() };
    let text = "<https://a.b/> <https://a.b/p> 1, 2, 3 .";
    let read_few =
        |text: &str| parse(text.as_bytes(), GraphFormat::Turtle, None, &Contexts::default(), &few);
    assert_eq!(read_few(text), Err(InputError::TooManyQuads { limit: 2 }));
    assert_eq!(read_few(&text.replace(", 3", "")).unwrap().len(), 2);
    let n = 100_000;
    let deep = format!("<https://a.b/> <https://a.b/p> {}{} .", "(".repeat(n), ")".repeat(n));
    let limit = InputError::TooManyQuads { limit: 200_000 };
    assert!(
        matches!(read(&deep, GraphFormat::Turtle), Ok(_) | Err(InputError::TooManyQuads { .. })),
        "{limit}"
    );
}

#[test]
fn xml_that_breaks_off_is_not_taken_for_a_whole() {
    let whole = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:s='https://s.org/'>\n\
        <rdf:Description rdf:about='https://a.b/'><s:name>X</s:name></rdf:Description>\n\
        <!-- the end --></rdf:RDF>";
    assert_eq!(read(whole, GraphFormat::RdfXml).unwrap().len(), 1);
    for end in 1..whole.len() {
        assert!(read(&whole[..end], GraphFormat::RdfXml).is_err(), "{}", &whole[..end]);
    }
}

#[test]
fn only_names_of_the_web_are_taken() {
    for (text, bad) in [
        ("<file:///etc/passwd> <https://a.b/p> 1 .", "file:///etc/passwd"),
        ("<https://a.b/> <javascript:alert> 1 .", "javascript:alert"),
        ("<https://a.b/> <https://a.b/p> <javascript:alert> .", "javascript:alert"),
        ("<mailto:a@b.c> <https://a.b/p> 1 .", "mailto:a@b.c"),
        ("<http:a> <https://a.b/p> 1 .", "http:a"),
        ("<https://a.b/> <https://a.b/p> \"1\"^^<data:x> .", "data:x"),
    ] {
        assert_eq!(refused(text, GraphFormat::Turtle), InputError::Iri(bad.to_owned()), "{text}");
    }
    let fine = "<urn:a:b> <https://a.b/p> <mailto:a@b.c>, <tel:+441310000000>, <HTTP://A.b/> .";
    assert_eq!(read(fine, GraphFormat::Turtle).unwrap().len(), 3);
}

#[test]
fn faults_say_where_they_are() {
    let InputError::Syntax { at: Some(place), .. } =
        refused("<https://a.b/> <https://a.b/p> 1 .\n<https://a.b/> ; .", GraphFormat::Turtle)
    else {
        panic!("no place")
    };
    assert_eq!(place.line, 2);
    let relative = refused("<a> <https://a.b/p> 1 .", GraphFormat::Turtle);
    assert!(matches!(relative, InputError::Syntax { .. }), "{relative}");
    assert_eq!(refused("\u{0}", GraphFormat::Turtle), InputError::Encoding(at(1, 1)));
}
