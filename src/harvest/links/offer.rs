//! Addresses that have moved for good are offered to editors, and put right
//! in the records when one of them says so.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{LinksError, normalise};
use crate::journal::{Durability, Note};
use crate::record::{Fields, Reference, Value};
use crate::register::ledger::{
    Citation, Decision, Link, LinkState, Moved, Review, ReviewKind, Row, Table,
};
use crate::register::{Found, References, Register};

/// In how many checks, over how many days, an address must have moved to the
/// same place for it to be offered (as contract F46 for sources).
const MOVED_CHECKS: u32 = 3;
const MOVED_OVER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The answer of an editor by which the new address is taken.
const ACCEPT: &str = "accept";

/// Records that are named in a question, and put right in one step.
const RECORDS: usize = 1_000;
const SHOWN: usize = 20;

/// What was put right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Addresses.
    pub links: u64,
    /// Records in which they stood.
    pub records: u64,
}

pub(super) struct Offered {
    pub(super) notes: Vec<Note>,
    pub(super) is_new: bool,
}

/// The key of the question about an address.
pub(super) fn key(url: &str) -> String {
    Review::key(ReviewKind::Link, url)
}

/// What is offered, or no longer, when `link` has become `next`.
pub(super) fn notes(
    register: &Register,
    link: &Link,
    next: &Link,
    now: Timestamp,
) -> Result<Offered, LinksError> {
    let none = Offered { notes: Vec::new(), is_new: false };
    let (ledger, key) = (register.ledger(), key(&next.url));
    let to = |link: &Link| link.moved.as_ref().map(|moved| moved.to.clone());
    let Some(moved) = next.moved.as_ref().filter(|moved| is_settled(moved, now)) else {
        // Where it no longer goes, nobody has to decide.
        let notes = match to(link) {
            Some(_) if to(link) != to(next) => vec![Table::Review.forget(&key)],
            _ => Vec::new(),
        };
        return Ok(Offered { notes, ..none });
    };
    let is_decided = ledger.get::<Decision>(&key)?.is_some_and(|decision| {
        decision.fingerprint.is_empty() || decision.fingerprint == moved.to
    });
    if is_decided || ledger.get::<Review>(&key)?.is_some() {
        return Ok(none);
    }
    let prefix = format!("{}\n", Link::key(&next.url));
    let cited = ledger.rows::<Citation>(&prefix, "", SHOWN)?;
    let records: Vec<String> = cited
        .iter()
        .filter_map(|(key, _)| Citation::record(key))
        .map(|id| id.to_string())
        .collect();
    let review = Review {
        kind: ReviewKind::Link,
        question: format!(
            "{} says that it is at {} for good. Should the records that point to it say so?",
            next.url, moved.to
        ),
        about: json!({
            "url": next.url, "to": moved.to, "records": records, "fingerprint": moved.to,
        }),
        why: json!({ "checks": moved.runs, "since": moved.since }),
        since: now,
    };
    Ok(Offered { notes: vec![review.put(key)], is_new: true })
}

fn is_settled(moved: &Moved, now: Timestamp) -> bool {
    moved.runs >= MOVED_CHECKS && now.duration_since(moved.since) >= MOVED_OVER
}

/// Puts those addresses right in their records of which an editor has decided
/// to `accept` where they have moved: a decision under the key of the question
/// (`link` and the address), on the new address as its fingerprint. What
/// harvested sources say stays as it is: the register says otherwise.
///
/// # Errors
///
/// [`LinksError`] when the register or the ledger can't be read or written.
pub fn apply_decisions(register: &Register, now: Timestamp) -> Result<Accepted, LinksError> {
    let ledger = register.ledger();
    let mut decisions = Vec::new();
    let prefix = key("");
    ledger.each::<Decision>(&prefix, |key, decision| {
        if decision.answer == ACCEPT {
            decisions.push((key, decision));
        }
    })?;
    let mut accepted = Accepted::default();
    for (key, decision) in decisions {
        let url = key.strip_prefix(&prefix).unwrap_or_default();
        let link: Option<Link> = ledger.get(&Link::key(url))?;
        let moved = link.filter(|link| link.state == LinkState::Redirected);
        let to = moved.and_then(|link| link.moved).map(|moved| moved.to);
        let Some(to) =
            to.filter(|to| decision.fingerprint.is_empty() || decision.fingerprint == *to)
        else {
            continue;
        };
        let records = replace(register, url, &to, &decision.by, now)?;
        if records > 0 {
            accepted.links += 1;
            accepted.records += records;
        }
        ledger.write(&[Table::Review.forget(&key)], Durability::Durable)?;
    }
    Ok(accepted)
}

/// Says `to` instead of `url` in all records, and gives their number.
fn replace(
    register: &Register,
    url: &str,
    to: &str,
    by: &str,
    now: Timestamp,
) -> Result<u64, LinksError> {
    let prefix = format!("{}\n", Link::key(url));
    let cited = register.ledger().rows::<Citation>(&prefix, "", RECORDS)?;
    let mut count = 0;
    for id in cited.iter().filter_map(|(key, _)| Citation::record(key)) {
        let Found::Here(version) = register.get(&id)? else { continue };
        let mut wanted = version.merged.record.clone();
        if !in_fields(&mut wanted.fields, url, to) {
            continue;
        }
        let edit = register.amendment(&version, &wanted)?;
        match register.apply(vec![edit], References::Kept, by, now) {
            Ok(_) => count += 1,
            // Somebody was quicker; the next turn looks again.
            Err(crate::register::ApplyError::Changed { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(count)
}

fn in_fields(fields: &mut Fields, url: &str, to: &str) -> bool {
    let mut is_changed = false;
    for (_, values) in fields.iter_mut().filter(|(key, _)| super::address::is_followed(key)) {
        for value in values {
            match value {
                Value::Iri(address) | Value::Reference(Reference::Elsewhere(address))
                    if normalise(address).as_deref() == Some(url) =>
                {
                    to.clone_into(address);
                    is_changed = true;
                }
                Value::Node(node) => is_changed |= in_fields(&mut node.fields, url, to),
                _ => {}
            }
        }
    }
    is_changed
}
