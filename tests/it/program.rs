//! Runs the real binary, and talks to it.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};

/// A public address that doesn't depend on the port, so that the views stay
/// when the server starts again.
pub(crate) const BASE: &str = "http://kist.test";

/// The binary, without any settings of whoever runs the tests.
pub(crate) fn kist() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kist"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("KIST_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Checks the exit code, and shows what was said when it is another.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

/// Runs `command` to its end.
pub(crate) fn finish(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the binary with the words of `line`, then `--data` and `--base-url`.
pub(crate) fn run(line: &str, data: &Path) -> Ended {
    run_with(line, &[] as &[&str], data)
}

/// As [`run`], with more arguments after the words.
pub(crate) fn run_with(line: &str, more: &[impl AsRef<OsStr>], data: &Path) -> Ended {
    let mut command = kist();
    command.args(line.split_whitespace()).args(more);
    finish(command.arg("--data").arg(data).args(["--base-url", BASE]))
}

/// Makes a register in `data` in which nothing is but what comes with the program.
#[track_caller]
pub(crate) fn make_register(data: &Path) {
    let nothing = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    std::fs::write(nothing.path(), "[]").unwrap();
    run_with("load", &[nothing.path()], data).with(0);
}

/// The command that serves on a free port.
fn command(data: &Path, more: &[&str]) -> Command {
    let mut command = kist();
    command.args(["serve", "--listen", "127.0.0.1:0", "--base-url", BASE]).args(more);
    if more.contains(&"--memory") {
        // Its copies of the graph stay there when it is killed.
        command.env("TMPDIR", data);
    } else {
        command.arg("--data").arg(data);
    }
    // Only one of all servers could have the usual address.
    command.env("KIST_SERVER__METRICS_LISTEN", "none");
    command
}

/// The lines of a log, as they come.
pub(crate) struct Log(Receiver<String>);

impl Log {
    /// The next line that has all of these `words`.
    #[track_caller]
    pub(crate) fn find(&self, words: &[&str]) -> serde_json::Value {
        let line = self.0.iter().find(|line| words.iter().all(|word| line.contains(word)));
        serde_json::from_str(&line.unwrap()).unwrap()
    }

    /// All lines until the server has gone.
    pub(crate) fn rest(self) -> Vec<String> {
        self.0.iter().collect()
    }
}

/// A server that runs, and is killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts the binary on a free port and waits for its first line.
    #[track_caller]
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        // Whatever fails is told on the standard error of the test.
        Self::spawn(command(data, more).env("KIST_LOG__FILTER", "error"))
    }

    /// The same, with these settings in its environment; the lines of its log
    /// as JSON.
    #[track_caller]
    pub(crate) fn start_with_log(
        data: &Path,
        more: &[&str],
        settings: &[(&str, &str)],
    ) -> (Self, Log) {
        let mut command = command(data, more);
        command.envs(settings.iter().copied()).env("KIST_LOG__FORMAT", "json");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        // Before anything is waited for: a pipe that is full holds the server.
        let log = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || {
            // Nobody reads on when the test is over.
            log.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        (Self::ready(child), Log(lines))
    }

    #[track_caller]
    fn spawn(command: &mut Command) -> Self {
        Self::ready(command.stdout(Stdio::piped()).spawn().unwrap())
    }

    /// The server of `child`, once it has said where it is.
    #[track_caller]
    fn ready(mut child: Child) -> Self {
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("kist is open at http://");
        let Some(address) = address.and_then(|address| address.strip_suffix('/')) else {
            panic!("the first line was `{line}`, and the server ended with {:?}", child.wait());
        };
        Self { address: address.parse().unwrap(), child }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Kills it as a power cut would, and waits until it is gone.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and gives the exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        // Twice, so that it doesn't wait for those who might still come.
        for _ in 0..2 {
            kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        }
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The line of the status and the headers, as they came.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Response {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// `GET` of `path`.
#[track_caller]
pub(crate) fn get(address: SocketAddr, path: &str) -> Response {
    request(address, "GET", path, &[], "").unwrap()
}

/// Sends a request over a connection of its own.
///
/// # Errors
///
/// When the connection breaks before the answer is complete.
pub(crate) fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<Response> {
    let mut stream = TcpStream::connect(address)?;
    // In HTTP/1.0 an answer has no chunks, and ends with its connection.
    let mut head = format!("{method} {path} HTTP/1.0\r\nhost: kist.test\r\n");
    for (name, value) in headers {
        head = format!("{head}{name}: {value}\r\n");
    }
    let text = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8(answer).map_err(io::Error::other)?;
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let length = head.to_ascii_lowercase();
    let length = length.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    if length
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: usize| length > body.len())
    {
        return Err(cut());
    }
    let (head, body) = (head.to_owned(), body.to_owned());
    Ok(Response { status: status.ok_or_else(cut)?, head, body })
}
