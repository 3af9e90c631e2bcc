//! The envelope of a page: flat, beside `contents`; always all eight fields.

use serde::Serialize;
use serde_json::Value as Json;

/// How many rows a page has when nothing is said.
pub(in crate::web) const ORDINARY: usize = 50;

/// How many rows a page has at most; whoever asks for more gets these.
pub(in crate::web) const MOST: usize = 1_000;

/// How many whole objects a page has at most: each is read from the store.
pub(in crate::web) const MOST_WHOLE: usize = 100;

/// How many rows of nothing but identifiers a page has: all, as a rule.
pub(in crate::web) const MINIMAL: usize = 10_000;

/// A page.
#[derive(Debug, Serialize)]
pub(in crate::web) struct Envelope {
    /// How many there are on all pages.
    total_items: u64,
    /// How many pages; at least one.
    total_pages: u64,
    /// Which page this is, from 1.
    page_number: u64,
    /// How many items are on this page.
    size: usize,
    first_page: bool,
    last_page: bool,
    empty: bool,
    contents: Vec<Json>,
}

impl Envelope {
    /// The page `number` of `total` items, `per_page` on each.
    pub(in crate::web) fn new(
        number: usize,
        per_page: usize,
        total: u64,
        contents: Vec<Json>,
    ) -> Self {
        let number = number as u64;
        let total_pages = total.div_ceil(per_page.max(1) as u64).max(1);
        Self {
            total_items: total,
            total_pages,
            page_number: number,
            size: contents.len(),
            first_page: number == 1,
            // Beyond the end too, so that whoever reads until the last page ends.
            last_page: number >= total_pages,
            empty: contents.is_empty(),
            contents,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(number: usize, total: u64, rows: usize, expected: (u64, bool, bool, bool)) {
        let page = Envelope::new(number, 20, total, vec![json!({}); rows]);
        assert_eq!((page.total_pages, page.first_page, page.last_page, page.empty), expected);
        assert_eq!(page.size, rows);
    }

    #[test]
    fn the_ends_are_told() {
        check(1, 0, 0, (1, true, true, true));
        check(1, 20, 20, (1, true, true, false));
        check(1, 21, 20, (2, true, false, false));
        check(2, 21, 1, (2, false, true, false));
        check(3, 21, 0, (2, false, true, true));
    }
}
