//! What the sources of a record say together.

use std::sync::Arc;

use super::lookup::Lookup;
use super::stored;
use crate::journal::{JournalError, Version};
use crate::record::{Merged, Origin, Record, RecordId, WITHHOLDS, merge, validate};
use crate::schema::Schema;

/// The merged view of what `versions`, all of `id`, say; `None` when none
/// says the whole of it.
pub(super) fn of_versions(
    schema: &Schema,
    lookup: &Lookup,
    id: &RecordId,
    versions: &[Version],
) -> Result<Option<Merged>, JournalError> {
    let mut said = Vec::with_capacity(versions.len());
    for version in versions {
        if let Some(record) = stored::read(schema, version)? {
            said.push((origin(lookup, version), record));
        }
    }
    Ok(of_records(schema, id, said))
}

/// Who says a version, and how far that is believed.
pub(super) fn origin(lookup: &Lookup, version: &Version) -> Origin {
    let source = version.source.clone();
    let terms = version.derivation.as_ref().and_then(|derivation| derivation.terms.clone());
    Origin { trust: lookup.trust(&source), source, at: version.at, terms: terms.map(Arc::new) }
}

/// The merged view of records. A source may change so that a property which
/// is withheld is needed: what is withheld is shown then, rather than a
/// record that is not valid.
fn of_records(schema: &Schema, id: &RecordId, said: Vec<(Origin, Record)>) -> Option<Merged> {
    let withholds = |(_, record): &(Origin, Record)| record.withheld().next().is_some();
    if !said.iter().any(withholds) {
        return merge(id, said);
    }
    let merged = merge(id, said.clone())?;
    if validate(schema, &merged.record).is_empty() {
        return Some(merged);
    }
    let unmarked = said.into_iter().map(|(origin, mut record)| {
        record.fields.remove(WITHHOLDS);
        (origin, record)
    });
    let open = merge(id, unmarked.collect())?;
    Some(if validate(schema, &open.record).is_empty() { open } else { merged })
}
