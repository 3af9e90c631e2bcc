//! The bytes of an answer under the media type of its format.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use crate::graph::GraphFormat;
use crate::register;
use crate::web::negotiate::Format;
use crate::web::problem::{Problem, Result};

/// `bytes`, which are written in `format`.
pub(in crate::web) fn of(format: Format, bytes: impl Into<Vec<u8>>) -> Response {
    let content_type = HeaderValue::from_static(format.content_type());
    ([(header::CONTENT_TYPE, content_type)], bytes.into()).into_response()
}

/// Turtle of our own in a format of RDF; in Turtle as it was written.
///
/// # Errors
///
/// 500 `internal` when `format` is none of RDF, or the Turtle can't be read.
pub(in crate::web) fn of_turtle(turtle: &str, format: Format) -> Result<Response> {
    let engine = match format {
        Format::JsonLd => GraphFormat::JsonLd,
        Format::NTriples => GraphFormat::NTriples,
        Format::RdfXml => GraphFormat::RdfXml,
        Format::Turtle => return Ok(of(format, turtle)),
        _ => return Err(Problem::internal()),
    };
    let written = register::convert(turtle, engine).map_err(|error| {
        tracing::error!(%error, "Turtle of our own can't be read");
        Problem::internal()
    })?;
    Ok(of(format, written))
}
