//! The query processes: started in advance, one query each at a time, killed
//! at the deadline.
//!
//! A query waits for one of a few permits, takes an idle process, and has its
//! answer streamed through a short channel. Whatever a query does to its
//! process (endless loop, all memory, overflow of the stack) ends with that
//! process; another is there already or is started. Processes look at a copy
//! of the graph, which is made anew some seconds after a change.

mod answer;
mod checkpoints;
mod process;

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use crate::graph::guard;
use crate::graph::{Graph, GraphError, Limits, Options, QueryError, QueryRequest, SolutionsFormat};
use crate::model::Revision;

pub use answer::{Answer, AnswerBody, BrokenAnswer};
use checkpoints::{Checkpoint, Checkpoints};
use process::{Launcher, Process};

/// How long an answer shows that the processes work.
const BELIEVED: Duration = Duration::from_secs(30);

/// Why queries can't be run at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PoolError {
    /// The graph can't be copied.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The directory for copies can't be used.
    #[error("{directory}: {source}")]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A query process can't be started, or ends at once.
    #[error("a query process can't be started: {0}")]
    Start(String),
}

/// Runs queries on copies of a graph. Cheap to clone.
///
/// Needs a Tokio runtime with time and input enabled. When the last clone
/// is dropped, the processes are killed and the copies removed.
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
    /// Makes new copies after changes; ends with the last clone.
    _refresher: Arc<Refresher>,
}

/// What all queries share.
struct Inner {
    options: Options,
    launcher: Launcher,
    checkpoints: Checkpoints,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Processes that had to be replaced.
    restarts: AtomicU64,
    /// When a process last did what it was asked.
    answered: Mutex<Option<Instant>>,
    idle: Mutex<Idle>,
}

/// Processes that wait for a query, all on the current checkpoint.
struct Idle {
    checkpoint: Arc<Checkpoint>,
    processes: VecDeque<Process>,
}

struct Refresher(JoinHandle<()>);

impl Drop for Refresher {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Pool {
    /// Copies the graph into `directory` and starts the processes.
    ///
    /// The directory is for this pool alone: what an earlier one left there
    /// is removed. For a graph on disk it must be on the same file system.
    ///
    /// # Errors
    ///
    /// [`PoolError`] when the graph can't be copied or no process starts.
    pub async fn start(
        graph: Arc<Graph>,
        directory: &Path,
        options: Options,
    ) -> Result<Self, PoolError> {
        let changes = graph.follow();
        let launcher = Launcher::start(&options)?;
        let checkpoints = Checkpoints::in_directory(graph, directory)?;
        let checkpoint = checkpoints.make().await?;
        let processes = start_all(&launcher, &checkpoint, options.workers).await?;
        let inner = Arc::new(Inner {
            permits: Arc::new(Semaphore::new(options.workers)),
            waiting: AtomicUsize::new(0),
            restarts: AtomicU64::new(0),
            answered: Mutex::new(None),
            idle: Mutex::new(Idle { checkpoint, processes }),
            options,
            launcher,
            checkpoints,
        });
        let refresher = tokio::spawn(refresh_after_changes(changes, Arc::downgrade(&inner)));
        Ok(Self { inner, _refresher: Arc::new(Refresher(refresher)) })
    }

    /// Runs a query, and gives its answer once it is long enough, or
    /// complete, to be past the errors that come early.
    ///
    /// # Errors
    ///
    /// Every [`QueryError`]. After this, only the body can break.
    pub async fn query(&self, request: QueryRequest) -> Result<Answer, QueryError> {
        guard::check(&request.query, &self.inner.options.limits)?;
        let permit = self.inner.permit().await?;
        // Waiting for a process that is being started is waiting in the queue:
        // it must not eat the time of the query itself.
        let lease = timeout(self.inner.options.queue_wait(), Lease::take(&self.inner, permit))
            .await
            .map_err(|_| QueryError::Overloaded)??;
        let deadline = Instant::now() + self.inner.options.timeout();
        answer::run(lease, request, deadline).await
    }

    /// Makes queries see the graph as it is now, and gives its revision.
    /// Queries that run go on with what they see.
    ///
    /// # Errors
    ///
    /// [`PoolError`]; queries then go on with the copy they had.
    pub async fn refresh(&self) -> Result<Revision, PoolError> {
        self.inner.refresh().await
    }

    /// What a single query may ask.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.inner.options.limits
    }

    /// The revision that queries see.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.inner.lock().checkpoint.revision
    }

    /// How long ago the copy was made that queries see.
    #[must_use]
    pub fn checkpoint_age(&self) -> Duration {
        self.inner.lock().checkpoint.made.elapsed()
    }

    /// Whether the processes answer: one did in the last 30 seconds, or does
    /// now what is least.
    pub async fn is_answering(&self) -> bool {
        let answered = *self.inner.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if answered.is_some_and(|at| at.elapsed() < BELIEVED) {
            return true;
        }
        let request = QueryRequest {
            query: "ASK {}".to_owned(),
            base: None,
            dataset: None,
            solutions: Some(SolutionsFormat::Csv),
            graph: None,
        };
        match self.query(request).await {
            Ok(answer) => answer.body.collect().await.is_ok(),
            Err(_) => false,
        }
    }

    /// How many processes ended with the query that they ran, and were
    /// replaced by others.
    #[must_use]
    pub fn restarts(&self) -> u64 {
        self.inner.restarts.load(Ordering::Relaxed)
    }
}

