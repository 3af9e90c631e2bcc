//! Documents that are too large for the memory: read piece by piece on one
//! thread, staged on another (contract F28, F47).
//!
//! A piece is staged in a transaction of its own, so that no more of the
//! document is in memory than two of them. What is known of the whole, and
//! that it is done with, is written with the last: after a crash it is read
//! anew, and what was staged of it is forgotten first.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc::{Receiver, channel};

use super::begin::Work;
use super::fetching::{PATIENCE, is_stopped};
use super::reading::{Named, Read, Reader};
use super::staging::{self, Taken};
use super::{HarvestError, Harvester, circle, findings, guess, restart, series};
use crate::harvest::extraction::{Problem, Severity};
use crate::harvest::fetch::Fetched;
use crate::harvest::format::{self, Format, Large, Piece};
use crate::harvest::mapping::Mapping;
use crate::journal::Durability;
use crate::register::ledger::{Page, Queued, Row as _, Run, RunKind, Table};

/// Records of one document: more than any register has, and some hundred
/// megabytes of keys.
const MOST_RECORDS: usize = 1_000_000;

/// A document that is being read piece by piece.
pub(super) struct InPieces {
    pub fetched: Arc<Fetched>,
    pieces: Receiver<Part>,
}

/// What was read of a piece.
struct Part {
    read: Read,
    is_last: bool,
}

/// Whether `fetched` is read in pieces: it lies on the disk, or is packed.
pub(super) fn are_wanted(
    fetched: &Fetched,
    format: Option<&'static Format>,
    spool: Option<&Path>,
) -> bool {
    let is_packed = || {
        let format = format.or_else(|| format::recognise(&fetched.document));
        format.is_some_and(|format| format::is_packed(format, &fetched.document))
    };
    spool.is_some() && (fetched.dump.is_some() || is_packed())
}

impl InPieces {
    /// Begins to read `fetched` on a thread of its own; what can't be parted is
    /// one piece, of no more than `most` bytes.
    pub(super) fn begin(
        reader: Reader,
        fetched: Box<Fetched>,
        format: Option<&'static Format>,
        (now, most): (Timestamp, usize),
        spool: &Path,
    ) -> Self {
        let fetched = Arc::new(*fetched);
        let (sender, pieces) = channel(1);
        let (own, spool) = (Arc::clone(&fetched), spool.to_owned());
        tokio::task::spawn_blocking(move || {
            let reading = Reading { reader, fetched: own, format, now, told: HashSet::new() };
            // Whoever stopped the run wants no more of it.
            let give = |part: Part| sender.blocking_send(part).is_ok();
            reading.read(&spool, most, give);
        });
        Self { fetched, pieces }
    }
}

/// A document on its way to pieces.
struct Reading {
    reader: Reader,
    fetched: Arc<Fetched>,
    format: Option<&'static Format>,
    now: Timestamp,
    /// Codes of problems of the whole that were told.
    told: HashSet<String>,
}

