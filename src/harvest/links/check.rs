//! One address is asked: by `HEAD`, then by `GET` where that tells nothing or
//! the page is to be looked at.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{page, verdict};
use crate::harvest::document::Document;
use crate::harvest::fetch::{
    Expected, FetchError, Fetched, Fetcher, Hop, Method, Outcome, Request, Size,
};
use crate::register::ledger::{Link, LinkHost};

/// For how long it is known whether a host is honest.
const HONEST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What was seen of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It answers.
    There {
        /// Where it says that it is for good.
        moved: Option<String>,
        /// What its page told.
        look: Look,
    },
    /// It does not answer, or says that there is nothing.
    Missing {
        /// A short constant name of why.
        code: String,
        /// The same as a sentence.
        reason: String,
    },
    /// It is gone for ever, or its host does not exist.
    Gone {
        /// A short constant name of why.
        code: String,
        /// The same as a sentence.
        reason: String,
    },
    /// It does not let programs in.
    Blocked {
        /// A short constant name of why.
        code: String,
        /// The same as a sentence.
        reason: String,
    },
    /// Somebody answers, but hardly with what was meant.
    Doubtful {
        /// A short constant name of why.
        code: String,
        /// The same as a sentence.
        reason: String,
    },
    /// Its host is left alone now.
    NotAsked {
        /// For how long.
        wait: Duration,
    },
}

/// What a page told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// It was not looked at.
    None,
    /// It is what it should be, as far as can be told.
    Good,
    /// It seems to be an excuse, for this reason.
    Excuse(String),
}

/// What came of asking for one address.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) seen: Seen,
    /// What was learnt of its host: scheme, host and port, and the row.
    pub(super) host: Option<(String, LinkHost)>,
    pub(super) requests: u64,
}

/// What is needed to ask.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    pub(super) fetcher: Fetcher,
    /// When the page of an address is looked at again.
    pub(super) look_after: SignedDuration,
}

impl Asking {
    /// Asks for the address of `link`; `host` is what is known of its host.
    pub(super) async fn ask(&self, link: &Link, host: Option<LinkHost>, now: Timestamp) -> Answer {
        let mut answer = Answer { seen: unreadable(&link.url), host: None, requests: 0 };
        let Ok(url) = Url::parse(&link.url) else { return answer };
        let wants_look = link.looked.is_none_or(|at| now.duration_since(at) >= self.look_after)
            || link.code.as_deref() == Some(super::judge::EXCUSE);
        let head = self.get(&url, Method::Head, now, &mut answer).await;
        let (seen, is_page) = match head {
            // No content is an answer too, of an address that is only asked.
            Err((FetchError::Empty | FetchError::Status(200..=299), hops)) => (there(&hops), false),
            Err((error, _)) if verdict::is_worth_a_get(&error) => (verdict::of_error(&error), true),
            Err((error, _)) => (verdict::of_error(&error), false),
            Ok(fetched) => {
                if let Some(reason) = page::diverted(&url, &fetched.document.url) {
                    (excused(reason), false)
                } else {
                    let is_page = fetched.document.media_type.as_deref().is_none_or(is_page);
                    (there(&fetched.hops), is_page && wants_look)
                }
            }
        };
        answer.seen = seen;
        if is_page {
            match self.get(&url, Method::Get, now, &mut answer).await {
                Ok(fetched) => {
                    answer.seen = there(&fetched.hops);
                    let look = self.look(&url, &fetched.document, host, now, &mut answer).await;
                    if let Seen::There { look: seen, .. } = &mut answer.seen {
                        *seen = look;
                    }
                }
                Err((error, _)) => answer.seen = verdict::of_error(&error),
            }
        }
        answer
    }

    async fn get(
        &self,
        url: &Url,
        method: Method,
        now: Timestamp,
        answer: &mut Answer,
    ) -> Result<Fetched, (FetchError, Vec<Hop>)> {
        let mut request = Request::new(url.clone()).size(Size::Glance).once();
        request.method = method;
        // Redirects to logins are told by it, and pages that stand before
        // the real ones.
        request.expected = Expected::Anything;
        let outcome = self.fetcher.get(&request, now).await;
        answer.requests += u64::from(outcome.effort().requests);
        match outcome {
            Outcome::Fetched(fetched) => Ok(*fetched),
            Outcome::NotModified(same) => {
                Err((FetchError::BadAnswer("not modified".to_owned()), same.hops))
            }
            Outcome::Failed(failure) => Err((failure.error, failure.hops)),
        }
    }

    /// Whether the page that came is an excuse: by itself, or because the host
    /// answers alike for an address that nobody has.
    async fn look(
        &self,
        asked: &Url,
        document: &Document,
        host: Option<LinkHost>,
        now: Timestamp,
        answer: &mut Answer,
    ) -> Look {
        if let Some(reason) = page::excuse(asked, document) {
            return Look::Excuse(reason);
        }
        let is_honest = host
            .is_some_and(|host| host.is_honest && now.duration_since(host.tried).abs() < HONEST);
        if is_honest {
            return Look::Good;
        }
        let name = blake3::hash(format!("{asked} {now}").as_bytes()).to_hex();
        let Some(nobodys) = page::sibling(asked, &format!("kist-{}", &name[..16])) else {
            return Look::Good;
        };
        let origin = asked.origin().ascii_serialization();
        match self.get(&nobodys, Method::Get, now, answer).await {
            Ok(other) => {
                answer.host = Some((origin, LinkHost { tried: now, is_honest: false }));
                // An excuse to which everybody is sent is told by the address.
                let is_sent_away = page::diverted(&nobodys, &other.document.url).is_some();
                if !is_sent_away && page::is_alike(document, &other.document) {
                    let reason = "the same page comes for an address that nobody has";
                    return Look::Excuse(reason.to_owned());
                }
            }
            Err((FetchError::NotFound | FetchError::Gone, _)) => {
                answer.host = Some((origin, LinkHost { tried: now, is_honest: true }));
            }
            Err(_) => {}
        }
        Look::Good
    }
}

/// The address answers, by way of `hops`; only what is for good from the start
/// counts as a move.
fn there(hops: &[Hop]) -> Seen {
    let moved = hops.iter().take_while(|hop| hop.is_permanent()).last();
    Seen::There { moved: moved.map(|hop| hop.to.to_string()), look: Look::None }
}

fn excused(reason: String) -> Seen {
    Seen::There { moved: None, look: Look::Excuse(reason) }
}

fn is_page(media_type: &str) -> bool {
    matches!(media_type, "text/html" | "application/xhtml+xml")
}

fn unreadable(url: &str) -> Seen {
    Seen::Blocked {
        code: "forbidden-url".to_owned(),
        reason: format!("`{url}` is no address of the web"),
    }
}
