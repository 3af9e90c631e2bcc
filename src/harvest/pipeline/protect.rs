//! What of a draft seems to be of persons (contract F72): told, and left out
//! where the source says so.

use serde_json::{Value as Json, json};

use super::map::take_away;
use crate::harvest::clean::{self, Named};
use crate::harvest::extraction::{Draft, Problem};
use crate::harvest::settings::Personal;

/// Tells of what seems to be of a person, and leaves it out where the source
/// says so (contract F72).
pub(super) fn protect(draft: &mut Draft, personal: Personal, problems: &mut Vec<Problem>) {
    // Those who wrote something are named by it.
    if draft.kind == "resource" {
        return;
    }
    let is_dropped = personal == Personal::Drop;
    protect_named(draft, personal, problems);
    let found = clean::personal(&draft.fields);
    if found.is_empty() {
        return;
    }
    let mut json = Json::Object(std::mem::take(&mut draft.fields));
    // From the end, so that places in lists stay right.
    for (pointer, what) in found.iter().rev() {
        let fate = if is_dropped && take_away(&mut json, pointer) { "left out" } else { "taken" };
        let what = format!("{pointer} seems to be {what}, and was {fate}");
        let advice = "Publish a number and an address of the office, not of a person.";
        let problem = Problem::warning("personal-data", draft.at.clone(), what).advice(advice);
        problems.push(problem.of(&draft.key));
    }
    if let Json::Object(fields) = json {
        draft.fields = fields;
    }
}

/// Tells of texts that may name a person, and leaves the sentences out where
/// the source says so.
fn protect_named(draft: &mut Draft, personal: Personal, problems: &mut Vec<Problem>) {
    let found = clean::people(&draft.fields);
    if found.is_empty() {
        return;
    }
    let mut json = Json::Object(std::mem::take(&mut draft.fields));
    // From the end, so that places in lists stay right.
    for Named { pointer, phrase, rest } in found.into_iter().rev() {
        let fate = match personal {
            Personal::Keep => "was taken",
            Personal::Drop => "the sentence was left out",
        };
        if personal == Personal::Drop {
            match json.pointer_mut(&pointer).filter(|_| !rest.is_empty()) {
                Some(text) => *text = json!(rest),
                None => drop(take_away(&mut json, &pointer)),
            }
        }
        let what = format!("{pointer} may name a person: “{phrase}”, and {fate}");
        let advice = "Name an office or a role to ask for, not a person.";
        let problem = Problem::warning("person-named", draft.at.clone(), what).advice(advice);
        problems.push(problem.of(&draft.key));
    }
    if let Json::Object(fields) = json {
        draft.fields = fields;
    }
}
