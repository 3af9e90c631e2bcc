//! C3, C4, C6, C7, C8, C13, D2, D3: where a source leads, what its host asks
//! for, and how it is asked.

use std::sync::Arc;

use super::super::publisher::{World, collection, days_later, feature, geojson};
use crate::harvest::fetch::tests::Names;
use crate::harvest::fetch::tests::server::{Server, answer, redirect};
use crate::record::RecordId;
use crate::register::ledger::{Outcome, Review, SourceState};

const JSON: &str = "Content-Type: application/geo+json\r\n";

fn listing() -> String {
    collection(&[feature(1, "One"), feature(2, "Two")])
}

#[tokio::test]
async fn c3_a_redirect_to_the_inside_is_refused_before_any_byte_and_named() {
    let secret = Server::with_robots(|_| answer("200 OK", "", "secret")).await;
    let port = secret.port();
    let targets = [
        ("http://169.254.169.254/latest/meta-data/".to_owned(), "forbidden-address"),
        (format!("http://127.0.0.1:{port}/"), "forbidden-address"),
        (format!("http://2130706433:{port}/"), "forbidden-address"),
        (format!("http://0177.0.0.1:{port}/"), "forbidden-address"),
        (format!("http://[::1]:{port}/"), "forbidden-address"),
        ("http://[::ffff:10.0.0.1]/".to_owned(), "forbidden-address"),
        ("http://10.1.2.3/".to_owned(), "forbidden-address"),
        (format!("http://localhost.:{port}/"), "forbidden-address"),
        // One public and one private address.
        (format!("http://mixed.example:{port}/"), "forbidden-address"),
        (format!("http://partner@127.0.0.1:{port}/"), "forbidden-credentials"),
        ("http://mixed.example:22/".to_owned(), "forbidden-port"),
        ("file:///etc/passwd".to_owned(), "forbidden-scheme"),
        ("gopher://127.0.0.1/".to_owned(), "forbidden-scheme"),
    ];
    let names = Names::of(&[
        ("localhost", &[&["127.0.0.1"]]),
        ("mixed.example", &[&["8.8.8.8", "127.0.0.1"]]),
    ]);
    let change = |options: &mut crate::harvest::Options| {
        options.fetch.allowed_ports = vec![port];
        names as Arc<dyn crate::harvest::fetch::Resolver>
    };
    let body = listing();
    let world = World::with("/all.geojson", "geojson", change, move |_| geojson(&body)).await;
    world.run().await;
    for (target, code) in targets {
        let to = target.clone();
        world.answers(move |_| redirect(302, &to));
        let run = world.run().await;
        world.expect(&run, Outcome::Failed);
        assert_eq!(world.codes(&run), [code], "{target}");
        assert!(run.reason.is_some(), "{target}");
    }
    assert_eq!((secret.connections(), world.assets()), (0, 2));
}

#[tokio::test]
async fn c3_a_name_that_leads_to_the_metadata_at_its_second_look_up_is_refused() {
    // The first look-up fails for the moment, so that nothing is dialled; the
    // second leads inside. That an address which was checked is dialled without
    // another look-up is tested with the fetcher.
    let names = Names::of(&[("rebind.example", &[&[], &["169.254.169.254"]])]);
    let change =
        |_: &mut crate::harvest::Options| names as Arc<dyn crate::harvest::fetch::Resolver>;
    let world = World::with("/all.geojson", "geojson", change, |_| {
        redirect(302, "http://rebind.example/latest/meta-data/")
    })
    .await;
    let codes = [world.run().await, world.run().await].map(|run| world.codes(&run));
    assert_eq!(codes, [["unknown-host"], ["forbidden-address"]]);
}

#[tokio::test]
async fn c3_documents_that_a_page_leads_to_are_checked_alike() {
    let secret = Server::with_robots(|_| answer("200 OK", "", "secret")).await;
    let (port, own) = (secret.port(), secret.url("/"));
    let world = World::new("/sitemap.xml", "sitemap", move |_| {
        let body = format!(
            "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
             <sitemap><loc>http://169.254.169.254/a.xml</loc></sitemap>\
             <sitemap><loc>http://127.1:{port}/b.xml</loc></sitemap>\
             <sitemap><loc>{own}</loc></sitemap></sitemapindex>"
        );
        answer("200 OK", "Content-Type: application/xml\r\n", body)
    })
    .await;
    let run = world.run().await;
    assert!(!run.is_complete && run.reason.is_some(), "{run:#?}");
    assert_eq!(run.codes.get("other-host"), Some(&3), "{run:#?}");
    assert_eq!((secret.connections(), world.server.paths().len()), (0, 1));
}

