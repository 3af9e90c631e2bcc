//! Tests of [`storage`](super).

use super::*;
use crate::record::{Base, Fields, Record, RecordId, Value};
use crate::register::{ApplyError, Edit, Found, Place, References, Register};
use crate::schema::Schema;

#[test]
fn nothing_is_written_while_there_is_less_room_than_is_kept_free_and_reading_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let base = Base::new("https://kist.example").unwrap();
    let place = Place::Directory(directory.path());
    let register = Register::open(Schema::standard(), base, place, now).unwrap();
    let id = RecordId::new("organisation", "o1").unwrap();
    let name = Value::LanguageText { language: "en".to_owned(), text: "Walkers".to_owned() };
    let fields = Fields::from([("name".to_owned(), vec![name])]);
    let edit = Edit {
        source: "local".to_owned(),
        id: id.clone(),
        record: Some(Record { id: id.clone(), fields }),
        original: None,
        expected: None,
        derivation: None,
    };
    let write = || register.apply(vec![edit.clone()], References::Kept, "test", now);
    let load = || {
        let mut edits = std::iter::once(Ok(edit.clone()));
        register.apply_all(&mut edits, "test", now, &mut |_| {})
    };
    register.keep_free(u64::MAX);
    for refused in [write(), load()] {
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused, ApplyError::Journal(JournalError::LittleRoom { .. })),
            "{refused}"
        );
    }
    assert_eq!(register.get(&id).unwrap(), Found::Nowhere);
    register.keep_free(1);
    assert_eq!(write().unwrap().written, 1);
    register.keep_free(u64::MAX);
    assert!(matches!(register.get(&id).unwrap(), Found::Here(_)));
}

#[test]
fn a_register_on_the_disk_knows_its_room_and_one_in_memory_has_none() {
    let directory = tempfile::tempdir().unwrap();
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let open = |place| {
        let base = Base::new("https://kist.example").unwrap();
        Register::open(Schema::standard(), base, place, now).unwrap()
    };
    let kept = open(Place::Directory(directory.path()));
    let room = kept.room().unwrap();
    assert!(room.free <= room.size && room.size > 0, "{room:?}");
    let size = kept.journal_size().unwrap();
    let file = std::fs::metadata(directory.path().join("journal.sqlite")).unwrap().len();
    // A page that is new may still be in the log.
    assert!(size.database_bytes >= file && file > 0, "{size:?}");
    let passing = open(Place::Memory);
    assert_eq!(passing.room(), None);
    assert!(passing.journal_size().unwrap().database_bytes > 0);
    assert_eq!(passing.journal_size().unwrap().log_bytes, 0);
}
