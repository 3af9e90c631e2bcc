//! Records → the objects of the standard.
//!
//! Rows are made of summaries, which the index has; only whole objects read the
//! record. What the standard can't say stands beside its fields under names
//! that begin with `kist_`, as the standard asks of local extensions: so another
//! register reads the same record back.

mod extension;
mod organization;
mod place;
mod schedule;
mod service;
mod taxonomy;

pub(super) use organization::row as organization_row;
pub(super) use organization::whole as organization;
pub(super) use service::at_location_row;
pub(super) use service::at_location_whole;
pub(super) use service::is_in_row as is_in_service_row;
pub(super) use service::row as service_row;
pub(super) use service::whole as service;
pub(super) use taxonomy::taxonomy;
pub(super) use taxonomy::term;
