//! The report of links: which addresses in records lead nowhere any more.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use csv::{Terminator, WriterBuilder};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::record::formula;
use crate::record::{Base, RecordId};
use crate::register::ledger::{CitedAt, LedgerError, Link, LinkState};
use crate::register::{LinkPage, LinkQuery, ReportedLink};
use crate::web::address;
use crate::web::admission::{Class, Scope};
use crate::web::cache::Freshness;
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

const PATH: &str = "/api/v1/reports/links";

const STATES: &[&str] = &["unknown", "alive", "redirected", "suspect", "dead", "blocked"];

const PARAMETERS: &[Parameter] = &[
    Parameter::choice("state", STATES, "How the link is; several may be given").repeatable(),
    Parameter::text("host", "The host of the link").example("example.scot"),
    Parameter::text("source", "The source that gives the link").example("local"),
    Parameter::text("kind", "The kind of record in which it stands").example("resource"),
    Parameter::text("record", "The record in which it stands, as `kind/id`"),
    Parameter::text("cursor", "Where to go on, as `next` says"),
    Parameter::integer("limit", 1, 1_000, "How many at most").default("100"),
];

/// The columns of the table; one row for each place in a record.
const COLUMNS: [&str; 12] = [
    "url",
    "state",
    "since",
    "checked",
    "code",
    "reason",
    "moved_to",
    "archived_copy",
    "record",
    "type",
    "source",
    "place",
];

pub(super) fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, PATH, "listLinks", list_links)
            .summary("Tells how the links of records are")
            .description("Each address once, with the records that point to it. Follow `next` until there is none: a page with few items may still lead on.")
            .tag("reports")
            .class(Class::Store)
            .parameters(PARAMETERS)
            .formats(&[Format::Json, Format::Csv])
            .answer(StatusCode::OK, None, "The links, by host and address"),
    ]
}

/// Tells how links are.
///
/// # Errors
///
/// 400 `invalid-parameter` when `record` is no record or `cursor` none of
/// ours.
async fn list_links(
    State(state): State<AppState>,
    parameters: Parameters,
    format: Format,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<Response> {
    let wanted = read(&parameters)?;
    let page = state.register.links(&wanted).map_err(failed)?;
    let base = state.register.base();
    let next = page.next.as_deref().map(|next| {
        let cursor = URL_SAFE_NO_PAD.encode(next);
        let query = query.as_deref().unwrap_or_default();
        let query = address::query_with(query, &["cursor"], &[("cursor", &cursor)]);
        format!("{}{PATH}.{}{query}", base.as_str(), format.suffix())
    });
    let mut response = if format == Format::Csv {
        let content_type = HeaderValue::from_static(format.content_type());
        ([(header::CONTENT_TYPE, content_type)], table(base, &page)).into_response()
    } else {
        let items: Vec<Value> = page.items.iter().map(|item| written(base, item)).collect();
        Json(json!({ "items": items, "next": next })).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, Freshness::Seconds(60).to_header());
    if let Some(next) = next
        && let Ok(link) = HeaderValue::try_from(format!("<{next}>; rel=\"next\""))
    {
        headers.append(header::LINK, link);
    }
    Ok(response)
}

fn read(parameters: &Parameters) -> Result<LinkQuery> {
    let states = parameters.texts("state");
    let record = parameters.text("record").map(|text| {
        text.parse::<RecordId>().map_err(|error| Problem::invalid_parameter("record", error))
    });
    let after = parameters.text("cursor").map(|cursor| {
        let bytes = URL_SAFE_NO_PAD.decode(&cursor).ok();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.ok_or_else(|| {
            Problem::invalid_parameter("cursor", format!("`{cursor}` is none that was given here"))
        })
    });
    Ok(LinkQuery {
        states: states.iter().filter_map(|state| LinkState::named(state)).collect(),
        host: parameters.text("host").map(|host| host.to_lowercase()),
        source: parameters.text("source"),
        kind: parameters.text("kind"),
        record: record.transpose()?,
        after: after.transpose()?.unwrap_or_default(),
        limit: parameters.count("limit").unwrap_or(100),
    })
}

fn written(base: &Base, ReportedLink { link, records }: &ReportedLink) -> Value {
    let Link {
        url,
        state,
        since,
        checked,
        due,
        code,
        reason,
        moved,
        failures,
        looked: _,
        archived,
        history,
    } = link;
    let records: Vec<Value> = records
        .iter()
        .map(|(id, at)| {
            let at: Vec<Value> = at
                .iter()
                .map(|CitedAt { pointer, source }| json!({ "pointer": pointer, "source": source }))
                .collect();
            json!({ "id": base.thing(id).as_str(), "type": id.kind(), "at": at })
        })
        .collect();
    let mut json = json!({
        "url": url, "state": state, "since": since, "checked": checked, "due": due,
        "records": records,
    });
    let optional = [
        ("code", json!(code)),
        ("reason", json!(reason)),
        ("movedTo", json!(moved.as_ref().map(|moved| &moved.to))),
        ("failingSince", json!(failures.first)),
        ("archivedCopy", json!(archived)),
    ];
    for (key, value) in optional.into_iter().filter(|(_, value)| !value.is_null()) {
        json[key] = value;
    }
    if !history.is_empty() {
        json["history"] = json!(history);
    }
    json
}

/// The page as comma-separated values; what a spreadsheet would run is
/// guarded.
fn table(base: &Base, page: &LinkPage) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let written = "memory takes any bytes, and every row has the same columns";
    writer.write_record(COLUMNS).expect(written);
    for ReportedLink { link, records } in &page.items {
        for (id, at) in records {
            for CitedAt { pointer, source } in at {
                let moved = link.moved.as_ref().map(|moved| moved.to.clone());
                let cells = [
                    link.url.clone(),
                    link.state.name().to_owned(),
                    link.since.to_string(),
                    link.checked.map(|at| at.to_string()).unwrap_or_default(),
                    link.code.clone().unwrap_or_default(),
                    link.reason.clone().unwrap_or_default(),
                    moved.unwrap_or_default(),
                    link.archived.clone().unwrap_or_default(),
                    base.thing(id).as_str().to_owned(),
                    id.kind().to_owned(),
                    source.clone(),
                    pointer.clone(),
                ];
                writer.write_record(cells.map(formula::guard)).expect(written);
            }
        }
    }
    writer.into_inner().expect(written)
}

fn failed(error: LedgerError) -> Problem {
    match error {
        LedgerError::Journal(error) => error.into(),
        error => {
            tracing::error!(%error, "the report of links can't be read");
            Problem::internal()
        }
    }
}
