//! Tests of [`personal`](super).

use serde_json::json;

use super::*;

#[test]
fn what_seems_to_be_of_a_person_is_found_wherever_it_stands() {
    let fields = json!({
        "name": "Lunch club", "email": "morag.mackay@partner.example",
        "telephone": ["0131 496 0000", "07700 900123"],
        "contact": [{ "role": "Office", "email": "morag1962@hotmail.co.uk" }],
    });
    let found = personal(fields.as_object().unwrap());
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/email", "/telephone/1", "/contact/0/email"]);
}

#[test]
fn offices_are_no_persons() {
    for address in ["info@partner.example", "general.enquiries@a.scot", "leith.library@b.scot"] {
        assert!(!is_of_person(address), "{address}");
    }
    for address in ["m.mackay@partner.example", "anything@gmail.com"] {
        assert!(is_of_person(address), "{address}");
    }
}

#[test]
fn mobile_numbers_are_told_from_others() {
    for number in ["07700 900123", "+44 7700 900123", "07624 123456"] {
        assert!(is_mobile(number), "{number}");
    }
    for number in ["0131 496 0000", "07012 345678", "+353 87 123 4567", "999", "0800 123 4567"] {
        assert!(!is_mobile(number), "{number}");
    }
}
