//! The harvester's only way to the network.
//!
//! [`Fetcher::get`] asks for one thing: it checks the address and what its
//! host resolves to, asks robots.txt, waits for its turn, sends the request,
//! follows redirects with the same checks at each hop, tries again what may
//! succeed, and reads the body within limits of time and length. What comes
//! is a [`Document`](crate::harvest::document::Document) or a reason with a
//! stable code. Nothing here knows of formats, sources or records, and nobody
//! else in the harvester opens a socket.

mod address;
mod answer;
mod attempt;
mod body;
mod decompress;
mod error;
mod follow;
mod headers;
mod host_list;
mod hosts;
mod options;
mod outcome;
mod policy;
pub mod redact;
mod request;
mod resolve;
mod robots;
mod sanity;
mod send;
#[cfg(test)]
pub(super) mod tests;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Certificate, Client};
use thiserror::Error;
use tokio::time::Instant;
use url::Url;

use answer::Reply;
use hosts::Hosts;
use policy::{Policy, Reach};
use resolve::Pins;

use crate::register::Activity;

pub use error::{FetchError, Phase};
pub use host_list::HostList;
pub use hosts::Resting;
pub use options::{Limits, Options, Pace};
pub use outcome::{Effort, Failure, Fetched, HeaderLink, Hop, NotModified, Outcome};
pub use policy::{Forbidden, read_address};
pub use redact::SecretString;
pub use request::{Method, Request, RobotsPolicy, Size, Validators};
pub use resolve::{Addresses, Resolver, SystemResolver};
pub use robots::{Copy as RobotsCopy, Refusal, Robots};
pub use sanity::{Expected, Kind, sniff};

/// The name by which robots.txt speaks of us, and by which we introduce
/// ourselves.
pub const PRODUCT: &str = "kistbot";

/// Fetches documents; cheap to clone, and all clones share their knowledge of
/// hosts.
#[derive(Clone)]
pub struct Fetcher {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    policy: Policy,
    follow_hosts: HostList,
    resolver: Arc<dyn Resolver>,
    public: Way,
    named: Way,
    hosts: Hosts,
    robots: robots::Cache,
    /// Where it is counted what is asked and comes, when somebody counts.
    activity: OnceLock<Arc<Activity>>,
}

/// A client, and where it may go.
struct Way {
    reach: Reach,
    pins: Arc<Pins>,
    client: Client,
}

/// Why no fetcher can be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SetupError {
    /// One of the hosts that are allowed is no host.
    #[error("`{0}` is no host, with or without a port")]
    Host(String),
    /// A file of certificates can't be used.
    #[error("the certificates in {} can't be used: {reason}", path.display())]
    Roots {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The HTTP client can't be made: there are no root certificates, or the
    /// address or contact in the options fit in no header.
    #[error("the HTTP client can't be made: {0}")]
    Client(String),
}

/// The time: that of the call, and what has passed since.
#[derive(Debug, Clone, Copy)]
struct Clock {
    now: Timestamp,
    started: Instant,
}

/// What a request has come through so far.
#[derive(Debug, Clone, Default)]
struct Trail {
    hops: Vec<Hop>,
    effort: Effort,
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Fetcher")
            .field("options", &self.inner.options)
            .finish_non_exhaustive()
    }
}

impl Fetcher {
    /// A fetcher that asks the system for the addresses of hosts; `seed`
    /// spreads the waits between tries.
    ///
    /// # Errors
    ///
    /// [`SetupError`].
    pub fn new(options: Options, seed: u64) -> Result<Self, SetupError> {
        Self::with(options, seed, Arc::new(SystemResolver), Vec::new())
    }

