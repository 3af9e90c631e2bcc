//! Search over all kinds, and the collection of each kind: the same
//! parameters, the same answer.

use axum::extract::{OriginalUri, State};
use axum::response::Response;
use http::StatusCode;

use crate::register::Near;
use crate::schema::{Kind, Schema};
use crate::web::admission::Scope;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::list::{self, Heading, Paging};
use crate::web::negotiate::{Format, Language};
use crate::web::parameter::{Parameter, ParameterKind};
use crate::web::parameters::Parameters;
use crate::web::problem::{ProblemKind, Result};
use crate::web::route::Route;
use crate::web::serialise;
use crate::web::state::AppState;

pub use crate::web::api::search_query::{facet_name, query_of};

/// How many hits a page has at most.
const HIGHEST_LIMIT: i64 = 1_000;
/// Kinds that describe the register rather than stand in it. A search near a
/// place passes over them unless it asks for them: a ward is no neighbour.
const REFERENCE_KINDS: &[&str] = &["place", "category", "scheme", "source", "run"];

/// Every parameter of a search.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::text("q", "Words to look for; all must be found. Small misspellings are forgiven, and the last word may be unfinished").example("walking group"),
    Parameter::new("near", ParameterKind::Place, "Where to look: a postcode, part of one, a place, `latitude,longitude`, or the code of an area").example("EH6 8RG"),
    Parameter::new("within", ParameterKind::Distance(1_000_000.0), "How far from there, with a unit: m, km, mi or yd. Without it everything is shown, nearest first").example("2km"),
    Parameter::new("online", ParameterKind::Boolean, "Whether a search near a place also finds what is only online").example("true"),
    Parameter::text("kind", "Kinds of record, such as `asset` or `organisation`. When none is said, a search near a place leaves out places, categories, schemes, sources and runs").repeatable().example("asset"),
    Parameter::text("type", "Types of asset, by slug").repeatable().example("library-venue"),
    Parameter::text("resource_type", "Types of resource, by slug").repeatable().example("guide"),
    Parameter::text("topic", "Topics, by slug; narrower topics are found too").repeatable().example("walking"),
    Parameter::text("audience", "Whom it is for, by slug").repeatable().example("unpaid-carers"),
    Parameter::integer("age", 0, 130, "An age in years, for which it must be meant").example("70"),
    Parameter::text("accessibility", "Accessibility features, by slug").repeatable(),
    Parameter::text("sector", "Sectors, by slug").repeatable().example("third-sector"),
    Parameter::text("form", "What binds a partnership, by slug").repeatable().example("consortium"),
    Parameter::text("stage", "How far a partnership has come, by slug").repeatable().example("in-delivery"),
    Parameter::text("language", "Languages in which it is offered, as BCP 47 tags").repeatable().example("gd"),
    Parameter::choice("cost", &["free", "paid"], "Whether it costs something").example("free"),
    Parameter::choice("access", &["in-person", "remote", "hybrid"], "How people take part"),
    Parameter::choice("status", &["active", "paused", "ended", "open", "in-conversation", "matched", "closed"], "Whether it runs, or how far an offer or need has come"),
    Parameter::text("level", "Levels of areas, such as `council`").repeatable(),
    Parameter::text("scheme", "Schemes of categories, by slug").repeatable(),
    Parameter::text("parent", "The wider category or area, by slug or code").repeatable(),
    Parameter::text("organisation", "Organisations that provide, publish or take part, by id or slug").repeatable(),
    Parameter::text("source", "Sources from which records come, by id").repeatable(),
    Parameter::text("area", "Areas in which it is or which it serves, by code").repeatable().example("S12000036"),
    Parameter::new("bbox", ParameterKind::BoundingBox, "A box: west, south, east, north; west of its east when it crosses the antimeridian").example("-3.3,55.9,-3.1,56.0"),
    Parameter::new("polygon", ParameterKind::Polygon, "A ring of positions, `latitude,longitude;latitude,longitude;…`, or a WKT polygon").example("55.9,-3.3;55.9,-3.1;56.0,-3.2"),
    Parameter::text("open", "When it must be open: a weekday and time, or a date and time, local to Scotland").example("mo 14:30"),
    Parameter::choice("sort", &["relevance", "distance", "name", "reviewed", "added"], "The order").example("distance"),
    Parameter::integer("page", 1, list::LAST_PAGE, "Which page, for people").example("1"),
    Parameter::integer("per_page", 1, HIGHEST_LIMIT, "How many on a page; 20 when not said").example("20"),
    Parameter::integer("limit", 1, HIGHEST_LIMIT, "The same as `per_page`, for programs").example("20"),
    Parameter::text("cursor", "The place after which to go on, as `next` gives it unless `page` or `per_page` is asked for; stable while records change"),
    Parameter::text("facets", "Facets to count over everything that is found: kind, or any parameter that filters by values, such as `topic` or `cost`").repeatable().example("topic,cost"),
    Parameter::new("explain", ParameterKind::Boolean, "Whether each hit tells why it stands where it does").example("true"),
];

/// The routes of search and of the collections.
pub(super) fn routes(schema: &Schema) -> Vec<Route<AppState>> {
    let mut routes = vec![
        Route::get(Scope::Public, "/api/v1/search", "searchRecords", search_records)
            .summary("Searches all kinds of record")
            .description("Best or nearest first. The same search answers as JSON, JSON-LD, GeoJSON, CSV, Atom, RSS and iCalendar, by suffix or Accept.")
            .tag("search")
            .parameters(PARAMETERS)
            .formats(&serialise::FORMATS)
            .problems(&[ProblemKind::UnknownPlace, ProblemKind::AmbiguousPlace])
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
            .formats(&serialise::FORMATS)
            .problems(&[ProblemKind::UnknownPlace, ProblemKind::AmbiguousPlace])
            .answer(StatusCode::OK, Some("List"), "What was found"),
        );
    }
    routes
}

/// The parameters of a collection, whose address says the kind.
fn of_collection() -> Vec<Parameter> {
    PARAMETERS.iter().filter(|parameter| parameter.name != "kind").copied().collect()
}

/// `case-studies` → `CaseStudies`.
pub(super) fn operation_name(path: &str) -> String {
    path.split('-').map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
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
        let kinds = schema.kinds().map(|kind| kind.name.clone());
        query.kinds = kinds.filter(|kind| !REFERENCE_KINDS.contains(&kind.as_str())).collect();
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
    cache::respond(&request.conditions, &tag, Freshness::Seconds(60), || {
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
        };
        Ok(list::respond(state, &heading, &found, request.format))
    })
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