impl Inner {
    /// Waits for a permit, in a queue of limited length and time.
    async fn permit(&self) -> Result<OwnedSemaphorePermit, QueryError> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let _place = Place::take(&self.waiting, self.options.queue)?;
        let permit = Arc::clone(&self.permits).acquire_owned();
        match timeout(self.options.queue_wait(), permit).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(QueryError::Overloaded),
        }
    }

    async fn refresh(&self) -> Result<Revision, PoolError> {
        let checkpoint = self.checkpoints.make().await?;
        let processes = start_all(&self.launcher, &checkpoint, self.options.workers).await?;
        let revision = checkpoint.revision;
        let old = {
            let mut idle = self.lock();
            // Two refreshes may overtake each other.
            if idle.checkpoint.number > checkpoint.number {
                return Ok(idle.checkpoint.revision);
            }
            std::mem::replace(&mut *idle, Idle { checkpoint, processes })
        };
        drop(old);
        Ok(revision)
    }

    fn lock(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, limit: usize) -> Result<Self, QueryError> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) < limit {
            Ok(place)
        } else {
            Err(QueryError::Overloaded)
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A process in use by one query. Dropped without being given back, it takes
/// its process with it, and another is started.
struct Lease {
    inner: Arc<Inner>,
    process: Option<Process>,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    async fn take(inner: &Arc<Inner>, permit: OwnedSemaphorePermit) -> Result<Self, QueryError> {
        let mut lease = Self { inner: Arc::clone(inner), process: None, _permit: permit };
        let (checkpoint, process) = {
            let mut idle = inner.lock();
            (Arc::clone(&idle.checkpoint), idle.processes.pop_front())
        };
        lease.process = Some(match process {
            Some(process) => process,
            None => inner
                .launcher
                .launch(&checkpoint)
                .await
                .map_err(|error| QueryError::Worker(error.to_string()))?,
        });
        Ok(lease)
    }

    /// Puts a process back that is ready for the next query.
    fn give_back(mut self) {
        if let Some(process) = self.process.take() {
            let mut answered = self.inner.answered.lock().unwrap_or_else(PoisonError::into_inner);
            *answered = Some(Instant::now());
            drop(answered);
            self.inner.put_idle(process);
        }
    }
}

impl Lease {
    /// Kills the process of a query that ran too long.
    fn timeout(self) -> QueryError {
        QueryError::Timeout { milliseconds: self.inner.options.timeout_milliseconds }
    }

    /// Starts another process in place of the one that has gone.
    fn replace(&self) {
        self.inner.restarts.fetch_add(1, Ordering::Relaxed);
        let inner = Arc::downgrade(&self.inner);
        // Outside a runtime everything is about to end anyway.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let Some(inner) = inner.upgrade() else { return };
                inner.start_spare().await;
            });
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.process.take().is_some() {
            self.replace();
        }
    }
}

impl Inner {
    fn put_idle(&self, process: Process) {
        let mut idle = self.lock();
        let is_current = process.checkpoint.number == idle.checkpoint.number;
        if is_current && idle.processes.len() < self.options.workers {
            idle.processes.push_back(process);
        }
    }

    async fn start_spare(&self) {
        let checkpoint = Arc::clone(&self.lock().checkpoint);
        match self.launcher.launch(&checkpoint).await {
            Ok(process) => self.put_idle(process),
            Err(error) => tracing::warn!(%error, "no spare query process"),
        }
    }
}

async fn start_all(
    launcher: &Launcher,
    checkpoint: &Arc<Checkpoint>,
    count: usize,
) -> Result<VecDeque<Process>, PoolError> {
    let mut processes = VecDeque::with_capacity(count);
    for _ in 0..count {
        let process = launcher.launch(checkpoint).await?;
        processes.push_back(process);
    }
    Ok(processes)
}

/// Waits for changes, lets them settle, and refreshes.
async fn refresh_after_changes(mut changes: watch::Receiver<Revision>, inner: Weak<Inner>) {
    while changes.changed().await.is_ok() {
        let Some(pool) = inner.upgrade() else { return };
        let (quiet, lag) = (pool.options.quiet(), pool.options.lag());
        drop(pool);
        let settled = async { while let Ok(Ok(())) = timeout(quiet, changes.changed()).await {} };
        // Whether it settled or the time was up, it is time now.
        let _ = timeout(lag, settled).await;
        changes.mark_unchanged();
        let Some(pool) = inner.upgrade() else { return };
        if let Err(error) = pool.refresh().await {
            tracing::warn!(%error, "queries go on with an older copy of the graph");
        }
    }
}
