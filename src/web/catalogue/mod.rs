//! What there is to have: `VoID` and DCAT descriptions, and the dump.

mod page;
mod sources;

use std::fmt::Write as _;
use std::io;

use axum::extract::State;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::StatusCode;

use crate::register::{Facet, Page, Query, ReadError, Register, Start};
use crate::web::admission::{Class, Scope};
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::html;
use crate::web::html::page::LANGUAGE;
use crate::web::html::tongue::Tongue;
use crate::web::negotiate::{Format, Language};
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::representation;
use crate::web::route::Route;
use crate::web::state::AppState;
use crate::web::streaming;

/// Turtle goes before the page, for programs that take anything.
const FORMATS: &[Format] =
    &[Format::Turtle, Format::JsonLd, Format::NTriples, Format::RdfXml, Format::Html];

/// The routes of the catalogue and the dumps.
pub fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, "/.well-known/void", "findVoid", find_void)
            .summary("Describes the register as a data set, in VoID")
            .tag("linked data")
            .parameters(&[LANGUAGE])
            .formats(FORMATS)
            .answer(StatusCode::OK, None, "The description"),
        Route::get(Scope::Public, "/catalogue", "findCatalogue", find_catalogue)
            .summary("Gives the catalogue of the register's data, in DCAT")
            .description("Each source is a data set of its own, with its publisher, licence and last harvest.")
            .tag("linked data")
            .class(Class::Store)
            .parameters(&[LANGUAGE])
            .formats(FORMATS)
            .answer(StatusCode::OK, None, "The catalogue"),
        Route::get(Scope::Public, "/dumps/kist.nq.gz", "findDump", find_dump)
            .summary("Gives everything as N-Quads, compressed")
            .description("One named graph for each source of each record. It is of one moment, however long the transfer takes.")
            .tag("linked data")
            .class(Class::Store)
            .answer(StatusCode::OK, None, "The dump"),
        Route::get(Scope::Public, "/dumps/kist.nq", "findPlainDump", find_plain_dump)
            .summary("Gives everything as N-Quads")
            .tag("linked data")
            .class(Class::Store)
            .answer(StatusCode::OK, None, "The dump"),
    ]
}

async fn find_void(
    State(state): State<AppState>,
    parameters: Parameters,
    format: Format,
    wanted: Language,
    conditions: Conditions,
) -> Result<Response> {
    if format == Format::Html {
        return shown(&state, "/.well-known/void", Tongue::of(&parameters, wanted), &conditions);
    }
    described(&state, "void", format, &conditions, void)
}

async fn find_catalogue(
    State(state): State<AppState>,
    parameters: Parameters,
    format: Format,
    wanted: Language,
    conditions: Conditions,
) -> Result<Response> {
    if format == Format::Html {
        return shown(&state, "/catalogue", Tongue::of(&parameters, wanted), &conditions);
    }
    // Harvests that change nothing have no revision.
    let harvested = sources::harvested(&state.register)?;
    described(&state, &format!("catalogue\n{harvested}"), format, &conditions, catalogue)
}

/// The page for people.
fn shown(
    state: &AppState,
    path: &str,
    tongue: Tongue,
    conditions: &Conditions,
) -> Result<Response> {
    let revision = state.register.index().revision();
    html::page::send(conditions, revision, &["data", path, tongue.variant()], || {
        page::draw(state, path, tongue)
    })
}

fn described(
    state: &AppState,
    name: &str,
    format: Format,
    conditions: &Conditions,
    write: fn(&Register) -> Result<String>,
) -> Result<Response> {
    let tag = EntityTag::new(state.register.index().revision(), &[name, format.media_type()]);
    cache::respond(conditions, &tag, Freshness::Seconds(300), || {
        representation::of_turtle(&write(&state.register)?, format)
    })
}

const PREFIXES: &str = "\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kist: <https://w3id.org/kist#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";

const MEMORY: &str = "a string takes everything";

