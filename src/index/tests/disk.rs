//! What a restart finds.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::super::{Change, Entry, Facet, Index, IndexError, Query, Start};
use super::keys;
use crate::model::Point;
use crate::model::Revision;

fn put(number: u64, name: &str) -> Change {
    let mut entry = Entry::new(&format!("asset/{number:06}"), "asset", name);
    entry.points = vec![Point::new(55.9, -3.2).unwrap()];
    entry.facets = vec![(Facet::Topic, "food".to_owned())];
    entry.summary = name.as_bytes().to_vec();
    Change::Put(Box::new(entry))
}

/// Does something bad to a file.
type Harm = fn(&Path);

fn text(text: &str) -> Query {
    Query { text: text.to_owned(), ..Query::default() }
}

#[test]
fn a_restart_finds_what_was_flushed() {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::open(Some(directory.path())).unwrap();
    index.apply(&[put(1, "Tea room"), put(2, "Coffee house")], Revision(1)).unwrap();
    index.apply(&[put(1, "Juice bar")], Revision(2)).unwrap();
    index.flush().unwrap();
    index.apply(&[put(3, "Never flushed")], Revision(3)).unwrap();
    drop(index);
    let index = Index::open(Some(directory.path())).unwrap();
    assert_eq!(index.revision(), Revision(2));
    assert_eq!(keys(&index, &text("juice")), ["asset/000001"]);
    assert_eq!(keys(&index, &text("coffee")), ["asset/000002"]);
    for gone in ["tea", "flushed"] {
        assert!(keys(&index, &text(gone)).is_empty(), "{gone}");
    }
    assert_eq!(index.get("asset/000001").unwrap().as_slice(), b"Juice bar");
    index.apply(&[put(3, "Flushed now")], Revision(3)).unwrap();
    assert_eq!(keys(&index, &text("flushed")), ["asset/000003"]);
}

#[test]
fn many_changes_reach_the_disk_and_slots_are_used_again() {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::open(Some(directory.path())).unwrap();
    for revision in 1..=60_u64 {
        let changes: Vec<Change> = (0..100)
            .map(|number| put(number, &format!("Round {} of {number}", spell(revision))))
            .collect();
        index.apply(&changes, Revision(revision)).unwrap();
        assert_eq!(index.search(&text(&spell(revision))).unwrap().total, 100);
    }
    index.flush().unwrap();
    assert_eq!(index.search(&text("round")).unwrap().total, 100);
    drop(index);
    let index = Index::open(Some(directory.path())).unwrap();
    assert_eq!(index.revision(), Revision(60));
    assert_eq!(index.search(&text(&spell(60))).unwrap().total, 100);
    assert_eq!(index.search(&text(&spell(59))).unwrap().total, 0);
}

/// A word for a number, such that no two are within two errors.
fn spell(number: u64) -> String {
    let letter = |digit: u64| char::from(b'a' + u8::try_from(digit % 26).unwrap());
    [number / 26, number, number / 26, number, number / 26, number].map(letter).iter().collect()
}

#[test]
fn a_second_opener_is_told_that_the_index_is_in_use() {
    let directory = tempfile::tempdir().unwrap();
    let _first = Index::open(Some(directory.path())).unwrap();
    let second = Index::open(Some(directory.path()));
    assert!(matches!(second.err(), Some(IndexError::Locked(_))));
}

#[test]
fn a_damaged_or_foreign_index_is_told_from_a_good_one() {
    let damage: [(&str, Harm); 3] = [
        ("truncated", |file| {
            let length = fs::metadata(file).unwrap().len();
            fs::OpenOptions::new().write(true).open(file).unwrap().set_len(length / 2).unwrap();
        }),
        ("overwritten", |file| {
            let mut bytes = fs::read(file).unwrap();
            let middle = bytes.len() / 3;
            bytes[middle] ^= 0x55;
            fs::write(file, bytes).unwrap();
        }),
        ("removed", |file| fs::remove_file(file).unwrap()),
    ];
    for (what, harm) in damage {
        for ending in ["store", "idx", "term", "fast", "json"] {
            let directory = tempfile::tempdir().unwrap();
            let index = Index::open(Some(directory.path())).unwrap();
            index.apply(&[put(1, "Tea room")], Revision(1)).unwrap();
            index.flush().unwrap();
            drop(index);
            let mut files =
                fs::read_dir(directory.path()).unwrap().map(|file| file.unwrap().path());
            let file = files.find(|file| {
                file.extension().is_some_and(|found| found == ending)
                    && file.file_name().is_some_and(|name| name != ".managed.json")
            });
            harm(&file.unwrap());
            match Index::open(Some(directory.path())) {
                Err(error) => assert!(error.is_healed_by_rebuilding(), "{what} {ending}: {error}"),
                // Without its list of segments the directory is an empty index.
                Ok(index) => {
                    assert_eq!((ending, index.revision()), ("json", Revision(0)), "{what}");
                }
            }
        }
    }
}

