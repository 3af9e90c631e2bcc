//! The accept loop: connections in, answers out, and an orderly end.
//!
//! Ours and not the framework's, because that one never closes a silent or
//! slow connection, and waits for ever on a half-sent request when it stops.
//! A connection over a limit is closed at once, so that those who hold
//! connections can't keep others from being accepted. There is no TLS here.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::HeaderValue;
use http::Request;
use http::Version;
use http::header;
use http::uri::Authority;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::Deserialize;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use crate::web::connection::AnswerBody;
use crate::web::connection::Phase;
use crate::web::connection::TimedBody;
use crate::web::connection::WatchedStream;
use crate::web::connections::Connections;
use crate::web::layers::WantsHost;
use crate::web::refused_head::RefusedHead;
use crate::web::stop::Stop;

/// The most bytes of a request line and headers that are read at all. A
/// little below it, the layers refuse with a problem.
const MOST_HEAD: usize = 32 * 1024;

/// How long the loop rests when the system has no file descriptor left.
const REST: Duration = Duration::from_millis(50);

/// Limits of connections. Times are written such as `5s` or `500ms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Connections in all. Default 4,096.
    pub max_connections: usize,
    /// Connections from one IPv4 address or one IPv6 network of 64 bits.
    /// Default 64.
    pub max_connections_per_address: usize,
    /// How long a new connection may be silent. Default 5 s.
    #[serde(with = "duration")]
    pub first_byte_timeout: Duration,
    /// How long the line and headers of a request may take. Default 5 s.
    #[serde(with = "duration")]
    pub header_timeout: Duration,
    /// How long a connection may be kept between requests. Default 30 s.
    #[serde(with = "duration")]
    pub idle_timeout: Duration,
    /// How long the body of a request may take, and what is left of one that
    /// was refused. Default 30 s.
    #[serde(with = "duration")]
    pub body_timeout: Duration,
    /// How long a client may take nothing of an answer. Default 10 s.
    #[serde(with = "duration")]
    pub write_timeout: Duration,
    /// How long connections are still accepted after the wish to stop, while
    /// `/readyz` already says no. Default 2 s.
    #[serde(with = "duration")]
    pub grace: Duration,
    /// How long requests may go on after the wish to stop, the grace included.
    /// Default 20 s.
    #[serde(with = "duration")]
    pub drain_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_connections: 4_096,
            max_connections_per_address: 64,
            first_byte_timeout: Duration::from_secs(5),
            header_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(10),
            grace: Duration::from_secs(2),
            drain_timeout: Duration::from_secs(20),
        }
    }
}

impl Options {
    /// No connections yet, and as many as these limits allow.
    #[must_use]
    pub fn connections(&self) -> Connections {
        Connections::new(self.max_connections, self.max_connections_per_address)
    }
}

/// How the serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every request that had been accepted was answered.
    Drained,
    /// So many connections were cut off.
    CutOff(usize),
}

/// Serves `router` on `listener` until `stop` is requested, then until the
/// requests are answered, the drain timeout is over, or `stop` is requested a
/// second time.
pub async fn serve(listener: TcpListener, router: Router, options: &Options, stop: &Stop) -> End {
    serve_counted(listener, router, "", options, &options.connections(), stop).await
}

/// The same, with connections that others count too; the types of problems of
/// what can't be read begin with `base`.
pub async fn serve_counted(
    listener: TcpListener,
    router: Router,
    base: &str,
    options: &Options,
    connections: &Connections,
    stop: &Stop,
) -> End {
    let base: Arc<str> = Arc::from(base);
    let tasks = TaskTracker::new();
    let closing = CancellationToken::new();
    let cut_off = CancellationToken::new();
    let mut grace_over = pin!(async {
        stop.requested().await;
        let end = Instant::now() + options.drain_timeout;
        tokio::select! {
            () = tokio::time::sleep(options.grace) => {}
            () = stop.requested_again() => {}
        }
        end
    });
    let end = loop {
        let (stream, peer) = tokio::select! {
            biased;
            end = &mut grace_over => break end,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(REST).await;
                    continue;
                }
            },
        };
        let Some(slot) = connections.admit(peer.ip()) else { continue };
        let head = RefusedHead::new(Arc::clone(&base));
        let connection =
            converse(stream, peer, router.clone(), options.clone(), head, closing.clone());
        let cut_off = cut_off.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = connection => {}
                () = cut_off.cancelled() => {}
            }
            drop(slot);
        });
    };
    drop(listener);
    closing.cancel();
    tasks.close();
    tokio::select! {
        () = tasks.wait() => return End::Drained,
        () = tokio::time::sleep_until(end) => {}
        () = stop.requested_again() => {}
    }
    let left = tasks.len();
    cut_off.cancel();
    tasks.wait().await;
    if left == 0 { End::Drained } else { End::CutOff(left) }
}

/// Answers the requests of one connection, one after the other.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    options: Options,
    head: RefusedHead,
    closing: CancellationToken,
) {
    let mut byte = [0];
    let first_byte = tokio::time::timeout(options.first_byte_timeout, stream.peek(&mut byte));
    let first_byte = tokio::select! {
        first_byte = first_byte => first_byte,
        () = closing.cancelled() => return,
    };
    if !matches!(first_byte, Ok(Ok(1..))) {
        return;
    }
    // Small answers go out at once. Where the system can't do that, they
    // go out a little later.
    let _ = stream.set_nodelay(true);
    let phase = Phase::default();
    let (header, write) = (options.header_timeout, options.write_timeout);
    let rest = options.body_timeout;
    let watched = WatchedStream::new(stream, phase.clone(), header, write, rest, head);
    let service = service_fn(move |request: Request<Incoming>| {
        answer(request, peer, router.clone(), options.body_timeout, phase.clone())
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(options.idle_timeout)
        .max_buf_size(MOST_HEAD)
        .serve_connection(TokioIo::new(watched), service);
    let mut connection = pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    mut router: Router,
    body_timeout: Duration,
    phase: Phase,
) -> Result<http::Response<AnswerBody>, Infallible> {
    phase.busy();
    let mut request =
        request.map(|body| Body::new(TimedBody::new(body, body_timeout, phase.clone())));
    request.extensions_mut().insert(ConnectInfo(peer));
    let hosts: Vec<&HeaderValue> = request.headers().get_all(header::HOST).iter().collect();
    let is_one = matches!(&hosts[..], [host] if is_authority(host));
    if request.version() == Version::HTTP_11 && !is_one {
        request.extensions_mut().insert(WantsHost);
    }
    let response = router.call(request).await?;
    Ok(response.map(|body| AnswerBody::new(body, phase)))
}

/// Whether it is a host with or without a port, or empty (RFC 9110, 7.2).
fn is_authority(host: &HeaderValue) -> bool {
    let text = host.to_str().unwrap_or("\u{0}");
    text.is_empty() || text.parse::<Authority>().is_ok_and(|it| !it.as_str().contains('@'))
}

#[cfg(test)]
#[path = "serve_tests.rs"]
mod tests;
