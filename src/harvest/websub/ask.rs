//! The request to a hub.

use url::Url;

use super::WebSubError;
use crate::harvest::Harvester;
use crate::harvest::fetch::{Expected, Method, Outcome, Request, RobotsPolicy, Size};
use crate::journal::Durability;
use crate::register::LONGEST_LEASE;
use crate::register::ledger::{Pending, Row as _, Subscription};

/// Asks the hub of `subscription` for what is pending; the hub confirms by
/// asking back at the callback.
///
/// # Errors
///
/// Why it did not take it, as a sentence.
pub(super) async fn ask(
    harvester: &Harvester,
    callback: &str,
    token: &str,
    subscription: &Subscription,
) -> Result<(), String> {
    let Ok(hub) = Url::parse(&subscription.hub) else {
        return Err("the address of the hub can't be read".to_owned());
    };
    let mut fields = vec![
        ("hub.callback".to_owned(), format!("{callback}/{token}")),
        ("hub.topic".to_owned(), subscription.topic.clone()),
    ];
    let mut say = |key: &str, value: String| fields.push((key.to_owned(), value));
    match subscription.pending {
        Some(Pending::Subscribe) => {
            say("hub.mode", "subscribe".to_owned());
            say("hub.secret", subscription.secret.clone());
            say("hub.lease_seconds", LONGEST_LEASE.as_secs().to_string());
        }
        Some(Pending::Unsubscribe) => say("hub.mode", "unsubscribe".to_owned()),
        None => return Ok(()),
    }
    let mut request = Request::new(hub).size(Size::Glance).once();
    request.method = Method::Post(fields);
    request.expected = Expected::Whatever;
    let reason = "the publisher names the hub for this";
    request.robots = RobotsPolicy::Overridden(reason.to_owned());
    match harvester.fetcher().get(&request, harvester.now()).await {
        Outcome::Fetched(_) | Outcome::NotModified(_) => Ok(()),
        Outcome::Failed(failure) => Err(failure.error.to_string()),
    }
}

/// Remembers that the hub of the subscription with `token` did not take a
/// request. What it confirmed in the meantime holds.
pub(super) fn refused(
    harvester: &Harvester,
    token: &str,
    reason: String,
) -> Result<(), WebSubError> {
    let _held = harvester.register().hold_subscriptions();
    let ledger = harvester.register().ledger();
    let Some(mut subscription) = ledger.get::<Subscription>(token)? else { return Ok(()) };
    if subscription.pending == Some(Pending::Subscribe) {
        subscription.pending = None;
    }
    subscription.reason = Some(reason);
    Ok(ledger.write(&[subscription.put(token)], Durability::Relaxed)?)
}
