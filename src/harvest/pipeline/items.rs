//! What one document says of one item, staged.

use jiff::Timestamp;
use url::Url;

use super::begin::Work;
use super::following::lists_changes;
use super::map::{Fate, Mapped};
use super::modified::{is_older, widen};
use super::{areas, circle, second};
use crate::harvest::extraction::{Problem, Term};
use crate::harvest::fetch::redact;
use crate::harvest::terms::table_keys;
use crate::journal::Note;
use crate::register::ledger::{
    Item, ItemState, Page, Review, ReviewKind, Row as _, Staged, StagedRecord, Suppressed, Table,
};

/// The code of a key that stands twice in a listing.
const DUPLICATE_KEY: &str = "duplicate-key";

/// The document that says it.
pub(super) struct Origin<'a> {
    /// When it was retrieved.
    pub now: Timestamp,
    /// The address that answered.
    pub url: &'a Url,
    /// What it was read as.
    pub format: &'a str,
    /// Whether it is a page of the listing.
    pub is_page: bool,
}

/// Stages what a document says of one item. `is_short` when the whole of it is
/// still to come from a document of its own.
pub(super) fn stage_one(
    work: &mut Work,
    origin: &Origin<'_>,
    mapped: Mapped,
    is_short: bool,
    page: &mut Page,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Note>,
) {
    let source = work.run.source.clone();
    let key = Item::own_key(&mapped.kind, &mapped.key);
    let full = format!("{source}\n{key}");
    let known = work.known.get(&key).cloned();
    let is_first = work.seen.insert(key.clone());
    work.run.counts.seen += u64::from(is_first);
    take_note(work, origin, &mapped, notes);
    let met = meet(work, origin, &mapped, &key, is_first, page);
    page.terms.extend(mapped.decided_terms);
    if is_short && known.as_ref().is_some_and(Item::is_published) {
        return;
    }
    if is_outdated(known.as_ref(), mapped.modified.as_deref()) {
        let what = "what is registered is newer than this";
        problems.push(Problem::warning("older-than-known", "", what).of(&mapped.key));
        return;
    }
    let staged = |record: Option<StagedRecord>, hash: String| Staged {
        id: mapped.id.clone(),
        record,
        hash,
        modified: mapped.modified.clone(),
        url: redact::url(origin.url),
        retrieved_at: origin.now,
        format: origin.format.to_owned(),
        before: known.as_ref().filter(|item| item.is_published()).map(|item| item.hash.clone()),
        use_terms: mapped.use_terms.clone(),
        is_absent: false,
        rekey: None,
    };
    if work.suppressed.contains(&Suppressed::hash(&key)) {
        let what = "it was erased on request, and is not taken again";
        problems.push(Problem::warning("suppressed", "", what).of(&mapped.key));
        withdraw(work, &key, known.as_ref(), &staged(None, String::new()), notes);
        return;
    }
    match mapped.fate {
        Fate::Publish { record, hash } => {
            work.deleted.remove(&key);
            let same = known.as_ref().is_some_and(|item| item.is_published() && item.hash == hash);
            let told = Told { key: &mapped.key, hash: &hash, modified: mapped.modified.as_deref() };
            if is_surpassed(work, &key, &told, met, known.as_ref(), problems) {
                return;
            }
            if same {
                if work.staged.remove(&key).is_some() {
                    notes.push(Table::Staged.forget(&full));
                }
                let is_missing = known.as_ref().is_some_and(|item| item.state != ItemState::Live);
                if is_missing {
                    // Back again: the ledger is told when the run is written.
                    notes.push(staged(Some(record), hash.clone()).put(&*full));
                    work.staged.insert(key, hash);
                } else if is_first {
                    work.run.counts.unchanged += 1;
                }
                return;
            }
            notes.push(staged(Some(record), hash.clone()).put(&*full));
            if let Some(modified) = &mapped.modified {
                work.staged_modified.insert(key.clone(), modified.clone());
            }
            work.staged.insert(key, hash);
        }
        Fate::Delete => {
            if is_older(mapped.modified.as_deref(), work.staged_modified.get(&key)) {
                return;
            }
            if let Some(modified) = &mapped.modified {
                work.staged_modified.insert(key.clone(), modified.clone());
            }
            if work.deleted.insert(key.clone()) {
                page.deleted.push(key.clone());
            }
            // Remembered also when it was never seen alive, so that an older
            // update does not bring it up.
            let is_withdrawn = known
                .as_ref()
                .is_some_and(|item| matches!(item.state, ItemState::Withdrawn { .. }));
            if !is_withdrawn {
                notes.push(staged(None, String::new()).put(&*full));
                work.staged.insert(key, String::new());
            }
        }
        left @ (Fate::PassOver | Fate::Ours(_)) => {
            problems.push(why_left(&left).of(&mapped.key));
            withdraw(work, &key, known.as_ref(), &staged(None, String::new()), notes);
        }
        // The last good version stays, as with what can't be taken.
        Fate::Wait => work.run.counts.waiting += u64::from(!is_short),
        Fate::Reject => work.run.counts.invalid += u64::from(!is_short),
    }
}

/// Why an item is left out.
fn why_left(fate: &Fate) -> Problem {
    if let Fate::Ours(id) = fate {
        let what = format!("it is {id} of this register, which has come back");
        let advice = "Nothing needs to be done: it stays as it is here, or withdrawn.";
        return Problem::warning("own-record", "", what).advice(advice);
    }
    let what = "it is outside the areas or topics that are taken from this source";
    Problem::warning("outside", "", what)
}

