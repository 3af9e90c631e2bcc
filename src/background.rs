//! Work that may wait: its threads give way to those that answer people.

use std::thread;

/// How much less of a busy processor a thread of the background gets, from 0 to
/// 19: at 10 about a tenth of what one that answers does. An idle processor is
/// theirs alone all the same.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Puts the thread that calls this into the background for good, and all that
/// it starts from now on. Elsewhere than on Linux, where priorities are those
/// of whole processes, nothing happens; nor where the system refuses.
pub fn enter() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "a thread keeps its priority");
    }
}

/// Does `work` in the background while the caller waits, so that threads which
/// it starts stay there.
///
/// # Panics
///
/// When `work` does.
pub fn run<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let there = scope.spawn(|| {
            enter();
            work()
        });
        there.join().unwrap_or_else(|panicked| std::panic::resume_unwind(panicked))
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::getpriority_process;

    use super::*;

    fn niceness() -> i32 {
        getpriority_process(None).expect("a process may ask for its own")
    }

    #[test]
    fn what_is_started_in_the_background_stays_there_and_who_waits_does_not() {
        let own = niceness();
        let started = run(|| thread::spawn(niceness)).join().unwrap();
        assert_eq!((started, niceness()), (own.max(NICENESS), own));
    }
}
