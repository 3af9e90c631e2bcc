//! What can be told of a mapping before anything is read by it.

use serde_json_path::JsonPath;

use super::{MAX_DEPTH, MAX_ENTRIES, steps};
use crate::harvest::extraction::Problem;
use crate::harvest::mapping::{Function, Mapping, Paging, Rule};

/// How many fields a mapping may have: the largest shape has some forty, and
/// places and times may come several times.
const MAX_FIELDS: usize = 500;

/// How many functions and places a rule may have.
const MAX_STEPS: usize = 20;

/// How long a `JSONPath` may be, in bytes, and how deep its brackets: its parser
/// calls itself for each.
const MAX_PATH: usize = 500;
const MAX_BRACKETS: usize = 20;

/// A `JSONPath`, read.
///
/// # Errors
///
/// What is wrong with `text`, when it is none or is out of proportion.
pub fn path(text: &str) -> Result<JsonPath, String> {
    let brackets = text.bytes().filter(|byte| matches!(byte, b'(' | b'[' | b'!')).count();
    if text.len() > MAX_PATH || brackets > MAX_BRACKETS {
        return Err(format!("it has more than {MAX_PATH} bytes or {MAX_BRACKETS} brackets"));
    }
    JsonPath::parse(text).map_err(|error| error.to_string())
}

/// What is wrong with a mapping; nothing when it can be used.
///
/// The place of a problem is a JSON pointer into the mapping. Whether the kind
/// and its fields exist is for the schema to say, which is not known here.
#[must_use]
pub fn check(mapping: &Mapping) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut wrong = |at: String, what: String, advice: &str| {
        problems.push(Problem::error("bad-mapping", at, what).advice(advice));
    };
    if mapping.kind.trim().is_empty() {
        wrong("/kind".into(), "the kind is missing".into(), "Name a kind, such as asset.");
    }
    if mapping.key.iter().all(|from| from.trim().is_empty()) {
        wrong(
            "/key".into(),
            "no column or path is named as the key".into(),
            "Name what tells one record from all others for good, such as its number or address.",
        );
    }
    if mapping.fields.is_empty() {
        wrong("/fields".into(), "no field is mapped".into(), "Map the name at least.");
    }
    if mapping.fields.len() > MAX_FIELDS {
        let what = format!("{} fields are mapped", mapping.fields.len());
        wrong("/fields".into(), what, "Map 500 fields at most.");
    }
    if let Some(items) = &mapping.items {
        is_path("/items", items, &mut wrong);
    }
    for (position, from) in mapping.key.iter().enumerate() {
        is_place(&format!("/key/{position}"), from, &mut wrong);
    }
    if let Some(from) = &mapping.modified {
        is_place("/modified", from, &mut wrong);
    }
    for (pointer, rule) in &mapping.fields {
        let at = format!("/fields/{}", escaped(pointer));
        if steps(pointer).is_none() {
            let what = format!("`{pointer}` is not the name of a field");
            let advice = format!(
                "Write it as name or locations/0/postcode: {MAX_DEPTH} steps at most, entries below {MAX_ENTRIES}."
            );
            wrong(at.clone(), what, &advice);
        }
        check_rule(&at, rule, &mut wrong);
    }
    for (field, rule) in &mapping.terms {
        check_rule(&format!("/terms/{}", escaped(field)), rule, &mut wrong);
    }
    check_paging(mapping.paging.as_ref(), &mut wrong);
    check_overlap(mapping, &mut wrong);
    problems
}

/// Takes where, what and advice.
type Wrong<'a> = &'a mut dyn FnMut(String, String, &str);

fn check_rule(at: &str, rule: &Rule, wrong: Wrong<'_>) {
    if rule.from.is_empty() && rule.constant.as_deref().unwrap_or_default().is_empty() {
        wrong(
            at.to_owned(),
            "the rule names neither a place nor a constant".into(),
            "Say `from` which column or path it comes, or give a `constant`.",
        );
    }
    if rule.from.len() > MAX_STEPS || rule.then.len() > MAX_STEPS {
        let what = format!("the rule has more than {MAX_STEPS} places or functions");
        wrong(at.to_owned(), what, "Make it simpler.");
    }
    for (position, from) in rule.from.iter().enumerate() {
        is_place(&format!("{at}/from/{position}"), from, wrong);
    }
    for (position, function) in rule.then.iter().enumerate() {
        if matches!(function, Function::Split(characters) if characters.is_empty()) {
            let at = format!("{at}/then/{position}");
            wrong(at, "no character to split at is given".into(), "Name one, such as a comma.");
        }
    }
}

fn check_paging(paging: Option<&Paging>, wrong: Wrong<'_>) {
    let parameter = match paging {
        None | Some(Paging::Link) => return,
        Some(Paging::Next { path }) => return is_path("/paging/path", path, wrong),
        Some(Paging::Cursor { path, parameter }) => {
            is_path("/paging/path", path, wrong);
            parameter
        }
        Some(Paging::Page { parameter, .. }) => parameter,
        Some(Paging::Offset { parameter, size }) => {
            if *size == 0 {
                let advice = "Say how many items a page has.";
                wrong("/paging/size".into(), "a page has no items".into(), advice);
            }
            parameter
        }
    };
    if parameter.trim().is_empty() {
        let advice = "Name the parameter of the address, such as page.";
        wrong("/paging/parameter".into(), "the parameter has no name".into(), advice);
    }
}

/// Two rules must not fill the same place, or one inside of the other.
fn check_overlap(mapping: &Mapping, wrong: Wrong<'_>) {
    for pointer in mapping.fields.keys() {
        let outer = pointer
            .match_indices('/')
            .map(|(end, _)| &pointer[..end])
            .find(|outer| mapping.fields.contains_key(*outer));
        if let Some(outer) = outer {
            wrong(
                format!("/fields/{}", escaped(pointer)),
                format!("`{pointer}` lies in `{outer}`, which is mapped too"),
                "Leave one of the two out.",
            );
        }
    }
}

fn is_path(at: &str, text: &str, wrong: Wrong<'_>) {
    if let Err(error) = path(text) {
        let what = format!("`{text}` is not a JSONPath: {error}");
        wrong(at.to_owned(), what, "Write it as in RFC 9535, such as $.data[*].");
    }
}

/// A place is the name of a column or key, a JSON pointer or, from `$` on, a
/// `JSONPath`.
fn is_place(at: &str, from: &str, wrong: Wrong<'_>) {
    if from.trim().is_empty() {
        wrong(at.to_owned(), "a place has no name".into(), "Name a column or path.");
    } else if from.starts_with("$.") || from.starts_with("$[") {
        is_path(at, from, wrong);
    }
}

fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}
