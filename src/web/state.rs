//! What every handler has at hand.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::graph::Pool;
use crate::register::Register;
use crate::web::kept::Present;
use crate::web::kept::Stamp;
use crate::web::problem::Problem;
use crate::web::problem::Result;
use crate::web::stop::Stop;
use crate::web::tiles::Tiles;

/// The register and its surroundings, shared by all requests.
#[derive(Clone)]
pub struct AppState(Arc<App>);

/// What [`AppState`] shares.
pub struct App {
    /// The register.
    pub register: Arc<Register>,
    /// The processes that answer SPARQL; nowhere when they can't be started.
    pub sparql: Option<Pool>,
    /// Tells when the program is asked to stop.
    pub stop: Stop,
    /// The time. Only the floor above reads the clock.
    pub clock: fn() -> Timestamp,
    /// What other machines are told of the register.
    pub identity: Identity,
}

/// What the register tells other machines of itself, and their people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The WebSub hub that tells subscribers of changes.
    pub hub: Option<String>,
    /// Address of the licence under which it gives what its sources don't say
    /// more of.
    pub licence: Option<String>,
    /// The `User-Agent` with which it harvests.
    pub user_agent: String,
    /// How to reach who runs it: an address of mail, or one with a scheme.
    pub contact: Option<String>,
    /// Where the movable map of embeds has its ground from.
    pub tiles: Option<Tiles>,
}

impl AppState {
    /// Shares `app`.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self(Arc::new(app))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// What `work` gives, on a thread that may wait for the disk.
    ///
    /// # Errors
    ///
    /// As `work`; 500 `internal` when it panics.
    pub(in crate::web) async fn on_disk<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Self) -> Result<T> + Send + 'static,
    {
        let state = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&state));
        done.await.unwrap_or_else(|_| Err(Problem::internal()))
    }

    /// The day that it is in Scotland.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().to_zoned(zone()).date()
    }
}

/// The zone of Scotland.
fn zone() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

impl Present for AppState {
    fn stamp(&self) -> Stamp {
        Stamp { seen: self.register.index().moment(), now: self.now() }
    }

    fn end_of_day(&self, now: Timestamp) -> Timestamp {
        let tomorrow = now.to_zoned(zone()).tomorrow().and_then(|day| day.start_of_day());
        tomorrow.map_or(now, |day| day.timestamp())
    }
}

impl std::ops::Deref for AppState {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}
