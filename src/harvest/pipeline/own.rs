//! Our own records coming back (contract F69): a partner embeds our list, or
//! an aggregator takes it over, and we harvest the partner.
//!
//! What calls itself by the address of a record here is that record. It is
//! left where it is: taken as the partner's word it would be a second record,
//! and would keep ours from ever being changed.

use crate::record::RecordId;
use crate::register::{Found, Register};

/// The record here that an item of a `kind` with this `key` is; `None` when its
/// key is no address of ours, or nothing is there.
pub(super) fn record(register: &Register, kind: &str, key: &str) -> Option<RecordId> {
    let id = register.base().addressed(key).filter(|id| id.kind() == kind)?;
    matches!(register.get(&id), Ok(Found::Here(_))).then_some(id)
}
