//! An answer on its way from a process to the client.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::graph::frame::{FromWorker, ToWorker};
use crate::graph::pool::Lease;
use crate::graph::{QueryError, QueryRequest, ResultFormat};
use crate::model::Revision;

/// How long after the deadline a process is killed: what is complete by then
/// is still sent.
const GRACE: Duration = Duration::from_millis(500);

/// Chunks of an answer that may wait for a slow client.
const CHUNKS: usize = 16;

/// The answer to a query.
#[derive(Debug)]
pub struct Answer {
    /// The revision of the graph that was asked.
    pub revision: Revision,
    /// What the answer is, and how it is written.
    pub format: ResultFormat,
    /// The bytes.
    pub body: AnswerBody,
}

/// The bytes of an answer as they come.
///
/// An answer that can't be completed ends with an error, never as if it were
/// whole. Dropping this stops the query.
#[derive(Debug)]
pub struct AnswerBody {
    chunks: mpsc::Receiver<Result<Bytes, BrokenAnswer>>,
}

/// An answer broke off after its beginning was sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the answer broke off: {0}")]
pub struct BrokenAnswer(#[source] pub QueryError);

impl Stream for AnswerBody {
    type Item = Result<Bytes, BrokenAnswer>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().chunks.poll_recv(context)
    }
}

impl AnswerBody {
    /// Gathers the whole body.
    ///
    /// # Errors
    ///
    /// [`BrokenAnswer`] when it ends before it is complete.
    pub async fn collect(mut self) -> Result<Vec<u8>, BrokenAnswer> {
        let mut whole = Vec::new();
        while let Some(chunk) = self.chunks.recv().await {
            whole.extend_from_slice(&chunk?);
        }
        Ok(whole)
    }
}

/// Sends a query to a process and waits for the beginning of its answer.
pub(super) async fn run(
    mut lease: Lease,
    request: QueryRequest,
    deadline: Instant,
) -> Result<Answer, QueryError> {
    let Some(process) = lease.process.as_mut() else {
        return Err(QueryError::Worker("no process".to_owned()));
    };
    let revision = process.checkpoint.revision;
    let first = async {
        process.send(&ToWorker::Run(request)).await?;
        process.receive().await
    };
    match timeout_at(deadline + GRACE, first).await {
        Ok(Ok(FromWorker::Head(format))) => {
            let (sender, chunks) = mpsc::channel(CHUNKS);
            tokio::spawn(pump(lease, sender, deadline));
            Ok(Answer { revision, format, body: AnswerBody { chunks } })
        }
        Ok(Ok(FromWorker::Failed(error))) => {
            lease.give_back();
            Err(error)
        }
        Ok(Ok(_)) => Err(QueryError::Worker("an answer without a head".to_owned())),
        Ok(Err(_)) => Err(post_mortem(lease).await),
        Err(_) => Err(lease.timeout()),
    }
}

/// Carries chunks from the process to the client, until the end, the
/// deadline, or until the client has gone. The lease dies with this unless
/// the answer was complete.
async fn pump(
    mut lease: Lease,
    sender: mpsc::Sender<Result<Bytes, BrokenAnswer>>,
    deadline: Instant,
) {
    let carried = timeout_at(deadline + GRACE, carry(&mut lease, &sender)).await;
    let broken = match carried {
        Ok(Carried::Complete) => return lease.give_back(),
        Ok(Carried::ClientGone) => return,
        Ok(Carried::Failed(error)) => {
            lease.give_back();
            error
        }
        Ok(Carried::ProcessGone) => post_mortem(lease).await,
        Err(_) => lease.timeout(),
    };
    tracing::debug!(error = %broken, "an answer broke off");
    // The process has gone by now; only this message waits for a slow client.
    let _ = sender.send(Err(BrokenAnswer(broken))).await;
}

/// How the carrying of an answer ended.
enum Carried {
    Complete,
    Failed(QueryError),
    ClientGone,
    ProcessGone,
}

async fn carry(lease: &mut Lease, sender: &mpsc::Sender<Result<Bytes, BrokenAnswer>>) -> Carried {
    let Some(process) = lease.process.as_mut() else { return Carried::ProcessGone };
    loop {
        let message = tokio::select! {
            message = process.receive() => message,
            () = sender.closed() => return Carried::ClientGone,
        };
        match message {
            Ok(FromWorker::Body(chunk)) => {
                if sender.send(Ok(Bytes::from(chunk))).await.is_err() {
                    return Carried::ClientGone;
                }
            }
            Ok(FromWorker::End) => return Carried::Complete,
            Ok(FromWorker::Failed(error)) => return Carried::Failed(error),
            Ok(FromWorker::Ready | FromWorker::Head(_)) | Err(_) => return Carried::ProcessGone,
        }
    }
}

async fn post_mortem(mut lease: Lease) -> QueryError {
    match lease.process.take() {
        Some(process) => {
            let error = process.post_mortem().await;
            lease.replace();
            error
        }
        None => QueryError::Worker("no process".to_owned()),
    }
}
