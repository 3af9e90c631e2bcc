//! Sources of one publisher that have series and sessions apart (`OpenActive`,
//! contract F25): one source has the feed of the series, another that of the
//! sessions.
//!
//! No source writes what another says. So the source of the series reads what
//! the others keep of its sessions, and gives its own records their times; and
//! the source of the sessions asks for a run of that one when it has something
//! new.

use std::collections::BTreeMap;

use super::begin::Work;
use super::{HarvestError, Harvester, series};
use crate::harvest::settings::{Harvesting, Settings};
use crate::harvest::sources;
use crate::journal::Durability;
use crate::register::ledger::{Item, Request, RequestKind, Row as _, RunKind, Series, Session};

/// The other sources of the publisher that feeds may stand in.
pub(super) fn of(harvester: &Harvester, work: &Work) -> Result<Vec<Settings>, HarvestError> {
    let all = sources::all(&harvester.register)?;
    let settings = all.iter().filter_map(|record| Settings::read(record).ok());
    let are_siblings = |other: &Settings| {
        other.id != work.run.source
            && other.harvesting != Harvesting::Retired
            && matches!(other.format, None | Some("rpde" | "html"))
            && are_of_one(&work.settings, other)
    };
    Ok(settings.filter(are_siblings).collect())
}

/// Whether two sources are of one publisher: they name the same one, or stand
/// at the same host where they don't both name one.
fn are_of_one(one: &Settings, other: &Settings) -> bool {
    match (&one.publisher, &other.publisher) {
        (Some(one), Some(other)) => one == other,
        _ => one.url.origin() == other.url.origin(),
    }
}

/// The sessions that the `siblings` keep, by the address of their series.
pub(super) fn sessions(
    harvester: &Harvester,
    siblings: &[Settings],
) -> Result<BTreeMap<String, Vec<Session>>, HarvestError> {
    let mut all: BTreeMap<String, Vec<Session>> = BTreeMap::new();
    for sibling in siblings {
        let prefix = Series::key(&sibling.id, "");
        harvester.register.ledger().each::<Series>(&prefix, |key, row| {
            if !row.sessions.is_empty() {
                let of = all.entry(key[prefix.len()..].to_owned()).or_default();
                of.extend(row.sessions.into_values());
            }
        })?;
    }
    Ok(all)
}

/// Asks for runs of the `siblings` that have one of the series at these
/// addresses, of which this source has new sessions; gives the addresses that
/// none of them has.
pub(super) fn ask(
    harvester: &Harvester,
    work: &Work,
    siblings: &[Settings],
    addresses: Vec<String>,
) -> Result<Vec<String>, HarvestError> {
    let ledger = harvester.register.ledger();
    let is_harvest = work.run.kind == RunKind::Harvest;
    let mut left = addresses;
    for sibling in siblings {
        let mut has_any = false;
        let mut unknown = Vec::new();
        for address in left {
            let row: Option<Series> = ledger.get(&Series::key(&sibling.id, &address))?;
            let mut is_there = false;
            for key in row.and_then(|row| row.key).into_iter().chain(series::keys_of(&address)) {
                let item: Option<Item> = ledger.get(&format!("{}\n{key}", sibling.id))?;
                is_there |= item.is_some_and(|item| item.is_published());
            }
            has_any |= is_there;
            if !is_there {
                unknown.push(address);
            }
        }
        left = unknown;
        if has_any && sibling.harvesting == Harvesting::Active && is_harvest {
            let request = Request {
                source: sibling.id.clone(),
                kind: RequestKind::Run,
                at: harvester.now(),
                by: Request::of_source(&work.run.source),
            };
            ledger.write(&[request.put(request.key())], Durability::Relaxed)?;
        }
    }
    Ok(left)
}
