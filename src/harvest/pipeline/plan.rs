//! What a run would do, in numbers, and whether it may.

use jiff::{SignedDuration, Timestamp};

use super::begin::Work;
use super::{HarvestError, Harvester, findings, second};
use crate::harvest::extraction::Problem;
use crate::harvest::format;
use crate::harvest::guard::{self, Counts, Listing, Verdict};
use crate::journal::Durability;
use crate::register::ledger::{Item, ItemState, Row as _, RunKind, Staged};

/// Counts what the run would do, and judges it.
pub(super) fn judge(harvester: &Harvester, work: &mut Work) -> Verdict {
    work.run.is_complete = is_complete(work);
    let retimed = count(work);
    let vanished = newly_missing(work).count() as u64;
    let counts = &mut work.run.counts;
    counts.missing = vanished;
    let judged = Counts {
        listing: if work.run.is_complete { Listing::Whole } else { Listing::Part },
        live: work.known.published(),
        listed: counts.seen + work.unnamed + work.repeats,
        announced: Some(counts.announced).filter(|announced| *announced > 0),
        last_complete: work.state.complete_count,
        would_create: counts.created,
        // Sessions come and go each week, which is no reason to look.
        would_change: counts.changed - retimed,
        would_withdraw: if work.run.is_complete { vanished } else { 0 },
        explicit_deleted: counts.withdrawn,
        invalid: counts.invalid,
    };
    guard::judge(&judged, &harvester.options.guard)
}

/// Counts what is staged and not written, and gives how many of the changes are
/// of times alone.
pub(super) fn count(work: &mut Work) -> u64 {
    let (mut created, mut changed, mut deleted, mut retimed) = (0, 0, 0, 0);
    let (mut restored, mut republished) = (0, 0);
    for (key, hash) in &work.staged {
        let known = work.known.get(key);
        match (known.filter(|item| item.is_published()), hash.is_empty()) {
            (Some(_), true) => deleted += 1,
            (Some(item), false) => {
                let is_same = item.hash == *hash;
                changed += u64::from(!is_same);
                restored += u64::from(is_same && item.state != ItemState::Live);
                retimed += u64::from(work.series.retimed.contains(key));
            }
            (None, false) if known.is_some_and(Item::was_published) => republished += 1,
            (None, false) => created += 1,
            (None, true) => {}
        }
    }
    let counts = &mut work.run.counts;
    (counts.created, counts.changed, counts.withdrawn) = (created, changed, deleted);
    (counts.restored, counts.republished) = (restored + republished, republished);
    retimed
}

/// Whether everything that the source lists was seen, so that what is absent
/// is missing: contract A1 to A3, B3, B4. A row that has lost its key is one of
/// those that seem to be absent; one that never had any is none of them.
fn is_complete(work: &Work) -> bool {
    let format = work.state.format.as_deref().and_then(format::named);
    let lists_all = format.is_some_and(|format| match format.listing {
        format::Listing::Complete => true,
        // Its word on what it has deleted can't be had, or not for ever.
        format::Listing::Changes => work.state.tells_deletions == Some(false),
        format::Listing::Window => false,
    });
    lists_all
        && !work.run.since_cursor
        && work.run.kind != RunKind::Replay
        && work.run.broken == 0
        && work.run.outcome.is_none()
        && work.run.counts.announced <= listed(work) + twice(work)
        && !work.run.passes.has_moved
        && work.state.unnamed.is_none_or(|before| work.unnamed <= before)
}

/// Says that a listing which was read to its end has fewer records than its
/// publisher announces, so that nothing counts as missing (contract B3).
pub(super) fn tell_shortfall(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    let (announced, listed) = (work.run.counts.announced, listed(work) + twice(work));
    let format = work.state.format.as_deref().and_then(format::named);
    let lists_all = format.is_some_and(|format| format.listing == format::Listing::Complete);
    let is_short = lists_all && work.run.broken == 0 && announced > listed;
    if !is_short || work.run.outcome.is_some() || work.run.kind == RunKind::Replay {
        return Ok(());
    }
    let what = format!(
        "{announced} records are announced and {listed} were listed: nothing that is absent counts as missing"
    );
    let problem = Problem::warning("fewer-than-announced", "", what)
        .advice("Correct the total, or list all records.");
    let url = work.settings.url.to_string();
    findings::find(harvester, work, "plan", &url, vec![problem])
}

