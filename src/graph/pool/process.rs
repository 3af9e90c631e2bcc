//! A query process, seen from the server.

use std::collections::HashMap;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::graph::frame::{self, FromWorker, Setup, ToWorker};
use crate::graph::pool::checkpoints::Checkpoint;
use crate::graph::{Limits, Options, PoolError, QueryError};

/// The program that runs, even when its file has been replaced since: both
/// ends must be of one version.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// How long a process may take to open its copy of the graph.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// How much of what a dying process says is read, in bytes.
const LAST_WORDS: u64 = 8 * 1024;

/// Starts query processes.
///
/// All are started by one thread that lives as long as this value: the system
/// kills them when the thread that started them ends, and the threads of a
/// runtime come and go.
pub(super) struct Launcher {
    requests: mpsc::Sender<oneshot::Sender<io::Result<Child>>>,
    memory_bytes: u64,
    seconds: u64,
    limits: Limits,
}

/// A query process that is ready, or at work. Dropping kills it.
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    errors: ChildStderr,
    memory_bytes: u64,
    seconds: u64,
    pub(super) checkpoint: Arc<Checkpoint>,
}

impl Launcher {
    pub(super) fn start(options: &Options) -> Result<Self, PoolError> {
        let failed = |error: io::Error| PoolError::Start(error.to_string());
        let program = options.program.clone().unwrap_or_else(|| THIS_PROGRAM.into());
        let runtime = Handle::current();
        let (requests, received) = mpsc::channel::<oneshot::Sender<io::Result<Child>>>();
        thread::Builder::new()
            .name("query-launcher".to_owned())
            .spawn(move || {
                let _runtime = runtime.enter();
                while let Ok(reply) = received.recv() {
                    // Nobody waits any more: the child is killed at once.
                    let _ = reply.send(spawn(&program));
                }
            })
            .map_err(failed)?;
        let Options { worker_memory_bytes: memory_bytes, limits, .. } = *options;
        let seconds = options.timeout().as_secs() + 1;
        Ok(Self { requests, memory_bytes, seconds, limits })
    }

    /// Starts a process and waits until it has opened its copy of the graph.
    pub(super) async fn launch(&self, checkpoint: &Arc<Checkpoint>) -> Result<Process, PoolError> {
        let (reply, child) = oneshot::channel();
        let gone = || PoolError::Start("the launching thread has ended".to_owned());
        self.requests.send(reply).map_err(|_| gone())?;
        let child = child.await.map_err(|_| gone())?;
        let mut process = child
            .and_then(|child| self.take_over(child, Arc::clone(checkpoint)))
            .map_err(|error| PoolError::Start(error.to_string()))?;
        let setup = ToWorker::Setup(Setup {
            checkpoint: checkpoint.directory.clone(),
            memory_bytes: self.memory_bytes,
            seconds: self.seconds,
            limits: self.limits,
        });
        let ready = async {
            process.send(&setup).await?;
            process.receive().await
        };
        match timeout(START_TIMEOUT, ready).await {
            Ok(Ok(FromWorker::Ready)) => Ok(process),
            Ok(Ok(_)) => Err(PoolError::Start("the process is not a query process".to_owned())),
            Ok(Err(_)) => Err(PoolError::Start(process.last_words().await)),
            Err(_) => Err(PoolError::Start("the graph took too long to open".to_owned())),
        }
    }
}

impl Launcher {
    fn take_over(&self, mut child: Child, checkpoint: Arc<Checkpoint>) -> io::Result<Process> {
        let no_pipe = || io::Error::other("the process has no pipes");
        let input = child.stdin.take().ok_or_else(no_pipe)?;
        let output = BufReader::new(child.stdout.take().ok_or_else(no_pipe)?);
        let errors = child.stderr.take().ok_or_else(no_pipe)?;
        let Self { memory_bytes, seconds, .. } = *self;
        Ok(Process { child, input, output, errors, memory_bytes, seconds, checkpoint })
    }
}

fn spawn(program: &PathBuf) -> io::Result<Child> {
    let environment: HashMap<&str, &str> = HashMap::from([
        // The allocator takes a gibibyte of the address space at once unless
        // told: this is in kibibytes.
        ("MIMALLOC_ARENA_RESERVE", "32768"),
    ]);
    Command::new(program)
        .arg0("kist")
        .arg("worker")
        .env_clear()
        .envs(environment)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}

impl Process {
    pub(super) async fn send(&mut self, message: &ToWorker) -> io::Result<()> {
        frame::send(&mut self.input, message).await
    }

    pub(super) async fn receive(&mut self) -> io::Result<FromWorker> {
        frame::receive(&mut self.output).await
    }

    /// Why a process that says nothing more has died.
    pub(super) async fn post_mortem(mut self) -> QueryError {
        let words = self.last_words().await;
        let status = self.child.wait().await.ok();
        judge(status, &words, self.memory_bytes, self.seconds)
    }

    async fn last_words(&mut self) -> String {
        // It may be alive, with its output closed; then it never ends.
        let _ = self.child.start_kill();
        let mut words = Vec::new();
        let _ = (&mut self.errors).take(LAST_WORDS).read_to_end(&mut words).await;
        String::from_utf8_lossy(&words).trim().to_owned()
    }
}

/// Tells a query that took all memory from one that overflowed the stack, and
/// from a fault of ours.
fn judge(status: Option<ExitStatus>, words: &str, memory_bytes: u64, seconds: u64) -> QueryError {
    const SIGXCPU: i32 = 24;
    let signal = status.and_then(|status| status.signal());
    let out_of_memory = ["memory allocation of", "bad_alloc", "Cannot allocate memory"];
    if out_of_memory.iter().any(|part| words.contains(part)) {
        QueryError::Memory { bytes: memory_bytes }
    } else if words.contains("overflowed its stack") {
        QueryError::Unsupported("it nests too deep".to_owned())
    } else if signal == Some(SIGXCPU) {
        QueryError::Timeout { milliseconds: seconds * 1000 }
    } else {
        let last = words.lines().last().unwrap_or("no last words");
        QueryError::Worker(format!("{status:?}: {last}"))
    }
}
