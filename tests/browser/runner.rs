//! Runs the tests side by side over one stage, as `cargo test` wants it.
//!
//! Not the usual harness, because the browser must be ended when the last
//! test is over, and because its absence must be told aloud.

use std::future::Future;
use std::io::{self, Write};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream;
use tokio::runtime::Runtime;

use crate::chromium;
use crate::stage::Stage;

/// How many tests run at once.
const AT_ONCE: usize = 3;
/// How long one may take: only what hangs takes so long.
const LONGEST: Duration = Duration::from_mins(2);

/// A test that runs.
type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A test and its name.
pub(crate) struct Test {
    pub(crate) name: &'static str,
    pub(crate) run: fn(Arc<Stage>) -> Running,
}

/// Runs those of `tests` that the arguments of the program name, or all.
pub(crate) fn main(tests: &'static [Test]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let filters: Vec<&String> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let is_chosen =
        |test: &&Test| filters.is_empty() || filters.iter().any(|it| test.name.contains(*it));
    let chosen: Vec<&Test> = tests.iter().filter(is_chosen).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        for test in &chosen {
            say(&format!("{}: test", test.name));
        }
        return ExitCode::SUCCESS;
    }
    if chosen.is_empty() {
        return ExitCode::SUCCESS;
    }
    let Some(executable) = chromium::find() else {
        say(&format!(
            "\nNOT TESTED: {} tests need Chromium, which is not installed.",
            chosen.len()
        ));
        say(chromium::HOW_TO_INSTALL);
        return ExitCode::SUCCESS;
    };
    let began = Instant::now();
    say(&format!("\nrunning {} tests in {}", chosen.len(), executable.display()));
    let failed = Runtime::new().unwrap().block_on(async {
        let stage = Arc::new(Stage::open(&executable).await);
        let runs = chosen.into_iter().map(|test| run(test, Arc::clone(&stage)));
        let results: Vec<bool> = stream::iter(runs).buffer_unordered(AT_ONCE).collect().await;
        stage.close().await;
        results.iter().filter(|passed| !**passed).count()
    });
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    let seconds = began.elapsed().as_secs_f64();
    say(&format!("\ntest result: {verdict}. {failed} failed; finished in {seconds:.1}s\n"));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn run(test: &'static Test, stage: Arc<Stage>) -> bool {
    let began = Instant::now();
    let running = tokio::spawn((test.run)(stage));
    let stop = running.abort_handle();
    let verdict = match tokio::time::timeout(LONGEST, running).await {
        Ok(Ok(())) => "ok",
        Ok(Err(_)) => "FAILED",
        Err(_) => {
            stop.abort();
            "FAILED (it hangs)"
        }
    };
    say(&format!("test {} ... {verdict} ({:.1}s)", test.name, began.elapsed().as_secs_f64()));
    verdict == "ok"
}

fn say(text: &str) {
    // There is nobody to tell when the output is closed.
    let _ = writeln!(io::stdout(), "{text}");
}
