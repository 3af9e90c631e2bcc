//! How publishers see us: robots.txt, names, pace.

use std::time::Duration;

use futures_util::future::join_all;

use super::super::{FetchError, Fetcher, Pace, RobotsPolicy};
use super::server::{Act, Server, answer, redirect};
use super::{Names, code, failed, fetcher, now, options, request};

/// A server with this robots.txt.
async fn with_robots(status: &'static str, body: &'static str) -> Server {
    Server::with_robots(move |received| match received.path.as_str() {
        "/robots.txt" => answer(status, "Content-Type: text/plain\r\n", body),
        _ => answer("200 OK", "", "hello"),
    })
    .await
}

#[tokio::test]
async fn what_robots_txt_forbids_is_not_asked_for() {
    let server = with_robots("200 OK", "User-agent: kistbot\nDisallow: /private\n").await;
    let fetcher = fetcher(options(&server));
    let error = failed(fetcher.get(&request(&server, "/private/a"), now()).await);
    let (rule, line) = ("Disallow: /private".to_owned(), 2);
    assert_eq!(error, FetchError::Robots { url: server.url("/private/a").to_string(), rule, line });
    assert!(error.to_string().contains("blocked by robots.txt, rule `Disallow: /private`, line 2"));
    assert_eq!(server.paths(), [""; 0]);
    assert_eq!(code(&fetcher, &request(&server, "/public")).await, "ok");
}

#[tokio::test]
async fn a_redirect_leads_to_nothing_that_robots_txt_forbids() {
    let server = Server::with_robots(|received| match received.path.as_str() {
        "/robots.txt" => answer("200 OK", "", "User-agent: *\nDisallow: /private\n"),
        _ => redirect(302, "/private"),
    })
    .await;
    assert_eq!(code(&fetcher(options(&server)), &request(&server, "/")).await, "blocked-by-robots");
    assert_eq!(server.paths(), ["/"]);
}

