//! What hubs say to us: that they confirm a subscription, and that a source
//! has changed. Neither is believed further than that: a confirmation counts
//! only for what was asked, and a delivery only makes the source be fetched.

use std::sync::{MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::Register;
use super::hub_signature::is_signed;
use super::ledger::{
    LedgerError, Pending, Request, RequestKind, Row as _, Subscription, SubscriptionState,
};
use crate::journal::{Durability, Note};

/// The longest that a hub may deliver without being asked again.
pub const LONGEST_LEASE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The shortest time after which a hub is asked again, whatever lease it
/// gives.
const SHORTEST: SignedDuration = SignedDuration::from_hours(1);

/// After how much of a lease it is renewed.
const RENEWED_AT: f64 = 0.8;

/// After how long a hub that denied is asked again.
const AFTER_DENIAL: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Characters of a hub's reason that are kept.
const REASON: usize = 300;

/// What a hub asks whether we meant it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation<'a> {
    /// `subscribe`, `unsubscribe` or `denied`.
    pub mode: &'a str,
    /// What the subscription is to.
    pub topic: &'a str,
    /// How long the hub will deliver, in seconds.
    pub lease_seconds: Option<u64>,
    /// Why it denies.
    pub reason: Option<&'a str>,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The source is fetched.
    Taken,
    /// Whoever sent it does not know the secret, or means something else.
    Ignored,
    /// The subscription is over.
    Ended,
    /// There never was one.
    Unknown,
}

impl Register {
    /// From here on nobody else changes a subscription, until what is given is
    /// dropped. Whoever reads one, changes it and writes it has to hold it
    /// meanwhile; nobody who does waits for anything but the ledger.
    pub fn hold_subscriptions(&self) -> MutexGuard<'_, ()> {
        // It guards nothing in memory that a panic could leave half changed.
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether we meant what a hub asks of the subscription with `token`; then
    /// it holds from now on.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the ledger can't be read or written.
    pub fn confirm_subscription(
        &self,
        token: &str,
        confirmation: &Confirmation<'_>,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let _held = self.hold_subscriptions();
        let Some(subscription) = self.ledger().get::<Subscription>(token)? else {
            return Ok(false);
        };
        let Some(confirmed) = confirm(subscription, confirmation, now) else { return Ok(false) };
        self.ledger().write(&[confirmed.put(token)], Durability::Durable)?;
        Ok(true)
    }

    /// Takes what came for the subscription with `token`: with the signature
    /// in its header, and the address that it calls its own.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the ledger can't be read or written.
    pub fn take_delivery(
        &self,
        token: &str,
        signature: Option<&str>,
        own: Option<&str>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Delivery, LedgerError> {
        let _held = self.hold_subscriptions();
        let ledger = self.ledger();
        let Some(mut subscription) = ledger.get::<Subscription>(token)? else {
            return Ok(Delivery::Unknown);
        };
        if subscription.state == SubscriptionState::Ended {
            return Ok(Delivery::Ended);
        }
        let secret = subscription.secret.as_bytes();
        let is_signed = signature.is_some_and(|header| is_signed(header, secret, body));
        if !is_signed || own.is_some_and(|own| own != subscription.topic) {
            subscription.forgeries += 1;
            ledger.write(&[subscription.put(token)], Durability::Relaxed)?;
            return Ok(Delivery::Ignored);
        }
        subscription.delivered = Some(now);
        subscription.deliveries += 1;
        subscription.missed = 0;
        if let SubscriptionState::Demoted { .. } = subscription.state {
            // It delivers after all.
            subscription.state = SubscriptionState::Inactive;
            subscription.due = now;
        }
        let mut notes: Vec<Note> = vec![subscription.put(token)];
        let request = Request {
            source: subscription.source.clone(),
            kind: RequestKind::Run,
            at: now,
            by: Request::of_hub(&subscription.hub),
        };
        // Whoever asked first is answered.
        if ledger.get::<Request>(&request.key())?.is_none() {
            notes.push(request.put(request.key()));
        }
        ledger.write(&notes, Durability::Durable)?;
        Ok(Delivery::Taken)
    }
}

/// The subscription after what a hub asked; `None` when that was not meant.
fn confirm(
    mut subscription: Subscription,
    confirmation: &Confirmation<'_>,
    now: Timestamp,
) -> Option<Subscription> {
    if confirmation.topic != subscription.topic {
        return None;
    }
    match (confirmation.mode, subscription.pending) {
        ("subscribe", Some(Pending::Subscribe)) => {
            let granted = confirmation.lease_seconds.and_then(|lease| i64::try_from(lease).ok());
            let lease = granted.map_or(LONGEST_LEASE, SignedDuration::from_secs);
            let lease = lease.min(LONGEST_LEASE);
            let until = now.saturating_add(lease).unwrap_or(now);
            let renewed = lease.mul_f64(RENEWED_AT).max(SHORTEST);
            subscription.state = SubscriptionState::Active { until };
            subscription.due = now.saturating_add(renewed).unwrap_or(now);
            subscription.refusals = 0;
            subscription.reason = None;
            subscription.judged = subscription.judged.or(Some(now));
        }
        ("unsubscribe", Some(Pending::Unsubscribe)) => {
            subscription.state = SubscriptionState::Ended;
        }
        ("denied", _) if subscription.state != SubscriptionState::Ended => {
            let reason = confirmation.reason.unwrap_or("without a reason");
            let reason: String = reason.chars().filter(|c| !c.is_control()).take(REASON).collect();
            subscription.state = SubscriptionState::Inactive;
            subscription.refusals = subscription.refusals.saturating_add(1);
            subscription.due = now.saturating_add(AFTER_DENIAL).unwrap_or(now);
            subscription.reason = Some(format!("the hub denies it: {reason}"));
        }
        _ => return None,
    }
    subscription.pending = None;
    Some(subscription)
}

#[cfg(test)]
#[path = "hubs_tests.rs"]
mod tests;
