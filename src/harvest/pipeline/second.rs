//! Listings whose items shift while they are read (contract B4).
//!
//! A record that goes to a page which was read already, or comes to stand on
//! none because another went, is not gone. So the pages of a listing are asked
//! for once more before any absence is believed: what either pass has seen is
//! there. The second pass takes what the first has missed, and nothing else.

use super::begin::Work;
use super::following::push;
use super::items::Origin;
use super::map::Mapped;
use super::{HarvestError, Harvester, circle, plan};
use crate::harvest::extraction::{Follow, Problem, Role, Severity};
use crate::harvest::format::{self, Listing};
use crate::journal::{Durability, Note};
use crate::register::ledger::{Item, ItemState, Page, Passes, Queued, RunKind};

/// The code of a listing that changed while it was read.
pub(super) const LISTING_MOVED: &str = "listing-moved";

/// Whether the pages of the listing must be asked for once more. What stands
/// on several pages as it did the last time has not shifted.
pub(super) fn is_needed(harvester: &Harvester, work: &mut Work) -> bool {
    let lists_all = work.state.format.as_deref().and_then(format::named);
    let lists_all = lists_all.is_some_and(|format| format.listing == Listing::Complete);
    let is_whole = work.run.broken == 0 && work.run.outcome.is_none();
    let Passes { number, pages, .. } = work.run.passes;
    if number > 0 || pages < 2 || !lists_all || !is_whole || work.run.kind == RunKind::Replay {
        return false;
    }
    if !work.run.codes.contains_key(LISTING_MOVED) && work.state.twice == twice(work) {
        work.run.passes.has_moved = false;
    }
    let mut absent =
        work.known.iter().filter(|(key, item)| item.is_published() && !work.seen.contains(*key));
    if work.run.passes.has_moved {
        let announced = work.run.counts.announced;
        return announced == 0 || announced > plan::listed(work) || absent.next().is_some();
    }
    // One that is known to be missing is looked for again only when it is to go.
    let now = harvester.now();
    absent.any(|(_, item)| {
        let state = plan::missing_state(harvester, work, item, now);
        item.state == ItemState::Live || matches!(state, ItemState::Withdrawn { .. })
    })
}

/// What tells the items that stand on several pages from others; `None` when
/// there are none.
pub(super) fn twice(work: &Work) -> Option<String> {
    let mut overlaps: Vec<&str> = work.overlaps.iter().map(String::as_str).collect();
    overlaps.sort_unstable();
    (!overlaps.is_empty())
        .then(|| blake3::hash(overlaps.join("\n").as_bytes()).to_hex().to_string())
}

/// Begins the second pass.
pub(super) fn begin(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    work.run.passes = Passes { number: 1, ..Passes::default() };
    work.run.counts.announced = 0;
    work.addresses.clear();
    work.bodies.clear();
    work.circle.clear();
    let start = Queued {
        url: work.settings.url.to_string(),
        role: "start".to_owned(),
        is_guess: false,
        detail: None,
        format: work.settings.format.map(str::to_owned),
        feed: None,
        licence: None,
        depth: 0,
    };
    let mut notes = Vec::new();
    push(work, start, &mut notes);
    notes.extend(work.notes(harvester.now(), &harvester.name));
    Ok(harvester.register.ledger().write(&notes, Durability::Relaxed)?)
}

/// Whether a document of this role is a page of the listing.
pub(super) fn is_page(role: &str) -> bool {
    matches!(role, "start" | "next")
}

/// Whether the second pass passes over `mapped`, because the run has seen it;
/// that it stands in `page` is kept. A row that this pass has met before on
/// another page has moved, unless it stood twice in the first pass too.
pub(super) fn passes_over(
    work: &mut Work,
    origin: &Origin<'_>,
    mapped: &Mapped,
    page: &mut Page,
) -> bool {
    if work.run.passes.number == 0 {
        return false;
    }
    let key = Item::own_key(&mapped.kind, &mapped.key);
    if !work.seen.contains(&key) {
        work.met.insert(key);
        return false;
    }
    if work.here.insert(key.clone(), circle::content(mapped)).is_none() {
        page.items.push(key.clone());
        let is_row = origin.is_page && is_row(&key);
        let has_moved = is_row && work.met.contains(&key) && !work.overlaps.contains(&key);
        work.run.passes.has_moved |= has_moved;
        work.met.insert(key);
    }
    true
}