#[test]
fn loading_needs_an_empty_index_and_clearing_makes_one() {
    let index = Index::open(None).unwrap();
    let entries = |count: u64| (0..count).map(|number| Entry::new(&number.to_string(), "a", "b"));
    index.load(entries(10), Revision(7)).unwrap();
    let error = index.load(entries(1), Revision(8)).unwrap_err();
    assert_eq!(error.to_string(), "the index holds 10 entries, and a bulk load needs an empty one");
    index.clear().unwrap();
    assert_eq!((index.size().records, index.revision()), (0, Revision(0)));
    index.load(entries(3), Revision(9)).unwrap();
    assert_eq!(index.search(&text("b")).unwrap().total, 3);
    assert_eq!(index.revision(), Revision(9));
}

#[test]
fn searches_beside_changes_see_whole_changes() {
    let index = Index::open(None).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let searching = scope.spawn(|| {
            let mut searches = 0;
            while !done.load(Ordering::Relaxed) || searches == 0 {
                let results = index.search(&text("pair")).unwrap();
                assert_eq!(results.total % 2, 0, "at {}", results.revision);
                assert_eq!(results.total, results.revision.0.min(50) * 2);
                assert_eq!(results.hits.len() as u64, results.total.min(20));
                searches += 1;
            }
        });
        for revision in 1..=1_200_u64 {
            let first = revision % 50 * 2;
            let name = "One of a pair";
            index.apply(&[put(first, name), put(first + 1, name)], Revision(revision)).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        searching.join().unwrap();
    });
}

#[test]
fn a_part_of_a_change_is_found_at_once_and_its_revision_comes_with_the_rest() {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::open(Some(directory.path())).unwrap();
    index.apply(&[put(1, "Tea room")], Revision(1)).unwrap();
    let before = index.moment();
    index.apply_part(&[put(2, "Tea room")]).unwrap();
    assert_ne!(index.moment(), before);
    index.flush().unwrap();
    drop(index);
    let index = Index::open(Some(directory.path())).unwrap();
    let results = index.search(&text("tea")).unwrap();
    assert_eq!((results.total, results.revision), (2, Revision(1)));
    index.apply(&[put(2, "Tea room"), put(3, "Tea room")], Revision(2)).unwrap();
    let results = index.search(&text("tea")).unwrap();
    assert_eq!((results.total, results.revision), (3, Revision(2)));
}

#[test]
fn a_cursor_lives_through_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::open(Some(directory.path())).unwrap();
    let changes: Vec<Change> = (0..50).map(|number| put(number, "Tea room")).collect();
    index.apply(&changes, Revision(1)).unwrap();
    let mut query = text("tea");
    let first = index.search(&query).unwrap();
    index.flush().unwrap();
    drop(index);
    let index = Index::open(Some(directory.path())).unwrap();
    query.page.start = Start::After(first.next.unwrap());
    assert_eq!(keys(&index, &query)[0], "asset/000020");
}

/// As many entries as it takes to make a dictionary.
fn many() -> Vec<Change> {
    let mut changes: Vec<Change> = (0..1_500).map(|number| put(number, "Tea room")).collect();
    for (number, change) in changes.iter_mut().enumerate() {
        if let Change::Put(entry) = change {
            let id = number.wrapping_mul(2_654_435_761) % 100_000_007;
            entry.summary = format!(r#"{{"id":"https://a.example/id/asset/{id}"}}"#).into_bytes();
        }
    }
    changes
}

#[test]
fn summaries_are_the_same_after_a_restart_however_they_came() {
    let entries = || {
        many().into_iter().filter_map(|change| match change {
            Change::Put(entry) => Some(*entry),
            Change::Remove(_) => None,
        })
    };
    for loaded in [true, false] {
        let directory = tempfile::tempdir().unwrap();
        let index = Index::open(Some(directory.path())).unwrap();
        if loaded {
            index.load(entries(), Revision(1)).unwrap();
        } else {
            index.apply(&many(), Revision(1)).unwrap();
            index.flush().unwrap();
        }
        drop(index);
        // The first restart makes the dictionary that is missing, the second
        // reads it.
        for revision in 2..4 {
            let index = Index::open(Some(directory.path())).unwrap();
            for entry in entries() {
                assert_eq!(*index.get(&entry.key).unwrap(), *entry.summary, "{}", entry.key);
            }
            index.apply(&[put(9_999, "Juice bar")], Revision(revision)).unwrap();
            index.flush().unwrap();
        }
        fs::remove_file(directory.path().join("summaries.dictionary")).unwrap();
        let error = Index::open(Some(directory.path())).err().unwrap();
        assert!(error.is_healed_by_rebuilding(), "{error}");
    }
}