fn void(register: &Register) -> Result<String> {
    let base = register.base().as_str();
    let triples = register.graph().len().map_err(ReadError::from)?;
    let mut text = format!(
        "{PREFIXES}
<{base}/.well-known/void> a void:DatasetDescription ; foaf:primaryTopic <{base}/catalogue#kist> .
<{base}/catalogue#kist> a void:Dataset ;
    dcterms:title \"kist\"@en ;
    foaf:homepage <{base}/> ;
    void:sparqlEndpoint <{base}/sparql> ;
    void:dataDump <{base}/dumps/kist.nq.gz> ;
    void:uriSpace \"{base}/id/\" ;
    void:vocabulary <https://w3id.org/kist#> , <https://schema.org/> , <http://www.w3.org/ns/org#> ,
        <http://www.w3.org/2004/02/skos/core#> , <http://www.w3.org/ns/prov#> ;
    void:feature <http://www.w3.org/ns/formats/N-Quads> , <http://www.w3.org/ns/formats/Turtle> ;
    void:triples {triples} .
"
    );
    for (kind, count) in counts(register)? {
        let Some(kind) = register.schema().kind(&kind) else { continue };
        let class = kind.shape.class.as_str();
        let part = format!("[ void:class <{class}> ; void:entities {count} ]");
        writeln!(text, "<{base}/catalogue#kist> void:classPartition {part} .").expect(MEMORY);
    }
    Ok(text)
}

fn catalogue(register: &Register) -> Result<String> {
    let base = register.base().as_str();
    let mut text = format!(
        "{PREFIXES}
<{base}/catalogue> a dcat:Catalog ;
    dcterms:title \"What this register holds\"@en ;
    foaf:homepage <{base}/> ;
    dcat:dataset <{base}/catalogue#kist> ;
    dcat:service <{base}/catalogue#sparql> , <{base}/catalogue#api> .
<{base}/catalogue#kist> a dcat:Dataset ;
    dcterms:title \"kist: organisations, local assets and knowledge of partnership\"@en ;
    dcterms:spatial <{base}/id/place/S92000003> ;
    dcat:landingPage <{base}/> ;
    dcat:distribution <{base}/catalogue#dump> .
<{base}/catalogue#dump> a dcat:Distribution ;
    dcterms:title \"Everything, as N-Quads\"@en ;
    dcat:downloadURL <{base}/dumps/kist.nq.gz> ;
    dcat:mediaType <https://www.iana.org/assignments/media-types/application/n-quads> ;
    dcat:compressFormat <https://www.iana.org/assignments/media-types/application/gzip> .
<{base}/catalogue#sparql> a dcat:DataService ;
    dcterms:title \"SPARQL 1.1\"@en ;
    dcat:endpointURL <{base}/sparql> ; dcat:servesDataset <{base}/catalogue#kist> .
<{base}/catalogue#api> a dcat:DataService ;
    dcterms:title \"JSON API\"@en ;
    dcat:endpointURL <{base}/api/v1/search> ;
    dcat:endpointDescription <{base}/api/openapi.json> ;
    dcat:servesDataset <{base}/catalogue#kist> .
"
    );
    sources::describe(register, &mut text)?;
    Ok(text)
}

fn counts(register: &Register) -> Result<Vec<(String, u64)>> {
    let query = Query {
        page: Page { limit: 1, start: Start::Offset(0) },
        facets: vec![Facet::Kind],
        ..Query::default()
    };
    let found = register.index().search(&query)?;
    Ok(found.facets.into_iter().flat_map(|facet| facet.counts).collect())
}

/// Sends the dump as it is written, compressed.
async fn find_dump(State(state): State<AppState>) -> Response {
    streaming::respond("application/gzip", Some("kist.nq.gz"), move |parts| {
        let mut compressed = GzEncoder::new(parts, Compression::fast());
        state.register.graph().dump(&mut compressed).map_err(io::Error::other)?;
        compressed.finish()?.flush()
    })
}

/// Sends the dump as it is written.
async fn find_plain_dump(State(state): State<AppState>) -> Response {
    streaming::respond("application/n-quads", Some("kist.nq"), move |parts| {
        state.register.graph().dump(parts).map_err(io::Error::other)?;
        Ok(())
    })
}
