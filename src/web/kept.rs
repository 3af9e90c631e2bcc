//! Answers that are kept for a moment: what many ask is answered once.
//!
//! An answer is kept as it goes out, compressed, for requests with the same
//! address, formats, language and codings. It is given again while the
//! register has not changed, on the same day, and for as long as its
//! options say; so nobody gets what a write has made untrue. Only routes that
//! say so ([`Route::kept`](crate::web::route::Route::kept)) are kept, and
//! never what a token was needed for. The oldest are forgotten first.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;
use bytes::Bytes;
use http::Extensions;
use http::HeaderMap;
use http::Method;
use http::StatusCode;
use http::header;
use http::response::Parts;
use http_body::Body as _;
use http_body_util::BodyExt;
use jiff::Timestamp;
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::Deserialize;
use serde::Serialize;

use crate::register::Moment;
use crate::web::cache::Conditions;
use crate::web::measure::Measured;
use crate::web::measure::Text;
use crate::web::problem::Problem;

/// The largest answer that is kept, before it is compressed.
const MOST_BYTES: u64 = 512 * 1024;
/// The longest key: address and headers.
const MOST_KEY: usize = 4 * 1024;
/// What an answer takes beside its body and key, about.
const BESIDE: usize = 1_024;

/// What the answer depends on beside the address.
const SHAPING: [header::HeaderName; 3] =
    [header::ACCEPT, header::ACCEPT_LANGUAGE, header::ACCEPT_ENCODING];

/// How much is kept, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Bytes of memory for all of them; 0 keeps none. Default 67108864.
    pub memory_bytes: usize,
    /// How long an answer is given again at most. Default 60 s.
    #[serde(with = "duration")]
    pub keep_for: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { memory_bytes: 64 * 1024 * 1024, keep_for: Duration::from_mins(1) }
    }
}

/// What an answer is true of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// What searches see.
    pub seen: Moment,
    /// The time.
    pub now: Timestamp,
}

/// What tells the present, and when a day ends.
pub trait Present: Send + Sync {
    /// What answers of now are true of. Asked for each request.
    fn stamp(&self) -> Stamp;

    /// The end of the day that it is at `now`. Asked when an answer is made.
    fn end_of_day(&self, now: Timestamp) -> Timestamp;
}

/// The mark of an answer that may be kept, in its extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keep;

impl Keep {
    /// The mark for `response`, when it is a whole answer of a size that is
    /// known and not too large.
    pub(crate) fn mark(response: &mut Response) {
        let is_small = response.body().size_hint().exact().is_some_and(|size| size <= MOST_BYTES);
        if response.status() == StatusCode::OK && is_small {
            response.extensions_mut().insert(Self);
        }
    }
}

/// The answers that are kept.
pub struct Answers {
    options: Options,
    present: Box<dyn Present>,
    kept: Mutex<Kept>,
    /// How many were given again, and how many were made and kept.
    given: AtomicU64,
    made: AtomicU64,
}

/// Those of lately, and those of before, which are forgotten next.
#[derive(Default)]
struct Kept {
    young: HashMap<String, Arc<Answer>>,
    old: HashMap<String, Arc<Answer>>,
    young_bytes: usize,
}

struct Answer {
    made: Stamp,
    /// The first moment at which it is not given any more.
    until: Timestamp,
    headers: HeaderMap,
    /// The headers for who has it already.
    headers_alone: HeaderMap,
    extensions: Extensions,
    body: Bytes,
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Answers").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Answers {
    /// Keeps nothing yet.
    #[must_use]
    pub fn new(options: Options, present: impl Present + 'static) -> Self {
        let (present, kept) = (Box::new(present), Mutex::default());
        Self { options, present, kept, given: AtomicU64::new(0), made: AtomicU64::new(0) }
    }

