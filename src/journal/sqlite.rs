//! The journal in SQLite: write-ahead log, synchronous FULL, one writer.
//!
//! Readers have connections of their own and never wait for the writer.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{
    Connection, OptionalExtension, Params, Row, Transaction, TransactionBehavior, params,
};

use super::{
    Change, Derivation, DirectoryLock, Expected, Journal, JournalError, JournalSize, Note,
    Original, Payload, Position, StoredToken, TokenStore, Turn, Version, Without, heads,
    sqlite_notes, sqlite_tokens,
};
use crate::model::Revision;
use crate::record::RecordId;

/// Format of the data directory that this program writes.
pub(super) const FORMAT: u32 = 2;
/// The database in a data directory.
pub const FILE: &str = "journal.sqlite";
/// Cache of the writer, in kibibytes as SQLite wants it, with a minus. A large
/// change whose index pages don't fit writes each of them many times.
const WRITER_CACHE: i64 = -65_536;
/// How many reading connections are kept open.
const READERS: usize = 4;

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS version (
        revision INTEGER PRIMARY KEY,
        kind TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL,
        at INTEGER NOT NULL, actor TEXT NOT NULL,
        payload BLOB, original BLOB, original_type TEXT, derivation TEXT
    ) STRICT;
    CREATE INDEX IF NOT EXISTS version_of_record ON version (kind, id, revision);
    CREATE TABLE IF NOT EXISTS head (
        kind TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL,
        revision INTEGER NOT NULL, live INTEGER NOT NULL,
        PRIMARY KEY (kind, id, source)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS head_by_revision ON head (revision);
    CREATE TABLE IF NOT EXISTS slug (
        kind TEXT NOT NULL, slug TEXT NOT NULL, id TEXT NOT NULL,
        PRIMARY KEY (kind, slug)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS token (
        id TEXT PRIMARY KEY, hash BLOB NOT NULL, label TEXT NOT NULL, scope TEXT NOT NULL,
        created INTEGER NOT NULL, expires INTEGER, revoked INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS note (
        place TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (place, key)
    ) STRICT, WITHOUT ROWID;
";

const VERSION: &str = "version.revision, version.source, version.kind, version.id, version.at, version.actor, version.payload, version.derivation";

/// The journal in a data directory, or in memory.
#[derive(Debug)]
pub struct SqliteJournal {
    writer: Mutex<Connection>,
    /// Empty in memory, where the writer's connection reads too.
    readers: Vec<Mutex<Connection>>,
    _lock: Option<DirectoryLock>,
}

/// Statements are planned once: SQLite would plan some anew for each value
/// that is bound to them, which took a twentieth of a harvest.
fn keep_plans(connection: &Connection) -> Result<(), JournalError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

impl SqliteJournal {
    /// Opens the journal of `directory`, and makes it when it is not there.
    ///
    /// # Errors
    ///
    /// [`JournalError::InUse`], [`JournalError::NotWritable`],
    /// [`JournalError::NewerFormat`] or [`JournalError::Damaged`].
    pub fn open(directory: &Path) -> Result<Self, JournalError> {
        let lock = DirectoryLock::take(directory)?;
        let file = directory.join(FILE);
        let writer = Connection::open(&file)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        writer.pragma_update(None, "synchronous", "FULL")?;
        writer.pragma_update(None, "cache_size", WRITER_CACHE)?;
        keep_plans(&writer)?;
        prepare(&writer)?;
        let readers = (0..READERS)
            .map(|_| -> Result<_, JournalError> {
                let reader = Connection::open(&file)?;
                reader.pragma_update(None, "query_only", true)?;
                keep_plans(&reader)?;
                Ok(Mutex::new(reader))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { writer: Mutex::new(writer), readers, _lock: Some(lock) })
    }

    /// A journal that is gone with the process.
    ///
    /// # Errors
    ///
    /// [`JournalError::Database`] when SQLite has no memory left.
    pub fn in_memory() -> Result<Self, JournalError> {
        let writer = Connection::open_in_memory()?;
        prepare(&writer)?;
        Ok(Self { writer: Mutex::new(writer), readers: Vec::new(), _lock: None })
    }

    /// Lets the database grow to `bytes` at most; a change that needs more
    /// gets [`JournalError::Full`], as on a full disk.
    ///
    /// # Errors
    ///
    /// [`JournalError::Database`] when SQLite refuses.
    pub fn limit_size(&self, bytes: u64) -> Result<(), JournalError> {
        let writer = self.writer();
        let page: u64 = writer.pragma_query_value(None, "page_size", |row| row.get(0))?;
        writer.pragma_update(None, "max_page_count", bytes / page)?;
        Ok(())
    }

    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        // A panic in the midst of a transaction rolls it back.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn reader(&self) -> MutexGuard<'_, Connection> {
        let free = self.readers.iter().find_map(|reader| reader.try_lock().ok());
        match (free, self.readers.first()) {
            (Some(reader), _) => reader,
            (None, Some(reader)) => reader.lock().unwrap_or_else(PoisonError::into_inner),
            (None, None) => self.writer(),
        }
    }

    fn versions(
        &self,
        condition: &str,
        arguments: impl Params,
    ) -> Result<Vec<Version>, JournalError> {
        let reader = self.reader();
        let mut statement = reader.prepare_cached(&format!("SELECT {VERSION} {condition}"))?;
        let mut rows = statement.query(arguments)?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            versions.push(read_version(row)?);
        }
        Ok(versions)
    }
}

fn prepare(connection: &Connection) -> Result<(), JournalError> {
    connection.set_prepared_statement_cache_capacity(64);
    let found = known_format(connection)?;
    if found == 1 {
        // Format 2 tells what versions were harvested from.
        connection.execute_batch("ALTER TABLE version ADD COLUMN derivation TEXT")?;
    }
    connection.execute_batch(TABLES)?;
    connection.pragma_update(None, "user_version", FORMAT)?;
    Ok(())
}

/// The format of the database, which is one that this program knows.
pub(super) fn known_format(connection: &Connection) -> Result<u32, JournalError> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > FORMAT {
        return Err(JournalError::NewerFormat { found, known: FORMAT });
    }
    Ok(found)
}

fn read_version(row: &Row<'_>) -> Result<Version, JournalError> {
    let kind: String = row.get(2)?;
    let id: String = row.get(3)?;
    let payload: Option<Vec<u8>> = row.get(6)?;
    let derivation: Option<String> = row.get(7)?;
    let derivation = derivation.map(|json| serde_json::from_str::<Derivation>(&json)).transpose();
    Ok(Version {
        revision: Revision(row.get(0)?),
        source: row.get(1)?,
        id: RecordId::new(&kind, &id).map_err(|error| JournalError::Damaged(error.to_string()))?,
        at: moment(row.get(4)?)?,
        actor: row.get(5)?,
        payload: payload.map(Payload::from_compressed),
        derivation: derivation.map_err(|error| JournalError::Damaged(error.to_string()))?,
    })
}

pub(super) fn moment(microseconds: i64) -> Result<Timestamp, JournalError> {
    Timestamp::from_microsecond(microseconds)
        .map_err(|error| JournalError::Damaged(error.to_string()))
}

impl Journal for SqliteJournal {
    fn append(
        &self,
        changes: &mut dyn Iterator<Item = Result<Change, JournalError>>,
        notes: &[Note],
        at: Timestamp,
        actor: &str,
    ) -> Result<Option<(Revision, Revision)>, JournalError> {
        let mut writer = self.writer();
        // At once, since another process may add a token between what is read
        // first and what is written then: such a transaction can't go on.
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut newest = newest_in(&transaction)?;
        let first = Revision(newest.0 + 1);
        for change in changes {
            newest.0 += 1;
            append_one(&transaction, &change?, newest, at, actor)?;
        }
        sqlite_notes::write(&transaction, notes)?;
        transaction.commit()?;
        Ok((newest >= first).then_some((first, newest)))
    }

    fn newest(&self) -> Result<Revision, JournalError> {
        newest_in(&self.reader())
    }

    fn size(&self) -> Result<JournalSize, JournalError> {
        let reader = self.reader();
        let pages: u64 = reader.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let page: u64 = reader.pragma_query_value(None, "page_size", |row| row.get(0))?;
        // Without a file, and before the first write, there is no log.
        let log = reader.path().filter(|path| !path.is_empty()).map(|path| format!("{path}-wal"));
        let log = log.and_then(|path| fs::metadata(path).ok());
        Ok(JournalSize { database_bytes: pages * page, log_bytes: log.map_or(0, |log| log.len()) })
    }

    fn versions_after(&self, after: Revision, limit: usize) -> Result<Vec<Version>, JournalError> {
        self.versions(
            "FROM version WHERE revision > ?1 ORDER BY revision LIMIT ?2",
            params![after.0, limit],
        )
    }

    fn current(&self, id: &RecordId) -> Result<Vec<Version>, JournalError> {
        self.versions(
            "FROM head JOIN version ON version.revision = head.revision
             WHERE head.kind = ?1 AND head.id = ?2 ORDER BY head.source",
            params![id.kind(), id.id()],
        )
    }

    fn speaks(&self, source: &str, id: &RecordId) -> Result<bool, JournalError> {
        let live: Option<bool> = self
            .reader()
            .prepare_cached("SELECT live FROM head WHERE kind = ?1 AND id = ?2 AND source = ?3")?
            .query_row(params![id.kind(), id.id(), source], |row| row.get(0))
            .optional()?;
        Ok(live == Some(true))
    }

    fn walk(
        &self,
        after: &Position,
        limit: usize,
    ) -> Result<(Vec<Version>, Position), JournalError> {
        let (kind, id, source) = match &after.0 {
            Some((id, source)) => (id.kind(), id.id(), source.as_str()),
            None => ("", "", ""),
        };
        let versions = self.versions(
            "FROM head JOIN version ON version.revision = head.revision
             WHERE (head.kind, head.id, head.source) > (?1, ?2, ?3) AND head.live = 1
             ORDER BY head.kind, head.id, head.source LIMIT ?4",
            params![kind, id, source, limit],
        )?;
        let last = versions.last().map(|last| (last.id.clone(), last.source.clone()));
        Ok((versions, Position(last.or_else(|| after.0.clone()))))
    }

    fn by_revision(
        &self,
        from: Turn,
        without: Without<'_>,
        limit: usize,
    ) -> Result<Vec<(Revision, RecordId)>, JournalError> {
        heads::by_revision(&self.reader(), from, without, limit)
    }

    fn history(&self, id: &RecordId, limit: usize) -> Result<Vec<Version>, JournalError> {
        self.versions(
            "FROM version WHERE kind = ?1 AND id = ?2 ORDER BY revision DESC LIMIT ?3",
            params![id.kind(), id.id(), limit],
        )
    }

    fn before(
        &self,
        id: &RecordId,
        source: &str,
        revision: Revision,
    ) -> Result<Option<Version>, JournalError> {
        let found = self.versions(
            "FROM version WHERE kind = ?1 AND id = ?2 AND source = ?3 AND revision < ?4
             ORDER BY revision DESC LIMIT 1",
            params![id.kind(), id.id(), source, revision.0],
        )?;
        Ok(found.into_iter().next())
    }

    fn lifetime(&self, id: &RecordId) -> Result<Option<(Timestamp, Timestamp)>, JournalError> {
        let ends: Option<(i64, i64)> = self
            .reader()
            .prepare_cached(
                "SELECT first.at, (SELECT at FROM version WHERE kind = ?1 AND id = ?2
                     ORDER BY revision DESC LIMIT 1)
                 FROM version AS first WHERE kind = ?1 AND id = ?2 ORDER BY revision LIMIT 1",
            )?
            .query_row(params![id.kind(), id.id()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        ends.map(|(first, newest)| Ok((moment(first)?, moment(newest)?))).transpose()
    }

    fn by_slug(&self, kind: &str, slug: &str) -> Result<Option<RecordId>, JournalError> {
        slug_owner(&self.reader(), kind, slug)
    }

    fn original(&self, revision: Revision) -> Result<Option<Original>, JournalError> {
        let found = self
            .reader()
            .prepare_cached("SELECT original_type, original FROM version WHERE revision = ?1")?
            .query_row(params![revision.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match found {
            Some((Some(media_type), Some(bytes))) => {
                let bytes = Payload::from_compressed(bytes).json()?;
                Ok(Some(Original { media_type, bytes }))
            }
            _ => Ok(None),
        }
    }
}

fn newest_in(connection: &Connection) -> Result<Revision, JournalError> {
    let newest: Option<u64> = connection
        .prepare_cached("SELECT max(revision) FROM version")?
        .query_row([], |row| row.get(0))?;
    Ok(Revision(newest.unwrap_or(0)))
}

fn append_one(
    transaction: &Transaction<'_>,
    change: &Change,
    revision: Revision,
    at: Timestamp,
    actor: &str,
) -> Result<(), JournalError> {
    let (kind, id) = (change.id.kind(), change.id.id());
    if change.expected != Expected::Anything {
        check_expected(transaction, change)?;
    }
    let (original_type, original) = match &change.original {
        Some(original) => (Some(&original.media_type), Some(Payload::compress(&original.bytes))),
        None => (None, None),
    };
    let derivation = change
        .derivation
        .as_ref()
        .map(|derivation| serde_json::to_string(derivation).expect("texts and a time are JSON"));
    transaction
        .prepare_cached(
            "INSERT INTO version
             (revision, kind, id, source, at, actor, payload, original, original_type, derivation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            revision.0,
            kind,
            id,
            change.source,
            at.as_microsecond(),
            actor,
            change.payload.as_ref().map(Payload::as_compressed),
            original.as_ref().map(Payload::as_compressed),
            original_type,
            derivation,
        ])?;
    transaction
        .prepare_cached(
            "INSERT INTO head (kind, id, source, revision, live) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET revision = excluded.revision, live = excluded.live",
        )?
        .execute(params![kind, id, change.source, revision.0, change.payload.is_some()])?;
    if let Some(slug) = &change.slug {
        take_slug(transaction, change, slug)?;
    }
    Ok(())
}

fn check_expected(transaction: &Transaction<'_>, change: &Change) -> Result<(), JournalError> {
    let found: Option<(u64, bool)> = transaction
        .prepare_cached(
            "SELECT revision, live FROM head WHERE kind = ?1 AND id = ?2 AND source = ?3",
        )?
        .query_row(params![change.id.kind(), change.id.id(), change.source], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let holds = match (change.expected, found) {
        (Expected::Absent, None | Some((_, false))) | (Expected::Anything, _) => true,
        (Expected::Revision(revision), Some((found, true))) => revision.0 == found,
        _ => false,
    };
    if holds {
        return Ok(());
    }
    Err(JournalError::Conflict {
        id: change.id.clone(),
        source_id: change.source.clone(),
        found: Revision(found.map_or(0, |(revision, _)| revision)),
    })
}

fn slug_owner(
    connection: &Connection,
    kind: &str,
    slug: &str,
) -> Result<Option<RecordId>, JournalError> {
    let id: Option<String> = connection
        .prepare_cached("SELECT id FROM slug WHERE kind = ?1 AND slug = ?2")?
        .query_row(params![kind, slug], |row| row.get(0))
        .optional()?;
    id.map(|id| RecordId::new(kind, &id))
        .transpose()
        .map_err(|error| JournalError::Damaged(error.to_string()))
}

/// Gives the alias to the record. One that another record left behind when it
/// was withdrawn is free again.
fn take_slug(
    transaction: &Transaction<'_>,
    change: &Change,
    slug: &str,
) -> Result<(), JournalError> {
    if let Some(owner) = slug_owner(transaction, change.id.kind(), slug)?
        && owner != change.id
    {
        let lives: bool = transaction
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM head WHERE kind = ?1 AND id = ?2 AND live = 1)",
            )?
            .query_row(params![owner.kind(), owner.id()], |row| row.get(0))?;
        if lives {
            return Err(JournalError::SlugTaken { slug: slug.to_owned(), id: owner });
        }
    }
    transaction
        .prepare_cached("INSERT OR REPLACE INTO slug (kind, slug, id) VALUES (?1, ?2, ?3)")?
        .execute(params![change.id.kind(), slug, change.id.id()])?;
    Ok(())
}

impl TokenStore for SqliteJournal {
    fn add_token(&self, token: &StoredToken) -> Result<(), JournalError> {
        sqlite_tokens::add(&self.writer(), token)
    }

    fn token(&self, id: &str) -> Result<Option<StoredToken>, JournalError> {
        sqlite_tokens::find(&self.reader(), id)
    }

    fn tokens(&self) -> Result<Vec<StoredToken>, JournalError> {
        sqlite_tokens::all(&self.reader())
    }

    fn revoke_token(&self, id: &str) -> Result<bool, JournalError> {
        sqlite_tokens::revoke(&self.writer(), id)
    }
}
