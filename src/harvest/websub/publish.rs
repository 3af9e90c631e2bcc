//! Our own hub is told that something has changed, and tells whoever has
//! subscribed (WebSub, section 7: what a publisher says to its hub is left to
//! them; this is what all open hubs understand).

use url::Url;

use super::{WebSubError, is_public};
use crate::harvest::Harvester;
use crate::harvest::fetch::{Expected, Method, Outcome, Request, RobotsPolicy, Size};
use crate::journal::Durability;
use crate::register::ledger::{HubMark, Row as _};

/// The feeds that name the hub.
const TOPICS: &[&str] = &["/changes", "/changes.atom"];

/// Tells the hub in the settings what has changed, unless it knows; gives
/// whether it was told. Meant to be called whenever something may have
/// changed, one at a time.
///
/// # Errors
///
/// [`WebSubError::Hub`] when the hub did not take it, so that it is to be told
/// again; otherwise when the register or the ledger fail.
pub async fn publish(harvester: &Harvester) -> Result<bool, WebSubError> {
    let register = harvester.register();
    let Some(hub) = &harvester.options().websub.own_hub else { return Ok(false) };
    let base = register.base().as_str().trim_end_matches('/').to_owned();
    if !is_public(&base) {
        return Ok(false);
    }
    let newest = register.newest()?;
    let told: Option<HubMark> = register.ledger().get(hub)?;
    if told.is_some_and(|told| told.revision == newest.0) {
        return Ok(false);
    }
    let refused = |reason: String| WebSubError::Hub { hub: hub.clone(), reason };
    let url = Url::parse(hub).map_err(|error| refused(error.to_string()))?;
    let mut fields = vec![("hub.mode".to_owned(), "publish".to_owned())];
    fields.extend(TOPICS.iter().map(|path| ("hub.url".to_owned(), format!("{base}{path}"))));
    let mut request = Request::new(url).size(Size::Glance).once();
    request.method = Method::Post(fields);
    request.expected = Expected::Whatever;
    request.robots = RobotsPolicy::Overridden("it is the hub of this register".to_owned());
    if let Outcome::Failed(failure) = harvester.fetcher().get(&request, harvester.now()).await {
        return Err(refused(failure.error.to_string()));
    }
    let mark = HubMark { revision: newest.0, at: harvester.now() };
    register.ledger().write(&[mark.put(&**hub)], Durability::Relaxed)?;
    Ok(true)
}
