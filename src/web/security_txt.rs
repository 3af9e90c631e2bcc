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
    let contact = state.identity.contact.as_deref().and_then(contact_address);
    let contact =
        contact.ok_or_else(|| Problem::not_found("this register has not said whom to tell"))?;
    let text = text(&contact, state.register.base().as_str(), state.now());
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

/// The address of a contact: as it is when it has a scheme, else that of mail;
/// `None` when it could not stand on one line.
fn contact_address(contact: &str) -> Option<String> {
    if contact.is_empty() || contact.contains(|letter: char| letter.is_control() || letter == ' ') {
        return None;
    }
    let has_scheme =
        ["mailto:", "https://", "tel:"].iter().any(|scheme| contact.starts_with(scheme));
    Some(if has_scheme { contact.to_owned() } else { format!("mailto:{contact}") })
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

    #[test]
    fn a_contact_is_an_address_on_one_line() {
        for (contact, expected) in [
            ("a@kist.example", Some("mailto:a@kist.example")),
            ("https://kist.example/security", Some("https://kist.example/security")),
            ("tel:+441315550100", Some("tel:+441315550100")),
            ("a@kist.example\nExpires: 1970-01-01T00:00:00Z", None),
            ("somebody in Leith", None),
            ("", None),
        ] {
            assert_eq!(contact_address(contact).as_deref(), expected, "{contact}");
        }
    }
}
