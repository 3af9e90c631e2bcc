//! Allowances under a clock of our own, and requests of many clients.

use axum::Router;
use axum::body::Body;
use axum::middleware;
use axum::routing::get;
use proptest::prelude::*;
use tower::ServiceExt;

use super::*;

const CLIENT: &str = "203.0.113.7";

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn options() -> Options {
    Options { requests_per_second: 2, request_burst: 5, ..Options::default() }
}

/// The status of a request from `peer` with these headers.
async fn ask(rates: &Arc<Rates>, peer: &str, headers: &[(&str, &str)]) -> (u16, Option<String>) {
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/token", get(|| async { Problem::unauthorised("no") }))
        .layer(middleware::from_fn_with_state(Arc::clone(rates), pass));
    let path =
        if headers.iter().any(|(name, _)| *name == "authorization") { "/token" } else { "/" };
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let peer = SocketAddr::new(address(peer), 40_000);
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.oneshot(request).await.unwrap();
    let wait = response.headers().get(header::RETRY_AFTER);
    (response.status().as_u16(), wait.map(|wait| wait.to_str().unwrap().to_owned()))
}

async fn statuses(
    rates: &Arc<Rates>,
    peer: &str,
    headers: &[(&str, &str)],
    times: usize,
) -> Vec<u16> {
    let mut all = Vec::new();
    for _ in 0..times {
        all.push(ask(rates, peer, headers).await.0);
    }
    all
}

#[tokio::test]
async fn who_asks_too_much_waits_and_others_do_not() {
    let slow = Options { requests_per_second: 1, request_burst: 3, ..Options::default() };
    let rates = Arc::new(Rates::new(&slow));
    assert_eq!(statuses(&rates, CLIENT, &[], 4).await, [200, 200, 200, 429]);
    assert_eq!(ask(&rates, CLIENT, &[]).await, (429, Some("1".to_owned())));
    assert_eq!(ask(&rates, "203.0.113.8", &[]).await.0, 200);
    // One network of IPv6 is one client, and an IPv4 address is the same
    // however it is written.
    assert_eq!(statuses(&rates, "2001:db8::1", &[], 3).await, [200; 3]);
    assert_eq!(ask(&rates, "2001:db8::2:2", &[]).await.0, 429);
    assert_eq!(ask(&rates, "2001:db8:0:1::1", &[]).await.0, 200);
    assert_eq!(ask(&rates, "::ffff:203.0.113.7", &[]).await.0, 429);
}

#[tokio::test]
async fn this_machine_is_not_counted_and_a_proxy_says_who_asks() {
    let one = Options { requests_per_second: 1, request_burst: 1, ..Options::default() };
    let rates = Arc::new(Rates::new(&one));
    assert_eq!(statuses(&rates, "127.0.0.1", &[], 9).await, [200; 9]);
    let forged = [("x-forwarded-for", "198.51.100.1")];
    assert_eq!(statuses(&rates, "127.0.0.1", &forged, 3).await, [200; 3]);
    assert_eq!(statuses(&rates, CLIENT, &forged, 2).await, [200, 429]);
    let behind = Options { trusted_proxies: vec![address("127.0.0.1")], ..one };
    let rates = Arc::new(Rates::new(&behind));
    let named = |value: &'static str| [("x-forwarded-for", value)];
    assert_eq!(statuses(&rates, "127.0.0.1", &named("198.51.100.1"), 2).await, [200, 429]);
    // What the client itself wrote before is not believed.
    let more = named("203.0.113.50, 198.51.100.1");
    assert_eq!(ask(&rates, "127.0.0.1", &more).await.0, 429);
    assert_eq!(ask(&rates, "127.0.0.1", &named("198.51.100.2")).await.0, 200);
    assert_eq!(ask(&rates, "127.0.0.1", &named("nonsense")).await.0, 200);
}

#[tokio::test]
async fn tokens_can_not_be_tried_one_after_the_other() {
    let few = Options { refusals_per_minute: 3, ..options() };
    let rates = Arc::new(Rates::new(&few));
    let token = [("authorization", "Bearer wrong")];
    assert_eq!(statuses(&rates, CLIENT, &token, 5).await, [401, 401, 401, 429, 429]);
    assert_eq!(ask(&rates, CLIENT, &[]).await.0, 200);
}

#[test]
fn time_of_queries_is_given_back_with_time() {
    let rates = Rates::new(&Options::default());
    let (client, start) = (address(CLIENT), rates.began);
    let at = |seconds: u64| start + Duration::from_secs(seconds);
    let wait =
        |now| rates.check(client, Sort::Sparql, now).map_err(|refused| refused.wait.as_secs());
    rates.take(client, Sort::Sparql, 119.0, start);
    assert_eq!(wait(start), Ok(()));
    rates.take(client, Sort::Sparql, 11.0, start);
    assert_eq!(wait(start), Err(11));
    assert_eq!(wait(at(10)), Err(1));
    assert_eq!(wait(at(11)), Ok(()));
}

#[test]
fn a_million_clients_take_little_room() {
    let rates = Rates::new(&Options::default());
    let network = |number: u32| IpAddr::V4(number.into());
    for number in 0..1_000_000 {
        rates.take(network(number), Sort::Request, 1.0, rates.began);
    }
    let clients = rates.clients.lock().unwrap();
    assert!(clients.young.len() + clients.old.len() <= MOST_CLIENTS);
}

#[test]
fn nothing_is_limited_where_the_number_is_zero() {
    let none = Options { requests_per_second: 0, ..Options::default() };
    let rates = Rates::new(&none);
    for _ in 0..1_000 {
        rates.take(address(CLIENT), Sort::Request, 1.0, rates.began);
    }
    assert_eq!(rates.check(address(CLIENT), Sort::Request, rates.began), Ok(()));
}

proptest! {
    #[test]
    fn nobody_gets_more_than_burst_and_rate_allow(
        pauses in prop::collection::vec(0..2_000_u64, 1..200)
    ) {
        let rates = Rates::new(&options());
        let client = address(CLIENT);
        let mut now = rates.began;
        let (mut granted, mut elapsed) = (0_u64, 0_u64);
        for pause in pauses {
            now += Duration::from_millis(pause);
            elapsed += pause;
            match rates.check(client, Sort::Request, now) {
                Ok(()) => {
                    rates.take(client, Sort::Request, 1.0, now);
                    granted += 1;
                }
                // Whoever waits as long as told is let in.
                Err(refused) => {
                    let later = now + refused.wait;
                    prop_assert_eq!(rates.check(client, Sort::Request, later), Ok(()));
                }
            }
        }
        prop_assert!(granted <= 5 + elapsed / 500, "{granted} in {elapsed} ms");
    }
}
