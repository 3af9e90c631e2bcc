//! Tests of [`beside`](super).

use jiff::Timestamp;
use tempfile::tempdir;

use super::*;
use crate::journal::{Durability, Journal, Note, Notes, Scope, SqliteJournal};

fn token(id: &str) -> StoredToken {
    StoredToken {
        id: id.to_owned(),
        hash: [7; 32],
        label: "a purpose".to_owned(),
        scope: Scope::Write,
        created: Timestamp::UNIX_EPOCH,
        expires: None,
        revoked: false,
    }
}

fn note(key: &str, value: Vec<u8>) -> Note {
    Note { table: "place", key: key.to_owned(), value: Some(value) }
}

#[test]
fn tokens_of_one_process_are_known_to_the_other_at_once() {
    let directory = tempdir().unwrap();
    let journal = SqliteJournal::open(directory.path()).unwrap();
    let beside = Beside::open(directory.path()).unwrap();
    beside.add_token(&token("a")).unwrap();
    assert_eq!(journal.token("a").unwrap(), Some(token("a")));
    journal.add_token(&token("b")).unwrap();
    assert_eq!(beside.tokens().unwrap().len(), 2);
    assert!(beside.revoke_token("a").unwrap());
    assert!(journal.token("a").unwrap().unwrap().revoked);
    assert!(!beside.revoke_token("c").unwrap());
}

/// What reads first and writes then would fail for ever when another
/// connection writes between.
#[test]
fn a_change_under_way_is_not_hindered_by_a_token() {
    let directory = tempdir().unwrap();
    let journal = SqliteJournal::open(directory.path()).unwrap();
    let note = note("key", b"value".to_vec());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let beside = Beside::open(directory.path()).unwrap();
            for number in 0..40 {
                beside.add_token(&token(&number.to_string())).unwrap();
            }
        });
        for _ in 0..40 {
            let written = journal.append(
                &mut std::iter::empty(),
                std::slice::from_ref(&note),
                Timestamp::UNIX_EPOCH,
                "test",
            );
            written.unwrap();
        }
    });
    assert_eq!(journal.tokens().unwrap().len(), 40);
}

#[test]
fn a_copy_is_of_one_moment_and_a_database_by_itself() {
    let directory = tempdir().unwrap();
    let journal = SqliteJournal::open(directory.path()).unwrap();
    journal.add_token(&token("a")).unwrap();
    let value = vec![1; 40_000];
    let notes: Vec<Note> = (0..600).map(|key| note(&key.to_string(), value.clone())).collect();
    journal.put_notes(&notes, Durability::Durable).unwrap();
    let beside = Beside::open(directory.path()).unwrap();
    let target = directory.path().join("copy.sqlite");
    let mut told = Vec::new();
    let copied = beside.copy(&target, &mut |done, of| {
        told.push((done, of));
        journal.add_token(&token(&format!("late {}", told.len()))).unwrap();
    });
    assert_eq!(copied.unwrap().revision, Revision(0));
    assert!(told.len() > 1, "{told:?}");
    assert!(told.iter().is_sorted() && told.last().is_some_and(|(done, of)| done == of));
    assert!(!directory.path().join("copy.sqlite-wal").exists());
    let copy = Connection::open(&target).unwrap();
    assert_eq!(sqlite_tokens::all(&copy).unwrap(), [token("a")]);
    assert_eq!(journal.tokens().unwrap().len(), 1 + told.len());
}

#[test]
fn there_must_be_a_journal() {
    let directory = tempdir().unwrap();
    assert!(Beside::open(directory.path()).is_err());
    assert!(!directory.path().join(FILE).exists());
}
