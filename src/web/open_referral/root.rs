//! The root: which version and profile this is.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use crate::web::admission::Scope;
use crate::web::open_referral::PATH;
use crate::web::reuse;
use crate::web::route::Route;
use crate::web::state::AppState;

/// The version; validators take what follows the last hyphen for a number, and
/// with it choose the specification.
const VERSION: &str = "HSDS-UK-3.0";

/// The profile that is followed.
const PROFILE: &str = "https://docs.openreferraluk.org/en/v3.0-release/";

pub(super) fn routes() -> Vec<Route<AppState>> {
    let slash =
        Route::get(Scope::Public, format!("{PATH}/"), "getAPIMetaInformation", describe_api);
    let bare = Route::get(Scope::Public, PATH, "getAPIMetaInformationBare", describe_api);
    [slash, bare]
        .into_iter()
        .map(|route| {
            route.summary("Says which version of the standard this is").tolerant_query().answer(
                StatusCode::OK,
                Some("Root"),
                "Version, profile and this document",
            )
        })
        .collect()
}

async fn describe_api(State(state): State<AppState>) -> Response {
    let address = format!("{}{PATH}", state.register.base().as_str());
    Json(json!({
        "version": VERSION,
        "profile": PROFILE,
        "openapi_url": format!("{address}/openapi.json"),
        // Where registers of the same kind find what no service leads to.
        "kist_organizations": format!("{address}/organizations?full=true&page=1&per_page=100"),
        // Of what has no `kist_sourceLicence` of its own.
        "kist_sourceLicence": reuse::licence(&state),
    }))
    .into_response()
}
