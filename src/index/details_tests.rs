//! Tests of [`details`](super).

use crate::index::{Change, Entry, Index};
use crate::model::Revision;

fn entry(number: u64, details: &str) -> Entry {
    let mut entry = Entry::new(&format!("asset/{number}"), "asset", "Tea room");
    entry.details = details.as_bytes().to_vec();
    entry
}

fn put(number: u64, details: &str) -> Change {
    Change::Put(Box::new(entry(number, details)))
}

#[track_caller]
fn check(index: &Index, keys: &[&str], expected: &[Option<&str>]) {
    let found = index.details(keys).unwrap();
    let found: Vec<Option<String>> =
        found.into_iter().map(|bytes| bytes.map(|it| String::from_utf8(it).unwrap())).collect();
    let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
    assert_eq!(found, expected);
}

#[test]
fn details_are_the_same_in_memory_and_on_the_disk_before_and_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::open(Some(directory.path())).unwrap();
    index.apply(&[put(1, "one"), put(2, "two")], Revision(1)).unwrap();
    let keys = ["asset/2", "asset/9", "asset/1"];
    check(&index, &keys, &[Some("two"), None, Some("one")]);
    index.flush().unwrap();
    check(&index, &keys, &[Some("two"), None, Some("one")]);
    index.apply(&[put(1, "one again")], Revision(2)).unwrap();
    index.apply(&[Change::Remove("asset/2".to_owned())], Revision(3)).unwrap();
    check(&index, &keys, &[None, None, Some("one again")]);
    index.flush().unwrap();
    drop(index);
    let index = Index::open(Some(directory.path())).unwrap();
    check(&index, &keys, &[None, None, Some("one again")]);
}

#[test]
fn details_that_were_loaded_at_once_lie_on_the_disk() {
    let index = Index::open(None).unwrap();
    let long = "a long description ".repeat(200);
    let entries = (0..300).map(|number| entry(number, &format!("{long}{number}")));
    index.load(entries, Revision(1)).unwrap();
    let (first, last) = (format!("{long}0"), format!("{long}299"));
    check(&index, &["asset/299", "asset/0"], &[Some(&last), Some(&first)]);
    // Memory holds none of them.
    let held = index.size().record_bytes / 300;
    assert!(held < 1_000, "{held} bytes of memory for each entry");
}