/// Notes that a row of the listing stands on two of its pages: rows may have
/// moved from one to the other.
pub(super) fn overlap(work: &mut Work, key: &str) {
    if is_row(key) {
        work.run.passes.has_moved = true;
        work.overlaps.insert(key.to_owned());
    }
}

/// Whether an item is a row of its own: organisations stand in the rows of
/// others, and so on many pages.
pub(super) fn is_row(key: &str) -> bool {
    !key.starts_with("organisation\n")
}

/// Leaves out what the second pass does not tell again, and does not ask for
/// again: problems of rows that were told, and documents of rows that were
/// seen.
pub(super) fn narrow(
    work: &Work,
    mapped: &[Mapped],
    follow: &mut Vec<Follow>,
    problems: &mut Vec<Problem>,
) {
    if work.run.passes.number == 0 {
        return;
    }
    let new = mapped
        .iter()
        .filter(|mapped| !work.seen.contains(&Item::own_key(&mapped.kind, &mapped.key)));
    let new: Vec<&str> = new.map(|mapped| mapped.key.as_str()).collect();
    follow.retain(|follow| match &follow.role {
        Role::Next | Role::Perhaps => true,
        Role::Part => false,
        Role::Detail(key) => new.contains(&key.as_str()),
    });
    problems.retain(|problem| {
        let is_new = problem.key.as_deref().is_some_and(|key| new.contains(&key));
        problem.severity == Severity::Broken || is_new
    });
}

/// What is known of a page that was read twice. What the passes saw in it
/// differs, and so it is asked for whole the next time.
pub(super) fn joined(before: Page, page: Page) -> Page {
    if before.hash == page.hash {
        return Page { run: page.run, pass: page.pass, ..before };
    }
    let union = |mut all: Vec<String>, more: Vec<String>| {
        all.extend(more);
        all.sort_unstable();
        all.dedup();
        all
    };
    Page {
        items: union(before.items, page.items),
        deleted: union(before.deleted, page.deleted),
        repeats: before.repeats.max(page.repeats),
        is_whole: false,
        ..page
    }
}

/// That the total of a listing is another than on the pages before: records
/// have come or gone meanwhile, so that others may have moved from a page that
/// was still to come to one that was read already.
pub(super) fn moved(work: &mut Work, queued: &Queued, announced: Option<u64>) -> Option<Problem> {
    let before = work.run.counts.announced;
    let announced = announced?;
    if queued.role != "next" || before == 0 || announced == before {
        return None;
    }
    work.run.passes.has_moved = true;
    let so = if work.run.passes.number == 0 {
        "it is read once more before anything that is absent counts as missing"
    } else {
        "nothing that is absent from it counts as missing this time"
    };
    let what = format!("the listing had {before} records and now has {announced}: {so}");
    Some(Problem::warning(LISTING_MOVED, "", what))
}

/// A page that is as it was in the first pass: only where it leads to matters.
pub(super) fn same(
    work: &mut Work,
    mut page: Page,
    queued: &Queued,
    notes: &mut Vec<Note>,
) -> Page {
    circle::met(work, &page.hash);
    for key in &page.items {
        let is_again = !work.met.insert(key.clone());
        work.run.passes.has_moved |= is_again && is_row(key) && !work.overlaps.contains(key);
    }
    page.pass = work.run.passes.number;
    for next in page.follow.clone() {
        if next.role == "next" {
            push(work, Queued { depth: queued.depth, ..next }, notes);
        }
    }
    page
}
