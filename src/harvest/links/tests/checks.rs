//! What servers answer, and what is made of it.

use super::{World, days_later, in_state, is_head};
use crate::harvest::fetch::tests::server::{Act, Received, Server, answer, redirect};
use crate::register::ledger::LinkState;

const HTML: &str = "Content-Type: text/html\r\n";

fn page(title: &str) -> Vec<Act> {
    answer("200 OK", HTML, format!("<title>{title}</title><p>Walks on Tuesdays"))
}

/// An answer without a body to those who want none.
fn headers(received: &Received, answered: Vec<Act>) -> Vec<Act> {
    if is_head(received) { answer("200 OK", HTML, "") } else { answered }
}

async fn state<F>(answers: F) -> (World, LinkState)
where
    F: Fn(&Received) -> Vec<Act> + Send + Sync + 'static,
{
    let world = World::new(answers).await;
    let checked = world.check().await;
    assert_eq!(checked.asked, 1, "{:#?}", world.link());
    let state = world.link().state;
    assert_eq!(in_state(world.harvester.register(), state), 1);
    (world, state)
}

#[tokio::test]
async fn a_page_that_answers_is_asked_for_its_headers_and_looked_at_once_a_month() {
    let world = World::new(|it| match it.path.as_str() {
        "/club/walks.html" => headers(it, page("Walks")),
        _ => answer("404 Not Found", "", ""),
    })
    .await;
    world.check().await;
    assert_eq!(world.link().state, LinkState::Alive);
    let asked = world.asked();
    assert_eq!(asked[..2], ["HEAD /club/walks.html", "GET /club/walks.html"]);
    assert!(asked[2].starts_with("GET /club/kist-") && asked.len() == 3, "{asked:?}");
    assert_eq!(world.check().await.asked, 0);
    days_later(8);
    world.check().await;
    assert_eq!(world.asked()[3..], ["HEAD /club/walks.html"]);
}

#[tokio::test]
async fn a_server_that_does_not_know_head_is_asked_by_get() {
    for status in ["403 Forbidden", "404 Not Found", "405 No", "501 Not Implemented", "500 No"] {
        let (world, state) = state(move |it| match it.path.as_str() {
            _ if is_head(it) => answer(status, "", ""),
            "/club/walks.html" => page("Walks"),
            _ => answer("404 Not Found", "", ""),
        })
        .await;
        assert_eq!(state, LinkState::Alive, "{status}");
        assert_eq!(world.asked()[..2], ["HEAD /club/walks.html", "GET /club/walks.html"]);
    }
}

#[tokio::test]
async fn statuses_that_keep_programs_out_are_blocked_and_those_that_fail_suspect() {
    for (status, expected, code) in [
        ("401 Unauthorized", LinkState::Blocked, "blocked-or-login"),
        ("403 Forbidden", LinkState::Blocked, "blocked-or-login"),
        ("429 Too Many", LinkState::Blocked, "too-many-requests"),
        ("999 No", LinkState::Blocked, "blocked-or-login"),
        ("404 Not Found", LinkState::Suspect, "not-found"),
        ("410 Gone", LinkState::Suspect, "gone"),
        ("500 No", LinkState::Suspect, "unavailable"),
        ("400 Bad", LinkState::Suspect, "unexpected-status"),
    ] {
        let (world, state) = state(move |_| answer(status, "", "")).await;
        assert_eq!(state, expected, "{status}");
        assert_eq!(world.link().code.as_deref(), Some(code));
        assert!(world.link().reason.is_some());
    }
}

#[tokio::test]
async fn a_failing_link_is_asked_once_and_again_on_another_day() {
    let (world, _) = state(|_| answer("500 No", "", "")).await;
    assert_eq!(world.asked(), ["HEAD /club/walks.html", "GET /club/walks.html"]);
    world.check().await;
    assert_eq!(world.asked().len(), 2);
    days_later(2);
    world.check().await;
    assert_eq!(world.link().failures.days, 2);
}

#[tokio::test]
async fn a_page_that_robots_txt_keeps_to_itself_is_never_asked() {
    let server = Server::with_robots(|it| match it.path.as_str() {
        "/robots.txt" => answer("200 OK", "", "User-agent: *\nDisallow: /club/"),
        _ => page("Walks"),
    })
    .await;
    let world = World::of(server);
    world.check().await;
    assert_eq!(world.link().code.as_deref(), Some("blocked-by-robots"));
    assert_eq!((world.link().state, world.asked().len()), (LinkState::Blocked, 0));
}

#[tokio::test]
async fn a_host_that_fails_for_robots_txt_only_is_blocked_and_not_dead() {
    let server = Server::with_robots(|it| match it.path.as_str() {
        "/robots.txt" => answer("503 No", "", ""),
        _ => page("Walks"),
    })
    .await;
    let world = World::of(server);
    world.check().await;
    assert_eq!(world.link().code.as_deref(), Some("robots-unreachable"));
    assert_eq!(world.link().state, LinkState::Blocked);
}

