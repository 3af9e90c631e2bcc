//! Values that check themselves once.
//!
//! A value of these types is right by construction, so nothing above asks
//! again. Nothing here knows RDF, HTTP or storage.

mod age;
mod campaign;
mod grid_reference;
mod language;
mod place;
mod postcode;
pub mod recurrence;
mod revision;
mod schedule;
mod terms_of_use;
pub mod weekday;
pub mod wkt;

pub use age::{AgeRange, AgeRangeError};
pub use campaign::{is_campaign, without_campaign};
pub use grid_reference::{GridReference, GridReferenceError};
pub use language::is_language_tag;
pub use place::{BoundingBox, BoundingBoxError, Metres, MetresError, Point, PointError};
pub use postcode::{Postcode, PostcodeError, PostcodePart, Readings};
pub use revision::Revision;
pub use schedule::{Day, Moment, Repeat, Schedule};
pub use terms_of_use::{NOT_STATED, TermsOfUse};
