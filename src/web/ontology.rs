//! The ontology: `/ns`, its shapes and its JSON-LD context.

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, header};

use crate::model::Revision;
use crate::schema::{CONTEXT_PATH, context};
use crate::web::admission::Scope;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::html::page;
use crate::web::html::tongue::Tongue;
use crate::web::negotiate::{Format, Language};
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::representation;
use crate::web::route::Route;
use crate::web::state::AppState;

/// The terms of our own, as Turtle.
pub const ONTOLOGY: &str = include_str!("../../ontology/kist.ttl");

const FORMATS: &[Format] =
    &[Format::Html, Format::Turtle, Format::JsonLd, Format::NTriples, Format::RdfXml];

/// The routes of the ontology, whose HTML is what `page` draws.
pub(in crate::web) fn routes(
    page: fn(&AppState, Tongue) -> Result<Response>,
) -> Vec<Route<AppState>> {
    let find_ontology = move |State(state): State<AppState>,
                              parameters: Parameters,
                              format: Format,
                              language: Language,
                              conditions: Conditions| {
        let tongue = Tongue::of(&parameters, language);
        std::future::ready(find_ontology(&state, page, format, tongue, &conditions))
    };
    vec![
        Route::get(Scope::Public, "/ns", "findOntology", find_ontology)
            .summary("Gives the vocabulary, as a page or as RDF")
            .tag("linked data")
            .parameters(&[page::LANGUAGE])
            .formats(FORMATS)
            .answer(StatusCode::OK, None, "The ontology"),
        Route::get(Scope::Public, "/ns/shapes", "findShapes", find_shapes)
            .summary("Gives the schema of records as SHACL shapes, those of the operator too")
            .tag("linked data")
            .formats(&[Format::Turtle, Format::JsonLd, Format::NTriples, Format::RdfXml])
            .answer(StatusCode::OK, None, "The shapes"),
        Route::get(Scope::Public, CONTEXT_PATH, "findContext", find_context)
            .summary("Gives the JSON-LD context of records")
            .tag("linked data")
            .answer(StatusCode::OK, None, "The context"),
    ]
}

fn find_ontology(
    state: &AppState,
    page: fn(&AppState, Tongue) -> Result<Response>,
    format: Format,
    tongue: Tongue,
    conditions: &Conditions,
) -> Result<Response> {
    let revision = match format {
        Format::Html => state.register.index().revision(),
        _ => Revision(0),
    };
    let tag = EntityTag::new(revision, &["ns", format.media_type(), tongue.variant(), ONTOLOGY]);
    let mut response =
        cache::respond(conditions, &tag, Freshness::Seconds(3_600), || match format {
            Format::Html => page(state, tongue),
            format => representation::of_turtle(ONTOLOGY, format),
        })?;
    if format == Format::Html {
        cache::vary(response.headers_mut(), header::ACCEPT_LANGUAGE);
    }
    Ok(response)
}

async fn find_shapes(
    State(state): State<AppState>,
    format: Format,
    conditions: Conditions,
) -> Result<Response> {
    let shapes = state.register.schema().as_turtle();
    let tag = EntityTag::new(Revision(0), &["shapes", format.media_type(), shapes]);
    cache::respond(&conditions, &tag, Freshness::Seconds(3_600), || {
        representation::of_turtle(shapes, format)
    })
}

async fn find_context(State(state): State<AppState>, conditions: Conditions) -> Result<Response> {
    let text = context(state.register.schema()).to_string();
    let tag = EntityTag::new(Revision(0), &["context", &text]);
    cache::respond(&conditions, &tag, Freshness::Seconds(3_600), || {
        Ok(representation::of(Format::JsonLd, text))
    })
}
