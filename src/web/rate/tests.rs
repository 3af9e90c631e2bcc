//! Requests of many clients through the whole chain, under a clock of our own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use axum::extract::State;
use axum::middleware;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::any;
use axum::routing::get;
use futures_util::StreamExt;
use futures_util::stream;
use http::StatusCode;
use tower::ServiceExt;

use super::limit::Limit;
use super::*;
use crate::web::measure::Measured;
use crate::web::measure::Text;
use crate::web::problem::Problem;

const CLIENT: &str = "203.0.113.7";
const OTHER: &str = "203.0.113.8";
const TOKEN: (&str, &str) = ("authorization", "Bearer good");
const BAD: (&str, &str) = ("authorization", "Bearer bad");

/// A site whose token is `good`, and its time.
struct Site {
    rates: Arc<Rates>,
    router: Router,
    milliseconds: Arc<AtomicU64>,
}

impl Site {
    fn new(options: &Options) -> Self {
        let milliseconds = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&milliseconds);
        let clock = Arc::new(move || Duration::from_millis(clock.load(Ordering::Relaxed)));
        let is_good: TokenCheck = Arc::new(|token| token == "good");
        let rates = Arc::new(Rates::with_clock(options, is_good, clock));
        let shared = || Arc::clone(&rates);
        let sparql = Router::new()
            .route("/sparql/{how}", any(query))
            .with_state(Arc::clone(&milliseconds))
            .layer(middleware::from_fn_with_state(shared(), pass_sparql));
        let router = Router::new()
            .route("/", any(async || "here"))
            .route("/private", get(private))
            .layer(middleware::from_fn_with_state(shared(), pass_write))
            .merge(sparql)
            .layer(middleware::from_fn_with_state(shared(), pass))
            .layer(middleware::from_fn_with_state(shared(), turn_away));
        Self { rates, router, milliseconds }
    }

    fn rest(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap();
        self.milliseconds.fetch_add(milliseconds, Ordering::Relaxed);
    }

    async fn ask(&self, peer: &str, line: &str, headers: &[(&str, &str)]) -> Response {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        let peer = SocketAddr::new(peer.parse().unwrap(), 40_000);
        request.extensions_mut().insert(ConnectInfo(peer));
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn statuses(
        &self,
        peer: &str,
        line: &str,
        headers: &[(&str, &str)],
        times: usize,
    ) -> Vec<u16> {
        let mut all = Vec::new();
        for _ in 0..times {
            all.push(self.ask(peer, line, headers).await.status().as_u16());
        }
        all
    }

    /// Checks that a client is let in `n` times and then refused by `limit`,
    /// until it has waited as long as it is told.
    async fn check(
        &self,
        peer: &str,
        line: &str,
        headers: &[(&str, &str)],
        n: usize,
        limit: Limit,
    ) {
        let case = format!("{line} {}", limit.name());
        let let_in = self.statuses(peer, line, headers, n).await;
        assert!(!let_in.contains(&429), "{case}: {let_in:?}");
        let refused = self.ask(peer, line, headers).await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS, "{case}");
        let quota = format!("\"{}\";q={n};w=", limit.name());
        assert!(header(&refused, "ratelimit-policy").starts_with(&quota), "{case}: {refused:?}");
        let wait = header(&refused, "retry-after");
        let left = format!("\"{}\";r=0;t={wait}", limit.name());
        assert_eq!(header(&refused, "ratelimit"), left, "{case}");
        self.rest(Duration::from_secs(wait.parse().unwrap()));
        assert_ne!(self.ask(peer, line, headers).await.status(), 429, "{case}");
    }

    fn measures(&self) -> String {
        let mut text = Text::default();
        self.rates.measure(&mut text);
        text.into_string()
    }
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn private(request: Request) -> Response {
    let presented = request.headers().get("authorization");
    if presented.is_some_and(|presented| presented == "Bearer good") {
        return "private".into_response();
    }
    Problem::unauthorised("no").into_response()
}

