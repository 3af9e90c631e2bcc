//! The parameters of a search of v5 → the query of the register.
//!
//! As in the .NET generation: the postcode is optional; what is found serves
//! the place of the postcode, or has a location near by, whatever it says of
//! the areas that it serves (such as says that it serves only others comes
//! last). What is national is found wherever one asks.

use crate::register::{Facet, Filter, Query, Region, Sort, Where};
use crate::web::aliss::answer::Refusal;
use crate::web::aliss::areas;
use crate::web::aliss::asked::Asked;
use crate::web::aliss::paging::Paging;
use crate::web::aliss::postcode;
use crate::web::aliss::search::{self, LocationType, Question};
use crate::web::aliss::terms::{self, ACCESSIBILITY, CATEGORIES, COMMUNITY_GROUPS};
use crate::web::state::AppState;

/// The search that `asked` means.
///
/// # Errors
///
/// [`Refusal::Postcode`]; nothing else is refused.
pub(super) fn question(
    state: &AppState,
    asked: &Asked,
    paging: Paging,
) -> Result<Question, Refusal> {
    let gazetteer = state.register.gazetteer();
    let postcode = asked.text("postcode");
    if postcode.is_some_and(|text| postcode::locate(&gazetteer, text).is_none()) {
        return Err(Refusal::Postcode);
    }
    let mut query = search::all(state, paging);
    asked.text("q").unwrap_or_default().clone_into(&mut query.text);
    add_terms(state, asked, &mut query);
    let location_type = match asked.text("location_type") {
        None => None,
        Some("local") => Some(LocationType::Local),
        Some(_) => Some(LocationType::National),
    };
    if let Some(location_type) = location_type {
        search::only(&mut query, location_type);
    }
    let within = search::radius(asked).filter(|_| location_type != Some(LocationType::National));
    let areas = areas::meant(&gazetteer, &asked.list("service_areas"));
    if !areas.is_empty() {
        query.region =
            Some(Region::Areas { serving: gazetteer.related_areas(&areas), within: areas });
    }
    query.sort = Some(match (search::sort(asked), postcode, query.text.is_empty()) {
        (Some(sort), ..) => sort,
        (None, Some(_), _) => Sort::Distance,
        (None, None, false) => Sort::Relevance,
        (None, None, true) => Sort::Reviewed,
    });
    let near = postcode.map(str::to_owned);
    let within = within.filter(|_| near.is_some());
    Ok((query, Where { near, within, ..Where::default() }))
}

/// Each value is a condition of its own: all must hold. A community group may
/// have an age behind a bar.
fn add_terms(state: &AppState, asked: &Asked, query: &mut Query) {
    let register = &state.register;
    let mut add = |filter: Filter| query.filters.push(filter);
    for name in ["categories", "category"] {
        for slug in asked.list(name) {
            add(terms::filter(register, CATEGORIES, Facet::Topic, &slug));
        }
    }
    for slug in asked.list("accessibility_features") {
        add(terms::filter(register, ACCESSIBILITY, Facet::Accessibility, &slug));
    }
    let mut age = None;
    for value in asked.list("community_groups") {
        let (slug, years) = value.split_once('|').unwrap_or((&value, ""));
        add(terms::filter(register, COMMUNITY_GROUPS, Facet::Audience, slug));
        age = age.or_else(|| years.parse().ok());
    }
    query.age = age;
}
