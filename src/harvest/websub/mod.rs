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
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use thiserror::Error;
use url::Url;

use crate::harvest::Harvester;
use crate::harvest::settings::{Harvesting, Settings};
use crate::journal::{Durability, JournalError, Note};
use crate::register::ReadError;
use crate::register::ledger::{LedgerError, Row as _, SourceState, Subscription, Table};

pub use options::Options;
pub use plan::{Step, Wanted, plan, topic};

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
    let mut rows = Rows::new();
    ledger.each::<Subscription>("", |token, subscription| rows.push((token, subscription)))?;
    let mut steps = Vec::new();
    let mut served = HashSet::new();
    for (token, subscription) in rows {
        let its = wanted.get(&subscription.source);
        let is_first = served.insert(subscription.source.clone());
        let (subscription, step) = plan(subscription, its.filter(|_| is_first), now);
        steps.push((token, subscription, step));
    }
    for (source, wanted) in wanted.iter().filter(|(source, _)| !served.contains(*source)) {
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
    let host = Url::parse(&base).ok()?;
    let is_public = match host.host()? {
        url::Host::Domain(name) => name != "localhost" && !name.ends_with(".localhost"),
        url::Host::Ipv4(address) => !address.is_loopback(),
        url::Host::Ipv6(address) => !address.is_loopback(),
    };
    is_public.then(|| format!("{base}/websub"))
}

/// By source, to which hub and topic there should be a subscription.
fn wanted(harvester: &Harvester) -> Result<HashMap<String, Wanted>, WebSubError> {
    let register = harvester.register();
    let mut sources = Vec::new();
    register.each_record("source", &mut |_, record| {
        if let Ok(settings) = Settings::read(record)
            && settings.harvesting == Harvesting::Active
        {
            sources.push((settings.id, settings.url));
        }
    })?;
    let mut wanted = HashMap::new();
    for (source, url) in sources {
        let state: SourceState = register.ledger().get(&source)?.unwrap_or_default();
        let Some(hub) = state.hubs.iter().find(|hub| is_hub(hub)) else { continue };
        if let Some(topic) = topic(&url, state.own.as_deref()) {
            let (hub, changed) = (hub.clone(), state.last_change);
            wanted.insert(source, Wanted { hub, topic, changed });
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
