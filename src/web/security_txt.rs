//! `/.well-known/security.txt`: whom to tell of a weakness (RFC 9116).
//!
//! It names the contact of whoever runs this register. Where there is none,
//! there is no such file: reports must not go to somebody who can do nothing
//! about this one.

use axum::extract::State;
use axum::response::Response;
use http::header;
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::Revision;
use crate::web::admission::Scope;
use crate::web::cache;
use crate::web::cache::Conditions;
use crate::web::cache::EntityTag;
use crate::web::cache::Freshness;
use crate::web::contact::Contact;
use crate::web::problem::Problem;
use crate::web::problem::Result;
use crate::web::route::Route;
use crate::web::state::AppState;

/// Where it is (RFC 9116, 3).
const PATH: &str = "/.well-known/security.txt";

/// How long it may be believed: less than a year, as the standard advises.
const VALID: SignedDuration = SignedDuration::from_hours(180 * 24);

/// A part of a day, in which others may keep it.
const FRESH: Freshness = Freshness::Seconds(3_600);

/// The route.
#[must_use]
pub fn routes() -> Vec<Route<AppState>> {
    vec![Route::get(Scope::Public, PATH, "findSecurityContact", find_contact).hidden()]
}

async fn find_contact(State(state): State<AppState>, conditions: Conditions) -> Result<Response> {
    let contact = state.identity.contact.as_deref().and_then(Contact::new);
    let contact =
        contact.ok_or_else(|| Problem::not_found("this register has not said whom to tell"))?;
    let text = text(&contact.href, state.register.base().as_str(), state.now());
    let tag = EntityTag::new(Revision(0), &[&text]);
    cache::respond(&conditions, &tag, FRESH, || {
        Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text.clone()))
    })
}

fn text(contact: &str, base: &str, now: Timestamp) -> String {
    format!(
        "Contact: {contact}\nExpires: {}\nPreferred-Languages: en\nCanonical: {base}{PATH}\n",
        expires(now)
    )
}

/// The beginning of the day on which it is no longer to be believed, so that
/// it is the same for a day.
fn expires(now: Timestamp) -> Timestamp {
    let last = now.checked_add(VALID).unwrap_or(Timestamp::MAX);
    let day = last.to_zoned(TimeZone::UTC).start_of_day();
    day.map_or(last, |day| day.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_for_thirty_days_at_least_and_less_than_a_year_whatever_the_hour() {
        let days = |number: i64| SignedDuration::from_hours(number * 24);
        for now in ["2026-11-22T00:00:00Z", "2026-11-22T23:59:59Z", "2028-02-29T12:00:00Z"] {
            let now: Timestamp = now.parse().unwrap();
            let left = expires(now).duration_since(now);
            assert!(left >= days(30) && left < days(365), "{now}: {left}");
        }
    }
}
