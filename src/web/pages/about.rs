//! What this is, where its data come from, and how accessible it is.

use askama::Template;
use axum::response::Response;

use crate::record::RecordId;
use crate::register::Page as Part;
use crate::register::Query;
use crate::register::Start;
use crate::web::contact::Contact;
use crate::web::credits::Credit;
use crate::web::html::address::Address;
use crate::web::html::messages::{Messages, Phrase};
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Site;
use crate::web::html::visit::Visit;
use crate::web::problem::Result;

/// The most sources that are listed.
const MOST_SOURCES: usize = 500;

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage {
    page: Page,
    sources: Vec<Credit>,
}

#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage {
    page: Page,
}

#[derive(Template)]
#[template(path = "about_bot.html")]
struct BotPage {
    page: Page,
    agent: String,
    product: String,
    contact: Option<Contact>,
}

/// Shows what this is, and the sources with their licences.
///
/// # Errors
///
/// 500 `internal` when the register can't be read.
pub(super) async fn show_about(visit: Visit) -> Result<Response> {
    visit.send(&["about"], |site| {
        let page = titled(site, "/about", |m| m.about).within("/about");
        page::draw(&AboutPage { sources: credits(site)?, page })
    })
}

/// The page at `path`, whose title is one of the phrases.
fn titled(site: Site<'_>, path: &str, title: fn(&Messages) -> Phrase) -> Page {
    let title = title(Messages::of(site.language));
    Page::new(site, title, &Address::new(path))
}

fn credits(site: Site<'_>) -> Result<Vec<Credit>> {
    let found = site.find(Query {
        kinds: vec!["source".to_owned()],
        page: Part { limit: MOST_SOURCES, start: Start::Offset(0) },
        ..Query::default()
    })?;
    let ids = found.hits.iter().filter_map(|hit| hit.key().parse::<RecordId>().ok());
    Ok(ids.filter_map(|id| Credit::of_source(site, id.id())).collect())
}

/// Shows the accessibility statement.
///
/// # Errors
///
/// 500 `internal` when the page can't be drawn.
pub(super) async fn show_accessibility(visit: Visit) -> Result<Response> {
    visit.send(&["accessibility"], |site| {
        let page = titled(site, "/accessibility", |m| m.accessibility);
        page::draw(&AccessibilityPage { page })
    })
}

/// Shows who our harvester is, and how to keep it out.
///
/// # Errors
///
/// 500 `internal` when the page can't be drawn.
pub(super) async fn show_bot(visit: Visit) -> Result<Response> {
    visit.send(&["bot"], |site| {
        let identity = &site.state.identity;
        let agent = identity.user_agent.clone();
        page::draw(&BotPage {
            product: agent.split('/').next().unwrap_or_default().to_owned(),
            agent,
            contact: identity.contact.as_deref().and_then(Contact::new),
            page: titled(site, "/about/bot", |m| m.bot),
        })
    })
}