/// The code of a feed that lists nothing any more.
pub(super) const LISTS_NOTHING: &str = "lists-nothing";

/// Says that a feed, calendar or page of which nothing is concluded lists
/// nothing any more, though there were items: its records stay.
pub(super) fn tell_emptiness(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    let format = work.state.format.as_deref().and_then(format::named);
    let is_window = format.is_some_and(|format| format.listing == format::Listing::Window);
    let counts = &work.run.counts;
    let is_empty = counts.seen == 0 && counts.not_modified == 0 && work.run.broken == 0;
    let published = work.known.published();
    if !is_window || !is_empty || published == 0 || work.run.kind == RunKind::Replay {
        return Ok(());
    }
    let what = format!("nothing is listed any more; the {published} records of before stay");
    let problem = Problem::warning(LISTS_NOTHING, "", what)
        .advice("If that is meant, withdraw the records; if not, correct what is published.");
    let url = work.settings.url.to_string();
    findings::find(harvester, work, "plan", &url, vec![problem])
}

/// How many of what the publisher counts were seen, with or without a key, and
/// each time that they stand in one document: the organisations that stand in
/// records of others are no rows of the listing.
pub(super) fn listed(work: &Work) -> u64 {
    let organisations =
        work.seen.iter().filter(|key| key.starts_with("organisation\n")).count() as u64;
    let all = work.run.counts.seen;
    let rows = if organisations < all { all - organisations } else { all };
    rows + work.unnamed + work.repeats
}

/// How many rows stand on several pages, when a second pass, or the last run,
/// has found that to be so and not a shift.
fn twice(work: &Work) -> u64 {
    let is_so = work.run.passes.number > 0 || work.state.twice == second::twice(work);
    if is_so { work.overlaps.len() as u64 } else { 0 }
}

/// Published items that the listing no longer has.
pub(super) fn missing(work: &Work) -> impl Iterator<Item = (&String, &Item)> {
    let is_complete = work.run.is_complete;
    work.known
        .iter()
        .filter(move |(key, item)| is_complete && item.is_published() && !work.seen.contains(*key))
}

fn newly_missing(work: &Work) -> impl Iterator<Item = (&String, &Item)> {
    missing(work).filter(|(_, item)| item.state == ItemState::Live)
}

/// Stages what is newly missing too, for the person who is asked: what is
/// approved later is just this.
pub(super) fn stage_missing(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    let now = harvester.now();
    let source = &work.run.source;
    let notes: Vec<_> = newly_missing(work)
        .map(|(key, item)| {
            let staged = Staged {
                id: item.id.clone(),
                record: None,
                hash: String::new(),
                modified: None,
                url: work.settings.url.to_string(),
                retrieved_at: now,
                format: String::new(),
                before: Some(item.hash.clone()),
                use_terms: None,
                is_absent: true,
                rekey: None,
            };
            staged.put(format!("{source}\n{key}"))
        })
        .collect();
    // What the run has seen is not known to whoever approves it.
    work.run.is_complete = false;
    Ok(harvester.register.ledger().write(&notes, Durability::Durable)?)
}

/// What becomes of an item that is missing once more: it is withdrawn after
/// enough whole runs and days, or at once when a person has approved it. Who
/// has agreed to new keys has not said that what is left over is gone.
pub(super) fn missing_state(
    harvester: &Harvester,
    work: &Work,
    item: &Item,
    now: Timestamp,
) -> ItemState {
    let (since, runs) = match item.state {
        ItemState::Missing { since, runs } => (since, runs + 1),
        _ => (now, 1),
    };
    let options = &harvester.options;
    let grace = SignedDuration::from_hours(24 * i64::from(options.grace_days));
    let is_over = runs >= options.grace_runs && now.duration_since(since) >= grace;
    let is_approved = work.run.is_approved && !work.run.rekeys.are_taken;
    if is_over || (is_approved && work.run.kind == RunKind::Harvest) {
        ItemState::Withdrawn { at: now }
    } else {
        ItemState::Missing { since, runs }
    }
}
