//! Addresses in feeds, completed with the `xml:base` in scope
//! (<https://www.w3.org/TR/xmlbase/>), or else with the feed's own address
//! (RFC 3986, 5.1).

use url::Url;

use crate::harvest::clean;
use crate::harvest::xml::{Element, Tag, XML};

/// What relative addresses are completed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::harvest::format) struct Base {
    /// The address.
    pub(in crate::harvest::format) url: Url,
    /// Whether an `xml:base` says so: then any word is a relative address.
    is_stated: bool,
}

impl Base {
    /// That of a document at `url`.
    pub(in crate::harvest::format) fn of(url: &Url) -> Self {
        let mut url = url.clone();
        url.set_fragment(None);
        Self { url, is_stated: false }
    }

    /// That within an element which begins with `tag`.
    pub(in crate::harvest::format) fn within(&self, tag: &Tag) -> Self {
        let stated = tag.attribute_of(XML, "base").and_then(|text| self.url.join(text.trim()).ok());
        match stated.filter(|url| matches!(url.scheme(), "http" | "https")) {
            Some(url) => Self { url, is_stated: true },
            None => self.clone(),
        }
    }

    /// A relative address, whole; what is whole already, or can be no address,
    /// stays as it was written.
    pub(super) fn complete(&self, text: &str, kind: Written) -> String {
        let text = text.trim();
        let is_relative = Url::parse(text) == Err(url::ParseError::RelativeUrlWithoutBase);
        if text.is_empty() || !is_relative {
            return text.to_owned();
        }
        let whole = match kind {
            Written::Reference => clean::url::target(text, &self.url),
            Written::Text if self.is_stated => clean::url::target(text, &self.url),
            Written::Text => clean::url::complete(text, &self.url),
        };
        whole.map_or_else(|_| text.to_owned(), |whole| whole.value)
    }
}

/// How an address is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// As the reference that an attribute is: any word may be one.
    Reference,
    /// As the text of an element: it may be no address at all.
    Text,
}

/// The bases of the elements that are open.
#[derive(Debug)]
pub(in crate::harvest::format) struct Bases(Vec<Base>);

impl Bases {
    /// Those at the start of a document at `url`.
    pub(in crate::harvest::format) fn new(url: &Url) -> Self {
        Self(vec![Base::of(url)])
    }

    /// An element begins.
    pub(in crate::harvest::format) fn open(&mut self, tag: &Tag) {
        let base = self.here().within(tag);
        self.0.push(base);
    }

    /// The innermost element ends.
    pub(in crate::harvest::format) fn close(&mut self) {
        if self.0.len() > 1 {
            self.0.pop();
        }
    }

    /// The base where the document is being read.
    pub(in crate::harvest::format) fn here(&self) -> &Base {
        self.0.last().expect("the base of the document is never taken away")
    }
}

/// An address that an item links to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Linked {
    /// As it is written.
    pub(super) written: String,
    /// Whole.
    pub(super) url: String,
    /// Whether it is that of the item's own page.
    pub(super) is_page: bool,
    /// Whether it is that of the item's licence.
    pub(super) is_licence: bool,
}

/// What `item` links to, whose own tag is in scope of `base`.
pub(super) fn links(item: &Element, base: &Base) -> Vec<Linked> {
    let base = base.within(&item.tag);
    let one = |link: &Element| {
        let base = base.within(&link.tag);
        let href = link.tag.attribute("href");
        let (written, kind) = match href {
            Some(href) => (href, Written::Reference),
            None => (link.words()?, Written::Text),
        };
        let relation = link.tag.attribute("rel").unwrap_or("alternate");
        Some(Linked {
            written: written.trim().to_owned(),
            url: base.complete(written, kind),
            is_page: relation.eq_ignore_ascii_case("alternate"),
            is_licence: relation.eq_ignore_ascii_case("license"),
        })
    };
    let licence = |licence: &Element| {
        let written = licence.tag.attribute("resource").or_else(|| licence.words())?;
        let url = base.complete(written, Written::Text);
        Some(Linked { written: written.trim().to_owned(), url, is_page: false, is_licence: true })
    };
    let licences = item.children_called("license").filter_map(licence);
    item.children_called("link").filter_map(one).chain(licences).collect()
}

/// The address of the page of `item`: of its link, or of a guid that is one.
pub(in crate::harvest::format) fn page(item: &Element, base: &Base) -> Option<String> {
    let link = links(item, base).into_iter().find(|link| link.is_page && !link.url.is_empty());
    link.map(|link| link.url).or_else(|| {
        let guid = item.child("guid")?;
        let is_page = guid.tag.attribute("isPermaLink") != Some("false");
        let words = guid.words().filter(|words| is_page && words.starts_with("http"))?;
        Some(words.to_owned())
    })
}

/// The base of the texts of `item`, whose own tag is in scope of `base`.
pub(super) fn of_texts(item: &Element, base: &Base) -> Url {
    let base = base.within(&item.tag);
    let texts = ["content", "encoded", "summary", "description"];
    let stated =
        texts.iter().filter_map(|name| item.child(name)).map(|text| base.within(&text.tag));
    let other = stated.into_iter().find(|of_text| *of_text != base);
    other.unwrap_or(base).url
}
