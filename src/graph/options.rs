//! Settings of the query engine, all with limits from the first day.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How queries are run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Queries that run at once, each in a process of its own. Default 2.
    pub workers: usize,
    /// Queries that may wait for a free process; one more is refused as
    /// overload. Default 16.
    pub queue: usize,
    /// How long a query waits for a free process before it is refused, in
    /// milliseconds. Default 2000.
    pub queue_wait_milliseconds: u64,
    /// How long a query may run, until its last byte, in milliseconds; its
    /// process is killed half a second later. Default 10000.
    pub timeout_milliseconds: u64,
    /// Address space of a process, in bytes. Default 1 GiB.
    pub worker_memory_bytes: u64,
    /// Queries see a change after this long without another, in
    /// milliseconds. Default 1000.
    pub quiet_milliseconds: u64,
    /// Queries see a change after this long at the latest, in milliseconds,
    /// plus the time to open the copy. Default 4000.
    pub lag_milliseconds: u64,
    /// The program that answers to `worker`; default this one.
    pub program: Option<PathBuf>,
    /// What a single query may ask.
    pub limits: Limits,
}

/// What a single query may ask. Over a limit it is refused, never cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Length of a query, in bytes. Default 16384.
    pub max_query_bytes: usize,
    /// Brackets of any kind within each other. Default 32.
    pub max_depth: usize,
    /// Operators and opening brackets outside `VALUES`. Default 400.
    pub max_operators: usize,
    /// Triple and path patterns, in the template too. Default 75: what all
    /// speak of one thing are planned in a time that grows with the fourth
    /// power of their number, 75 in 0.2 s and 100 in 0.6 s.
    pub max_patterns: usize,
    /// Steps of all property paths. Default 64.
    pub max_path_steps: usize,
    /// `OPTIONAL`, `MINUS` and `LATERAL` blocks. Default 32.
    pub max_optionals: usize,
    /// `UNION`s. Default 64.
    pub max_unions: usize,
    /// Rows of all `VALUES` blocks. Default 1000.
    pub max_values_rows: usize,
    /// Rows, or triples, of an answer. Default 10000.
    pub max_rows: usize,
    /// Bytes of an answer. Default 20 MiB.
    pub max_bytes: usize,
    /// Things that one `DESCRIBE` describes. Default 100.
    pub describe_subjects: usize,
    /// Bytes of an answer that are held back until it is longer or complete,
    /// so that what fails early is a clean error. Default 65536.
    pub held_back_bytes: usize,
}

impl Options {
    /// How long a query waits for a free process.
    #[must_use]
    pub const fn queue_wait(&self) -> Duration {
        Duration::from_millis(self.queue_wait_milliseconds)
    }

    /// How long a query may run.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_milliseconds)
    }

    /// How long the graph must have been quiet for a new checkpoint.
    #[must_use]
    pub const fn quiet(&self) -> Duration {
        Duration::from_millis(self.quiet_milliseconds)
    }

    /// How long a change waits for a new checkpoint at most.
    #[must_use]
    pub const fn lag(&self) -> Duration {
        Duration::from_millis(self.lag_milliseconds)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            workers: 2,
            queue: 16,
            queue_wait_milliseconds: 2_000,
            timeout_milliseconds: 10_000,
            worker_memory_bytes: 1024 * 1024 * 1024,
            quiet_milliseconds: 1_000,
            lag_milliseconds: 4_000,
            program: None,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_query_bytes: 16 * 1024,
            max_depth: 32,
            max_operators: 400,
            max_patterns: 75,
            max_path_steps: 64,
            max_optionals: 32,
            max_unions: 64,
            max_values_rows: 1_000,
            max_rows: 10_000,
            max_bytes: 20 * 1024 * 1024,
            describe_subjects: 100,
            held_back_bytes: 64 * 1024,
        }
    }
}
