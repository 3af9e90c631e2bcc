//! Records, and their two faces: JSON and RDF.
//!
//! A [`Record`] is in canonical form: values that have no order in RDF are
//! sorted and without repetition, languages and numbers are written one way.
//! So a record survives JSON and RDF unchanged, and two records say the same
//! when they are equal. Nothing here knows storage or HTTP.

mod base;
mod beyond_shapes;
mod category;
mod fault;
pub mod formula;
mod id;
mod json;
mod json_value;
mod json_view;
mod location;
mod merge;
mod part;
mod placed;
mod rdf_read;
mod rdf_write;
mod recurrence;
pub mod table;
#[cfg(test)]
mod tests;
mod validate;
mod value;
mod view;

pub use base::{Base, BaseError};
pub use category::{Becomes, Categorised, categories, recategorise};
pub use fault::Fault;
pub use id::{OWN_KINDS, RecordId, RecordIdError};
pub use json::{FromJson, from_json, is_language, merge_patch, to_json};
pub use json_value::says_nothing;
pub use json_view::{JsonView, ObjectView};
pub use merge::{Merged, Origin, merge};
pub use part::{CANONICAL, PARTIAL, WITHHOLDS, amend};
pub use placed::as_sent;
pub use rdf_read::{Subjects, Unknown, from_triples};
pub use rdf_write::to_triples;
pub use validate::validate;
pub use value::{Fields, Node, Record, Reference, Value, canonical};
pub use view::{beginning, label, language_text, text_in_language, texts};
