//! Tests of [`requests`](super).

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
