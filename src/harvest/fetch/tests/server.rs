//! A server that does exactly what a script says, down to single bytes.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use url::Url;

/// What the server does after a request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes until nobody takes them.
    Repeat(Vec<u8>),
    /// Sends these bytes again and again, with a pause between.
    Drip(Vec<u8>, Duration),
    /// Does nothing for a while.
    Pause(Duration),
    /// Keeps the connection open and is silent.
    Hold,
    /// Breaks the connection off.
    Reset,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// How many requests for this path came before.
    pub(crate) earlier: usize,
    pub(crate) path: String,
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Received {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

type Script = dyn Fn(&Received) -> Vec<Act> + Send + Sync;

/// A server at a port of its own on loopback, until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    log: Arc<Log>,
    task: AbortHandle,
}

#[derive(Default)]
struct Log {
    received: Mutex<Vec<Received>>,
    connections: AtomicUsize,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// A server whose answers `script` tells; robots.txt is not there unless
    /// [`Server::with_robots`] is used.
    pub(crate) async fn start<F>(script: F) -> Self
    where
        F: Fn(&Received) -> Vec<Act> + Send + Sync + 'static,
    {
        Self::with_robots(move |received| match received.path.as_str() {
            "/robots.txt" => answer("404 Not Found", "", ""),
            _ => script(received),
        })
        .await
    }

    /// A server whose answers `script` tells, for robots.txt too.
    pub(crate) async fn with_robots<F>(script: F) -> Self
    where
        F: Fn(&Received) -> Vec<Act> + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Log::default());
        let script: Arc<Script> = Arc::new(script);
        let task = tokio::spawn({
            let log = Arc::clone(&log);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    log.connections.fetch_add(1, Ordering::Relaxed);
                    tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&log)));
                }
            }
        });
        Self { address, log, task: task.abort_handle() }
    }

    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    /// The paths that were asked for, without robots.txt.
    pub(crate) fn paths(&self) -> Vec<String> {
        let paths = self.received().into_iter().map(|received| received.path);
        paths.filter(|path| path != "/robots.txt").collect()
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.log.received.lock().unwrap().clone()
    }

    /// Connections that were made.
    pub(crate) fn connections(&self) -> usize {
        self.log.connections.load(Ordering::Relaxed)
    }

    /// The most requests that were under way at once.
    pub(crate) fn most_under_way(&self) -> usize {
        self.log.most.load(Ordering::Relaxed)
    }
}

/// An answer with its length, after which the connection is closed.
pub(crate) fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<Act> {
    let body = body.as_ref();
    let mut bytes = head(status, &format!("Content-Length: {}\r\n{headers}", body.len()));
    bytes.extend_from_slice(body);
    vec![Act::Send(bytes)]
}

/// The head of an answer; each header ends with a line break.
pub(crate) fn head(status: &str, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n").into_bytes()
}

/// A redirect.
pub(crate) fn redirect(status: u16, to: &str) -> Vec<Act> {
    answer(&format!("{status} Elsewhere"), &format!("Location: {to}\r\n"), "elsewhere")
}

async fn serve(mut stream: TcpStream, script: Arc<Script>, log: Arc<Log>) {
    let Some(received) = receive(&mut stream, &log).await else { return };
    let under_way = log.under_way.fetch_add(1, Ordering::Relaxed) + 1;
    log.most.fetch_max(under_way, Ordering::Relaxed);
    let acts = script(&received);
    let ended = act(&mut stream, acts).await;
    log.under_way.fetch_sub(1, Ordering::Relaxed);
    if ended.is_ok() {
        drop(stream.shutdown().await);
    }
}

async fn receive(stream: &mut TcpStream, log: &Log) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(count @ 1..) => bytes.extend_from_slice(&part[..count]),
            _ => return None,
        }
    };
    // Each byte as one character.
    let head: String = bytes[..end].iter().map(|byte| char::from(*byte)).collect();
    let path = head.split(' ').nth(1)?.to_owned();
    let body = String::from_utf8_lossy(&bytes[end..]).into_owned();
    let mut all = log.received.lock().unwrap();
    let earlier = all.iter().filter(|other| other.path == path).count();
    let received = Received { earlier, path, head, body };
    all.push(received.clone());
    Some(received)
}

async fn act(stream: &mut TcpStream, acts: Vec<Act>) -> std::io::Result<()> {
    for act in acts {
        match act {
            Act::Send(bytes) => stream.write_all(&bytes).await?,
            Act::Repeat(bytes) => loop {
                stream.write_all(&bytes).await?;
            },
            Act::Drip(bytes, pause) => {
                let mut pauses = tokio::time::interval(pause);
                loop {
                    pauses.tick().await;
                    stream.write_all(&bytes).await?;
                }
            }
            Act::Pause(pause) => tokio::time::sleep(pause).await,
            Act::Hold => {
                let mut rest = [0; 64];
                // Until the other side gives up.
                while stream.read(&mut rest).await? > 0 {}
            }
            Act::Reset => return stream.set_zero_linger(),
        }
    }
    Ok(())
}
