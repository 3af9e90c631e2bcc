//! Whether it is we who can't reach anybody: then no link is to blame.
//!
//! A host that could not be reached counts only once somebody else has
//! answered after it in the same turn. When nobody has by its end, a few
//! addresses are asked that answered before; when they don't answer either, or
//! there are none, nothing is judged. So a machine without a network never
//! says of a link that it does not work, however few links it asks.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;

use super::check::{Asking, Seen};
use super::due::Found;
use super::{LinksError, verdict};
use crate::register::Register;
use crate::register::ledger::{Link, LinkInState, LinkState};

/// How many addresses that answered before are asked whether anybody can be
/// reached, and among how many they are chosen.
const WITNESSES: usize = 3;
/// See [`WITNESSES`].
const CHOICE: usize = 64;

/// Failures that may be our own, until somebody answers.
#[derive(Default)]
pub(super) struct Held(Vec<Found>);

impl Held {
    /// Takes in what came, in its order, and gives what may be judged: all but
    /// the hosts that could not be reached since the last answer.
    pub(super) fn sift(&mut self, mut came: Vec<Found>) -> Vec<Found> {
        let tail = came.split_off(came.iter().rposition(has_answered).map_or(0, |last| last + 1));
        let mut ready = if came.is_empty() { Vec::new() } else { std::mem::take(&mut self.0) };
        ready.append(&mut came);
        let (held, others): (Vec<_>, Vec<_>) = tail.into_iter().partition(is_unreached);
        self.0.extend(held);
        ready.extend(others);
        ready
    }

    /// Gives up on all that is held: it is asked again after `wait`.
    pub(super) fn put_off(&mut self, wait: Duration) -> Vec<Found> {
        let mut held = std::mem::take(&mut self.0);
        if !held.is_empty() {
            tracing::warn!(
                links = held.len(),
                "nobody can be reached; links are asked again later"
            );
        }
        for found in &mut held {
            found.answer.seen = Seen::NotAsked { wait };
        }
        held
    }

    /// Whether nothing is held.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Asks some addresses of hosts that are not among the `held` and answered
/// before, until one answers again, and gives that answer.
pub(super) async fn witness(
    asking: &Asking,
    register: &Register,
    held: &Held,
    now: Timestamp,
) -> Result<Option<Found>, LinksError> {
    let mut hosts: HashSet<String> = held.0.iter().map(|found| host(&found.key)).collect();
    let mut asked = 0;
    for key in alive(register, now)? {
        if asked == WITNESSES || !hosts.insert(host(&key)) {
            continue;
        }
        let Some(link) = register.ledger().get::<Link>(&key)? else { continue };
        asked += 1;
        let found = Found { answer: asking.ask(&link, None, now).await, key };
        if has_answered(&found) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Keys of links that answered when they were asked last. They begin at
/// another letter each time, so that it is not always the same who are asked.
fn alive(register: &Register, now: Timestamp) -> Result<Vec<String>, LinksError> {
    let letter = char::from(b'a' + u8::try_from(now.as_second().rem_euclid(26)).unwrap_or(0));
    let mut keys = Vec::new();
    for state in [LinkState::Alive, LinkState::Redirected] {
        let prefix = LinkInState::key(state, "");
        for after in [format!("{prefix}{letter}"), String::new()] {
            let rows = register.ledger().rows::<LinkInState>(&prefix, &after, CHOICE)?;
            let of_state = rows.iter().filter_map(|(row, _)| row.strip_prefix(&prefix));
            keys.extend(of_state.map(str::to_owned));
        }
    }
    Ok(keys)
}

/// Whether somebody was there to answer, whatever they said.
fn has_answered(found: &Found) -> bool {
    let is_answer = match &found.answer.seen {
        Seen::There { .. } | Seen::Doubtful { .. } | Seen::Blocked { .. } => true,
        Seen::Missing { .. } | Seen::Gone { .. } => !is_unreached(found),
        Seen::NotAsked { .. } => false,
    };
    // What is known without asking tells nothing of our network.
    is_answer && found.answer.requests > 0
}

/// Whether nobody was there: the host's fault, or our own network's.
fn is_unreached(found: &Found) -> bool {
    match &found.answer.seen {
        Seen::Missing { code, .. } | Seen::Gone { code, .. } => verdict::is_of_network(code),
        _ => false,
    }
}

/// The host of the link with this key.
fn host(key: &str) -> String {
    key.split('\n').next().unwrap_or_default().to_owned()
}
