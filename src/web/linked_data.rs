//! Linked data: the thing, its document, and the document's formats.
//!
//! `/id/{kind}/{id}` is the thing; it can't be sent over a wire, so 303 points
//! to its document `/{kinds}/{id}`, which is negotiated, or pinned by a suffix
//! (W3C note “Cool URIs for the Semantic Web”, 2008).

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};

use crate::graph::GraphFormat;
use crate::record::RecordId;
use crate::schema::{Kind, Schema};
use crate::web::address;
use crate::web::admission::{Class, Scope};
use crate::web::beside::{self, Shown};
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::html::page;
use crate::web::html::tongue::Tongue;
use crate::web::kinds::{called, operation_name};
use crate::web::named::{self, ID, Named};
use crate::web::negotiate::{Format, Language};
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::representation;
use crate::web::route::Route;
use crate::web::state::AppState;

/// The formats of a document about one record.
pub const FORMATS: &[Format] = &[
    Format::Html,
    Format::JsonLd,
    Format::Turtle,
    Format::NTriples,
    Format::RdfXml,
    Format::NQuads,
    Format::TriG,
    Format::Json,
];

/// The pages of records, which are drawn elsewhere.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Pages {
    /// The page of a record.
    pub(in crate::web) record: fn(&AppState, &Shown, Tongue) -> Result<Response>,
    /// What changes on it without a revision.
    pub(in crate::web) variant: fn(&AppState, &Shown) -> Result<String>,
    /// The page that stands where a record was, which was withdrawn as the
    /// problem says.
    pub(in crate::web) tombstone: fn(&AppState, &RecordId, &Problem, Tongue) -> Result<Response>,
}

/// The routes of things and documents, whose HTML is what `pages` draw.
pub(in crate::web) fn routes(schema: &Schema, pages: Pages) -> Vec<Route<AppState>> {
    schema.kinds().flat_map(|kind| routes_of(kind, pages)).collect()
}

fn routes_of(kind: &Kind, pages: Pages) -> [Route<AppState>; 2] {
    let of = kind.name.clone();
    let thing = move |state: State<AppState>, parameters: Parameters| {
        std::future::ready(find_thing(&state.0, &of, &parameters))
    };
    let of = kind.name.clone();
    let document = move |state: State<AppState>,
                         parameters: Parameters,
                         uri: OriginalUri,
                         format: Format,
                         language: Language,
                         conditions: Conditions| {
        let tongue = Tongue::of(&parameters, language);
        let asked = Asked { pages, format, tongue, conditions, uri };
        std::future::ready(find_document(&state.0, &of, &parameters, &asked))
    };
    let called = called(kind);
    [
        Route::get(
            Scope::Public,
            format!("/id/{}/{{id}}", kind.name),
            format!("find{}Thing", operation_name(&kind.name)),
            thing,
        )
        .summary(format!("Names the thing that the record of {called} is about"))
        .tag("linked data")
        .path_parameter(ID)
        .parameters(&[page::LANGUAGE])
        .answer(StatusCode::SEE_OTHER, None, "Its document is elsewhere"),
        Route::get(
            Scope::Public,
            format!("/{}/{{id}}", kind.path),
            format!("find{}Document", operation_name(&kind.name)),
            document,
        )
        .summary(format!("Describes {called}, as a page or as RDF"))
        .description("The format is negotiated by Accept, or pinned by a suffix such as `.ttl`.")
        .tag("linked data")
        .class(Class::Store)
        .path_parameter(ID)
        .parameters(&[page::LANGUAGE])
        .formats(FORMATS)
        .problems(&[ProblemKind::Gone])
        .answer(StatusCode::OK, None, "The document"),
    ]
}

/// Points from the thing to its document, in the language that is asked for.
fn find_thing(state: &AppState, kind: &str, parameters: &Parameters) -> Result<Response> {
    let text = parameters.text("id").unwrap_or_default();
    let id = match named::named(state, kind, &text)? {
        Named::Id(id) | Named::Alias(id) => id,
    };
    let mut document = address::document(&state.register, &id);
    if let Some(language) = parameters.text("lang") {
        document.push_str(&address::query_with("", &[], &[("lang", &language)]));
    }
    Ok(Redirect::to(&document).into_response())
}

