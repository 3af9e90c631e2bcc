//! A publisher on this machine.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::documents::{self, Documents};

/// Serves `documents` until the runtime ends; gives the address.
pub(super) async fn serve(documents: Arc<Documents>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream.set_nodelay(true));
            let documents = Arc::clone(&documents);
            tokio::spawn(async move { converse(&documents, stream).await });
        }
    });
    Ok(address)
}

async fn converse(documents: &Documents, mut stream: TcpStream) -> io::Result<()> {
    let mut received = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
        };
        let head = String::from_utf8_lossy(&received[..end]).into_owned();
        received.drain(..end);
        let path = head.split(' ').nth(1).unwrap_or("/");
        let (status, media_type, body) = answer(documents, path, &head);
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body.as_bytes());
        stream.write_all(&bytes).await?;
    }
}

fn answer(documents: &Documents, path: &str, head: &str) -> (&'static str, &'static str, String) {
    const OK: &str = "200 OK";
    const JSON: &str = "application/json";
    if path == "/robots.txt" {
        return ("404 Not Found", "text/plain", String::new());
    }
    let number = |name: &str| -> u64 {
        let value = path.split(['?', '&']).find_map(|pair| pair.strip_prefix(name));
        value.and_then(|text| text.parse().ok()).unwrap_or_default()
    };
    if path.starts_with("/services") {
        return (OK, JSON, documents.services(number("page=").max(1)));
    }
    if path.starts_with("/rpde") {
        return (OK, JSON, documents.changes(number("after=")));
    }
    let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    if path == "/sitemap.xml" {
        return (OK, "application/xml", documents::sitemap(host));
    }
    (OK, "text/html", documents::page(host, path))
}
