//! Categories of a scheme other than their field's: the one that is called
//! the same in the right scheme is taken, or none; it is told either way.

use super::advice::advice;
use crate::harvest::extraction::{Draft, Problem};
use crate::record::{Record, validate};
use crate::register::{Misplaced, Register};

/// `record` with categories of the schemes of its fields alone; `None` when it
/// can't be without one that has to go. What was wrong is added to `problems`.
pub(super) fn put_right(
    register: &Register,
    mut record: Record,
    draft: &Draft,
    problems: &mut Vec<Problem>,
) -> Option<Record> {
    let misplaced = register.put_categories_right(&mut record);
    if misplaced.is_empty() {
        return Some(record);
    }
    for misplaced in &misplaced {
        let Misplaced { pointer, category, scheme, expected, instead } = misplaced;
        let done = match instead {
            Some(instead) => format!("`{instead}` was taken for it"),
            None => "it was left out".to_owned(),
        };
        let category = category.id();
        let what = format!("{pointer}: `{category}` is of scheme `{scheme}`; {done}");
        let advice = format!("Name a category of scheme `{expected}` there.");
        let problem = Problem::warning("wrong-scheme", draft.at.clone(), what);
        problems.push(problem.advice(advice).of(&draft.key));
    }
    let faults = validate(register.schema(), &record);
    for fault in &faults {
        let what = fault.to_string();
        let problem = Problem::error("invalid-record", draft.at.clone(), what);
        let kind = register.schema().kind(record.id.kind());
        let advice = kind.map(|kind| advice(kind, fault));
        problems.push(Problem { advice, ..problem.of(&draft.key) });
    }
    faults.is_empty().then_some(record)
}
