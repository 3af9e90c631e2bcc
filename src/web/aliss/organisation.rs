//! An organisation with its services, as both generations need it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::register::{Credit, Facet, Filter, Hit, Page, Query, Sort, Start, Where};
use crate::web::aliss::contact::Contact;
use crate::web::aliss::entry::{Entry, Held};
use crate::web::aliss::location::{self, Location};
use crate::web::aliss::service::{self, Service};
use crate::web::problem::Result;
use crate::web::state::AppState;

/// The kind of record that is an organisation.
pub(super) const KIND: &str = "organisation";

/// How many services of one organisation are told; no answer grows beyond.
const MOST_SERVICES: usize = 1_000;

/// What is known of an organisation. Texts are not empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Organisation {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) is_claimed: bool,
    pub(super) contact: Contact,
    pub(super) modified: Option<Timestamp>,
    pub(super) locations: Vec<Location>,
    /// Its services by name.
    pub(super) services: Vec<Service>,
    /// How those who speak of it are credited.
    pub(super) credits: Vec<Arc<Credit>>,
}

impl Organisation {
    /// The organisations that a search has found.
    ///
    /// # Errors
    ///
    /// 500 when the index can't be read.
    pub(super) fn of_hits(state: &AppState, hits: &[Hit]) -> Result<Vec<Self>> {
        let held = Held::of_hits(state, hits)?;
        let entries = held.iter().filter_map(|(_, held)| held.read());
        entries.map(|entry| Self::of_entry(state, &entry)).collect()
    }

    /// The organisation that `text` names by identifier or slug; `None` when
    /// there is none.
    ///
    /// # Errors
    ///
    /// 500 when index or journal can't be read.
    pub(super) fn named(state: &AppState, text: &str) -> Result<Option<Self>> {
        let held = Held::named(state, KIND, text)?;
        let entry = held.as_ref().and_then(Held::read);
        entry.map(|entry| Self::of_entry(state, &entry)).transpose()
    }

    fn of_entry(state: &AppState, entry: &Entry<'_>) -> Result<Self> {
        let services = services(state, entry.id.id())?;
        Ok(Self {
            id: entry.id.id().to_owned(),
            slug: entry.slug(),
            name: entry.name(),
            is_claimed: entry.summary.truth("claimed") == Some(true),
            contact: Contact::of(entry),
            modified: entry.modified(),
            locations: location::all(state, entry),
            services,
            credits: entry.credits(state),
        })
    }

    /// Its own credits, and those of each of its services.
    pub(super) fn all_credits(&self) -> Vec<&[Arc<Credit>]> {
        let of_services = self.services.iter().map(|service| service.credits.as_slice());
        std::iter::once(self.credits.as_slice()).chain(of_services).collect()
    }
}

/// The services of the organisation with this identifier, by name.
fn services(state: &AppState, id: &str) -> Result<Vec<Service>> {
    let query = Query {
        kinds: vec![service::KIND.to_owned()],
        filters: vec![Filter { facet: Facet::Organisation, any_of: vec![id.to_owned()] }],
        sort: Some(Sort::Name),
        page: Page { limit: MOST_SERVICES, start: Start::Offset(0) },
        ..Query::default()
    };
    let found = state.register.search(query, &Where::default())?;
    Service::of_hits(state, &found.results.hits)
}