impl Reading {
    /// Reads all pieces, and gives each to `give` until that has enough.
    fn read(mut self, spool: &Path, most: usize, mut give: impl FnMut(Part) -> bool) {
        let document = &self.fetched.document;
        let Some(format) = self.format.or_else(|| format::recognise(document)) else {
            let read = self.reader.read(document, Named::default(), None, self.now);
            give(Part { read, is_last: true });
            return;
        };
        let large = Large { document, dump: self.fetched.dump.as_ref(), directory: spool };
        let pieces = catch_unwind(AssertUnwindSafe(|| format::pieces(format, large)));
        let Ok(Some(mut pieces)) = pieces else {
            let read = self.whole(format, most);
            give(Part { read, is_last: true });
            return;
        };
        let mut guess = self.reader.guess.clone();
        let (mut records, mut lists_any) = (0, false);
        loop {
            let mapping = self.reader.settings.mapping.clone();
            let mapping: Option<&Mapping> = mapping.as_ref().or(guess.as_deref());
            let next = catch_unwind(AssertUnwindSafe(|| pieces.next(mapping)));
            let Ok(Some(piece)) = next else { return };
            let mut is_last = piece.is_last;
            let reader = Reader { guess: guess.clone(), ..self.reader.clone() };
            let mut read = self.piece(&reader, format, &piece, pieces.elsewhere());
            if let Some(mapping) = &read.extraction.guessed {
                guess = Some(Arc::new(mapping.clone()));
            }
            records += read.mapped.len();
            lists_any |= !read.mapped.is_empty();
            let problems = &mut read.extraction.problems;
            if !is_last || lists_any {
                problems.retain(|problem| problem.code != "no-records");
            }
            if records > MOST_RECORDS && !is_last {
                is_last = true;
                let what =
                    format!("there are more than {MOST_RECORDS} records; the rest was not read");
                let problem = Problem::broken("too-many-records", "", what);
                problems.push(problem.advice("Publish them in several documents."));
            }
            if !give(Part { read, is_last }) || is_last {
                return;
            }
        }
    }

    /// Reads one piece; its places are those of the whole.
    fn piece(
        &mut self,
        reader: &Reader,
        format: &'static Format,
        piece: &Piece,
        elsewhere: Option<&format::Elsewhere>,
    ) -> Read {
        let Piece { document, rows, lines, is_last, problems } = piece;
        let mut named = Named::by(&self.fetched);
        named.next = named.next.filter(|_| *is_last);
        let mut read = reader.read_as(document, named, format, self.now, elsewhere);
        let found = std::mem::take(&mut read.extraction.problems);
        let mut told = problems.clone();
        told.extend(found);
        for problem in &mut told {
            problem.at = placed(&problem.at, *rows, *lines);
        }
        // What holds of the whole is found in each of its pieces.
        told.retain(|problem| {
            let is_of_whole = problem.at.is_empty() && problem.severity == Severity::Warning;
            !is_of_whole || self.told.insert(problem.code.clone())
        });
        read.extraction.problems = told;
        read
    }

    /// Reads the whole at once, when it has no more than `most` bytes.
    fn whole(&self, format: &'static Format, most: usize) -> Read {
        let named = Named::by(&self.fetched);
        let Some(dump) = &self.fetched.dump else {
            return self.reader.read(&self.fetched.document, named, Some(format), self.now);
        };
        let problem = if dump.length() > most as u64 {
            too_large(format, dump.length(), most as u64)
        } else {
            match dump.bytes(0, dump.length()) {
                Ok(bytes) => {
                    let mut document = self.fetched.document.clone();
                    document.bytes = bytes;
                    return self.reader.read(&document, named, Some(format), self.now);
                }
                Err(error) => Problem::broken("disk", "", error.to_string()),
            }
        };
        Read::of_problem(format.name, problem)
    }
}

/// That a document of `length` bytes is in a form that is read whole, and has
/// more than the `most` bytes that are.
fn too_large(format: &Format, length: u64, most: u64) -> Problem {
    let [length, most] = [length, most].map(|bytes| bytes.div_ceil(1 << 20));
    let what = format!(
        "the document has {length} MiB; in this form ({}) it is read whole, and so up to {most} MiB",
        format.label
    );
    Problem::broken("too-large", "", what).advice(
        "Publish N-Quads, CSV or lines of JSON, which are read piece by piece, or several documents.",
    )
}

/// A place in a piece as a place in the whole, before which there are so many
/// rows and lines.
fn placed(at: &str, rows: usize, lines: usize) -> String {
    let moved = |text: &str, by: usize| -> Option<(usize, String)> {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let number: usize = text[..end].parse().ok()?;
        Some((number.saturating_add(by), text[end..].to_owned()))
    };
    if let Some((line, rest)) = at.strip_prefix("line ").and_then(|at| moved(at, lines)) {
        return format!("line {line}{rest}");
    }
    let Some((row, rest)) = at.strip_prefix("row ").and_then(|at| moved(at, rows)) else {
        return at.to_owned();
    };
    match rest.strip_prefix(", line ").and_then(|rest| moved(rest, lines)) {
        Some((line, rest)) if line == row => format!("row {row}{rest}"),
        Some((line, rest)) => format!("row {row}, line {line}{rest}"),
        None => format!("row {row}{rest}"),
    }
}

