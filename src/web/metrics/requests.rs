//! Requests by route, method and status, and how long they took.
//!
//! They are counted by the template of their route, never by its path, so that
//! nobody can make series without end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use http::Method;

use crate::web::measure::Measured;
use crate::web::measure::Text;
use crate::web::measure::Times;
use crate::web::negotiate::Format;
use crate::web::negotiate::split_suffix;

/// What is counted of requests.
#[derive(Debug, Default)]
pub(super) struct Requests(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    answers: BTreeMap<(Arc<str>, &'static str, u16), u64>,
    times: BTreeMap<Arc<str>, Times>,
}

impl Requests {
    /// Takes note of an answer by the route with this template; `none` when
    /// no route was found.
    pub(super) fn note(&self, route: &str, method: &Method, status: u16, time: Duration) {
        let (route, _) = split_suffix(route, Format::ALL);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = counts.times.get_key_value(route).map(|(route, _)| Arc::clone(route));
        let route: Arc<str> = known.unwrap_or_else(|| route.into());
        *counts.answers.entry((Arc::clone(&route), name(method), status)).or_default() += 1;
        counts.times.entry(route).or_default().note(time);
    }
}

impl Measured for Requests {
    fn measure(&self, text: &mut Text) {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut answers = text.counter("kist_http_requests_total", "Requests that were answered.");
        for ((route, method, status), count) in &counts.answers {
            let labels = [("route", &**route), ("method", method), ("status", &status.to_string())];
            answers.sample(&labels, count);
        }
        let name = "kist_http_request_duration_seconds";
        let mut samples = text.histogram(name, "Time until an answer began.");
        for (route, times) in &counts.times {
            times.write(&mut samples, &[("route", route)]);
        }
    }
}

/// The name of a method; those that nobody declares are one.
fn name(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| method.as_str() == *known).unwrap_or("other")
}

#[cfg(test)]
#[path = "requests_tests.rs"]
mod tests;
