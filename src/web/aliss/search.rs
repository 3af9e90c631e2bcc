//! Searches of services: what both generations ask in the same way.

use crate::model::Metres;
use crate::register::{Facet, Filter, Query, Sort, Where};
use crate::web::aliss::areas::COUNTRIES;
use crate::web::aliss::asked::Asked;
use crate::web::aliss::paging::Paging;
use crate::web::aliss::service;
use crate::web::state::AppState;

/// The radius when none is said, in metres.
const USUAL_RADIUS: f64 = 5_000.0;

/// The widest radius, in metres: half round the earth.
const WIDEST_RADIUS: f64 = 20_000_000.0;

/// What may be asked of the order.
const SORTS: [(&str, Sort); 5] = [
    ("sort-distance", Sort::Distance),
    ("sort-relevance", Sort::Relevance),
    ("sort-last-reviewed", Sort::Reviewed),
    ("sort-a-z", Sort::Name),
    ("sort-recently-added", Sort::Added),
];

/// What a search asks of the register, and where.
pub(super) type Question = (Query, Where);

/// Whom a service must be for, by its areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LocationType {
    /// It serves no whole country.
    Local,
    /// It serves a whole country.
    National,
}

/// All services, of which `paging` tells the page.
pub(super) fn all(state: &AppState, paging: Paging) -> Query {
    Query {
        kinds: vec![service::KIND.to_owned()],
        today: Some(state.today()),
        page: paging.page(),
        ..Query::default()
    }
}

/// All services in an order that no day changes.
pub(super) fn everything(state: &AppState, paging: Paging) -> Question {
    (Query { sort: Some(Sort::Key), today: None, ..all(state, paging) }, Where::default())
}

/// Adds the condition of `location_type`.
pub(super) fn only(query: &mut Query, location_type: LocationType) {
    let any_of = COUNTRIES.map(str::to_owned).to_vec();
    let countries = Filter { facet: Facet::Serves, any_of };
    match location_type {
        LocationType::Local => query.without.push(countries),
        LocationType::National => query.filters.push(countries),
    }
}

/// How far from the postcode, in metres; the usual when `radius` is no length.
pub(super) fn radius(asked: &Asked) -> Option<Metres> {
    let said = asked.text("radius").and_then(|text| text.parse::<f64>().ok());
    let said = said.filter(|metres| *metres >= 0.0).unwrap_or(USUAL_RADIUS);
    Metres::new(said.min(WIDEST_RADIUS)).ok()
}

/// The order that `sort` asks for; none when it is no order, which is passed
/// over.
pub(super) fn sort(asked: &Asked) -> Option<Sort> {
    let text = asked.text("sort")?;
    SORTS.iter().find(|(word, _)| *word == text).map(|(_, sort)| *sort)
}
