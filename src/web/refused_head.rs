//! Heads of requests that can't be read.
//!
//! hyper answers them by itself, with a status and no body, before any of the
//! layers is asked. What it writes then is known by its form, and the problem
//! that belongs to it goes out instead.

use std::sync::Arc;

use http::StatusCode;

use crate::web::head_limits::{MOST_ADDRESS, MOST_HEADER_BYTES, MOST_HEADERS};
use crate::web::problem::Problem;

/// The headers of an answer that hyper makes by itself; ours have others.
const OWN: [&str; 3] = ["connection", "content-length", "date"];

/// What is known of the head that is being read on one connection.
#[derive(Debug)]
pub(crate) struct RefusedHead {
    /// The public address, with which the types of problems begin.
    base: Arc<str>,
    line_has_ended: bool,
}

impl RefusedHead {
    pub(crate) fn new(base: Arc<str>) -> Self {
        Self { base, line_has_ended: false }
    }

    /// A head begins.
    pub(crate) fn begin(&mut self) {
        self.line_has_ended = false;
    }

    /// Some of the head has come.
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        self.line_has_ended |= bytes.contains(&b'\n');
    }

    /// What goes out instead of `written`, when that refuses a head.
    pub(crate) fn instead_of(&self, written: &[u8]) -> Option<Vec<u8>> {
        let problem = match refusal(written)? {
            StatusCode::BAD_REQUEST => Problem::malformed_request(
                "the line of the request, or a header, has bytes that HTTP/1.1 does not allow there",
            ),
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE if self.line_has_ended => {
                Problem::headers_too_large(MOST_HEADERS, MOST_HEADER_BYTES)
            }
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE | StatusCode::URI_TOO_LONG => {
                Problem::uri_too_long(MOST_ADDRESS)
            }
            _ => return None,
        };
        let body = problem.to_json(&self.base, None).to_string();
        let head = format!(
            "HTTP/1.1 {}\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\n\
             cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n",
            problem.kind().status(),
            body.len()
        );
        Some((head + &body).into_bytes())
    }
}

/// The status of an answer that hyper made by itself: a head with no other
/// headers than its own, and nothing behind it.
fn refusal(written: &[u8]) -> Option<StatusCode> {
    let text = str::from_utf8(written).ok()?.strip_suffix("\r\n\r\n")?;
    let mut lines = text.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let is_own = lines.all(|line| {
        let name = line.split_once(':').map_or(line, |(name, _)| name);
        OWN.iter().any(|own| name.eq_ignore_ascii_case(own))
    });
    is_own.then_some(status)
}

#[cfg(test)]
#[path = "refused_head_tests.rs"]
mod tests;
