//! How queries end and how long they take: for measures, and for the log when
//! they were slow.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::OwnedSemaphorePermit;

use crate::graph::{AnswerBody, BrokenAnswer, QueryError};
use crate::web::measure::{Measured, Text, Times};

/// A query that takes longer is slow.
const SLOW: Duration = Duration::from_secs(1);

/// How a query ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Ok,
    Timeout,
    Memory,
    TooComplex,
    TooLarge,
    Overloaded,
    Invalid,
    Abandoned,
    Error,
}

impl Outcome {
    /// All of them, in the order of their numbers.
    const ALL: [Self; 9] = [
        Self::Ok,
        Self::Timeout,
        Self::Memory,
        Self::TooComplex,
        Self::TooLarge,
        Self::Overloaded,
        Self::Invalid,
        Self::Abandoned,
        Self::Error,
    ];

    /// The name in measures.
    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Timeout => "timeout",
            Self::Memory => "memory",
            Self::TooComplex => "too_complex",
            Self::TooLarge => "too_large",
            Self::Overloaded => "overloaded",
            Self::Invalid => "invalid",
            Self::Abandoned => "abandoned",
            Self::Error => "error",
        }
    }

    pub(super) const fn of(error: &QueryError) -> Self {
        match error {
            QueryError::Timeout { .. } => Self::Timeout,
            QueryError::Memory { .. } => Self::Memory,
            QueryError::TooComplex(_) => Self::TooComplex,
            QueryError::TooManyRows { .. }
            | QueryError::TooManyBytes { .. }
            | QueryError::TooManySubjects { .. } => Self::TooLarge,
            QueryError::Overloaded => Self::Overloaded,
            QueryError::Syntax { .. }
            | QueryError::Unsupported(_)
            | QueryError::Iri(_)
            | QueryError::ServiceForbidden
            | QueryError::Update
            | QueryError::NotAcceptable(_) => Self::Invalid,
            _ => Self::Error,
        }
    }
}

/// How all queries ended, since the program began.
#[derive(Debug, Default)]
pub struct Queries {
    outcomes: [AtomicU64; Outcome::ALL.len()],
    times: Mutex<Times>,
}

impl Measured for Queries {
    fn measure(&self, text: &mut Text) {
        let mut family = text.counter("kist_sparql_outcome_total", "Queries, by how they ended.");
        for outcome in Outcome::ALL {
            let count = self.outcomes[outcome as usize].load(Ordering::Relaxed);
            family.sample(&[("outcome", outcome.name())], count);
        }
        let help = "Time of queries, until their answers had gone.";
        let mut family = text.histogram("kist_sparql_duration_seconds", help);
        self.times.lock().unwrap_or_else(PoisonError::into_inner).write(&mut family, &[]);
    }
}

/// A query that is being answered; nobody waits for it any more when it is
/// dropped before it ends.
pub(super) struct Query {
    queries: Arc<Queries>,
    text: String,
    began: Instant,
    outcome: Outcome,
}

impl Query {
    pub(super) fn begin(queries: &Arc<Queries>, text: &str) -> Self {
        let (queries, text) = (Arc::clone(queries), text.to_owned());
        Self { queries, text, began: Instant::now(), outcome: Outcome::Abandoned }
    }

    pub(super) fn end(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }

    /// Goes on until the end of `body`; the permit is kept until then.
    pub(super) fn until_the_end_of(
        self,
        body: AnswerBody,
        permit: OwnedSemaphorePermit,
    ) -> impl Stream<Item = Result<Bytes, BrokenAnswer>> {
        WatchedAnswer { body, query: Some(self), _permit: permit }
    }
}

impl Drop for Query {
    fn drop(&mut self) {
        let Self { queries, text, began, outcome } = self;
        let time = began.elapsed();
        queries.outcomes[*outcome as usize].fetch_add(1, Ordering::Relaxed);
        queries.times.lock().unwrap_or_else(PoisonError::into_inner).note(time);
        if time >= SLOW {
            log(text, *outcome, time);
        }
    }
}

/// Notes a slow query by its hash, the same for the same query however it is
/// laid out. Its text may tell where somebody lives, so it is for those who
/// look for it.
fn log(text: &str, outcome: Outcome, time: Duration) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let hash = blake3::hash(text.as_bytes()).to_hex();
    let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(query = &hash[..16], outcome = outcome.name(), milliseconds, "a query was slow");
    tracing::debug!(query = &hash[..16], text, "the text of a slow query");
}

struct WatchedAnswer {
    body: AnswerBody,
    query: Option<Query>,
    _permit: OwnedSemaphorePermit,
}

impl Stream for WatchedAnswer {
    type Item = Result<Bytes, BrokenAnswer>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.body).poll_next(context);
        let outcome = match &next {
            Poll::Ready(None) => Outcome::Ok,
            Poll::Ready(Some(Err(BrokenAnswer(error)))) => Outcome::of(error),
            _ => return next,
        };
        if let Some(query) = self.query.take() {
            query.end(outcome);
        }
        next
    }
}

#[cfg(test)]
#[path = "measure_tests.rs"]
mod tests;
