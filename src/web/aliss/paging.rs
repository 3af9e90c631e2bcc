//! Pages by number: which part of a list, and the addresses of its neighbours.

use crate::register::{Page, Start};
use crate::web::aliss::asked::Asked;

/// How many items a page has at most.
const HIGHEST: u64 = 1_000;

/// The last number that is read; no register has so many pages.
const LAST: u64 = u32::MAX as u64;

/// A page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paging {
    number: u64,
    size: u64,
}

/// The pages before and after one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Neighbours {
    /// `None` on the first page.
    pub(super) previous: Option<String>,
    /// `None` on the last page.
    pub(super) next: Option<String>,
}

impl Paging {
    /// The page that `asked` means, the first when it says none that is a
    /// number; `usual` is how many items a page has when that is not said.
    pub(super) fn lenient(asked: &Asked, usual: u64) -> Self {
        let number = asked.number("page").unwrap_or(1).clamp(1, LAST);
        Self { number, size: size(asked, usual) }
    }

    /// The same, and `None` for what is no number of a page.
    pub(super) fn strict(asked: &Asked, usual: u64) -> Option<Self> {
        let number = match asked.text("page") {
            None => 1,
            Some(_) => asked.number("page").filter(|number| *number >= 1)?.min(LAST),
        };
        Some(Self { number, size: size(asked, usual) })
    }

    /// The part of the hits.
    pub(super) fn page(self) -> Page {
        let count = |number| usize::try_from(number).unwrap_or(usize::MAX);
        Page { limit: count(self.size), start: Start::Offset(count(self.skipped())) }
    }

    /// Whether a list of `total` items ends before this page; the first page
    /// is there even so.
    pub(super) fn is_past(self, total: u64) -> bool {
        self.number > 1 && self.skipped() >= total
    }

    /// The pages beside this one of a list of `total` items. From beyond the
    /// end the last page is the one before.
    pub(super) fn neighbours(self, asked: &Asked, base: &str, total: u64) -> Neighbours {
        let last = total.div_ceil(self.size);
        let before = (self.number - 1).min(last);
        Neighbours {
            previous: (before >= 1).then(|| asked.page_address(base, before)),
            next: (self.number < last).then(|| asked.page_address(base, self.number + 1)),
        }
    }

    fn skipped(self) -> u64 {
        (self.number - 1) * self.size
    }
}

/// How many items on a page; `usual` when nothing or nothing sensible is said.
fn size(asked: &Asked, usual: u64) -> u64 {
    asked.number("page_size").filter(|size| *size >= 1).unwrap_or(usual).min(HIGHEST)
}
