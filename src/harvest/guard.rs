//! The guard: whether what a run would do is so much that a person must look.
//!
//! A publisher whose listing is suddenly empty, halved or full of errors has
//! mostly made a mistake, and the last good state stays until somebody says
//! otherwise. Nothing here knows the records: only counts are judged.

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::register::ledger::HeldFor;

/// What a run found, and what it would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// What the listing is.
    pub listing: Listing,
    /// Records of the source that are live before the run.
    pub live: u64,
    /// Records that the listing had, valid or not.
    pub listed: u64,
    /// How many the publisher says there are.
    pub announced: Option<u64>,
    /// How many the last complete run listed; `None` before the first.
    pub last_complete: Option<u64>,
    /// Records that are new.
    pub would_create: u64,
    /// Live records that say something else now.
    pub would_change: u64,
    /// Live records that would go because the listing has them no more; what
    /// the publisher itself says is gone is not counted here.
    pub would_withdraw: u64,
    /// Live records of which the publisher says that they are gone.
    pub explicit_deleted: u64,
    /// Listed records that can't be taken.
    pub invalid: u64,
}

/// What a listing is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Listing {
    /// Everything that the publisher has, read to its end.
    Whole,
    /// A window, a list of changes, or a listing that was not read to its end:
    /// that a record is absent from it means nothing.
    #[default]
    Part,
}

/// From where on a run is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GuardOptions {
    /// Records that may always go, whatever their share. Default: 10.
    pub vanished_at_least: u64,
    /// Share of the live records that may go, in per cent. Default: 10.
    pub vanished_percent: u64,
    /// Share of the last complete listing that must be there again, in per
    /// cent. Default: 50.
    pub listed_percent: u64,
    /// Records that may always change, whatever their share. Default: 10.
    pub changed_at_least: u64,
    /// Share of the live records that may change, in per cent. Default: 50.
    pub changed_percent: u64,
    /// Records that may always be invalid, whatever their share. Default: 3.
    pub invalid_at_least: u64,
    /// Share of the listed records that may be invalid, in per cent.
    /// Default: 30.
    pub invalid_percent: u64,
}

/// Whether a run may write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It may.
    Pass,
    /// Nothing is written until a person has approved it.
    Hold(Vec<Reason>),
}

/// Why a run is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reason")]
#[non_exhaustive]
pub enum Reason {
    /// The listing has no records.
    Empty {
        /// Records that are live.
        live: u64,
    },
    /// The listing has far fewer records than the last complete one.
    Shrunk {
        /// Records listed now.
        listed: u64,
        /// Records listed then.
        before: u64,
    },
    /// Records would go by absence, though the publisher announced more than
    /// it listed.
    FewerThanAnnounced {
        /// Records listed.
        listed: u64,
        /// Records announced.
        announced: u64,
    },
    /// Records would go by absence from a listing that is not whole.
    AbsentFromPart {
        /// Records that would go.
        vanished: u64,
    },
    /// Too many records would go, by absence or by the publisher's word.
    Vanished {
        /// Records that would go.
        vanished: u64,
        /// Records that are live.
        live: u64,
    },
    /// Besides the many that would go, as many would come: the publisher may
    /// have given all its records new keys.
    Rekeyed {
        /// Records that would go.
        vanished: u64,
        /// Records that would come.
        created: u64,
    },
    /// Too many records would change.
    Changed {
        /// Records that would change.
        changed: u64,
        /// Records that are live.
        live: u64,
    },
    /// Too many records can't be taken.
    Invalid {
        /// Records that can't be taken.
        invalid: u64,
        /// Records listed.
        listed: u64,
    },
    /// What was approved has grown meanwhile.
    Grown {
        /// Records beyond those that were approved.
        more: u64,
    },
}

impl Default for GuardOptions {
    fn default() -> Self {
        Self {
            vanished_at_least: 10,
            vanished_percent: 10,
            listed_percent: 50,
            changed_at_least: 10,
            changed_percent: 50,
            invalid_at_least: 3,
            invalid_percent: 30,
        }
    }
}

