//! The parameters of a search of v4 → the query of the register.
//!
//! As in the Django generation: there must be a postcode; what is found serves
//! the place of the postcode, or has a location near by and doesn't say that it
//! serves only other areas. The nearest comes first, of equally near ones the
//! best, and what has no location last, unless `sort` asks for another order,
//! as the .NET generation lets it.

use crate::register::{Facet, Sort, Where};
use crate::web::aliss::answer::Refusal;
use crate::web::aliss::asked::Asked;
use crate::web::aliss::paging::Paging;
use crate::web::aliss::postcode;
use crate::web::aliss::search::{self, LocationType, Question};
use crate::web::aliss::terms::{self, CATEGORIES};
use crate::web::state::AppState;

/// The search that `asked` means.
///
/// # Errors
///
/// [`Refusal::Parameters`] for each parameter that can't be read.
pub(super) fn question(
    state: &AppState,
    asked: &Asked,
    paging: Paging,
) -> Result<Question, Refusal> {
    let register = &state.register;
    let mut faults = Vec::new();
    let mut query = search::all(state, paging);
    query.sort = search::sort(asked).or(Some(Sort::Distance));
    asked.text("q").unwrap_or_default().clone_into(&mut query.text);
    match asked.text("postcode") {
        None => faults.push(("postcode", "This field is required.".to_owned())),
        Some(text) => match postcode::locate(&register.gazetteer(), text) {
            None => faults.push(("postcode", format!("No postcode {text} is known."))),
            Some(found) => {
                query.serving = found.areas.iter().map(ToString::to_string).collect();
            }
        },
    }
    if let Some(slug) = asked.text("category") {
        let filter = terms::filter(register, CATEGORIES, Facet::Topic, slug);
        if filter.any_of.is_empty() {
            faults.push(("category", format!("No category {slug} is known.")));
        }
        query.filters.push(filter);
    }
    match asked.text("location_type") {
        None => {}
        Some("local") => search::only(&mut query, LocationType::Local),
        Some("national") => search::only(&mut query, LocationType::National),
        Some(other) => {
            faults.push(("location_type", format!("{other} is neither local nor national.")));
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Parameters(faults));
    }
    let near = asked.text("postcode").map(str::to_owned);
    Ok((query, Where { near, within: search::radius(asked), ..Where::default() }))
}
