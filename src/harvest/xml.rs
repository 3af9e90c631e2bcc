//! XML from strangers, read within bounds.
//!
//! Events one after the other, or an element whole. There is no DTD: a
//! document type is passed over, so an entity that it declares stays as it
//! was written and nothing is expanded or fetched. Line numbers are counted
//! for problems. Encodings are dealt with before.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event as Raw};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use thiserror::Error;

/// Elements within elements: more than any real format has, and few enough
/// for whoever walks them by recursion.
pub(crate) const DEEPEST: usize = 256;
/// Attributes of one element; real ones have tens.
pub(crate) const MOST_ATTRIBUTES: usize = 1000;
/// Elements of one that is read whole: some 20 MB in memory at the most.
pub(crate) const MOST_ELEMENTS: usize = 100_000;
/// The namespace of `xml:base` and `xml:lang`.
pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Why XML can't be read on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub(crate) enum XmlError {
    /// It is not well formed.
    #[error("line {line}: {what}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// What the parser says.
        what: String,
    },
    /// Elements are nested too deeply.
    #[error("line {0}: elements are nested more than {DEEPEST} deep")]
    Depth(usize),
    /// An element has too many attributes.
    #[error("line {0}: an element has more than {MOST_ATTRIBUTES} attributes")]
    Attributes(usize),
    /// An element has too many others in it.
    #[error("line {0}: an element holds more than {MOST_ELEMENTS} others")]
    Elements(usize),
    /// It ends within an element.
    #[error("line {line}: the document ends within `{element}`")]
    End {
        /// Counted from 1.
        line: usize,
        /// The name of the innermost open element.
        element: String,
    },
}

/// What stands next in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// An element begins; an empty one begins and ends.
    Open(Tag),
    /// Characters, with references resolved.
    Text(String),
    /// The innermost element ends.
    Close,
}

/// The beginning of an element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tag {
    /// The address of its namespace; empty without one.
    pub(crate) namespace: String,
    /// Its name without prefix.
    pub(crate) name: String,
    /// Its attributes without declarations of namespaces.
    pub(crate) attributes: Vec<Attribute>,
    /// The line that it begins on, counted from 1.
    pub(crate) line: usize,
}

/// An attribute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// The address of its namespace; empty without one.
    pub(crate) namespace: String,
    /// Its name without prefix.
    pub(crate) name: String,
    /// Its value, with references resolved.
    pub(crate) value: String,
}

/// An element with all that is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// How it begins.
    pub(crate) tag: Tag,
    /// The characters in it, those of its children left out.
    pub(crate) text: String,
    /// The elements in it.
    pub(crate) children: Vec<Element>,
}

impl Tag {
    /// Whether it is called `name` in `namespace`.
    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && self.namespace == namespace
    }

    /// The value of the attribute `name` of no namespace.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attribute_of("", name)
    }

    /// The value of the attribute `name` of `namespace`.
    pub(crate) fn attribute_of(&self, namespace: &str, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name && attribute.namespace == namespace)
            .map(|attribute| attribute.value.as_str())
    }
}

impl Element {
    /// The first child called `name`, of whichever namespace.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.tag.name == name)
    }

    /// The children called `name`, of whichever namespace.
    pub(crate) fn children_called(&self, name: &str) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(move |child| child.tag.name == name)
    }

    /// Its own characters without white space around them; `None` when there
    /// are none.
    pub(crate) fn words(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// The characters of the first child called `name`.
    pub(crate) fn words_of(&self, name: &str) -> Option<&str> {
        self.children_called(name).find_map(Element::words)
    }
}

/// Reads a text as XML, from its first character to its last.
pub(crate) struct Reader<'a> {
    inner: NsReader<&'a [u8]>,
    text: &'a str,
    /// Names of the open elements, for the message at a sudden end.
    open: Vec<String>,
    /// An empty element is two events; this is the second.
    close_next: bool,
    counted: usize,
    line: usize,
}

impl<'a> Reader<'a> {
    /// Reads `text` from its first `<` on: what stands before it, such as
    /// white space or a stray word, is no XML.
    pub(crate) fn new(text: &'a str) -> Self {
        let start = text.find('<').unwrap_or(text.len());
        let line = 1 + line_ends(&text[..start]);
        let text = &text[start..];
        let mut inner = NsReader::from_str(text);
        inner.config_mut().allow_dangling_amp = true;
        Self { inner, text, open: Vec::new(), close_next: false, counted: 0, line }
    }

