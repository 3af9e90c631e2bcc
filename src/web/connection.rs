//! What one connection may cost: watches on its reading, writing and bodies.
//!
//! The clocks here run only while the peer is the one to move: a head that
//! has begun must end, what we write must be taken, and a body must come.
//! Waiting for a next request is timed by hyper, and our own work by nobody.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http_body::Body;
use http_body::Frame;
use http_body::SizeHint;
use hyper::body::Incoming;
use thiserror::Error;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;
use tokio::time::Sleep;

use crate::web::refused_head::RefusedHead;

type Timer = Pin<Box<Sleep>>;

/// The body of a request did not come in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the body did not come in time")]
pub struct BodyTimeout;

/// Where a connection stands, shared by its stream and its service.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phase {
    step: Arc<AtomicU8>,
    /// Whether something of the request's body was not read.
    has_rest: Arc<AtomicBool>,
}

impl Phase {
    const IDLE: u8 = 0;
    const HEAD: u8 = 1;
    const BUSY: u8 = 2;

    /// A head has been read whole; the request is being answered.
    pub(crate) fn busy(&self) {
        self.has_rest.store(false, Ordering::Relaxed);
        self.step.store(Self::BUSY, Ordering::Relaxed);
    }

    /// The answer is done; a next request may come.
    fn idle(&self) {
        self.step.store(Self::IDLE, Ordering::Relaxed);
    }

    fn reads_head(&self) -> bool {
        self.step.load(Ordering::Relaxed) == Self::HEAD
    }

    /// Notes that bytes have come; true when they begin a head.
    fn begins_head(&self) -> bool {
        let idle = Self::IDLE;
        let changed =
            self.step.compare_exchange(idle, Self::HEAD, Ordering::Relaxed, Ordering::Relaxed);
        changed.is_ok()
    }
}

/// A stream on which heads must end and writes must be taken in time.
#[derive(Debug)]
pub(crate) struct WatchedStream {
    stream: TcpStream,
    phase: Phase,
    head_timeout: Duration,
    head_timer: Option<Timer>,
    write_timeout: Duration,
    write_timer: Option<Timer>,
    rest_timeout: Duration,
    rest_timer: Option<Timer>,
    head: RefusedHead,
    /// What goes out instead of an answer of hyper's own, and how much has.
    instead: Option<(Vec<u8>, usize)>,
}

impl WatchedStream {
    pub(crate) fn new(
        stream: TcpStream,
        phase: Phase,
        head_timeout: Duration,
        write_timeout: Duration,
        rest_timeout: Duration,
        head: RefusedHead,
    ) -> Self {
        Self {
            stream,
            phase,
            head_timeout,
            head_timer: None,
            write_timeout,
            write_timer: None,
            rest_timeout,
            rest_timer: None,
            head,
            instead: None,
        }
    }

    /// Writes the problem in the place of `bytes`, when they refuse a head;
    /// nothing when they are to be written themselves.
    fn write_instead(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Option<Poll<io::Result<usize>>> {
        if self.instead.is_none() && self.phase.reads_head() {
            self.instead = self.head.instead_of(bytes).map(|instead| (instead, 0));
        }
        let (instead, sent) = self.instead.as_mut()?;
        while *sent < instead.len() {
            match Pin::new(&mut self.stream).poll_write(context, &instead[*sent..]) {
                Poll::Ready(Ok(count)) if count > 0 => *sent += count,
                Poll::Ready(Ok(_)) => {
                    return Some(Poll::Ready(Err(io::ErrorKind::WriteZero.into())));
                }
                Poll::Ready(Err(error)) => return Some(Poll::Ready(Err(error))),
                Poll::Pending => return Some(Poll::Pending),
            }
        }
        self.instead = None;
        Some(Poll::Ready(Ok(bytes.len())))
    }

    /// Passes `outcome` on, unless it has been pending for too long.
    fn watch_write<T>(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.write_timer = None;
            return outcome;
        }
        let timeout = self.write_timeout;
        let timer = self.write_timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        match timer.as_mut().poll(context) {
            Poll::Ready(()) => {
                // Else the system would keep what was not taken, and the
                // connection with it, for as long as the peer likes.
                let _ = self.stream.set_zero_linger();
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    /// Reads what is still to come of a body that nobody wants, until it ends
    /// or its time is over. If the socket were closed before, the system would
    /// reset the connection, and a client that writes its body whole before it
    /// reads would never see why it was refused (RFC 9112, 9.6).
    fn read_rest(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let timeout = self.rest_timeout;
        let timer = self.rest_timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        // First of all: whoever sends without a pause leaves no turn for it.
        if timer.as_mut().poll(context).is_ready() {
            return Poll::Ready(Ok(()));
        }
        let mut bytes = [MaybeUninit::uninit(); 8_192];
        loop {
            let mut buffer = ReadBuf::uninit(&mut bytes);
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl AsyncRead for WatchedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let watched = &mut *self;
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut watched.stream).poll_read(context, buffer);
        if buffer.filled().len() > before && watched.phase.begins_head() {
            watched.head_timer = Some(Box::pin(tokio::time::sleep(watched.head_timeout)));
            watched.head.begin();
        }
        if watched.phase.reads_head() {
            watched.head.read(&buffer.filled()[before..]);
        }
        if outcome.is_ready() || !watched.phase.reads_head() {
            return outcome;
        }
        match watched.head_timer.as_mut().map(|timer| timer.as_mut().poll(context)) {
            Some(Poll::Ready(())) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            _ => Poll::Pending,
        }
    }
}

impl AsyncWrite for WatchedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = match self.write_instead(context, bytes) {
            Some(outcome) => outcome,
            None => Pin::new(&mut self.stream).poll_write(context, bytes),
        };
        self.watch_write(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // A head that hyper writes by itself is all that it has to write.
        let alone = match slices {
            [only] => self.write_instead(context, only),
            _ => None,
        };
        let outcome = match alone {
            Some(outcome) => outcome,
            None => Pin::new(&mut self.stream).poll_write_vectored(context, slices),
        };
        self.watch_write(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.watch_write(context, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(context);
        match self.watch_write(context, outcome) {
            Poll::Ready(Ok(())) if self.phase.has_rest.load(Ordering::Relaxed) => {
                self.read_rest(context)
            }
            outcome => outcome,
        }
    }
}

/// The body of a request, which must come whole in a time from when it is
/// first asked for.
#[derive(Debug)]
pub(crate) struct TimedBody {
    body: Incoming,
    is_whole: bool,
    phase: Phase,
    timeout: Duration,
    timer: Option<Timer>,
}

impl TimedBody {
    pub(crate) fn new(body: Incoming, timeout: Duration, phase: Phase) -> Self {
        Self { body, is_whole: false, phase, timeout, timer: None }
    }
}

impl Drop for TimedBody {
    fn drop(&mut self) {
        if !self.is_whole && !self.body.is_end_stream() {
            self.phase.has_rest.store(true, Ordering::Relaxed);
        }
    }
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            this.is_whole |= frame.is_none();
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let timeout = this.timeout;
        let timer = this.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        match timer.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(BodyTimeout.into()))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer; when it is done, the connection is idle again.
#[derive(Debug)]
pub(crate) struct AnswerBody {
    body: axum::body::Body,
    phase: Phase,
}

impl AnswerBody {
    pub(crate) fn new(body: axum::body::Body, phase: Phase) -> Self {
        Self { body, phase }
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        self.phase.idle();
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
