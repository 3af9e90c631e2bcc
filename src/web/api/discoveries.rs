//! What can be harvested at an address. The question is written down and
//! answered with 202; whoever harvests looks, and nothing here asks the web.

use axum::Extension;
use axum::Json as Answer;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::journal::Durability;
use crate::register::Token;
use crate::register::ledger::{Discovery, Row as _, Table};
use crate::web::admission::{Class, Scope};
use crate::web::extract::{BodyRule, Json};
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Fault, Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

/// How many addresses may wait to be looked at.
const MOST_WAITING: usize = 20;

const ID: Parameter = Parameter::text("id", "The question, as `Location` of the answer has it");

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DiscoveryBody {
    url: String,
}

pub(super) fn routes() -> [Route<AppState>; 2] {
    [
        Route::post(Scope::Admin, "/api/v1/discoveries", "requestDiscovery", request_discovery)
            .summary("Asks what can be harvested at an address")
            .description("Of a home page, a feed or a file. The harvester looks at what the page links to, at the sitemaps that robots.txt names, and where such things usually lie; it asks one host once a second. Who asks for the same address again before it was looked at has asked once.")
            .tag("harvest")
            .class(Class::Store)
            .body(BodyRule::default(), Some("DiscoveryRequest"), "The address")
            .problems(&[ProblemKind::InvalidRecord, ProblemKind::Conflict])
            .answer(StatusCode::ACCEPTED, None, "It is written down for the harvester"),
        Route::get(Scope::Admin, "/api/v1/discoveries/{id}", "findDiscovery", find_discovery)
            .summary("Gives what can be harvested at an address, once the harvester has looked")
            .description("`state` is `waiting` or `done`. Each of `found` can be the `url` and `format` of a source. It is kept for a day.")
            .tag("harvest")
            .class(Class::Store)
            .path_parameter(ID)
            .formats(&[Format::Json])
            .answer(StatusCode::OK, None, "What was found, or that nobody has looked yet"),
    ]
}

async fn request_discovery(
    State(state): State<AppState>,
    Extension(token): Extension<Token>,
    Json(body): Json<DiscoveryBody>,
) -> Result<Response> {
    let url = address(&state, &body.url)?;
    let asked = Discovery { url, at: state.now(), by: token.actor(), result: None };
    let write = move |state: &AppState| {
        let ledger = state.register.ledger();
        if let Some(waiting) = ledger.get::<Discovery>(&asked.key())? {
            return Ok(waiting);
        }
        if ledger.count::<Discovery>(Discovery::WAITING)? >= MOST_WAITING as u64 {
            let what = format!("{MOST_WAITING} addresses wait to be looked at already");
            return Err(Problem::conflict(what));
        }
        // What was found before is no answer to who asks anew.
        let before = format!("{}{}", Discovery::DONE, Discovery::id(&asked.url));
        let notes = [Table::Discovery.forget(&before), asked.put(asked.key())];
        ledger.write(&notes, Durability::Durable)?;
        Ok(asked)
    };
    let asked = state.on_disk(write).await?;
    let json = written(&state, &asked);
    let location = HeaderValue::try_from(json["self"].as_str().unwrap_or_default());
    let mut response = (StatusCode::ACCEPTED, Answer(json)).into_response();
    response.headers_mut().insert(header::LOCATION, location.map_err(|_| Problem::internal())?);
    Ok(response)
}

async fn find_discovery(State(state): State<AppState>, parameters: Parameters) -> Result<Response> {
    let id = parameters.text("id").unwrap_or_default();
    let ledger = state.register.ledger();
    for stage in [Discovery::WAITING, Discovery::DONE] {
        let asked: Option<Discovery> = ledger.get(&format!("{stage}{id}"))?;
        if let Some(asked) = asked.filter(|asked| !asked.is_over(state.now())) {
            return Ok(Answer(written(&state, &asked)).into_response());
        }
    }
    Err(Problem::not_found("nobody has asked so, or it is more than a day ago"))
}

/// The address as it is kept: in the spelling of sources.
///
/// # Errors
///
/// 422 when it is no address of the web, or has a user name in it.
fn address(state: &AppState, text: &str) -> Result<String> {
    let mut source = json!({ "url": text, "harvesting": "draft" });
    state.register.spell("source", &mut source);
    let spelled = source["url"].as_str().unwrap_or_default();
    let is_of_the_web = |url: &Url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty()
    };
    let url = Url::parse(spelled).ok().filter(|url| is_of_the_web(url) && url.password().is_none());
    let url = url.ok_or_else(|| {
        let what = "write the address of a page, feed or file, without a user name or password";
        Problem::invalid_record(vec![Fault::pointer("/url", what.to_owned())])
    })?;
    Ok(url.into())
}

fn written(state: &AppState, asked: &Discovery) -> Value {
    let Discovery { url, at, by, result } = asked;
    let base = state.register.base().as_str();
    let mut json = json!({
        "self": format!("{base}/api/v1/discoveries/{}", Discovery::id(url)),
        "state": if result.is_some() { "done" } else { "waiting" },
        "url": url, "at": at, "by": by,
    });
    if let (Some(Value::Object(result)), Some(json)) =
        (result.as_ref().and_then(|result| serde_json::to_value(result).ok()), json.as_object_mut())
    {
        json.extend(result);
    }
    json
}
