//! What there is to have, for people.

use askama::Template;

use crate::register::ReadError;
use crate::web::catalogue::{FORMATS, counts};
use crate::web::html::address::Address;
use crate::web::html::messages::thousands;
use crate::web::html::page::{self, Page};
use crate::web::html::tongue::Tongue;
use crate::web::negotiate::Format;
use crate::web::problem::Result;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "data.html")]
struct DataPage {
    page: Page,
    triples: String,
    /// The kinds of records: name, address, how many.
    kinds: Vec<(String, String, String)>,
    /// The descriptions for programs: name, and each format with its address.
    descriptions: Vec<(&'static str, Vec<(&'static str, String)>)>,
}

/// The page at `path`.
///
/// # Errors
///
/// 500 `internal` when the register can't be read.
pub(super) fn draw(state: &AppState, path: &str, tongue: Tongue) -> Result<String> {
    let triples = state.register.graph().len().map_err(ReadError::from)?;
    let kinds = counts(&state.register)?.into_iter().filter_map(|(kind, count)| {
        let kind = state.register.schema().kind(&kind)?;
        let name = kind.path.replace('-', " ");
        let list = Address::new("/lists/all").with("kind", &kind.name);
        Some((name, tongue.localised(&list).to_string(), thousands(count)))
    });
    let descriptions =
        [("DCAT", "/catalogue"), ("VoID", "/.well-known/void")].map(|(name, path)| {
            let formats = FORMATS.iter().filter(|format| **format != Format::Html);
            let link = |format: &Format| (format.name(), format!("{path}.{}", format.suffix()));
            (name, formats.map(link).collect())
        });
    page::draw(&DataPage {
        page: Page::new(tongue, "The data", &Address::new(path)),
        triples: thousands(triples),
        kinds: kinds.collect(),
        descriptions: descriptions.into(),
    })
}
