//! The headers by which pages of other sites may use an answer: scripts,
//! pictures and data that partners embed.
//!
//! That anybody may read (`Access-Control-Allow-Origin`) is said for all
//! answers, in `layers`. Never is anything said of credentials.

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;

/// Lets pages of any origin embed the answer, also isolated ones
/// (`Cross-Origin-Resource-Policy`), and see how long it took
/// (`Timing-Allow-Origin`). Source: contract of embeds, 2.5.
pub fn share(headers: &mut HeaderMap) {
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    headers.insert(HeaderName::from_static("timing-allow-origin"), HeaderValue::from_static("*"));
}
