//! Measures of the running program, in the text format of Prometheus (0.0.4).
//!
//! Requests are counted by the template of their route, never by its path, so
//! that nobody can make series without end.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;
use http::Method;
use http::header;

use crate::register::Register;
use crate::web::negotiate::Format;
use crate::web::negotiate::split_suffix;
use crate::web::problem::Problem;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// Upper ends of the buckets of times, in microseconds, and as they are
/// written in seconds.
const BUCKETS: [(u64, &str); 9] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (100_000, "0.1"),
    (500_000, "0.5"),
    (2_500_000, "2.5"),
    (10_000_000, "10"),
];

/// What is counted of requests, shared by all of them.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    answers: BTreeMap<(Arc<str>, &'static str, u16), u64>,
    times: BTreeMap<Arc<str>, Times>,
}

#[derive(Debug, Default)]
struct Times {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    microseconds: u64,
}

impl Metrics {
    /// Takes note of an answer by the route with this template; `none` when
    /// no route was found.
    pub fn note(&self, route: &str, method: &Method, status: u16, time: Duration) {
        let (route, _) = split_suffix(route, Format::ALL);
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = counts.times.get_key_value(route).map(|(route, _)| Arc::clone(route));
        let route: Arc<str> = known.unwrap_or_else(|| route.into());
        *counts.answers.entry((Arc::clone(&route), name(method), status)).or_default() += 1;
        let times = counts.times.entry(route).or_default();
        for ((most, _), bucket) in BUCKETS.iter().zip(&mut times.buckets) {
            *bucket += u64::from(microseconds <= *most);
        }
        times.count += 1;
        times.microseconds = times.microseconds.saturating_add(microseconds);
    }

    fn write(&self, text: &mut String) {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        head(text, "kist_http_requests_total", "counter", "Requests that were answered.");
        for ((route, method, status), count) in &counts.answers {
            line(
                text,
                format_args!(
                    "kist_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}"
                ),
            );
        }
        let name = "kist_http_request_duration_seconds";
        head(text, name, "histogram", "Time until an answer began.");
        for (route, times) in &counts.times {
            for ((_, most), count) in BUCKETS.iter().zip(times.buckets) {
                line(
                    text,
                    format_args!("{name}_bucket{{route=\"{route}\",le=\"{most}\"}} {count}"),
                );
            }
            let Times { count, microseconds, .. } = times;
            line(text, format_args!("{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}"));
            let (whole, part) = (microseconds / 1_000_000, microseconds % 1_000_000);
            line(text, format_args!("{name}_sum{{route=\"{route}\"}} {whole}.{part:06}"));
            line(text, format_args!("{name}_count{{route=\"{route}\"}} {count}"));
        }
    }
}

/// The name of a method; those that nobody declares are one.
fn name(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| method.as_str() == *known).unwrap_or("other")
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    line(text, format_args!("# HELP {name} {help}"));
    line(text, format_args!("# TYPE {name} {kind}"));
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("memory takes any text");
}

/// Gives all measures.
///
/// # Errors
///
/// 500 `internal` when the journal can't be read.
pub async fn find_metrics(
    State(state): State<AppState>,
    metrics: Option<Extension<Arc<Metrics>>>,
) -> Result<Response> {
    let mut text = String::new();
    if let Some(Extension(metrics)) = metrics {
        metrics.write(&mut text);
    }
    let sparql = state.sparql.as_ref().map(|pool| pool.revision().0);
    // Sizes are added up over all records.
    let measured = tokio::task::spawn_blocking(move || measure(&state.register, sparql));
    text += &measured.await.map_err(|_| Problem::internal())??;
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, text).into_response())
}

fn measure(register: &Register, sparql: Option<u64>) -> Result<String> {
    let newest = register.newest()?.0;
    let size = register.index().size();
    let graph = register.graph().revision().map(|revision| revision.0).ok();
    let index = Some(register.index().revision().0);
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, values: &[(&str, u64)]| {
        head(&mut text, name, "gauge", help);
        for (labels, value) in values {
            line(&mut text, format_args!("{name}{labels} {value}"));
        }
    };
    let version = concat!("{version=\"", env!("CARGO_PKG_VERSION"), "\"}");
    gauge("kist_build_info", "The version of the program.", &[(version, 1)]);
    gauge("kist_revision", "The newest revision of the journal.", &[("", newest)]);
    let views =
        [("{view=\"graph\"}", graph), ("{view=\"index\"}", index), ("{view=\"sparql\"}", sparql)];
    let lags: Vec<(&str, u64)> = views
        .into_iter()
        .filter_map(|(view, at)| Some((view, newest.saturating_sub(at?))))
        .collect();
    gauge("kist_view_lag_revisions", "How many revisions a view is behind.", &lags);
    gauge("kist_index_records", "Records in the index.", &[("", size.records)]);
    gauge("kist_index_points", "Positions in the index.", &[("", size.points)]);
    let bytes = [
        ("{part=\"records\"}", size.record_bytes),
        ("{part=\"points\"}", size.point_bytes),
        ("{part=\"facets\"}", size.facet_bytes),
        ("{part=\"text\"}", size.text_bytes),
        ("{part=\"disk\"}", size.disk_bytes),
    ];
    gauge("kist_index_bytes", "Bytes of the index, in memory and on the disk.", &bytes);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_and_their_times_by_bucket() {
        let metrics = Metrics::default();
        let note = |route: &str, status, microseconds| {
            metrics.note(route, &Method::GET, status, Duration::from_micros(microseconds));
        };
        note("/api/v1/search", 200, 800);
        note("/api/v1/search.csv", 200, 3_000);
        note("/api/v1/search", 400, 90_000_000);
        let strange = Method::from_bytes(b"BREW").unwrap();
        metrics.note("none", &strange, 404, Duration::ZERO);
        let mut text = String::new();
        metrics.write(&mut text);
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
