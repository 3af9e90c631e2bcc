//! Where fields stand is guessed once and then saved, so that the keys of
//! records don't change with the rows of a table.
//!
//! The guess for the listing itself is saved as the mapping of the source, and
//! an editor is asked to confirm it. A part of a listing, such as a file of a
//! catalogue, has columns of its own: its guess is kept with its address, and
//! a mapping that somebody gives the source stands over it.

use super::begin::Work;
use super::{HarvestError, Harvester};
use crate::harvest::extraction::{Extraction, Problem, Severity};
use crate::harvest::format::MORE_PAGES;
use crate::harvest::mapping::Mapping;
use crate::harvest::settings::Settings;
use crate::harvest::sources;
use crate::journal::{Durability, Note};
use crate::register::ledger::{Guessed, LedgerError, Page, Queued, Review, ReviewKind, Row, Table};

/// Who is written into the history of the source.
const ACTOR: &str = "harvest";

/// How long a mapping may be as JSON: the shape of sources says so.
const LONGEST: usize = 50_000;

/// By what the document was read before, when that was guessed, and the source
/// has no mapping.
pub(super) fn known(
    harvester: &Harvester,
    settings: &Settings,
    queued: &Queued,
) -> Result<Option<Mapping>, HarvestError> {
    let may_be_guessed = queued
        .format
        .as_deref()
        .is_none_or(|format| matches!(format, "csv" | "xlsx" | "ods" | "json" | "geojson"));
    if settings.mapping.is_some() || queued.depth == 0 || !may_be_guessed {
        return Ok(None);
    }
    let key = Page::key(&settings.id, &queued.url);
    let kept: Option<Guessed> = harvester.register.ledger().get(&key)?;
    Ok(kept.and_then(|kept| serde_json::from_value(kept.mapping).ok()))
}

/// Saves the guess by which a document was read to its end, if it was.
pub(super) fn keep(
    harvester: &Harvester,
    work: &mut Work,
    queued: &Queued,
    extraction: &mut Extraction,
) -> Result<(), HarvestError> {
    let Some(mapping) = extraction.guessed.take() else { return Ok(()) };
    // A first page is read to its end, whether or not others are found.
    let is_broken =
        |problem: &Problem| problem.severity == Severity::Broken && problem.code != MORE_PAGES;
    if work.settings.mapping.is_some() || extraction.problems.iter().any(is_broken) {
        return Ok(());
    }
    let Ok(json) = serde_json::to_value(&mapping) else { return Ok(()) };
    let ledger = harvester.register.ledger();
    if queued.depth > 0 {
        let key = Page::key(&work.run.source, &queued.url);
        let kept = Guessed { mapping: json };
        return Ok(ledger.write(&[kept.put(key)], Durability::Relaxed)?);
    }
    let text = json.to_string();
    if text.len() > LONGEST {
        let what = format!("the guess has {} bytes, and is not saved", text.len());
        let problem = Problem::error("mapping-too-long", "", what);
        extraction.problems.push(problem.advice("Save a mapping of what is wanted."));
        return Ok(());
    }
    let (source, now) = (work.run.source.clone(), harvester.now());
    sources::set(&harvester.register, &source, &[("mapping", &text)], ACTOR, now)?;
    let review = Review {
        kind: ReviewKind::Mapping,
        question: format!("Where the fields of {source} stand was guessed. Is that right?"),
        about: serde_json::json!({
            "source": source, "mapping": json, "fingerprint": fingerprint(&mapping),
        }),
        why: serde_json::Value::Null,
        since: now,
    };
    let key = Review::key(ReviewKind::Mapping, &source);
    ledger.write(&[review.put(key)], Durability::Durable)?;
    let mut settings = Settings::clone(&work.settings);
    settings.mapping = Some(mapping);
    work.reading = settings.reading();
    work.settings = std::sync::Arc::new(settings);
    Ok(())
}

/// What tells one mapping from another.
fn fingerprint(mapping: &Mapping) -> String {
    let text = serde_json::to_string(mapping).unwrap_or_default();
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// The note that takes back the question about a guess which is no longer the
/// mapping of the source.
pub(super) fn settled(harvester: &Harvester, work: &Work) -> Result<Option<Note>, LedgerError> {
    let key = Review::key(ReviewKind::Mapping, &work.run.source);
    let review: Option<Review> = harvester.register.ledger().get(&key)?;
    let now = work.settings.mapping.as_ref().map(fingerprint);
    let is_moot =
        review.is_some_and(|review| review.about["fingerprint"].as_str() != now.as_deref());
    Ok(is_moot.then(|| Table::Review.forget(&key)))
}
