//! Where is it: places, postcodes and positions.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::gazetteer::{Resolution, ResolveError};
use crate::model::Postcode;
use crate::web::admission::Scope;
use crate::web::cache::Freshness;
use crate::web::faults;
use crate::web::list::position;
use crate::web::negotiate::Format;
use crate::web::parameter::{Parameter, ParameterKind};
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

const QUESTION: &[Parameter] = &[
    Parameter::new(
        "q",
        ParameterKind::Place,
        "A postcode or a part of one, a place, `latitude,longitude`, or the code of an area",
    )
    .required()
    .example("Portree"),
    Parameter::new(
        "strict",
        ParameterKind::Boolean,
        "Whether a postcode that isn't known is a problem, rather than answered by its sector",
    ),
];

const POSTCODE: Parameter =
    Parameter::text("postcode", "A postcode, sector or district, in any case and spacing");

pub(super) fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, "/api/v1/places/resolve", "resolvePlace", resolve_place)
            .summary("Finds a place, a postcode or a position")
            .tag("places")
            .parameters(QUESTION)
            .formats(&[Format::Json])
            .problems(&[
                ProblemKind::UnknownPlace,
                ProblemKind::AmbiguousPlace,
                ProblemKind::NotFound,
            ])
            .answer(StatusCode::OK, None, "Where it is, how exactly, and in which areas"),
        Route::get(Scope::Public, "/api/v1/postcodes/{postcode}", "findPostcode", find_postcode)
            .summary("Finds a postcode, or a part of one")
            .tag("places")
            .path_parameter(POSTCODE)
            .parameters(&[QUESTION[1]])
            .formats(&[Format::Json])
            .answer(StatusCode::OK, None, "Where it is, how exactly, and in which areas"),
    ]
}

/// Finds a place.
async fn resolve_place(State(state): State<AppState>, parameters: Parameters) -> Result<Response> {
    let text = parameters.text("q").unwrap_or_default();
    let resolution = state
        .register
        .gazetteer()
        .resolve(&text)
        .map_err(|error| of_question("q", &text, &error))?;
    answer(&state, &parameters, &resolution)
}

/// A postcode that can be, and is not known, is not found; a place may only be
/// spelt another way (contract geo, 4.2).
fn of_question(parameter: &str, text: &str, error: &ResolveError) -> Problem {
    match error {
        ResolveError::Unknown { .. } if text.parse::<Postcode>().is_ok() => {
            Problem::not_found(error)
        }
        error => faults::place_problem(parameter, error),
    }
}

/// Finds a postcode. Malformed is told from unknown: 400 and 404.
async fn find_postcode(State(state): State<AppState>, parameters: Parameters) -> Result<Response> {
    let text = parameters.text("postcode").unwrap_or_default();
    text.parse::<Postcode>().map_err(|error| Problem::invalid_parameter("postcode", error))?;
    let resolution = state.register.gazetteer().resolve(&text);
    let resolution = resolution.map_err(|error| of_question("postcode", &text, &error))?;
    answer(&state, &parameters, &resolution)
}

fn answer(state: &AppState, parameters: &Parameters, found: &Resolution) -> Result<Response> {
    if parameters.boolean("strict") == Some(true) && found.status.as_str() == "approximate" {
        return Err(Problem::not_found(format!("the postcode {} is not known", found.label)));
    }
    let mut response = Json(resolution(state, found)).into_response();
    let fresh: HeaderValue = Freshness::Seconds(86_400).to_header();
    response.headers_mut().insert(header::CACHE_CONTROL, fresh);
    Ok(response)
}

/// A resolution as JSON: kind, status, position, areas and alternatives.
fn resolution(state: &AppState, found: &Resolution) -> Value {
    let gazetteer = state.register.gazetteer();
    let base = state.register.base().as_str();
    let areas: Vec<Value> = found
        .areas
        .iter()
        .filter_map(|code| gazetteer.area(code))
        .map(|area| {
            json!({
                "id": format!("{base}/id/place/{}", area.code),
                "code": *area.code,
                "name": area.name,
                "level": area.level.as_str(),
            })
        })
        .collect();
    let alternatives: Vec<Value> = found
        .alternatives
        .iter()
        .map(|other| {
            json!({
                "near": other.text,
                "label": other.label,
                "kind": other.kind.as_str(),
                "latitude": other.point.latitude(),
                "longitude": other.point.longitude(),
            })
        })
        .collect();
    let mut json = position(found);
    json["areas"] = json!(areas);
    json["alternatives"] = json!(alternatives);
    if let Some(bounds) = found.bounding_box {
        let (low, high) = (bounds.south_west(), bounds.north_east());
        json["bbox"] = json!([low.longitude(), low.latitude(), high.longitude(), high.latitude()]);
    }
    json
}
