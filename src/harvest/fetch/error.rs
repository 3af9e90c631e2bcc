//! Why a document did not come.

use std::time::Duration;

use thiserror::Error;

use super::policy::Forbidden;

/// Why a document did not come. Addresses in it have their secrets masked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The address may not be asked.
    #[error("{0}")]
    Forbidden(#[from] Forbidden),
    /// A header that was to be sent has characters that no header has.
    #[error("the header `{0}` can't be sent")]
    BadHeader(String),
    /// The publisher does not want it.
    #[error("{url} is blocked by robots.txt, rule `{rule}`, line {line}")]
    Robots {
        /// What was to be fetched.
        url: String,
        /// The rule as it stands in the file.
        rule: String,
        /// Its line, from 1.
        line: usize,
    },
    /// What the publisher wants can't be known now, which forbids everything.
    #[error("robots.txt of {host} can't be reached: {reason}")]
    RobotsUnreachable {
        /// The host.
        host: String,
        /// What happened.
        reason: String,
    },
    /// The host is left alone for a while.
    #[error("{host} is not asked for {} s: {reason}", retry_after.as_secs())]
    Resting {
        /// The host, by its registrable domain.
        host: String,
        /// For how long.
        retry_after: Duration,
        /// What it answered last.
        reason: String,
    },
    /// The name of the host leads nowhere.
    #[error("the host {host} does not exist: {reason}")]
    UnknownHost {
        /// The host.
        host: String,
        /// What the resolver said.
        reason: String,
    },
    /// The addresses of the host can't be had now.
    #[error("the host {host} can't be looked up: {reason}")]
    Lookup {
        /// The host.
        host: String,
        /// What the resolver said.
        reason: String,
    },
    /// No connection came about.
    #[error("no connection to {host}: {reason}")]
    Connect {
        /// The host.
        host: String,
        /// What happened.
        reason: String,
    },
    /// The certificate is not right, or there is no common form of TLS.
    #[error("no secure connection to {host}: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong.
        reason: String,
    },
    /// Something took too long.
    #[error("{phase} took longer than {} ms", limit.as_millis())]
    Timeout {
        /// What.
        phase: Phase,
        /// How long it may take.
        limit: Duration,
    },
    /// The body came too slowly to be borne.
    #[error("the body came at less than {0} bytes a second")]
    TooSlow(u64),
    /// The answer ended before its end.
    #[error("the answer broke off after {bytes} bytes: {reason}")]
    BrokenOff {
        /// Bytes that came.
        bytes: u64,
        /// What happened.
        reason: String,
    },
    /// What came is no HTTP, or more headers than anyone needs.
    #[error("the answer is no proper HTTP: {0}")]
    BadAnswer(String),
    /// The server says that it hasn't got it.
    #[error("not found (status 404)")]
    NotFound,
    /// The server says that it is gone for ever.
    #[error("gone for ever (status 410)")]
    Gone,
    /// The server asks for fewer requests, or can't answer now.
    #[error("status {status}{}", after(*.retry_after))]
    Unavailable {
        /// The status: 408, 425, 429 or 5xx.
        status: u16,
        /// How long it asks to be left alone, between a second and a day.
        retry_after: Option<Duration>,
    },
    /// A status that gives no document.
    #[error("unexpected status {0}")]
    Status(u16),
    /// The server does not let us in: a status such as 401, 403 or 451.
    #[error("blocked or login (status {0})")]
    Refused(u16),
    /// Something stands before the document: a login, a check for robots, an
    /// advertisement of the domain.
    #[error("blocked or login: {0}")]
    Blocked(String),
    /// Another kind of document came.
    #[error("expected {expected}, but {found} came")]
    UnexpectedType {
        /// What was asked for.
        expected: &'static str,
        /// What came.
        found: &'static str,
    },
    /// Nothing came.
    #[error("the answer is empty")]
    Empty,
    /// More came than is ever taken.
    #[error("the document is longer than {0} bytes")]
    TooLarge(u64),
    /// A small body became a large one by decompression.
    #[error("the body becomes more than {0} times as long by decompression")]
    Bomb(u64),
    /// The compression is unknown, or broken.
    #[error("the body can't be decompressed: {0}")]
    Coding(String),
    /// There was no room to keep it.
    #[error("the body can't be kept on the disk: {0}")]
    Disk(String),
    /// Redirects went on and on.
    #[error("more than {0} redirects")]
    TooManyRedirects(usize),
    /// Redirects came back to where they had been.
    #[error("redirects go round in a circle at {0}")]
    RedirectLoop(String),
    /// A redirect would leave https for http.
    #[error("the redirect to {0} would leave https for http")]
    Downgrade(String),
    /// A redirect leads nowhere.
    #[error("the redirect leads to no address: `{0}`")]
    BadRedirect(String),
}

