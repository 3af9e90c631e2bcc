//! The ontology: `/ns`, its shapes and its JSON-LD context.

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, header};

use crate::graph::GraphFormat;
use crate::model::Revision;
use crate::register;
use crate::schema::{CONTEXT_PATH, context};
use crate::web::admission::Scope;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::linked_data::document;
use crate::web::negotiate::{Format, Language};
use crate::web::pages;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

/// The terms of our own, as Turtle.
pub const ONTOLOGY: &str = include_str!("../../ontology/kist.ttl");

const FORMATS: &[Format] =
    &[Format::Html, Format::Turtle, Format::JsonLd, Format::NTriples, Format::RdfXml];

/// The routes of the ontology.
pub fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, "/ns", "findOntology", find_ontology)
            .summary("Gives the vocabulary, as a page or as RDF")
            .tag("linked data")
            .parameters(&[pages::LANGUAGE])
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

async fn find_ontology(
    State(state): State<AppState>,
    format: Format,
    parameters: Parameters,
    language: Language,
    conditions: Conditions,
) -> Result<Response> {
    let language = pages::language(&parameters, language);
    let revision = match format {
        Format::Html => state.register.index().revision(),
        _ => Revision(0),
    };
    let tag = EntityTag::new(revision, &["ns", format.media_type(), language.tag(), ONTOLOGY]);
    let mut response =
        cache::respond(&conditions, &tag, Freshness::Seconds(3_600), || match format {
            Format::Html => pages::vocabulary_page(&state, language),
            format => convert(ONTOLOGY, format),
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
    cache::respond(&conditions, &tag, Freshness::Seconds(3_600), || convert(shapes, format))
}

async fn find_context(State(state): State<AppState>, conditions: Conditions) -> Result<Response> {
    let text = context(state.register.schema()).to_string();
    let tag = EntityTag::new(Revision(0), &["context", &text]);
    cache::respond(&conditions, &tag, Freshness::Seconds(3_600), || {
        Ok(document(Format::JsonLd, text.into_bytes()))
    })
}

/// Turtle of our own → another format; Turtle is served as it was written.
pub(in crate::web) fn convert(turtle: &str, format: Format) -> Result<Response> {
    let engine = match format {
        Format::JsonLd => GraphFormat::JsonLd,
        Format::NTriples => GraphFormat::NTriples,
        Format::RdfXml => GraphFormat::RdfXml,
        Format::Turtle => return Ok(document(format, turtle.as_bytes().to_vec())),
        _ => return Err(Problem::internal()),
    };
    let written = register::convert(turtle, engine).map_err(|error| {
        tracing::error!(%error, "Turtle of our own can't be read");
        Problem::internal()
    })?;
    Ok(document(format, written))
}
