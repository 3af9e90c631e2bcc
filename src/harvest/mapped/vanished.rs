//! Columns and paths that a mapping names and that are not there any more.

use crate::harvest::extraction::{Problem, Severity};
use crate::harvest::mapping::Mapping;

/// What can be done about it.
const ADVICE: &str = "Give it its name again, or correct the mapping of the source.";

/// The problems with what `mapping` names and a document, which has records,
/// has not; `is_there` tells whether it has. Without any part of the key
/// nothing can be read, and that is the only problem then. Each of the others
/// costs fields, and is as grave as `severity`.
#[must_use]
pub fn vanished(
    mapping: &Mapping,
    (at, severity): (&str, Severity),
    is_there: &dyn Fn(&str) -> bool,
) -> Vec<Problem> {
    let problem = |what: String| Problem::new(severity, "column-vanished", at, what).advice(ADVICE);
    let missing = |from: &&String| !is_there(from);
    let keys: Vec<&str> = mapping.key.iter().filter(missing).map(String::as_str).collect();
    if !keys.is_empty() && keys.len() == mapping.key.len() {
        let what = format!("no record has `{}`, which is the key", keys.join("`, `"));
        return vec![Problem::broken("columns-changed", at, what).advice(ADVICE)];
    }
    let mut problems = Vec::new();
    for key in keys {
        let what = format!("no record has `{key}`, which is a part of the key");
        problems.push(problem(what));
    }
    for (from, fields) in mapping.columns().into_iter().filter(|(from, _)| !is_there(from)) {
        let fields = fields.join("`, `");
        let what = format!("no record has `{from}`, from which `{fields}` is made");
        problems.push(problem(what));
    }
    problems
}
