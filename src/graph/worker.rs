//! The process that runs queries, and may be killed at any moment.
//!
//! It reads messages from its standard input, answers on its standard output,
//! and has no other way to the world: no socket, no environment, and a copy of
//! the graph that it opens to read. It limits its own memory and processor
//! time, and dies with the server that started it.

use std::fs;
use std::io::{self, BufReader, Stdin, Stdout};
use std::thread;

use oxigraph::store::Store;
use rustix::process::{self, Resource, Rlimit, Signal};
use thiserror::Error;

use crate::graph::frame::{self, FromWorker, Setup, ToWorker};
use crate::graph::{checkpoint, evaluate};

/// Stack of the thread that parses, plans and evaluates, in bytes.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Clock ticks in a second, in the files of `/proc`.
const TICKS_PER_SECOND: u64 = 100;

/// Why a query process ends other than by its input's end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// A message could not be read or written.
    #[error("the connection to the server is broken: {0}")]
    Connection(#[from] io::Error),
    /// The first message was not the setup.
    #[error("the first message is not a setup; this command is for the server alone")]
    NoSetup,
    /// The system refused a limit.
    #[error("the limits can't be set: {0}")]
    Limits(#[from] rustix::io::Errno),
    /// The checkpoint can't be opened.
    #[error("the checkpoint can't be opened: {0}")]
    Checkpoint(#[from] oxigraph::store::LoaderError),
    /// The thread for queries could not be had, or it panicked.
    #[error("the query thread failed")]
    Thread,
}

/// Answers queries until the input ends. The whole of `kist worker`.
///
/// # Errors
///
/// [`WorkerError`]; the server sees that the process is gone, and the text on
/// the standard error.
pub fn run() -> Result<(), WorkerError> {
    process::set_parent_process_death_signal(Some(Signal::KILL))?;
    let mut input = BufReader::new(io::stdin());
    let Some(ToWorker::Setup(setup)) = frame::read(&mut input)? else {
        return Err(WorkerError::NoSetup);
    };
    let limit = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
    process::setrlimit(Resource::Core, limit(0))?;
    process::setrlimit(Resource::As, limit(setup.memory_bytes))?;
    let thread = thread::Builder::new()
        .name("query".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || serve(&setup, input))?;
    thread.join().map_err(|_| WorkerError::Thread)?
}

fn serve(setup: &Setup, mut input: BufReader<Stdin>) -> Result<(), WorkerError> {
    let store = checkpoint::open(&setup.checkpoint)?;
    let mut output = io::stdout();
    frame::write(&mut output, &FromWorker::Ready)?;
    while let Some(message) = frame::read(&mut input)? {
        let ToWorker::Run(request) = message else { return Err(WorkerError::NoSetup) };
        allow_processor_seconds(setup.seconds)?;
        let last = {
            let mut sink = |message| send(&mut output, &message);
            evaluate::answer(&store, &request, &setup.limits, &mut sink)
        };
        let last = last.map_or_else(FromWorker::Failed, |()| FromWorker::End);
        send(&mut output, &last)?;
    }
    close(store);
    Ok(())
}

fn send(output: &mut Stdout, message: &FromWorker) -> io::Result<()> {
    frame::write(output, message)
}

/// The store is only read, and the process ends: its files need no closing.
fn close(store: Store) {
    std::mem::forget(store);
}

/// Lets the process use `seconds` more of the processor: a last resort for
/// when the server doesn't kill it.
fn allow_processor_seconds(seconds: u64) -> Result<(), WorkerError> {
    let limit = used_processor_seconds()? + seconds + 1;
    let maximum = process::getrlimit(Resource::Cpu).maximum;
    process::setrlimit(Resource::Cpu, Rlimit { current: Some(limit), maximum })?;
    Ok(())
}

/// Processor time that the process has used, rounded up.
///
/// Source: proc(5), `/proc/pid/stat`, fields 14 (utime) and 15 (stime).
fn used_processor_seconds() -> io::Result<u64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The second field, the name of the program, may hold spaces.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Ok(ticks.div_ceil(TICKS_PER_SECOND))
}
