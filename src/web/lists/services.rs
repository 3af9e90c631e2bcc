//! A list as a page of services of Open Referral UK, as its own API has them
//! (`/open-referral/v3/services`): rows in short, from the summaries.

use axum::Json;
use axum::response::{IntoResponse, Response};

use crate::record::RecordId;
use crate::web::hsds::convert::{self, Moments};
use crate::web::hsds::page::Envelope;
use crate::web::hsds::said::Said;
use crate::web::listing::answer::Listing;
use crate::web::listing::question::Question;
use crate::web::members::members;
use crate::web::state::AppState;

/// The kind of record that is a service for the standard.
const KIND: &str = "asset";

/// A kind that no record has.
const NO_KIND: &str = "";

/// What of `question` is services: nothing when it asks for other kinds alone.
pub(super) fn only(mut question: Question) -> Question {
    let kinds = &mut question.query.kinds;
    let has_services = kinds.is_empty() || kinds.iter().any(|kind| kind == KIND);
    *kinds = vec![if has_services { KIND } else { NO_KIND }.to_owned()];
    question
}

/// The page.
pub(super) fn draw(state: &AppState, listing: &Listing) -> Response {
    let register = &state.register;
    let (results, today) = (&listing.answer.results, state.today());
    let rows = results.hits.iter().filter_map(|hit| {
        let id: RecordId = hit.key().parse().ok()?;
        let summary = members(&hit.summary(), convert::is_in_service_row)?;
        let at = Moments { modified: hit.modified, today };
        let mut row = convert::service_row(register, &id, Said(&summary), at);
        convert::add_credits(&mut row, register, &id);
        Some(row.into())
    });
    let limit = listing.question.query.page.limit;
    let number = (listing.question.first() - 1) / limit.max(1) + 1;
    Json(Envelope::new(number, limit, results.total, rows.collect())).into_response()
}
