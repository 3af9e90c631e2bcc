//! The listener for operators: measures without a token, at an address that
//! only they reach.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use serde::Deserialize;
use serde::Serialize;
use thiserror::Error;
use tokio::net::TcpListener;

use crate::web::metrics::Metrics;
use crate::web::problem::Problem;
use crate::web::serve;
use crate::web::serve::Options;
use crate::web::state::AppState;
use crate::web::stop::Stop;

/// Connections of operators at once.
const MOST_CONNECTIONS: usize = 64;

/// What stands for no address.
const NOWHERE: &str = "none";

/// Where measures are given without a token: an address, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Place {
    /// Nowhere.
    Nowhere,
    /// At this address; port 0 takes a free one.
    At(SocketAddr),
}

/// A text that is no [`Place`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is neither an address such as 127.0.0.1:9090 nor `none`")]
pub struct PlaceError(String);

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        if text == NOWHERE {
            return Ok(Self::Nowhere);
        }
        text.parse().map(Self::At).map_err(|_| PlaceError(text.to_owned()))
    }
}

impl TryFrom<String> for Place {
    type Error = PlaceError;

    fn try_from(text: String) -> Result<Self, PlaceError> {
        text.parse()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => formatter.write_str(NOWHERE),
            Self::At(address) => address.fmt(formatter),
        }
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

/// Begins to listen at `place`, and says in the log where.
///
/// A register without measures is better than none, so an address that can't
/// be had is told in the log and is no error: `/metrics` of the site, for
/// tokens, is there in any case.
pub async fn listen(place: Place) -> Option<TcpListener> {
    let Place::At(address) = place else { return None };
    let bound = TcpListener::bind(address).await;
    match bound.and_then(|listener| Ok((listener.local_addr()?, listener))) {
        Ok((address, listener)) => {
            tracing::info!(%address, "measures are given without a token");
            Some(listener)
        }
        Err(error) => {
            tracing::warn!(%address, %error, "no measures are given without a token");
            None
        }
    }
}

/// Gives the measures on `listener` until `stop` is requested.
pub async fn serve(listener: TcpListener, state: AppState, metrics: Arc<Metrics>, stop: Stop) {
    let options = Options { max_connections: MOST_CONNECTIONS, ..Options::default() };
    serve::serve(listener, router(state, metrics), &options, &stop).await;
}

/// The site for operators: `/metrics`, and nothing else.
fn router(state: AppState, metrics: Arc<Metrics>) -> Router {
    let read = move || async move { metrics.read(&state).await };
    Router::new()
        .route("/metrics", get(read))
        .fallback(async || Problem::not_found("only /metrics is here"))
}

#[cfg(test)]
#[path = "admin_tests.rs"]
mod tests;
