//! The endpoints of the collections: a list, and one of it by its id.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::record::RecordId;
use crate::register::{Facet, Filter, Hit, Page, Query, Register, Start, Where};
use crate::web::admission::{Class, Scope};
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::hsds::identity;
use crate::web::hsds::page::Envelope;
use crate::web::hsds::said::Said;
use crate::web::open_referral::PATH;
use crate::web::open_referral::collection::{self, ALL, Collection, Reader, Walk};
use crate::web::open_referral::parameters::PAGE;
use crate::web::open_referral::question::{self, Asked, Depth};
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::state::AppState;
use crate::web::streaming;

pub(super) fn routes() -> Vec<Route<AppState>> {
    ALL.into_iter().flat_map(routes_of).collect()
}

fn routes_of(collection: Collection) -> [Route<AppState>; 2] {
    let (list, find, schema) = collection.names();
    let path = format!("{PATH}/{}", collection.path());
    let words = collection.path().replace('_', " ");
    let listing = move |state: State<AppState>,
                        parameters: Parameters,
                        uri: OriginalUri,
                        conditions: Conditions| {
        let depth = question::page(&parameters).depth;
        let answer = move || answer_list(state.0, collection, &parameters, &uri, &conditions);
        async move {
            match depth {
                Depth::Row | Depth::Minimal => answer(),
                // Whole objects are read from the store, a hundred of them.
                Depth::Whole | Depth::WithServices => tokio::task::spawn_blocking(answer)
                    .await
                    .unwrap_or_else(|_| Err(Problem::internal())),
            }
        }
    };
    let finding = move |state: State<AppState>, parameters: Parameters, conditions: Conditions| {
        std::future::ready(answer_one(&state.0, collection, &parameters, &conditions))
    };
    let page = format!("{schema}Page");
    [
        Route::get(Scope::Public, path.clone(), list, listing)
            .summary(format!("Lists {words}"))
            .tag(collection.tag())
            .parameters(collection.parameters())
            .parameters(PAGE)
            .tolerant_query()
            .kept()
            .problems(&[ProblemKind::UnknownPlace, ProblemKind::AmbiguousPlace])
            .answer(StatusCode::OK, Some(&page), "A page"),
        Route::get(Scope::Public, format!("{path}/{{id}}"), find, finding)
            .summary(format!("Gives one of the {words}"))
            .tag(collection.tag())
            .class(Class::Store)
            .path_parameter(Parameter::text("id", "Its UUID"))
            .tolerant_query()
            .problems(&[ProblemKind::Gone])
            .answer(StatusCode::OK, Some(schema), "With all that is nested"),
    ]
}

fn answer_list(
    state: AppState,
    collection: Collection,
    parameters: &Parameters,
    uri: &OriginalUri,
    conditions: &Conditions,
) -> Result<Response> {
    let asked = question::page(parameters);
    let today = state.today();
    let (mut query, place) = match collection {
        Collection::Services | Collection::AtLocations => {
            question::of_services(&state.register, parameters, today)?
        }
        _ => (question::of_kind(collection.kind(), parameters, today)?, Where::default()),
    };
    if collection == Collection::Terms {
        filter_terms(&state.register, parameters, &mut query)?;
    }
    let text = uri.query().unwrap_or_default();
    let tag =
        EntityTag::new(state.register.index().revision(), &[uri.path(), text, &today.to_string()]);
    let is_narrowed = parameters.has("parent_id") || question::is_set(parameters, "top_only");
    cache::respond(conditions, &tag, Freshness::Seconds(60), || {
        if collection == Collection::Terms && is_narrowed {
            return narrowed_terms(Reader::of(&state), parameters, &query, asked);
        }
        if parameters.text("format").as_deref() == Some("ndjson") {
            return stream(state, collection, query, place, asked.depth);
        }
        query.page = question::part(asked);
        let query = collection.rows_of(query, &place);
        let found = state.register.search(query, &place)?.results;
        let reader = Reader::of(&state);
        let rows: Result<Vec<Json>> = found
            .hits
            .iter()
            .filter_map(|hit| collection::row(reader, collection, hit, asked.depth).transpose())
            .collect();
        Ok(written(&Envelope::new(asked.number, asked.per_page, found.total, rows?)))
    })
}

