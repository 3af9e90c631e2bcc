//! An organisation with its services, as both generations need it.

use jiff::Timestamp;

use crate::record::RecordId;
use crate::register::{Facet, Filter, Page, Query, Sort, Start, Where};
use crate::web::aliss::location::{self, Location};
use crate::web::aliss::service::{self, Contact, LANGUAGE, Service};
use crate::web::problem::Result;
use crate::web::serialise::summary::Summary;
use crate::web::state::AppState;

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
    /// The sources that speak of it and of its services.
    pub(super) sources: Vec<String>,
}

impl Organisation {
    /// The organisation `id`; `None` when it is not there.
    ///
    /// # Errors
    ///
    /// 500 when index or journal can't be read.
    pub(super) fn of_id(state: &AppState, id: &RecordId) -> Result<Option<Self>> {
        let summary = state.register.summary(&id.to_string());
        let Some(summary) = summary.as_deref().and_then(|read| Summary::read(read, LANGUAGE))
        else {
            return Ok(None);
        };
        let Some(version) = service::version(state, id)? else { return Ok(None) };
        let services = services(state, id)?;
        let mut sources = service::sources(&version);
        sources.extend(services.iter().flat_map(|service| service.sources.iter().cloned()));
        Ok(Some(Self {
            slug: summary.text("slug").unwrap_or_else(|| id.id().to_owned()),
            name: summary.text("name").unwrap_or_else(|| id.id().to_owned()),
            is_claimed: summary.truth("claimed") == Some(true),
            contact: service::contact(&version.merged.record),
            modified: Some(version.modified),
            locations: location::all(id, &summary),
            services,
            sources,
            id: id.id().to_owned(),
        }))
    }
}

fn services(state: &AppState, id: &RecordId) -> Result<Vec<Service>> {
    let query = Query {
        kinds: vec![service::KIND.to_owned()],
        filters: vec![Filter { facet: Facet::Organisation, any_of: vec![id.id().to_owned()] }],
        sort: Some(Sort::Name),
        page: Page { limit: MOST_SERVICES, start: Start::Offset(0) },
        ..Query::default()
    };
    let found = state.register.search(query, &Where::default())?;
    let services = found.results.hits.iter().map(|hit| Service::of_hit(state, hit));
    services.filter_map(Result::transpose).collect()
}
