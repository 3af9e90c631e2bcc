//! Lines of JSON and JSON text sequences, by what they are declared as and by
//! how they look.

use super::{FORMAT, URL};
use crate::harvest::document::Document;
use crate::harvest::format::recognise;
use crate::harvest::format::testing::{self, document};

const LINES: &str = "{\"id\": 1, \"name\": \"Club 1\", \"postcode\": \"EH6 8RG\"}\n\
    {\"id\": 2, \"name\": \"Club 2\", \"postcode\": \"EH6 8RG\"}\n";

#[track_caller]
fn check(document: &Document, expected: &[(&str, &str)]) {
    let format = recognise(document).map(|format| format.name);
    assert_eq!(format, Some("json"), "{:?}", document.media_type);
    let read = testing::extract(&FORMAT, document);
    let found: Vec<(&str, &str)> =
        read.drafts.iter().map(|draft| (draft.key.as_str(), draft.at.as_str())).collect();
    assert_eq!(found, expected, "{:?} {:?}", document.media_type, read.problems);
}

#[test]
fn lines_are_known_whatever_they_are_declared_as() {
    let both = [("1", "line 1"), ("2", "line 2")];
    for media_type in [
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/json",
        "text/plain",
        "application/octet-stream",
        "",
    ] {
        check(&document(URL, media_type, LINES), &both);
        check(&document(URL, media_type, LINES.replace('\n', "\r\n")), &both);
    }
}

#[test]
fn a_sequence_is_read_with_its_marks_and_over_several_lines() {
    let sequence =
        "\u{1e}{\"id\": 1,\n \"name\": \"Club 1\"}\n\u{1e}{\"id\": 2, \"name\": \"Club 2\"}\n";
    let both = [("1", "line 1"), ("2", "line 3")];
    for media_type in ["application/json-seq", ""] {
        check(&document(URL, media_type, sequence), &both);
    }
}

#[test]
fn one_line_is_a_list_of_one_when_it_is_declared_as_lines() {
    let one = LINES.lines().next().unwrap();
    check(&document(URL, "application/x-ndjson", one), &[("1", "line 1")]);
    check(&document(URL, "application/json", one), &[]);
}

#[test]
fn a_table_is_no_json() {
    let table = "id,name,postcode\n1,Club 1,EH6 8RG\n";
    assert_eq!(recognise(&document(URL, "text/plain", table)).unwrap().name, "csv");
    let pretty = "{\n\"items\": [\n{\"id\": 1, \"name\": \"Club 1\"}]}";
    check(&document(URL, "text/plain", pretty), &[("1", "/items/0")]);
}
