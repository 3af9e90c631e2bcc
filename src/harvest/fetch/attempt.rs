//! One request to one address, tried until it succeeds or can't.

use std::time::Duration;

use http::header::{self, HeaderName, HeaderValue};
use jiff::SignedDuration;
use tokio::time::{Instant, sleep};
use url::Url;
use url::form_urlencoded;

use crate::harvest::dump::{Spool, Spooled};

use super::answer::{self, Head, Reply};
use super::error::FetchError;
use super::options::Pace;
use super::policy::{self, Reach};
use super::request::{Method, Request};
use super::{Clock, Inner, Trail, Way, body, headers, sanity, send};

/// After how long a document is fetched whole although its server says that it
/// has not changed, by contract.
const WHOLE_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What may be sent to one address of a chain of redirects.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) url: &'a Url,
    /// Whether it is still at the host of the request, and may be sent the
    /// headers of it.
    pub(super) is_home: bool,
    pub(super) pace: Pace,
}

impl Inner {
    /// Asks for `step` until it answers, fails for good, or was tried often
    /// enough.
    pub(super) async fn attempts(
        &self,
        request: &Request,
        step: Step<'_>,
        clock: Clock,
        trail: &mut Trail,
    ) -> Result<Reply, FetchError> {
        let is_once = matches!(request.method, Method::Post(_));
        let usual = self.options.tries.max(1);
        let most = if is_once { 1 } else { request.tries.unwrap_or(usual).clamp(1, usual) };
        let mut last: Option<FetchError> = None;
        for tries in 1.. {
            let error = match self.attempt(request, step, clock, trail).await {
                Ok(reply) => return Ok(reply),
                // For what the host is left alone says more.
                Err(error @ FetchError::Resting { .. }) => return Err(last.unwrap_or(error)),
                Err(error) => error,
            };
            if tries >= most || !error.is_temporary() {
                return Err(error);
            }
            match error {
                // The host rests, and so the next try waits for its turn.
                FetchError::Unavailable { retry_after: Some(_), .. } => {}
                FetchError::Unavailable { status: 429 | 503, .. } => {
                    self.hosts.rest(step.url, self.hosts.back_off(tries), error.to_string());
                }
                _ => sleep(self.hosts.back_off(tries)).await,
            }
            last = Some(error);
        }
        // Only after as many tries as there are numbers.
        Err(last.unwrap_or(FetchError::Empty))
    }

    /// Checks, waits for a turn and asks once.
    async fn attempt(
        &self,
        request: &Request,
        step: Step<'_>,
        clock: Clock,
        trail: &mut Trail,
    ) -> Result<Reply, FetchError> {
        let way = self.way(step.url)?;
        let limit = self.options.limits.resolve_timeout;
        let addresses = way.pins.check(step.url, &*self.resolver, limit).await?;
        let _turn = self.hosts.enter(step.url, &addresses, step.pace).await?;
        let result = self.exchange(way, request, step, clock, trail).await;
        match &result {
            Ok(Reply::Redirect { status, wait: Some(wait), .. }) if !wait.is_zero() => {
                self.hosts.answered(step.url);
                self.hosts.rest(step.url, *wait, format!("status {status}"));
            }
            Ok(_) => self.hosts.answered(step.url),
            Err(error) => {
                if let FetchError::Unavailable { retry_after: Some(wait), .. } = error {
                    self.hosts.rest(step.url, *wait, error.to_string());
                }
                if error.is_of_host() {
                    self.hosts.failed(step.url, error);
                } else {
                    self.hosts.answered(step.url);
                }
            }
        }
        result
    }

    /// By which client `url` may be asked.
    pub(super) fn way(&self, url: &Url) -> Result<&Way, FetchError> {
        Ok(match self.policy.check(url)? {
            Reach::Public => &self.public,
            Reach::Any => &self.named,
        })
    }

