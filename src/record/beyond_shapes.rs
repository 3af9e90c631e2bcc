//! What holds of nested nodes and SHACL can't say, by their shapes.

use super::fault::Pointer;
use super::{Fault, Fields, location, recurrence};

/// Writes what can be written in several ways in one.
pub(super) fn normalise(shape: &str, fields: &mut Fields) {
    match shape {
        location::SHAPE => location::normalise(fields),
        recurrence::SHAPE => recurrence::normalise(fields),
        _ => {}
    }
}

/// The faults of the node at `pointer`.
pub(super) fn check(shape: &str, fields: &Fields, pointer: &Pointer<'_>, faults: &mut Vec<Fault>) {
    match shape {
        location::SHAPE => location::check(fields, pointer, faults),
        recurrence::SHAPE => recurrence::check(fields, pointer, faults),
        _ => {}
    }
}
