//! Clients of every bad kind, on real sockets, each beside a good one.
//!
//! Nothing sleeps: a test waits for the close that it expects.

use std::future::pending;
use std::io::ErrorKind;
use std::sync::Arc;

use axum::routing::get;
use axum::routing::post;
use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::*;
use crate::web::admission;
use crate::web::admission::Permits;
use crate::web::admission::Scope;
use crate::web::extract;
use crate::web::layers;
use crate::web::problem::Problem;
use crate::web::route;
use crate::web::route::Route;

const TINY: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_mins(10);

/// No limit is met by chance.
fn patient() -> Options {
    Options {
        first_byte_timeout: LONG,
        header_timeout: LONG,
        idle_timeout: LONG,
        body_timeout: LONG,
        write_timeout: LONG,
        grace: Duration::ZERO,
        drain_timeout: LONG,
        ..Options::default()
    }
}

struct Server {
    address: SocketAddr,
    stop: Stop,
    serving: JoinHandle<End>,
    release: Arc<Notify>,
    entered: mpsc::UnboundedReceiver<()>,
    dropped: mpsc::UnboundedReceiver<()>,
}

/// Tells when it is dropped.
struct Bell(mpsc::UnboundedSender<()>);

impl Drop for Bell {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

fn endless(bell: Bell) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(bell, async |bell| Some((Ok(Bytes::from(vec![b'a'; 65_536])), bell)))
}

impl Server {
    async fn start(options: Options) -> Self {
        let release = Arc::new(Notify::new());
        let (enter, entered) = mpsc::unbounded_channel();
        let (bell, dropped) = mpsc::unbounded_channel();
        let wait = {
            let release = Arc::clone(&release);
            move || async move {
                let _ = enter.send(());
                release.notified().await;
                "released"
            }
        };
        let limited = wait.clone();
        let permits = Permits::new(&admission::Options { memory: 1, ..Default::default() });
        let limited = [Route::get(Scope::Public, "/limited", "limited", limited)];
        let limited: Router = route::router(&limited, &admission::only_public(), &permits);
        let echo = async |body: Result<extract::Body, Problem>| body.map(|body| body.bytes);
        let router = limited
            .route("/", get(async || "here"))
            .route("/wait", get(wait))
            .route("/echo", post(echo))
            .route("/never", get(pending::<&str>))
            .route("/endless", get(async move || Body::from_stream(endless(Bell(bell)))));
        let router = layers::wrap(router, layers::Surroundings::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Stop::new();
        let serving = {
            let stop = stop.clone();
            tokio::spawn(async move { serve(listener, router, &options, &stop).await })
        };
        Self { address, stop, serving, release, entered, dropped }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends `text` on a new connection.
    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// The whole answer to `text` on a new connection, until it is closed.
    async fn exchange(&self, text: &str) -> String {
        rest(&mut self.send(text).await).await
    }

    async fn check_that_others_are_served(&self) {
        let answer = self.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("here"), "{answer}");
    }
}

/// What comes until the other side closes; a reset is a close too.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_silent_client_is_closed_while_others_are_served() {
    let server = Server::start(Options { first_byte_timeout: TINY, ..patient() }).await;
    let mut silent = server.connect().await;
    server.check_that_others_are_served().await;
    assert_eq!(rest(&mut silent).await, "");
}

#[tokio::test]
async fn a_half_sent_head_is_closed_while_others_are_served() {
    let server = Server::start(Options { header_timeout: TINY, ..patient() }).await;
    let mut half = server.send("GET / HTTP/1.1\r\nHost: a\r\nX-").await;
    server.check_that_others_are_served().await;
    assert_eq!(rest(&mut half).await, "");
}

#[tokio::test]
async fn a_half_sent_head_is_closed_on_a_kept_connection_too() {
    let server = Server::start(Options { header_timeout: TINY, ..patient() }).await;
    let mut kept = server.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let mut answer = [0; 15];
    kept.read_exact(&mut answer).await.unwrap();
    kept.write_all(b"GET / HT").await.unwrap();
    let rest = rest(&mut kept).await;
    assert!(rest.ends_with("here"), "{rest}");
}

