//! What every page has around its content, and how it is sent.

use askama::Template;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use http::header;

use crate::model::Revision;
use crate::web::cache;
use crate::web::cache::Conditions;
use crate::web::cache::EntityTag;
use crate::web::cache::Freshness;
use crate::web::html::address::Address;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::stylesheet;
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
    pub(in crate::web) title: String,
    /// The address of the style sheet.
    pub(in crate::web) style: &'static str,
    /// What is added to internal links so that the language stays.
    pub(in crate::web) lang: &'static str,
    /// The formats of what the page shows: media type and address.
    pub(in crate::web) alternates: Vec<(&'static str, String)>,
    /// The same page in each language.
    pub(in crate::web) languages: Vec<LanguageLink>,
    /// The part of the menu in which the page stands, by its path.
    pub(in crate::web) section: &'static str,
}

/// The same page in another language.
#[derive(Debug)]
pub(in crate::web) struct LanguageLink {
    pub(in crate::web) tag: &'static str,
    pub(in crate::web) name: &'static str,
    pub(in crate::web) href: String,
    pub(in crate::web) is_current: bool,
}

impl Page {
    /// The frame of the page `title` at `address`.
    pub(in crate::web) fn new(
        language: Language,
        title: impl Into<String>,
        address: &Address,
    ) -> Self {
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
            lang: suffix(language),
            alternates: Vec::new(),
            languages: languages.into(),
            section: "",
        }
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

/// What keeps the language in the links of a page: nothing for English.
pub(in crate::web) const fn suffix(language: Language) -> &'static str {
    match language {
        Language::English => "",
        Language::Gaelic => "?lang=gd",
        Language::Scots => "?lang=sco",
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

/// What the head of a page says of its oEmbed, whose own address on the web
/// is `address`. Source: oEmbed 1.0, section 4.
pub(in crate::web) fn oembed(address: &str) -> [(&'static str, String); 2] {
    let own = |format: &str| {
        let of = Address::new("/oembed").with("url", address);
        of.with("format", format).to_string()
    };
    [("application/json+oembed", own("json")), ("text/xml+oembed", own("xml"))]
}

/// The page that makes the code by which another site shows the list at
/// `path` with the query of a request.
pub(in crate::web) fn embed_code(path: &str, query: &str) -> String {
    let page_alone = ["page", "cursor", "lang", "view"];
    let asked = Address::asked("", query).keeping(|name, _| !page_alone.contains(&name));
    asked.at("/embed").with("list", path).to_string()
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
    let mut parts = vec![env!("CARGO_PKG_VERSION"), stylesheet::address()];
    parts.extend_from_slice(variant);
    let tag = EntityTag::new(revision, &parts);
    let mut response =
        cache::respond(conditions, &tag, Freshness::Revalidate, || build().map(Html))?;
    cache::vary(response.headers_mut(), header::ACCEPT_LANGUAGE);
    Ok(response.into_response())
}
