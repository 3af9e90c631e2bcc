//! What there is to have: `VoID` and DCAT descriptions, and the dump.

mod sources;

use std::fmt::Write as _;
use std::io::{self, Write};

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderValue, StatusCode, header};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::register::{Facet, Page, Query, ReadError, Register, Start};
use crate::web::admission::{Class, Scope};
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::negotiate::Format;
use crate::web::ontology;
use crate::web::problem::Result;
use crate::web::route::Route;
use crate::web::state::AppState;

const FORMATS: &[Format] = &[Format::Turtle, Format::JsonLd, Format::NTriples, Format::RdfXml];

/// How many parts of a dump may wait for a slow reader.
const WAITING_PARTS: usize = 8;
/// How big such a part is, in bytes.
const PART: usize = 64 << 10;

/// The routes of the catalogue and the dumps.
pub fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, "/.well-known/void", "findVoid", find_void)
            .summary("Describes the register as a data set, in VoID")
            .tag("linked data")
            .formats(FORMATS)
            .answer(StatusCode::OK, None, "The description"),
        Route::get(Scope::Public, "/catalogue", "findCatalogue", find_catalogue)
            .summary("Gives the catalogue of the register's data, in DCAT")
            .description("Each source is a data set of its own, with its publisher, licence and last harvest.")
            .tag("linked data")
            .class(Class::Store)
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
    format: Format,
    conditions: Conditions,
) -> Result<Response> {
    described(&state, "void", format, &conditions, void)
}

async fn find_catalogue(
    State(state): State<AppState>,
    format: Format,
    conditions: Conditions,
) -> Result<Response> {
    // Harvests that change nothing have no revision.
    let harvested = sources::harvested(&state.register)?;
    described(&state, &format!("catalogue\n{harvested}"), format, &conditions, catalogue)
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
        ontology::convert(&write(&state.register)?, format)
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
    let (sender, receiver) = mpsc::channel(WAITING_PARTS);
    tokio::task::spawn_blocking(move || {
        let parts = io::BufWriter::with_capacity(PART, Parts(sender.clone()));
        let mut compressed = GzEncoder::new(parts, Compression::fast());
        let written = state
            .register
            .graph()
            .dump(&mut compressed)
            .map_err(io::Error::other)
            .and_then(|_| compressed.finish()?.flush());
        finish(written, &sender);
    });
    stream(receiver, "application/gzip", "kist.nq.gz")
}

/// Sends the dump as it is written.
async fn find_plain_dump(State(state): State<AppState>) -> Response {
    let (sender, receiver) = mpsc::channel(WAITING_PARTS);
    tokio::task::spawn_blocking(move || {
        let mut parts = io::BufWriter::with_capacity(PART, Parts(sender.clone()));
        let dumped = state.register.graph().dump(&mut parts).map_err(io::Error::other);
        finish(dumped.and_then(|_| parts.flush()), &sender);
    });
    stream(receiver, "application/n-quads", "kist.nq")
}

type Part = io::Result<Bytes>;

/// A dump that fails is broken off, so that nobody takes a part for the
/// whole.
fn finish(written: io::Result<()>, sender: &mpsc::Sender<Part>) {
    if let Err(error) = written {
        tracing::warn!(%error, "a dump was broken off");
        let _ = sender.blocking_send(Err(error));
    }
}

fn stream(receiver: mpsc::Receiver<Part>, media_type: &'static str, file: &str) -> Response {
    let disposition = format!("attachment; filename=\"{file}\"");
    let mut response = Body::from_stream(ReceiverStream::new(receiver)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, Freshness::Revalidate.to_header());
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// A writer whose parts go to the reader of a response.
struct Parts(mpsc::Sender<Part>);

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Ok(part)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
