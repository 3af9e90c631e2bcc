//! What the commands say, to whoever reads standard output and error.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes a line to standard output, at once.
///
/// # Errors
///
/// When nobody can take it.
pub(super) fn line(text: impl Display) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")?;
    output.flush()
}

/// Says something beside the output. When nobody listens, so be it.
pub(super) fn note(text: impl Display) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}
