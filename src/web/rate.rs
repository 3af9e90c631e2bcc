//! Fair shares: how much one client may ask without a token.
//!
//! A client is an IPv4 address or an IPv6 network of 64 bits. Each has three
//! allowances, which fill up again with time: requests, tokens that were
//! refused, and seconds of SPARQL. Whoever has a good token is not counted,
//! and neither is this machine itself: behind a proxy on it everybody would be
//! one client, unless the proxy is trusted to say who asks. What is asked at
//! once by all together is limited in [`admission`](super::admission).

use std::collections::HashMap;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use axum::extract::ConnectInfo;
use axum::extract::Request;
use axum::extract::State;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::StatusCode;
use http::header;
use serde::Deserialize;
use serde::Serialize;

use crate::web::problem::Problem;
use crate::web::serve;

/// How many clients are remembered at most; of more, those who have been
/// silent longest are forgotten, and have all of their allowances again.
const MOST_CLIENTS: usize = 100_000;

/// What one client may ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Requests in a second, on the long run; 0 is without limit. Default 20.
    pub requests_per_second: u32,
    /// Requests at once after a rest. Default 100.
    pub request_burst: u32,
    /// Tokens that are refused, in a minute; 0 is without limit. Default 30.
    pub refusals_per_minute: u32,
    /// Seconds of queries in a minute, on the long run; 0 is without limit.
    /// Default 60.
    pub sparql_seconds_per_minute: u32,
    /// Seconds of queries after a rest. Default 120.
    pub sparql_burst_seconds: u32,
    /// Proxies whose `X-Forwarded-For` is believed. Default none.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            requests_per_second: 20,
            request_burst: 100,
            refusals_per_minute: 30,
            sparql_seconds_per_minute: 60,
            sparql_burst_seconds: 120,
            trusted_proxies: Vec::new(),
        }
    }
}

/// One of the things that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Request,
    Refusal,
    Sparql,
}

/// An allowance: each unit is given back after `each`, `most` in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Allowance {
    each: Duration,
    most: Duration,
}

/// Nothing is left of an allowance for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Refused {
    wait: Duration,
    allowance: Allowance,
}

/// The allowances of all clients.
#[derive(Debug)]
pub struct Rates {
    allowances: [Option<Allowance>; 3],
    trusted_proxies: Vec<IpAddr>,
    began: Instant,
    clients: Mutex<Clients>,
}

/// When each allowance of a client is whole again, since the beginning.
type Spent = [Duration; 3];

/// Those who asked lately, and those who asked before them.
#[derive(Debug, Default)]
struct Clients {
    young: HashMap<IpAddr, Spent>,
    old: HashMap<IpAddr, Spent>,
}

impl Clients {
    fn spent(&mut self, client: IpAddr) -> &mut Spent {
        if self.young.len() >= MOST_CLIENTS / 2 && !self.young.contains_key(&client) {
            self.old = std::mem::take(&mut self.young);
        }
        let before = self.old.get(&client).copied().unwrap_or_default();
        self.young.entry(client).or_insert(before)
    }
}

