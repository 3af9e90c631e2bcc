//! Tokens in SQLite. Each function is one statement, so that it can stand
//! beside another process that writes.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::sqlite::moment;
use super::{JournalError, Scope, StoredToken};

const COLUMNS: &str = "id, hash, label, scope, created, expires, revoked";

pub(super) fn add(connection: &Connection, token: &StoredToken) -> Result<(), JournalError> {
    connection.execute(
        &format!("INSERT INTO token ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
        params![
            token.id,
            token.hash,
            token.label,
            token.scope.name(),
            token.created.as_microsecond(),
            token.expires.map(Timestamp::as_microsecond),
            token.revoked,
        ],
    )?;
    Ok(())
}

pub(super) fn find(connection: &Connection, id: &str) -> Result<Option<StoredToken>, JournalError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM token WHERE id = ?1"))?;
    statement.query_row(params![id], |row| Ok(read(row))).optional()?.transpose()
}

pub(super) fn all(connection: &Connection) -> Result<Vec<StoredToken>, JournalError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM token ORDER BY created, id"))?;
    let tokens = statement.query_map([], |row| Ok(read(row)))?;
    tokens.map(|token| token?).collect()
}

/// Takes a token back; gives whether there was one.
pub(super) fn revoke(connection: &Connection, id: &str) -> Result<bool, JournalError> {
    let changed = connection.execute("UPDATE token SET revoked = 1 WHERE id = ?1", params![id])?;
    Ok(changed > 0)
}

fn read(row: &Row<'_>) -> Result<StoredToken, JournalError> {
    let scope: String = row.get(3)?;
    let expires: Option<i64> = row.get(5)?;
    Ok(StoredToken {
        id: row.get(0)?,
        hash: row.get(1)?,
        label: row.get(2)?,
        scope: Scope::by_name(&scope).ok_or(JournalError::Damaged(scope))?,
        created: moment(row.get(4)?)?,
        expires: expires.map(moment).transpose()?,
        revoked: row.get(6)?,
    })
}
