//! What is to be done with a subscription. Pure: the same state, wish and time
//! give the same.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::register::ledger::{Pending, Subscription, SubscriptionState};

/// How many changes in a row a hub may fail to tell of.
const MISSED: u32 = 3;

/// For how long a hub that does not deliver is left alone.
const DEMOTED_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How much earlier than we see a change a hub may have told of it.
const TOLD_BEFORE: SignedDuration = SignedDuration::from_hours(1);

/// For how long a hub is asked to stop that doesn't confirm it.
const ENDING_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// To what there should be a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The hub.
    pub hub: String,
    /// What it is to tell of.
    pub topic: String,
    /// When the source last changed, as far as we have seen.
    pub changed: Option<Timestamp>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Nothing,
    /// The subscription is to be kept as it is now.
    Keep,
    /// The hub is to be asked to deliver.
    Subscribe,
    /// The hub is to be asked to stop.
    Unsubscribe,
    /// The hub never delivers, and is left alone.
    Demote,
    /// The subscription is over, and can be forgotten.
    Forget,
}

/// What a source at `url` is subscribed to by, which calls itself `own`: that,
/// when it is at the same host; `None` when it is elsewhere, since what the
/// hub tells of then is not the source.
#[must_use]
pub fn topic(url: &Url, own: Option<&str>) -> Option<String> {
    let Some(own) = own else { return Some(url.to_string()) };
    let parsed = Url::parse(own).ok()?;
    let is_same = matches!(parsed.scheme(), "http" | "https") && parsed.host() == url.host();
    is_same.then(|| own.to_owned())
}

/// A subscription that the hub is to be asked for.
pub(super) fn begin(source: &str, wanted: &Wanted, secret: String, now: Timestamp) -> Subscription {
    let subscription = Subscription {
        source: source.to_owned(),
        hub: wanted.hub.clone(),
        topic: wanted.topic.clone(),
        secret,
        pending: None,
        state: SubscriptionState::Inactive,
        due: now,
        refusals: 0,
        reason: None,
        delivered: None,
        deliveries: 0,
        forgeries: 0,
        judged: None,
        missed: 0,
    };
    asked(subscription, Pending::Subscribe, now)
}

/// What is to be done with `subscription`, when `wanted` is what there should
/// be for its source; and the subscription after that.
#[must_use]
pub fn plan(
    mut subscription: Subscription,
    wanted: Option<&Wanted>,
    now: Timestamp,
) -> (Subscription, Step) {
    let is_due = subscription.due <= now;
    let is_wanted =
        wanted.is_some_and(|it| it.hub == subscription.hub && it.topic == subscription.topic);
    if subscription.state == SubscriptionState::Ended {
        return (subscription, Step::Forget);
    }
    let is_ending = subscription.pending == Some(Pending::Unsubscribe);
    if !is_wanted || is_ending {
        return match subscription.state {
            SubscriptionState::Active { until } if until > now => match (is_ending, is_due) {
                (true, false) => (subscription, Step::Nothing),
                (true, true) if subscription.refusals > 2 => (subscription, Step::Forget),
                _ => {
                    // Nobody waits for it longer than a week.
                    let most = now.saturating_add(ENDING_FOR).unwrap_or(now);
                    let subscription = asked(subscription, Pending::Unsubscribe, now);
                    let state = SubscriptionState::Active { until: until.min(most) };
                    (Subscription { state, ..subscription }, Step::Unsubscribe)
                }
            },
            _ => (subscription, Step::Forget),
        };
    }
    let is_judged = judge(&mut subscription, wanted.and_then(|wanted| wanted.changed));
    if subscription.missed >= MISSED
        && let SubscriptionState::Active { .. } = subscription.state
    {
        subscription.state = SubscriptionState::Demoted { since: now };
        subscription.pending = None;
        subscription.missed = 0;
        subscription.due = now.saturating_add(DEMOTED_FOR).unwrap_or(now);
        subscription.reason = Some(format!("the hub did not tell of {MISSED} changes in a row"));
        return (subscription, Step::Demote);
    }
    if is_due {
        if let SubscriptionState::Active { until } = subscription.state
            && until > now
        {
            return (asked(subscription, Pending::Subscribe, now), Step::Subscribe);
        }
        subscription.state = SubscriptionState::Inactive;
        return (asked(subscription, Pending::Subscribe, now), Step::Subscribe);
    }
    (subscription, if is_judged { Step::Keep } else { Step::Nothing })
}

/// Counts changes of which the hub did not tell; whether there was one to
/// judge.
fn judge(subscription: &mut Subscription, changed: Option<Timestamp>) -> bool {
    let (SubscriptionState::Active { .. }, Some(judged), Some(changed)) =
        (subscription.state, subscription.judged, changed)
    else {
        return false;
    };
    if changed <= judged {
        return false;
    }
    let since = judged.saturating_sub(TOLD_BEFORE).unwrap_or(judged);
    if subscription.delivered.is_some_and(|delivered| delivered >= since) {
        subscription.missed = 0;
    } else {
        subscription.missed = subscription.missed.saturating_add(1);
    }
    subscription.judged = Some(changed);
    true
}

/// The subscription when its hub is being asked. It is asked again after a
/// day, two, four and then each week, until it confirms.
fn asked(subscription: Subscription, what: Pending, now: Timestamp) -> Subscription {
    let days = 1_i64 << subscription.refusals.min(3);
    let wait = SignedDuration::from_hours(24 * days.min(7));
    Subscription {
        pending: Some(what),
        due: now.saturating_add(wait).unwrap_or(now),
        refusals: subscription.refusals.saturating_add(1),
        ..subscription
    }
}
