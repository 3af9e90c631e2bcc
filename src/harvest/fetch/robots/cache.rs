//! What is known of the robots.txt of each host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use super::Robots;

/// How long a file is believed, by contract.
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// How long a host that could not be reached is not asked for its file again.
const UNREACHABLE: SignedDuration = SignedDuration::from_hours(1);
/// How long an old file stands in for one that can't be reached, by contract.
const STALE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How far in the future a file may have come.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(1);
/// Hosts that are remembered at the most; beyond it, the oldest are forgotten.
const MAX_HOSTS: usize = 20_000;

/// What became of asking for a robots.txt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Its text; empty when there is none, which allows everything.
    File(String),
    /// The host could not be reached, or could not answer, for this reason.
    Unreachable(String),
}

/// What is known of the robots.txt of one scheme, host and port; can be kept
/// and given back after a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// Scheme, host and port.
    pub origin: String,
    /// When it was last asked for.
    pub asked_at: Timestamp,
    /// Its text, empty when there was none, and when it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<(Timestamp, String)>,
    /// Why it could not be had the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
}

/// What a copy says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    /// These rules.
    Rules(Arc<Robots>),
    /// Nothing may be fetched, for this reason.
    Nothing(String),
}

/// The copies of all hosts.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

#[derive(Debug, Default)]
struct Host {
    /// Held while the file is fetched, so that it is fetched once.
    fetching: tokio::sync::Mutex<()>,
    kept: Mutex<Option<(Copy, Option<Arc<Robots>>)>>,
}

impl Cache {
    pub(crate) fn of(copies: Vec<Copy>) -> Self {
        let hosts = copies.into_iter().map(|copy| {
            let rules = copy.file.as_ref().map(|(_, text)| rules(text));
            (copy.origin.clone(), Arc::new(Host::with(copy, rules)))
        });
        Self { hosts: Mutex::new(hosts.collect()) }
    }

    /// All that is known, to be kept.
    pub(crate) fn copies(&self) -> Vec<Copy> {
        let hosts: Vec<Arc<Host>> = lock(&self.hosts).values().cloned().collect();
        hosts.iter().filter_map(|host| lock(&host.kept).clone().map(|(copy, _)| copy)).collect()
    }

    /// What the file of `origin` says; `fetch` asks for it when it is not
    /// known, or no longer.
    ///
    /// # Errors
    ///
    /// That of `fetch`, when it could not even ask; then nothing is kept.
    pub(crate) async fn get<E>(
        &self,
        origin: &str,
        now: Timestamp,
        fetch: impl Future<Output = Result<Answer, E>>,
    ) -> Result<Known, E> {
        let host = self.host(origin);
        if let Some(known) = host.known(now) {
            return Ok(known);
        }
        let _guard = host.fetching.lock().await;
        // Somebody else may have fetched it in the meantime.
        if let Some(known) = host.known(now) {
            return Ok(known);
        }
        let answer = fetch.await?;
        Ok(host.keep(origin, answer, now))
    }

    fn host(&self, origin: &str) -> Arc<Host> {
        let mut hosts = lock(&self.hosts);
        if let Some(host) = hosts.get(origin) {
            return Arc::clone(host);
        }
        if hosts.len() >= MAX_HOSTS {
            forget_oldest(&mut hosts);
        }
        Arc::clone(hosts.entry(origin.to_owned()).or_default())
    }
}

/// Leaves out the older half.
fn forget_oldest(hosts: &mut HashMap<String, Arc<Host>>) {
    let asked_at = |host: &Host| lock(&host.kept).as_ref().map(|(copy, _)| copy.asked_at);
    let mut times: Vec<_> = hosts.values().map(|host| asked_at(host)).collect();
    times.sort_unstable();
    let median = times[times.len() / 2];
    hosts.retain(|_, host| asked_at(host) > median || Arc::strong_count(host) > 1);
}

impl Host {
    fn with(copy: Copy, rules: Option<Arc<Robots>>) -> Self {
        Self { fetching: tokio::sync::Mutex::default(), kept: Mutex::new(Some((copy, rules))) }
    }

    /// What is known, unless it has to be asked for again.
    fn known(&self, now: Timestamp) -> Option<Known> {
        let kept = lock(&self.kept);
        let (copy, rules) = kept.as_ref()?;
        let for_how_long = if copy.unreachable.is_some() { UNREACHABLE } else { FRESH };
        let age = now.duration_since(copy.asked_at);
        // Those who ask at once have not quite the same time; but a clock that
        // was turned back makes it unknown too.
        (age > -TOLERANCE && age < for_how_long).then(|| says(copy, rules.as_ref(), now))
    }

    fn keep(&self, origin: &str, answer: Answer, now: Timestamp) -> Known {
        let mut kept = lock(&self.kept);
        let (file, unreachable, parsed) = match answer {
            Answer::File(text) => {
                let parsed = Some(rules(&text));
                (Some((now, text)), None, parsed)
            }
            Answer::Unreachable(reason) => {
                let (old, parsed) =
                    kept.take().map_or((None, None), |(copy, rules)| (copy.file, rules));
                (old, Some(reason), parsed)
            }
        };
        let copy = Copy { origin: origin.to_owned(), asked_at: now, file, unreachable };
        let known = says(&copy, parsed.as_ref(), now);
        *kept = Some((copy, parsed));
        known
    }
}

fn says(copy: &Copy, rules: Option<&Arc<Robots>>, now: Timestamp) -> Known {
    let reason = copy.unreachable.as_deref();
    match (&copy.file, rules) {
        (Some((came_at, _)), Some(rules))
            if reason.is_none() || now.duration_since(*came_at) < STALE =>
        {
            Known::Rules(Arc::clone(rules))
        }
        _ => Known::Nothing(reason.unwrap_or("it was never read").to_owned()),
    }
}

fn rules(text: &str) -> Arc<Robots> {
    Arc::new(Robots::parse(text, crate::harvest::fetch::PRODUCT))
}

/// Scheme, host and port of `url`, by which files are kept.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // What is behind is whole at every moment, even if somebody panicked.
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
