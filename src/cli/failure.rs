//! Errors → messages and exit codes.

use std::io;
use std::process::ExitCode;

use super::output::note;
use crate::config::ConfigError;
use crate::graph::{DumpError, GraphError};
use crate::journal::JournalError;
use crate::record::BaseError;
use crate::register::{ApplyError, OpenError, ViewError};
use crate::schema::ShapesError;

/// The command was given what it can't take, as clap says it.
const WRONG_USE: u8 = 2;
/// The data can't be used as they are: `EX_CONFIG` of sysexits.h.
const UNUSABLE: u8 = 78;

/// A fault of the command line that only the command could see.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct WrongUse(pub(super) String);

/// Shows what clap has to say: the help, the version, or what was wrong.
pub(super) fn of_usage(error: &clap::Error) -> ExitCode {
    drop(error.print());
    ExitCode::from(if error.use_stderr() { WRONG_USE } else { 0 })
}

/// Tells why a command failed, and gives the exit code for it.
pub(super) fn report(error: &anyhow::Error) -> ExitCode {
    if is_closed_pipe(error) {
        return ExitCode::FAILURE;
    }
    note(format_args!("kist: {}", message(error)));
    if let Some(advice) = advice(error) {
        note(format_args!("      {advice}"));
    }
    ExitCode::from(code(error))
}

/// The error and its causes, without those which it tells itself.
fn message(error: &anyhow::Error) -> String {
    let mut message = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !message.contains(&cause) {
            message.push_str(": ");
            message.push_str(&cause);
        }
    }
    message
}

fn code(error: &anyhow::Error) -> u8 {
    let is_wrong = error.chain().any(|cause| {
        cause.is::<WrongUse>()
            || cause.is::<ConfigError>()
            || cause.is::<BaseError>()
            || cause.is::<ShapesError>()
    });
    if is_wrong {
        WRONG_USE
    } else if error.chain().any(<dyn std::error::Error>::is::<OpenError>) {
        UNUSABLE
    } else {
        1
    }
}

/// The error of the journal behind `cause`, also where that speaks for it.
fn of_journal<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a JournalError> {
    if let Some(OpenError::Journal(error)) = cause.downcast_ref() {
        return Some(error);
    }
    if let Some(ApplyError::Journal(error)) = cause.downcast_ref() {
        return Some(error);
    }
    cause.downcast_ref()
}

/// Whether `cause` is a graph that can't be read, also where another error
/// speaks for it.
fn is_of_damaged_graph(cause: &(dyn std::error::Error + 'static)) -> bool {
    let of_view = |error: &ViewError| matches!(error, ViewError::Graph(error) if error.is_damage());
    if let Some(ApplyError::View { source, .. }) = cause.downcast_ref() {
        return of_view(source);
    }
    cause.downcast_ref().is_some_and(of_view)
        || cause.downcast_ref().is_some_and(GraphError::is_damage)
        || cause.downcast_ref().is_some_and(DumpError::is_damage)
}

/// What to do about it, where the message doesn't say.
fn advice(error: &anyhow::Error) -> Option<&'static str> {
    if error.chain().any(is_of_damaged_graph) {
        return Some("Nothing of the records is lost. Make the graph again: kist reindex.");
    }
    error.chain().find_map(|cause| match of_journal(cause)? {
        JournalError::NotWritable { .. } => {
            Some("Name a directory that this user can write to: --data DIR.")
        }
        JournalError::LittleRoom { .. } => {
            Some("Make room on the disk, or keep less free: min_free_bytes in [server].")
        }
        JournalError::Full => Some("Make room on the disk, then do the same again."),
        JournalError::Database(_) => {
            Some("See whether the disk has room and is whole, then do the same again.")
        }
        JournalError::Damaged(_) => Some("Restore the data directory from a copy."),
        _ => None,
    })
}

/// Whether the reader of the output has gone, as after `kist dump | head`.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let kind = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().map(io::Error::kind)
    };
    error.chain().any(|cause| kind(cause) == Some(io::ErrorKind::BrokenPipe))
}

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
