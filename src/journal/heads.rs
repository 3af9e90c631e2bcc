//! Records by their newest revisions, in SQLite.

use rusqlite::{Connection, params};

use super::{JournalError, Turn, Without};
use crate::model::Revision;
use crate::record::RecordId;

/// See [`super::Journal::by_revision`]. The index leads from one head to the
/// next; of a record with several sources only the newest head counts.
pub(super) fn by_revision(
    connection: &Connection,
    from: Turn,
    without: Without<'_>,
    limit: usize,
) -> Result<Vec<(Revision, RecordId)>, JournalError> {
    let (condition, order, start) = match from {
        Turn::After(revision) => ("head.revision > ?1", "ASC", revision),
        Turn::Before(revision) => ("head.revision < ?1", "DESC", revision),
    };
    let list = |texts: &[&str]| serde_json::to_string(texts).expect("texts are JSON");
    let (source, its_kinds) = without.of_source.unwrap_or_default();
    let start = i64::try_from(start.0).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT revision, kind, id FROM head INDEXED BY head_by_revision
         WHERE {condition} AND kind NOT IN (SELECT value FROM json_each(?2))
         AND NOT (kind IN (SELECT value FROM json_each(?4)) AND EXISTS (
             SELECT 1 FROM head AS own WHERE own.kind = head.kind AND own.id = head.id
             AND own.source = ?5))
         AND NOT EXISTS (
             SELECT 1 FROM head AS other WHERE other.kind = head.kind AND other.id = head.id
             AND other.revision > head.revision)
         ORDER BY revision {order} LIMIT ?3"
    ))?;
    let (without, its_kinds) = (list(without.kinds), list(its_kinds));
    let mut rows = statement.query(params![start, without, limit, its_kinds, source])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, id): (String, String) = (row.get(1)?, row.get(2)?);
        let id =
            RecordId::new(&kind, &id).map_err(|error| JournalError::Damaged(error.to_string()))?;
        found.push((Revision(row.get(0)?), id));
    }
    Ok(found)
}
