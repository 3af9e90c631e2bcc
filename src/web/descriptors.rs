//! Whether the operating system gives the process as many file descriptors as
//! its connections may need.

use rustix::process::Resource;
use rustix::process::Rlimit;
use rustix::process::getrlimit;
use rustix::process::setrlimit;
use thiserror::Error;

/// Descriptors for everything that is no connection: the store, the index,
/// the log.
const RESERVE: u64 = 1_024;

/// The limit of descriptors is too low, and the system lets nobody raise it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "the system gives {given} file descriptors, and {needed} are needed; lower \
     connections.max_connections, or raise the limit (`ulimit -n`, or LimitNOFILE of systemd)"
)]
pub struct TooFewDescriptors {
    given: u64,
    needed: u64,
}

/// Sees to it that the process may have `connections` at once and still open
/// its files, by raising its own limit where that is allowed.
///
/// # Errors
///
/// [`TooFewDescriptors`] when the system's hard limit is below that.
pub fn reserve(connections: usize) -> Result<(), TooFewDescriptors> {
    let needed = RESERVE + connections as u64;
    let limit = getrlimit(Resource::Nofile);
    // No limit is written as none.
    let Some(given) = limit.current.filter(|given| *given < needed) else { return Ok(()) };
    let most = limit.maximum.unwrap_or(u64::MAX);
    let raised = Rlimit { current: Some(needed), maximum: limit.maximum };
    if most >= needed && setrlimit(Resource::Nofile, raised).is_ok() {
        Ok(())
    } else {
        Err(TooFewDescriptors { given: most.max(given), needed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_any_system_gives_is_refused_and_few_are_not() {
        assert_eq!(reserve(1), Ok(()));
        if getrlimit(Resource::Nofile).maximum.is_some() {
            let error = reserve(1 << 60).unwrap_err();
            assert!(error.to_string().contains("ulimit"), "{error}");
        }
    }
}
