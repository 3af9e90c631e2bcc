use jiff::Timestamp;

use super::*;

fn at() -> Timestamp {
    Timestamp::from_second(1_780_000_000).unwrap()
}

fn id(name: &str) -> RecordId {
    RecordId::new("asset", name).unwrap()
}

fn put(name: &str, text: &str) -> Change {
    Change {
        source: "local".to_owned(),
        id: id(name),
        payload: Some(Payload::compress(text.as_bytes())),
        original: None,
        expected: Expected::Anything,
        slug: None,
        derivation: None,
    }
}

fn withdraw(name: &str) -> Change {
    Change { payload: None, ..put(name, "") }
}

fn append(
    journal: &impl Journal,
    changes: Vec<Change>,
) -> Result<Option<(Revision, Revision)>, JournalError> {
    journal.append(&mut changes.into_iter().map(Ok), &[], at(), "test")
}

#[test]
fn revisions_grow_by_one_over_all_changes() {
    let journal = SqliteJournal::in_memory().unwrap();
    let first = append(&journal, vec![put("a", "1"), put("b", "1")]).unwrap();
    assert_eq!(first, Some((Revision(1), Revision(2))));
    assert_eq!(append(&journal, vec![]).unwrap(), None);
    assert_eq!(append(&journal, vec![put("a", "2")]).unwrap(), Some((Revision(3), Revision(3))));
    assert_eq!(journal.newest().unwrap(), Revision(3));
}

#[test]
fn a_change_whose_expectation_fails_takes_all_the_others_with_it() {
    let journal = SqliteJournal::in_memory().unwrap();
    append(&journal, vec![put("a", "1")]).unwrap();
    for expected in [Expected::Absent, Expected::Revision(Revision(7))] {
        let refused = append(&journal, vec![put("b", "1"), Change { expected, ..put("a", "2") }]);
        assert!(matches!(refused, Err(JournalError::Conflict { found: Revision(1), .. })));
    }
    assert_eq!(journal.newest().unwrap(), Revision(1));
    let allowed = Change { expected: Expected::Revision(Revision(1)), ..put("a", "2") };
    assert!(append(&journal, vec![allowed]).is_ok());
}

#[test]
fn a_withdrawn_record_leaves_a_tombstone_and_its_history() {
    let journal = SqliteJournal::in_memory().unwrap();
    append(&journal, vec![put("a", "1"), put("a", "2"), withdraw("a")]).unwrap();
    let current = journal.current(&id("a")).unwrap();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0].payload, None);
    let history: Vec<_> = journal.history(&id("a"), 10).unwrap();
    assert_eq!(history.iter().map(|version| version.revision.0).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(history[1].payload.as_ref().unwrap().json().unwrap(), b"2");
    assert_eq!(journal.walk(&Position::default(), 10).unwrap().0, []);
}

#[test]
fn walking_meets_each_current_version_once() {
    let journal = SqliteJournal::in_memory().unwrap();
    let changes = ["c", "a", "b", "e", "d"].map(|name| put(name, "1"));
    append(&journal, changes.into()).unwrap();
    append(&journal, vec![put("b", "2"), withdraw("e")]).unwrap();
    let (mut position, mut met) = (Position::default(), Vec::new());
    loop {
        let (versions, next) = journal.walk(&position, 2).unwrap();
        if versions.is_empty() {
            break;
        }
        met.extend(versions.into_iter().map(|version| version.id.id().to_owned()));
        position = next;
    }
    assert_eq!(met, ["a", "b", "c", "d"]);
}

#[test]
fn a_slug_belongs_to_one_living_record() {
    let journal = SqliteJournal::in_memory().unwrap();
    let with_slug = |name| Change { slug: Some("library".to_owned()), ..put(name, "1") };
    append(&journal, vec![with_slug("a")]).unwrap();
    let refused = append(&journal, vec![with_slug("b")]);
    assert!(matches!(refused, Err(JournalError::SlugTaken { .. })));
    append(&journal, vec![withdraw("a"), with_slug("b")]).unwrap();
    assert_eq!(journal.by_slug("asset", "library").unwrap(), Some(id("b")));
}

#[test]
fn what_the_partner_sent_is_kept_to_the_byte() {
    let journal = SqliteJournal::in_memory().unwrap();
    let original =
        Original { media_type: "text/turtle".to_owned(), bytes: b"<a> <b> 007 .".to_vec() };
    append(&journal, vec![Change { original: Some(original.clone()), ..put("a", "1") }]).unwrap();
    assert_eq!(journal.original(Revision(1)).unwrap(), Some(original));
    assert_eq!(journal.original(Revision(2)).unwrap(), None);
}

