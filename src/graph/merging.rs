//! When transactions of the store may have to wait.
//!
//! For some time after an addition in bulk the store merges what is new with
//! what it held, one part after the other, and lets transactions wait while
//! too much of that is left. Further additions don't wait: they come as files
//! of their own.

use std::time::Instant;

/// How many small changes are added in bulk while the store merges: each is a
/// dozen files more for it to merge.
const SMALL: u32 = 16;

/// How long the store may be merging, and what may be added to it meanwhile.
#[derive(Debug, Default)]
pub(super) struct Merging {
    until: Option<Instant>,
    small: u32,
}

impl Merging {
    /// Takes note of an addition that began at `begun` and is over: merging
    /// takes the processor about as long.
    pub(super) fn added(&mut self, begun: Instant) {
        let now = Instant::now();
        let from = self.until.map_or(now, |until| until.max(now));
        self.until = Some(from + begun.elapsed());
        self.small = SMALL;
    }

    /// Whether new graphs, however few, had better be added in bulk now. Each
    /// time it says so counts.
    pub(super) fn takes_small(&mut self) -> bool {
        let is_merging = self.until.is_some_and(|until| until > Instant::now());
        if is_merging && self.small > 0 {
            self.small -= 1;
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn after_an_addition_small_changes_are_added_too_for_some_time_and_not_for_ever() {
        let mut merging = Merging::default();
        assert!(!merging.takes_small());
        let begun = Instant::now().checked_sub(Duration::from_mins(10)).unwrap();
        merging.added(begun);
        for _ in 0..SMALL {
            assert!(merging.takes_small());
        }
        assert!(!merging.takes_small());
        merging.until = Some(begun);
        merging.small = SMALL;
        assert!(!merging.takes_small());
    }
}
