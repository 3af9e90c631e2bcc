//! Where to tell of a mistake: with the source that says it, or with whoever
//! runs the register.

use askama::Template;
use axum::response::Response;

use crate::record::RecordId;
use crate::register::Found;
use crate::web::address;
use crate::web::admission::Class;
use crate::web::admission::Scope;
use crate::web::beside;
use crate::web::contact::Contact;
use crate::web::html::address::Address;
use crate::web::html::content::Link;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Site;
use crate::web::html::visit::Visit;
use crate::web::pages::origin;
use crate::web::pages::origin::Source;
use crate::web::parameter::Parameter;
use crate::web::problem::Problem;
use crate::web::problem::Result;
use crate::web::reuse::REPORT_PATH;
use crate::web::route::Route;
use crate::web::state::AppState;

const ABOUT: Parameter =
    Parameter::text("about", "The record in which the mistake is, as `kind/id` or by its IRI.")
        .example("category/libraries");

#[derive(Template)]
#[template(path = "mistake.html")]
struct MistakePage {
    page: Page,
    record: Option<Link>,
    sources: Vec<Source>,
    /// Where to write to whoever runs the register, and how people write that.
    contact: Option<(String, String)>,
}

/// The route of the page.
pub(super) fn route() -> Route<AppState> {
    Route::get(Scope::Public, REPORT_PATH, "showMistake", show_mistake)
        .class(Class::Store)
        .parameters(&[ABOUT])
}

/// Shows whom to tell of a mistake.
///
/// # Errors
///
/// 404 when nothing is registered as `about`; 500 `internal` when the register
/// can't be read.
async fn show_mistake(visit: Visit) -> Result<Response> {
    let about = visit.parameters.text("about");
    let id = about.as_deref().map_or(Ok(None), |about| named(&visit.state, about))?;
    let asked = id.as_ref().map(RecordId::to_string).unwrap_or_default();
    visit.send(&["mistake", &asked], |site| {
        let at = Address::new(REPORT_PATH);
        let at = if asked.is_empty() { at } else { at.with("about", &asked) };
        let page = Page::new(site, "", &at);
        let title = page.m.mistake;
        let (record, sources) = match &id {
            Some(id) => of_record(site, id)?,
            None => (None, Vec::new()),
        };
        page::draw(&MistakePage {
            contact: contact(site.state, id.as_ref(), title.plain()),
            record,
            sources,
            page: Page { title: title.text(), ..page },
        })
    })
}

/// The record that is meant; `None` for the IRI of something of elsewhere, whose
/// mistakes are told as any other.
fn named(state: &AppState, about: &str) -> Result<Option<RecordId>> {
    match state.register.base().record_of(about) {
        Some(id) => id.map(Some).map_err(Problem::not_found),
        None if about.contains("://") => Ok(None),
        None => about.parse().map(Some).map_err(Problem::not_found),
    }
}

fn of_record(site: Site<'_>, id: &RecordId) -> Result<(Option<Link>, Vec<Source>)> {
    match site.state.register.get(id)? {
        Found::Here(version) => {
            let shown = beside::shown(site.state, *version)?;
            Ok((Some(site.link(id)), origin::sources(site, &shown)?))
        }
        _ => Err(Problem::not_found(format!("nothing is registered as {id}"))),
    }
}

/// A letter to whoever runs the register that says what it is about.
fn contact(state: &AppState, id: Option<&RecordId>, title: &str) -> Option<(String, String)> {
    let contact = state.identity.contact.as_deref().and_then(Contact::new)?;
    let about = id.map(|id| address::document(&state.register, id));
    Some((contact.letter(title, about.as_deref()), contact.text))
}
