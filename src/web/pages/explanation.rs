//! The page that explains a problem, and the list of them.

use askama::Template;
use pulldown_cmark::Parser;
use pulldown_cmark::html;

use crate::web::html::address::Address;
use crate::web::html::content::Text;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::tongue::Tongue;
use crate::web::problem::Result;

#[derive(Template)]
#[template(path = "explanation.html")]
struct ExplanationPage {
    page: Page,
    heading: String,
    /// HTML, of a text of our own.
    body: String,
    /// Where all of them are listed, when this is one.
    list: Option<String>,
}

/// The page at `path` of a `text` of our own in Markdown, in English, whose
/// first line is the heading.
///
/// # Errors
///
/// 500 `internal` when the page can't be drawn.
pub(in crate::web) fn explanation_page(tongue: Tongue, path: &str, text: &str) -> Result<String> {
    let (heading, text) = text.split_once('\n').unwrap_or((text, ""));
    let heading = heading.trim_start_matches(['#', ' ']).to_owned();
    let title = Text::written(&heading, "en", tongue.language);
    let page = Page::new(tongue, title, &Address::new(path));
    let mut body = String::new();
    html::push_html(&mut body, Parser::new(text));
    let list = path.rsplit_once('/').map(|(list, _)| list).filter(|list| !list.is_empty());
    page::draw(&ExplanationPage {
        list: list.map(|list| format!("{list}{}", page.lang)),
        page,
        heading,
        body,
    })
}
