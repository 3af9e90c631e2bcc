//! Tests of robots.txt: the rules, the suite of Google's reader, and how long
//! a file is believed.

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::cache::{Answer, Cache, Known};
use super::*;

/// One case of `conformance/robots`.
#[derive(Deserialize)]
struct Case {
    test: String,
    robots: String,
    agent: String,
    url: String,
    allow: bool,
}

/// Path and query as Google's reader takes them from an address, without
/// encoding anything.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let rest = rest.find(['/', '?']).map_or("", |at| &rest[at..]);
    rest.split('#').next().unwrap()
}

fn shared(path: &str) -> Option<Vec<u8>> {
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    std::fs::read(beside).ok()
}

#[expect(clippy::print_stderr, reason = "who runs the tests has to know what was not tested")]
#[test]
fn the_suite_of_google_passes_but_for_what_only_google_does() {
    let Some(cases) = shared("conformance/robots/google_robots.json") else {
        eprintln!("skipped: ../shared/conformance/robots is not there");
        return;
    };
    let cases: Vec<Case> = serde_json::from_slice(&cases).unwrap();
    let mut failed: Vec<String> = Vec::new();
    for Case { test, robots, agent, url, allow } in &cases {
        let found = Robots::parse(robots, agent).check_path(path_of(url)).is_ok();
        if found != *allow {
            failed.push(format!("{test} {url}"));
        }
    }
    // Google takes a rule for `index.html` for one of its folder too, which
    // the RFC knows nothing of.
    assert_eq!(failed, ["GoogleOnly_IndexHTMLisDirectory http://foo.com/allowed-slash/"]);
    assert_eq!(cases.len(), 142);
}

#[track_caller]
fn check(robots: &str, url: &str, expected: Result<(), (&str, usize)>) {
    let found = Robots::parse(robots, "kistbot").check(&url.parse().unwrap());
    let found = found.as_ref().copied().map_err(|it| (it.rule.as_str(), it.line));
    assert_eq!(found, expected);
}

#[test]
fn a_refusal_tells_the_rule_and_its_line() {
    let robots = "# Hello\r\nUser-agent: *\r\nDisallow: /\r\n\r\nUser-agent: kistbot/1.0 # us\r\nAllow: /a\r\nDisallow: /a/b  # not this\r\nDisallow: /a/b\r\n";
    check(robots, "https://example.scot/a/b/c", Err(("Disallow: /a/b  # not this", 7)));
    check(robots, "https://example.scot/a/c", Ok(()));
    check(robots, "https://example.scot/", Ok(()));
}

#[test]
fn misspelt_lines_are_understood_and_others_passed_over() {
    check(
        "useragent *\rDissallow: /a\rNonsense\r: x\r",
        "http://a.scot/a",
        Err(("Dissallow: /a", 2)),
    );
    check("User-agent: kistbot\nDisallow /a\n", "http://a.scot/a", Err(("Disallow /a", 2)));
    check("Disallow: /\n", "http://a.scot/a", Ok(()));
    check("User-agent: *\nDisallow:\n", "http://a.scot/a", Ok(()));
    check("User-agent: *\nDisallow: \u{0}\n", "http://a.scot/a", Ok(()));
}

#[test]
fn robots_txt_itself_is_always_allowed() {
    check("User-agent: *\nDisallow: /\n", "http://a.scot/robots.txt", Ok(()));
}

#[test]
fn crawl_delay_is_honoured_up_to_a_minute() {
    for (text, expected) in [
        ("User-agent: *\nCrawl-delay: 2.5\n", Some(2_500)),
        ("User-agent: *\nCrawl-delay: 86400\n", Some(60_000)),
        ("User-agent: *\nCrawl-delay: -1\n", None),
        ("User-agent: *\nCrawl-delay: NaN\n", None),
        ("User-agent: *\nCrawl-delay: often\n", None),
        ("User-agent: other\nCrawl-delay: 5\n", None),
        ("User-agent: *\nCrawl-delay: 5\nUser-agent: kistbot\nAllow: /\n", None),
        ("User-agent: kistbot\nCrawl-delay: 1\n\nUser-agent: *\nDisallow: /\n", Some(1_000)),
    ] {
        let found = Robots::parse(text, "kistbot").crawl_delay;
        assert_eq!(found, expected.map(Duration::from_millis), "{text}");
    }
}

#[test]
fn a_group_of_nothing_but_a_delay_is_one() {
    let text = "User-agent: *\nCrawl-delay: 5\n\nUser-agent: other\nDisallow: /\n";
    check(text, "https://a.scot/a", Ok(()));
}

#[test]
fn sitemaps_are_of_no_group() {
    let text = "Sitemap: https://a.scot/sitemap.xml\nUser-agent: x\nsite-map: https://a.scot/b.xml\nSitemap: /c.xml";
    let found: Vec<String> =
        Robots::parse(text, "kistbot").sitemaps.iter().map(Url::to_string).collect();
    assert_eq!(found, ["https://a.scot/sitemap.xml", "https://a.scot/b.xml"]);
}

