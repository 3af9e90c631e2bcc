//! How fast hosts are asked, and when they are left alone.
//!
//! A request waits for its turn in this order: its host (by its registrable
//! domain), its network address, and the whole of the harvester. So those who
//! wait for a slow host take nothing from the others.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::error::FetchError;
use super::options::{Options, Pace};
use super::policy;

/// A host's room in parts; so many that up to ten requests divide it evenly.
const PARTS: u32 = 2_520;
/// Hosts that are remembered without a look at which can be forgotten.
const MAX_HOSTS: usize = 20_000;
/// How long a host is remembered that nobody asks.
const FORGOTTEN_AFTER: Duration = Duration::from_mins(10);
/// The longest wait before another try.
const MAX_BACK_OFF: Duration = Duration::from_mins(1);
/// The longest that a host which fails is left alone.
const MAX_BREAK: Duration = Duration::from_hours(1);

/// All hosts, and how they are asked.
#[derive(Debug)]
pub(super) struct Hosts {
    address_pace: Pace,
    patience: Duration,
    back_off: Duration,
    breaker: (u32, Duration),
    known: Mutex<Known>,
    all: Arc<Semaphore>,
    random: Mutex<fastrand::Rng>,
}

#[derive(Debug)]
struct Known {
    hosts: HashMap<String, Arc<Host>>,
    /// How many there are when those without anything to remember are
    /// forgotten.
    full: usize,
}

#[derive(Debug)]
struct Host {
    room: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// When the next request may start.
    next: Instant,
    /// Until when it is left alone as a whole, and why: it has asked for it.
    rest: Option<Rest>,
    /// The ports that have failed: what nobody answers at one says nothing of
    /// the others.
    failing: BTreeMap<u16, Failing>,
    used: Instant,
}

/// Until when something is left alone, and why.
type Rest = (Instant, String);

/// A port of a host that has failed.
#[derive(Debug, Default)]
struct Failing {
    /// How often, one time after the other.
    failures: u32,
    rest: Option<Rest>,
}

/// The right to send one request, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _host: OwnedSemaphorePermit,
    _address: Option<OwnedSemaphorePermit>,
    _all: OwnedSemaphorePermit,
}

/// A host that is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resting {
    /// The host, by its registrable domain; with its port when only that is
    /// left alone.
    pub host: String,
    /// For how long still.
    pub left: Duration,
    /// What it answered last.
    pub reason: String,
}

impl Hosts {
    pub(super) fn new(options: &Options, seed: u64) -> Self {
        Self {
            address_pace: options.address_pace,
            patience: options.patience,
            back_off: options.back_off,
            breaker: (options.breaker_failures.max(1), options.breaker_rest),
            known: Mutex::new(Known { hosts: HashMap::new(), full: MAX_HOSTS }),
            all: Arc::new(Semaphore::new(options.max_in_flight.clamp(1, Semaphore::MAX_PERMITS))),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
        }
    }

    /// Waits until `url`, whose host has these `addresses`, may be asked.
    ///
    /// # Errors
    ///
    /// [`FetchError::Resting`] when that is beyond all patience.
    pub(super) async fn enter(
        &self,
        url: &Url,
        addresses: &[IpAddr],
        pace: Pace,
    ) -> Result<Turn, FetchError> {
        let (name, port) = (domain(url), port(url));
        loop {
            let host = self.host(&name);
            self.wait_for_rest(&name, &host, port).await?;
            let its = host.enter(pace).await;
            // What happened in the meantime counts.
            if host.resting(port).is_some() {
                continue;
            }
            let address = match addresses.iter().min() {
                Some(address) => {
                    let address = self.host(&network(*address));
                    Some(address.enter(self.address_pace).await)
                }
                None => None,
            };
            let all = Arc::clone(&self.all).acquire_owned().await;
            let all = all.expect("nobody closes the semaphore");
            if host.resting(port).is_some() {
                continue;
            }
            return Ok(Turn { _host: its, _address: address, _all: all });
        }
    }

    async fn wait_for_rest(&self, name: &str, host: &Host, port: u16) -> Result<(), FetchError> {
        let Some((until, reason)) = host.resting(port) else { return Ok(()) };
        let retry_after = until.saturating_duration_since(Instant::now());
        if retry_after > self.patience {
            return Err(FetchError::Resting { host: name.to_owned(), retry_after, reason });
        }
        sleep_until(until).await;
        Ok(())
    }

    /// Leaves the host of `url` alone for a while, or longer if it already is.
    pub(super) fn rest(&self, url: &Url, wait: Duration, reason: String) {
        let host = self.host(&domain(url));
        let until = Instant::now() + wait;
        let mut state = host.lock();
        if state.rest.as_ref().is_none_or(|(other, _)| *other < until) {
            state.rest = Some((until, reason));
        }
    }

    /// Remembers that the host of `url` answered at its port.
    pub(super) fn answered(&self, url: &Url) {
        self.host(&domain(url)).lock().failing.remove(&port(url));
    }

