//! Asking a server as quickly as it answers, over several connections.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};

use crate::cli::bench::load::as_f64;
use crate::cli::bench::loopback::Server;
use crate::cli::bench::measure::Samples;

/// How many ask at once.
const CONNECTIONS: usize = 4;

/// A request that is made again and again.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) path: String,
    /// The entity tag that the client has, so that nothing is sent again.
    pub(super) has: Option<String>,
}

/// How quickly a server answered.
#[derive(Debug, Default)]
pub(super) struct Driven {
    /// What each answer took.
    took: Vec<Duration>,
    /// What all of them took together, over all connections at once.
    time: Duration,
}

impl Driven {
    /// Answers in a second.
    pub(super) fn per_second(&self) -> f64 {
        as_f64(self.took.len() as u64) / self.time.as_secs_f64()
    }

    /// What each answer took.
    pub(super) fn to_samples(&self) -> Samples {
        Samples::from(self.took.clone())
    }

    /// Adds what was measured at another time.
    pub(super) fn add(&mut self, other: Self) {
        self.took.extend(other.took);
        self.time += other.time;
    }
}

/// Makes all requests `rounds` times on each connection, after a round without
/// a clock.
///
/// # Errors
///
/// When an answer is not the one that is expected: 304 for what the client
/// has, else 200.
pub(super) fn drive(server: &Server, targets: &[Target], rounds: usize) -> Result<Driven> {
    let ready = Barrier::new(CONNECTIONS);
    let asked = thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| scope.spawn(|| one(server, targets, rounds, &ready)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| anyhow!("a connection panicked"))?)
            .collect::<Result<Vec<Asked>>>()
    })?;
    let first = asked.iter().map(|asked| asked.from).min();
    let last = asked.iter().map(|asked| asked.to).max();
    let time = first.zip(last).map_or(Duration::ZERO, |(first, last)| last - first);
    let took: Vec<Duration> = asked.into_iter().flat_map(|asked| asked.took).collect();
    ensure!(!took.is_empty(), "nothing was asked");
    Ok(Driven { took, time })
}

struct Asked {
    from: Instant,
    to: Instant,
    took: Vec<Duration>,
}

fn one(server: &Server, targets: &[Target], rounds: usize, ready: &Barrier) -> Result<Asked> {
    let mut client = server.client()?;
    let mut ask = |target: &Target| {
        let reply = client.ask(&target.path, "*/*", target.has.as_deref())?;
        let expected = if target.has.is_some() { 304 } else { 200 };
        ensure!(reply.status == expected, "{} gave {}", target.path, reply.status);
        Ok(())
    };
    let warm = targets.iter().try_for_each(&mut ask);
    // Also after a failure, or the others would wait for ever.
    ready.wait();
    warm?;
    let from = Instant::now();
    let mut took = Vec::with_capacity(targets.len() * rounds);
    for target in std::iter::repeat_n(targets, rounds).flatten() {
        let start = Instant::now();
        ask(target)?;
        took.push(start.elapsed());
    }
    Ok(Asked { from, to: Instant::now(), took })
}
