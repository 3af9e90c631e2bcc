//! Schemes and categories as taxonomies and their terms, and what has them.

use serde_json::Value as Json;

use crate::record::RecordId;
use crate::register::Register;
use crate::web::hsds::identity;
use crate::web::hsds::object::{Object, uri};
use crate::web::hsds::said::Said;

/// A scheme. Its description is its definition, or else its name.
pub(in crate::web) fn taxonomy(register: &Register, id: &RecordId, said: Said<'_>) -> Object {
    let mut object = Object::default();
    let name = name(said, id);
    object.put("id", identity::of(register, id));
    object.put("name", name);
    described(&mut object, said, name);
    object.put("uri", register.base().thing(id).as_str());
    object.put("kist_id", id.to_string());
    object
}

/// A category, with its taxonomy by name and id.
pub(in crate::web) fn term(register: &Register, id: &RecordId, said: Said<'_>) -> Object {
    let base = register.base();
    let mut object = Object::default();
    let name = name(said, id);
    object.put("id", identity::of(register, id));
    object.put("code", id.id());
    object.put("name", name);
    described(&mut object, said, name);
    let parent = said.reference("broader", base);
    object.put("parent_id", parent.map(|parent| identity::of(register, &parent)));
    if let Some(scheme) = said.reference("inScheme", base) {
        let summary = identity::summary(register, &scheme);
        object.put("taxonomy", self::name(Said(&summary), &scheme));
        object.put("taxonomy_id", identity::of(register, &scheme));
    }
    object.put("term_uri", uri(base.thing(id).as_str()));
    object
}

/// What a category or scheme is called.
fn name<'a>(said: Said<'a>, id: &'a RecordId) -> &'a str {
    said.text("name").or_else(|| said.text("prefLabel")).unwrap_or_else(|| id.id())
}

/// The description, which the standard requires.
fn described(object: &mut Object, said: Said<'_>, name: &str) {
    let texts = ["definition", "description", "summary"].iter().find_map(|key| said.text(key));
    match texts {
        Some(text) => object.put("description", text),
        None => object.assume("description", name),
    }
}

/// The links to the categories that `said` has under these keys; `link` is what
/// has them, by its id and what it is called in the standard.
pub(super) fn attributes(
    register: &Register,
    (id, said): (&RecordId, Said<'_>),
    keys: &[&str],
    entity: &str,
) -> Vec<Json> {
    let mut attributes = Vec::new();
    for key in keys {
        for (position, category) in said.references(key, register.base()).iter().enumerate() {
            let of = identity::nested(register, id, key, position);
            let link = identity::of(register, id);
            attributes.push(attribute(register, (of, link), key, entity, category).into());
        }
    }
    attributes
}

/// The link of what has the id `link` to a category; `of` is its own id.
pub(super) fn attribute(
    register: &Register,
    (of, link): (String, String),
    key: &str,
    entity: &str,
    category: &RecordId,
) -> Object {
    let summary = identity::summary(register, category);
    let mut object = Object::default();
    object.put("id", of);
    object.put("link_id", link);
    object.put("link_type", key);
    object.put("link_entity", entity);
    object.put("taxonomy_term_id", identity::of(register, category));
    object.put("taxonomy_term", term(register, category, Said(&summary)));
    object.put("kist_field", key);
    object
}
