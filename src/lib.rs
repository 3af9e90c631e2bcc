//! kist: an open, linked-data register of what a community has.

pub mod journal;
pub mod model;
pub mod record;
pub mod schema;
pub mod vocab;
