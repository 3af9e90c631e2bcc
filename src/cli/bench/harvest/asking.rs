//! Searches while the register is harvested into.
//!
//! A question is due at a fixed rhythm, and its time counts from when it was
//! due: one that has to wait makes those after it late too, as it would for
//! people who ask at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use super::super::measure::Samples;
use super::super::questions::{self, Sort};
use super::super::report::Report;
use super::super::world::World;
use crate::register::Register;

/// How often somebody asks: so seldom that the harvest hardly notices.
const EVERY: Duration = Duration::from_millis(50);
/// What is asked, one after the other.
const SORTS: [Sort; 4] = [Sort::Nearest, Sort::RadiusTopic, Sort::RadiusTopicText, Sort::Text];
/// Questions of each sort, before they come again.
const EACH: usize = 250;

/// Somebody who asks until told to end.
pub(super) struct Asker {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<Result<Vec<Duration>>>,
}

impl Asker {
    /// Begins to ask `register`.
    pub(super) fn start(register: &Arc<Register>) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let (register, told) = (Arc::clone(register), Arc::clone(&is_over));
        let thread = thread::spawn(move || ask(&register, &told));
        Self { is_over, thread }
    }

    /// Ends, and reports how long answers took `when`.
    pub(super) fn end(self, when: &str, report: &Report) -> Result<()> {
        self.is_over.store(true, Ordering::Relaxed);
        let taken = self.thread.join().map_err(|_| anyhow!("whoever asks has panicked"))??;
        if taken.is_empty() {
            // It was over before the first question was due.
            return Ok(());
        }
        let samples = Samples::from(taken);
        for (name, percent) in [("p50", 50), ("p99", 99), ("longest", 100)] {
            let millis = samples.percentile(percent).as_secs_f64() * 1_000.0;
            report.figure(&format!("searches {when}, {name}"), millis, "ms")?;
        }
        Ok(())
    }
}

/// Reports how long the same questions take for `time` when nothing else goes
/// on.
pub(super) fn undisturbed(register: &Arc<Register>, time: Duration, report: &Report) -> Result<()> {
    let asker = Asker::start(register);
    thread::sleep(time);
    asker.end("undisturbed", report)
}

fn ask(register: &Register, is_over: &AtomicBool) -> Result<Vec<Duration>> {
    let world = World::new(&register.gazetteer(), 1);
    let drawn = SORTS.map(|sort| questions::draw(register, &world, sort, EACH));
    let mixed = (0..EACH).flat_map(|at| drawn.iter().map(move |questions| &questions[at].query));
    let mut taken = Vec::new();
    let mut due = Instant::now();
    for query in mixed.cycle() {
        due += EVERY;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        register.index().search(query)?;
        taken.push(due.elapsed());
    }
    Ok(taken)
}
