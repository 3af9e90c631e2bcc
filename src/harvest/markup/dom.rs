//! The tree of a page, within bounds, and the few questions that microdata
//! and `RDFa` both ask of it.

use oxigraph::model::{NamedNode, Term};
use oxiri::Iri;
use scraper::ElementRef;
use scraper::Html;
use url::Url;

/// Pages above this get no tree: the longest page with structured data that
/// was seen in the field has 3 MB, and a tree takes some ten times its text.
const TREE_BYTES: usize = 8 << 20;
/// How deep elements may lie in each other. Building a tree takes time by
/// depth × size; browsers stop at 512 too.
const TREE_DEPTH: usize = 512;

/// A page whose tree is not built, with why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(super) enum DomError {
    /// It is longer than we build trees for.
    #[error("the page has {0} bytes, more than {TREE_BYTES}")]
    Long(usize),
    /// Its elements lie deeper in each other than we build trees for.
    #[error("elements lie more than {TREE_DEPTH} deep in each other")]
    Deep,
}

/// The tree of a page.
///
/// # Errors
///
/// [`DomError`] when the page is too long or too deep.
pub(super) fn tree(html: &str) -> Result<Html, DomError> {
    if html.len() > TREE_BYTES {
        return Err(DomError::Long(html.len()));
    }
    if is_deep(html) {
        return Err(DomError::Deep);
    }
    Ok(Html::parse_document(html))
}

/// Elements that never hold others.
const EMPTY: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements whose end is often left out and which end each other.
const OPEN_ENDED: &[&str] = &[
    "body", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rp", "rt",
    "tbody", "td", "tfoot", "th", "thead", "tr",
];

/// Whether elements lie too deep, by the tags alone; reads the text once.
fn is_deep(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end..]);
            continue;
        }
        let (is_end, name) = match rest.strip_prefix('/') {
            Some(name) => (true, name),
            None => (false, rest),
        };
        let length =
            name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let name = &name[..length];
        let is_known = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if name.is_empty() || is_known(EMPTY) || is_known(OPEN_ENDED) {
            continue;
        }
        if is_end {
            if let Some(at) = open.iter().rposition(|other| other.eq_ignore_ascii_case(name)) {
                open.truncate(at);
            }
        } else {
            open.push(name);
            if open.len() > TREE_DEPTH {
                return true;
            }
        }
    }
    false
}

/// The address that relative ones in the page are completed with: that of the
/// first `base` element, or the page's own, both without a fragment.
pub(super) fn base(page: &Html, address: &str) -> Option<Iri<String>> {
    let own = Iri::parse(without_fragment(address).to_owned()).ok()?;
    let declared = page
        .root_element()
        .descendent_elements()
        .filter(|element| element.value().name() == "base")
        .find_map(|element| element.attr("href"))
        .filter(|href| href.len() <= ADDRESS_BYTES);
    Some(declared.and_then(|href| complete(&own, without_fragment(href))).unwrap_or(own))
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or(address)
}

/// `address` completed with `base`; what is no IRI as written (spaces in it,
/// say) is read as browsers do.
pub(super) fn complete(base: &Iri<String>, address: &str) -> Option<Iri<String>> {
    let address = address.trim();
    if address.len() > TEXT_BYTES {
        return None;
    }
    base.resolve(address).ok().or_else(|| {
        let url = Url::parse(base.as_str()).ok()?.join(address).ok()?;
        Iri::parse(String::from(url)).ok()
    })
}

/// As [`complete`], as a node of a graph.
pub(super) fn node(base: &Iri<String>, address: &str) -> Option<NamedNode> {
    complete(base, address).map(|iri| NamedNode::new_unchecked(iri.into_inner()))
}

/// `text` as a node when it is a whole address with its scheme.
pub(super) fn whole(text: &str) -> Option<NamedNode> {
    Iri::parse(text).ok().map(|iri| NamedNode::new_unchecked(iri.into_inner()))
}

/// How much of the text of one element is kept: no field of a record is as
/// long.
const TEXT_BYTES: usize = 1 << 20;
/// How many bytes all values of a page may have together. Values overlap, and
/// one value may have many properties, so the page's length is no limit.
const BUDGET_BYTES: usize = 32 << 20;
/// The longest address: what browsers and servers take.
pub(super) const ADDRESS_BYTES: usize = 2_048;

/// What may still be said of a page.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(BUDGET_BYTES)
    }
}

impl Budget {
    /// Whether a value can be kept; takes its length off when it can.
    pub(super) fn affords(&mut self, value: &Term) -> bool {
        let bytes = match value {
            Term::NamedNode(node) => node.as_str().len(),
            Term::BlankNode(node) => node.as_str().len(),
            Term::Literal(literal) => literal.value().len(),
        };
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or_default();
        left.is_some()
    }

    /// Whether there is nothing left.
    pub(super) const fn is_spent(&self) -> bool {
        self.0 == 0
    }
}

/// All text in an element, as it stands, up to a limit.
pub(super) fn text(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for piece in element.text() {
        if text.len() + piece.len() > TEXT_BYTES {
            break;
        }
        text.push_str(piece);
    }
    text
}

/// The value of the attribute when it is there and not empty.
pub(super) fn filled<'a>(element: ElementRef<'a>, attribute: &str) -> Option<&'a str> {
    element.attr(attribute).filter(|value| !value.trim().is_empty())
}
