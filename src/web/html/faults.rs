//! What is wrong with a request, for people: its problem in their words.

use crate::web::problem::Place;
use crate::web::problem::Problem;

/// What people know a parameter by, where its name doesn't say it.
const CALLED: &[(&str, &str)] = &[
    ("q", "Words"),
    ("within", "How far"),
    ("radius", "How far"),
    ("limit", "How many"),
    ("per_page", "How many"),
    ("for", "For whom"),
    ("open", "Open at"),
    ("lang", "Language"),
    ("sort", "Order"),
    ("access", "How to take part"),
];

/// Parameters whose faults name what was given, and so need no name before them.
const PLAIN: &[&str] = &["near", "place", "id"];

/// Each fault of `problem` as a sentence, after the field of which it speaks;
/// one at least. They are in English: the words of problems are.
pub(in crate::web) fn sentences(problem: &Problem) -> Vec<String> {
    let faults = problem.faults();
    if faults.is_empty() {
        return vec![sentence(problem.detail(), problem.place())];
    }
    faults.iter().map(|fault| sentence(&fault.detail, Some(&fault.at))).collect()
}

fn sentence(detail: &str, at: Option<&Place>) -> String {
    let Some(Place::Parameter(name)) = at else { return ended(capitalised(&quoted(detail))) };
    let written = format!("`{name}`");
    if detail.contains(&written) {
        // A name of which we know nothing better is said as it was written.
        let label = label(name).map_or_else(|| written.clone(), |label| format!("`{label}`"));
        ended(capitalised(&quoted(&detail.replace(&written, &label))))
    } else if PLAIN.contains(&&**name) {
        ended(capitalised(&quoted(detail)))
    } else {
        ended(format!("{}: {}", called(name), quoted(detail)))
    }
}

/// With a full stop, unless it has its end.
fn ended(sentence: String) -> String {
    if sentence.ends_with(['?', '.', '!']) { sentence } else { sentence + "." }
}

fn label(name: &str) -> Option<&'static str> {
    CALLED.iter().find(|(known, _)| *known == name).map(|(_, label)| *label)
}

/// `heading-level` as `Heading level`.
fn called(name: &str) -> String {
    label(name).map_or_else(|| capitalised(&name.replace(['-', '_'], " ")), str::to_owned)
}

/// What stands between backticks in the marks that people use.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 8);
    for (place, part) in text.split('`').enumerate() {
        if place > 0 {
            quoted.push(if place % 2 == 1 { '“' } else { '”' });
        }
        quoted.push_str(part);
    }
    quoted
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

#[cfg(test)]
#[path = "faults_tests.rs"]
mod tests;