    /// A fetcher that asks `resolver` for the addresses of hosts, and knows
    /// already of these robots.txt.
    ///
    /// # Errors
    ///
    /// [`SetupError`].
    pub fn with(
        options: Options,
        seed: u64,
        resolver: Arc<dyn Resolver>,
        robots: Vec<RobotsCopy>,
    ) -> Result<Self, SetupError> {
        // Another part of the program may have chosen it before.
        drop(rustls::crypto::ring::default_provider().install_default());
        let authorities = send::extra_roots(&options)?;
        let inner = Inner {
            policy: Policy::new(&options.allowed_hosts, &options.allowed_ports)
                .map_err(SetupError::Host)?,
            follow_hosts: HostList::read(&options.follow_hosts).map_err(SetupError::Host)?,
            resolver,
            public: Way::new(&options, Reach::Public, &authorities)?,
            named: Way::new(&options, Reach::Any, &authorities)?,
            hosts: Hosts::new(&options, seed),
            robots: robots::Cache::of(robots),
            activity: OnceLock::new(),
            options,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Counts what is asked and what comes in `activity` from now on, unless it
    /// is counted already.
    pub fn count_in(&self, activity: &Arc<Activity>) {
        // Whoever counts already goes on.
        let _ = self.inner.activity.set(Arc::clone(activity));
    }

    /// Fetches what `request` asks for; `now` is the time at the call.
    ///
    /// Takes as long as politeness wants: a turn at a busy host may be minutes
    /// away. To drop the future is to cancel it.
    pub async fn get(&self, request: &Request, now: Timestamp) -> Outcome {
        let clock = Clock { now, started: Instant::now() };
        let mut trail = Trail::default();
        let reply = self.inner.follow(request, clock, &mut trail).await;
        let Trail { hops, effort } = trail;
        match reply {
            Ok(Reply::Document(reply)) => Outcome::Fetched(Box::new(Fetched {
                document: reply.document,
                dump: reply.dump,
                status: reply.status,
                validators: reply.validators,
                is_same: reply.is_same,
                hops,
                fresh_for: reply.fresh_for,
                links: reply.links,
                server_date: reply.server_date,
                effort,
            })),
            Ok(Reply::NotModified { fresh_for, server_date }) => {
                Outcome::NotModified(NotModified { hops, fresh_for, server_date, effort })
            }
            // `follow` gives none back.
            Ok(Reply::Redirect { to, .. }) => {
                let error = FetchError::BadRedirect(redact::text(&to));
                Outcome::Failed(Failure { error, hops, effort })
            }
            Err(error) => Outcome::Failed(Failure { error, hops, effort }),
        }
    }

    /// What the robots.txt of the host of `url` says, sitemaps included.
    ///
    /// # Errors
    ///
    /// [`FetchError::RobotsUnreachable`] and those of its own fetching.
    pub async fn robots(&self, url: &Url, now: Timestamp) -> Result<Arc<Robots>, FetchError> {
        let clock = Clock { now, started: Instant::now() };
        self.inner.robots_of(url, clock, &mut Trail::default()).await
    }

    /// Whether `url` is one that may be asked by its scheme, port and, where
    /// it is one, its address; for settings, which are checked when they are
    /// saved by the same rules as when they are used.
    ///
    /// # Errors
    ///
    /// [`Forbidden`].
    pub fn check(&self, url: &Url) -> Result<(), Forbidden> {
        self.inner.policy.check(url).map(|_| ())
    }

    /// Hosts to which the listings of every source may lead.
    #[must_use]
    pub fn follow_hosts(&self) -> &HostList {
        &self.inner.follow_hosts
    }

    /// All robots.txt that are known, to be kept for the next start.
    #[must_use]
    pub fn robots_copies(&self) -> Vec<RobotsCopy> {
        self.inner.robots.copies()
    }

    /// The hosts that are left alone because they have asked for it, to be kept
    /// for the next start.
    #[must_use]
    pub fn asked_for_rest(&self) -> Vec<Resting> {
        self.inner.hosts.asked()
    }

    /// Leaves a host alone that had asked for it before this start: by its name
    /// in [`Resting`], for so long, for this reason.
    pub fn leave_alone(&self, host: &str, left: Duration, reason: String) {
        self.inner.hosts.leave_alone(host, left, reason);
    }

    /// The hosts that are left alone now.
    #[must_use]
    pub fn resting(&self) -> Vec<Resting> {
        self.inner.hosts.resting()
    }
}

impl Way {
    fn new(options: &Options, reach: Reach, roots: &[Certificate]) -> Result<Self, SetupError> {
        let pins = Arc::new(Pins::new(reach));
        let client = send::client(options, &pins, roots)
            .map_err(|error| SetupError::Client(chain(&error.without_url())))?;
        Ok(Self { reach, pins, client })
    }
}

/// An error with all its reasons.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

impl Clock {
    /// What the time is now.
    fn now(self) -> Timestamp {
        self.now.saturating_add(self.started.elapsed()).unwrap_or(self.now)
    }
}

impl Trail {
    /// Adds what another request took.
    fn add(&mut self, other: Effort) {
        let Effort { requests, wire_bytes } = other;
        self.effort.requests += requests;
        self.effort.wire_bytes += wire_bytes;
    }
}

/// How long an answer says to stay away, when it says so at all.
type Wait = Option<Duration>;
