//! Which record an item is (contract H10).
//!
//! Its source and its key tell, so that no source speaks of a record that
//! another has. Two things go before that: what an editor has said of a
//! publisher who changed all its keys, and the identity that the item states,
//! when the source may be believed in that.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::known::TakenOver;
use crate::harvest::extraction::{Draft, Problem};
use crate::harvest::settings::Settings;
use crate::record::{Base, OWN_KINDS, RecordId};
use crate::register::ledger::Item;
use crate::schema::{Field, Schema, Shape, ValueType};

/// Which records the items of one document are.
pub(super) struct Identities<'a> {
    settings: &'a Settings,
    taken_over: &'a TakenOver,
    /// What is another record here than the document states, as `kind/id`.
    otherwise: HashMap<String, RecordId>,
}

impl<'a> Identities<'a> {
    /// Those of a document with these `drafts`.
    pub(super) fn new(settings: &'a Settings, taken_over: &'a TakenOver, drafts: &[Draft]) -> Self {
        let mut identities = Self { settings, taken_over, otherwise: HashMap::new() };
        for draft in drafts {
            let Some(stated) = &draft.id else { continue };
            let id = identities.of(draft);
            if id.to_string() != *stated {
                identities.otherwise.insert(stated.clone(), id);
            }
        }
        identities
    }

    /// The record that `draft` is.
    pub(super) fn of(&self, draft: &Draft) -> RecordId {
        if let Some(id) = self.taken_over(&draft.kind, &draft.key) {
            return id;
        }
        let stated = draft.id.as_deref().filter(|_| self.settings.keeps_identities());
        let stated = stated.and_then(|id| id.parse::<RecordId>().ok());
        stated
            .filter(|id| id.kind() == draft.kind)
            .unwrap_or_else(|| RecordId::from_key(&draft.kind, &self.settings.id, &draft.key))
    }

    /// The record that the item of a `kind` with this key is.
    pub(super) fn of_key(&self, kind: &str, key: &str) -> RecordId {
        let taken_over = self.taken_over(kind, key);
        taken_over.unwrap_or_else(|| RecordId::from_key(kind, &self.settings.id, key))
    }

    fn taken_over(&self, kind: &str, key: &str) -> Option<RecordId> {
        if self.taken_over.is_empty() {
            return None;
        }
        self.taken_over.get(&Item::own_key(kind, key)).cloned()
    }

    /// Why `draft` is not taken: a kind of which a source that is not believed
    /// in its identities can have no records.
    pub(super) fn refuse(&self, draft: &Draft) -> Option<Problem> {
        let is_own = OWN_KINDS.contains(&draft.kind.as_str());
        if !is_own || self.settings.keeps_identities() {
            return None;
        }
        let what = format!("records of kind {} are not taken from this source", draft.kind);
        Some(Problem::warning("kind-not-taken", draft.at.as_str(), what).of(draft.key.as_str()))
    }

    /// That items state identities which are not believed.
    pub(super) fn told(&self) -> Option<Problem> {
        let count = self.otherwise.len();
        if count == 0 || self.settings.keeps_identities() {
            return None;
        }
        let what = format!(
            "{count} items say which records of a register they are, and have got records of \
             their own"
        );
        let advice = "An operator who trusts the source with that sets its `identities` to `keep`.";
        Some(Problem::warning("identities-not-kept", "", what).advice(advice))
    }

    /// Makes references of `draft` to other items of the document go to the
    /// records that those are here.
    pub(super) fn relate(&self, schema: &Schema, base: &Base, draft: &mut Draft) {
        if self.otherwise.is_empty() {
            return;
        }
        if let Some(kind) = schema.kind(&draft.kind) {
            self.relate_fields(schema, base, &kind.shape, &mut draft.fields);
        }
    }

    fn relate_fields(
        &self,
        schema: &Schema,
        base: &Base,
        shape: &Shape,
        fields: &mut Map<String, Json>,
    ) {
        for (key, value) in fields.iter_mut() {
            if let Some(field) = shape.field(key) {
                self.relate_value(schema, base, field, value);
            }
        }
    }

    fn relate_value(&self, schema: &Schema, base: &Base, field: &Field, value: &mut Json) {
        match (&field.value, value) {
            (_, Json::Array(list)) => {
                for value in list {
                    self.relate_value(schema, base, field, value);
                }
            }
            (ValueType::Reference(_), Json::String(text)) => {
                if let Some(id) = self.otherwise.get(text) {
                    base.thing(id).as_str().clone_into(text);
                }
            }
            (ValueType::Node(shape), Json::Object(fields)) => {
                if let Some(shape) = schema.nested(shape) {
                    self.relate_fields(schema, base, shape, fields);
                }
            }
            _ => {}
        }
    }
}