    /// Sends the request and reads its answer.
    async fn exchange(
        &self,
        way: &Way,
        request: &Request,
        step: Step<'_>,
        clock: Clock,
        trail: &mut Trail,
    ) -> Result<Reply, FetchError> {
        let limits = &self.options.limits;
        let whole: Duration = body::whole_timeout(limits, request.size);
        let deadline = (Instant::now() + whole, whole);
        let (message, is_conditional) = message(request, step, clock)?;
        trail.effort.requests = trail.effort.requests.saturating_add(1);
        let sent = send::send(&way.client, message, &self.options, deadline).await;
        if let Some(activity) = self.activity.get() {
            let status = sent.as_ref().ok().map(|response| response.status().as_u16());
            activity.asked(way.reach.class(), status);
        }
        let response = sent?;
        if way.reach == Reach::Public
            && let Some(peer) = response.remote_addr()
        {
            // Can't happen; what it would mean is too bad to rely on that.
            policy::is_public(step.url.host_str().unwrap_or_default(), peer.ip())?;
        }
        let (status, its_headers) = (response.status(), response.headers().clone());
        let now = clock.now();
        match answer::head(status, &its_headers, request, is_conditional, now)? {
            Head::Done(reply) => Ok(reply),
            Head::Body => {
                let body = if request.method == Method::Head {
                    Spooled::default()
                } else {
                    let cap = body::cap(limits, request.size);
                    let before = trail.effort.wire_bytes;
                    let wire = &mut trail.effort.wire_bytes;
                    let spool = Spool::new(request.spool.as_deref());
                    let read = body::read(response, (cap, spool), limits, deadline, wire).await;
                    if let Some(activity) = self.activity.get() {
                        let decoded = read.as_ref().map_or(0, Spooled::length);
                        activity.received(*wire - before, decoded);
                    }
                    read?
                };
                let url = step.url.clone();
                let whole = answer::whole(url, status, &its_headers, body, request, now);
                if request.method == Method::Get {
                    sanity::check(&whole.document, request.expected)?;
                }
                Ok(Reply::Document(Box::new(whole)))
            }
        }
    }
}

/// The request as it is sent, and whether it asks only for what has changed.
fn message(
    request: &Request,
    step: Step<'_>,
    clock: Clock,
) -> Result<(reqwest::Request, bool), FetchError> {
    let method = match request.method {
        Method::Get => http::Method::GET,
        Method::Head => http::Method::HEAD,
        Method::Post(_) => http::Method::POST,
    };
    let mut message = reqwest::Request::new(method, step.url.clone());
    if let Method::Post(fields) = &request.method {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        *message.body_mut() = Some(form.into());
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        message.headers_mut().insert(header::CONTENT_TYPE, form);
    }
    let mut set = |name: HeaderName, text: &str| match headers::value(text) {
        Some(value) => {
            message.headers_mut().insert(name, value);
            Ok(())
        }
        None => Err(FetchError::BadHeader(name.to_string())),
    };
    set(header::ACCEPT, &request.accept)?;
    let mut is_conditional = false;
    if let Some(validators) = &request.validators
        && request.method == Method::Get
        && clock.now().duration_since(validators.whole_at) < WHOLE_AFTER
    {
        let validators = [
            (header::IF_NONE_MATCH, &validators.etag),
            (header::IF_MODIFIED_SINCE, &validators.last_modified),
        ];
        for (name, validator) in validators {
            if let Some(validator) = validator {
                set(name, validator)?;
                is_conditional = true;
            }
        }
    }
    if step.is_home {
        for (name, value) in &request.headers {
            let name: HeaderName = name.parse().map_err(|_| FetchError::BadHeader(name.clone()))?;
            let mut value = HeaderValue::from_str(value.expose())
                .map_err(|_| FetchError::BadHeader(name.to_string()))?;
            value.set_sensitive(true);
            message.headers_mut().insert(name, value);
        }
    }
    Ok((message, is_conditional))
}
