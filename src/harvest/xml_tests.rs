//! Tests of reading XML within bounds.

use super::*;

fn first(text: &str) -> Result<Element, XmlError> {
    let mut reader = Reader::new(text);
    loop {
        match reader.next()? {
            Some(Event::Open(tag)) => return reader.element(tag),
            Some(_) => {}
            None => return Ok(Element::default()),
        }
    }
}

#[test]
fn an_element_has_its_namespace_attributes_children_and_line() {
    let element = first(
        "\n<?xml version='1.0'?>\n<a xmlns='urn:x' xmlns:d='urn:d' d:k='1' k='2 &amp; 3'>\n  <d:b>in <![CDATA[<b>]]></d:b>tail</a>",
    )
    .unwrap();
    assert!(element.tag.is("urn:x", "a"));
    assert_eq!(element.tag.line, 3);
    assert_eq!(element.tag.attribute("k"), Some("2 & 3"));
    assert_eq!(element.tag.attribute_of("urn:d", "k"), Some("1"));
    assert_eq!(element.words(), Some("tail"));
    assert_eq!(element.children[0].tag.namespace, "urn:d");
    assert_eq!(element.children[0].tag.line, 4);
    assert_eq!(element.words_of("b"), Some("in <b>"));
}

#[test]
fn a_prefix_that_nobody_declared_is_its_own_namespace() {
    let element = first("<a><ev:startdate>2026-11-22</ev:startdate></a>").unwrap();
    assert!(element.children[0].tag.is("ev", "startdate"));
}

#[test]
fn entities_of_a_document_type_are_not_expanded() {
    let bomb = "<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;'>\
                <!ENTITY z SYSTEM 'file:///etc/passwd'>]><a>&y;&z;&nbsp;&#233;&#x2014;&amp;</a>";
    assert_eq!(first(bomb).unwrap().text, "&y;&z;&nbsp;é—&");
}

#[test]
fn a_lone_ampersand_is_a_character() {
    assert_eq!(first("<a>Arts & Crafts &#0; &</a>").unwrap().text, "Arts & Crafts &#0; &");
}

#[test]
fn deep_nesting_is_an_error() {
    let deep = |levels: usize| "<a>".repeat(levels) + &"</a>".repeat(levels);
    assert!(first(&deep(DEEPEST)).is_ok());
    assert_eq!(first(&deep(DEEPEST + 1)), Err(XmlError::Depth(1)));
    assert_eq!(first(&deep(1_000_000)), Err(XmlError::Depth(1)));
}

#[test]
fn too_many_attributes_are_an_error() {
    let wide: Vec<String> = (0..=MOST_ATTRIBUTES).map(|n| format!(" a{n}='x'")).collect();
    assert_eq!(first(&format!("<a{}/>", wide.concat())), Err(XmlError::Attributes(1)));
}

#[test]
fn too_many_elements_in_one_are_an_error() {
    let text = format!("<a>{}</a>", "<b/>".repeat(MOST_ELEMENTS + 1));
    assert_eq!(first(&text), Err(XmlError::Elements(1)));
}

#[test]
fn half_a_document_says_where_it_ends() {
    let error = first("<a>\n<b>text").unwrap_err();
    assert_eq!(error, XmlError::End { line: 2, element: "b".to_owned() });
    assert_eq!(error.to_string(), "line 2: the document ends within `b`");
}

#[test]
fn ends_that_do_not_match_are_an_error_with_its_line() {
    assert!(matches!(first("<a>\n</b></a>"), Err(XmlError::Syntax { line: 2, .. })));
}

#[test]
fn what_is_passed_over_leaves_the_rest_in_place() {
    let mut reader = Reader::new("<a><b><c/>x</b><d/></a>");
    let mut names = Vec::new();
    while let Some(event) = reader.next().unwrap() {
        if let Event::Open(tag) = event {
            if tag.name == "b" {
                reader.skip().unwrap();
            }
            names.push(tag.name);
        }
    }
    assert_eq!(names, ["a", "b", "d"]);
}

#[test]
fn text_without_any_element_is_an_empty_document() {
    for text in ["", "   ", "not xml at all", "\u{feff}"] {
        assert_eq!(Reader::new(text).next(), Ok(None), "{text:?}");
    }
}

#[test]
fn any_bytes_end_in_bounded_time() {
    for text in [
        "<",
        "<a",
        "<a ",
        "<a b",
        "<a b='",
        "<!",
        "<![CDATA[",
        "<?",
        "</a>",
        "<a></a",
        "&",
        "<a>&;",
    ] {
        let mut reader = Reader::new(text);
        for _ in 0..10 {
            if !matches!(reader.next(), Ok(Some(_))) {
                break;
            }
        }
    }
}
