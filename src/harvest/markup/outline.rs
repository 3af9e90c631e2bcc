//! The first look at a page, without a tree: its head, its links, its scripts
//! of JSON-LD, and whether it has anything that needs the tree.
//!
//! One pass with bounded memory, some ten times as fast as building a tree;
//! most pages need nothing else.

use std::borrow::Cow;
use std::cell::RefCell;

use lol_html::html_content::Element;
use lol_html::html_content::TextChunk;
use lol_html::{HtmlRewriter, MemorySettings, Settings, element, text};
use scraper::Html;

/// How much text of one script or title is kept: JSON-LD above this is no
/// description of something local.
const TEXT_BYTES: usize = 4 << 20;
/// How many scripts, metas and links of a page are kept; each is many times
/// what real pages have.
const MOST_SCRIPTS: usize = 200;
const MOST_METAS: usize = 1_000;
const MOST_LINKS: usize = 5_000;
/// Memory that the pass may use besides.
const MEMORY_BYTES: usize = 64 << 20;

/// What the first look at a page finds.
#[derive(Debug, Clone, Default)]
pub(in crate::harvest) struct Outline {
    /// The language of the page, as its root says.
    pub(in crate::harvest) language: Option<String>,
    /// The `href` of the first `base` element.
    pub(in crate::harvest) base: Option<String>,
    /// The title.
    pub(in crate::harvest) title: String,
    /// `meta` elements with a name or property.
    pub(in crate::harvest) metas: Vec<Meta>,
    /// `link`, `a` and `area` elements with an address.
    pub(in crate::harvest) links: Vec<Link>,
    /// The scripts of JSON-LD.
    pub(in crate::harvest) scripts: Vec<Script>,
    /// There are events or cards in microformats in it.
    pub(in crate::harvest) has_microformats: bool,
    /// There is microdata in it.
    pub(in crate::harvest) has_microdata: bool,
    /// There is `RDFa` in it: more than properties of the page itself.
    pub(in crate::harvest) has_rdfa: bool,
}

/// A `meta` element.
#[derive(Debug, Clone)]
pub(in crate::harvest) struct Meta {
    /// Its `property` or `name`, in lower case.
    pub(in crate::harvest) name: String,
    /// Its content.
    pub(in crate::harvest) content: String,
}

/// An element that links.
#[derive(Debug, Clone)]
pub(in crate::harvest) struct Link {
    /// Whether it is in the text (`a`, `area`), not a `link` of the page.
    pub(in crate::harvest) is_in_text: bool,
    /// Its `rel`, in lower case.
    pub(in crate::harvest) rel: String,
    /// Its address, as written.
    pub(in crate::harvest) href: String,
    /// Its `type`, in lower case.
    pub(in crate::harvest) media_type: String,
    /// Its `title`.
    pub(in crate::harvest) title: String,
    /// Its `hreflang`.
    pub(in crate::harvest) language: String,
}

impl Link {
    /// Whether `relation` is among the words of its `rel`.
    pub(in crate::harvest) fn is(&self, relation: &str) -> bool {
        self.rel.split_ascii_whitespace().any(|word| word == relation)
    }
}

/// A script of JSON-LD.
#[derive(Debug, Clone, Default)]
pub(in crate::harvest) struct Script {
    /// Its `id`.
    pub(in crate::harvest) id: Option<String>,
    /// Its text, as it stands in the page.
    pub(in crate::harvest) text: String,
}

impl Outline {
    /// The content of the first `meta` of this name that has one.
    pub(in crate::harvest) fn meta(&self, name: &str) -> Option<&str> {
        let mut named = self.metas.iter().filter(|meta| meta.name == name);
        named.find_map(|meta| Some(meta.content.trim()).filter(|content| !content.is_empty()))
    }

    /// The address of the first link of the page with this relation.
    pub(in crate::harvest) fn link(&self, relation: &str) -> Option<&str> {
        let mut links = self.links.iter().filter(|link| !link.is_in_text);
        links.find_map(|link| link.is(relation).then_some(link.href.as_str()))
    }
}

