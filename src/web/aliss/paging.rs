//! Pages by number: which part of a list, and the addresses of its neighbours.

use crate::register::{Page, Start};
use crate::web::aliss::answer::Refusal;
use crate::web::aliss::asked::Asked;

/// How many items a page has at most.
const HIGHEST: u64 = 1_000;

/// The last number that is read; no register has so many pages.
const LAST: u64 = u32::MAX as u64;

/// What becomes of a page that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// It is refused, and so is what is no number of a page.
    Refused,
    /// It is empty; what is no number of a page is the first.
    Empty,
}

/// A page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paging {
    number: u64,
    size: u64,
    beyond: Beyond,
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
    /// The page that `asked` means; `usual` is how many items a page has when
    /// that is not said.
    ///
    /// # Errors
    ///
    /// [`Refusal::Page`] for what is no number of a page, where that is refused.
    pub(super) fn read(asked: &Asked, usual: u64, beyond: Beyond) -> Result<Self, Refusal> {
        let said = asked.number("page").filter(|number| *number >= 1);
        let number = match (said, beyond) {
            (None, Beyond::Refused) if asked.text("page").is_some() => return Err(Refusal::Page),
            (said, _) => said.unwrap_or(1).min(LAST),
        };
        let size = asked.number("page_size").filter(|size| *size >= 1);
        Ok(Self { number, size: size.unwrap_or(usual).min(HIGHEST), beyond })
    }

    /// The part of the hits.
    pub(super) fn page(self) -> Page {
        let count = |number| usize::try_from(number).unwrap_or(usize::MAX);
        Page { limit: count(self.size), start: Start::Offset(count(self.skipped())) }
    }

    /// The pages beside this one of a list of `total` items. From beyond the
    /// end the last page is the one before.
    ///
    /// # Errors
    ///
    /// [`Refusal::Page`] when the list ends before this page and that is
    /// refused; the first page is there even so.
    pub(super) fn neighbours(
        self,
        asked: &Asked,
        base: &str,
        total: u64,
    ) -> Result<Neighbours, Refusal> {
        let is_past = self.number > 1 && self.skipped() >= total;
        if is_past && self.beyond == Beyond::Refused {
            return Err(Refusal::Page);
        }
        let last = total.div_ceil(self.size);
        let before = (self.number - 1).min(last);
        Ok(Neighbours {
            previous: (before >= 1).then(|| asked.page_address(base, before)),
            next: (self.number < last).then(|| asked.page_address(base, self.number + 1)),
        })
    }

    fn skipped(self) -> u64 {
        (self.number - 1) * self.size
    }
}
