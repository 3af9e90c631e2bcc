//! A whole draft, cleaned by what its fields are in the schema.

use ::url::Url;

use super::mojibake::DoubleEncoding;
use super::text;
use super::walk::Walk;
use crate::harvest::extraction::{Draft, Problem};
use crate::schema::Schema;

/// The longest label of a publisher's term, in characters: that of a category.
const LONGEST_LABEL: usize = 200;

/// The most terms of one draft that are kept: no record has more than some
/// tens, and a list without end is a mistake.
const MOST_TERMS: usize = 500;

/// How the texts of a source are read.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// The language of those that don't tell theirs, as a BCP 47 tag.
    pub language: &'a str,
    /// What becomes of those that were encoded twice.
    pub double_encoding: DoubleEncoding,
}

impl<'a> Manner<'a> {
    /// As the texts of a source without settings are read, in `language`.
    #[must_use]
    pub fn plain(language: &'a str) -> Self {
        Self { language, double_encoding: DoubleEncoding::Keep }
    }
}

/// Cleans all fields of `draft` by their types in `schema`: texts become plain
/// and are told to be in the language of `manner`, addresses are completed by `base` (or the
/// draft's own), telephone numbers, e-mail addresses, postcodes, dates and
/// numbers get the record's form, positions are checked.
///
/// What can't be read is left out, with a problem; the draft stays. Fields
/// that its kind doesn't have are left out as well.
pub fn clean(draft: &mut Draft, schema: &Schema, base: &Url, manner: Manner<'_>) -> Vec<Problem> {
    let base = draft.base.clone().unwrap_or_else(|| base.clone());
    let mut walk = Walk::new(schema, &base, manner, draft.writing);
    match schema.kind(&draft.kind) {
        Some(kind) => {
            let fields = std::mem::take(&mut draft.fields);
            draft.fields = walk.fields(&kind.shape, fields, "", 0);
        }
        None => walk.error("unknown-kind", "", &format!("there is no kind `{}`", draft.kind)),
    }
    if draft.terms.len() > MOST_TERMS {
        let what = format!("{} terms; the first {MOST_TERMS} were taken", draft.terms.len());
        walk.warning("too-many-terms", "", &what);
        draft.terms.truncate(MOST_TERMS);
    }
    for term in &mut draft.terms {
        let label = text::one_line(&term.label, manner.double_encoding).value;
        term.label = text::shortened(&label, LONGEST_LABEL).unwrap_or(label);
    }
    draft.terms.retain(|term| !term.label.is_empty() || term.code.is_some());
    let mut problems = walk.problems;
    for problem in &mut problems {
        problem.at.clone_from(&draft.at);
        problem.key = Some(draft.key.clone());
    }
    problems
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
