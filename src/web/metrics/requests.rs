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
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_and_their_times_by_bucket() {
        let requests = Requests::default();
        let note = |route: &str, status, microseconds| {
            requests.note(route, &Method::GET, status, Duration::from_micros(microseconds));
        };
        note("/api/v1/search", 200, 800);
        note("/api/v1/search.csv", 200, 3_000);
        note("/api/v1/search", 400, 90_000_000);
        let strange = Method::from_bytes(b"BREW").unwrap();
        requests.note("none", &strange, 404, Duration::ZERO);
        let mut text = Text::default();
        requests.measure(&mut text);
        let text = text.into_string();
        for expected in [
            "kist_http_requests_total{route=\"/api/v1/search\",method=\"GET\",status=\"200\"} 2",
            "kist_http_requests_total{route=\"/api/v1/search\",method=\"GET\",status=\"400\"} 1",
            "kist_http_requests_total{route=\"none\",method=\"other\",status=\"404\"} 1",
            "kist_http_request_duration_seconds_bucket{route=\"/api/v1/search\",le=\"0.001\"} 1",
            "kist_http_request_duration_seconds_bucket{route=\"/api/v1/search\",le=\"0.005\"} 2",
            "kist_http_request_duration_seconds_bucket{route=\"/api/v1/search\",le=\"+Inf\"} 3",
            "kist_http_request_duration_seconds_sum{route=\"/api/v1/search\"} 90.003800",
            "kist_http_request_duration_seconds_count{route=\"/api/v1/search\"} 3",
        ] {
            assert!(text.lines().any(|line| line == expected), "{expected}\n{text}");
        }
    }
}
