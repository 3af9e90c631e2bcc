//! Records by their newest revisions, in SQLite.

use rusqlite::{Connection, params};

use super::{JournalError, Turn};
use crate::model::Revision;
use crate::record::RecordId;

/// See [`super::Journal::by_revision`]. The index leads from one head to the
/// next; of a record with several sources only the newest head counts.
pub(super) fn by_revision(
    connection: &Connection,
    from: Turn,
    without: &[&str],
    limit: usize,
) -> Result<Vec<(Revision, RecordId)>, JournalError> {
    let (condition, order, start) = match from {
        Turn::After(revision) => ("head.revision > ?1", "ASC", revision),
        Turn::Before(revision) => ("head.revision < ?1", "DESC", revision),
    };
    let without = serde_json::to_string(without).expect("texts are JSON");
    let start = i64::try_from(start.0).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT revision, kind, id FROM head INDEXED BY head_by_revision
         WHERE {condition} AND kind NOT IN (SELECT value FROM json_each(?2))
         AND NOT EXISTS (
             SELECT 1 FROM head AS other WHERE other.kind = head.kind AND other.id = head.id
             AND other.revision > head.revision)
         ORDER BY revision {order} LIMIT ?3"
    ))?;
    let mut rows = statement.query(params![start, without, limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, id): (String, String) = (row.get(1)?, row.get(2)?);
        let id =
            RecordId::new(&kind, &id).map_err(|error| JournalError::Damaged(error.to_string()))?;
        found.push((Revision(row.get(0)?), id));
    }
    Ok(found)
}