    /// Remembers that the host of `url` failed at its port; after some
    /// failures, one after the other, that port is left alone.
    pub(super) fn failed(&self, url: &Url, error: &FetchError) {
        let host = self.host(&domain(url));
        let mut state = host.lock();
        let failing = state.failing.entry(port(url)).or_default();
        failing.failures = failing.failures.saturating_add(1);
        let (most, rest) = self.breaker;
        if let Some(beyond) = failing.failures.checked_sub(most) {
            let rest = rest.saturating_mul(1 << beyond.min(16)).min(MAX_BREAK);
            let until = Instant::now() + rest;
            if failing.rest.as_ref().is_none_or(|(other, _)| *other < until) {
                let failures = failing.failures;
                failing.rest = Some((until, format!("{failures} failures, the last: {error}")));
            }
        }
    }

    /// How long to wait before another try, after `tries`: by chance, between
    /// nothing and twice as much each time.
    pub(super) fn back_off(&self, tries: u32) -> Duration {
        let most = 1_u32 << tries.saturating_sub(1).min(16);
        let most = self.back_off.saturating_mul(most).min(MAX_BACK_OFF);
        let chance = self.random.lock().unwrap_or_else(PoisonError::into_inner).f64();
        most.mul_f64(chance)
    }

    /// Leaves the host of this name alone for a while, as one that has asked for
    /// it before.
    pub(super) fn leave_alone(&self, name: &str, wait: Duration, reason: String) {
        let host = self.host(name);
        host.lock().rest = Some((Instant::now() + wait, reason));
    }

    /// The hosts that are left alone as a whole, since they have asked for it.
    pub(super) fn asked(&self) -> Vec<Resting> {
        let now = Instant::now();
        let asked = |(name, host): (&String, &Arc<Host>)| {
            let (until, reason) = host.lock().rest.clone().filter(|(until, _)| *until > now)?;
            Some(Resting { host: name.clone(), left: until - now, reason })
        };
        self.lock().hosts.iter().filter_map(asked).collect()
    }

    /// The hosts and ports that are left alone now.
    pub(super) fn resting(&self) -> Vec<Resting> {
        let now = Instant::now();
        let known = self.lock();
        let mut resting: Vec<Resting> = Vec::new();
        for (name, host) in &known.hosts {
            let state = host.lock();
            let ports = state.failing.iter().filter_map(|(port, failing)| {
                Some((format!("{name}:{port}"), failing.rest.clone()?))
            });
            let whole = state.rest.clone().map(|rest| (name.clone(), rest));
            for (host, (until, reason)) in whole.into_iter().chain(ports) {
                if until > now {
                    resting.push(Resting { host, left: until - now, reason });
                }
            }
        }
        resting.sort_unstable_by(|one, other| one.host.cmp(&other.host));
        resting
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let now = Instant::now();
        let mut known = self.lock();
        if let Some(host) = known.hosts.get(name) {
            host.lock().used = now;
            return Arc::clone(host);
        }
        if known.hosts.len() >= known.full {
            known.hosts.retain(|_, host| {
                Arc::strong_count(host) > 1
                    || host.is_resting()
                    || now.duration_since(host.lock().used) < FORGOTTEN_AFTER
            });
            // So that it isn't looked for anew with each host.
            known.full = MAX_HOSTS.max(known.hosts.len() * 2);
        }
        let host = Arc::new(Host {
            room: Arc::new(Semaphore::new(PARTS as usize)),
            state: Mutex::new(State { next: now, rest: None, failing: BTreeMap::new(), used: now }),
        });
        known.hosts.insert(name.to_owned(), Arc::clone(&host));
        host
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host {
    /// Waits for room, first come, first served, and for the delay.
    async fn enter(&self, pace: Pace) -> OwnedSemaphorePermit {
        let parts = PARTS.div_ceil(pace.in_flight.clamp(1, PARTS));
        let permit = Arc::clone(&self.room).acquire_many_owned(parts).await;
        let permit = permit.expect("nobody closes the semaphore");
        if !pace.delay.is_zero() {
            let start = {
                let mut state = self.lock();
                let start = state.next.max(Instant::now());
                state.next = start + pace.delay;
                start
            };
            sleep_until(start).await;
        }
        permit
    }

    /// Until when the host is left alone at this port, and why.
    fn resting(&self, port: u16) -> Option<Rest> {
        let state = self.lock();
        let failing = state.failing.get(&port).and_then(|failing| failing.rest.as_ref());
        let longest = state.rest.iter().chain(failing).max_by_key(|(until, _)| *until);
        longest.filter(|(until, _)| *until > Instant::now()).cloned()
    }

    /// Whether it, or one of its ports, is left alone.
    fn is_resting(&self) -> bool {
        let (now, state) = (Instant::now(), self.lock());
        let failing = state.failing.values().filter_map(|failing| failing.rest.as_ref());
        state.rest.iter().chain(failing).any(|(until, _)| *until > now)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The registrable domain of `url`: `example.co.uk` of `feeds.example.co.uk`;
/// the address when it has no name.
fn domain(url: &Url) -> String {
    let host = policy::host_name(url).unwrap_or_default();
    match url.domain() {
        Some(_) => psl::domain_str(&host).map_or_else(|| host.clone(), str::to_owned),
        None => host,
    }
}

/// The port of `url`; 0, which nothing has, for a scheme that is not asked.
fn port(url: &Url) -> u16 {
    url.port_or_known_default().unwrap_or_default()
}

/// What the network address of a host is remembered by; one customer of IPv6
/// has 64 bits.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("ip {address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("ip {a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
