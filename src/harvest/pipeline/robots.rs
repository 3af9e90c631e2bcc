//! What hosts say to robots, and how long they want to be left alone, kept
//! between the starts of the program: no robots.txt is asked for more than once
//! a day, and a `Retry-After` holds (contract F43).

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{HarvestError, Harvester};
use crate::harvest::fetch::RobotsCopy;
use crate::journal::Durability;
use crate::register::Register;
use crate::register::ledger::{LedgerError, Row, Table};

impl Row for RobotsCopy {
    const TABLE: Table = Table::Robots;
}

/// The longest that a host is left alone, by contract; a clock that was turned
/// back makes it no longer.
const LONGEST: Duration = Duration::from_hours(24);

/// Until when a host is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Rest {
    until: Timestamp,
    /// What it answered.
    reason: String,
}

impl Row for Rest {
    const TABLE: Table = Table::Rest;
}

/// Every robots.txt that `register` keeps, for
/// [`Fetcher::with`](crate::harvest::fetch::Fetcher::with).
///
/// # Errors
///
/// [`LedgerError`].
pub fn kept_robots(register: &Register) -> Result<Vec<RobotsCopy>, LedgerError> {
    let mut copies = Vec::new();
    register.ledger().each::<RobotsCopy>("", |_, copy| copies.push(copy))?;
    Ok(copies)
}

impl Harvester {
    /// Leaves those hosts alone which have asked for it before this start.
    ///
    /// # Errors
    ///
    /// [`HarvestError::Ledger`].
    pub fn leave_alone(&self) -> Result<(), HarvestError> {
        let (ledger, now) = (self.register.ledger(), self.now());
        let mut over = Vec::new();
        ledger.each::<Rest>("", |host, rest| {
            match Duration::try_from(rest.until.duration_since(now)) {
                Ok(left) if !left.is_zero() => {
                    self.fetcher.leave_alone(&host, left.min(LONGEST), rest.reason);
                }
                _ => over.push(Table::Rest.forget(&host)),
            }
        })?;
        Ok(ledger.write(&over, Durability::Relaxed)?)
    }

    /// Keeps each robots.txt that was asked for since `since`, and which hosts
    /// are to be left alone.
    ///
    /// # Errors
    ///
    /// [`HarvestError::Ledger`].
    pub fn keep_robots(&self, since: Timestamp) -> Result<(), HarvestError> {
        let copies = self.fetcher.robots_copies().into_iter();
        let copies =
            copies.filter(|copy| copy.asked_at >= since).map(|copy| copy.put(copy.origin.clone()));
        let now = self.now();
        let rests = self.fetcher.asked_for_rest().into_iter().filter_map(|resting| {
            let until = now.saturating_add(resting.left).ok()?;
            Some(Rest { until, reason: resting.reason }.put(resting.host))
        });
        let notes: Vec<_> = copies.chain(rests).collect();
        if notes.is_empty() {
            return Ok(());
        }
        Ok(self.register.ledger().write(&notes, Durability::Relaxed)?)
    }
}