fn written(body: &impl serde::Serialize) -> Response {
    let bytes = serde_json::to_vec(body).unwrap_or_default();
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], bytes).into_response()
}

fn answer_one(
    state: &AppState,
    collection: Collection,
    parameters: &Parameters,
    conditions: &Conditions,
) -> Result<Response> {
    let register = &state.register;
    let text = parameters.text("id").unwrap_or_default();
    let (id, site) = match collection {
        Collection::AtLocations => at_location(register, &text)?,
        _ => (identity::named(register, collection.kind(), &text)?, 0),
    };
    let reader = Reader::of(state);
    let today = reader.today.to_string();
    let tag = EntityTag::new(register.index().revision(), &[collection.path(), &text, &today]);
    cache::respond(conditions, &tag, Freshness::Revalidate, || {
        let nothing = || Problem::not_found(format!("nothing is registered as `{text}`"));
        let mut json = collection::whole(reader, collection, (&id, site), Depth::Whole)?
            .ok_or_else(nothing)?;
        if collection == Collection::Organizations {
            let services = collection::services_of(reader, &id, Depth::Row)?;
            if !services.is_empty() {
                json["services"] = services.into();
            }
        }
        Ok(written(&json))
    })
}

/// The asset that a service at a location is of, and the number of its site.
fn at_location(register: &Register, text: &str) -> Result<(RecordId, usize)> {
    let found = Uuid::try_parse(text).ok().and_then(|uuid| register.by_uuid(uuid));
    match found {
        Some((id, Some(site))) if id.kind() == "asset" => Ok((id, site)),
        _ => Err(Problem::not_found(format!("no service at a location has the id `{text}`"))),
    }
}

/// Adds the taxonomy to the query for terms.
fn filter_terms(register: &Register, parameters: &Parameters, query: &mut Query) -> Result<()> {
    if let Some(text) = parameters.text("taxonomy_id") {
        let scheme = question::named(register, "taxonomy_id", "scheme", &text)?;
        let any_of = scheme.map(|id| id.id().to_owned()).into_iter().collect();
        query.filters.push(Filter { facet: Facet::Scheme, any_of });
    }
    Ok(())
}

/// The terms right below another, or with none above: these are few, and picked
/// out of all.
fn narrowed_terms(
    reader: Reader<'_>,
    parameters: &Parameters,
    query: &Query,
    asked: Asked,
) -> Result<Response> {
    let register = reader.register;
    let parent = match parameters.text("parent_id") {
        Some(text) => Some(question::named(register, "parent_id", "category", &text)?),
        None => None,
    };
    let page = Page { limit: usize::MAX, start: Start::Offset(0) };
    let query = Query { page, ..query.clone() };
    let is_wanted = |hit: &Hit| {
        let summary = serde_json::from_slice(&hit.summary()).unwrap_or_default();
        let above = Said(&summary).references("broader", register.base());
        let is_below = parent
            .as_ref()
            .is_none_or(|parent| parent.as_ref().is_some_and(|parent| above.contains(parent)));
        is_below && (above.is_empty() || !question::is_set(parameters, "top_only"))
    };
    let found = register.search(query, &Where::default())?.results;
    let hits: Vec<&Hit> = found.hits.iter().filter(|hit| is_wanted(hit)).collect();
    let skipped = (asked.number - 1).saturating_mul(asked.per_page);
    let rows: Result<Vec<Json>> = hits
        .iter()
        .skip(skipped)
        .take(asked.per_page)
        .filter_map(|hit| collection::row(reader, Collection::Terms, hit, asked.depth).transpose())
        .collect();
    Ok(written(&Envelope::new(asked.number, asked.per_page, hits.len() as u64, rows?)))
}

/// All rows, one on each line, in bounded memory. What is wrong with the query
/// is told before anything is sent.
fn stream(
    state: AppState,
    collection: Collection,
    query: Query,
    place: Where,
    depth: Depth,
) -> Result<Response> {
    let walk = Walk::begin(&state.register, collection, query, place)?;
    Ok(streaming::respond("application/x-ndjson", None, move |parts| {
        walk.each(Reader::of(&state), collection, depth, &mut |row| {
            serde_json::to_writer(&mut *parts, &row)?;
            parts.write_all(b"\n")
        })
    }))
}
