//! What clients may ask, as the operator sets it.

use std::time::Duration;

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::Deserialize;
use serde::Serialize;

use crate::web::rate::proxy::Proxy;

/// What clients may ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Tokens that are refused, in a minute, by address; 0 is without limit.
    /// Default 30.
    pub refused_tokens_per_minute: u32,
    /// How many requests of an address are refused in a minute before it is
    /// blocked; 0 blocks nobody. Default 1,000.
    pub block_after_refusals: u32,
    /// How long a blocked address stays so. Default 24 h.
    #[serde(with = "duration")]
    pub block_for: Duration,
    /// Proxies whose `X-Forwarded-For` is believed, by address or network.
    /// Default none.
    pub trusted_proxies: Vec<Proxy>,
    /// What one address may ask, of IPv6 one network of 64 bits.
    pub address: Share,
    /// What the bearer of one token may ask, from wherever.
    pub token: Share,
}

/// What one client may ask; each number may be 0, which is without limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Requests in a second, on the long run. Default 20, with a token 100.
    pub requests_per_second: u32,
    /// Requests at once after a rest. Default 100, with a token 2,000.
    pub request_burst: u32,
    /// `POST`, `PUT`, `PATCH` and `DELETE` in a minute, on the long run; a
    /// query in SPARQL is none of them. Default 10, with a token 600.
    pub writes_per_minute: u32,
    /// Writes at once after a rest. Default 10, with a token 3,000.
    pub write_burst: u32,
    /// Seconds of queries in a minute, on the long run. Default 60, with a
    /// token 240.
    pub sparql_seconds_per_minute: u32,
    /// Seconds of queries after a rest. Default 120, with a token 480.
    pub sparql_burst_seconds: u32,
    /// Queries at once. Default 5, with a token 10.
    pub sparql_at_once: u32,
    /// Queries in a minute that fail. Default 30, with a token 120.
    pub sparql_failures_per_minute: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            refused_tokens_per_minute: 30,
            block_after_refusals: 1_000,
            block_for: Duration::from_hours(24),
            trusted_proxies: Vec::new(),
            address: Share::of_address(),
            token: Share::of_token(),
        }
    }
}

impl Share {
    /// Enough for a page with its parts, and for a program that is polite.
    const fn of_address() -> Self {
        Self {
            requests_per_second: 20,
            request_burst: 100,
            writes_per_minute: 10,
            write_burst: 10,
            sparql_seconds_per_minute: 60,
            sparql_burst_seconds: 120,
            sparql_at_once: 5,
            sparql_failures_per_minute: 30,
        }
    }

    /// A partner's whole list of 3,000 records goes in at once, and 5,000 take
    /// under four minutes; after that, ten writes in a second are some 5 % of
    /// what the one writer can do, so that nobody keeps the others waiting.
    const fn of_token() -> Self {
        Self {
            requests_per_second: 100,
            request_burst: 2_000,
            writes_per_minute: 600,
            write_burst: 3_000,
            sparql_seconds_per_minute: 240,
            sparql_burst_seconds: 480,
            sparql_at_once: 10,
            sparql_failures_per_minute: 120,
        }
    }
}