    /// What stands next; `None` at the end of the document.
    ///
    /// # Errors
    ///
    /// [`XmlError`] when it can't be read on; what was read before is right.
    pub(crate) fn next(&mut self) -> Result<Option<Event>, XmlError> {
        if self.close_next {
            self.close_next = false;
            self.open.pop();
            return Ok(Some(Event::Close));
        }
        loop {
            let line = self.line();
            let raw = match self.inner.read_event() {
                Ok(raw) => raw,
                Err(error) => {
                    return Err(XmlError::Syntax { line: self.line(), what: error.to_string() });
                }
            };
            let text = match raw {
                Raw::Start(start) => return self.open(&start, line).map(Some),
                Raw::Empty(start) => {
                    self.close_next = true;
                    return self.open(&start, line).map(Some);
                }
                Raw::End(_) => {
                    self.open.pop();
                    return Ok(Some(Event::Close));
                }
                Raw::Text(text) => resolved(&text.xml10_content()).into_owned(),
                Raw::CData(text) => text.xml10_content().into_owned(),
                Raw::GeneralRef(reference) => resolved(&format!("&{};", &*reference)).into_owned(),
                Raw::Eof => {
                    return match self.open.pop() {
                        None => Ok(None),
                        Some(element) => Err(XmlError::End { line: self.line(), element }),
                    };
                }
                Raw::Comment(_) | Raw::Decl(_) | Raw::PI(_) | Raw::DocType(_) => continue,
            };
            if !text.is_empty() {
                return Ok(Some(Event::Text(text)));
            }
        }
    }

    /// The whole of the element that began with `tag`, which was read just
    /// before.
    ///
    /// # Errors
    ///
    /// [`XmlError`] when it can't be read to its end.
    pub(crate) fn element(&mut self, tag: Tag) -> Result<Element, XmlError> {
        let mut count = 0_usize;
        let mut parents: Vec<Element> = Vec::new();
        let mut current = Element { tag, ..Element::default() };
        while let Some(event) = self.next()? {
            match event {
                Event::Text(text) => current.text.push_str(&text),
                Event::Open(tag) => {
                    count += 1;
                    if count > MOST_ELEMENTS {
                        return Err(XmlError::Elements(tag.line));
                    }
                    let child = Element { tag, ..Element::default() };
                    parents.push(std::mem::replace(&mut current, child));
                }
                Event::Close => match parents.pop() {
                    None => return Ok(current),
                    Some(parent) => {
                        let child = std::mem::replace(&mut current, parent);
                        current.children.push(child);
                    }
                },
            }
        }
        Err(XmlError::End { line: self.line, element: current.tag.name })
    }

    /// Passes over the rest of the element that began last.
    ///
    /// # Errors
    ///
    /// [`XmlError`] when its end can't be found.
    pub(crate) fn skip(&mut self) -> Result<(), XmlError> {
        let depth = self.open.len();
        while self.open.len() >= depth && self.next()?.is_some() {}
        Ok(())
    }

    /// The line that is read now, counted from 1.
    pub(crate) fn line(&mut self) -> usize {
        let position = usize::try_from(self.inner.buffer_position()).unwrap_or(usize::MAX);
        let position = position.min(self.text.len());
        if position > self.counted {
            self.line += self.text.get(self.counted..position).map_or(0, line_ends);
            self.counted = position;
        }
        self.line
    }

    fn open(&mut self, start: &BytesStart<'_>, line: usize) -> Result<Event, XmlError> {
        if self.open.len() >= DEEPEST {
            return Err(XmlError::Depth(line));
        }
        let (namespace, name) = self.inner.resolver().resolve_element(start.name());
        let mut tag = Tag {
            namespace: address(&namespace),
            name: name.as_ref().to_owned(),
            attributes: Vec::new(),
            line,
        };
        let mut attributes = start.attributes();
        attributes.with_checks(false);
        for (number, attribute) in attributes.enumerate() {
            if number >= MOST_ATTRIBUTES {
                return Err(XmlError::Attributes(line));
            }
            // A broken attribute costs itself, not the element.
            let Ok(attribute) = attribute else { continue };
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (namespace, name) = self.inner.resolver().resolve_attribute(attribute.key);
            tag.attributes.push(Attribute {
                namespace: address(&namespace),
                name: name.as_ref().to_owned(),
                value: resolved(&attribute.value).into_owned(),
            });
        }
        self.open.push(tag.name.clone());
        Ok(Event::Open(tag))
    }
}

fn line_ends(text: &str) -> usize {
    text.matches('\n').count()
}

/// The address of a namespace. A prefix that nobody declared is taken as the
/// address, since feeds with `dc:` or `ev:` and no declaration are common.
fn address(namespace: &ResolveResult<'_>) -> String {
    match namespace {
        ResolveResult::Bound(namespace) => namespace.0.to_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(prefix) => prefix.clone(),
    }
}

/// `text` with references to characters and to the five entities of XML
/// resolved; others stay as they are.
pub(crate) fn resolved(text: &str) -> Cow<'_, str> {
    /// The longest that is looked at as a reference: `&#x0010FFFF;` and more.
    const LONGEST: usize = 16;
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(LONGEST).position(|byte| byte == b';');
        if let Some((character, end)) = end.and_then(|end| Some((character(&rest[1..end])?, end))) {
            plain.push(character);
            rest = &rest[end + 1..];
        } else {
            plain.push('&');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// What a reference stands for, given without `&` and `;`.
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => {}
    }
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|character| *character != '\0')
}

#[cfg(test)]
#[path = "xml_tests.rs"]
mod tests;
