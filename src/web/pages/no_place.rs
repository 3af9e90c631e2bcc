//! The page for a search whose place is not known, or is one of several.

use askama::Template;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderValue;
use http::StatusCode;
use http::header;

use crate::gazetteer::ResolveError;
use crate::model::Postcode;
use crate::web::html::address::Address;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::form::SearchForm;
use crate::web::html::list;
use crate::web::html::messages::Phrase;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Site;
use crate::web::problem::Result;

#[derive(Template)]
#[template(path = "no_place.html")]
struct NoPlacePage {
    page: Page,
    form: SearchForm,
    heading: Phrase,
    text: Text,
    choices: Vec<Link>,
    are_meant: bool,
    what_to_try: Phrase,
}

/// The page that asks which place is meant.
///
/// # Errors
///
/// 500 `internal` when the page can't be drawn.
pub(super) fn answer(site: Site<'_>, address: &Address, error: &ResolveError) -> Result<Response> {
    let page = Page::new(site, String::new(), address).within("/search");
    let m = page.m;
    let in_english = |error: &ResolveError| Text::written(&error.to_string(), "en", site.language);
    let given = address.value("near").unwrap_or_default();
    let place = [("place", given)];
    let choice = |text: &str, label: &str| Link {
        href: list::first_page(address).set("near", Some(text)).to_string(),
        text: Text::plain(label),
    };
    let (heading, text, choices, are_meant) = match error {
        ResolveError::Ambiguous { choices, .. } => (
            m.place_ambiguous,
            m.place_ambiguous_text.filled(&place),
            choices.iter().map(|other| choice(&other.text, &other.label)).collect(),
            false,
        ),
        ResolveError::Unknown { suggestions, .. } => (
            m.place_unknown,
            m.place_unknown_text.filled(&place),
            suggestions.iter().map(|name| choice(name, name)).collect(),
            true,
        ),
        ResolveError::Swapped { right, .. } => {
            (m.place_malformed, in_english(error), vec![choice(right, right)], true)
        }
        other => (m.place_malformed, in_english(other), Vec::new(), true),
    };
    send(site, page, address, Asked { heading, text, choices, are_meant })
}

/// The page that asks for a place, when a distance but no place was given.
///
/// # Errors
///
/// 500 `internal` when the page can't be drawn.
pub(super) fn ask(site: Site<'_>, address: &Address) -> Result<Response> {
    let page = Page::new(site, String::new(), address).within("/search");
    let heading = page.m.place_missing;
    let text = page.m.place_missing_text.text();
    send(site, page, address, Asked { heading, text, choices: Vec::new(), are_meant: false })
}

/// What the page asks.
struct Asked {
    heading: Phrase,
    text: Text,
    choices: Vec<Link>,
    are_meant: bool,
}

fn send(site: Site<'_>, page: Page, address: &Address, asked: Asked) -> Result<Response> {
    let Asked { heading, text, choices, are_meant } = asked;
    let page = Page { title: heading.text(), ..page };
    let form = SearchForm::of(address, site);
    let given = address.value("near").unwrap_or_default();
    // Who has typed a postcode needn't be told to.
    let is_postcode = given.parse::<Postcode>().is_ok();
    let what_to_try = if is_postcode { page.m.place_try_name } else { page.m.place_try };
    let html =
        page::draw(&NoPlacePage { page, form, heading, text, choices, are_meant, what_to_try })?;
    let fresh = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::BAD_REQUEST, fresh, Html(html)).into_response())
}
