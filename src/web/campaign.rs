//! Addresses as they come back from newsletters and networks.
//!
//! Whoever follows a link to a page, list, frame or feed that was passed on
//! comes with parameters that count campaigns (`fbclid`, `utm_source`). They
//! are taken off before anything reads the address, so that no route refuses
//! them and no link, canonical address or kept answer has them. The JSON API
//! refuses them as it does every unknown parameter: its clients write their
//! addresses themselves.

use axum::extract::OriginalUri;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use http::Uri;

use crate::model::without_campaign;

/// How the paths begin below which every unknown parameter is refused.
const STRICT: &str = "/api/";

/// Takes what counts campaigns off the address of a request that reads.
pub(super) async fn pass(mut request: Request, next: Next) -> Response {
    if [Method::GET, Method::HEAD].contains(request.method())
        && let Some(address) = without(request.uri())
    {
        // What the router has kept of the address before any layer.
        request.extensions_mut().insert(OriginalUri(address.clone()));
        *request.uri_mut() = address;
    }
    next.run(request).await
}

/// The address without them; `None` when it is to stay as it is.
fn without(uri: &Uri) -> Option<Uri> {
    if uri.path().starts_with(STRICT) {
        return None;
    }
    let query = without_campaign(uri.query()?)?;
    let path = uri.path();
    let address = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(address.parse().ok()?);
    Uri::from_parts(parts).ok()
}
