use std::path::Path;

use serde_json::json;

use super::*;

#[track_caller]
fn check(text: &str, phrase: Option<&str>) {
    let found = in_prose(text).map(|(phrase, _)| phrase);
    assert_eq!(found.as_deref(), phrase, "{text}");
}

#[test]
fn who_is_to_be_asked_by_name_is_found() {
    check("To book, contact Mary Smith on 0131 496 0000.", Some("contact Mary Smith"));
    check("Please contact Morag on 07700 900123", Some("contact Morag"));
    check("Contact: Iain MacLeod, secretary.", Some("Contact: Iain MacLeod"));
    check("Just turn up and ask for Fiona.", Some("ask for Fiona"));
    check("You can speak to Mrs Galbraith at the desk.", Some("speak to Mrs Galbraith"));
    check("Ring Dr. Patel between 9 and 5", Some("Ring Dr. Patel"));
    check(
        "contact our secretary Janet O’Hara by e-mail",
        Some("contact our secretary Janet O’Hara"),
    );
    check("Get in touch with Eilidh Brown-Reid!", Some("touch with Eilidh Brown-Reid"));
    check("Contact name: Ian Bell", Some("Contact name: Ian Bell"));
}

#[test]
fn bodies_places_and_offices_are_no_persons() {
    for text in [
        "Contact Leith Library on 0131 496 0000.",
        "Contact us for details. Mary Smith House is next door.",
        "Ask for reception at the front desk.",
        "Please contact Edinburgh Leisure or Citizens Advice Scotland.",
        "Contact the Margaret Blackwood Housing Association.",
        "Call John Knox House on 0131 496 0000.",
        "Speak to your GP or ring NHS 24 on 111.",
        "Contact James Street Surgery.",
        "Email info@partner.example for a form.",
        "Text HELP to 60000.",
        "Founded by Mary Smith in 1972, the club rows on the firth.",
        "A film about David Hume and Adam Smith, with a talk to follow.",
        "CONTACT MARY SMITH",
        "",
    ] {
        check(text, None);
    }
}

#[test]
fn only_the_sentences_that_name_somebody_are_left_out() {
    let text = "A walk for all. To book, contact Mary Smith on 0131 496 0000. Bring a coat, e.g. a \
                raincoat! Or speak to Mr. Reid, who knows the way. No dogs.";
    let (_, rest) = in_prose(text).unwrap();
    assert_eq!(rest, "A walk for all. Bring a coat, e.g. a raincoat! No dogs.");
    let (_, rest) = in_prose("Ask for Fiona").unwrap();
    assert_eq!(rest, "");
}

#[test]
fn names_are_found_in_texts_and_roles_and_not_in_names_of_things() {
    let fields = json!({
        "name": "Call Mary Smith", "description": { "en": "Phone Mary Smith", "gd": "Fàilte" },
        "contactPoints": [{ "role": "Secretary" }, { "role": "Mary Smith" }, { "role": "Mrs Reid" }],
        "locations": [{ "name": "James Hall", "accessibility": "Ramp; contact Ian Bell on arrival." }],
    });
    let found = people(fields.as_object().unwrap());
    let pointers: Vec<&str> = found.iter().map(|named| named.pointer.as_str()).collect();
    let expected = [
        "/description/en",
        "/contactPoints/1/role",
        "/contactPoints/2/role",
        "/locations/0/accessibility",
    ];
    assert_eq!(pointers, expected);
}

/// Every text in a JSON document that could be a field of a record.
fn texts(json: &Json, found: &mut Vec<String>) {
    match json {
        Json::String(text) => found.push(text.clone()),
        Json::Array(list) => list.iter().for_each(|value| texts(value, found)),
        Json::Object(object) => object.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

fn documents(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            match serde_json::from_str::<Json>(&text) {
                Ok(json) => texts(&json, found),
                Err(_) => found.push(text),
            }
        }
    }
}

#[test]
fn what_publishers_really_write_names_nobody_wrongly() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    documents(&root.join("tests/fixtures/harvest"), &mut found);
    documents(&root.join("seeds"), &mut found);
    assert!(found.len() > 1_000, "{}", found.len());
    let named: Vec<String> =
        found.iter().filter_map(|text| in_prose(text).map(|(phrase, _)| phrase)).collect();
    assert_eq!(named, Vec::<String>::new());
}

#[test]
fn hostile_texts_cost_no_more_than_others() {
    for text in ["contact ".repeat(50_000), "ask for Mary ".repeat(20_000), ".".repeat(100_000)] {
        drop(in_prose(&text));
    }
}
