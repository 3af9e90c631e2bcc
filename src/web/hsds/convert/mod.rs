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

pub(in crate::web) use extension::add_credits;
pub(in crate::web) use organization::row as organization_row;
pub(in crate::web) use organization::whole as organization;
pub(in crate::web) use service::Moments;
pub(in crate::web) use service::at_location_row;
pub(in crate::web) use service::at_location_whole;
pub(in crate::web) use service::is_in_row as is_in_service_row;
pub(in crate::web) use service::row as service_row;
pub(in crate::web) use service::whole as service;
pub(in crate::web) use taxonomy::taxonomy;
pub(in crate::web) use taxonomy::term;
