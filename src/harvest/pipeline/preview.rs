//! What a preview, or a run that is held, would change: record by record, and
//! statement by statement.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{HarvestError, Harvester};
use crate::record::{FromJson, Record, RecordId, from_json, to_triples};
use crate::register::ledger::{Rekey, Staged};

/// What would become of one record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The record, as `kind/id`.
    pub id: RecordId,
    /// Kind and key that the source has for it, with a line break between.
    pub key: String,
    /// What would be done.
    pub what: What,
    /// What it is called, as the source would have it or had it.
    pub name: String,
    /// The statements that would come, as N-Triples, in their order.
    pub added: Vec<String>,
    /// The statements that would go.
    pub removed: Vec<String>,
    /// The known item that it seems to be, under another key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rekey: Option<Rekey>,
}

/// What would be done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It is new.
    Create,
    /// It says something else.
    Update,
    /// The source says that it is gone.
    Withdraw,
    /// The source no longer lists it.
    Missing,
    /// It was missing, and is listed again as it was.
    Back,
}

impl What {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Withdraw => "withdraw",
            Self::Missing => "missing",
            Self::Back => "back",
        }
    }
}

impl Harvester {
    /// What the newest run of `source` has staged and would write, in the
    /// order of kinds and keys: those after the key `after`, `limit` at most.
    /// Empty when nothing waits.
    ///
    /// # Errors
    ///
    /// [`HarvestError::Ledger`] and [`HarvestError::Read`].
    pub fn differences(
        &self,
        source: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Difference>, HarvestError> {
        let prefix = format!("{source}\n");
        let mut found = Vec::new();
        let mut after = if after.is_empty() { String::new() } else { format!("{prefix}{after}") };
        while found.len() < limit {
            let rows = self.register.ledger().rows::<Staged>(&prefix, &after, limit)?;
            let Some((last, _)) = rows.last() else { break };
            after.clone_from(last);
            for (full, staged) in rows {
                let key = full[prefix.len()..].to_owned();
                found.extend(self.difference(source, key, &staged)?);
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    /// `None` for what would change nothing that is published.
    fn difference(
        &self,
        source: &str,
        key: String,
        staged: &Staged,
    ) -> Result<Option<Difference>, HarvestError> {
        let register = &self.register;
        let said = register.by_source(&staged.id)?;
        let before = said.into_iter().find(|(speaker, _)| speaker == source);
        let before = before.map(|(_, record)| record);
        let after = staged.record.as_ref().and_then(|record| self.read(&staged.id, &record.json()));
        let (old, new) = (self.statements(before.as_ref()), self.statements(after.as_ref()));
        let what = match (&staged.record, staged.is_absent) {
            (None, true) => What::Missing,
            (None, false) if before.is_none() => return Ok(None),
            (None, false) => What::Withdraw,
            (Some(_), _) if before.is_none() => What::Create,
            (Some(_), _) if old == new => What::Back,
            (Some(_), _) => What::Update,
        };
        let named = after.as_ref().or(before.as_ref());
        let name = named.map_or_else(
            || staged.id.to_string(),
            |record| crate::record::label(record, "en").to_owned(),
        );
        Ok(Some(Difference {
            id: staged.id.clone(),
            key,
            what,
            name,
            added: new.difference(&old).cloned().collect(),
            removed: old.difference(&new).cloned().collect(),
            rekey: staged.rekey.clone(),
        }))
    }

    fn read(&self, id: &RecordId, json: &serde_json::Value) -> Option<Record> {
        let schema = self.register.schema();
        let context = FromJson { schema, base: self.register.base(), keys_of: None };
        from_json(context, schema.kind(id.kind())?, Some(id), json).ok()
    }

    fn statements(&self, record: Option<&Record>) -> BTreeSet<String> {
        let triples = record
            .map(|record| to_triples(self.register.schema(), self.register.base(), record))
            .unwrap_or_default();
        triples.iter().map(|triple| format!("{triple} .")).collect()
    }
}
