//! Columns found by name, since publishers add the year to their names.

use regex::RegexBuilder;

use super::LoadError;

/// The columns of one table, by what they hold.
pub(super) struct Columns<'a> {
    name: &'a str,
    heading: &'a [String],
}

impl<'a> Columns<'a> {
    pub(super) const fn new(name: &'a str, heading: &'a [String]) -> Self {
        Self { name, heading }
    }

    /// The first column whose whole name matches `pattern`, in any case.
    ///
    /// # Errors
    ///
    /// [`LoadError::Column`], which says `what` the column would hold.
    pub(super) fn needed(&self, pattern: &str, what: &'static str) -> Result<usize, LoadError> {
        self.optional(pattern).ok_or_else(|| LoadError::Column { file: self.name.to_owned(), what })
    }

    /// The first column whose whole name matches `pattern`, in any case.
    pub(super) fn optional(&self, pattern: &str) -> Option<usize> {
        let pattern = RegexBuilder::new(&format!("^(?:{pattern})$"))
            .case_insensitive(true)
            .build()
            .expect("the patterns are written in the loaders");
        self.heading.iter().position(|name| pattern.is_match(name))
    }
}
