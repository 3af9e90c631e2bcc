//! Tests of [`xml`](super).

use proptest::prelude::*;

use super::*;

fn escaped(text: &str) -> String {
    let mut xml = String::new();
    escape(&mut xml, text);
    xml
}

/// What a reader of XML makes of escaped text, the slow way.
fn read(xml: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#9;", "\t"), ("&#10;", "\n")]
        .iter()
        .fold(xml.replace("&#13;", "\r"), |xml, (escape, text)| xml.replace(escape, text))
        .replace("&amp;", "&")
}

#[test]
fn elements_nest_and_are_all_ended() {
    let mut xml = Xml::new("a", &[("x", "1\"2")]);
    xml.open("b", &[]);
    xml.text("c", "]]> & \u{8}\u{ffff}<d>");
    xml.empty("e", &[]);
    insta::assert_snapshot!(String::from_utf8(xml.finish()).unwrap(), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <a x="1&quot;2">
          <b>
            <c>]]&gt; &amp; &lt;d&gt;</c>
            <e/>
          </b>
        </a>
        "#);
}

proptest! {
    #[test]
    fn text_is_read_back_without_what_xml_cannot_hold(text in any::<String>()) {
        let xml = escaped(&text);
        prop_assert!(!xml.contains(['<', '>', '"']));
        prop_assert!(xml.chars().all(|character| character >= ' '));
        let kept: String = text
            .chars()
            .filter(|character| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..))
            .collect();
        prop_assert_eq!(read(&xml), kept);
    }
}
