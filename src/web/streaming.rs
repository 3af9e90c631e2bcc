//! Answers that are sent while they are written, in bounded memory.

use std::io::{self, Write};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, header};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::web::cache::Freshness;

/// How many parts of an answer may wait for a slow reader.
const WAITING_PARTS: usize = 8;
/// How big such a part is, in bytes.
const PART: usize = 64 << 10;

type Part = io::Result<Bytes>;

/// A response of `media_type` whose body is what `write` writes, in a thread of
/// its own; with a `file`, browsers save it under that name. When writing fails
/// the answer is broken off, so that nobody takes a part for the whole; when the
/// reader goes away, writing fails.
#[must_use]
pub fn respond(
    media_type: &'static str,
    file: Option<&str>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
) -> Response {
    let (sender, receiver) = mpsc::channel(WAITING_PARTS);
    tokio::task::spawn_blocking(move || {
        let mut parts = io::BufWriter::with_capacity(PART, Parts(sender.clone()));
        if let Err(error) = write(&mut parts).and_then(|()| parts.flush()) {
            tracing::warn!(%error, "a streamed answer was broken off");
            let _ = sender.blocking_send(Err(error));
        }
    });
    let mut response = Body::from_stream(ReceiverStream::new(receiver)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, Freshness::Revalidate.to_header());
    let disposition = file.map(|file| format!("attachment; filename=\"{file}\""));
    if let Some(Ok(disposition)) = disposition.map(HeaderValue::try_from) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// A writer whose parts go to the reader of a response.
struct Parts(mpsc::Sender<Part>);

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Ok(part)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
