//! Where requests may lead: addresses, names, redirects.

use std::sync::Arc;
use std::time::Duration;

use super::super::policy::Reach;
use super::super::resolve::{PinnedResolver, Pins};
use super::super::{FetchError, Fetcher, Hop, Method, Request, RobotsPolicy};
use super::server::{Received, Server, answer, redirect};
use super::{Names, came, code, failed, fetcher, now, options, request};

/// A server that nobody may reach, and options by which only its not being
/// public keeps them away.
async fn secret() -> Server {
    Server::with_robots(|_| answer("200 OK", "", "secret")).await
}

#[tokio::test]
async fn redirects_to_private_addresses_are_refused_before_any_byte() {
    let secret = secret().await;
    let port = secret.port();
    let targets = vec![
        (format!("http://127.0.0.1:{port}/"), "forbidden-address"),
        (format!("http://127.1:{port}/"), "forbidden-address"),
        (format!("http://2130706433:{port}/"), "forbidden-address"),
        (format!("http://0x7f000001:{port}/"), "forbidden-address"),
        (format!("http://0177.0.0.1:{port}/"), "forbidden-address"),
        (format!("http://[::1]:{port}/"), "forbidden-address"),
        (format!("http://[::ffff:127.0.0.1]:{port}/"), "forbidden-address"),
        (format!("http://0.0.0.0:{port}/"), "forbidden-address"),
        (format!("//127.0.0.1:{port}/"), "forbidden-address"),
        (format!("http://localhost:{port}/"), "forbidden-address"),
        (format!("http://localhost.:{port}/"), "forbidden-address"),
        (format!("http://mixed.example:{port}/"), "forbidden-address"),
        (format!("http://mapped.example:{port}/"), "forbidden-address"),
        ("http://169.254.169.254/latest/meta-data/".to_owned(), "forbidden-address"),
        ("http://metadata.example/".to_owned(), "forbidden-address"),
        ("http://10.1.2.3/".to_owned(), "forbidden-address"),
        ("http://[::ffff:10.0.0.1]/".to_owned(), "forbidden-address"),
        (format!("http://user@127.0.0.1:{port}/"), "forbidden-credentials"),
        (format!("http://mixed.example@127.0.0.1:{port}/"), "forbidden-credentials"),
        ("http://mixed.example:22/".to_owned(), "forbidden-port"),
        ("file:///etc/passwd".to_owned(), "forbidden-scheme"),
        ("gopher://127.0.0.1:70/".to_owned(), "forbidden-scheme"),
        ("http://nowhere.example/".to_owned(), "unknown-host"),
        ("http://".to_owned(), "bad-redirect"),
    ];
    let names = Names::of(&[
        ("localhost", &[&["127.0.0.1"]]),
        ("mixed.example", &[&["8.8.8.8", "127.0.0.1"]]),
        ("mapped.example", &[&["::ffff:127.0.0.1"]]),
        ("metadata.example", &[&["169.254.169.254"]]),
    ]);
    let script = targets.clone();
    let server = Server::start(move |received| {
        let number: usize = received.path[1..].parse().unwrap();
        redirect(302, &script[number].0)
    })
    .await;
    let mut options = options(&server);
    options.allowed_ports = vec![port];
    let fetcher = Fetcher::with(options, 7, names, Vec::new()).unwrap();
    for (number, (target, expected)) in targets.iter().enumerate() {
        for robots in [RobotsPolicy::Obey, RobotsPolicy::Overridden("test".to_owned())] {
            let mut request = request(&server, &format!("/{number}"));
            request.robots = robots;
            assert_eq!(code(&fetcher, &request).await, *expected, "{target}");
        }
    }
    assert_eq!(secret.connections(), 0);
}

#[tokio::test]
async fn robots_txt_leads_nowhere_else_either() {
    let secret = secret().await;
    let target = format!("http://127.0.0.1:{}/", secret.port());
    let server = Server::with_robots(move |received| match received.path.as_str() {
        "/robots.txt" => redirect(301, &target),
        _ => answer("200 OK", "", "hello"),
    })
    .await;
    let mut options = options(&server);
    options.allowed_ports = vec![secret.port()];
    let error = failed(fetcher(options).get(&request(&server, "/"), now()).await);
    assert_eq!(error.code(), "robots-unreachable");
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
    assert_eq!((server.paths().len(), secret.connections()), (0, 0));
}