#[test]
fn what_was_appended_is_there_after_opening_again() {
    let directory = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(directory.path()).unwrap();
    append(&journal, vec![put("a", "1")]).unwrap();
    drop(journal);
    let journal = SqliteJournal::open(directory.path()).unwrap();
    assert_eq!(journal.versions_after(Revision(0), 10).unwrap().len(), 1);
}

#[test]
fn a_directory_that_is_in_use_is_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let _journal = SqliteJournal::open(directory.path()).unwrap();
    let error = SqliteJournal::open(directory.path()).unwrap_err();
    assert!(matches!(&error, JournalError::InUse(path) if path == directory.path()), "{error}");
}

#[test]
fn a_newer_format_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    drop(SqliteJournal::open(directory.path()).unwrap());
    let file = directory.path().join("journal.sqlite");
    rusqlite::Connection::open(file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = SqliteJournal::open(directory.path()).unwrap_err();
    assert!(matches!(error, JournalError::NewerFormat { found: 99, known: 2 }), "{error}");
}

#[test]
fn a_directory_of_the_first_format_is_taken_over_with_all_that_is_in_it() {
    let directory = tempfile::tempdir().unwrap();
    append(&SqliteJournal::open(directory.path()).unwrap(), vec![put("a", "1")]).unwrap();
    let old = rusqlite::Connection::open(directory.path().join("journal.sqlite")).unwrap();
    old.execute_batch("ALTER TABLE version DROP COLUMN derivation; DROP TABLE note").unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    let journal = SqliteJournal::open(directory.path()).unwrap();
    assert_eq!(journal.current(&id("a")).unwrap()[0].derivation, None);
    assert_eq!(journal.note("t", "a").unwrap(), None);
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("journal.sqlite"), vec![b'x'; 8192]).unwrap();
    let error = SqliteJournal::open(directory.path()).unwrap_err();
    assert!(matches!(error, JournalError::Damaged(_)), "{error}");
}

#[test]
fn a_full_disk_refuses_the_change_and_keeps_what_was_there() {
    let directory = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(directory.path()).unwrap();
    append(&journal, vec![put("a", "1")]).unwrap();
    journal.limit_size(100_000).unwrap();
    let noise: String = (0..400_000).map(|_| fastrand::alphanumeric()).collect();
    assert!(matches!(append(&journal, vec![put("b", &noise)]), Err(JournalError::Full)));
    assert_eq!(journal.newest().unwrap(), Revision(1));
    assert!(append(&journal, vec![put("b", "small")]).is_ok());
}

#[test]
fn a_revoked_token_stays_known_as_revoked() {
    let journal = SqliteJournal::in_memory().unwrap();
    let token = StoredToken {
        id: "t1".to_owned(),
        hash: [7; 32],
        label: "import".to_owned(),
        scope: Scope::Write,
        created: at(),
        expires: None,
        revoked: false,
    };
    journal.add_token(&token).unwrap();
    assert_eq!(journal.token("t1").unwrap(), Some(token));
    assert!(journal.revoke_token("t1").unwrap());
    assert!(journal.token("t1").unwrap().unwrap().revoked);
    assert!(!journal.revoke_token("t2").unwrap());
}

#[test]
fn the_version_before_is_of_the_same_source() {
    let journal = SqliteJournal::in_memory().unwrap();
    let of = |source: &str, text: &str| Change { source: source.to_owned(), ..put("a", text) };
    append(&journal, vec![of("x", "1"), of("y", "2"), of("x", "3"), of("y", "4")]).unwrap();
    let id = &journal.versions_after(Revision(0), 1).unwrap()[0].id;
    let before = |source: &str, revision: u64| {
        let found = journal.before(id, source, Revision(revision)).unwrap();
        found.map(|version| version.revision.0)
    };
    assert_eq!([before("x", 4), before("x", 3), before("x", 1)], [Some(3), Some(1), None]);
    assert_eq!([before("y", 9), before("z", 9)], [Some(4), None]);
}

fn noted(table: &'static str, key: &str, value: &str) -> Note {
    Note { table, key: key.to_owned(), value: Some(value.as_bytes().to_vec()) }
}

#[test]
fn notes_are_walked_by_prefix_in_the_order_of_their_keys() {
    let journal = SqliteJournal::in_memory().unwrap();
    let notes = ["b\n2", "a\n1", "b\n1", "c"].map(|key| noted("t", key, key));
    journal.put_notes(&notes, Durability::Relaxed).unwrap();
    let keys = |after: &str| -> Vec<String> {
        let found = journal.notes("t", "b\n", after, 10).unwrap();
        found.into_iter().map(|(key, _)| key).collect()
    };
    assert_eq!(keys(""), ["b\n1", "b\n2"]);
    assert_eq!(keys("b\n1"), ["b\n2"]);
    assert_eq!(journal.notes("other", "", "", 10).unwrap(), []);
    assert_eq!(journal.forget_notes("t", "b\n").unwrap(), 2);
    assert_eq!(journal.note("t", "c").unwrap().as_deref(), Some(&b"c"[..]));
    assert_eq!(journal.note("t", "b\n1").unwrap(), None);
}

