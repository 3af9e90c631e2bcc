//! What this is, where its data come from, and how accessible it is.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::record::RecordId;
use crate::register::Page as Part;
use crate::register::Query;
use crate::register::Start;
use crate::web::cache::Conditions;
use crate::web::html::address::Address;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Site;
use crate::web::negotiate::Language;
use crate::web::pages::origin;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::state::AppState;

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
    contact: Option<String>,
}

/// A source, and how it wants to be credited.
#[derive(Debug)]
struct Credit {
    link: Link,
    attribution: Option<Text>,
    licence: Option<Link>,
}

/// Shows what this is, and the sources with their licences.
///
/// # Errors
///
/// 500 `internal` when the register can't be read.
pub(super) async fn show_about(
    State(state): State<AppState>,
    parameters: Parameters,
    wanted: Language,
    conditions: Conditions,
) -> Result<Response> {
    let language = page::language(&parameters, wanted);
    let site = Site::new(&state, language);
    let revision = state.register.index().revision();
    page::send(&conditions, revision, &["about", language.tag()], || {
        let page = Page::new(language, "", &Address::new("/about")).within("/about");
        let title = page.m.about.plain().to_owned();
        page::draw(&AboutPage { sources: credits(site)?, page: Page { title, ..page } })
    })
}

fn credits(site: Site<'_>) -> Result<Vec<Credit>> {
    let found = site.find(Query {
        kinds: vec!["source".to_owned()],
        page: Part { limit: MOST_SOURCES, start: Start::Offset(0) },
        ..Query::default()
    })?;
    let ids = found.hits.iter().filter_map(|hit| hit.key().parse().ok());
    Ok(ids
        .map(|id: RecordId| {
            let (attribution, licence) = origin::credit(site, id.id());
            Credit { link: site.link(&id), attribution, licence }
        })
        .collect())
}

/// Shows the accessibility statement.
///
/// # Errors
///
/// 500 `internal` when the page can't be drawn.
pub(super) async fn show_accessibility(
    State(state): State<AppState>,
    parameters: Parameters,
    wanted: Language,
    conditions: Conditions,
) -> Result<Response> {
    let language = page::language(&parameters, wanted);
    let revision = state.register.index().revision();
    page::send(&conditions, revision, &["accessibility", language.tag()], || {
        let page = Page::new(language, "", &Address::new("/accessibility"));
        let title = page.m.accessibility.plain().to_owned();
        page::draw(&AccessibilityPage { page: Page { title, ..page } })
    })
}

/// Shows who our harvester is, and how to keep it out.
///
/// # Errors
///
/// 500 `internal` when the page can't be drawn.
pub(super) async fn show_bot(
    State(state): State<AppState>,
    parameters: Parameters,
    wanted: Language,
    conditions: Conditions,
) -> Result<Response> {
    let language = page::language(&parameters, wanted);
    let revision = state.register.index().revision();
    page::send(&conditions, revision, &["bot", language.tag()], || {
        let page = Page::new(language, "", &Address::new("/about/bot"));
        let title = page.m.bot.plain().to_owned();
        let agent = state.identity.user_agent.clone();
        page::draw(&BotPage {
            product: agent.split('/').next().unwrap_or_default().to_owned(),
            agent,
            contact: state.identity.contact.clone(),
            page: Page { title, ..page },
        })
    })
}