#[tokio::test]
async fn a_host_is_allowed_at_its_own_port_only() {
    let (server, other) = (secret().await, secret().await);
    let fetcher = fetcher(options(&server));
    assert_eq!(code(&fetcher, &request(&server, "/")).await, "ok");
    assert_eq!(code(&fetcher, &request(&other, "/")).await, "forbidden-port");
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_host_that_is_allowed_without_a_port_is_not_open_at_any() {
    let (server, secret) = (secret().await, secret().await);
    let target = secret.url("/").to_string();
    let source = Server::start(move |_| redirect(302, &target)).await;
    let mut options = options(&source);
    options.allowed_hosts.push("127.0.0.1".to_owned());
    let fetcher = fetcher(options.clone());
    assert_eq!(code(&fetcher, &request(&server, "/")).await, "forbidden-port");
    assert_eq!(code(&fetcher, &request(&source, "/")).await, "forbidden-port");
    assert_eq!((server.connections(), secret.connections()), (0, 0));
    options.allowed_hosts.push("127.0.0.1:*".to_owned());
    let fetcher = self::fetcher(options);
    assert_eq!(code(&fetcher, &request(&server, "/")).await, "ok");
    assert_eq!(code(&fetcher, &request(&source, "/")).await, "ok");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_leads_elsewhere_at_its_second_look_up_is_refused() {
    let names = Names::of(&[("rebind.example", &[&["8.8.8.8"], &["127.0.0.1"]])]);
    let pins = Arc::new(Pins::new(Reach::Public));
    let url = "http://rebind.example./".parse().unwrap();
    let limit = Duration::from_secs(1);
    let addresses = pins.check(&url, &*names, limit).await.unwrap();

    // The client gets what was checked, and asks nobody.
    let dialled = dialled(&pins, "rebind.example.").await;
    assert_eq!(dialled, Ok(addresses.iter().map(ToString::to_string).collect()));

    // Later, before a connection may be used again, it is checked again.
    tokio::time::advance(Duration::from_secs(31)).await;
    let error = pins.check(&url, &*names, limit).await.unwrap_err();
    assert_eq!(error.code(), "forbidden-address");
    assert_eq!(
        error.to_string(),
        "rebind.example is 127.0.0.1, which is no public address (loopback)"
    );
}

#[tokio::test]
async fn the_client_looks_nothing_up_that_was_not_checked() {
    let pins = Arc::new(Pins::new(Reach::Public));
    let refused = dialled(&pins, "localhost").await.unwrap_err();
    assert_eq!(refused, "the host localhost can't be looked up: it was not checked before");
}

/// The addresses that the HTTP client would dial.
async fn dialled(pins: &Arc<Pins>, name: &str) -> Result<Vec<String>, String> {
    use reqwest::dns::Resolve as _;
    match PinnedResolver(Arc::clone(pins)).resolve(name.parse().unwrap()).await {
        Ok(addresses) => Ok(addresses.map(|address| address.ip().to_string()).collect()),
        Err(error) => Err(error.to_string()),
    }
}

#[tokio::test]
async fn a_name_that_the_operator_allows_is_dialled_where_it_leads() {
    let server =
        Server::start(|received| answer("200 OK", "", received.header("host").unwrap())).await;
    let mut options = options(&server);
    let host = format!("partner.internal:{}", server.port());
    options.allowed_hosts = vec![host.clone()];
    let names = Names::of(&[("partner.internal", &[&["127.0.0.1"]])]);
    let fetcher = Fetcher::with(options, 7, names, Vec::new()).unwrap();
    let request = Request::new(format!("http://{host}/").parse().unwrap());
    let whole = came(fetcher.get(&request, now()).await);
    assert_eq!(whole.document.bytes, host.as_bytes());
}

fn number(received: &Received) -> usize {
    received.path[1..].parse().unwrap()
}

#[tokio::test]
async fn five_redirects_are_followed_and_six_are_not() {
    let server = Server::start(|received| match number(received) {
        0 => answer("200 OK", "Content-Type: text/plain\r\n", "there"),
        left => redirect([301, 302, 303, 307, 308][left % 5], &format!("/{}#part", left - 1)),
    })
    .await;
    let fetcher = fetcher(options(&server));
    let whole = came(fetcher.get(&request(&server, "/5#top"), now()).await);
    assert_eq!(whole.document.url, server.url("/0"));
    let permanent: Vec<bool> = whole.hops.iter().map(Hop::is_permanent).collect();
    assert_eq!(permanent, [true, true, false, false, false]);
    assert_eq!(whole.hops[0].from, server.url("/5"));
    assert_eq!(whole.hops[4].to, server.url("/0"));
    assert_eq!(code(&fetcher, &request(&server, "/6")).await, "too-many-redirects");
    assert_eq!(server.paths().len(), 12);
}

#[tokio::test]
async fn redirects_that_go_round_or_nowhere_are_told() {
    let server = Server::start(|received| match received.path.as_str() {
        "/self" => redirect(301, "/self"),
        "/a" => redirect(302, "/b"),
        "/b" => redirect(302, "/a?"),
        "/a?" => redirect(302, "/a"),
        "/bare" => answer("302 Found", "", ""),
        _ => answer("302 Found", "Location: http://[::1/\r\n", ""),
    })
    .await;
    let fetcher = fetcher(options(&server));
    assert_eq!(code(&fetcher, &request(&server, "/self")).await, "redirect-loop");
    assert_eq!(code(&fetcher, &request(&server, "/a")).await, "redirect-loop");
    assert_eq!(code(&fetcher, &request(&server, "/bare")).await, "bad-redirect");
    assert_eq!(code(&fetcher, &request(&server, "/odd")).await, "bad-redirect");
}

#[test]
fn a_redirect_never_leaves_https_for_http() {
    let next = |from: &str, to: &str| {
        super::super::follow::next(&from.parse().unwrap(), to).map(|url| url.to_string())
    };
    assert_eq!(
        next("https://a.scot/", "http://a.scot/?token=1"),
        Err(FetchError::Downgrade("http://a.scot/?token=***".to_owned()))
    );
    assert_eq!(next("http://a.scot/", "https://a.scot/"), Ok("https://a.scot/".to_owned()));
    assert_eq!(next("https://a.scot/b/c", "//b.scot/d"), Ok("https://b.scot/d".to_owned()));
    assert_eq!(next("http://a.scot/b/c", "../d e"), Ok("http://a.scot/d%20e".to_owned()));
}

#[tokio::test]
async fn credentials_stay_at_the_host_that_they_are_for() {
    let echo = |received: &Received| {
        answer("200 OK", "", received.header("authorization").unwrap_or("none"))
    };
    let abroad = Server::start(move |received| match received.path.as_str() {
        "/back" => {
            redirect(302, &format!("http://{}/home", received.header("x-home").unwrap_or("none")))
        }
        _ => echo(received),
    })
    .await;
    let there = abroad.url("/");
    let home = Server::start(move |received| match received.path.as_str() {
        "/here" => redirect(302, "/home"),
        "/there" => redirect(302, there.as_str()),
        _ => echo(received),
    })
    .await;
    let mut options = options(&home);
    options.allowed_hosts.push(abroad.host());
    let fetcher = fetcher(options);
    for (path, expected) in [("/home", "Bearer abc"), ("/here", "Bearer abc"), ("/there", "none")] {
        let request = request(&home, path).header("Authorization", "Bearer abc");
        assert!(!format!("{request:?}").contains("abc"));
        let whole = came(fetcher.get(&request, now()).await);
        assert_eq!(whole.document.bytes, expected.as_bytes(), "{path}");
    }
    let bad = request(&home, "/").header("X-Key", "a\nb");
    assert_eq!(
        failed(fetcher.get(&bad, now()).await).to_string(),
        "the header `x-key` can't be sent"
    );
}

#[tokio::test]
async fn a_form_is_sent_once_and_not_led_elsewhere() {
    let server = Server::start(|received| match received.path.as_str() {
        "/hub" if received.body == "hub.mode=subscribe&hub.topic=a%26b" => {
            answer("202 Accepted", "", "")
        }
        "/moved" => redirect(308, "/hub"),
        _ => answer("503 No", "", ""),
    })
    .await;
    let mut options = options(&server);
    options.tries = 3;
    let fetcher = fetcher(options);
    let fields = [("hub.mode", "subscribe"), ("hub.topic", "a&b")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    for (path, expected) in
        [("/hub", "ok"), ("/moved", "unexpected-status"), ("/bad", "unavailable")]
    {
        let mut request = request(&server, path);
        request.method = Method::Post(fields.to_vec());
        assert_eq!(code(&fetcher, &request).await, expected, "{path}");
    }
    assert_eq!(server.paths(), ["/hub", "/moved", "/bad"]);
}