    /// The answer that is kept under `key` and still holds at `now`.
    fn get(&self, key: &str, now: Stamp) -> Option<Arc<Answer>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = kept.young.get(key).or_else(|| kept.old.get(key)).map(Arc::clone)?;
        if answer.holds(now) {
            return Some(answer);
        }
        kept.young.remove(key);
        kept.old.remove(key);
        None
    }

    /// Until when an answer of `now` is given.
    fn until(&self, now: Timestamp) -> Timestamp {
        let longest = now.saturating_add(self.options.keep_for).unwrap_or(Timestamp::MAX);
        longest.min(self.present.end_of_day(now))
    }

    fn keep(&self, key: String, answer: Answer) {
        let bytes = answer.body.len() + key.len() + BESIDE;
        let half = self.options.memory_bytes / 2;
        if bytes > half {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.young_bytes + bytes > half {
            kept.old = std::mem::take(&mut kept.young);
            kept.young_bytes = 0;
        }
        kept.young_bytes += bytes;
        kept.young.insert(key, Arc::new(answer));
    }
}

impl Measured for Answers {
    fn measure(&self, text: &mut Text) {
        let help = "Answers that may be kept, by whether they were given again or made.";
        text.counter("kist_kept_answers_total", help)
            .sample(&[("outcome", "given")], self.given.load(Ordering::Relaxed))
            .sample(&[("outcome", "made")], self.made.load(Ordering::Relaxed));
    }
}

impl Answer {
    fn new(made: Stamp, until: Timestamp, parts: &Parts, body: Bytes) -> Self {
        let (headers, extensions) = (parts.headers.clone(), parts.extensions.clone());
        let mut headers_alone = headers.clone();
        for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING] {
            headers_alone.remove(name);
        }
        Self { made, until, headers, headers_alone, extensions, body }
    }

    /// Whether it is still true. It is not when the clock was put back.
    fn holds(&self, now: Stamp) -> bool {
        self.made.seen == now.seen && (self.made.now..self.until).contains(&now.now)
    }

    fn to_response(&self, request: &HeaderMap) -> Response {
        let tag = self.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
        let has_it = request.contains_key(header::IF_NONE_MATCH)
            && tag.is_some_and(|tag| Conditions::from_headers(request).has_text(tag));
        let (status, headers, body) = if has_it {
            (StatusCode::NOT_MODIFIED, &self.headers_alone, Body::empty())
        } else {
            (StatusCode::OK, &self.headers, Body::from(self.body.clone()))
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers.clone();
        *response.extensions_mut() = self.extensions.clone();
        response
    }
}

/// The key of a request; `None` when its answer is not kept.
fn key(request: &Request) -> Option<String> {
    let headers = request.headers();
    if request.method() != Method::GET || headers.contains_key(header::AUTHORIZATION) {
        return None;
    }
    let address = request.uri().path_and_query()?.as_str();
    let mut key = String::with_capacity(address.len() + 256);
    key.push_str(address);
    for name in SHAPING {
        for value in headers.get_all(name) {
            key.push(',');
            key.push_str(value.to_str().ok()?);
        }
        key.push('\n');
    }
    (key.len() <= MOST_KEY).then_some(key)
}

/// Gives what is kept, and keeps what is made.
pub async fn pass(State(answers): State<Arc<Answers>>, request: Request, next: Next) -> Response {
    let Some(key) = key(&request).filter(|_| answers.options.memory_bytes > 0) else {
        return next.run(request).await;
    };
    // Taken before the answer is made: a write meanwhile makes it the older.
    let stamp = answers.present.stamp();
    if let Some(answer) = answers.get(&key, stamp) {
        answers.given.fetch_add(1, Ordering::Relaxed);
        return answer.to_response(request.headers());
    }
    let response = next.run(request).await;
    if response.extensions().get::<Keep>().is_none() {
        return response;
    }
    answers.made.fetch_add(1, Ordering::Relaxed);
    let (parts, body) = response.into_parts();
    let Ok(collected) = body.collect().await else {
        return Problem::internal().into_response();
    };
    let body = collected.to_bytes();
    let answer = Answer::new(stamp, answers.until(stamp.now), &parts, body.clone());
    answers.keep(key, answer);
    Response::from_parts(parts, Body::from(body))
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
