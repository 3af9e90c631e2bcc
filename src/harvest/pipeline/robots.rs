//! What hosts say to robots, kept between the starts of the program, so that
//! no host is asked more than once a day.

use jiff::Timestamp;

use super::{HarvestError, Harvester};
use crate::harvest::fetch::RobotsCopy;
use crate::journal::Durability;
use crate::register::Register;
use crate::register::ledger::{LedgerError, Row, Table};

impl Row for RobotsCopy {
    const TABLE: Table = Table::Robots;
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
    /// Keeps each robots.txt that was asked for since `since`.
    ///
    /// # Errors
    ///
    /// [`HarvestError::Ledger`].
    pub fn keep_robots(&self, since: Timestamp) -> Result<(), HarvestError> {
        let copies = self.fetcher.robots_copies().into_iter();
        let notes: Vec<_> = copies
            .filter(|copy| copy.asked_at >= since)
            .map(|copy| copy.put(copy.origin.clone()))
            .collect();
        if notes.is_empty() {
            return Ok(());
        }
        Ok(self.register.ledger().write(&notes, Durability::Relaxed)?)
    }
}