/// A part of a request that may take too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Looking up the host.
    Resolve,
    /// Connecting.
    Connect,
    /// Waiting for the headers.
    FirstByte,
    /// Waiting for more of the body.
    Idle,
    /// The whole request.
    Whole,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Resolve => "looking up the host",
            Self::Connect => "connecting",
            Self::FirstByte => "waiting for the headers",
            Self::Idle => "waiting for more of the body",
            Self::Whole => "the whole request",
        })
    }
}

fn after(retry_after: Option<Duration>) -> String {
    retry_after
        .map_or_else(String::new, |wait| format!(", to be asked again in {} s", wait.as_secs()))
}

impl FetchError {
    /// A short constant name by which failures are counted and documented.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(forbidden) => forbidden.code(),
            Self::BadHeader(_) => "bad-header",
            Self::Robots { .. } => "blocked-by-robots",
            Self::RobotsUnreachable { .. } => "robots-unreachable",
            Self::Resting { .. } => "host-resting",
            Self::UnknownHost { .. } => "unknown-host",
            Self::Lookup { .. } => "lookup",
            Self::Connect { .. } => "connect",
            Self::Tls { .. } => "tls",
            Self::Timeout { .. } => "timeout",
            Self::TooSlow(_) => "too-slow",
            Self::BrokenOff { .. } => "broken-off",
            Self::BadAnswer(_) => "bad-answer",
            Self::NotFound => "not-found",
            Self::Gone => "gone",
            Self::Unavailable { status: 429, .. } => "too-many-requests",
            Self::Unavailable { .. } => "unavailable",
            Self::Status(_) => "unexpected-status",
            Self::Refused(_) | Self::Blocked(_) => "blocked-or-login",
            Self::UnexpectedType { .. } => "unexpected-type",
            Self::Empty => "empty",
            Self::TooLarge(_) => "too-large",
            Self::Bomb(_) => "decompression-bomb",
            Self::Coding(_) => "bad-coding",
            Self::Disk(_) => "disk",
            Self::TooManyRedirects(_) => "too-many-redirects",
            Self::RedirectLoop(_) => "redirect-loop",
            Self::Downgrade(_) => "redirect-to-http",
            Self::BadRedirect(_) => "bad-redirect",
        }
    }

    /// Whether the same request may succeed in a while, without anybody
    /// changing anything.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::RobotsUnreachable { .. }
                | Self::Resting { .. }
                | Self::Lookup { .. }
                | Self::Connect { .. }
                | Self::Timeout { .. }
                | Self::TooSlow(_)
                | Self::BrokenOff { .. }
                | Self::Unavailable { .. }
                | Self::Disk(_)
        )
    }

    /// The status of the answer, where that is what failed.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::NotFound => Some(404),
            Self::Gone => Some(410),
            Self::Unavailable { status, .. } | Self::Status(status) | Self::Refused(status) => {
                Some(*status)
            }
            _ => None,
        }
    }

    /// How long to leave the host alone, if it said so or is left alone
    /// already.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Resting { retry_after, .. } => Some(*retry_after),
            Self::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether it counts against the host: it could not be reached, or could
    /// not answer.
    pub(super) const fn is_of_host(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. }
                | Self::Tls { .. }
                | Self::Timeout { .. }
                | Self::TooSlow(_)
                | Self::BrokenOff { .. }
                | Self::BadAnswer(_)
                | Self::Unavailable { status: 500.., .. }
        )
    }
}