/// Whether a run with these counts may write, or all reasons why not.
///
/// An empty listing is held also on a source's first run, but not when the
/// last complete one was empty too and nothing is live.
#[must_use]
pub fn judge(counts: &Counts, options: &GuardOptions) -> Verdict {
    let Counts { live, listed, would_create, would_change, would_withdraw, invalid, .. } = *counts;
    let vanished = would_withdraw.saturating_add(counts.explicit_deleted);
    let mut reasons = Vec::new();
    match counts.listing {
        Listing::Whole => reasons.extend(whole_listing(counts, options)),
        Listing::Part if would_withdraw > 0 => {
            reasons.push(Reason::AbsentFromPart { vanished: would_withdraw });
        }
        Listing::Part => {}
    }
    if is_over(vanished, live, options.vanished_percent, options.vanished_at_least) {
        reasons.push(Reason::Vanished { vanished, live });
        // Half is enough: a migration mostly loses some records on its way.
        if would_create >= vanished.div_ceil(2) {
            reasons.push(Reason::Rekeyed { vanished, created: would_create });
        }
    }
    if is_over(would_change, live, options.changed_percent, options.changed_at_least) {
        reasons.push(Reason::Changed { changed: would_change, live });
    }
    if is_over(invalid, listed, options.invalid_percent, options.invalid_at_least) {
        reasons.push(Reason::Invalid { invalid, listed });
    }
    if reasons.is_empty() { Verdict::Pass } else { Verdict::Hold(reasons) }
}

/// The verdict once a person has approved a set of changes: it covers exactly
/// those keys, so a run which touches others asks again.
#[must_use]
pub fn approve(
    verdict: Verdict,
    approved: &BTreeSet<String>,
    touched: &BTreeSet<String>,
) -> Verdict {
    let Verdict::Hold(mut reasons) = verdict else { return Verdict::Pass };
    let more = touched.difference(approved).count() as u64;
    if more == 0 {
        return Verdict::Pass;
    }
    reasons.push(Reason::Grown { more });
    Verdict::Hold(reasons)
}

fn whole_listing(counts: &Counts, options: &GuardOptions) -> Option<Reason> {
    let Counts { live, listed, .. } = *counts;
    if listed == 0 {
        let was_empty = counts.last_complete == Some(0) && live == 0;
        return (!was_empty).then_some(Reason::Empty { live });
    }
    if let Some(before) = counts.last_complete
        && share(listed, 100) < share(before, options.listed_percent)
    {
        return Some(Reason::Shrunk { listed, before });
    }
    let announced = counts.announced.filter(|announced| *announced > listed)?;
    (counts.would_withdraw > 0).then_some(Reason::FewerThanAnnounced { listed, announced })
}

/// Whether `part` is more than `percent` of `whole`, and more than `at_least`.
fn is_over(part: u64, whole: u64, percent: u64, at_least: u64) -> bool {
    part > at_least && share(part, 100) > share(whole, percent)
}

fn share(number: u64, percent: u64) -> u128 {
    u128::from(number) * u128::from(percent)
}

impl Reason {
    /// Its name and numbers, for programs.
    #[must_use]
    pub fn told(&self) -> Option<HeldFor> {
        let json = serde_json::to_value(self).ok()?;
        serde_json::from_value(json).ok()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { live } => {
                write!(formatter, "the listing has no records, and {live} are live")
            }
            Self::Shrunk { listed, before } => {
                write!(formatter, "the listing has {listed} records, the last one had {before}")
            }
            Self::FewerThanAnnounced { listed, announced } => write!(
                formatter,
                "the listing has {listed} records of {announced} announced, so what is absent may \
                 not be gone"
            ),
            Self::AbsentFromPart { vanished } => write!(
                formatter,
                "{vanished} records would go because a listing that is not whole lacks them"
            ),
            Self::Vanished { vanished, live } => {
                write!(formatter, "{vanished} of {live} records would go")
            }
            Self::Rekeyed { vanished, created } => write!(
                formatter,
                "{vanished} records would go and {created} come: the publisher may have changed \
                 all its keys"
            ),
            Self::Changed { changed, live } => {
                write!(formatter, "{changed} of {live} records would change")
            }
            Self::Invalid { invalid, listed } => {
                write!(formatter, "{invalid} of {listed} records can't be taken")
            }
            Self::Grown { more } => {
                write!(formatter, "{more} records more than were approved are touched")
            }
        }
    }
}
