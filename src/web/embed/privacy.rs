//! What embeds do with the data of visitors, and a paragraph for the privacy
//! notice of a partner.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::model::Revision;
use crate::web::admission::Scope;
use crate::web::cache::Conditions;
use crate::web::html::address::Address;
use crate::web::html::messages::Messages;
use crate::web::html::page::{self, LANGUAGE, Page, language};
use crate::web::negotiate::Language;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::route::Route;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "embed_privacy.html")]
struct PrivacyPage {
    page: Page,
    base: String,
    host: String,
}

/// The route of the page.
pub(super) fn route() -> Route<AppState> {
    Route::get(Scope::Public, "/embed/privacy", "showEmbedPrivacy", show_privacy)
        .parameters(&[LANGUAGE])
        .hidden()
}

async fn show_privacy(
    State(state): State<AppState>,
    parameters: Parameters,
    wanted: Language,
    conditions: Conditions,
) -> Result<Response> {
    let language = language(&parameters, wanted);
    let base = state.register.base().as_str();
    page::send(&conditions, Revision(0), &["embed-privacy", language.tag(), base], || {
        let title = Messages::of(language).embed_privacy.plain();
        let page = Page::new(language, title, &Address::new("/embed/privacy"));
        let host = base.split_once("://").map_or(base, |(_, host)| host).to_owned();
        page::draw(&PrivacyPage { page, base: base.to_owned(), host })
    })
}