/// A query that ends as its path says.
async fn query(State(clock): State<Arc<AtomicU64>>, request: Request) -> Response {
    match request.uri().path().rsplit('/').next().unwrap() {
        "wrong" => Problem::sparql_syntax("no").into_response(),
        "overloaded" => Problem::overloaded().into_response(),
        "endless" => Body::from_stream(stream::pending::<Result<String, String>>()).into_response(),
        "broken" => {
            let parts = [Ok("a"), Err("gone")];
            Body::from_stream(stream::iter(parts)).into_response()
        }
        "slow" => {
            // Half of its time comes after its head.
            clock.fetch_add(10_000, Ordering::Relaxed);
            let body = stream::once(async move {
                clock.fetch_add(10_000, Ordering::Relaxed);
                Ok::<_, String>("rows")
            });
            Body::from_stream(body).into_response()
        }
        _ => "yes".into_response(),
    }
}

/// Nothing is limited but what a test sets.
fn unlimited() -> Options {
    let none = || Share {
        requests_per_second: 0,
        request_burst: 0,
        writes_per_minute: 0,
        write_burst: 0,
        sparql_seconds_per_minute: 0,
        sparql_burst_seconds: 0,
        sparql_at_once: 0,
        sparql_failures_per_minute: 0,
    };
    Options {
        refused_tokens_per_minute: 0,
        block_after_refusals: 0,
        address: none(),
        token: none(),
        ..Options::default()
    }
}

fn of_address(share: Share) -> Options {
    Options { address: share, ..unlimited() }
}

#[tokio::test]
async fn each_limit_lets_in_as_much_as_it_says_and_then_nothing() {
    let none = unlimited().address;
    let requests = Share { requests_per_second: 2, request_burst: 5, ..none.clone() };
    let writes = Share { writes_per_minute: 3, write_burst: 4, ..none.clone() };
    let failures = Share { sparql_failures_per_minute: 3, ..none };
    for (share, line, n, limit) in [
        (&requests, "GET /", 5, Limit::Requests),
        (&requests, "GET /nothing", 5, Limit::Requests),
        (&requests, "POST /sparql/yes", 5, Limit::Requests),
        (&writes, "POST /", 4, Limit::Writes),
        (&writes, "PUT /", 4, Limit::Writes),
        (&writes, "PATCH /", 4, Limit::Writes),
        (&writes, "DELETE /", 4, Limit::Writes),
        (&failures, "GET /sparql/wrong", 3, Limit::SparqlFailures),
    ] {
        let site = Site::new(&of_address(share.clone()));
        site.check(CLIENT, line, &[], n, limit).await;
        // Others have shares of their own.
        site.check(OTHER, line, &[], n, limit).await;
        let site = Site::new(&Options { token: share.clone(), ..unlimited() });
        site.check(CLIENT, line, &[TOKEN], n, limit).await;
        // A token has its share wherever it is used.
        let site = Site::new(&Options { token: share.clone(), ..unlimited() });
        site.statuses(CLIENT, line, &[TOKEN], n).await;
        assert_eq!(site.statuses(OTHER, line, &[TOKEN], 1).await, [429]);
        assert_ne!(site.statuses(CLIENT, line, &[], 1).await, [429]);
    }
}

#[tokio::test]
async fn reading_is_no_write_and_neither_is_a_query() {
    let site = Site::new(&of_address(Share {
        writes_per_minute: 1,
        write_burst: 1,
        ..unlimited().address
    }));
    assert_eq!(site.statuses(CLIENT, "POST /", &[], 2).await, [200, 429]);
    for line in ["GET /", "HEAD /", "OPTIONS /", "POST /sparql/yes"] {
        assert_eq!(site.statuses(CLIENT, line, &[], 3).await, [200; 3], "{line}");
    }
}

#[tokio::test]
async fn a_page_that_was_let_in_has_its_style_and_only_files_are_free() {
    let share = Share { requests_per_second: 1, request_burst: 1, ..unlimited().address };
    let site = Site::new(&of_address(share));
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 2).await, [200, 429]);
    for file in ["/static/0190/kist.css", "/embed/v1/asset-list.js", "/embed/1.0.0/frame.css"] {
        assert_eq!(site.statuses(CLIENT, &format!("GET {file}"), &[], 2).await, [404; 2], "{file}");
    }
    for other in ["/embed/v1/near/EH6", "/embed/v1/lists/a.js", "/embed/v1", "/assets/1.css"] {
        assert_eq!(site.statuses(CLIENT, &format!("GET {other}"), &[], 1).await, [429], "{other}");
    }
}