/// Stages a document, piece by piece, as they are read.
pub(super) async fn stage(
    harvester: &Harvester,
    work: &mut Work,
    (key, queued): (String, Queued),
    mut document: InPieces,
    watch: &(dyn Fn(&Run) + Send + Sync),
) -> Result<(), HarvestError> {
    let fetched = Arc::clone(&document.fetched);
    let ledger = harvester.register.ledger();
    let before = match work.run.passes.number {
        0 => None,
        _ => ledger.get(&Page::key(&work.run.source, &queued.url))?,
    };
    // Until all is staged, the run is known as it was before.
    let mut pulse = work.pulse();
    staging::spent(work, fetched.effort);
    work.run.counts.pages += 1;
    work.run.counts.decoded_bytes += fetched.length();
    let hash = fetched.validators.hash.clone().unwrap_or_default();
    let is_repeated = queued.role == "next" && work.bodies.contains(&hash);
    circle::met(work, &hash);
    let mut staged: Option<Taken> = None;
    loop {
        let part = match tokio::time::timeout(PATIENCE, document.pieces.recv()).await {
            Ok(part) => part,
            Err(_) if is_stopped(harvester, work)? => return Ok(()),
            Err(_) => {
                pulse.beat(harvester);
                continue;
            }
        };
        let mut notes = Vec::new();
        let now = harvester.now();
        let Some(Part { mut read, is_last }) = part else {
            let problem =
                Problem::broken("reader-failed", "", "the reader failed on this document");
            findings::find(harvester, work, "extract", &queued.url, vec![problem])?;
            break;
        };
        if let Some((first, problem)) =
            restart::read_anew(work, &queued, read.extraction.about.credits.as_ref())
        {
            findings::keep(work, now, "fetch", &queued.url, vec![problem], &mut notes);
            super::following::push(work, first, &mut notes);
            notes.push(Table::Queue.forget(&key));
            notes.push(work.run.put(Run::key(&work.run.source, work.run.number)));
            return Ok(ledger.write(&notes, Durability::Relaxed)?);
        }
        guess::keep(harvester, work, &queued, &mut read.extraction)?;
        let mut whole = if let Some(whole) = staged.take() {
            whole
        } else {
            let mut whole = Taken::begin(work, now, &queued, &fetched, &mut read);
            whole.is_repeated = is_repeated;
            if is_repeated {
                let what = "the page is one that was there before in this run: the paging goes in a circle";
                read.extraction.problems.push(Problem::broken("paging-loop", "", what));
            }
            whole
        };
        series::take(harvester, work, &read.extraction, &mut notes)?;
        whole.take(work, now, &queued, &fetched, read, &mut notes);
        if is_last {
            if work.run.kind != RunKind::Replay {
                super::former::keep(harvester, work, &queued.url, &mut notes)?;
            }
            whole.end(work, &queued, &fetched, before, &mut notes)?;
            notes.push(Table::Queue.forget(&key));
            notes.push(work.run.put(Run::key(&work.run.source, work.run.number)));
            ledger.write(&notes, Durability::Relaxed)?;
            watch(&work.run);
            return Ok(());
        }
        ledger.write(&notes, Durability::Relaxed)?;
        staged = Some(whole);
        pulse.beat(harvester);
        watch(&work.run);
        if is_stopped(harvester, work)? {
            return Ok(());
        }
    }
    // What came before the reader failed stays staged, and the document in the
    // queue, as with one that broke off.
    Ok(())
}

#[cfg(test)]
#[path = "pieces_tests.rs"]
mod tests;
