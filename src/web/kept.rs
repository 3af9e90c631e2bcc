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
use http_body::Body as _;
use http_body_util::BodyExt;
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::Date;
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
    /// The day it is.
    pub today: Date,
    /// The time.
    pub now: Timestamp,
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
    stamp: Box<dyn Fn() -> Stamp + Send + Sync>,
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
    stamp: Stamp,
    headers: HeaderMap,
    extensions: Extensions,
    body: Bytes,
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Answers").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Answers {
    /// Keeps nothing yet; `stamp` tells what answers of this moment are true of.
    #[must_use]
    pub fn new(options: Options, stamp: impl Fn() -> Stamp + Send + Sync + 'static) -> Self {
        let (stamp, kept) = (Box::new(stamp), Mutex::default());
        Self { options, stamp, kept, given: AtomicU64::new(0), made: AtomicU64::new(0) }
    }

    /// The answer that is kept under `key` and still holds at `now`.
    fn get(&self, key: &str, now: Stamp) -> Option<Arc<Answer>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = kept.young.get(key).or_else(|| kept.old.get(key)).map(Arc::clone)?;
        let age = now.now.duration_since(answer.stamp.now);
        let holds = answer.stamp.seen == now.seen
            && answer.stamp.today == now.today
            && (SignedDuration::ZERO..self.options.keep_for.try_into().unwrap_or_default())
                .contains(&age);
        if holds {
            return Some(answer);
        }
        kept.young.remove(key);
        kept.old.remove(key);
        None
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
    fn to_response(&self, conditions: &Conditions) -> Response {
        let tag = self.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
        let mut response = if tag.is_some_and(|tag| conditions.has_text(tag)) {
            let mut headers = self.headers.clone();
            for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING] {
                headers.remove(name);
            }
            (StatusCode::NOT_MODIFIED, headers).into_response()
        } else {
            (self.headers.clone(), Body::from(self.body.clone())).into_response()
        };
        response.extensions_mut().extend(self.extensions.clone());
        response
    }
}

/// The key of a request; `None` when its answer is not kept.
fn key(request: &Request) -> Option<String> {
    let headers = request.headers();
    if request.method() != Method::GET || headers.contains_key(header::AUTHORIZATION) {
        return None;
    }
    let mut key = request.uri().path_and_query()?.as_str().to_owned();
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
    let stamp = (answers.stamp)();
    if let Some(answer) = answers.get(&key, stamp) {
        answers.given.fetch_add(1, Ordering::Relaxed);
        return answer.to_response(&Conditions::from_headers(request.headers()));
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
    let (headers, extensions) = (parts.headers.clone(), parts.extensions.clone());
    answers.keep(key, Answer { stamp, headers, extensions, body: body.clone() });
    Response::from_parts(parts, Body::from(body))
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
