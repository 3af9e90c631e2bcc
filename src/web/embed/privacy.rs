//! What embeds do with the data of visitors, and a paragraph for the privacy
//! notice of a partner.

use askama::Template;
use axum::response::Response;

use crate::model::Revision;
use crate::web::admission::Scope;
use crate::web::html::address::Address;
use crate::web::html::messages::Messages;
use crate::web::html::page::{self, LANGUAGE, Page};
use crate::web::html::visit::Visit;
use crate::web::problem::Result;
use crate::web::route::Route;
use crate::web::state::AppState;
use crate::web::tiles::Tiles;

#[derive(Template)]
#[template(path = "embed_privacy.html")]
struct PrivacyPage {
    page: Page,
    base: String,
    host: String,
    /// The host of the tiles of the movable map, if it has any.
    tiles: Option<String>,
}

/// The route of the page.
pub(super) fn route() -> Route<AppState> {
    Route::get(Scope::Public, "/embed/privacy", "showEmbedPrivacy", show_privacy)
        .parameters(&[LANGUAGE])
        .hidden()
}

async fn show_privacy(visit: Visit) -> Result<Response> {
    let base = visit.state.register.base().as_str();
    let tiles = visit.state.identity.tiles.as_ref().map(Tiles::origin);
    visit.send_of(Revision(0), &["embed-privacy", base, tiles.unwrap_or_default()], |site| {
        let title = Messages::of(site.language).embed_privacy.plain();
        let page = Page::new(site, title, &Address::new("/embed/privacy"));
        let host = base.split_once("://").map_or(base, |(_, host)| host).to_owned();
        let tiles = tiles.and_then(|origin| origin.split_once("://"));
        let tiles = tiles.map(|(_, host)| host.to_owned());
        page::draw(&PrivacyPage { page, base: base.to_owned(), host, tiles })
    })
}
