//! Progress on standard error, where that is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::register::Progress;

/// How often the sign of life turns.
const TICK: Duration = Duration::from_millis(120);

/// A bar of `total` steps that says what it counts.
pub(super) fn bar(total: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}");
    ProgressBar::new(total).with_style(style.expect("the template is right")).with_message(what)
}

/// A bar of bytes.
pub(super) fn bytes(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes}");
    ProgressBar::new(0).with_style(style.expect("the template is right")).with_message(what)
}

/// Tells on `bar` how far the register has come.
pub(super) fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_message(match progress {
        Progress::Journal(count) => format!("{count} records in the journal"),
        Progress::Graph(count) => format!("{count} versions in the graph"),
        Progress::Index(count) => format!("{count} records in the index"),
    });
}

/// A sign of life while something takes as long as it takes.
pub(super) fn spinner(what: String) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
    let spinner = ProgressBar::new_spinner().with_style(style.expect("the template is right"));
    spinner.enable_steady_tick(TICK);
    spinner.with_message(what)
}
