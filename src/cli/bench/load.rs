//! Writing the synthetic register, and what it takes on the disk.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::super::clock::now;
use super::super::progress;
use super::super::seeds::ACTOR;
use super::Arguments;
use super::measure::{peak_memory, processor_seconds, size_of};
use super::report::Report;
use super::world::World;
use crate::journal;
use crate::register::Progress;

pub(super) fn run(arguments: &Arguments, directory: &Path, report: &mut Report) -> Result<()> {
    let records = u64::from(arguments.records);
    let register = super::open(directory)?;
    let world = World::new(&register.gazetteer(), arguments.seed);
    let bar = progress::spinner("writing".to_owned());
    let start = Instant::now();
    let mut phases = Phases { start, journal: None, index: None };
    let mut edits = (0..records).map(|number| Ok(world.edit(number)));
    let applied = register.apply_all(&mut edits, ACTOR, now(), &mut |progress| {
        phases.note(progress);
        bar.set_message(match progress {
            Progress::Journal(count) => format!("{count} records in the journal"),
            Progress::Graph(count) => format!("{count} in the graph"),
            Progress::Index(count) => format!("{count} in the index"),
        });
    })?;
    let whole = start.elapsed();
    bar.finish_and_clear();
    let quads = register.graph().len()?;
    // The last files are written when it is closed.
    drop(register);
    let (per_second, kept) = (1.0 / whole.as_secs_f64(), as_f64(records));
    report.part("load")?;
    report.figure("records", as_f64(applied.written as u64), "")?;
    report.figure("statements in named graphs", as_f64(quads), "")?;
    report.figure("whole", whole.as_secs_f64(), "s")?;
    report.figure("rate", kept * per_second, "records/s")?;
    if let (Some(journal), Some(index)) = (phases.journal, phases.index) {
        report.figure("journal, durable", journal.as_secs_f64(), "s")?;
        report.figure("index", index.saturating_sub(journal).as_secs_f64(), "s")?;
        report.figure("graph", whole.saturating_sub(index).as_secs_f64(), "s")?;
    }
    report.figure_if("processor", processor_seconds(), "s")?;
    report.figure_if("peak memory", peak_memory().map(megabytes), "MB")?;
    report.part("on the disk")?;
    let mut sum = 0;
    for (view, name) in [("journal", journal::FILE), ("graph", "graph"), ("index", "index")] {
        let bytes = size_of(&directory.join(name));
        sum += bytes;
        report.figure(view, as_f64(bytes) / kept, "bytes/record")?;
    }
    report.figure("together", megabytes(sum), "MB")?;
    Ok(())
}

/// When the work on each part was done.
struct Phases {
    start: Instant,
    journal: Option<Duration>,
    index: Option<Duration>,
}

impl Phases {
    fn note(&mut self, progress: Progress) {
        let now = self.start.elapsed();
        match progress {
            Progress::Journal(_) => {}
            Progress::Index(_) => {
                self.journal.get_or_insert(now);
            }
            Progress::Graph(_) => {
                self.index.get_or_insert(now);
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures have three digits")]
pub(super) fn as_f64(count: u64) -> f64 {
    count as f64
}

pub(super) fn megabytes(bytes: u64) -> f64 {
    as_f64(bytes) / 1e6
}
