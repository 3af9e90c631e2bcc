use std::collections::HashSet;
use std::thread;

use serde_json::json;

use super::*;
use crate::register::tests::{edit, now, open};
use crate::register::{Edit, Place, References, Where};

fn category(register: &Register, name: &str) -> Edit {
    let json = json!({"prefLabel": {"en": name}, "inScheme": "topic"});
    edit(register, "category", "walking", &json)
}

/// A register with a category and so many records that have it.
fn outings(many: usize) -> Register {
    let register = open(Place::Memory);
    let outing = |number: usize| {
        let json = json!({
            "name": format!("Outing {number}"), "assetType": "https://example.org/outing",
            "online": true, "topics": ["walking"],
        });
        edit(&register, "asset", &number.to_string(), &json)
    };
    let mut edits = vec![category(&register, "Walking")];
    edits.extend((0..many).map(outing));
    register.apply(edits, References::Kept, "test", now()).unwrap();
    register
}

/// How many records are found by a word.
fn found(register: &Register, word: &str) -> u64 {
    let query = Query { text: word.to_owned(), ..Query::default() };
    register.search(query, &Where::default()).unwrap().results.total
}

#[test]
fn searches_go_on_while_a_name_that_many_records_show_becomes_another() {
    const MANY: usize = 50 * FOUND_AT_ONCE;
    let register = outings(MANY);
    let mut moments = HashSet::new();
    thread::scope(|scope| {
        let renaming = scope.spawn(|| {
            let renamed = vec![category(&register, "Strolling")];
            register.apply(renamed, References::Kept, "test", now()).unwrap();
        });
        while !renaming.is_finished() {
            moments.insert(found(&register, "strolling"));
        }
    });
    assert!(moments.len() > 2, "a search sees parts of it, not all or nothing: {moments:?}");
    // The category itself has its name too.
    let all = MANY as u64 + 1;
    assert_eq!((found(&register, "strolling"), found(&register, "walking")), (all, 0));
}
