//! Measures of the running program, all in one text: `/metrics`.
//!
//! Each is known cheaply, and is written in one place: by the part of this
//! floor that counts it, or by one of the files here for what is below.

mod harvest;
mod process;
mod register;
mod requests;

use std::fmt;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;
use http::Method;
use http::header;

use crate::web::measure::Measured;
use crate::web::measure::Text;
use crate::web::metrics::requests::Requests;
use crate::web::problem::Problem;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// All that is counted on this floor, shared by all requests.
#[derive(Default)]
pub struct Metrics {
    requests: Requests,
    parts: RwLock<Vec<Arc<dyn Measured>>>,
}

impl Metrics {
    /// Takes note of an answer by the route with this template; `none` when
    /// no route was found.
    pub fn note(&self, route: &str, method: &Method, status: u16, time: Duration) {
        self.requests.note(route, method, status, time);
    }

    /// Asks `part` too, from now on.
    pub fn add(&self, part: Arc<dyn Measured>) {
        self.parts.write().unwrap_or_else(PoisonError::into_inner).push(part);
    }

    /// All measures, of the register and the process too.
    ///
    /// # Errors
    ///
    /// 500 `internal` when the journal can't be read.
    pub async fn read(&self, state: &AppState) -> Result<Response> {
        let mut text = Text::default();
        self.requests.measure(&mut text);
        for part in &*self.parts.read().unwrap_or_else(PoisonError::into_inner) {
            part.measure(&mut text);
        }
        let state = state.clone();
        // Sizes are added up over all records, and files are read.
        let measured = tokio::task::spawn_blocking(move || {
            register::measure(&state, &mut text)?;
            harvest::measure(&state, &mut text)?;
            process::measure(&mut text);
            Ok::<_, Problem>(text.into_string())
        });
        let text = measured.await.map_err(|_| Problem::internal())??;
        let headers = [
            (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        Ok((headers, text).into_response())
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// Gives all measures.
///
/// # Errors
///
/// As [`Metrics::read`].
pub async fn find_metrics(
    State(state): State<AppState>,
    Extension(metrics): Extension<Arc<Metrics>>,
) -> Result<Response> {
    metrics.read(&state).await
}