#[tokio::test]
async fn one_network_of_ipv6_is_one_client_and_an_ipv4_address_is_the_same_however_written() {
    let share = Share { requests_per_second: 1, request_burst: 3, ..unlimited().address };
    let site = Site::new(&of_address(share));
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 4).await, [200, 200, 200, 429]);
    assert_eq!(site.statuses("2001:db8::1", "GET /", &[], 3).await, [200; 3]);
    assert_eq!(site.statuses("2001:db8::2:2", "GET /", &[], 1).await, [429]);
    assert_eq!(site.statuses("2001:db8:0:1::1", "GET /", &[], 1).await, [200]);
    assert_eq!(site.statuses("::ffff:203.0.113.7", "GET /", &[], 1).await, [429]);
}

#[tokio::test]
async fn this_machine_is_not_counted_and_a_proxy_says_who_asks() {
    let share = Share { requests_per_second: 1, request_burst: 1, ..unlimited().address };
    let one = of_address(share);
    let site = Site::new(&one);
    assert_eq!(site.statuses("127.0.0.1", "GET /", &[], 9).await, [200; 9]);
    let forged = [("x-forwarded-for", "198.51.100.1")];
    assert_eq!(site.statuses("127.0.0.1", "GET /", &forged, 3).await, [200; 3]);
    assert_eq!(site.statuses(CLIENT, "GET /", &forged, 2).await, [200, 429]);
    let forged = [("x-forwarded-for", "198.51.100.2")];
    assert_eq!(site.statuses(CLIENT, "GET /", &forged, 1).await, [429]);
    let trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    let site = Site::new(&Options { trusted_proxies, ..one.clone() });
    let named = |value: &'static str| [("x-forwarded-for", value)];
    let client = named("198.51.100.1");
    assert_eq!(site.statuses("127.0.0.1", "GET /", &client, 2).await, [200, 429]);
    // What the client itself wrote before is not believed.
    let more = named("203.0.113.50, 198.51.100.1");
    assert_eq!(site.statuses("127.0.0.1", "GET /", &more, 1).await, [429]);
    let another = named("198.51.100.2");
    assert_eq!(site.statuses("127.0.0.1", "GET /", &another, 1).await, [200]);
    // A proxy before it, of another network that is trusted.
    let far = named("198.51.100.2, 10.1.2.3");
    let trusted_proxies = vec!["127.0.0.1".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
    let site = Site::new(&Options { trusted_proxies, ..one });
    assert_eq!(site.statuses("10.9.9.9", "GET /", &another, 1).await, [200]);
    assert_eq!(site.statuses("127.0.0.1", "GET /", &far, 1).await, [429]);
    let nonsense = named("nonsense");
    assert_eq!(site.statuses("127.0.0.1", "GET /", &nonsense, 3).await, [200; 3]);
}

#[tokio::test]
async fn tokens_can_not_be_tried_one_after_the_other() {
    let site = Site::new(&Options { refused_tokens_per_minute: 3, ..unlimited() });
    assert_eq!(site.statuses(CLIENT, "GET /private", &[BAD], 4).await, [401, 401, 401, 429]);
    let refused = site.ask(CLIENT, "GET /private", &[BAD]).await;
    assert_eq!(header(&refused, "ratelimit-policy"), "\"refused-tokens\";q=3;w=60");
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 1).await, [200]);
    site.rest(Duration::from_secs(20));
    assert_eq!(site.statuses(CLIENT, "GET /private", &[BAD], 2).await, [401, 429]);
}

#[tokio::test]
async fn a_token_that_is_not_good_gives_no_share_of_its_own() {
    let share = Share { requests_per_second: 1, request_burst: 3, ..unlimited().address };
    let site = Site::new(&of_address(share));
    for (number, expected) in [(1, 200), (2, 200), (3, 200), (4, 429), (5, 429)] {
        let random = format!("Bearer random{number}");
        let answer = site.statuses(CLIENT, "GET /", &[("authorization", &random)], 1).await;
        assert_eq!(answer, [expected]);
    }
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 1).await, [429]);
}

