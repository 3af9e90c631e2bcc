//! Bodies that are too long, too slow, broken or compressed.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::super::decompress::{Body, Cap};
use crate::harvest::dump::Spool;

use super::super::{Expected, Request, RobotsPolicy, Size};
use super::server::{Act, Server, answer, head};
use super::{came, code, failed, fetcher, in_haste, now, options, request};

const TEXT: &str = "Dementia Café, Leith";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// [`TEXT`] as node's zlib compresses it with Brotli.
fn brotli() -> Vec<u8> {
    hex("0b0a8044656d656e74696120436166c3a92c204c6569746803")
}

/// Serves one answer to everything and gives the code that comes of it.
async fn outcome(acts: Vec<Act>) -> &'static str {
    let server = Server::start(move |_| acts.clone()).await;
    code(&fetcher(options(&server)), &request(&server, "/")).await
}

/// As [`outcome`], with robots.txt set aside and little time.
async fn hasty_outcome(acts: Vec<Act>) -> &'static str {
    let server = Server::start(move |_| acts.clone()).await;
    let mut request = request(&server, "/");
    request.robots = RobotsPolicy::Overridden("test".to_owned());
    code(&fetcher(in_haste(options(&server))), &request).await
}

fn coded(coding: &str, body: &[u8]) -> Vec<Act> {
    answer("200 OK", &format!("Content-Encoding: {coding}\r\n"), body)
}

