//! What each version of the API has of its own, and the endpoints that are the
//! same but for that.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::register::Credit;
use crate::web::aliss::answer::{self, Refusal};
use crate::web::aliss::asked::Asked;
use crate::web::aliss::meta::Meta;
use crate::web::aliss::organisation::Organisation;
use crate::web::aliss::paging::{Beyond, Neighbours, Paging};
use crate::web::aliss::search::{self, Question};
use crate::web::aliss::service::Service;
use crate::web::aliss::wire::Body;
use crate::web::cache::Conditions;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// How many services a page has when that is not said.
const PAGE_SIZE: u64 = 10;

/// The search of a version.
pub(super) trait Search: 'static {
    /// What becomes of a page that is not there.
    const BEYOND: Beyond;

    /// The search that `asked` means.
    ///
    /// # Errors
    ///
    /// [`Refusal::Parameters`] and [`Refusal::Postcode`].
    fn question(state: &AppState, asked: &Asked, paging: Paging) -> Result<Question, Refusal>;

    /// A page of services.
    fn page(state: &AppState, listed: &Listed<Service>) -> impl Serialize;
}

/// A version that gives single services and organisations too.
pub(super) trait Version: Search {
    /// How many services a page of an import has when that is not said.
    const IMPORT_SIZE: u64;

    /// A service.
    fn service(state: &AppState, service: &Service) -> impl Serialize;

    /// An organisation with its services.
    fn organisation(state: &AppState, organisation: &Organisation) -> impl Serialize;

    /// The answer when there is none.
    fn absent() -> Response;
}

/// A page of a list.
pub(super) struct Listed<T> {
    pub(super) meta: Meta,
    /// How many there are on all pages.
    pub(super) count: u64,
    pub(super) beside: Neighbours,
    pub(super) items: Vec<T>,
}

impl<T> Listed<T> {
    /// The page `paging` of `items`, of `count` on all pages; `credits` are those
    /// of each part of one.
    ///
    /// # Errors
    ///
    /// [`Refusal::Page`] when there is no such page.
    pub(super) fn new(
        state: &AppState,
        (asked, paging): (&Asked, Paging),
        count: u64,
        items: Vec<T>,
        credits: impl Fn(&T) -> Vec<&[Arc<Credit>]>,
    ) -> Result<Self, Refusal> {
        let beside = paging.neighbours(asked, state.register.base().as_str(), count)?;
        let meta = Meta::of(state, items.iter().flat_map(credits));
        Ok(Self { meta, count, beside, items })
    }
}

/// Services, near a postcode or anywhere.
pub(super) async fn list_services<V: Search>(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    list::<V>(&state, &asked, &conditions, PAGE_SIZE, |paging| V::question(&state, &asked, paging))
}

/// Every service there is.
pub(super) async fn import<V: Version>(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    list::<V>(&state, &asked, &conditions, V::IMPORT_SIZE, |paging| {
        Ok(search::everything(&state, paging))
    })
}

/// A page of what `question` asks for.
fn list<V: Search>(
    state: &AppState,
    asked: &Asked,
    conditions: &Conditions,
    usual_size: u64,
    question: impl FnOnce(Paging) -> Result<Question, Refusal>,
) -> Result<Response> {
    answer::cached(state, asked, conditions, || {
        let paging = Paging::read(asked, usual_size, V::BEYOND);
        let question = paging.and_then(|paging| Ok((paging, question(paging)?)));
        let (paging, (query, place)) = match question {
            Ok(question) => question,
            Err(refusal) => return Ok(refusal.to_response(state)),
        };
        let found = state.register.search(query, &place)?.results;
        let services = Service::of_hits(state, &found.hits)?;
        let asked = (asked, paging);
        let listed = Listed::new(state, asked, found.total, services, Service::all_credits);
        Ok(match listed {
            Ok(listed) => answer::json(&V::page(state, &listed)),
            Err(refusal) => refusal.to_response(state),
        })
    })
}

/// One service, by identifier or slug.
pub(super) async fn find_service<V: Version>(
    State(state): State<AppState>,
    parameters: Parameters,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    single::<V>(&state, &parameters, &asked, &conditions, |id| {
        let found = Service::named(&state, id)?;
        Ok(found.map(|found| one(&state, found.all_credits(), V::service(&state, &found))))
    })
}

/// One organisation, by identifier or slug.
pub(super) async fn find_organisation<V: Version>(
    State(state): State<AppState>,
    parameters: Parameters,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    single::<V>(&state, &parameters, &asked, &conditions, |id| {
        let found = Organisation::named(&state, id)?;
        Ok(found.map(|found| one(&state, found.all_credits(), V::organisation(&state, &found))))
    })
}

/// What `find` answers for the identifier or slug in the path.
fn single<V: Version>(
    state: &AppState,
    parameters: &Parameters,
    asked: &Asked,
    conditions: &Conditions,
    find: impl FnOnce(&str) -> Result<Option<Response>>,
) -> Result<Response> {
    answer::cached(state, asked, conditions, || {
        let found = find(&parameters.text("id").unwrap_or_default())?;
        Ok(found.unwrap_or_else(V::absent))
    })
}

/// The answer that gives one thing, whose parts have each of these `credits`.
fn one<'a>(
    state: &'a AppState,
    credits: impl IntoIterator<Item = &'a [Arc<Credit>]>,
    data: impl Serialize,
) -> Response {
    answer::json(&Body { meta: Meta::of(state, credits), data })
}