struct Asked {
    pages: Pages,
    format: Format,
    tongue: Tongue,
    conditions: Conditions,
    uri: OriginalUri,
}

fn find_document(
    state: &AppState,
    kind: &str,
    parameters: &Parameters,
    asked: &Asked,
) -> Result<Response> {
    let text = parameters.text("id").unwrap_or_default();
    let id = match named::named(state, kind, &text)? {
        Named::Id(id) => id,
        Named::Alias(id) => {
            let page = address::document(&state.register, &id);
            return Ok(named::redirect(&page, &asked.uri, asked.format));
        }
    };
    let version = match named::here(state, &id) {
        Err(problem) if problem.kind() == ProblemKind::Gone && asked.format == Format::Html => {
            return (asked.pages.tombstone)(state, &id, &problem, asked.tongue);
        }
        version => version?,
    };
    let shown = beside::shown(state, version)?;
    let version = &shown.version;
    // A page shows its neighbours too, which change without it.
    let (revision, more) = match asked.format {
        Format::Html => {
            let variant = (asked.pages.variant)(state, &shown)?;
            (state.register.index().revision(), format!("{variant}{}", shown.variant().concat()))
        }
        Format::Json | Format::JsonLd => (version.revision, shown.variant().concat()),
        _ => (version.revision, String::new()),
    };
    let query = asked.uri.query().unwrap_or_default();
    let variant = [asked.format.media_type(), asked.tongue.variant(), query, &more];
    let tag = EntityTag::new(revision, &variant);
    let mut response = cache::respond(&asked.conditions, &tag, Freshness::Revalidate, || {
        written(state, &shown, asked)
    })?;
    let headers = response.headers_mut();
    if asked.format == Format::Html {
        cache::vary(headers, header::ACCEPT_LANGUAGE);
    }
    if let Some(modified) = cache::last_modified(version.modified) {
        headers.insert(header::LAST_MODIFIED, modified);
    }
    headers.insert(header::CONTENT_LOCATION, location(state, &id, asked.format)?);
    for link in links(state, &id).into_iter().chain(shown.links(state)) {
        headers.append(header::LINK, link);
    }
    Ok(response)
}

fn location(state: &AppState, id: &RecordId, format: Format) -> Result<HeaderValue> {
    let address = format!("{}.{}", address::document(&state.register, id), format.suffix());
    HeaderValue::try_from(address).map_err(|_| Problem::internal())
}

/// `describes` the thing, `describedby` its data, and `alternate` for every
/// other format.
fn links(state: &AppState, id: &RecordId) -> Vec<HeaderValue> {
    let thing = state.register.base().thing(id);
    let page = address::document(&state.register, id);
    let alternates = FORMATS.iter().map(|format| {
        format!("<{page}.{}>; rel=\"alternate\"; type=\"{}\"", format.suffix(), format.media_type())
    });
    let described = format!("<{page}.jsonld>; rel=\"describedby\"; type=\"application/ld+json\"");
    [format!("<{}>; rel=\"describes\"", thing.as_str()), described]
        .into_iter()
        .chain(alternates)
        .filter_map(|link| HeaderValue::try_from(link).ok())
        .collect()
}

fn written(state: &AppState, shown: &Shown, asked: &Asked) -> Result<Response> {
    let format = match asked.format {
        Format::Html => return (asked.pages.record)(state, shown, asked.tongue),
        Format::Turtle => GraphFormat::Turtle,
        Format::NTriples => GraphFormat::NTriples,
        Format::RdfXml => GraphFormat::RdfXml,
        Format::NQuads => GraphFormat::NQuads,
        Format::TriG => GraphFormat::TriG,
        _ => {
            let json = shown.json(state).to_string();
            return Ok(representation::of(asked.format, json));
        }
    };
    // Each graph is what one source says of one record, and the links between
    // records are in them: there is nothing to put together.
    let quads = state.register.quads(shown.own())?;
    Ok(representation::of(asked.format, format.write_quads(quads)))
}
