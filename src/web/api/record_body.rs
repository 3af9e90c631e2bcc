//! The body of a write: a record as JSON, or as RDF under the same shapes.

use serde_json::Value as Json;

use crate::graph::GraphFormat;
use crate::journal::Original;
use crate::record::{Fault, FromJson, Record, RecordId, as_sent, from_json, to_json};
use crate::register::Register;
use crate::schema::Kind;
use crate::web::beside;
use crate::web::extract::{Body, BodyRule};
use crate::web::faults;
use crate::web::json;
use crate::web::problem::Result;

/// The most bytes of a record in a request.
const MOST_BYTES: usize = 256 * 1024;

/// What a record is, rather than what is said of it.
const IDENTITY: [&str; 3] = ["id", "type", "@context"];

/// What the routes that take a record read.
pub(super) fn rule() -> BodyRule {
    BodyRule {
        most_bytes: MOST_BYTES,
        media_types: vec![
            "application/json",
            "application/ld+json",
            "text/turtle",
            "application/n-triples",
            "application/rdf+xml",
        ],
    }
}

/// What the routes that patch a record read.
pub(super) fn patch_rule() -> BodyRule {
    BodyRule {
        most_bytes: MOST_BYTES,
        media_types: vec!["application/merge-patch+json", "application/json"],
    }
}

/// A record that was sent.
pub(super) struct Sent {
    pub record: Record,
    /// The bytes of it, where they say more than what is kept of them: RDF, and
    /// JSON whose values are written in another way than the canonical one
    /// (issue 2, 14).
    pub original: Option<Original>,
    /// The JSON that it was read from, for the places of faults; null of RDF.
    pub json: Json,
}

/// The JSON of a body.
///
/// # Errors
///
/// 400 with line and column when it is not JSON.
pub(super) fn json_of(body: &Body) -> Result<Json> {
    json::read(&body.bytes)
}

/// Reads the record of `kind` in `body`. `id` is that of the address; without
/// one the record may bring its own, or gets `new`.
///
/// # Errors
///
/// 400 when the body is malformed, 422 with a pointer for each fault.
pub(super) fn read(
    register: &Register,
    kind: &Kind,
    id: Option<&RecordId>,
    new: &RecordId,
    body: &Body,
) -> Result<Sent> {
    let format = match body.media_type.as_str() {
        "text/turtle" => GraphFormat::Turtle,
        "application/n-triples" => GraphFormat::NTriples,
        "application/rdf+xml" => GraphFormat::RdfXml,
        "application/ld+json" => GraphFormat::JsonLd,
        _ => {
            let json = json_of(body)?;
            let record = from_value(register, kind, id, new, &json)?;
            let original = original_of(register, &record, &json, body);
            return Ok(Sent { record, original, json });
        }
    };
    if format == GraphFormat::JsonLd {
        json::read(&body.bytes)?;
    }
    let record = register.read_rdf_record(&body.bytes, format, kind, id, new)?;
    let original = Original { media_type: body.media_type.clone(), bytes: body.bytes.to_vec() };
    Ok(Sent { record, original: Some(original), json: Json::Null })
}

/// The bytes of `body`, when a value of `json`, which they are, is kept in
/// another way in `record`: `5.10` as `5.1`, `en-GB` as `en-gb`, a list sorted.
pub(super) fn original_of(
    register: &Register,
    record: &Record,
    json: &Json,
    body: &Body,
) -> Option<Original> {
    let kept = to_json(register.schema(), register.base(), record);
    let sent = beside::without(json);
    let is_kept = sent.as_object().is_some_and(|sent| {
        let mut values = sent.iter().filter(|(key, _)| !IDENTITY.contains(&key.as_str()));
        values.all(|(key, value)| *value == *kept.get(key).unwrap_or(&Json::Null))
    });
    let bytes = || Original { media_type: body.media_type.clone(), bytes: body.bytes.to_vec() };
    (!is_kept).then(bytes)
}

/// `fault`, found in the record of `kind` that `json` is, with the place in it.
pub(super) fn placed(register: &Register, kind: &Kind, json: &Json, fault: Fault) -> Fault {
    let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
    as_sent(context, kind, json, fault)
}

/// Reads a record from JSON that was parsed already.
///
/// # Errors
///
/// 422 with a pointer for each fault.
pub(super) fn from_value(
    register: &Register,
    kind: &Kind,
    id: Option<&RecordId>,
    new: &RecordId,
    json: &Json,
) -> Result<Record> {
    let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
    let mut json = beside::without(json);
    register.spell(&kind.name, &mut json);
    let brings_its_own = json.get("id").is_some();
    let id = id.or_else(|| (!brings_its_own).then_some(new));
    from_json(context, kind, id, &json).map_err(faults::invalid_record)
}
