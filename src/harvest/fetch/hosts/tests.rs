//! Tests of how fast hosts are asked.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join_all;
use tokio::time::sleep;

use super::*;

fn pace(in_flight: u32, milliseconds: u64) -> Pace {
    Pace { in_flight, delay: Duration::from_millis(milliseconds) }
}

fn hosts() -> Hosts {
    let options = Options { address_pace: pace(1000, 0), ..Options::default() };
    Hosts::new(&options, 1)
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

/// Sends `count` requests of 100 ms to one host at once; gives the most
/// that were under way and how long all took.
async fn flood(hosts: &Hosts, count: usize, pace: Pace) -> (u32, Duration) {
    let (now, most) = (AtomicU32::new(0), AtomicU32::new(0));
    let started = Instant::now();
    join_all((0..count).map(|number| {
        let (now, most) = (&now, &most);
        async move {
            let url = url(&format!("https://h{number}.example.co.uk/"));
            let _turn = hosts.enter(&url, &[], pace).await.unwrap();
            most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            sleep(Duration::from_millis(100)).await;
            now.fetch_sub(1, Ordering::Relaxed);
        }
    }))
    .await;
    (most.into_inner(), started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn d1_five_hundred_sources_on_one_host_wait_for_their_turn() {
    let (most, took) = flood(&hosts(), 500, pace(1, 1000)).await;
    assert_eq!((most, took.as_millis() / 100), (1, 4991));
    let (most, took) = flood(&hosts(), 60, pace(3, 0)).await;
    assert_eq!((most, took.as_millis() / 100), (3, 20));
    let (most, _) = flood(&hosts(), 60, pace(7, 0)).await;
    assert_eq!(most, 7);
}

#[tokio::test(start_paused = true)]
async fn hosts_at_one_network_address_share_its_pace() {
    let options = Options { address_pace: pace(2, 0), ..Options::default() };
    let hosts = Hosts::new(&options, 1);
    let started = Instant::now();
    join_all((0..10).map(|number| {
        let hosts = &hosts;
        async move {
            let url = url(&format!("https://h{number}.scot/"));
            let address = [IpAddr::from([8, 8, 8, 8])];
            let _turn = hosts.enter(&url, &address, pace(1, 0)).await.unwrap();
            sleep(Duration::from_millis(100)).await;
        }
    }))
    .await;
    assert_eq!(started.elapsed().as_millis(), 500);
}

#[tokio::test(start_paused = true)]
async fn a_slow_host_takes_no_room_from_the_others() {
    let options = Options { max_in_flight: 2, ..Options::default() };
    let hosts = Hosts::new(&options, 1);
    let slow = url("https://slow.scot/");
    let _turn = hosts.enter(&slow, &[], pace(1, 0)).await.unwrap();
    let waiting = join_all((0..20).map(|_| hosts.enter(&slow, &[], pace(1, 0))));
    let quick = async {
        for number in 0..20 {
            let url = url(&format!("https://quick{number}.scot/"));
            hosts.enter(&url, &[], pace(1, 0)).await.unwrap();
        }
    };
    tokio::select! {
        _ = waiting => unreachable!("the slow host is never left"),
        () = quick => {}
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_asks_to_be_left_alone_is_left_alone() {
    let hosts = hosts();
    let page = url("https://www.example.co.uk/a");
    hosts.rest(&page, Duration::from_secs(20), "status 429".to_owned());
    hosts.rest(&page, Duration::from_secs(5), "status 503".to_owned());
    let started = Instant::now();
    hosts.enter(&url("https://feeds.example.co.uk/"), &[], pace(1, 0)).await.unwrap();
    assert_eq!(started.elapsed().as_secs(), 20);

    hosts.rest(&page, Duration::from_hours(1), "status 429".to_owned());
    let error = hosts.enter(&page, &[], pace(1, 0)).await.unwrap_err();
    assert_eq!(error.code(), "host-resting");
    assert_eq!(error.retry_after().unwrap().as_secs(), 3600);
    assert_eq!(hosts.resting()[0].host, "example.co.uk");
    assert_eq!(hosts.resting()[0].reason, "status 429");
    hosts.enter(&url("https://other.co.uk/"), &[], pace(1, 0)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_already_see_the_rest_too() {
    let hosts = hosts();
    let page = url("https://example.scot/");
    let first = hosts.enter(&page, &[], pace(1, 0)).await.unwrap();
    let waiting = hosts.enter(&page, &[], pace(1, 0));
    let other = async {
        sleep(Duration::from_millis(10)).await;
        hosts.rest(&page, Duration::from_hours(1), "status 429".to_owned());
        drop(first);
    };
    let (turn, ()) = tokio::join!(waiting, other);
    assert_eq!(turn.unwrap_err().code(), "host-resting");
}

#[tokio::test(start_paused = true)]
async fn a_host_that_fails_five_times_is_left_alone_and_then_tried_again() {
    let hosts = hosts();
    let page = url("https://example.scot/");
    let error = FetchError::Empty;
    for _ in 0..4 {
        hosts.failed(&page, &error);
    }
    assert!(hosts.resting().is_empty());
    hosts.failed(&page, &error);
    assert_eq!(hosts.resting()[0].left, Duration::from_mins(5));
    sleep(Duration::from_mins(5)).await;
    assert!(hosts.resting().is_empty());
    hosts.failed(&page, &error);
    assert_eq!(hosts.resting()[0].left, Duration::from_mins(10));
    for _ in 0..100 {
        hosts.failed(&page, &error);
    }
    assert_eq!(hosts.resting()[0].left, MAX_BREAK);
    sleep(MAX_BREAK).await;
    hosts.answered(&page);
    hosts.failed(&page, &error);
    assert!(hosts.resting().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_port_that_nobody_answers_leaves_the_others_of_its_host_alone() {
    let hosts = hosts();
    let (page, other) = (url("http://example.scot/"), url("http://example.scot:8080/"));
    for _ in 0..5 {
        hosts.failed(&other, &FetchError::Empty);
    }
    assert_eq!(hosts.resting()[0].host, "example.scot:8080");
    let refused = hosts.enter(&other, &[], pace(1, 0)).await.unwrap_err();
    assert_eq!(refused.code(), "host-resting");
    let started = Instant::now();
    drop(hosts.enter(&page, &[], pace(1, 0)).await.unwrap());
    assert_eq!(started.elapsed(), Duration::ZERO);
    // What a host asks for itself holds at all of its ports.
    hosts.rest(&page, Duration::from_secs(20), "status 429".to_owned());
    drop(hosts.enter(&url("https://example.scot:8443/"), &[], pace(1, 0)).await.unwrap());
    assert_eq!(started.elapsed().as_secs(), 20);
}

#[test]
fn waits_grow_and_are_shortened_by_chance() {
    let hosts = hosts();
    for (tries, most) in [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (200, 60)] {
        let waits: Vec<Duration> = (0..200).map(|_| hosts.back_off(tries)).collect();
        let longest = waits.iter().max().unwrap().as_secs_f64();
        let shortest = waits.iter().min().unwrap().as_secs_f64();
        let most = f64::from(most);
        assert!(longest <= most && longest > 0.9 * most && shortest < 0.1 * most, "{tries}");
    }
}

#[test]
fn hosts_are_told_by_their_registrable_domain() {
    for (text, expected) in [
        ("https://feeds.example.co.uk/", "example.co.uk"),
        ("https://EXAMPLE.scot./", "example.scot"),
        ("https://club.github.io/", "club.github.io"),
        ("http://localhost/", "localhost"),
        ("http://127.0.0.1:8080/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
    ] {
        assert_eq!(domain(&url(text)), expected);
    }
}