#[tokio::test]
async fn every_coding_is_undone() {
    let raw = {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(TEXT.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let zlib = {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(TEXT.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let zstd = zstd::stream::encode_all(TEXT.as_bytes(), 3).unwrap();
    let (half, rest) = TEXT.split_at(9);
    let members = [gzip(half.as_bytes()), gzip(rest.as_bytes())].concat();
    let cases = vec![
        ("identity", TEXT.as_bytes().to_vec()),
        ("", TEXT.as_bytes().to_vec()),
        ("gzip", gzip(TEXT.as_bytes())),
        ("X-Gzip", gzip(TEXT.as_bytes())),
        ("gzip", members),
        ("br", brotli()),
        ("zstd", zstd),
        ("deflate", zlib),
        ("deflate", raw),
        ("br, gzip", gzip(&brotli())),
    ];
    for (coding, body) in cases {
        let length = body.len() as u64;
        let acts = coded(coding, &body);
        let server = Server::start(move |_| acts.clone()).await;
        let outcome = fetcher(options(&server)).get(&request(&server, "/"), now()).await;
        let whole = came(outcome);
        assert_eq!(whole.document.bytes, TEXT.as_bytes(), "{coding}");
        assert_eq!(whole.effort.wire_bytes, length, "{coding}");
    }
}

#[tokio::test]
async fn a_gibibyte_of_zeros_in_a_mebibyte_is_cut_off() {
    // 64 members of 16 MiB each, of 16 KiB each.
    let bomb = gzip(&vec![0; 16 << 20]).repeat(64);
    assert!(bomb.len() < 2 << 20);
    let acts = coded("gzip", &bomb);
    let server = Server::start(move |_| acts.clone()).await;
    for size in [Size::Page, Size::Feed, Size::Dump] {
        let error =
            failed(fetcher(options(&server)).get(&request(&server, "/").size(size), now()).await);
        assert!(matches!(error.code(), "decompression-bomb" | "too-large"), "{error}");
    }
}

#[tokio::test]
async fn bombs_of_all_codings_are_cut_off() {
    let zeros = vec![0; 64 << 20];
    // 64 MiB of zeros as node's zlib compresses them with Brotli.
    let brotli = hex(
        "cbffff3ff82700e2b14020f7fe8fffff7ff04f00c4611180eefd1fffffffe09f0088c30200ddfb3ffeffffc13f0110870500baf77ffcffff837f02200e0b0074effff8ffff07ff04401c1600e8defff1ffff0ffe0980382c00d0bdffcbffff3ffc1300715800a07bff07",
    );
    let cases = [
        ("br", brotli),
        ("zstd", zstd::stream::encode_all(&*zeros, 3).unwrap()),
        ("gzip, gzip", gzip(&gzip(&zeros))),
        ("gzip", gzip(&zeros)),
    ];
    for (coding, body) in cases {
        let acts = coded(coding, &body);
        let server = Server::start(move |_| acts.clone()).await;
        let mut options = options(&server);
        options.limits.page_bytes = 40 << 20;
        assert_eq!(
            code(&fetcher(options.clone()), &request(&server, "/")).await,
            "decompression-bomb",
            "{coding}"
        );
        options.limits.max_ratio = u64::MAX;
        assert_eq!(code(&fetcher(options), &request(&server, "/")).await, "too-large", "{coding}");
    }
}

#[tokio::test]
async fn windows_that_would_take_much_room_are_refused() {
    // Brotli's large window of 30 bits, by node's zlib.
    assert_eq!(outcome(coded("br", &hex("115efdff3ffe0980782c10907bff00"))).await, "bad-coding");
    // A frame of Zstandard with a window of 128 MiB.
    assert_eq!(outcome(coded("zstd", &hex("28b52ffd0088010000"))).await, "bad-coding");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_make_a_decoder_panic(
        coding in 0..8_usize,
        mut body in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        damage in 0..200_usize,
        part in 1..50_usize,
    ) {
        let coding = ["gzip", "br", "zstd", "deflate", "gzip, br", "br, zstd", "zstd, gzip", ""][coding];
        // Half of the bodies begin as they should.
        let good = [gzip(TEXT.as_bytes()), brotli(), zstd::stream::encode_all(TEXT.as_bytes(), 3).unwrap()];
        if let Some(good) = good.get(damage % 6) {
            body.splice(0..0, good[..damage.min(good.len())].iter().copied());
        }
        let cap = Cap { bytes: 1000, is_cut: damage % 2 == 0, ratio: 50, ratio_from: 500 };
        let mut decoder = Body::new(coding, cap, Spool::new(None)).unwrap();
        if body.chunks(part).all(|part| decoder.push(part).is_ok_and(|more| more)) {
            drop(decoder.finish());
        }
    }
}

#[tokio::test]
async fn broken_or_unknown_codings_are_told() {
    assert_eq!(outcome(coded("gzip", b"no gzip at all, but a text")).await, "bad-coding");
    assert_eq!(outcome(coded("lzma", b"x")).await, "bad-coding");
    assert_eq!(outcome(coded("gzip, gzip, gzip, gzip", b"x")).await, "bad-coding");
    let whole = gzip(&(0..50_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
    assert_eq!(outcome(coded("gzip", &whole[..whole.len() / 2])).await, "broken-off");
    assert_eq!(
        outcome(coded("zstd", &zstd::stream::encode_all(&whole[..], 3).unwrap()[..99])).await,
        "broken-off"
    );
    assert_eq!(outcome(coded("br", &brotli()[..9])).await, "broken-off");
    assert_eq!(outcome(coded("gzip", b"")).await, "empty");
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let chunk = [b"4000\r\n".to_vec(), vec![b'a'; 0x4000], b"\r\n".to_vec()].concat();
    let head = Act::Send(head("200 OK", "Transfer-Encoding: chunked\r\n"));
    assert_eq!(outcome(vec![head, Act::Repeat(chunk)]).await, "too-large");
    let head = Act::Send(super::server::head("200 OK", ""));
    assert_eq!(outcome(vec![head, Act::Repeat(vec![b'a'; 4096])]).await, "too-large");
}

#[tokio::test]
async fn a_slow_drip_is_cut_off() {
    let drip =
        |head: Vec<u8>| vec![Act::Send(head), Act::Drip(b"a".to_vec(), Duration::from_millis(5))];
    for headers in ["", "Content-Length: 100000\r\n"] {
        let acts = drip(head("200 OK", headers));
        let server = Server::start(move |_| acts.clone()).await;
        let mut options = options(&server);
        options.limits.rate_window = Duration::from_millis(60);
        assert_eq!(code(&fetcher(options), &request(&server, "/")).await, "too-slow");
    }
    // Headers that never end.
    let acts = drip(b"HTTP/1.1 200 OK\r\nX: ".to_vec());
    assert_eq!(hasty_outcome(acts).await, "timeout");
}

#[tokio::test]
async fn silence_is_cut_off() {
    assert_eq!(hasty_outcome(vec![Act::Hold]).await, "timeout");
    let begun = [head("200 OK", "Content-Length: 100\r\n"), b"begun".to_vec()].concat();
    assert_eq!(hasty_outcome(vec![Act::Send(begun), Act::Hold]).await, "timeout");
    // One that never answers the greeting of TLS.
    let server = Server::start(|_| vec![Act::Hold]).await;
    let mut request = request(&server, "/");
    request.url.set_scheme("https").unwrap();
    request.robots = RobotsPolicy::Overridden("test".to_owned());
    let error = failed(fetcher(in_haste(options(&server))).get(&request, now()).await);
    assert_eq!(error.to_string(), "connecting took longer than 100 ms");
}

#[tokio::test]
async fn the_whole_request_has_a_limit() {
    let acts =
        vec![Act::Send(head("200 OK", "")), Act::Drip(vec![b'a'; 500], Duration::from_millis(5))];
    let server = Server::start(move |_| acts.clone()).await;
    let mut options = options(&server);
    options.limits.whole_timeout = Duration::from_millis(300);
    assert_eq!(code(&fetcher(options), &request(&server, "/")).await, "timeout");
}

#[tokio::test]
async fn floods_of_headers_are_cut_off() {
    let many = "X-Flood: a\r\n".repeat(10_000);
    assert_eq!(outcome(vec![Act::Send(head("200 OK", &many))]).await, "bad-answer");
    let begun = Act::Send(b"HTTP/1.1 200 OK\r\n".to_vec());
    assert_eq!(outcome(vec![begun.clone(), Act::Repeat(b"X: a\r\n".to_vec())]).await, "bad-answer");
    assert_eq!(outcome(vec![begun, Act::Repeat(vec![b'a'; 4096])]).await, "bad-answer");
}

#[tokio::test]
async fn what_is_no_http_is_told() {
    for text in ["SSH-2.0-OpenSSH_9.6\r\n\r\n", "<html>hello</html>\r\n\r\n", "\0\0\0\0\r\n\r\n"] {
        assert_eq!(outcome(vec![Act::Send(text.into())]).await, "bad-answer", "{text}");
    }
    assert_eq!(outcome(vec![]).await, "broken-off");
    assert_eq!(outcome(vec![Act::Send(b"HTTP/1.1 200 OK\r\n".to_vec())]).await, "broken-off");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_never_taken_for_whole() {
    let begun = |headers: &str| Act::Send([head("200 OK", headers), b"[1, 2".to_vec()].concat());
    assert_eq!(outcome(vec![begun("Content-Length: 100\r\n")]).await, "broken-off");
    assert_eq!(outcome(vec![begun("Content-Length: 100\r\n"), Act::Reset]).await, "broken-off");
    let chunked =
        [head("200 OK", "Transfer-Encoding: chunked\r\n"), b"5\r\n[1, 2\r\n".to_vec()].concat();
    assert_eq!(outcome(vec![Act::Send(chunked)]).await, "broken-off");
}

#[tokio::test]
async fn a_length_that_lies_is_not_believed() {
    // More than there are: nothing is waited for, nothing is set aside.
    assert_eq!(
        outcome(vec![Act::Send(head("200 OK", "Content-Length: 99999999999\r\n"))]).await,
        "too-large"
    );
    // Fewer than there are: the rest is no part of it.
    let acts =
        vec![Act::Send([head("200 OK", "Content-Length: 2\r\n"), b"{}and more".to_vec()].concat())];
    let server = Server::start(move |_| acts.clone()).await;
    let whole = came(fetcher(options(&server)).get(&request(&server, "/"), now()).await);
    assert_eq!(whole.document.bytes, b"{}");
    // Several that differ, or none that is a number.
    for headers in ["Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: -1\r\n"] {
        assert_eq!(outcome(vec![Act::Send(head("200 OK", headers))]).await, "bad-answer");
    }
}

#[tokio::test]
async fn answers_without_a_body_are_told() {
    for (status, expected) in [
        ("200 OK", "empty"),
        ("204 No Content", "empty"),
        ("205 Reset Content", "empty"),
        ("206 Partial Content", "unexpected-status"),
        ("226 IM Used", "unexpected-status"),
        ("300 Multiple Choices", "unexpected-status"),
    ] {
        assert_eq!(outcome(answer(status, "", "")).await, expected, "{status}");
    }
}

#[tokio::test]
async fn a_glance_takes_the_beginning_and_leaves_the_rest() {
    let acts = vec![Act::Send(head("200 OK", "")), Act::Repeat(vec![b'a'; 4096])];
    let server = Server::start(move |_| acts.clone()).await;
    let mut request = Request::new(server.url("/")).size(Size::Glance);
    request.expected = Expected::Whatever;
    let whole = came(fetcher(options(&server)).get(&request, now()).await);
    assert_eq!(whole.document.bytes.len(), 64 * 1024);
}

#[tokio::test]
async fn a_slow_server_keeps_nobody_waiting() {
    let slow = Server::start(|_| vec![Act::Hold]).await;
    let quick = Server::start(|_| answer("200 OK", "", "hello")).await;
    let mut options = options(&slow);
    options.allowed_hosts.push(quick.host());
    options.limits.first_byte_timeout = Duration::from_mins(1);
    options.limits.connect_timeout = Duration::from_mins(1);
    let fetcher = fetcher(options);
    let (waiting, other) = (request(&slow, "/"), request(&quick, "/"));
    tokio::select! {
        _ = fetcher.get(&waiting, now()) => unreachable!("the slow server never answers"),
        code = code(&fetcher, &other) => assert_eq!(code, "ok"),
    }
}
