//! Answers that lie ready, under the layers of the whole site: what the stack
//! itself costs, for `kist bench faces` to hold the faces against.
//!
//! Nothing is read, searched or written here. No route of the site uses it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::response::IntoResponse;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderValue;
use http::Uri;
use http::header;

use crate::web::layers;
use crate::web::layers::Surroundings;
use crate::web::problem::Problem;

/// An answer that lies ready.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// Its path and query, to the letter.
    pub target: String,
    /// The value of `Content-Type`.
    pub content_type: String,
    /// Its body.
    pub body: Bytes,
}

/// A site that gives these answers, and 404 for all else.
pub fn router(answers: Vec<Fixed>) -> Router {
    let answers: Arc<HashMap<String, Fixed>> =
        Arc::new(answers.into_iter().map(|answer| (answer.target.clone(), answer)).collect());
    let router = Router::new().fallback(move |uri: Uri| {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        std::future::ready(give(answers.get(target)))
    });
    layers::wrap(layers::compress(router), Surroundings::default())
}

fn give(answer: Option<&Fixed>) -> Response {
    let Some(answer) = answer else {
        return Problem::not_found("nothing lies ready for this address").into_response();
    };
    let kind = HeaderValue::from_str(&answer.content_type)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    ([(header::CONTENT_TYPE, kind)], answer.body.clone()).into_response()
}