impl Rates {
    /// Nobody has asked anything yet.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let minute = Duration::from_mins(1);
        let allowance = |every: Duration, number: u32, most: u32| {
            (number > 0).then(|| {
                let each = every / number;
                Allowance { each, most: each * most.max(1) }
            })
        };
        Self {
            allowances: [
                allowance(
                    Duration::from_secs(1),
                    options.requests_per_second,
                    options.request_burst,
                ),
                allowance(minute, options.refusals_per_minute, options.refusals_per_minute),
                allowance(minute, options.sparql_seconds_per_minute, options.sparql_burst_seconds),
            ],
            trusted_proxies: options.trusted_proxies.clone(),
            began: Instant::now(),
            clients: Mutex::default(),
        }
    }

    /// Whether a client has something left of an allowance.
    fn check(&self, client: IpAddr, sort: Sort, now: Instant) -> Result<(), Refused> {
        let Some(allowance) = self.allowances[sort as usize] else { return Ok(()) };
        let now = now.saturating_duration_since(self.began);
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let debt = clients.spent(client)[sort as usize].saturating_sub(now);
        match (debt + allowance.each).checked_sub(allowance.most) {
            Some(wait) if !wait.is_zero() => Err(Refused { wait, allowance }),
            _ => Ok(()),
        }
    }

    /// Takes `units` of an allowance, also those that are not there.
    fn take(&self, client: IpAddr, sort: Sort, units: f64, now: Instant) {
        let Some(allowance) = self.allowances[sort as usize] else { return };
        let now = now.saturating_duration_since(self.began);
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let spent = &mut clients.spent(client)[sort as usize];
        *spent = (*spent).max(now) + allowance.each.mul_f64(units.clamp(0.0, 1e6));
    }

    /// Who asks; `None` when nobody who is counted.
    fn client(&self, request: &Request) -> Option<IpAddr> {
        let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
        let peer = peer.ip().to_canonical();
        let is_trusted = |address: &IpAddr| self.trusted_proxies.contains(address);
        let client = if is_trusted(&peer) {
            forwarded(request.headers()).into_iter().rev().find(|address| !is_trusted(address))?
        } else {
            peer
        };
        (!client.is_loopback()).then(|| serve::network(client))
    }
}

/// The addresses of `X-Forwarded-For`, the nearest last, as far back as they
/// can be read.
fn forwarded(headers: &HeaderMap) -> Vec<IpAddr> {
    let values = headers.get_all("x-forwarded-for").iter();
    let texts: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    let texts = texts.join(",");
    let mut read: Vec<IpAddr> = texts
        .rsplit(',')
        .map_while(|text| text.trim().parse::<IpAddr>().ok())
        .map(|address| address.to_canonical())
        .collect();
    read.reverse();
    read
}

/// Lets a request through when its client has a share left.
pub async fn pass(State(rates): State<Arc<Rates>>, request: Request, next: Next) -> Response {
    let Some(client) = rates.client(&request) else { return next.run(request).await };
    let now = Instant::now();
    // Whether a token is good is known when it has been looked at.
    let has_token = request.headers().contains_key(header::AUTHORIZATION);
    let sort = if has_token { Sort::Refusal } else { Sort::Request };
    if let Err(refused) = rates.check(client, sort, now) {
        return refuse(refused);
    }
    if !has_token {
        rates.take(client, sort, 1.0, now);
    }
    let response = next.run(request).await;
    if has_token && response.status() == StatusCode::UNAUTHORIZED {
        rates.take(client, Sort::Refusal, 1.0, now);
    }
    response
}

/// The same for queries in SPARQL, which are counted by their time.
pub async fn pass_sparql(
    State(rates): State<Arc<Rates>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(client) = rates.client(&request) else { return next.run(request).await };
    let began = Instant::now();
    if let Err(refused) = rates.check(client, Sort::Sparql, began) {
        return refuse(refused);
    }
    let response = next.run(request).await;
    let ended = Instant::now();
    rates.take(client, Sort::Sparql, (ended - began).as_secs_f64(), ended);
    response
}

/// 429, with what is allowed and when there is something of it again
/// (draft-ietf-httpapi-ratelimit-headers).
fn refuse(Refused { wait, allowance }: Refused) -> Response {
    let seconds = |time: Duration| time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let wait = seconds(wait).max(1);
    let most = (allowance.most.as_nanos() / allowance.each.as_nanos().max(1)).max(1);
    let mut response = Problem::rate_limited(wait).into_response();
    let window = seconds(allowance.most).max(1);
    for (name, value) in [
        ("ratelimit-policy", format!("\"client\";q={most};w={window}")),
        ("ratelimit", format!("\"client\";r=0;t={wait}")),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

#[cfg(test)]
#[path = "rate_tests.rs"]
mod tests;
