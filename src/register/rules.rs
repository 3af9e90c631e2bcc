//! What records have to keep to besides their shape, as the part of the
//! program knows that works by them: a source that can't be harvested as it
//! says is refused when it is written, whoever writes it.

use std::sync::{Arc, PoisonError};

use serde_json::{Map, Value as Json};

use super::Register;
use crate::record::{Fault, Record};

/// What records of some kinds have to keep to besides their shape.
pub trait Rules: Send + Sync {
    /// Writes the values of `json`, a record of `kind` that somebody sends, in
    /// the one way in which they are kept.
    fn spell(&self, kind: &str, json: &mut Map<String, Json>);

    /// Writes the values of `record` so.
    fn spell_record(&self, record: &mut Record);

    /// Everything that is wrong with `record`, as it will be shown.
    fn faults(&self, register: &Register, record: &Record) -> Vec<Fault>;
}

impl Register {
    /// Records that people write keep to `rules` from now on, besides their
    /// shapes; those of harvests and loads don't have to.
    pub fn keep_to(&self, rules: Arc<dyn Rules>) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Some(rules);
    }

    /// Writes the values of a record of `kind` that somebody sends in the one
    /// way in which they are kept, so that they can be read.
    pub fn spell(&self, kind: &str, json: &mut Json) {
        if let (Some(rules), Some(json)) = (self.rules(), json.as_object_mut()) {
            rules.spell(kind, json);
        }
    }

    pub(super) fn rules(&self) -> Option<Arc<dyn Rules>> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
