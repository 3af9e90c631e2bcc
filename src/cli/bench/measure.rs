//! Times, memory and sizes, as the system tells them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// What something took, many times over.
pub(super) struct Samples(Vec<Duration>);

impl Samples {
    /// Runs `act` for each of `cases` and takes the time of each, after a
    /// tenth of them was run without a clock.
    ///
    /// # Errors
    ///
    /// The first error of `act`.
    pub(super) fn take<T, E>(
        cases: &[T],
        mut act: impl FnMut(&T) -> Result<(), E>,
    ) -> Result<Self, E> {
        for case in &cases[..cases.len() / 10] {
            act(case)?;
        }
        let mut samples = Vec::with_capacity(cases.len());
        for case in cases {
            let start = Instant::now();
            act(case)?;
            samples.push(start.elapsed());
        }
        Ok(Self::from(samples))
    }

    /// The value that `percent` of the samples don't exceed; nothing of none.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }
}

impl From<Vec<Duration>> for Samples {
    fn from(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        Self(samples)
    }
}

/// Bytes of memory that the process has for itself, files aside; `None` where
/// the system doesn't tell.
pub(super) fn own_memory() -> Option<u64> {
    status("RssAnon:")
}

/// Bytes of memory that the process has, mapped files included.
pub(super) fn memory() -> Option<u64> {
    status("VmRSS:")
}

/// The most bytes of memory that the process ever had.
pub(in crate::cli) fn peak_memory() -> Option<u64> {
    status("VmHWM:")
}

fn status(key: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1_024)
}

/// Seconds of processor time that the process has used, all threads together.
pub(super) fn processor_seconds() -> Option<f64> {
    // The name of the program may hold spaces; it ends with the last bracket.
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// Bytes of the files at `path` and under it; zero when there is nothing.
pub(super) fn size_of(path: &Path) -> u64 {
    let Ok(metadata) = fs::symlink_metadata(path) else { return 0 };
    if !metadata.is_dir() {
        return metadata.len();
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size_of(&entry.path())).sum()
}

#[cfg(test)]
#[path = "measure_tests.rs"]
mod tests;
