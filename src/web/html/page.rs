//! What every page has around its content, and how it is sent.

use askama::Template;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use http::header;
use serde_json::Value as Json;

use crate::model::Revision;
use crate::web::cache;
use crate::web::cache::Conditions;
use crate::web::cache::EntityTag;
use crate::web::cache::Freshness;
use crate::web::html::address::Address;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::structured;
use crate::web::html::stylesheet;
use crate::web::html::tongue::Tongue;
use crate::web::negotiate::Language;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Problem;
use crate::web::problem::Result;

/// The parameter by which a reader chooses the language of a page.
pub const LANGUAGE: Parameter =
    Parameter::choice("lang", &["en", "gd", "sco"], "The language of the page.").example("gd");

/// The frame of a page: head, menu, footer.
#[derive(Debug)]
pub(in crate::web) struct Page {
    /// The texts.
    pub(in crate::web) m: &'static Messages,
    /// What the window is called, before the name of the site.
    pub(in crate::web) title: Text,
    /// The address of the style sheet.
    pub(in crate::web) style: &'static str,
    /// What is added to internal links so that the language stays.
    pub(in crate::web) lang: &'static str,
    /// The path of the page that stands for this one, when another does.
    pub(in crate::web) canonical: Option<String>,
    /// The formats of what the page shows: media type and address.
    pub(in crate::web) alternates: Vec<(&'static str, String)>,
    /// The same page in each language.
    pub(in crate::web) languages: Vec<LanguageLink>,
    /// The part of the menu in which the page stands, by its path.
    pub(in crate::web) section: &'static str,
    /// The address of the page without its language.
    pub(in crate::web) path: String,
    /// What machines are told of the page.
    pub(in crate::web) head: Option<Head>,
}

/// What machines are told of a page: where it really is, in which languages,
/// in which words links to it are shown (<https://ogp.me>), and what it
/// describes (<https://schema.org>).
#[derive(Debug)]
pub(in crate::web) struct Head {
    /// The absolute address of the page in its language.
    pub(in crate::web) canonical: String,
    /// Tag and absolute address of the page in each language.
    pub(in crate::web) languages: Vec<(&'static str, String)>,
    /// A sentence or two.
    pub(in crate::web) description: Option<String>,
    /// What it describes, as JSON-LD that can stand in a page.
    pub(in crate::web) structured: Option<String>,
    /// Whether search engines are to list it.
    pub(in crate::web) listing: Listing,
}

/// Whether search engines are to list a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Listing {
    /// They are.
    Wanted,
    /// They are not, but may follow its links: there are pages of searches
    /// without end.
    Unwanted,
}

/// The same page in another language.
#[derive(Debug)]
pub(in crate::web) struct LanguageLink {
    pub(in crate::web) tag: &'static str,
    pub(in crate::web) name: &'static str,
    pub(in crate::web) href: String,
    pub(in crate::web) is_current: bool,
}

impl Head {
    /// Whether search engines are asked to stay away.
    pub(in crate::web) fn is_unlisted(&self) -> bool {
        self.listing == Listing::Unwanted
    }
}

impl Page {
    /// The frame of the page `title` at `address`.
    pub(in crate::web) fn new(
        tongue: impl Into<Tongue>,
        title: impl Into<Text>,
        address: &Address,
    ) -> Self {
        let tongue: Tongue = tongue.into();
        let language = tongue.language;
        let languages = [
            (Language::English, "English"),
            (Language::Gaelic, "Gàidhlig"),
            (Language::Scots, "Scots"),
        ];
        let languages = languages.map(|(other, name)| LanguageLink {
            tag: other.tag(),
            name,
            href: address.set("lang", Some(other.tag())).to_string(),
            is_current: other == language,
        });
        Self {
            m: Messages::of(language),
            title: title.into(),
            style: stylesheet::address(),
            lang: tongue.suffix(),
            canonical: None,
            alternates: Vec::new(),
            languages: languages.into(),
            section: "",
            path: address.set("lang", None).to_string(),
            head: None,
        }
    }

