//! Bodies are read here, within the limits of length and time.

use std::time::Duration;

use http::header;
use reqwest::Response;
use tokio::time::{Instant, timeout, timeout_at};

use crate::harvest::dump::{Spool, Spooled};

use super::decompress::{Body, Cap};
use super::error::{FetchError, Phase};
use super::headers;
use super::options::Limits;
use super::request::Size;
use super::robots;
use super::send;

/// How much of a body is a glance.
const GLANCE_BYTES: usize = 64 * 1024;

/// How long a body of this size may be, and whether it is cut there.
pub(super) fn cap(limits: &Limits, size: Size) -> Cap {
    let (bytes, is_cut) = match size {
        Size::Robots => (robots::MAX_BYTES, true),
        Size::Glance => (GLANCE_BYTES, true),
        Size::Page => (limits.page_bytes, false),
        Size::Feed => (limits.feed_bytes, false),
        Size::Dump => (limits.dump_bytes, false),
    };
    Cap { bytes, is_cut, ratio: limits.max_ratio, ratio_from: limits.ratio_from_bytes }
}

/// How long a request for this size may take.
pub(super) fn whole_timeout(limits: &Limits, size: Size) -> Duration {
    match size {
        Size::Dump => limits.dump_timeout,
        Size::Glance | Size::Robots | Size::Page | Size::Feed => limits.whole_timeout,
    }
}

/// Reads the body of `response` into `spool` until `deadline`; adds what came
/// over the wire to `wire`.
///
/// # Errors
///
/// [`FetchError`] for each limit that it breaks, for an end that is missing
/// and for a compression that can't be undone.
pub(super) async fn read(
    mut response: Response,
    (cap, spool): (Cap, Spool),
    limits: &Limits,
    (deadline, whole): (Instant, Duration),
    wire: &mut u64,
) -> Result<Spooled, FetchError> {
    let codings = headers::list(response.headers(), header::CONTENT_ENCODING);
    // Compressed or not, it does not become shorter.
    if !cap.is_cut && response.content_length().is_some_and(|length| length > cap.bytes as u64) {
        return Err(FetchError::TooLarge(cap.bytes as u64));
    }
    let mut body = Body::new(&codings, cap, spool)?;
    let mut rate = Rate::new(limits);
    let before = *wire;
    loop {
        let part = timeout(limits.idle_timeout, response.chunk());
        let part = timeout_at(deadline, part)
            .await
            .map_err(|_| FetchError::Timeout { phase: Phase::Whole, limit: whole })?
            .map_err(|_| FetchError::Timeout { phase: Phase::Idle, limit: limits.idle_timeout })?
            .map_err(|error| send::broken_off(&error, *wire - before))?;
        let Some(part) = part else { return body.finish() };
        *wire += part.len() as u64;
        rate.check(part.len() as u64)?;
        if !body.push(&part)? {
            return body.finish();
        }
    }
}

/// Whether enough comes in each window of time.
struct Rate {
    window: Duration,
    least: u64,
    started: Instant,
    bytes: u64,
}

impl Rate {
    fn new(limits: &Limits) -> Self {
        Self {
            window: limits.rate_window,
            least: limits.min_bytes_per_second,
            started: Instant::now(),
            bytes: 0,
        }
    }

    fn check(&mut self, bytes: u64) -> Result<(), FetchError> {
        self.bytes += bytes;
        let elapsed = self.started.elapsed();
        if elapsed < self.window {
            return Ok(());
        }
        let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        if self.bytes.saturating_mul(1000) < self.least.saturating_mul(milliseconds) {
            return Err(FetchError::TooSlow(self.least));
        }
        self.started = Instant::now();
        self.bytes = 0;
        Ok(())
    }
}