#[tokio::test]
async fn a_kept_connection_is_closed_when_nothing_follows() {
    let server = Server::start(Options { idle_timeout: TINY, ..patient() }).await;
    let answer = server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(answer.ends_with("here"), "{answer}");
}

#[tokio::test]
async fn a_slow_body_is_a_problem_while_others_are_served() {
    let server = Server::start(Options { body_timeout: TINY, ..patient() }).await;
    let slow = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
                Content-Length: 10\r\n\r\n{\"a\"";
    let mut slow = server.send(slow).await;
    server.check_that_others_are_served().await;
    let answer = rest(&mut slow).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("/problems/request-timeout"), "{answer}");
}

#[tokio::test]
async fn a_body_whose_chunks_have_no_sizes_is_malformed_and_not_slow() {
    let server = Server::start(patient()).await;
    for chunks in ["zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}zz", "\r\n", "2;\n{}", "fffffffffffffffff\r\n"]
    {
        let head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
                    Transfer-Encoding: chunked\r\n\r\n";
        let answer = server.exchange(&format!("{head}{chunks}")).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{chunks:?}: {answer}");
        let split = rest(&mut {
            let mut stream = server.send(head).await;
            server.check_that_others_are_served().await;
            stream.write_all(chunks.as_bytes()).await.unwrap();
            stream
        })
        .await;
        assert!(split.starts_with("HTTP/1.1 400 "), "{chunks:?}: {split}");
    }
}

#[tokio::test]
async fn a_client_that_never_reads_is_closed_while_others_are_served() {
    let mut server = Server::start(Options { write_timeout: TINY, ..patient() }).await;
    let mut deaf = server.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n").await;
    server.check_that_others_are_served().await;
    server.dropped.recv().await.unwrap();
    let reset = deaf.read_to_end(&mut Vec::new()).await.unwrap_err();
    assert_eq!(reset.kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = Server::start(patient()).await;
    let long = |length| "b".repeat(length);
    for (length, head, expected) in [
        (20_000, "GET / HTTP/1.1\r\nHost: a\r\nX-A: LONG\r\n\r\n", "431"),
        (200_000, "GET / HTTP/1.1\r\nHost: a\r\nX-A: LONG\r\n\r\n", "431"),
        (10_000, "GET /LONG HTTP/1.1\r\nHost: a\r\n\r\n", "414"),
        (200_000, "GET /LONG HTTP/1.1\r\nHost: a\r\n\r\n", "414"),
    ] {
        let mut stream = server.connect().await;
        let head = head.replace("LONG", &long(length));
        // The server may close before it has read all of it.
        let _ = stream.write_all(head.as_bytes()).await;
        let mut status = [0; 12];
        stream.read_exact(&mut status).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&status), format!("HTTP/1.1 {expected}"), "{length}");
    }
    server.check_that_others_are_served().await;
}

#[tokio::test]
async fn what_is_not_http_gets_a_problem() {
    // Whatever were answered otherwise is closed soon, rather than never.
    let server = Server::start(Options { idle_timeout: TINY, ..patient() }).await;
    for head in [
        "GET /a\u{1} HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nA\u{1}: b\r\n\r\n",
        "nonsense\r\n\r\n",
        // RFC 9112, 3.2.
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
    ] {
        let answer = server.exchange(head).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{head}: {answer}");
        assert!(answer.contains("application/problem+json"), "{head}: {answer}");
        assert!(answer.contains("/problems/malformed-request"), "{head}: {answer}");
    }
    let old = server.exchange("GET / HTTP/1.0\r\n\r\n").await;
    assert!(old.starts_with("HTTP/1.0 200 "), "{old}");
    server.check_that_others_are_served().await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let server = Server::start(patient()).await;
    let answer = server
        .exchange(
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
             Content-Length: 10485760\r\n\r\n",
        )
        .await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn who_writes_all_of_a_body_before_reading_is_told_why_it_was_refused() {
    let server = Server::start(patient()).await;
    let mut stream = server.send(&too_large(64 << 20)).await;
    stream.write_all(&vec![b' '; 64 << 20]).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("/problems/payload-too-large"), "{answer}");
}

