//! C1, C2, C5, C9, C10: answers that are too long, too slow, too deep, half or
//! something else. Each comes after a good harvest, of which it costs nothing.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::publisher::{World, collection, feature};
use crate::harvest::fetch::SystemResolver;
use crate::harvest::fetch::tests::server::{Act, answer, head};
use crate::register::ledger::{Finding, Outcome, Page, SourceState};

const JSON: &str = "Content-Type: application/geo+json\r\n";

/// A world with little patience, in which three records were harvested well.
async fn harvested() -> World {
    let body = collection(&[feature(1, "One"), feature(2, "Two"), feature(3, "Three")]);
    let change = |options: &mut crate::harvest::Options| {
        // Short for what hangs, and long enough for a machine that is busy.
        options.fetch.limits.first_byte_timeout = Duration::from_secs(2);
        options.fetch.limits.idle_timeout = Duration::from_secs(2);
        options.fetch.limits.rate_window = Duration::from_millis(500);
        options.fetch.limits.feed_bytes = 8 << 20;
        Arc::new(SystemResolver) as Arc<dyn crate::harvest::fetch::Resolver>
    };
    let world = World::with("/all.geojson", "geojson", change, move |_| {
        answer("200 OK", &format!("{JSON}ETag: \"good\"\r\n"), &body)
    })
    .await;
    world.expect(&world.run().await, Outcome::Ok);
    world
}

