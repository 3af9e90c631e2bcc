//! Search over all kinds, and the collection of each kind: the same
//! parameters, the same answer.

use axum::extract::{OriginalUri, State};
use axum::response::Response;
use http::{StatusCode, header};

use crate::register::Near;
use crate::schema::{Kind, Schema};
use crate::web::admission::Scope;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::kinds::operation_name;
use crate::web::list::{self, Heading, Notes, Paging};
use crate::web::negotiate::{Format, Language};
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{ProblemKind, Result};
use crate::web::route::Route;
use crate::web::search_parameters::PARAMETERS;
use crate::web::search_query::{query_of, sought_kinds};
use crate::web::state::AppState;

/// The routes of search and of the collections.
pub(super) fn routes(schema: &Schema) -> Vec<Route<AppState>> {
    let mut routes = vec![
        Route::get(Scope::Public, "/api/v1/search", "searchRecords", search_records)
            .summary("Searches all kinds of record")
            .description("Best or nearest first. The same search answers as JSON, JSON-LD, GeoJSON, CSV, Atom, RSS, JSON Feed, iCalendar and Turtle, by suffix or Accept.")
            .tag("search")
            .parameters(PARAMETERS)
            .formats(&list::FORMATS)
            .problems(&[ProblemKind::UnknownPlace, ProblemKind::AmbiguousPlace])
            .kept()
            .answer(StatusCode::OK, Some("List"), "What was found"),
    ];
    for kind in schema.kinds() {
        let name = kind.name.clone();
        let handler = move |state: State<AppState>,
                            parameters: Parameters,
                            uri: OriginalUri,
                            format: Format,
                            language: Language,
                            conditions: Conditions| {
            let request = Request { parameters, uri, format, language, conditions };
            std::future::ready(answer(&state.0, Some(&name), &request))
        };
        routes.push(
            Route::get(
                Scope::Public,
                format!("/api/v1/{}", kind.path),
                format!("list{}", operation_name(&kind.path)),
                handler,
            )
            .summary(format!("Lists and searches {}", kind.path.replace('-', " ")))
            .description(kind.shape.description.clone())
            .tag("records")
            .parameters(&of_collection())
            .formats(&list::FORMATS)
            .problems(&[ProblemKind::UnknownPlace, ProblemKind::AmbiguousPlace])
            .kept()
            .answer(StatusCode::OK, Some("List"), "What was found"),
        );
    }
    routes
}

/// The parameters of a collection, whose address says the kind.
fn of_collection() -> Vec<Parameter> {
    PARAMETERS.iter().filter(|parameter| parameter.name != "kind").copied().collect()
}

struct Request {
    parameters: Parameters,
    uri: OriginalUri,
    format: Format,
    language: Language,
    conditions: Conditions,
}

/// Searches all kinds of record.
///
/// # Errors
///
/// 400 when a parameter can't be read, or a place is unknown or one of many.
pub async fn search_records(
    State(state): State<AppState>,
    parameters: Parameters,
    uri: OriginalUri,
    format: Format,
    language: Language,
    conditions: Conditions,
) -> Result<Response> {
    let request = Request { parameters, uri, format, language, conditions };
    answer(&state, None, &request)
}

fn answer(state: &AppState, kind: Option<&str>, request: &Request) -> Result<Response> {
    let today = state.today();
    let (mut query, place) = query_of(&state.register, &request.parameters, today)?;
    let schema = state.register.schema();
    let kind = kind.and_then(|name| schema.kind(name));
    if let Some(kind) = kind {
        query.kinds = vec![kind.name.clone()];
    } else if query.kinds.is_empty() && place.near.is_some() {
        query.kinds = sought_kinds(schema);
    }
    let path =
        kind.map_or_else(|| "/api/v1/search".to_owned(), |kind| format!("/api/v1/{}", kind.path));
    let page_path = kind.map_or_else(|| "/search".to_owned(), |kind| format!("/{}", kind.path));
    let asked = request.uri.query().unwrap_or_default();
    let revision = state.register.index().revision();
    // What is overdue tomorrow is another answer without another revision.
    let today = today.to_string();
    let variant =
        [path.as_str(), asked, request.format.media_type(), request.language.tag(), &today];
    let tag = EntityTag::new(revision, &variant);
    let mut response = cache::respond(&request.conditions, &tag, Freshness::Seconds(60), || {
        let page = query.page.clone();
        let found = state.register.search(query, &place)?;
        let heading = Heading {
            title: title(kind, found.near.as_ref()),
            path: &path,
            page_path: &page_path,
            query: asked,
            limit: page.limit,
            start: page.start,
            paging: paging(&request.parameters),
            language: request.language,
            notes: &Notes::new(),
        };
        Ok(list::respond(state, &heading, &found, request.format))
    })?;
    cache::vary(response.headers_mut(), header::ACCEPT_LANGUAGE);
    Ok(response)
}

fn title(kind: Option<&Kind>, near: Option<&Near>) -> String {
    let what = kind.map_or_else(
        || "Records".to_owned(),
        |kind| {
            let words = kind.path.replace('-', " ");
            words[..1].to_ascii_uppercase() + &words[1..]
        },
    );
    match near {
        Some(near) => format!("{what} near {}", near.label()),
        None => what,
    }
}

/// Whoever asks for pages gets pages; a cursor is better at everything else.
fn paging(parameters: &Parameters) -> Paging {
    if parameters.has("page") || parameters.has("per_page") {
        Paging::Numbers
    } else {
        Paging::Cursors
    }
}