/// An organisation whose page is on a host that is not there.
fn say_nowhere(world: &World, host: usize) -> String {
    let url = format!("http://host{host}.invalid/");
    let json = serde_json::json!({ "name": "O", "url": url });
    super::say(world.harvester.register(), "local", &format!("o{host}"), &json);
    super::collect_all(world.harvester.register(), super::clock()).unwrap();
    url
}

#[tokio::test]
async fn a_host_that_is_not_there_is_suspect_when_another_answers() {
    let world = World::new(|it| headers(it, page("Walks"))).await;
    let url = say_nowhere(&world, 1);
    world.check().await;
    let link = super::link(world.harvester.register(), &url).unwrap();
    assert_eq!((link.state, link.failures.days), (LinkState::Suspect, 1));
}

#[tokio::test]
async fn where_only_failing_hosts_are_due_one_that_answered_before_is_asked_again() {
    let world = World::new(|it| headers(it, page("Walks"))).await;
    world.check().await;
    let asked = world.asked().len();
    let url = say_nowhere(&world, 1);
    let checked = world.check().await;
    assert_eq!((checked.asked, checked.alive, checked.suspect), (2, 1, 1));
    assert_eq!(world.asked()[asked..], ["HEAD /club/walks.html"]);
    let link = super::link(world.harvester.register(), &url).unwrap();
    assert_eq!((link.state, link.failures.days), (LinkState::Suspect, 1));
}

#[tokio::test]
async fn an_address_within_is_not_asked_and_says_why() {
    let world = World::new(|_| page("Walks")).await;
    let register = world.harvester.register();
    let url = "http://169.254.169.254/latest/meta-data/";
    super::say(register, "local", "evil", &serde_json::json!({ "name": "E", "url": url }));
    super::collect_all(register, super::clock()).unwrap();
    world.check().await;
    let link = super::link(register, url).unwrap();
    assert_eq!(link.code.as_deref(), Some("forbidden-address"));
    assert_eq!(link.state, LinkState::Blocked);
}

#[tokio::test]
async fn a_page_that_is_called_not_found_is_suspect_only() {
    let (world, state) = state(|it| headers(it, page("Page not found | Club"))).await;
    assert_eq!(state, LinkState::Suspect);
    assert_eq!(world.link().code.as_deref(), Some("soft-404"));
    assert_eq!(world.link().failures.days, 0);
}

#[tokio::test]
async fn a_host_that_answers_alike_for_an_address_that_nobody_has_is_suspect() {
    let words: Vec<String> = (0..50).map(|word| format!("word{word}")).collect();
    let body = format!("<title>Club</title>{}", words.join(" "));
    let (world, state) = state(move |it| headers(it, answer("200 OK", HTML, &body))).await;
    assert_eq!(state, LinkState::Suspect);
    let reason = world.link().reason.unwrap();
    assert_eq!(reason, "the same page comes for an address that nobody has");
}

#[tokio::test]
async fn a_redirect_to_the_home_page_is_suspect_without_a_further_request() {
    let (world, state) = state(|it| match it.path.as_str() {
        "/" => headers(it, page("Club")),
        _ => redirect(301, "/"),
    })
    .await;
    assert_eq!(state, LinkState::Suspect);
    assert_eq!(world.asked(), ["HEAD /club/walks.html", "HEAD /"]);
    assert!(world.link().moved.is_none());
}

#[tokio::test]
async fn a_redirect_to_a_login_is_blocked_and_not_alive() {
    let (world, state) = state(|it| match it.path.as_str() {
        "/club/walks.html" => redirect(302, "/login?next=walks"),
        _ => headers(it, page("Log in")),
    })
    .await;
    assert_eq!((state, world.link().moved), (LinkState::Blocked, None));
}

#[tokio::test]
async fn a_redirect_loop_is_suspect() {
    let (world, state) = state(|it| match it.path.as_str() {
        "/club/walks.html" => redirect(301, "/b"),
        _ => redirect(301, "/club/walks.html"),
    })
    .await;
    assert_eq!(state, LinkState::Suspect);
    assert_eq!(world.link().code.as_deref(), Some("redirect-loop"));
}

#[tokio::test]
async fn of_a_long_document_only_a_glance_is_fetched() {
    let (_, state) = state(|it| match it.path.as_str() {
        _ if is_head(it) => answer("405 No", "", ""),
        "/club/walks.html" => vec![
            Act::Send(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n".to_vec()),
            Act::Repeat(vec![7; 4096]),
        ],
        _ => answer("404 Not Found", "", ""),
    })
    .await;
    assert_eq!(state, LinkState::Alive);
}

#[tokio::test]
async fn when_nobody_can_be_reached_the_fault_is_ours_and_no_link_is_suspect() {
    for hosts in [1, 10] {
        let world = World::new(|_| page("Walks")).await;
        let register = world.harvester.register();
        super::say(register, "local", "club", &serde_json::Value::Null);
        super::collect_all(register, super::clock()).unwrap();
        let urls: Vec<String> = (0..hosts).map(|host| say_nowhere(&world, host)).collect();
        let checked = world.check().await;
        assert_eq!((checked.asked, checked.put_off), (0, hosts as u64));
        for url in &urls {
            let link = super::link(register, url).unwrap();
            assert_eq!((link.state, link.failures.days), (LinkState::Unknown, 0));
        }
    }
}
