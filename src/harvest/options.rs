//! How the harvester works, besides what each source says.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{alerts, fetch, guard, links, websub};

/// How the harvester works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Whether the server harvests what is due on its own. Default: true.
    pub enabled: bool,
    /// How many sources are harvested at once. Default: 4.
    pub sources_at_once: usize,
    /// How many documents of one source are on their way at once, as far as
    /// their hosts allow. Default: 16.
    pub documents_at_once: usize,
    /// How many records are written in one transaction: the more there are, the
    /// less often the quad store merges what is new with what is there, and the
    /// longer it takes until a run that is written can be stopped.
    /// Default: 4,000.
    pub written_at_once: usize,
    /// The most documents of a run; it ends as partial there.
    /// Default: 20,000.
    pub max_documents: u64,
    /// The most bytes of a run, decompressed. Default: 2 GiB.
    pub max_bytes: u64,
    /// How long a run may take, in seconds. Default: 7,200.
    pub max_seconds: u64,
    /// In how many whole runs in a row an item must be missing to be
    /// withdrawn. Default: 3.
    pub grace_runs: u32,
    /// For how many days at least an item must be missing to be withdrawn.
    /// Default: 7.
    pub grace_days: u32,
    /// After how many failures in a row the contact and the operator are told.
    /// Default: 3.
    pub alert_after_failures: u32,
    /// After how many months without any change the contact and the operator are
    /// asked whether a source is still looked after; 0 never asks. Default: 12.
    pub alert_after_months: u32,
    /// How many runs of a source are kept. Default: 100.
    pub kept_runs: u64,
    /// When a run is held for a person.
    pub guard: guard::GuardOptions,
    /// Who is told what needs attention, and how.
    pub alerts: alerts::Options,
    /// Whether hubs are subscribed to.
    pub websub: websub::Options,
    /// How links are checked.
    pub links: links::Options,
    /// How documents are fetched.
    pub fetch: fetch::Options,
    /// Where bodies lie that are too large for the memory; the program says it,
    /// and not the settings. None by default: all are in memory.
    #[serde(skip)]
    pub spool: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            enabled: true,
            sources_at_once: 4,
            documents_at_once: 16,
            written_at_once: 4_000,
            max_documents: 20_000,
            max_bytes: 2 * 1024 * 1024 * 1024,
            max_seconds: 7_200,
            grace_runs: 3,
            grace_days: 7,
            alert_after_failures: 3,
            alert_after_months: 12,
            kept_runs: 100,
            guard: guard::GuardOptions::default(),
            alerts: alerts::Options::default(),
            websub: websub::Options::default(),
            links: links::Options::default(),
            fetch: fetch::Options::default(),
            spool: None,
        }
    }
}
