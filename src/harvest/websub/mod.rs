//! Subscriptions to the hubs that sources offer (WebSub, W3C Recommendation
//! of 23 January 2018), so that a change is fetched when it happens.
//!
//! Here hubs are asked: to deliver, again before a lease ends, and to stop.
//! What hubs say to us is taken elsewhere ([`crate::register::Register`]:
//! `confirm_subscription`, `take_delivery`). A delivery only makes the source
//! be fetched, and the source goes on being fetched by its rhythm, so nothing
//! depends on a hub; one that never tells of changes is left alone.

mod ask;
mod options;
mod plan;
mod publish;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use thiserror::Error;
use url::Url;

use crate::harvest::Harvester;
use crate::harvest::settings::{Harvesting, Settings};
use crate::journal::{Durability, JournalError, Note};
use crate::register::ReadError;
use crate::register::ledger::{LedgerError, Row as _, SourceState, Subscription, Table};

pub use options::Options;
pub use plan::{Step, Wanted, plan, topic};
pub use publish::publish;

/// How many hubs of one source are subscribed to.
const MOST_HUBS: usize = 5;

/// Why subscriptions can't be kept up; what is wrong with a hub is told of its
/// subscription.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WebSubError {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The register can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Our own hub did not take what it was told.
    #[error("the hub {hub} did not take it: {reason}")]
    Hub {
        /// Its address.
        hub: String,
        /// What happened.
        reason: String,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandom,
}

impl From<JournalError> for WebSubError {
    fn from(error: JournalError) -> Self {
        Self::Ledger(error.into())
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Maintained {
    /// Hubs that were asked to deliver, for the first time or once more.
    pub subscribed: u64,
    /// Hubs that were asked to stop.
    pub unsubscribed: u64,
    /// Hubs that did not take what was asked.
    pub refused: u64,
    /// Hubs that were found never to deliver.
    pub demoted: u64,
}

/// Keeps all subscriptions up: asks hubs of sources that have none yet, renews
/// what ends soon, ends what is no longer wanted and demotes hubs that don't
/// deliver. Meant to be called every few minutes, one at a time; to drop the
/// future is to cancel it.
///
/// # Errors
///
/// [`WebSubError`] when the register or the ledger can't be read or written.
pub async fn maintain(harvester: &Harvester) -> Result<Maintained, WebSubError> {
    let Some(callback) = callback(harvester) else { return Ok(Maintained::default()) };
    let (mut done, to_ask) = prepare(harvester)?;
    for (token, subscription) in to_ask {
        let asked = ask::ask(harvester, &callback, &token, &subscription).await;
        if let Err(reason) = asked {
            done.refused += 1;
            tracing::info!(source = subscription.source, reason, "a hub did not take a request");
            ask::refused(harvester, &token, reason)?;
        }
    }
    Ok(done)
}

/// Subscriptions by their tokens.
type Rows = Vec<(String, Subscription)>;

/// Keeps all subscriptions as they are from now on, and gives those whose hubs
/// are to be asked: a hub may ask back before its request is answered.
fn prepare(harvester: &Harvester) -> Result<(Maintained, Rows), WebSubError> {
    let now = harvester.now();
    let ledger = harvester.register().ledger();
    let wanted = wanted(harvester)?;
    let _held = harvester.register().hold_subscriptions();
    let mut rows = Rows::new();
    ledger.each::<Subscription>("", |token, subscription| rows.push((token, subscription)))?;
    let mut steps = Vec::new();
    let mut served = HashSet::new();
    for (token, subscription) in rows {
        let its = wanted.iter().find(|(source, its)| {
            let Wanted { hub, topic, .. } = its;
            (source, hub, topic) == (&subscription.source, &subscription.hub, &subscription.topic)
        });
        let is_first = served.insert((subscription.source.clone(), subscription.hub.clone()));
        let its = its.map(|(_, its)| its).filter(|_| is_first);
        let (subscription, step) = plan(subscription, its, now);
        steps.push((token, subscription, step));
    }
    for (source, wanted) in &wanted {
        if !served.insert((source.clone(), wanted.hub.clone())) {
            continue;
        }
        let (token, secret) = (random()?, random()?);
        let subscription = plan::begin(source, wanted, secret, now);
        steps.push((token, subscription, Step::Subscribe));
    }
    let (mut done, mut to_ask) = (Maintained::default(), Rows::new());
    let mut notes: Vec<Note> = Vec::new();
    for (token, subscription, step) in steps {
        match step {
            Step::Nothing => continue,
            Step::Forget => {
                notes.push(Table::Subscription.forget(&token));
                continue;
            }
            Step::Demote => done.demoted += 1,
            Step::Subscribe => done.subscribed += 1,
            Step::Unsubscribe => done.unsubscribed += 1,
            Step::Keep => {}
        }
        notes.push(subscription.put(&*token));
        if let Step::Subscribe | Step::Unsubscribe = step {
            to_ask.push((token, subscription));
        }
    }
    if !notes.is_empty() {
        ledger.write(&notes, Durability::Durable)?;
    }
    Ok((done, to_ask))
}

/// The address before the tokens of subscriptions; `None` when hubs can't
/// reach it, or must not.
fn callback(harvester: &Harvester) -> Option<String> {
    if !harvester.options().websub.enabled {
        return None;
    }
    let base = harvester.register().base().as_str().trim_end_matches('/').to_owned();
    is_public(&base).then(|| format!("{base}/websub"))
}

/// Whether others may reach what is at `base`.
fn is_public(base: &str) -> bool {
    let Ok(url) = Url::parse(base) else { return false };
    match url.host() {
        Some(url::Host::Domain(name)) => name != "localhost" && !name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => !address.is_loopback(),
        Some(url::Host::Ipv6(address)) => !address.is_loopback(),
        None => false,
    }
}

/// By source, to which hubs and topics there should be subscriptions: to every
/// hub that it offers, so that one that is down costs nothing.
fn wanted(harvester: &Harvester) -> Result<Vec<(String, Wanted)>, WebSubError> {
    let register = harvester.register();
    let mut sources = Vec::new();
    register.each_record("source", &mut |_, record| {
        if let Ok(settings) = Settings::read(record)
            && settings.harvesting == Harvesting::Active
        {
            sources.push((settings.id, settings.url));
        }
    })?;
    let mut wanted = Vec::new();
    for (source, url) in sources {
        let state: SourceState = register.ledger().get(&source)?.unwrap_or_default();
        let Some(topic) = topic(&url, state.own.as_deref()) else { continue };
        let mut offered = HashSet::new();
        let hubs = state.hubs.iter().filter(|hub| is_hub(hub) && offered.insert(*hub));
        for hub in hubs.take(MOST_HUBS) {
            let its = Wanted { hub: hub.clone(), topic: topic.clone(), changed: state.last_change };
            wanted.push((source.clone(), its));
        }
    }
    Ok(wanted)
}

fn is_hub(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// A text that nobody can guess: 256 bits of the system's, in letters that
/// stand in addresses.
fn random() -> Result<String, WebSubError> {
    use base64::Engine as _;
    let mut bytes = [0; 32];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| WebSubError::NoRandom)?;
    Ok(base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes))
}
