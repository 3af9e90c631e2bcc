//! Our own records coming back (contract F69): a partner embeds our list, or
//! an aggregator takes it over, and we harvest the partner.
//!
//! What calls itself by the address of a record here is that record. It is
//! left where it is: taken as the partner's word it would be a second record,
//! and would keep ours from ever being changed, or bring back one that was
//! withdrawn.

use crate::record::RecordId;
use crate::register::{Found, Register};

/// The record of ours that an item of a `kind` with this `key` is, withdrawn or
/// not; `None` when its key is no address of ours, or nothing ever was there.
pub(super) fn came_back(register: &Register, kind: &str, key: &str) -> Option<RecordId> {
    let is_ours = |found| matches!(found, Found::Here(_) | Found::Gone { .. });
    addressed(register, kind, key, is_ours)
}

/// The same of one that is here, so that others can point to it.
pub(super) fn record(register: &Register, kind: &str, key: &str) -> Option<RecordId> {
    addressed(register, kind, key, |found| matches!(found, Found::Here(_)))
}

fn addressed(
    register: &Register,
    kind: &str,
    key: &str,
    is_meant: impl Fn(Found) -> bool,
) -> Option<RecordId> {
    let id = register.base().addressed(key).filter(|id| id.kind() == kind)?;
    register.get(&id).is_ok_and(is_meant).then_some(id)
}