/// How the run has met an item that it meets again.
#[derive(Debug, Clone, Copy)]
struct Met {
    /// In a document that lists items, so that it stands there twice.
    is_twice: bool,
    /// In the same document, with other content.
    is_unlike: bool,
    /// Or else in a list of changes, which may tell of several, one after the
    /// other.
    is_change: bool,
}

/// Remembers that a document has an item, whatever is done with it; gives how
/// the run has met it before, unless it is the first time.
fn meet(
    work: &mut Work,
    origin: &Origin<'_>,
    mapped: &Mapped,
    key: &str,
    is_first: bool,
    page: &mut Page,
) -> Option<Met> {
    let content = circle::content(mapped);
    let before = work.here.insert(key.to_owned(), content);
    // Each page that has it is remembered by it: the others may change.
    if before.is_none() {
        page.items.push(key.to_owned());
        if !is_first && origin.is_page {
            second::overlap(work, key);
        }
    }
    let is_change = lists_changes(origin.format);
    let is_twice = before.is_some() && second::is_row(key) && !is_change;
    if is_twice {
        // The publisher counts it each time.
        page.repeats += 1;
        work.repeats += 1;
    }
    let is_unlike = before.is_some_and(|before| before != content);
    (!is_first).then_some(Met { is_twice, is_unlike, is_change })
}

/// What a document says of an item that is to be published.
struct Told<'a> {
    /// The publisher's key.
    key: &'a str,
    hash: &'a str,
    modified: Option<&'a str>,
}

/// Whether the run has met a newer version of an item than the one that is
/// `told`; what stands twice is a problem (contract A7).
fn is_surpassed(
    work: &Work,
    key: &str,
    told: &Told<'_>,
    met: Option<Met>,
    known: Option<&Item>,
    problems: &mut Vec<Problem>,
) -> bool {
    let Some(met) = met else { return false };
    let staged = work.staged.get(key);
    let has_changed = met.is_unlike || staged.is_some_and(|before| before != told.hash);
    if !has_changed {
        problems.extend(met.is_twice.then(|| twice_alike().of(told.key)));
        return false;
    }
    problems.extend((!met.is_change).then(|| twice_unlike().of(told.key)));
    // What is not staged was as it is published.
    let published = known.filter(|_| staged.is_none()).and_then(|item| item.modified.as_ref());
    is_older(told.modified, work.staged_modified.get(key).or(published))
}

/// That a key stands twice in a document with the same content (contract A7).
fn twice_alike() -> Problem {
    let what = "this key stands twice in the document, with the same content; it was taken once";
    Problem::warning(DUPLICATE_KEY, "", what)
        .advice("List each item once, or give each a key of its own.")
}

/// The same with different content.
fn twice_unlike() -> Problem {
    let what = "this key stands twice in the listing, with different content; the newer, or else the later, was taken";
    Problem::error(DUPLICATE_KEY, "", what).advice("Give each item a key of its own.")
}

/// Remembers when an item was changed, and asks what is meant by its terms.
fn take_note(work: &mut Work, origin: &Origin<'_>, mapped: &Mapped, notes: &mut Vec<Note>) {
    if let Some(modified) = &mapped.modified {
        widen(&mut work.run.modified, modified);
    }
    for (term, suggestions) in &mapped.unknown_terms {
        notes.extend(ask(origin.now, term, suggestions, &work.run.source));
    }
}

/// That a published item is withdrawn for what is at `url`.
pub(super) fn withdrawal(item: &Item, url: &str, now: Timestamp) -> Staged {
    Staged {
        id: item.id.clone(),
        record: None,
        hash: String::new(),
        modified: item.modified.clone(),
        url: redact::text(url),
        retrieved_at: now,
        format: String::new(),
        before: Some(item.hash.clone()),
        use_terms: None,
        is_absent: false,
        rekey: None,
    }
}

/// What no longer passes, or may not be taken, goes when it was published; the
/// guard counts it.
fn withdraw(
    work: &mut Work,
    key: &str,
    known: Option<&Item>,
    staged: &Staged,
    notes: &mut Vec<Note>,
) {
    let full = format!("{}\n{key}", work.run.source);
    if known.is_some_and(Item::is_published) {
        notes.push(staged.put(full));
        work.staged.insert(key.to_owned(), String::new());
    } else if work.staged.remove(key).is_some() {
        notes.push(Table::Staged.forget(&full));
    }
}

/// Whether an update is older than what is known: a tombstone, mostly.
fn is_outdated(known: Option<&Item>, modified: Option<&str>) -> bool {
    let Some(item) = known else { return false };
    matches!(item.state, ItemState::Withdrawn { .. }) && is_older(modified, item.modified.as_ref())
}

/// The question which category of ours, or which area, a term means.
fn ask(now: Timestamp, term: &Term, suggestions: &[String], source: &str) -> Option<Note> {
    let about = table_keys(term).into_iter().next()?;
    let what = if term.field == areas::FIELD { "area" } else { "category" };
    let review = Review {
        kind: ReviewKind::Term,
        question: format!("Which {what} is “{}” of {source}?", term.label),
        about: serde_json::json!({ "term": term, "key": about, "source": source }),
        why: serde_json::json!({ "suggestions": suggestions }),
        since: now,
    };
    Some(review.put(Review::key(ReviewKind::Term, &about)))
}