#[tokio::test]
async fn c4_redirects_that_go_round_or_on_and_on_end_the_run() {
    let body = listing();
    let world = World::new("/all.geojson", "geojson", move |_| geojson(&body)).await;
    world.run().await;
    for (target, code, most) in [
        ("/all.geojson", "redirect-loop", 1),
        ("/b", "redirect-loop", 2),
        ("/n", "too-many-redirects", 6),
    ] {
        let asked = world.server.paths().len();
        world.answers(move |received| match (target, received.path.as_str()) {
            ("/b", "/b") => redirect(302, "/all.geojson"),
            ("/n", path) => redirect(302, &format!("{path}n")),
            _ => redirect(302, target),
        });
        let run = world.run().await;
        assert_eq!(world.codes(&run), [code], "{target}");
        assert!(world.server.paths().len() - asked <= most, "{target}");
    }
    assert_eq!(world.assets(), 2);
}

/// The question whether the source has moved, if it is asked.
fn asked_to_move(world: &World) -> Option<String> {
    let reviews = world.register().ledger().rows::<Review>("moved\n", "", 10).unwrap();
    reviews.into_iter().next().map(|(_, review)| review.question)
}

#[tokio::test]
async fn c4_a_permanent_redirect_is_offered_after_three_runs_and_a_week_and_one_that_flips_never() {
    let body = listing();
    let own = body.clone();
    let world =
        World::new("/all.geojson", "geojson", move |received| match received.path.as_str() {
            "/all.geojson" => redirect(301, &format!("/moved-{}.geojson", received.earlier % 2)),
            _ => geojson(&own),
        })
        .await;
    for _ in 0..6 {
        world.run().await;
        days_later(3);
    }
    assert_eq!(asked_to_move(&world), None);
    world.answers(move |received| match received.path.as_str() {
        "/all.geojson" => redirect(308, "/new.geojson"),
        _ => geojson(&body),
    });
    for run in 1..=3 {
        assert_eq!(asked_to_move(&world), None, "before run {run}");
        world.run().await;
        days_later(4);
    }
    assert!(asked_to_move(&world).unwrap().contains("/new.geojson"));
    // Nobody has changed the address meanwhile.
    let id = RecordId::new("source", "partner").unwrap();
    let crate::register::Found::Here(version) = world.register().get(&id).unwrap() else {
        panic!()
    };
    let url = format!("{:?}", version.merged.record.values("url"));
    assert!(url.contains("/all.geojson"), "{url}");
}

#[tokio::test]
async fn c6_a_host_that_asks_to_wait_puts_the_next_run_off() {
    let after = |text: &str| format!("Retry-After: {text}\r\n");
    // In hours. The rhythm of one that failed may ask it later still, but not
    // never.
    let week = 8 * 24;
    for (header, least, most) in [
        (after("86400"), 24, week),
        (after("1000000000"), 24, week),
        (after("Mon, 23 Nov 2026 18:00:00 GMT"), 24, week),
        (after("Sun, 22 Nov 2020 18:00:00 GMT"), 0, week),
        (after("soon"), 0, week),
    ] {
        let told = header.clone();
        let world = World::new("/all.geojson", "geojson", move |_| {
            answer("503 Service Unavailable", &told, "later")
        })
        .await;
        let run = world.run().await;
        world.expect(&run, Outcome::Failed);
        assert_eq!(world.codes(&run), ["unavailable"], "{header}");
        let state: SourceState = world.register().ledger().get("partner").unwrap().unwrap();
        let hours = state.next_due.unwrap().duration_since(world.harvester.now()).as_hours();
        assert!((least..=most).contains(&hours), "{header}: {hours}");
    }
}

#[tokio::test]
async fn c7_odd_validators_neither_crash_nor_make_for_ever_new_changes() {
    let world = World::listing([]).await;
    let good = listing();
    let answers: [(&str, &str, &str); 5] = [
        // A new tag for each request.
        ("200 OK", "ETag: \"a\"\r\n", &good),
        ("200 OK", "ETag: W/\"b\"\r\n", &good),
        ("200 OK", "ETag: not quoted\r\nLast-Modified: Mon, 01 Jan 2091 00:00:00 GMT\r\n", &good),
        ("200 OK", "Last-Modified: yesterday\r\n", &good),
        // Not modified, with a body that is another.
        ("304 Not Modified", "Content-Length: 0\r\n", ""),
    ];
    for (number, (status, headers, body)) in answers.into_iter().enumerate() {
        let (headers, body) = (format!("{JSON}{headers}"), body.to_owned());
        world.answers(move |_| answer(status, &headers, &body));
        let run = world.run().await;
        let expected = if number == 0 { Outcome::Ok } else { Outcome::Unchanged };
        // Without a validator that can be echoed, 304 is no answer.
        if status.starts_with("304") {
            assert_eq!(world.codes(&run), ["unexpected-status"]);
        } else {
            world.expect(&run, expected);
        }
        assert_eq!(world.assets(), 2, "{number}");
    }
}

