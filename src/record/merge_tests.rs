//! Tests of [`merge`](super).

use super::*;
use crate::record::Value;

fn version(source: &str, trust: u8, second: i64, fields: &[(&str, &str)]) -> (Origin, Record) {
    let id = RecordId::new("asset", "a").unwrap();
    let at = Timestamp::from_second(second).unwrap();
    let fields = fields
        .iter()
        .map(|(key, text)| ((*key).to_owned(), vec![Value::Text((*text).to_owned())]))
        .collect();
    (Origin { source: source.to_owned(), trust, at, terms: None }, Record { id, fields })
}

#[track_caller]
fn check(versions: Vec<(Origin, Record)>, expected: &[(&str, &str, &str)]) {
    let id = RecordId::new("asset", "a").unwrap();
    let merged = merge(&id, versions).unwrap();
    let found: Vec<_> = merged
        .record
        .fields
        .iter()
        .map(|(key, values)| {
            let source = &merged.origins[merged.from[key]].source;
            (key.as_str(), values[0].as_text().unwrap(), source.as_str())
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_most_trusted_goes_first_and_the_newest_among_equals() {
    check(
        vec![
            version("feed", 50, 9, &[("name", "Feed"), ("email", "feed@example.org")]),
            version("editor", 90, 1, &[("name", "Editor")]),
            version("newer", 50, 10, &[("email", "newer@example.org"), ("url", "u")]),
        ],
        &[
            ("email", "newer@example.org", "newer"),
            ("name", "Editor", "editor"),
            ("url", "u", "newer"),
        ],
    );
}

#[test]
fn what_a_source_withholds_is_not_taken_from_those_after_it() {
    let mut editor = version("editor", 90, 1, &[("withholds", "email"), ("url", "e")]);
    let feed = version("feed", 50, 9, &[("name", "Feed"), ("email", "f"), ("url", "f")]);
    let owner = version("owner", 95, 1, &[("email", "o")]);
    let shown = [("name", "Feed", "feed"), ("url", "e", "editor")];
    let mark = ("withholds", "email", "editor");
    check(vec![editor.clone(), feed.clone()], &[shown[0], shown[1], mark]);
    let own = ("email", "o", "owner");
    check(vec![editor.clone(), feed.clone(), owner], &[own, shown[0], shown[1], mark]);
    let part = (PARTIAL.to_owned(), vec![Value::Boolean(true)]);
    editor.1.fields.extend([part]);
    check(vec![editor.clone(), feed], &[shown[0], shown[1], mark]);
    assert_eq!(merge(&RecordId::new("asset", "a").unwrap(), vec![editor]), None);
}

#[test]
fn the_order_in_which_sources_come_does_not_matter() {
    let a = version("a", 50, 1, &[("name", "A")]);
    let b = version("b", 50, 1, &[("name", "B")]);
    check(vec![a.clone(), b.clone()], &[("name", "A", "a")]);
    check(vec![b, a], &[("name", "A", "a")]);
}
