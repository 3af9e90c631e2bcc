//! Tests of [`seeds`](super).

use std::path::Path;

use super::*;
use crate::record::Base;
use crate::register::Place as Location;
use crate::schema::Schema;

#[track_caller]
fn check_complete(folder: &str, end: &str, files: &[File]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut there: Vec<String> = std::fs::read_dir(root.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(end))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    there.sort();
    let named: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, there);
}

#[test]
fn every_seed_and_category_is_in_the_program() {
    check_complete("seeds", ".json", RECORDS);
    check_complete("ontology/categories", ".ttl", CATEGORIES);
}

#[test]
fn a_new_register_is_furnished_and_planted_once() {
    let base = Base::new("https://kist.example").unwrap();
    let register = Register::open(Schema::standard(), base, Location::Memory, now()).unwrap();
    furnish(&register).unwrap();
    let planted = plant(&register).unwrap().unwrap();
    assert!(planted.written > 1_000, "{planted:?}");
    furnish(&register).unwrap();
    assert_eq!(plant(&register).unwrap(), None);
    assert_eq!(register.newest().unwrap(), planted.revision);
}
