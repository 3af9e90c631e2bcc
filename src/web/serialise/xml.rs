//! Writing XML that is always well-formed.
//!
//! Characters that XML 1.0 can't hold (section 2.2) are left out; the others
//! are escaped so that they are read back as they are. Names of elements and
//! attributes are ours and not checked.

use crate::web::escape;
use crate::web::escape::escaped;

/// The attributes of an element: names and values.
pub(in crate::web) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// An XML document in the making.
pub(in crate::web) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// Begins a document with its root element.
    pub(in crate::web) fn new(root: &'static str, attributes: Attributes<'_>) -> Self {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        let mut xml = Self { text, open: Vec::new() };
        xml.open(root, attributes);
        xml
    }

    /// Begins an element that holds others.
    pub(in crate::web) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.text.push_str(">\n");
        self.open.push(name);
    }

    /// Ends the element that was begun last.
    pub(in crate::web) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.end(name);
        }
    }

    /// An element with text.
    pub(in crate::web) fn text(&mut self, name: &str, text: &str) {
        self.text_with(name, &[], text);
    }

    /// An element with text and attributes.
    pub(in crate::web) fn text_with(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.tag(name, attributes);
        self.text.push('>');
        escape(&mut self.text, text);
        self.end(name);
    }

    /// An element with text; nothing when there is none.
    pub(in crate::web) fn text_if(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// An element without content.
    pub(in crate::web) fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.text.push_str("/>\n");
    }

    /// Ends every element that is still open, and gives the document.
    pub(in crate::web) fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.text.into_bytes()
    }

    fn tag(&mut self, name: &str, attributes: Attributes<'_>) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape(&mut self.text, value);
            self.text.push('"');
        }
    }

    fn end(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
    }

    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n("  ", self.open.len()));
    }
}

/// Text as HTML, for elements whose content is HTML in XML.
pub(in crate::web) fn html(text: &str) -> String {
    escaped(text, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    })
}

/// Appends text as content or as the value of an attribute. White space other
/// than a blank is written by number, since readers change it otherwise.
fn escape(xml: &mut String, text: &str) {
    escape::escape(xml, text, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => Some(""),
        _ => None,
    });
}

#[cfg(test)]
#[path = "xml_tests.rs"]
mod tests;