#[test]
fn notes_of_a_change_that_is_refused_are_not_kept() {
    let journal = SqliteJournal::in_memory().unwrap();
    let refused = Change { expected: Expected::Revision(Revision(9)), ..put("a", "1") };
    let notes = [noted("t", "a", "1")];
    let append = |change: Change| {
        journal.append(&mut std::iter::once(Ok(change)), &notes, at(), "test").map(|_| ())
    };
    append(refused).unwrap_err();
    assert_eq!(journal.note("t", "a").unwrap(), None);
    append(put("a", "1")).unwrap();
    assert_eq!(journal.note("t", "a").unwrap().as_deref(), Some(&b"1"[..]));
}

#[test]
fn what_a_version_was_harvested_from_is_kept_with_it() {
    let journal = SqliteJournal::in_memory().unwrap();
    let derivation = Derivation {
        run: "run-1".to_owned(),
        url: "https://partner.example/feed".to_owned(),
        retrieved_at: at(),
        modified: Some("2026-11-01".to_owned()),
        extractor: "rss 0.1.0".to_owned(),
        licence: None,
        attribution: Some("A partner".to_owned()),
        terms: None,
    };
    let change = Change { derivation: Some(derivation.clone()), ..put("a", "1") };
    append(&journal, vec![change]).unwrap();
    assert_eq!(journal.current(&id("a")).unwrap()[0].derivation, Some(derivation));
}

/// The newest revision of each record of `changes` (a record and its source
/// each), the slow way.
fn newest_of_each(changes: &[(u8, u8)]) -> Vec<(Revision, RecordId)> {
    let mut newest = std::collections::BTreeMap::new();
    for (revision, (record, _)) in (1..).zip(changes) {
        newest.insert(*record, Revision(revision));
    }
    let mut found: Vec<_> = newest
        .into_iter()
        .map(|(record, revision)| (revision, id(&format!("r{record}"))))
        .collect();
    found.sort();
    found
}

proptest::proptest! {
    #[test]
    fn each_record_is_found_once_at_its_newest_revision(
        changes in proptest::collection::vec((0_u8..5, 0_u8..3), 1..40),
        limit in 1_usize..6,
    ) {
        let journal = SqliteJournal::in_memory().unwrap();
        for (record, source) in &changes {
            let source = format!("s{source}");
            append(&journal, vec![Change { source, ..put(&format!("r{record}"), "1") }]).unwrap();
        }
        let expected = newest_of_each(&changes);
        let (mut rising, mut falling) = (Vec::new(), Vec::new());
        let mut turn = Turn::After(Revision(0));
        loop {
            let page = journal.by_revision(turn, Without::default(), limit).unwrap();
            let Some((last, _)) = page.last() else { break };
            turn = Turn::After(*last);
            rising.extend(page);
        }
        turn = Turn::Before(Revision(u64::MAX));
        loop {
            let page = journal.by_revision(turn, Without::default(), limit).unwrap();
            let Some((last, _)) = page.last() else { break };
            turn = Turn::Before(*last);
            falling.extend(page);
        }
        falling.reverse();
        proptest::prop_assert_eq!(&rising, &expected);
        proptest::prop_assert_eq!(&falling, &expected);
    }
}

#[test]
fn tombstones_are_found_by_revision_and_kinds_can_be_left_out() {
    let journal = SqliteJournal::in_memory().unwrap();
    let other = Change { id: RecordId::new("run", "a").unwrap(), ..put("a", "1") };
    append(&journal, vec![put("a", "1"), other, put("b", "1"), withdraw("a")]).unwrap();
    let walk =
        |without: Without<'_>| journal.by_revision(Turn::After(Revision(0)), without, 9).unwrap();
    let found = |kinds: &[&str]| walk(Without { kinds, of_source: None });
    let run = (Revision(2), RecordId::new("run", "a").unwrap());
    let assets = [(Revision(3), id("b")), (Revision(4), id("a"))];
    assert_eq!(found(&["run", "place"]), assets);
    assert_eq!(found(&[]), [run.clone(), assets[0].clone(), assets[1].clone()]);
    let of_source = |source| walk(Without { kinds: &[], of_source: Some((source, &["asset"])) });
    assert_eq!(of_source("local"), [run]);
    assert_eq!(of_source("other").len(), 3);
}