#[tokio::test]
async fn a_token_has_one_share_however_it_is_written() {
    let token = Share { requests_per_second: 1, request_burst: 2, ..unlimited().token };
    let site = Site::new(&Options { token, refused_tokens_per_minute: 1, ..unlimited() });
    for (written, expected) in [
        ("Bearer good", 200),
        ("bearer good", 200),
        ("BEARER   good", 429),
        ("Basic good", 200),
        ("Bearer", 429),
    ] {
        let answer = site.statuses(CLIENT, "GET /", &[("authorization", written)], 1).await;
        assert_eq!(answer, [expected], "{written}");
    }
}

#[tokio::test]
async fn a_token_is_believed_until_it_is_refused() {
    let good = Arc::new(AtomicU64::new(1));
    let is_good = Arc::clone(&good);
    let check: TokenCheck = Arc::new(move |_| is_good.fetch_sub(1, Ordering::Relaxed) == 1);
    let clock = Arc::new(|| Duration::from_secs(1));
    let rates = Arc::new(Rates::with_clock(&unlimited(), check, clock));
    let address = CLIENT.parse().unwrap();
    let headers = http::HeaderMap::from_iter([(
        http::header::AUTHORIZATION,
        http::HeaderValue::from_static("Bearer once"),
    )]);
    let client::Client::Token(hash) = rates.identify(address, &headers).unwrap() else {
        panic!("it is good");
    };
    assert_eq!(rates.identify(address, &headers), Ok(client::Client::Token(hash)));
    rates.disbelieve(hash);
    assert_eq!(rates.identify(address, &headers), Ok(client::Client::Address(address)));
}

#[tokio::test]
async fn the_time_of_queries_is_counted_until_their_answers_have_gone() {
    // Thirty seconds, one of which is given back after each ten.
    let share =
        Share { sparql_seconds_per_minute: 6, sparql_burst_seconds: 30, ..unlimited().address };
    let site = Site::new(&of_address(share));
    for _ in 0..2 {
        let answer = site.ask(CLIENT, "GET /sparql/slow", &[]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.into_body().into_data_stream().count().await, 1);
    }
    // Forty are spent and two were given back: eight and one are missing.
    let refused = site.ask(CLIENT, "GET /sparql/yes", &[]).await;
    assert_eq!(header(&refused, "ratelimit-policy"), "\"sparql-seconds\";q=30;w=300");
    assert_eq!(header(&refused, "retry-after"), "90");
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 1).await, [200]);
    site.rest(Duration::from_secs(90));
    assert_eq!(site.statuses(CLIENT, "GET /sparql/yes", &[], 1).await, [200]);
}

#[tokio::test]
async fn as_many_queries_run_at_once_as_is_said_and_each_ends_with_its_answer() {
    let share = Share { sparql_at_once: 2, ..unlimited().address };
    let site = Site::new(&of_address(share));
    let first = site.ask(CLIENT, "GET /sparql/endless", &[]).await;
    let second = site.ask(CLIENT, "GET /sparql/endless", &[]).await;
    let third = site.ask(CLIENT, "GET /sparql/yes", &[]).await;
    assert_eq!(third.status(), StatusCode::TOO_MANY_REQUESTS);
    let policy = "\"sparql-at-once\";q=2;qu=\"concurrent-requests\"";
    assert_eq!(header(&third, "ratelimit-policy"), policy);
    assert_eq!(header(&third, "retry-after"), "1");
    assert_eq!(site.statuses(OTHER, "GET /sparql/yes", &[], 3).await, [200; 3]);
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 1).await, [200]);
    drop(first);
    assert_eq!(site.statuses(CLIENT, "GET /sparql/yes", &[], 2).await, [200; 2]);
    drop(second);
}

#[tokio::test]
async fn a_query_fails_when_its_answer_breaks_off_and_not_when_we_are_overloaded() {
    let share = Share { sparql_failures_per_minute: 2, ..unlimited().address };
    let site = Site::new(&of_address(share));
    assert_eq!(site.statuses(CLIENT, "GET /sparql/overloaded", &[], 3).await, [503; 3]);
    for _ in 0..2 {
        let broken = site.ask(CLIENT, "GET /sparql/broken", &[]).await;
        assert_eq!(broken.status(), StatusCode::OK);
        assert!(axum::body::to_bytes(broken.into_body(), 100).await.is_err());
    }
    assert_eq!(site.statuses(CLIENT, "GET /sparql/yes", &[], 1).await, [429]);
}

