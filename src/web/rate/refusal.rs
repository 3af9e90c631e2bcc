//! What a client is told that asks too much.

use std::time::Duration;

use http::HeaderName;

use crate::web::problem::Problem;
use crate::web::rate::allowance::Allowance;
use crate::web::rate::limit::Limit;

/// A limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused {
    limit: Limit,
    /// How long until there is something of it again.
    wait: Duration,
    /// How much there is of it after a rest.
    quota: u32,
    /// How long until that is there; `None` for what isn't given back with
    /// time.
    window: Option<Duration>,
}

impl Refused {
    /// Nothing is left of an allowance for `wait`.
    pub(super) fn of_allowance(limit: Limit, allowance: Allowance, wait: Duration) -> Self {
        Self { limit, wait, quota: allowance.most(), window: Some(allowance.window()) }
    }

    /// `quota` of what is limited are there at once; `wait` is a guess.
    pub(super) const fn at_once(limit: Limit, quota: u32, wait: Duration) -> Self {
        Self { limit, wait, quota, window: None }
    }

    /// Which limit it is.
    pub(super) const fn limit(self) -> Limit {
        self.limit
    }

    /// The problem, and the headers that say which limit it is, what is
    /// allowed, and when there is something of it again
    /// (draft-ietf-httpapi-ratelimit-headers).
    pub(super) fn problem(self) -> Problem {
        let Self { limit, wait, quota, window } = self;
        let wait = seconds(wait);
        let name = limit.name();
        let policy = match window {
            Some(window) => format!("\"{name}\";q={quota};w={}", seconds(window)),
            None => format!("\"{name}\";q={quota};qu=\"concurrent-requests\""),
        };
        Problem::rate_limited(limit.told(), wait)
            .with_header(POLICY, &policy)
            .with_header(RATE_LIMIT, &format!("\"{name}\";r=0;t={wait}"))
    }
}

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Whole seconds, and one at least.
fn seconds(time: Duration) -> u64 {
    (time.as_secs() + u64::from(time.subsec_nanos() > 0)).max(1)
}