    /// Tells machines of the page of the register at `base`.
    pub(in crate::web) fn told(
        self,
        base: &str,
        description: Option<String>,
        structured: Option<&Json>,
    ) -> Self {
        let languages: Vec<(&'static str, String)> = self
            .languages
            .iter()
            .map(|other| (other.tag, format!("{base}{}", other.href)))
            .collect();
        let translated = languages.iter().find(|(tag, _)| *tag == self.tag() && *tag != "en");
        let canonical = match translated {
            Some((_, href)) => href.clone(),
            None => format!("{base}{}", self.path),
        };
        let structured = structured.map(structured::escaped);
        let listing = Listing::Wanted;
        let head = Some(Head { canonical, languages, description, structured, listing });
        Self { head, ..self }
    }

    /// Keeps the page out of search engines.
    pub(in crate::web) fn unlisted(mut self) -> Self {
        if let Some(head) = &mut self.head {
            head.listing = Listing::Unwanted;
        }
        self
    }

    /// The locale of Open Graph: British English stands for Scots, which has
    /// none.
    pub(in crate::web) fn locale(&self) -> &'static str {
        if self.tag() == "gd" { "gd_GB" } else { "en_GB" }
    }

    /// What the window is called, and a link to the page.
    pub(in crate::web) fn title_or_site(&self) -> &str {
        if self.title.text.is_empty() { self.m.site.plain() } else { &self.title.text }
    }

    /// The language of the page.
    pub(in crate::web) fn tag(&self) -> &'static str {
        self.m.language.tag()
    }

    /// The menu: path, text, and whether the page is there.
    pub(in crate::web) fn menu(&self) -> Vec<(&'static str, Phrase, bool)> {
        [
            ("/search", self.m.search),
            ("/knowledge-bank", self.m.knowledge_bank),
            ("/categories", self.m.topics),
            ("/about", self.m.about),
        ]
        .map(|(path, text)| (path, text, path == self.section))
        .into()
    }

    /// Marks the part of the menu in which the page stands.
    pub(in crate::web) fn within(self, section: &'static str) -> Self {
        Self { section, ..self }
    }

    /// Names the formats of what the page shows.
    pub(in crate::web) fn with_alternates(self, alternates: Vec<(&'static str, String)>) -> Self {
        Self { alternates, ..self }
    }
}

/// The language that a request chooses, or else the one its browser wants.
#[must_use]
pub fn language(parameters: &Parameters, wanted: Language) -> Language {
    match parameters.text("lang").as_deref() {
        Some("en") => Language::English,
        Some("gd") => Language::Gaelic,
        Some("sco") => Language::Scots,
        _ => wanted,
    }
}

/// What the head of a page of the register at `base` says of its oEmbed; the
/// page's own path and query is `own`. Both addresses are absolute: `WordPress`
/// asks at what stands there, and resolves nothing. Source: oEmbed 1.0,
/// section 4; contract of embeds, 2.1.
pub(in crate::web) fn oembed(base: &str, own: &str) -> [(&'static str, String); 2] {
    let page = format!("{base}{own}");
    let own = |format: &str| {
        let of = Address::new("/oembed").with("url", &page);
        format!("{base}{}", of.with("format", format))
    };
    [("application/json+oembed", own("json")), ("text/xml+oembed", own("xml"))]
}

/// Draws a template.
///
/// # Errors
///
/// 500 `internal` when the template fails, which none of ours can.
pub(in crate::web) fn draw(template: &impl Template) -> Result<String> {
    template.render().map_err(|error| {
        tracing::error!(%error, "a page can't be drawn");
        Problem::internal()
    })
}

/// Sends the page that `build` makes, or 304 when the client has it.
///
/// # Errors
///
/// What `build` gives.
pub(in crate::web) fn send(
    conditions: &Conditions,
    revision: Revision,
    variant: &[&str],
    build: impl FnOnce() -> Result<String>,
) -> Result<Response> {
    let tag = tag(revision, variant);
    let mut response =
        cache::respond(conditions, &tag, Freshness::Revalidate, || build().map(Html))?;
    cache::vary(response.headers_mut(), header::ACCEPT_LANGUAGE);
    Ok(response.into_response())
}

/// Whether the client has the page already, so that [`send`] would build
/// nothing: what building needs can be spared.
pub(in crate::web) fn is_known(
    conditions: &Conditions,
    revision: Revision,
    variant: &[&str],
) -> bool {
    conditions.has(&tag(revision, variant))
}

fn tag(revision: Revision, variant: &[&str]) -> EntityTag {
    let mut parts = vec![env!("CARGO_PKG_VERSION"), stylesheet::address()];
    parts.extend_from_slice(variant);
    EntityTag::new(revision, &parts)
}
