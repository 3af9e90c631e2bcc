//! Organisations.

use serde_json::Value as Json;

use super::{extension, place, taxonomy};
use crate::record::{RecordId, to_json};
use crate::register::Register;
use crate::web::open_referral::identity;
use crate::web::open_referral::object::{Object, uri};
use crate::web::open_referral::said::Said;
use crate::web::problem::Result;

/// What [`row`] reads of a summary, and the identity that each has.
const OF_ROW: &[&str] =
    &["id", "name", "alternateName", "description", "summary", "email", "url", "logo"];

/// Whether a row reads the property `key` of a summary.
pub(super) fn is_in_row(key: &str) -> bool {
    OF_ROW.contains(&key)
}

/// An organisation in short, from what of its summary [`is_in_row`].
pub(in crate::web::open_referral) fn row(
    register: &Register,
    id: &RecordId,
    said: Said<'_>,
) -> Object {
    let mut object = scalars(register, id, said);
    object.put("kist_id", id.to_string());
    object
}

/// A whole organisation; `None` when it is not registered.
///
/// # Errors
///
/// When the store can't be read.
pub(in crate::web::open_referral) fn whole(
    register: &Register,
    id: &RecordId,
) -> Result<Option<Object>> {
    let Some(version) = register.listed(id)? else { return Ok(None) };
    let json = to_json(register.schema(), register.base(), &version.merged.record);
    let Some(fields) = json.as_object() else { return Ok(None) };
    let said = Said(fields);
    let mut object = scalars(register, id, said);
    let identifiers = identifiers(register, id, said);
    object.put("organization_identifiers", identifiers);
    object.put("phones", phones(register, id, said));
    object.put("contacts", contacts(register, id, said));
    object.put("locations", locations(register, id, said));
    let keys = ["topics", "sector"];
    object.put("attributes", taxonomy::attributes(register, (id, said), &keys, "organization"));
    let (schema, base) = (register.schema(), register.base());
    extension::add(&mut object, schema, base, id, said.0, |key| match key {
        "name" | "alternateName" | "description" => said.is_one_text(key),
        "email" => has_email(said),
        "url" => said.text("url").is_some_and(|url| uri(url) == url),
        "telephone" | "identifiers" | "locations" => true,
        "logo" => said.node("logo").is_some_and(|logo| logo.get("alternativeText").is_none()),
        "contactPoints" => said.nodes(key).iter().all(|point| is_carried(*point)),
        _ => false,
    });
    Ok(Some(object))
}

fn scalars(register: &Register, id: &RecordId, said: Said<'_>) -> Object {
    let mut object = Object::default();
    let name = said.text("name").unwrap_or_else(|| id.id());
    object.put("id", identity::of(register, id));
    object.put("name", name);
    object.put("alternate_name", said.text("alternateName"));
    match said.text("description") {
        Some(text) => object.put("description", text),
        None => object.assume("description", said.text("summary").unwrap_or(name)),
    }
    if has_email(said) {
        object.put("email", said.text("email"));
    }
    object.put("website", said.text("url").map(uri));
    let logo = said.node("logo").and_then(|logo| logo.text("contentUrl"));
    object.put("logo", logo);
    object.put("uri", register.base().thing(id).as_str());
    object
}

/// Whether the address can stand in a field for one: in ASCII, with a dot
/// behind its `@`.
pub(super) fn has_email(said: Said<'_>) -> bool {
    let is_plain = |text: &str| {
        text.is_ascii() && text.split_once('@').is_some_and(|(_, host)| host.contains('.'))
    };
    said.text("email").is_some_and(is_plain)
}

/// The telephone number, as the one phone.
pub(super) fn phones(register: &Register, id: &RecordId, said: Said<'_>) -> Vec<Json> {
    let Some(number) = said.text("telephone") else { return Vec::new() };
    let mut phone = Object::default();
    phone.put("id", identity::nested(register, id, "telephone", 0));
    phone.put("number", number);
    vec![phone.into()]
}

fn identifiers(register: &Register, id: &RecordId, said: Said<'_>) -> Vec<Json> {
    let identifier = |(position, node): (usize, Said<'_>)| {
        let mut object = Object::default();
        object.put("id", identity::nested(register, id, "identifiers", position));
        object.put("organization_id", identity::of(register, id));
        object.put("identifier_scheme", node.text("register"));
        object.put("identifier_type", node.text("register").map(called));
        object.put("identifier", node.text("value"));
        object.into()
    };
    said.nodes("identifiers").into_iter().enumerate().map(identifier).collect()
}

/// What a register of org-id.guide is called in words.
fn called(register: &str) -> &str {
    match register {
        "GB-SC" | "GB-CHC" | "GB-NIC" => "charity number",
        "GB-COH" => "company number",
        other => other,
    }
}

fn contacts(register: &Register, id: &RecordId, said: Said<'_>) -> Vec<Json> {
    let contact = |(position, point): (usize, Said<'_>)| {
        let mut object = Object::default();
        object.put("id", identity::nested(register, id, "contactPoints", position));
        object.put("title", point.text("role"));
        if has_email(point) {
            object.put("email", point.text("email"));
        }
        if let Some(number) = point.text("telephone") {
            let mut phone = Object::default();
            let key = format!("contactPoints-{}-telephone", position + 1);
            phone.put("id", identity::nested(register, id, &key, 0));
            phone.put("number", number);
            object.put("phones", vec![Json::from(phone)]);
        }
        object.into()
    };
    said.nodes("contactPoints").into_iter().enumerate().map(contact).collect()
}

/// Whether a contact says all that the register has of it.
fn is_carried(point: Said<'_>) -> bool {
    let reaches = point.get("telephone").is_some() || point.get("email").is_some();
    reaches
        && point.get("url").is_none()
        && (point.get("role").is_none() || point.is_one_text("role"))
        && (point.get("email").is_none() || has_email(point))
}

fn locations(register: &Register, id: &RecordId, said: Said<'_>) -> Vec<Json> {
    let summary = identity::summary(register, id);
    let known = Said(&summary).nodes("locations");
    let location = |(position, node)| {
        place::whole(register, (id, position), node, known.get(position).copied()).into()
    };
    said.nodes("locations").into_iter().enumerate().map(location).collect()
}
