//! What waits for an editor, and what editors decide.
//!
//! A decision is kept for ever, and what was asked is taken from the list.

use axum::Extension;
use axum::Json as Answer;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{cursor, record_body};
use crate::journal::{Durability, Note};
use crate::record::{RecordId, to_json};
use crate::register::ledger::{Decision, Review, ReviewKind, Row as _, Table};
use crate::register::{Edit, References, Token};
use crate::web::admission::{Class, Scope};
use crate::web::extract::{BodyRule, Json};
use crate::web::named;
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Fault, Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

const KINDS: &[&str] = &["match", "term", "curated", "moved", "link", "mapping", "licence"];

const KIND: Parameter = Parameter::choice("kind", KINDS, "What sort of thing is asked");
const KEY: Parameter = Parameter::text("key", "What is asked, as `key` in the list has it");

const PARAMETERS: &[Parameter] = &[
    Parameter::choice("kind", KINDS, "Only this sort of thing"),
    cursor::CURSOR,
    Parameter::integer("limit", 1, 500, "How many at most").default("50"),
];

/// What an editor decides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    answer: String,
}

pub(super) fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Admin, "/api/v1/reviews", "listReviews", list_reviews)
            .summary("Gives what waits for an editor")
            .tag("harvest")
            .class(Class::Store)
            .parameters(PARAMETERS)
            .formats(&[Format::Json])
            .answer(StatusCode::OK, None, "What is asked, and where to go on"),
        Route::get(Scope::Admin, "/api/v1/reviews/{kind}/{key}", "findReview", find_review)
            .summary("Gives one thing that waits for an editor")
            .tag("harvest")
            .class(Class::Store)
            .path_parameter(KIND)
            .path_parameter(KEY)
            .formats(&[Format::Json])
            .answer(StatusCode::OK, None, "What is asked"),
        Route::post(Scope::Admin, "/api/v1/reviews/{kind}/{key}", "decideReview", decide_review)
            .summary("Decides what was asked, for ever")
            .description("A `term` means a category, by its slug or identifier, or `ignore`; one of `areaServed` means a place, by its code (`S12000036`), identifier or slug. A `match` is `same` or `different`. What `moved` is `accept`ed, and then the address of the source is changed, or `ignore`d; so is a `link` of records, which the harvester then puts right, and another `licence` that the publisher of a source names. What is `curated` here is `keep`. A `mapping` that was guessed is `accept`ed; another one is put into the record of the source.")
            .tag("harvest")
            .class(Class::Store)
            .path_parameter(KIND)
            .path_parameter(KEY)
            .body(BodyRule::default(), Some("ReviewAnswer"), "The answer")
            .problems(&[ProblemKind::InvalidRecord, ProblemKind::Gone])
            .answer(StatusCode::OK, None, "The decision"),
    ]
}

async fn list_reviews(State(state): State<AppState>, parameters: Parameters) -> Result<Response> {
    let limit = parameters.count("limit").unwrap_or(50);
    let kind = parameters.text("kind");
    let prefix = kind.as_ref().map(|kind| format!("{kind}\n")).unwrap_or_default();
    let after = cursor::read(&parameters)?.unwrap_or_default();
    let rows = state.register.ledger().rows::<Review>(&prefix, &after, limit)?;
    let items: Vec<Value> = rows.iter().map(|(key, review)| written(&state, key, review)).collect();
    let mut json = json!({ "items": items });
    if let Some((key, _)) = rows.last().filter(|_| rows.len() == limit) {
        let kind = kind.map(|kind| format!("kind={kind}&")).unwrap_or_default();
        let cursor = cursor::written(key);
        let path = format!("{}/api/v1/reviews", state.register.base().as_str());
        json["next"] = json!(format!("{path}?{kind}cursor={cursor}&limit={limit}"));
    }
    Ok(Answer(json).into_response())
}

async fn find_review(State(state): State<AppState>, parameters: Parameters) -> Result<Response> {
    let (key, review) = asked(&state, &parameters)?;
    Ok(Answer(written(&state, &key, &review)).into_response())
}

async fn decide_review(
    State(state): State<AppState>,
    Extension(token): Extension<Token>,
    parameters: Parameters,
    Json(body): Json<AnswerBody>,
) -> Result<Response> {
    let (key, review) = asked(&state, &parameters)?;
    let answer = checked(&state, &review, body.answer.trim())?;
    let by = token.actor();
    let edit = match review.kind {
        ReviewKind::Moved if answer == "accept" => Some(source_edit(&state, &review, "url")?),
        ReviewKind::Licence if answer == "accept" => Some(source_edit(&state, &review, "licence")?),
        _ => None,
    };
    let fingerprint = review.about.get("fingerprint").or_else(|| review.about.get("url"));
    let fingerprint = fingerprint.and_then(Value::as_str).unwrap_or_default().to_owned();
    let decision = Decision { answer, by: by.clone(), at: state.now(), fingerprint };
    let notes = vec![decision.put(&*key), Table::Review.forget(&key)];
    write(&state, edit, notes, by).await?;
    Ok(Answer(json!(decision)).into_response())
}

