//! The process itself, under the names that all programs use
//! (<https://prometheus.io/docs/instrumenting/writing_clientlibs/>), as far as
//! the system tells: where there is no `/proc`, there are no samples.

use std::fs;

use crate::web::measure::Text;

pub(super) fn measure(text: &mut Text) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let system = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks = rustix::param::clock_ticks_per_second();
    let mut cpu = text.counter(
        "process_cpu_seconds_total",
        "Processor time of the server, its query processes not included.",
    );
    if let Some(used) = ticks_used(&stat) {
        cpu.sample(&[], seconds(used, ticks));
    }
    let mut memory =
        text.gauge("process_resident_memory_bytes", "Memory of the server that is in use.");
    let page = u64::try_from(rustix::param::page_size()).unwrap_or_default();
    if let Some(pages) = field(&stat, 24) {
        memory.sample(&[], pages * page);
    }
    let mut files = text.gauge("process_open_fds", "Open files and connections.");
    if let Ok(entries) = fs::read_dir("/proc/self/fd") {
        // The folder that is being read is one of them.
        files.sample(&[], entries.count().saturating_sub(1));
    }
    let mut began = text.gauge("process_start_time_seconds", "When the server began, since 1970.");
    if let (Some(booted), Some(after)) = (boot_seconds(&system), field(&stat, 22)) {
        began.sample(&[], seconds(booted * ticks + after, ticks));
    }
}

/// A field of `/proc/self/stat`, numbered from 1 as in proc(5). The second is
/// the name of the program in brackets, which may have spaces.
fn field(stat: &str, number: usize) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(number.checked_sub(3)?)?.trim().parse().ok()
}

/// Processor time in the program and in the system for it.
fn ticks_used(stat: &str) -> Option<u64> {
    Some(field(stat, 14)? + field(stat, 15)?)
}

/// When the system was started, since 1970.
fn boot_seconds(system: &str) -> Option<u64> {
    system.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

/// Ticks as seconds, to the hundredth.
fn seconds(ticks: u64, per_second: u64) -> String {
    let per_second = per_second.max(1);
    format!("{}.{:02}", ticks / per_second, ticks % per_second * 100 / per_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "7 (a b) c) S 1 7 7 0 -1 4194304 100 0 0 0 123 45 0 0 20 0 4 0 6789 \
         1000000 250 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n";

    #[test]
    fn the_fields_are_found_whatever_the_program_is_called() {
        assert_eq!(ticks_used(STAT), Some(168));
        assert_eq!((field(STAT, 22), field(STAT, 24)), (Some(6_789), Some(250)));
        assert_eq!(seconds(168, 100), "1.68");
        assert_eq!(boot_seconds("cpu 1 2\nbtime 1700000000\nprocesses 5\n"), Some(1_700_000_000));
        assert_eq!(field("", 14), None);
    }
}
