//! The harvester: what partners publish becomes linked records.
//!
//! A run has two halves. First every document of the source is fetched and
//! read, and what would change is staged in the ledger ([`pipeline`]); then,
//! if the guard lets it pass, all of it is written. So a preview is the first
//! half alone, a guarded run is one that waits between the halves, and a crash
//! in either is taken up where it was. Formats only read, the fetcher only
//! fetches, and what is deleted is decided in one place.

pub mod alerts;
pub mod clean;
pub mod discover;
pub mod document;
pub mod dump;
pub mod duplicates;
pub mod encoding;
pub mod excerpt;
pub mod extraction;
pub mod fetch;
pub mod format;
pub mod guard;
pub mod licence;
pub mod links;
pub mod locate;
pub mod mapped;
pub mod mapping;
pub mod markup;
pub mod matching;
pub mod options;
pub mod pipeline;
pub mod politeness;
pub mod rhythm;
pub mod schedule;
pub mod settings;
mod source_rules;
pub mod sources;
pub mod survey;
pub mod terms;
pub mod websub;
mod words;
pub mod xml;

pub use options::Options;
pub use pipeline::{HarvestError, Harvester};
pub use source_rules::source_rules;