/// Answers with `acts` instead of the listing: the run fails with `code`, says
/// so in its report, changes no record, and remembers nothing of the answer.
async fn check(name: &str, code: &str, acts: Vec<Act>) {
    let world = harvested().await;
    let url = world.server.url("/all.geojson");
    let page = |world: &World| -> Page {
        world.register().ledger().get(&Page::key("partner", url.as_str())).unwrap().unwrap()
    };
    let before = (world.register().newest().unwrap(), page(&world).validators);
    world.answers(move |_| acts.clone());
    let run = world.run().await;
    assert_eq!(run.outcome, Some(Outcome::Failed), "{name}: {run:#?}");
    let findings = world.findings(&run);
    let told: Vec<(&str, &str)> =
        findings.iter().map(|Finding { code, severity, .. }| (&**code, &**severity)).collect();
    assert_eq!(told, [(code, "broken")], "{name}: {findings:#?}");
    assert!(!findings[0].what.is_empty() && findings[0].url == url.as_str(), "{name}");
    assert!(run.reason.is_some() && run.ended.is_some(), "{name}");
    assert_eq!(world.assets(), 3, "{name}");
    // Its validators are not believed: the good listing is asked for as before.
    assert_eq!((world.register().newest().unwrap(), page(&world).validators), before, "{name}");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn coded(coding: &str, body: &[u8]) -> Vec<Act> {
    answer("200 OK", &format!("{JSON}Content-Encoding: {coding}\r\n"), body)
}

#[tokio::test]
async fn c1_a_gibibyte_of_zeros_in_a_mebibyte_costs_the_run_and_nothing_else() {
    let bomb = gzip(&vec![0; 16 << 20]).repeat(64);
    assert!(bomb.len() < 2 << 20);
    check("gzip", "decompression-bomb", coded("gzip", &bomb)).await;
    check("nested", "decompression-bomb", coded("gzip, gzip", &gzip(&bomb))).await;
    let zeros = zstd::stream::encode_all(&*vec![0; 64 << 20], 3).unwrap();
    check("zstd", "decompression-bomb", coded("zstd", &zeros)).await;
}

#[tokio::test]
async fn c2_what_comes_without_end_or_too_slowly_is_cut_off() {
    let begun = |headers: &str| Act::Send(head("200 OK", &format!("{JSON}{headers}")));
    let chunk = [b"4000\r\n".to_vec(), vec![b' '; 0x4000], b"\r\n".to_vec()].concat();
    let endless = vec![begun("Transfer-Encoding: chunked\r\n"), Act::Repeat(chunk)];
    check("endless", "too-large", endless).await;
    let drip = Act::Drip(b" ".to_vec(), Duration::from_millis(5));
    check("drip", "too-slow", vec![begun(""), drip.clone()]).await;
    check(
        "headers without end",
        "timeout",
        vec![Act::Send(b"HTTP/1.1 200 OK\r\nX: ".into()), drip],
    )
    .await;
    check("silence", "timeout", vec![begun("Content-Length: 9\r\n"), Act::Hold]).await;
    let flood = "X-Flood: a\r\n".repeat(10_000);
    check("flood", "bad-answer", vec![begun(&flood)]).await;
}

#[tokio::test]
async fn c2_half_an_answer_and_none_are_no_listing() {
    let half = b"{\"type\":\"FeatureCollection\",\"features\":[".to_vec();
    let begun = |length: &str| {
        Act::Send([head("200 OK", &format!("{JSON}{length}")), half.clone()].concat())
    };
    check("broken off", "broken-off", vec![begun("Content-Length: 1000\r\n")]).await;
    check("reset", "broken-off", vec![begun("Content-Length: 1000\r\n"), Act::Reset]).await;
    check("half a document", "bad-json", vec![begun("")]).await;
    check("a length too short", "bad-json", vec![begun("Content-Length: 20\r\n")]).await;
    check("204", "empty", vec![Act::Send(head("204 No Content", ""))]).await;
    check("206", "unexpected-status", answer("206 Partial Content", JSON, "{}")).await;
    check("empty", "empty", answer("200 OK", JSON, "")).await;
    check("no http", "bad-answer", vec![Act::Send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n".into())]).await;
}

#[tokio::test]
async fn c5_pages_that_stand_before_the_listing_are_told_from_it() {
    let page = |title: &str, rest: &str| {
        let body = format!("<!doctype html><html><head><title>{title}</title></head>{rest}");
        answer("200 OK", "Content-Type: text/html\r\nETag: \"bad\"\r\n", body)
    };
    check("login", "blocked-or-login", page("Log in", "<form><input type=password>")).await;
    check("check", "blocked-or-login", page("Just a moment...", "")).await;
    check("parked", "blocked-or-login", page("partner.example is parked", "")).await;
    check("maintenance", "blocked-or-login", page("Site maintenance", "")).await;
    // Whatever it is declared as.
    let as_json = answer("200 OK", JSON, "<!doctype html><title>Log in</title>");
    check("html as json", "blocked-or-login", as_json).await;
    check("pdf", "unexpected-type", answer("200 OK", JSON, "%PDF-1.7 and so on")).await;
    check("401", "blocked-or-login", answer("401 Unauthorized", "", "")).await;
    check("404", "not-found", answer("404 Not Found", "", "")).await;
}

fn feed(items: &str) -> Vec<Act> {
    let body = format!("<rss version='2.0'><channel><title>News</title>{items}</channel></rss>");
    answer("200 OK", "Content-Type: application/rss+xml\r\n", body)
}

const POSTS: &str = "<item><guid>p1</guid><title>One</title><link>https://partner.example/1</link></item>\
    <item><guid>p2</guid><title>Two</title><link>https://partner.example/2</link></item>";

fn login() -> Vec<Act> {
    let body = "<html><head><title>Sign in</title></head><body><form action=/login>\
        <input type=password></form></body></html>";
    answer("200 OK", "Content-Type: text/html\r\n", body)
}

#[tokio::test]
async fn c5_a_login_where_a_feed_was_is_none_though_no_format_is_set() {
    for page in [login(), answer("200 OK", "Content-Type: text/html\r\n", "<html><p>Hello")] {
        let world = World::listing([]).await;
        world.set_other(&serde_json::json!({}));
        world.answers(|_| feed(POSTS));
        assert_eq!(world.run_source("other").await.outcome, Some(Outcome::Ok));
        world.answers(move |_| page.clone());
        for failures in 1..=3 {
            let run = world.run_source("other").await;
            assert_eq!(run.outcome, Some(Outcome::Failed), "{run:#?}");
            assert!(run.codes.contains_key("blocked-or-login"), "{run:#?}");
            let state: SourceState = world.register().ledger().get("other").unwrap().unwrap();
            assert_eq!((state.failures, state.format.as_deref()), (failures, Some("rss")));
        }
        // At another address another thing may stand.
        world.set_other(&serde_json::json!({ "url": world.server.url("/page").as_str() }));
        world.answers(|_| {
            let page = "<html><title>Walks</title><meta name=description content='Walks.'>";
            answer("200 OK", "Content-Type: text/html\r\n", page)
        });
        assert_eq!(world.run_source("other").await.outcome, Some(Outcome::Ok));
    }
}

#[tokio::test]
async fn c5_a_login_where_a_page_was_is_none() {
    let page = "<html><title>Walks</title><meta name=description content='Walks for all.'>";
    let page = move || answer("200 OK", "Content-Type: text/html\r\n", page);
    let world = World::new("/walks", "html", move |_| page()).await;
    world.expect(&world.run().await, Outcome::Ok);
    world.answers(|_| login());
    let run = world.run().await;
    world.expect(&run, Outcome::Failed);
    assert_eq!(world.codes(&run), ["blocked-or-login"]);
}

#[tokio::test]
async fn a_feed_of_which_nothing_can_be_read_has_failed() {
    for bad in [
        "<rss version=\"2.0\"><channel><<<>>&&&</chan",
        "<rss version='2.0'><channel><title>News</titel></channel></rss>",
    ] {
        let bad = answer("200 OK", "Content-Type: application/rss+xml\r\n", bad);
        let world = World::new("/feed", "rss", |_| feed(POSTS)).await;
        world.run().await;
        world.answers(move |_| bad.clone());
        world.expect(&world.run().await, Outcome::Failed);
        assert_eq!((world.state().failures, world.state().live), (1, 2));
        // One that has no items, and says so rightly, has not.
        world.answers(|_| feed(""));
        world.expect(&world.run().await, Outcome::Unchanged);
    }
}

#[tokio::test]
async fn c10_json_ten_thousand_deep_is_a_problem_and_no_stack_overflow() {
    let deep = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":{}{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    check("deep", "bad-json", answer("200 OK", JSON, deep)).await;
}

#[tokio::test]
async fn a_wrong_content_type_costs_nothing() {
    let world = harvested().await;
    let body = collection(&[feature(1, "One"), feature(2, "Two"), feature(3, "Three")]);
    for declared in ["text/plain", "text/html; charset=utf-8", "image/png", "nonsense", ""] {
        let body = body.clone();
        world.answers(move |_| answer("200 OK", &format!("Content-Type: {declared}\r\n"), &body));
        world.expect(&world.run().await, Outcome::Unchanged);
    }
}

#[tokio::test]
async fn c9_bytes_that_are_not_what_they_claim_keep_their_letters() {
    let text = collection(&[feature(1, "Dementia Café"), feature(2, "Mòd \u{2019}s Sgoil")]);
    let windows: Vec<u8> = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_nul = text.replace("Café", "Ca\u{0}fé").into_bytes();
    for (charset, bytes) in [
        ("utf-8", text.clone().into_bytes()),
        ("utf-8", windows.clone()),
        ("iso-8859-1", windows),
        ("iso-8859-1", text.clone().into_bytes()),
        ("utf-8", utf_16),
        ("utf-8", with_nul),
    ] {
        let header = format!("Content-Type: application/geo+json; charset={charset}\r\n");
        let world =
            World::new("/all.geojson", "geojson", move |_| answer("200 OK", &header, &bytes)).await;
        let run = world.run().await;
        assert_eq!(run.counts.created, 2, "{charset}: {:#?}", world.findings(&run));
        assert_eq!(world.name("f1").as_deref(), Some("Dementia Café"), "{charset}");
        assert_eq!(world.name("f2").as_deref(), Some("Mòd \u{2019}s Sgoil"), "{charset}");
    }
}

#[tokio::test]
async fn c9_half_a_character_in_json_is_told_and_never_public_without_a_word() {
    let body = collection(&[feature(1, "Walks"), feature(2, "SURROGATE")]);
    let body = body.replace("SURROGATE", "Walks \\ud800 here");
    let world = World::new("/all.geojson", "geojson", move |_| answer("200 OK", JSON, &body)).await;
    let run = world.run().await;
    let name = world.name("f2").unwrap_or_default();
    assert!(!name.contains('\u{FFFD}') || !world.findings(&run).is_empty(), "{name}");
    assert!(world.name("f1").is_some() || run.outcome == Some(Outcome::Failed), "{run:#?}");
}

#[tokio::test]
async fn c10_a_field_of_a_hundred_megabytes_is_cut_or_refused() {
    // A table may be long: its field is cut. Anything else may not.
    let row = "key,name,description,postcode\n1,Walks,";
    let start = |media_type: &str, length: usize, begin: &str| {
        let headers = format!("Content-Type: {media_type}\r\nContent-Length: {length}\r\n");
        Act::Send([head("200 OK", &headers), begin.into()].concat())
    };
    let (field, end) = ("walks for all. ".repeat(100 << 16), ",EH6 8RG\n");
    let acts = vec![
        start("text/csv", row.len() + field.len() + end.len(), row),
        Act::Send(field.into_bytes()),
        Act::Send(end.into()),
    ];
    let world = World::new("/all.csv", "csv", move |_| acts.clone()).await;
    let run = world.run().await;
    assert_eq!((run.counts.seen, world.assets()), (1, 1), "{run:#?}\n{:#?}", world.findings(&run));
    let begin = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"id\":1,\
                 \"geometry\":null,\"properties\":{\"name\":\"";
    let announced = start("application/geo+json", 100 << 20, begin);
    let acts = vec![announced, Act::Repeat(vec![b'a'; 1 << 16])];
    check("json", "too-large", acts).await;
}
