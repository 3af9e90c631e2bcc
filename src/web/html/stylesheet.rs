//! The style sheet, under an address that changes with its content.

use std::sync::LazyLock;

use axum::response::IntoResponse;
use axum::response::Response;
use http::header;
use sha2::Digest;
use sha2::Sha256;

use crate::web::cache::Freshness;

const STYLE: &str = concat!(
    include_str!("static/foundation.css"),
    include_str!("static/components.css"),
    include_str!("static/pages.css"),
    include_str!("static/print.css"),
);

static ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let digest = format!("{:x}", Sha256::digest(STYLE.as_bytes()));
    format!("/static/{}/kist.css", &digest[..12])
});

/// The address of the style sheet.
pub(in crate::web) fn address() -> &'static str {
    &ADDRESS
}

/// Sends the style sheet, to be kept for ever.
pub(in crate::web) async fn show_stylesheet() -> Response {
    let headers = [
        (header::CONTENT_TYPE, http::HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, Freshness::Immutable.to_header()),
    ];
    (headers, STYLE).into_response()
}