#[tokio::test]
async fn an_operator_can_set_robots_txt_aside_with_a_reason() {
    let server = with_robots("200 OK", "User-agent: *\nDisallow: /\n").await;
    let mut request = request(&server, "/feed");
    request.robots = RobotsPolicy::Overridden("the publisher has registered the feed".to_owned());
    assert_eq!(code(&fetcher(options(&server)), &request).await, "ok");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn the_status_of_robots_txt_decides() {
    for (status, expected) in [
        ("404 Not Found", "ok"),
        ("403 Forbidden", "ok"),
        ("410 Gone", "ok"),
        ("429 Slow down", "ok"),
        ("204 No Content", "ok"),
        ("200 OK", "blocked-by-robots"),
        ("500 Oops", "robots-unreachable"),
        ("503 Busy", "robots-unreachable"),
    ] {
        let server = with_robots(status, "User-agent: *\nDisallow: /\n").await;
        assert_eq!(
            code(&fetcher(options(&server)), &request(&server, "/")).await,
            expected,
            "{status}"
        );
        let pages = usize::from(expected == "ok");
        assert_eq!(server.paths().len(), pages, "{status}");
    }
}

#[tokio::test]
async fn a_robots_txt_that_breaks_off_forbids_everything() {
    let server = Server::with_robots(|_| vec![Act::Reset]).await;
    assert_eq!(
        code(&fetcher(options(&server)), &request(&server, "/")).await,
        "robots-unreachable"
    );
}

#[tokio::test]
async fn odd_robots_txt_are_read_as_they_are_meant() {
    let rules = "User-agent: *\nDisallow: /\n";
    let utf_16: Vec<u8> =
        format!("\u{FEFF}{rules}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let long = "User-agent: *\nDisallow: /\n".to_owned() + &"# hello\n".repeat(1 << 18);
    for (body, expected) in [
        (b"<!doctype html><html>User-agent: *\nDisallow: /\n".to_vec(), "ok"),
        (utf_16, "blocked-by-robots"),
        (long.into_bytes(), "blocked-by-robots"),
        (b"User-agent: *\nDisalow: /\n".to_vec(), "blocked-by-robots"),
        (b"\xff\xfe\xff\xfe".to_vec(), "ok"),
    ] {
        let server = Server::with_robots(move |received| match received.path.as_str() {
            "/robots.txt" => answer("200 OK", "", &body),
            _ => answer("200 OK", "", "hello"),
        })
        .await;
        assert_eq!(code(&fetcher(options(&server)), &request(&server, "/")).await, expected);
    }
}

#[tokio::test]
async fn the_rules_that_a_redirect_leads_to_are_those_of_the_first_host() {
    let rules =
        Server::with_robots(|_| answer("200 OK", "", "User-agent: *\nDisallow: /a\n")).await;
    let there = rules.url("/rules");
    let server = Server::with_robots(move |received| match received.path.as_str() {
        "/robots.txt" => redirect(301, there.as_str()),
        _ => answer("200 OK", "", "hello"),
    })
    .await;
    let mut options = options(&server);
    options.allowed_hosts.push(rules.host());
    let fetcher = fetcher(options);
    assert_eq!(code(&fetcher, &request(&server, "/a")).await, "blocked-by-robots");
    assert_eq!(code(&fetcher, &request(&server, "/b")).await, "ok");
    assert_eq!(rules.paths(), ["/rules"]);
}

#[tokio::test]
async fn robots_txt_that_goes_round_and_round_is_none() {
    let server = Server::with_robots(|received| match received.path.as_str() {
        "/b" => answer("200 OK", "", "hello"),
        other => redirect(302, &format!("{other}x")),
    })
    .await;
    assert_eq!(code(&fetcher(options(&server)), &request(&server, "/b")).await, "ok");
    assert_eq!(server.received().len(), 7);
}

#[tokio::test]
async fn robots_txt_is_fetched_once_and_survives_a_restart() {
    let server =
        with_robots("200 OK", "User-agent: *\nAllow: /\nSitemap: https://a.scot/s.xml\n").await;
    let fetcher = fetcher(options(&server));
    let paths: Vec<_> = (0..20).map(|number| request(&server, &format!("/{number}"))).collect();
    join_all(paths.iter().map(|request| code(&fetcher, request))).await;
    assert_eq!(server.received().len(), 21);

    let copies = fetcher.robots_copies();
    let again = Fetcher::with(options(&server), 7, Names::of(&[]), copies).unwrap();
    assert_eq!(code(&again, &request(&server, "/20")).await, "ok");
    assert_eq!(server.received().len(), 22);
    let sitemaps = again.robots(&server.url("/"), now()).await.unwrap().sitemaps.clone();
    assert_eq!(sitemaps[0].as_str(), "https://a.scot/s.xml");
}

#[tokio::test]
async fn every_request_says_who_asks_and_why() {
    let server = with_robots("404 Not Found", "").await;
    let fetcher = fetcher(options(&server));
    code(&fetcher, &request(&server, "/a").accept("text/html")).await;
    let agent = concat!(
        "kistbot/",
        env!("CARGO_PKG_VERSION"),
        " (+https://register.example.scot/about/bot; mailto:bot@register.example.scot)"
    );
    let received = server.received();
    assert_eq!(received.len(), 2);
    for received in &received {
        assert_eq!(received.header("user-agent"), Some(agent));
        assert_eq!(received.header("from"), Some("bot@register.example.scot"));
        assert_eq!(received.header("accept-encoding"), Some("gzip, br, zstd, deflate"));
        assert_eq!(received.header("referer"), None);
        assert_eq!(received.header("cookie"), None);
    }
    assert_eq!(received[1].header("accept"), Some("text/html"));
}

#[tokio::test]
async fn never_more_requests_are_under_way_than_allowed() {
    let server = Server::start(|_| {
        let mut acts = vec![Act::Pause(Duration::from_millis(3))];
        acts.extend(answer("200 OK", "", "hello"));
        acts
    })
    .await;
    for in_flight in [1, 3] {
        let mut options = options(&server);
        options.pace = Pace { in_flight, delay: Duration::ZERO };
        let fetcher = fetcher(options);
        let all: Vec<_> = (0..60).map(|number| request(&server, &format!("/{number}"))).collect();
        let codes = join_all(all.iter().map(|request| code(&fetcher, request))).await;
        assert_eq!(codes, ["ok"; 60]);
        assert!(server.most_under_way() <= in_flight as usize, "{}", server.most_under_way());
    }
}

#[tokio::test]
async fn a_request_that_is_given_up_gives_its_turn_back() {
    let server = Server::start(|received| match received.path.as_str() {
        "/hold" => vec![Act::Hold],
        _ => answer("200 OK", "", "hello"),
    })
    .await;
    let mut options = options(&server);
    options.pace.in_flight = 1;
    options.limits.first_byte_timeout = Duration::from_mins(1);
    let fetcher = fetcher(options);
    let hold = request(&server, "/hold");
    let begun = tokio::spawn({
        let fetcher = fetcher.clone();
        async move { fetcher.get(&hold, now()).await }
    });
    while server.paths().is_empty() {
        tokio::task::yield_now().await;
    }
    begun.abort();
    assert_eq!(code(&fetcher, &request(&server, "/")).await, "ok");
}
