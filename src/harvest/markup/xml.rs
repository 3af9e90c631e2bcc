//! What is in an element, written as XML: for literals of that kind.

use std::fmt::Write;

use scraper::ElementRef;
use scraper::Node;

/// Elements that XML closes in themselves when they are empty.
const EMPTY: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// The inside of `element` as XML.
pub(super) fn inner(element: ElementRef<'_>) -> String {
    let mut xml = String::new();
    // The way through the tree: nodes to write, and ends of elements.
    let mut pending: Vec<Item<'_>> = element.children().rev().map(Item::Node).collect();
    while let Some(item) = pending.pop() {
        match item {
            Item::End(name) => {
                let _ = write!(xml, "</{name}>");
            }
            Item::Node(node) => match node.value() {
                Node::Text(text) => escape(&mut xml, text),
                Node::Element(start) => {
                    let name = start.name();
                    let _ = write!(xml, "<{name}");
                    for (attribute, value) in start.attrs() {
                        let _ = write!(xml, " {attribute}=\"");
                        escape(&mut xml, value);
                        xml.push('"');
                    }
                    if EMPTY.contains(&name) {
                        xml.push_str("/>");
                        continue;
                    }
                    xml.push('>');
                    pending.push(Item::End(name));
                    pending.extend(node.children().rev().map(Item::Node));
                }
                _ => {}
            },
        }
    }
    xml
}

enum Item<'a> {
    Node(<ElementRef<'a> as std::ops::Deref>::Target),
    End(&'a str),
}

fn escape(xml: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            _ => xml.push(letter),
        }
    }
}
