//! How the program is asked to stop: once to finish its work, twice to drop it.

use std::io;

use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tokio_util::sync::CancellationToken;

/// The wish that the program stops, shared by all who must know of it.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    requested: CancellationToken,
    at_once: CancellationToken,
}

impl Stop {
    /// Nobody has asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks: the first time to finish what has been begun, the second time to
    /// stop at once.
    pub fn request(&self) {
        if self.requested.is_cancelled() {
            self.at_once.cancel();
        }
        self.requested.cancel();
    }

    /// Whether somebody has asked; the register is no longer ready then.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.requested.is_cancelled()
    }

    /// Waits until somebody asks.
    pub async fn requested(&self) {
        self.requested.cancelled().await;
    }

    /// Waits until somebody asks a second time.
    pub async fn requested_again(&self) {
        self.at_once.cancelled().await;
    }

    /// Turns the signals `SIGTERM` and `SIGINT` into requests, from now on and
    /// as long as the runtime lives.
    ///
    /// # Errors
    ///
    /// When the operating system gives no signals.
    pub fn listen_to_signals(&self) -> io::Result<()> {
        let stop = self.clone();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::spawn(async move {
            loop {
                let received = tokio::select! {
                    received = terminate.recv() => received,
                    received = interrupt.recv() => received,
                };
                if received.is_none() {
                    return;
                }
                stop.request();
            }
        });
        Ok(())
    }
}
