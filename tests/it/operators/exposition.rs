//! Reads the text format of Prometheus, strictly.

use std::collections::{BTreeMap, BTreeSet};

/// A family of samples.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) kind: String,
    pub(super) help: String,
    /// The name and labels of each sample.
    pub(super) samples: Vec<(String, BTreeMap<String, String>)>,
}

/// The families of a text by their names.
///
/// # Panics
///
/// When a sample has no family, a family or a sample is there twice, or a line
/// is none of the format.
pub(super) fn read(text: &str) -> BTreeMap<String, Family> {
    assert!(text.ends_with('\n'), "the last line has no end");
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut name = String::new();
    let mut help = None;
    for line in text.lines() {
        if let Some(told) = line.strip_prefix("# HELP ") {
            help = Some(told.split_once(' ').unwrap());
        } else if let Some(told) = line.strip_prefix("# TYPE ") {
            let (own, kind) = told.split_once(' ').unwrap();
            let (of, text) = help.take().unwrap_or_else(|| panic!("no help before {line}"));
            assert_eq!(of, own, "the help of another family");
            own.clone_into(&mut name);
            let (kind, help) = (kind.to_owned(), text.to_owned());
            let family = Family { kind, help, samples: Vec::new() };
            assert!(families.insert(name.clone(), family).is_none(), "{own} is there twice");
        } else {
            let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
            assert!(value.parse::<f64>().is_ok(), "{line}");
            assert!(seen.insert(series.to_owned()), "{series} is there twice");
            let (own, labels) = labels(series);
            let family = families.get_mut(&name).unwrap_or_else(|| panic!("no family: {line}"));
            assert!(belongs(&own, &name, &family.kind), "{line} is under {name}");
            family.samples.push((own, labels));
        }
    }
    families
}

fn belongs(own: &str, family: &str, kind: &str) -> bool {
    let parts: &[&str] = if kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
    parts.iter().any(|part| own.strip_suffix(part) == Some(family))
}

/// The name and the labels of a sample.
fn labels(series: &str) -> (String, BTreeMap<String, String>) {
    let Some((name, rest)) = series.split_once('{') else {
        return (series.to_owned(), BTreeMap::new());
    };
    let rest = rest.strip_suffix('}').unwrap_or_else(|| panic!("{series}"));
    let mut labels = BTreeMap::new();
    let mut left = rest;
    while !left.is_empty() {
        let (label, after) = left.split_once("=\"").unwrap_or_else(|| panic!("{series}"));
        let mut value = String::new();
        let mut letters = after.char_indices();
        let end = loop {
            match letters.next() {
                Some((at, '"')) => break at,
                Some((_, '\\')) => value.extend(letters.next().map(|(_, letter)| letter)),
                Some((_, letter)) => value.push(letter),
                None => panic!("a label has no end: {series}"),
            }
        };
        assert!(labels.insert(label.to_owned(), value).is_none(), "{series}");
        left = after[end + 1..].trim_start_matches(',');
    }
    (name.to_owned(), labels)
}

#[test]
#[should_panic(expected = "a{b=\"c\"} is there twice")]
fn a_sample_that_is_there_twice_is_found() {
    read("# HELP a Things.\n# TYPE a gauge\na{b=\"c\"} 1\na{b=\"c\"} 2\n");
}

#[test]
#[should_panic(expected = "is under a")]
fn a_sample_of_another_family_is_found() {
    read("# HELP a Things.\n# TYPE a gauge\nb 1\n");
}