#[tokio::test]
async fn c8_d2_robots_txt_decides_over_a_whole_run() {
    let long = format!("# {}\nUser-agent: *\nDisallow: /\n", "x".repeat(2 << 20));
    for (status, robots, expected) in [
        ("200 OK", "User-agent: kistbot\nDisallow: /all\n".to_owned(), "blocked-by-robots"),
        ("200 OK", "User-agent: kistbot\nDisalow: /all\n".to_owned(), "blocked-by-robots"),
        ("200 OK", "\u{FEFF}User-agent: *\nDisallow: /\n".to_owned(), "blocked-by-robots"),
        ("500 Internal Server Error", String::new(), "robots-unreachable"),
        ("200 OK", "<!doctype html><title>Home</title>Disallow: /".to_owned(), "ok"),
        ("404 Not Found", "User-agent: *\nDisallow: /\n".to_owned(), "ok"),
        ("200 OK", long, "ok"),
    ] {
        let server = Server::with_robots({
            let (robots, body) = (robots.clone(), listing());
            move |received| match received.path.as_str() {
                "/robots.txt" => answer(status, "Content-Type: text/plain\r\n", &robots),
                _ => geojson(&body),
            }
        })
        .await;
        let allowed = server.host();
        let change = move |options: &mut crate::harvest::Options| {
            options.fetch.allowed_hosts.push(allowed);
            Arc::new(crate::harvest::fetch::SystemResolver)
                as Arc<dyn crate::harvest::fetch::Resolver>
        };
        let world = World::with("/unused", "geojson", change, |_| answer("404 No", "", "")).await;
        world.set_source(&serde_json::json!({
            "name": "Partner", "url": server.url("/all.geojson").as_str(), "format": "geojson",
            "harvesting": "active",
        }));
        let run = world.run().await;
        let shown = robots.chars().take(60).collect::<String>();
        if expected == "ok" {
            world.expect(&run, Outcome::Ok);
        } else {
            world.expect(&run, Outcome::Failed);
            assert_eq!(world.codes(&run), [expected], "{shown}");
            // D2: nothing but robots.txt was asked for.
            assert_eq!(server.paths(), [""; 0], "{shown}");
        }
        if expected == "blocked-by-robots" {
            let reason = run.reason.unwrap();
            assert!(reason.contains("blocked by robots.txt, rule `Dis"), "{reason}");
            assert!(reason.contains("line 2"), "{reason}");
        }
    }
}

#[tokio::test]
async fn c13_an_address_as_people_write_it_is_harvested() {
    let body = listing();
    let world = World::new("/all.geojson", "geojson", move |_| geojson(&body)).await;
    let url = world.server.url("/all features.geojson#top");
    let written = url.as_str().replacen("http:", "HTTP:", 1).replace("%20", " ");
    world.set_source(&serde_json::json!({
        "name": "Partner", "url": written.replace(' ', "%20"), "format": "geojson",
        "harvesting": "active",
    }));
    world.expect(&world.run().await, Outcome::Ok);
    assert_eq!(world.server.paths(), ["/all%20features.geojson"]);
}

#[tokio::test]
async fn d3_every_request_says_who_asks_and_asks_only_for_what_is_new() {
    let body = listing();
    let world = World::new("/all.geojson", "geojson", move |received| {
        match received.header("if-none-match") {
            Some("\"v1\"") => answer("304 Not Modified", "ETag: \"v1\"\r\n", ""),
            _ => answer("200 OK", &format!("{JSON}ETag: \"v1\"\r\n"), &body),
        }
    })
    .await;
    for _ in 0..3 {
        world.run().await;
    }
    let received = world.server.received();
    for request in &received {
        let agent = request.header("user-agent").unwrap();
        assert!(agent.starts_with("kistbot/") && agent.contains("about/bot"), "{agent}");
        assert_eq!(request.header("from"), Some("bot@register.example.scot"));
    }
    let of = |path: &str| received.iter().filter(|request| request.path == path).count();
    assert_eq!((of("/robots.txt"), of("/all.geojson")), (1, 3));
    let conditional = received.iter().filter(|it| it.header("if-none-match").is_some()).count();
    assert_eq!(conditional, 2);
}