fn document(bytes: Vec<u8>) -> Document {
    Document {
        url: "https://example.scot/robots.txt".parse().unwrap(),
        media_type: Some("text/plain".to_owned()),
        charset: None,
        bytes,
        retrieved_at: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn a_page_of_html_has_no_rules() {
    let page = b"<!doctype html>\nUser-agent: *\nDisallow: /\n".to_vec();
    assert_eq!(Robots::text(&document(page)), "");
}

#[test]
fn a_file_with_a_mark_or_in_utf_16_is_read() {
    let text = "\u{FEFF}User-agent: *\nDisallow: /a\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes().to_vec(), little.clone(), little[2..].to_vec()] {
        let robots = Robots::parse(&Robots::text(&document(bytes)), "kistbot");
        assert!(robots.check(&"http://a.scot/a".parse().unwrap()).is_err());
    }
}

#[test]
fn what_is_beyond_500_kib_is_ignored_with_the_line_that_crosses() {
    let mut text = "User-agent: *\nDisallow: /a\n".to_owned();
    text.push_str(&"# é\n".repeat(MAX_BYTES / 6));
    let line = text.len();
    text.push_str(&"#".repeat(MAX_BYTES - line - 4));
    text.push_str("\nDisallow: /b\n");
    text.push_str(&"Disallow: /c\n".repeat(150_000));
    let robots = Robots::parse(&text, "kistbot");
    let refused = |path: &str| robots.check_path(path).is_err();
    assert_eq!((refused("/a"), refused("/b"), refused("/c")), (true, false, false));
}

proptest::proptest! {
    #[test]
    fn any_text_can_be_read(
        lines in proptest::collection::vec("(user-agent: (\\*|kistbot)|(dis)?allow: [/*$%a-c\u{e9}]{0,8}|crawl-delay: .{0,5}|sitemap:.{0,9}|.{0,20})[\r\n]{1,2}", 0..12),
        path in "/[/a-c%$\u{e9}0-9]{0,9}",
    ) {
        let robots = Robots::parse(&lines.concat(), "kistbot");
        drop(robots.check_path(&path));
    }
}

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
}

/// Asks the cache at an hour, when the host would answer `answer`; tells
/// whether anything may be fetched and whether the host was asked.
async fn ask(cache: &Cache, hours: i64, answer: Answer) -> (bool, bool) {
    let asked = AtomicUsize::new(0);
    let known = cache
        .get("https://example.scot", at(hours), async {
            asked.fetch_add(1, Ordering::Relaxed);
            Ok::<_, ()>(answer)
        })
        .await
        .unwrap();
    let is_allowed = match known {
        Known::Rules(robots) => robots.check_path("/a").is_ok(),
        Known::Nothing(_) => false,
    };
    (is_allowed, asked.into_inner() == 1)
}

fn file(text: &str) -> Answer {
    Answer::File(text.to_owned())
}

fn down() -> Answer {
    Answer::Unreachable("status 500".to_owned())
}

#[tokio::test]
async fn a_file_is_believed_for_a_day_and_stands_in_for_thirty() {
    let cache = Cache::default();
    assert_eq!(ask(&cache, 0, file("User-agent: *\nDisallow: /b")).await, (true, true));
    assert_eq!(ask(&cache, 23, down()).await, (true, false));
    assert_eq!(ask(&cache, 24, down()).await, (true, true));
    assert_eq!(ask(&cache, 24, down()).await, (true, false));
    assert_eq!(ask(&cache, 25, down()).await, (true, true));
    assert_eq!(ask(&cache, 30 * 24 + 1, down()).await, (false, true));
    assert_eq!(ask(&cache, 30 * 24 + 2, file("")).await, (true, true));
}

#[tokio::test]
async fn a_host_that_fails_and_then_has_no_file_allows_everything() {
    let cache = Cache::default();
    assert_eq!(ask(&cache, 0, down()).await, (false, true));
    assert_eq!(ask(&cache, 1, file("")).await, (true, true));
}

#[tokio::test]
async fn a_clock_that_was_turned_back_makes_a_file_unknown() {
    let cache = Cache::default();
    assert_eq!(ask(&cache, 100, file("")).await, (true, true));
    assert_eq!(ask(&cache, 50, file("")).await, (true, true));
}

#[tokio::test]
async fn copies_survive_a_restart() {
    let cache = Cache::default();
    ask(&cache, 0, file("User-agent: *\nDisallow: /a")).await;
    let text = serde_json::to_string(&cache.copies()).unwrap();
    let cache = Cache::of(serde_json::from_str(&text).unwrap());
    assert_eq!(ask(&cache, 1, down()).await, (false, false));
}

#[tokio::test]
async fn a_file_is_fetched_once_for_many_who_ask_at_once() {
    let cache = Cache::default();
    let asked = AtomicUsize::new(0);
    let all = (0..50).map(|_| {
        cache.get("https://example.scot", at(0), async {
            asked.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok::<_, ()>(file(""))
        })
    });
    futures_util::future::join_all(all).await;
    assert_eq!(asked.into_inner(), 1);
}
