//! What the harvester does, counted since the program began: it adds, and
//! whoever measures reads. Here, since neither knows the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::Timestamp;

use super::Register;
use super::ledger::Outcome;

/// Of which sort a host is that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostClass {
    /// Anybody's.
    Public,
    /// One that the settings open by name, wherever it stands.
    Allowed,
}

impl HostClass {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 2] = [Self::Public, Self::Allowed];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Allowed => "allowed",
        }
    }
}

/// What became of requests, in the order of their numbers: the first digit of
/// the status, or no answer.
pub const STATUS_CLASSES: [&str; 6] = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

/// What a queue has whose oldest has waited since then; the smallest number for
/// one that is empty.
const NOBODY: i64 = i64::MIN;

/// What the harvester does.
#[derive(Debug)]
pub struct Activity {
    requests: [[AtomicU64; STATUS_CLASSES.len()]; HostClass::ALL.len()],
    wire_bytes: AtomicU64,
    decoded_bytes: AtomicU64,
    runs: [AtomicU64; Outcome::ALL.len()],
    longest_due: AtomicI64,
    oldest_success: AtomicI64,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            requests: Default::default(),
            wire_bytes: AtomicU64::default(),
            decoded_bytes: AtomicU64::default(),
            runs: Default::default(),
            longest_due: AtomicI64::new(NOBODY),
            oldest_success: AtomicI64::new(NOBODY),
        }
    }
}

impl Activity {
    /// A host was asked, and answered with this status, or with nothing.
    pub fn asked(&self, host: HostClass, status: Option<u16>) {
        let class = status.map_or(0, |status| usize::from(status / 100).clamp(1, 5));
        self.requests[host as usize][class].fetch_add(1, Ordering::Relaxed);
    }

    /// So many bytes came, and were so many without their compression.
    pub fn received(&self, wire: u64, decoded: u64) {
        self.wire_bytes.fetch_add(wire, Ordering::Relaxed);
        self.decoded_bytes.fetch_add(decoded, Ordering::Relaxed);
    }

    /// A run has ended so.
    pub fn ended(&self, outcome: Outcome) {
        self.runs[outcome as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Of the sources that are due and not begun, the first was due then; and
    /// of those that are harvested by themselves, none had its last success
    /// before that.
    pub fn waiting(&self, longest_due: Option<Timestamp>, oldest_success: Option<Timestamp>) {
        let second = |at: Option<Timestamp>| at.map_or(NOBODY, Timestamp::as_second);
        self.longest_due.store(second(longest_due), Ordering::Relaxed);
        self.oldest_success.store(second(oldest_success), Ordering::Relaxed);
    }

    /// How often hosts of this class were asked, in the order of
    /// [`STATUS_CLASSES`].
    #[must_use]
    pub fn requests(&self, host: HostClass) -> [u64; STATUS_CLASSES.len()] {
        std::array::from_fn(|class| self.requests[host as usize][class].load(Ordering::Relaxed))
    }

    /// Bytes as they came, and without their compression.
    #[must_use]
    pub fn bytes(&self) -> (u64, u64) {
        (self.wire_bytes.load(Ordering::Relaxed), self.decoded_bytes.load(Ordering::Relaxed))
    }

    /// How many runs have ended so.
    #[must_use]
    pub fn runs(&self, outcome: Outcome) -> u64 {
        self.runs[outcome as usize].load(Ordering::Relaxed)
    }

    /// For how many seconds the source waits that was due first; zero when none
    /// waits.
    #[must_use]
    pub fn queue_age(&self, now: Timestamp) -> i64 {
        match self.longest_due.load(Ordering::Relaxed) {
            NOBODY => 0,
            since => (now.as_second() - since).max(0),
        }
    }

    /// When the source was last harvested without failure for which that is
    /// longest ago, in seconds since 1970; `None` when none was yet.
    #[must_use]
    pub fn oldest_success(&self) -> Option<i64> {
        Some(self.oldest_success.load(Ordering::Relaxed)).filter(|at| *at != NOBODY)
    }
}

impl Register {
    /// What is counted of harvests into this register.
    #[must_use]
    pub fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }
}

#[cfg(test)]
#[path = "activity_tests.rs"]
mod tests;