#[tokio::test]
async fn a_refused_body_that_goes_on_too_long_is_cut_off() {
    let server = Server::start(Options { body_timeout: TINY, ..patient() }).await;
    let mut stream = server.send(&too_large(u64::MAX >> 2)).await;
    while stream.write_all(&[b' '; 8_192]).await.is_ok() {}
    server.check_that_others_are_served().await;
}

/// The head of a request whose body is larger than may be.
fn too_large(bytes: u64) -> String {
    format!(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
         Content-Length: {bytes}\r\n\r\n"
    )
}

#[tokio::test]
async fn connections_over_the_limit_are_closed_at_once_and_the_place_comes_back() {
    for options in [
        Options { max_connections: 1, ..patient() },
        Options { max_connections_per_address: 1, ..patient() },
    ] {
        let server = Server::start(options).await;
        let mut kept = server.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        kept.read_exact(&mut [0; 15]).await.unwrap();
        assert_eq!(rest(&mut server.connect().await).await, "");
        drop(kept);
        // The server notices the end of the first one in its own time.
        loop {
            let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            let mut stream = server.connect().await;
            let _ = stream.write_all(request.as_bytes()).await;
            if rest(&mut stream).await.ends_with("here") {
                break;
            }
        }
    }
}

#[tokio::test]
async fn permits_are_counted_over_all_connections() {
    let mut server = Server::start(patient()).await;
    let request = "GET /limited HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let mut first = server.send(request).await;
    server.entered.recv().await.unwrap();
    for _ in 0..5 {
        let answer = server.exchange(request).await;
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains("retry-after: "), "{answer}");
    }
    server.check_that_others_are_served().await;
    server.release.notify_one();
    assert!(rest(&mut first).await.ends_with("released"));
}

#[tokio::test]
async fn what_has_been_begun_is_finished_after_the_wish_to_stop() {
    let mut server = Server::start(patient()).await;
    let mut waiting = server.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let silent = server.connect().await;
    server.entered.recv().await.unwrap();
    server.stop.request();
    server.release.notify_one();
    assert!(rest(&mut waiting).await.ends_with("released"));
    assert_eq!(server.serving.await.unwrap(), End::Drained);
    drop(silent);
}

#[tokio::test]
async fn what_does_not_end_in_time_is_cut_off() {
    let mut server = Server::start(Options { drain_timeout: TINY, ..patient() }).await;
    let mut waiting = server.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n").await;
    server.entered.recv().await.unwrap();
    let _half_sent = server.send("GET / HTTP/1.1\r\n").await;
    server.stop.request();
    assert_eq!(rest(&mut waiting).await, "");
    assert!(matches!(server.serving.await.unwrap(), End::CutOff(1..=2)));
}

#[tokio::test]
async fn a_second_wish_stops_at_once() {
    let mut server = Server::start(Options { grace: LONG, ..patient() }).await;
    let _waiting = server.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n").await;
    server.entered.recv().await.unwrap();
    server.stop.request();
    assert!(server.stop.is_requested());
    server.check_that_others_are_served().await;
    server.stop.request();
    assert_eq!(server.serving.await.unwrap(), End::CutOff(1));
}

#[test]
fn options_are_written_for_people() {
    let options: Options = toml::from_str("first_byte_timeout = \"1m 30s\"").unwrap();
    assert_eq!(options.first_byte_timeout, Duration::from_secs(90));
    assert!(toml::to_string(&options).unwrap().contains("drain_timeout = \"20s\""));
    assert!(toml::from_str::<Options>("first_byte_timeout = \"-1s\"").is_err());
}
