//! The one door to what the register holds: get, search, apply, SPARQL.
//!
//! Only [`Register::apply`] writes: validate → journal (durable) → graph →
//! index. Whatever a crash leaves undone is caught up from each view's
//! revision when the register is opened. Nothing here knows HTTP.

mod access;
mod activity;
mod amendment;
mod apply;
mod backup;
mod bulk;
mod categories;
mod changes;
mod cluster;
mod consistency;
mod convert;
mod credits;
mod dependents;
mod details;
mod entry;
mod erasure;
mod harvest_report;
mod hub_signature;
mod hubs;
mod import;
pub mod ledger;
mod link_troubles;
mod links;
mod lookup;
mod merged;
mod once;
mod open;
mod own_sources;
mod places;
mod position;
mod provenance;
mod read;
mod rules;
mod schedule;
mod schemes;
mod search;
mod sense;
mod signature;
mod storage;
mod stored;
mod summary;
#[cfg(test)]
mod tests;
pub mod validation;
mod views;
mod walk;
mod writing;

use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, RwLock};

use arc_swap::ArcSwap;
use jiff::Timestamp;

use crate::gazetteer::Gazetteer;
use crate::graph::Graph;
use crate::index::Index;
use crate::journal::{Journal, Notes};
use crate::model::Revision;
use crate::record::Base;
use crate::schema::Schema;

pub use access::{AccessError, NewToken, Token, create_token};
pub use activity::{Activity, HostClass, STATUS_CLASSES};
pub use apply::{Applied, ApplyError, Edit, References};
pub use backup::{BackupError, back_up};
pub use categories::{CategoryTree, KnownCategory};
pub use changes::{ChangeItem, ChangedRecord, Changes, Since};
pub use cluster::{Cluster, Whole};
pub use consistency::Consistency;
pub use convert::{convert, turtle_of_json_ld};
pub use credits::Credit;
pub use entry::review_due;
pub use erasure::{EraseError, ItemOf};
pub use hubs::{Confirmation, Delivery, LONGEST_LEASE};
pub use import::{Draft, ImportError, Imported};
pub use links::{LinkPage, LinkQuery, ReportedLink};
pub use once::Once;
pub use open::{OpenError, Place};
pub use read::{Found, ReadError, Step, Version};
pub use rules::Rules;
pub use schemes::Misplaced;
pub use search::{Answer, Near, SearchError, Where};
pub use storage::Room;
pub use stored::{LOCAL_SOURCE, MATCHES_SOURCE};
pub use views::{Progress, ViewError};
pub use writing::{Stopping, Writing};

pub use crate::index::{
    Centre, Duplicates, Explain, Explanation, Facet, FacetCounts, Filter, Hit, HitUnit, Hours,
    LinkTrouble, MatchReason, Moment, OnlineToo, Page, Polygon, PolygonError, Query, QueryError,
    Region, Results, Sort, Standing, Start, Suggestion,
};

/// A register: its schema and address, the journal, and the views of it.
pub struct Register {
    schema: Schema,
    base: Base,
    journal: Box<dyn Journal>,
    graph: Arc<Graph>,
    index: Index,
    gazetteer: ArcSwap<Gazetteer>,
    lookup: RwLock<lookup::Lookup>,
    /// What records have to keep to besides their shapes.
    rules: RwLock<Option<Arc<dyn Rules>>>,
    directory: Option<PathBuf>,
    /// Bytes to be left on the disk.
    kept_free: AtomicU64,
    /// The last revision whose moment was asked for, with that moment.
    committed: Mutex<Option<(Revision, Timestamp)>>,
    /// Held by whoever writes, so that the views see changes in the
    /// journal's order.
    writer: Mutex<()>,
    /// Held by whoever reads, changes and writes subscriptions to hubs.
    subscriptions: Mutex<()>,
    /// Who writes what came from a source.
    writers: writing::Writers,
    /// What is counted of harvests.
    activity: Arc<Activity>,
}

impl Register {
    /// The kinds of record and their fields.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The register's public address.
    #[must_use]
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// The public quads, for dumps and SPARQL.
    #[must_use]
    pub fn graph(&self) -> &Arc<Graph> {
        &self.graph
    }

    /// The index, for counts and sizes.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Brings the views to the disk, so that the next start has nothing to
    /// catch up. Nothing is lost without it.
    ///
    /// # Errors
    ///
    /// [`ViewError`] when a view can't be written.
    pub fn flush(&self) -> Result<(), ViewError> {
        self.graph.flush()?;
        self.index.flush()?;
        Ok(())
    }

    /// The private tables of whoever keeps state beside the records.
    #[must_use]
    pub fn notes(&self) -> &dyn Notes {
        self.journal.as_ref()
    }

    /// Postcodes, places and areas.
    #[must_use]
    pub fn gazetteer(&self) -> arc_swap::Guard<Arc<Gazetteer>> {
        self.gazetteer.load()
    }

    /// Takes another gazetteer; searches that run go on with the old one.
    pub fn replace_gazetteer(&self, gazetteer: Gazetteer) {
        self.gazetteer.store(Arc::new(gazetteer));
    }
}

impl std::fmt::Debug for Register {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Register")
            .field("base", &self.base)
            .field("directory", &self.directory)
            .finish_non_exhaustive()
    }
}