/// One request in a second, and a block after three that are refused.
fn impatient() -> Options {
    let share = Share { requests_per_second: 1, request_burst: 1, ..unlimited().address };
    Options { block_after_refusals: 3, ..of_address(share) }
}

#[tokio::test]
async fn who_goes_on_asking_while_refused_is_blocked_for_a_day() {
    let site = Site::new(&impatient());
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 4).await, [200, 429, 429, 429]);
    let policy = |response: &Response| header(response, "ratelimit-policy").to_owned();
    site.rest(Duration::from_secs(1));
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 1).await, [200], "three are forgiven");
    let fourth = site.ask(CLIENT, "GET /", &[]).await;
    assert_eq!(policy(&fourth), "\"blocked\";q=3;w=60");
    assert_eq!(header(&fourth, "retry-after"), "86400");
    site.rest(Duration::from_hours(23));
    let fifth = site.ask(CLIENT, "GET /", &[]).await;
    assert_eq!(fifth.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(policy(&fifth), "\"blocked\";q=3;w=60");
    assert_eq!(header(&fifth, "retry-after"), "3600");
    assert_eq!(site.statuses(OTHER, "GET /", &[], 1).await, [200]);
    let measures = site.measures();
    for expected in [
        "kist_rate_limited_total{limit=\"requests\"} 3",
        "kist_rate_limited_total{limit=\"blocked\"} 2",
        "kist_blocks_total 1",
        "kist_blocked_clients 1",
    ] {
        assert!(measures.lines().any(|line| line == expected), "{expected}\n{measures}");
    }
    site.rest(Duration::from_hours(1));
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 1).await, [200]);
    assert!(site.measures().contains("kist_blocked_clients 0"));
}

#[tokio::test]
async fn who_has_a_good_token_is_never_blocked() {
    let site = Site::new(&Options { refused_tokens_per_minute: 2, ..impatient() });
    site.statuses(CLIENT, "GET /", &[], 5).await;
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 1).await, [429]);
    assert!(site.measures().contains("kist_blocked_clients 1"));
    // Also with a token that nobody has seen before the block.
    assert_eq!(site.statuses(CLIENT, "GET /private", &[TOKEN], 5).await, [200; 5]);
    assert_eq!(site.statuses(CLIENT, "GET /private", &[BAD], 5).await, [429; 5]);
    assert_eq!(site.statuses(CLIENT, "GET /private", &[TOKEN], 5).await, [200; 5]);
    let token = Share { requests_per_second: 1, request_burst: 1, ..unlimited().address };
    let site = Site::new(&Options { token, ..impatient() });
    let answers = site.statuses(CLIENT, "GET /", &[TOKEN], 20).await;
    assert_eq!((answers[0], &answers[1..]), (200, &[429; 19][..]));
    assert!(site.measures().contains("kist_blocked_clients 0"));
}

#[tokio::test]
async fn nobody_is_blocked_where_the_number_is_zero() {
    let site = Site::new(&Options { block_after_refusals: 0, ..impatient() });
    let answers = site.statuses(CLIENT, "GET /", &[], 50).await;
    assert_eq!(answers[1..], [429; 49]);
    site.rest(Duration::from_secs(1));
    assert_eq!(site.statuses(CLIENT, "GET /", &[], 1).await, [200]);
}

#[tokio::test]
async fn nothing_is_limited_where_the_numbers_are_zero() {
    let site = Site::new(&unlimited());
    for line in ["GET /", "POST /", "GET /sparql/wrong", "GET /sparql/slow"] {
        let answers = site.statuses(CLIENT, line, &[], 300).await;
        assert!(!answers.contains(&429), "{line}");
    }
}

#[test]
fn the_usual_shares_are_enough_for_a_partner_who_pushes_his_whole_list() {
    let Options { token, address, .. } = Options::default();
    let seconds_for =
        |records: u32| records.saturating_sub(token.write_burst) * 60 / token.writes_per_minute;
    assert_eq!(seconds_for(3_000), 0);
    assert!(seconds_for(5_000) < 4 * 60);
    assert!(token.requests_per_second > address.requests_per_second);
    assert!(token.sparql_seconds_per_minute > address.sparql_seconds_per_minute);
}
