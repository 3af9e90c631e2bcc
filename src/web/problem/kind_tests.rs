//! Tests of [`kind`](super).

use std::collections::BTreeSet;
use std::path::Path;

use super::*;

#[test]
fn each_kind_has_its_page_and_no_page_is_orphaned() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/problems");
    let pages: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let kinds: BTreeSet<String> =
        ProblemKind::ALL.iter().map(|kind| format!("{}.md", kind.slug())).collect();
    assert_eq!(pages, kinds);
}

#[test]
fn each_page_opens_with_the_title_and_tells_the_status() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/problems");
    for kind in ProblemKind::ALL {
        let page = std::fs::read_to_string(folder.join(format!("{}.md", kind.slug())));
        let page = page.unwrap();
        let slug = kind.slug();
        assert!(page.starts_with(&format!("# {}\n", kind.title())), "title of {slug}");
        assert!(page.contains(kind.status().as_str()), "status of {slug}");
    }
}

#[test]
fn the_list_is_whole_and_each_slug_is_used_once() {
    let slugs: BTreeSet<_> = ProblemKind::ALL.iter().map(|kind| kind.slug()).collect();
    assert_eq!(slugs.len(), ProblemKind::ALL.len());
    assert_eq!(slugs.len(), ProblemKind::StorageLow as usize + 1);
}
