//! Postcodes, alone and within texts.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Cleaned, shown};
use crate::model::{Postcode, PostcodePart};

/// How much of a text is searched, in bytes: a postcode stands in an address,
/// and the longest text of a record is shorter.
const SEARCHED: usize = 100_000;

/// A whole postcode among other characters.
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b[A-Z]{1,2}[0-9][A-Z0-9]?[ \u{a0}]{0,2}[0-9][A-Z]{2}\b")
        .expect("a test reads with it")
});

/// The postcode in its usual form. One within a longer text is taken from it,
/// and a district or sector stays one, both with a note.
///
/// `None` when there is none.
#[must_use]
pub fn postcode(text: &str) -> Option<Cleaned<Postcode>> {
    match text.parse::<Postcode>() {
        Ok(postcode) if postcode.part() == PostcodePart::Unit => Some(Cleaned::plain(postcode)),
        Ok(postcode) => {
            let what = format!("`{}` is only the first part of a postcode", shown(text));
            Some(Cleaned::noted(postcode, "part-of-postcode", what))
        }
        Err(_) => {
            let (postcode, _) = find(text)?;
            let what = format!("`{}` has more in it than a postcode", shown(text));
            Some(Cleaned::noted(postcode, "postcode-in-text", what))
        }
    }
}

/// The first whole postcode in a text, and where it stands.
#[must_use]
pub fn find(text: &str) -> Option<(Postcode, Range<usize>)> {
    let mut end = text.len().min(SEARCHED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    UNIT.find_iter(&text[..end]).find_map(|found| {
        let postcode: Postcode = found.as_str().parse().ok()?;
        (postcode.part() == PostcodePart::Unit).then(|| (postcode, found.range()))
    })
}
