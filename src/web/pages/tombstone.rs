//! The page that stands where a record was.

use askama::Template;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use http::StatusCode;

use crate::record::RecordId;
use crate::register::Found;
use crate::web::html::address::Address;
use crate::web::html::content;
use crate::web::html::content::Text;
use crate::web::html::form::SearchForm;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Site;
use crate::web::html::tongue::Tongue;
use crate::web::problem::Problem;
use crate::web::problem::Result;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "tombstone.html")]
struct TombstonePage {
    page: Page,
    form: SearchForm,
    kind: String,
    text: Text,
}

/// The page of a record that was withdrawn, with status 410.
///
/// # Errors
///
/// `problem` itself when it can't be told when that was.
pub fn tombstone_page(
    state: &AppState,
    id: &RecordId,
    problem: &Problem,
    tongue: Tongue,
) -> Result<Response> {
    let Found::Gone { revision, at } = state.register.get(id)? else {
        return Err(problem.clone());
    };
    let site = Site::new(state, tongue);
    let page = Page::new(site, "", &Address::new(&site.path(id.kind(), id.id())));
    let title = page.m.tombstone.text();
    let (date, revision) = (content::day_of(at), revision.to_string());
    let drawn = page::draw(&TombstonePage {
        form: SearchForm::empty(site),
        kind: site.kind_label(id.kind()),
        text: page.m.tombstone_text.filled(&[("date", &date), ("revision", &revision)]),
        page: Page { title, ..page },
    })?;
    Ok((StatusCode::GONE, Html(drawn)).into_response())
}
