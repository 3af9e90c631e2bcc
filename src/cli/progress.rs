//! Progress on standard error, where that is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

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

/// A sign of life while something takes as long as it takes.
pub(super) fn spinner(what: String) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
    let spinner = ProgressBar::new_spinner().with_style(style.expect("the template is right"));
    spinner.enable_steady_tick(TICK);
    spinner.with_message(what)
}
