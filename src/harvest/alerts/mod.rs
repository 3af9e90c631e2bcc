//! The operator and the contact of a source are told what needs attention
//! (contract F11): once for each alert, by the mail program of the machine.
//!
//! What is to be told, runs find out; it stands in the state of the source.
//! Here is only who has been told of it.

mod message;
mod options;
#[cfg(test)]
mod tests;

use std::process::Stdio;
use std::time::Duration;

use thiserror::Error;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::harvest::pipeline::Harvester;
use crate::journal::Durability;
use crate::record::{Record, RecordId, Value, label, texts};
use crate::register::ledger::{Alert, LedgerError, Row as _, SourceState, Told};
use crate::register::{Found, ReadError};

use message::Message;

pub use options::Options;

/// How long the mail program may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Why nobody can be told.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AlertError {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The register can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The mail program did not take a message.
    #[error("`{program}` did not take a message: {reason}")]
    Command {
        /// Its name.
        program: String,
        /// What happened.
        reason: String,
    },
}

/// Tells of every alert that nobody has been told of, and gives how many there
/// were; nothing when the settings name no mail program. Meant to be called
/// every few minutes, one at a time.
///
/// # Errors
///
/// [`AlertError`]; what was not told is told the next time.
pub async fn tell(harvester: &Harvester) -> Result<u64, AlertError> {
    let options = &harvester.options().alerts;
    if options.command.is_empty() {
        return Ok(0);
    }
    let mut told = 0;
    for (source, alert) in untold(harvester)? {
        let Some(text) = write(harvester, &source, &alert)? else { continue };
        send(&options.command, &text).await?;
        let row = Told { since: alert.since, at: harvester.now() };
        let key = Told::key(&source, &alert.code);
        harvester.register().ledger().write(&[row.put(key)], Durability::Durable)?;
        told += 1;
    }
    Ok(told)
}

/// Alerts of which nobody was told, with their sources.
fn untold(harvester: &Harvester) -> Result<Vec<(String, Alert)>, AlertError> {
    let ledger = harvester.register().ledger();
    let mut all = Vec::new();
    ledger.each::<SourceState>("", |source, state| {
        all.extend(state.alerts.into_iter().map(|alert| (source.clone(), alert)));
    })?;
    let mut untold = Vec::new();
    for (source, alert) in all {
        let told: Option<Told> = ledger.get(&Told::key(&source, &alert.code))?;
        if told.is_none_or(|told| told.since != alert.since) {
            untold.push((source, alert));
        }
    }
    Ok(untold)
}

/// The message; `None` when there is nobody whom it could be for.
fn write(harvester: &Harvester, source: &str, alert: &Alert) -> Result<Option<String>, AlertError> {
    let (register, options) = (harvester.register(), &harvester.options().alerts);
    let Ok(id) = RecordId::new("source", source) else { return Ok(None) };
    let Found::Here(version) = register.get(&id)? else { return Ok(None) };
    let record = version.merged.record;
    let contacts = if options.tell_contacts { contacts(&record) } else { Vec::new() };
    let mut to: Vec<String> = contacts.into_iter().chain(options.operator.clone()).collect();
    to.retain(|address| message::is_address(address));
    to.dedup();
    let from = options.operator.clone().or_else(|| harvester.options().fetch.contact.clone());
    let from = from.filter(|address| message::is_address(address));
    let (false, Some(from)) = (to.is_empty(), from) else { return Ok(None) };
    let report = report(harvester, source)?;
    let message = Message {
        source,
        name: label(&record, "en"),
        alert,
        to: &to,
        from: &from,
        base: register.base().as_str(),
        report: report.as_deref(),
        now: harvester.now(),
    };
    Ok(Some(message::write(&message)))
}

/// The mail addresses of the contacts of a source.
fn contacts(record: &Record) -> Vec<String> {
    let contacts = record.values("contact").iter().filter_map(Value::as_node);
    contacts.flat_map(|node| texts(node.values("email"))).map(str::to_owned).collect()
}

/// Where the problems of the newest run are.
fn report(harvester: &Harvester, source: &str) -> Result<Option<String>, AlertError> {
    let register = harvester.register();
    let state: Option<SourceState> = register.ledger().get(source)?;
    let run = state.map(|state| state.last_run).filter(|run| *run > 0);
    // Without a key for signatures there is no address that can be given away.
    Ok(run.and_then(|run| register.report_address(source, run).ok()))
}

/// Gives a message to the mail program.
async fn send(command: &[String], message: &str) -> Result<(), AlertError> {
    let program = command.first().cloned().unwrap_or_default();
    let failed = |reason: String| AlertError::Command { program: program.clone(), reason };
    let mut child = Command::new(&program)
        .args(&command[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let sent = async {
        if let Some(mut input) = child.stdin.take() {
            input.write_all(message.as_bytes()).await?;
        }
        child.wait().await
    };
    match tokio::time::timeout(PATIENCE, sent).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(failed(status.to_string())),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed(format!("it took more than {} s", PATIENCE.as_secs()))),
    }
}
