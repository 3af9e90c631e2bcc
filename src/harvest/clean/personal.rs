//! E-mail addresses and mobile numbers that seem to be of persons (contract
//! F72): the addresses of mail services for everybody, names before the sign,
//! and British mobile numbers.

use serde_json::{Map, Value as Json};

/// Mail services at which people have their own addresses.
const SERVICES: &[&str] = &[
    "aol.com",
    "blueyonder.co.uk",
    "btinternet.com",
    "gmail.com",
    "gmx.com",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "icloud.com",
    "live.co.uk",
    "live.com",
    "mac.com",
    "me.com",
    "msn.com",
    "ntlworld.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "sky.com",
    "talktalk.net",
    "tiscali.co.uk",
    "virginmedia.com",
    "yahoo.co.uk",
    "yahoo.com",
    "ymail.com",
];

/// How deep a field may be nested to be looked at.
const DEEPEST: usize = 8;

/// What seems to be of a person: the JSON pointer of each, below the fields,
/// and what it is.
#[must_use]
pub fn personal(fields: &Map<String, Json>) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for (key, value) in fields {
        look(key, value, &format!("/{key}"), 0, &mut found);
    }
    found
}

fn look(
    key: &str,
    value: &Json,
    pointer: &str,
    depth: usize,
    found: &mut Vec<(String, &'static str)>,
) {
    match value {
        Json::String(text) => match key {
            "email" if is_of_person(text) => {
                found.push((pointer.to_owned(), "an e-mail address of a person"));
            }
            "telephone" if is_mobile(text) => {
                found.push((pointer.to_owned(), "a mobile number"));
            }
            _ => {}
        },
        Json::Array(list) if depth < DEEPEST => {
            for (place, entry) in list.iter().enumerate() {
                look(key, entry, &format!("{pointer}/{place}"), depth + 1, found);
            }
        }
        Json::Object(object) if depth < DEEPEST => {
            for (key, entry) in object {
                look(key, entry, &format!("{pointer}/{key}"), depth + 1, found);
            }
        }
        _ => {}
    }
}

/// Whether an e-mail address seems to be of a person and not of an office:
/// `first.last@`, or at a mail service for everybody.
fn is_of_person(address: &str) -> bool {
    let Some((name, domain)) = address.rsplit_once('@') else { return false };
    let is_service = SERVICES.contains(&domain.to_ascii_lowercase().as_str());
    let mut parts = name.split('.');
    let is_word = |part: &str| part.chars().count() > 1 && part.chars().all(char::is_alphabetic);
    let is_name = match (parts.next(), parts.next(), parts.next()) {
        (Some(first), Some(last), None) => {
            let is_initial = first.chars().count() == 1 && first.chars().all(char::is_alphabetic);
            (is_word(first) || is_initial) && is_word(last) && !is_office(first) && !is_office(last)
        }
        _ => false,
    };
    is_service || is_name
}

/// Whether a word names a role, office or thing rather than a person.
fn is_office(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "admin",
        "bookings",
        "care",
        "centre",
        "club",
        "community",
        "contact",
        "council",
        "enquiries",
        "events",
        "family",
        "general",
        "group",
        "hall",
        "health",
        "hello",
        "help",
        "info",
        "library",
        "mail",
        "office",
        "reception",
        "services",
        "social",
        "sports",
        "support",
        "team",
        "trust",
        "volunteer",
        "volunteering",
        "youth",
    ];
    WORDS.contains(&word.to_ascii_lowercase().as_str())
}

/// Whether a number is a British mobile number. 070 is for personal numbering
/// and 076 for pagers, but 07624 is mobile on the Isle of Man (Ofcom, National
/// Telephone Numbering Plan).
fn is_mobile(number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.strip_prefix("44") {
        Some(rest) if number.trim_start().starts_with('+') => format!("0{rest}"),
        _ => digits,
    };
    let is_range = ["071", "072", "073", "074", "075", "077", "078", "079", "07624"]
        .iter()
        .any(|range| national.starts_with(range));
    is_range && national.len() == 11
}

#[cfg(test)]
#[path = "personal_tests.rs"]
mod tests;