/// Looks at a page once. A page that breaks off, or that can't be read to its
/// end within the memory, gives what came before.
pub(in crate::harvest) fn outline(html: &str) -> Outline {
    let found = RefCell::new(Outline::default());
    let is_json = RefCell::new(false);
    let in_title = RefCell::new(true);
    {
        let settings = Settings::new()
            .with_strict(false)
            .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY_BYTES))
            .append_element_content_handler(element!("html[lang]", |root| {
                found.borrow_mut().language = attribute(root, "lang");
                Ok(())
            }))
            .append_element_content_handler(element!("base[href]", |base| {
                let mut found = found.borrow_mut();
                if found.base.is_none() {
                    found.base = attribute(base, "href");
                }
                Ok(())
            }))
            .append_element_content_handler(text!("title", |chunk| {
                let mut found = found.borrow_mut();
                if *in_title.borrow() {
                    keep(&mut found.title, chunk);
                    if chunk.last_in_text_node() {
                        in_title.replace(false);
                    }
                }
                Ok(())
            }))
            .append_element_content_handler(element!("meta[content]", |meta| {
                found.borrow_mut().take_meta(meta);
                Ok(())
            }))
            .append_element_content_handler(element!("link[href], a[href], area[href]", |link| {
                found.borrow_mut().take_link(link);
                Ok(())
            }))
            .append_element_content_handler(element!("script[type]", |script| {
                let mut found = found.borrow_mut();
                let is_wanted = found.scripts.len() < MOST_SCRIPTS
                    && attribute(script, "type").is_some_and(|kind| is_json_ld(&kind));
                is_json.replace(is_wanted);
                if is_wanted {
                    let id = attribute(script, "id");
                    found.scripts.push(Script { id, text: String::new() });
                }
                Ok(())
            }))
            .append_element_content_handler(text!("script[type]", |chunk| {
                if *is_json.borrow()
                    && let Some(script) = found.borrow_mut().scripts.last_mut()
                {
                    keep(&mut script.text, chunk);
                }
                Ok(())
            }))
            .append_element_content_handler(element!(".h-event, .h-card", |_thing| {
                found.borrow_mut().has_microformats = true;
                Ok(())
            }))
            .append_element_content_handler(element!("[itemscope]", |_item| {
                found.borrow_mut().has_microdata = true;
                Ok(())
            }))
            .append_element_content_handler(element!("[typeof], [vocab]", |_item| {
                found.borrow_mut().has_rdfa = true;
                Ok(())
            }));
        let mut pass = HtmlRewriter::new(settings, |_: &[u8]| {});
        // A pass that fails has found what came before; both say so alike.
        let _ = pass.write(html.as_bytes()).and_then(|()| pass.end());
    }
    let mut found = found.into_inner();
    found.title = decode(found.title.trim()).into_owned();
    found
}

fn keep(text: &mut String, chunk: &TextChunk<'_>) {
    if text.len() + chunk.as_str().len() <= TEXT_BYTES {
        text.push_str(chunk.as_str());
    }
}

impl Outline {
    fn take_meta(&mut self, meta: &Element<'_, '_>) {
        if self.metas.len() >= MOST_METAS {
            return;
        }
        let named = meta.get_attribute("property").or_else(|| meta.get_attribute("name"));
        if let (Some(name), Some(content)) = (named, attribute(meta, "content")) {
            self.metas.push(Meta { name: name.trim().to_lowercase(), content });
        }
    }

    fn take_link(&mut self, link: &Element<'_, '_>) {
        if self.links.len() >= MOST_LINKS {
            return;
        }
        let Some(href) = attribute(link, "href") else { return };
        let text = |name: &str| attribute(link, name).unwrap_or_default();
        self.links.push(Link {
            is_in_text: link.tag_name() != "link",
            rel: text("rel").to_lowercase(),
            href: href.trim().to_owned(),
            media_type: text("type").to_lowercase(),
            title: text("title"),
            language: text("hreflang"),
        });
    }
}

fn attribute(element: &Element<'_, '_>, name: &str) -> Option<String> {
    element.get_attribute(name).map(|value| match decode(&value) {
        Cow::Borrowed(_) => value,
        Cow::Owned(decoded) => decoded,
    })
}

/// The text with its character references replaced.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let escaped = text.replace('<', "&lt;");
    Cow::Owned(Html::parse_fragment(&escaped).root_element().text().collect())
}

/// Whether the type of a script is that of JSON-LD, with any parameters.
fn is_json_ld(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or(kind);
    essence.trim().eq_ignore_ascii_case("application/ld+json")
}
