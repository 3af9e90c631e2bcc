//! Organisations, as records of their own.

use serde_json::{Map, Value as Json, json};

use super::{kist, place};
use crate::harvest::extraction::{Draft, Link};
use crate::harvest::format::json::Item;

/// The key of an organisation: its id behind a word, since servers count
/// services and organisations alike from 1.
pub(super) fn key(organisation: &Item<'_>) -> Option<String> {
    organisation.text("id").map(|id| key_of(&id))
}

/// The key of the organisation with this id.
pub(super) fn key_of(id: &str) -> String {
    format!("organization/{id}")
}

/// The link of a service to its organisation.
pub(super) fn link(key: &str) -> Link {
    Link { field: "provider".to_owned(), kind: "organisation".to_owned(), key: key.to_owned() }
}

/// What is said of an organisation; `None` without an id or a name.
pub(super) fn draft(item: &Item<'_>) -> Option<Draft> {
    let Some(key) = key(item) else {
        item.unread("", "no-key", "the organisation has no id");
        return None;
    };
    let mut item = item.clone();
    item.key = Some(key.clone());
    let mut draft = Draft::new("organisation", key, item.at.as_str());
    for (field, names) in [
        ("name", &["name"][..]),
        ("alternateName", &["alternate_name"]),
        ("description", &["description"]),
        ("url", &["website", "url"]),
        ("email", &["email"]),
    ] {
        if let Some(text) = item.first_text(names) {
            draft.set(field, text);
        }
    }
    if !draft.fields.contains_key("name") {
        item.unread("name", "no-name", "the organisation has no name");
        return None;
    }
    if let Some(telephone) = telephone(&item) {
        draft.set("telephone", telephone);
    }
    if let Some(logo) = item.text("logo") {
        draft.set("logo", json!({ "contentUrl": logo }));
    }
    // Of a register of our own that is the address of this very record.
    if let Some(uri) = item.text("uri").filter(|_| !item.has("kist_id")) {
        let is_other = draft.fields.get("url").and_then(Json::as_str) != Some(uri.as_str());
        if is_other && (uri.starts_with("https://") || uri.starts_with("http://")) {
            draft.set("sameAs", json!([uri]));
        }
    }
    draft.set("identifiers", identifiers(&item));
    draft.set("contactPoints", contact_points(&item));
    let mut located = Draft::new("organisation", "", "");
    for location in item.items("locations") {
        place::add(&mut located, &location);
    }
    if let Some(locations) = located.fields.shift_remove("locations") {
        draft.set("locations", locations);
    }
    draft.modified = item.first_text(&["last_modified", "modified_date"]);
    if item.has("kist_id") {
        kist::complete(&mut draft, &item);
    }
    Some(draft)
}

/// The first telephone number of an item, or of its contacts.
pub(super) fn telephone(item: &Item<'_>) -> Option<String> {
    let number = |phones: Vec<Item<'_>>| phones.iter().find_map(|phone| phone.text("number"));
    item.text("phone").or_else(|| number(item.items("phones"))).or_else(|| {
        item.items("contacts").iter().find_map(|contact| number(contact.items("phones")))
    })
}

fn identifiers(item: &Item<'_>) -> Vec<Json> {
    let mut identifiers = Vec::new();
    for identifier in item.items("organization_identifiers") {
        let Some(value) = identifier.text("identifier") else { continue };
        let scheme = identifier.text("identifier_scheme").map(|scheme| scheme.to_uppercase());
        let scheme = scheme.or_else(|| scheme_of(&identifier.text("identifier_type")?, &value));
        if let Some(scheme) = scheme.filter(|scheme| is_scheme(scheme)) {
            identifiers.push(json!({ "register": scheme, "value": value }));
        } else {
            let what = format!("the register of the number `{value}` is not known");
            identifier.unread("identifier_scheme", "unknown-register", &what);
        }
    }
    identifiers
}

/// The register that a kind of number means without doubt.
fn scheme_of(kind: &str, value: &str) -> Option<String> {
    let kind = kind.to_lowercase();
    let is_scottish = value.trim().to_uppercase().starts_with("SC");
    let scheme = if kind.contains("company") {
        "GB-COH"
    } else if kind.contains("charity") && is_scottish {
        "GB-SC"
    } else {
        return None;
    };
    Some(scheme.to_owned())
}

fn is_scheme(scheme: &str) -> bool {
    scheme.split('-').all(|part| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    })
}

/// Whom to ask, by role: the names of people are left out.
fn contact_points(item: &Item<'_>) -> Vec<Json> {
    let mut points = Vec::new();
    for contact in item.items("contacts") {
        let mut point = Map::new();
        let telephone = contact.items("phones").iter().find_map(|phone| phone.text("number"));
        for (field, value) in [
            ("role", contact.first_text(&["title", "department"])),
            ("telephone", telephone),
            ("email", contact.text("email")),
        ] {
            if let Some(value) = value {
                point.insert(field.to_owned(), value.into());
            }
        }
        if point.contains_key("telephone") || point.contains_key("email") {
            points.push(Json::Object(point));
        }
    }
    points
}
