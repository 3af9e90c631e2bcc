//! What an answer says of the address that was asked.

use std::time::Duration;

use crate::harvest::fetch::{FetchError, Phase};

use super::check::Seen;

/// What it says of an address that asking for it failed so.
pub(super) fn of_error(error: &FetchError) -> Seen {
    let (code, reason) = (error.code().to_owned(), error.to_string());
    match error {
        FetchError::Resting { retry_after, .. } => Seen::NotAsked { wait: *retry_after },
        FetchError::UnknownHost { .. } | FetchError::Gone => Seen::Gone { code, reason },
        // A server that answers with an error only for robots.txt may have
        // the page; one that can't be reached has not.
        FetchError::RobotsUnreachable { reason: why, .. } if why.starts_with("status ") => {
            Seen::Blocked { code, reason }
        }
        // It is our disk that failed, and not the page.
        FetchError::Disk(_) => Seen::NotAsked { wait: Duration::from_hours(1) },
        FetchError::NotFound
        | FetchError::RobotsUnreachable { .. }
        | FetchError::Lookup { .. }
        | FetchError::Connect { .. }
        | FetchError::Timeout { .. }
        | FetchError::TooSlow(_)
        | FetchError::BrokenOff { .. }
        | FetchError::BadAnswer(_) => Seen::Missing { code, reason },
        FetchError::Unavailable { status: 429, .. } => Seen::Blocked { code, reason },
        FetchError::Unavailable { .. } | FetchError::Status(400..=599) => {
            Seen::Missing { code, reason }
        }
        FetchError::Blocked(why) if why.contains("parked") => Seen::Doubtful { code, reason },
        FetchError::Forbidden(_)
        | FetchError::BadHeader(_)
        | FetchError::Robots { .. }
        | FetchError::Refused(_)
        | FetchError::Blocked(_) => Seen::Blocked { code, reason },
        // Somebody is there, but what browsers would show is not known.
        FetchError::Tls { .. }
        | FetchError::Empty
        | FetchError::Status(_)
        | FetchError::UnexpectedType { .. }
        | FetchError::TooLarge(_)
        | FetchError::Bomb(_)
        | FetchError::Coding(_)
        | FetchError::TooManyRedirects(_)
        | FetchError::RedirectLoop(_)
        | FetchError::Downgrade(_)
        | FetchError::BadRedirect(_) => Seen::Doubtful { code, reason },
    }
}

/// Whether a request for the whole may succeed where one for the headers
/// failed so: many servers treat `HEAD` badly, so none of them is believed
/// when it says by `HEAD` that something is not there.
pub(super) fn is_worth_a_get(error: &FetchError) -> bool {
    match error {
        FetchError::Unavailable { status: 429, .. } => false,
        FetchError::Unavailable { retry_after, .. } => retry_after.is_none(),
        FetchError::Timeout { phase, .. } => {
            matches!(phase, Phase::FirstByte | Phase::Idle | Phase::Whole)
        }
        FetchError::NotFound
        | FetchError::Gone
        | FetchError::Status(_)
        | FetchError::Refused(_)
        | FetchError::BrokenOff { .. }
        | FetchError::BadAnswer(_) => true,
        _ => false,
    }
}

/// Whether it may be our own network that failed.
pub(super) fn is_of_network(code: &str) -> bool {
    matches!(code, "lookup" | "connect" | "timeout" | "unknown-host" | "robots-unreachable")
}