/// The review that the path names, with its key in the ledger.
fn asked(state: &AppState, parameters: &Parameters) -> Result<(String, Review)> {
    let kind = parameters.text("kind").unwrap_or_default();
    let nothing = || Problem::not_found("nothing of this key waits for an editor");
    let about = parameters.text("key").as_deref().and_then(cursor::key_of).ok_or_else(nothing)?;
    let key = format!("{kind}\n{about}");
    let review: Review = state.register.ledger().get(&key)?.ok_or_else(nothing)?;
    Ok((key, review))
}

/// The answer as it is kept.
fn checked(state: &AppState, review: &Review, answer: &str) -> Result<String> {
    let choices: &[&str] = match review.kind {
        ReviewKind::Match => &["same", "different"],
        ReviewKind::Moved | ReviewKind::Link | ReviewKind::Licence => &["accept", "ignore"],
        ReviewKind::Curated => &["keep"],
        ReviewKind::Mapping => &["accept"],
        ReviewKind::Term if review.about["term"]["field"] == "areaServed" => {
            return place(state, answer);
        }
        ReviewKind::Term => return category(state, answer),
    };
    if choices.contains(&answer) {
        return Ok(answer.to_owned());
    }
    Err(wrong(format!("`{answer}` is not one of {}", choices.join(", "))))
}

/// The identifier of a category that is registered.
fn category(state: &AppState, answer: &str) -> Result<String> {
    let unknown = || wrong(format!("`{answer}` is neither a category nor `ignore`"));
    registered(state, "category", answer)?.ok_or_else(unknown)
}

/// The identifier of a place that is registered, or the code of an area that
/// the gazetteer has.
fn place(state: &AppState, answer: &str) -> Result<String> {
    if let Some(id) = registered(state, "place", answer)? {
        return Ok(id);
    }
    let code = answer.rsplit('/').next().unwrap_or_default().to_ascii_uppercase();
    let gazetteer = state.register.gazetteer();
    let area = gazetteer.area(&code);
    area.map(|area| area.code.to_string()).ok_or_else(|| {
        wrong(format!("`{answer}` is neither a place, such as `S12000036`, nor `ignore`"))
    })
}

/// The identifier of a record of a kind by its address, its identifier with or
/// without its kind, or its slug; `ignore` as it is.
fn registered(state: &AppState, kind: &str, answer: &str) -> Result<Option<String>> {
    if answer == "ignore" {
        return Ok(Some(answer.to_owned()));
    }
    let name = answer.strip_prefix(state.register.base().as_str()).unwrap_or(answer);
    let name = name.strip_prefix("/id/").unwrap_or(name);
    let name = name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/')).unwrap_or(name);
    let Ok(id) = RecordId::new(kind, name) else { return Ok(None) };
    if state.register.summary(&id.to_string()).is_some() {
        return Ok(Some(name.to_owned()));
    }
    Ok(state.register.by_slug(kind, name)?.map(|owner| owner.id().to_owned()))
}

fn wrong(detail: String) -> Problem {
    Problem::invalid_record(vec![Fault::pointer("/answer", detail)])
}

/// The edit that takes the new address or licence of a source, as `property` of
/// what was asked has it.
fn source_edit(state: &AppState, review: &Review, property: &str) -> Result<Edit> {
    let text = |key: &str| review.about.get(key).and_then(Value::as_str).unwrap_or_default();
    let id = RecordId::new("source", text("source")).map_err(Problem::not_found)?;
    let version = named::here(state, &id)?;
    let (schema, base) = (state.register.schema(), state.register.base());
    let kind = schema.kind(id.kind()).ok_or_else(Problem::internal)?;
    let mut json = to_json(schema, base, &version.merged.record);
    json[property] = json!(text(property));
    let wanted = record_body::from_value(&state.register, kind, Some(&id), &id, &json)?;
    Ok(state.register.amendment(&version, &wanted)?)
}

async fn write(state: &AppState, edit: Option<Edit>, notes: Vec<Note>, by: String) -> Result<()> {
    let now = state.now();
    let write = move |state: &AppState| {
        match edit {
            Some(edit) => {
                let edits = vec![edit];
                state.register.apply_noted(&edits, &notes, References::Checked, &by, now)?;
            }
            None => state.register.ledger().write(&notes, Durability::Durable)?,
        }
        Ok(())
    };
    state.on_disk(write).await
}

fn written(state: &AppState, key: &str, review: &Review) -> Value {
    let about = key.split_once('\n').map_or(key, |(_, about)| about);
    let kind = review.kind.name();
    let opaque = cursor::written(about);
    let base = state.register.base().as_str();
    let mut json = json!({
        "url": format!("{base}/api/v1/reviews/{kind}/{opaque}"),
        "kind": kind,
        "key": opaque,
        "question": review.question,
        "about": review.about,
        "since": review.since,
    });
    if !review.why.is_null() {
        json["why"] = review.why.clone();
    }
    json
}
