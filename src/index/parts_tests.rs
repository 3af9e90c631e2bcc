//! Tests of [`parts`](super).

use std::collections::BTreeSet;

use super::*;
use crate::index::{Change, Entry};
use crate::model::Revision;

#[test]
fn every_entry_is_in_one_part_with_its_last_change() {
    let index = Index::open(None).unwrap();
    let at = |second: i64| Timestamp::from_second(second).unwrap();
    let put = |number: i64| {
        let mut entry = Entry::new(&format!("asset/{number}"), "asset", "x");
        entry.modified = at(1_000 + number);
        Change::Put(Box::new(entry))
    };
    let changes: Vec<Change> = (0..10).map(put).collect();
    index.apply(&changes, Revision(1)).unwrap();
    index.apply(&[Change::Remove("asset/4".to_owned())], Revision(2)).unwrap();
    let newest = index.parts(4);
    assert_eq!(newest, [Some(at(1_003)), Some(at(1_007)), Some(at(1_009))]);
    let parts: Vec<Vec<Mention>> = (0..4).map(|number| index.part(number, 4)).collect();
    assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [4, 3, 2, 0]);
    let keys: BTreeSet<String> = parts.into_iter().flatten().map(|entry| entry.key).collect();
    assert_eq!(keys.len(), 9);
    assert!(index.part(u32::MAX, u32::MAX).is_empty());
    let removals = [8, 9].map(|number| Change::Remove(format!("asset/{number}")));
    index.apply(&removals, Revision(3)).unwrap();
    assert_eq!(index.parts(4), [Some(at(1_003)), Some(at(1_007))]);
}
