//! Redirects are followed by hand, so that each address is checked like the
//! first: its scheme, its host and what that resolves to, and its robots.txt.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::Arc;

use url::{Position, Url};

use super::answer::Reply;
use super::attempt::Step;
use super::error::FetchError;
use super::options::Pace;
use super::outcome::Hop;
use super::request::{Request, RobotsPolicy, Size};
use super::robots::{self, Answer, Known, Robots};
use super::sanity::Expected;
use super::{Clock, Inner, Trail, redact, sanity};

/// Redirects that are followed, by contract.
const MAX_HOPS: usize = 5;

impl Inner {
    /// Fetches what `request` asks for, through all its redirects.
    pub(super) async fn follow(
        &self,
        request: &Request,
        clock: Clock,
        trail: &mut Trail,
    ) -> Result<Reply, FetchError> {
        let mut url = request.url.clone();
        url.set_fragment(None);
        let mut seen = HashSet::from([url.clone()]);
        let mut is_home = true;
        loop {
            let agreed = request.pace.unwrap_or(self.options.pace);
            // Elsewhere nobody has agreed to more than is usual.
            let pace = if is_home { agreed } else { agreed.slower(self.options.pace) };
            let pace = self.permitted(&url, request, pace, clock, trail).await?;
            let step = Step { url: &url, is_home, pace };
            let reply = self.attempts(request, step, clock, trail).await?;
            let Reply::Redirect { status, to, wait: _ } = reply else { return Ok(reply) };
            let next = next(&url, &to)?;
            sanity::check_redirect(&url, &next, request.expected)?;
            if trail.hops.len() >= MAX_HOPS {
                return Err(FetchError::TooManyRedirects(MAX_HOPS));
            }
            if !seen.insert(next.clone()) {
                return Err(FetchError::RedirectLoop(redact::url(&next)));
            }
            is_home = is_home && next.origin() == url.origin();
            trail.hops.push(Hop { from: url, to: next.clone(), status });
            url = next;
        }
    }

    /// Whether robots.txt lets `url` be fetched, and how fast its host may be
    /// asked: at `pace`, or slower.
    async fn permitted(
        &self,
        url: &Url,
        request: &Request,
        pace: Pace,
        clock: Clock,
        trail: &mut Trail,
    ) -> Result<Pace, FetchError> {
        if request.robots != RobotsPolicy::Obey {
            return Ok(pace);
        }
        let robots = self.robots_of(url, clock, trail).await?;
        if let Err(refusal) = robots.check(url) {
            let url = redact::url(url);
            return Err(FetchError::Robots { url, rule: refusal.rule, line: refusal.line });
        }
        Ok(match robots.crawl_delay {
            Some(delay) => pace.slower(Pace { in_flight: 1, delay }),
            None => pace,
        })
    }

    /// What the robots.txt of the host of `url` says.
    pub(super) async fn robots_of(
        &self,
        url: &Url,
        clock: Clock,
        trail: &mut Trail,
    ) -> Result<Arc<Robots>, FetchError> {
        // What may not be asked at all is not asked for its robots.txt.
        let way = self.way(url)?;
        way.pins.check(url, &*self.resolver, self.options.limits.resolve_timeout).await?;
        let fetch = async {
            let mut own = Trail::default();
            let answer = self.fetch_robots(url, clock, &mut own).await;
            trail.add(own.effort);
            answer
        };
        match self.robots.get(&robots::origin(url), clock.now(), fetch).await? {
            Known::Rules(robots) => Ok(robots),
            Known::Nothing(reason) => {
                let host = url.host_str().unwrap_or_default().to_owned();
                Err(FetchError::RobotsUnreachable { host, reason })
            }
        }
    }

    /// Asks for the robots.txt of the host of `url`; boxed, since a request
    /// for it comes through here again.
    ///
    /// # Errors
    ///
    /// [`FetchError::Resting`], when it could not even be asked.
    fn fetch_robots<'a>(
        &'a self,
        url: &'a Url,
        clock: Clock,
        trail: &'a mut Trail,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, FetchError>> + Send + 'a>> {
        Box::pin(async move {
            let root = &url[..Position::BeforePath];
            let Ok(address) = Url::parse(&format!("{root}/robots.txt")) else {
                return Ok(Answer::File(String::new()));
            };
            let mut request = Request::new(address).size(Size::Robots);
            "text/plain, */*;q=0.1".clone_into(&mut request.accept);
            request.expected = Expected::Whatever;
            request.robots = RobotsPolicy::Overridden("it is robots.txt itself".to_owned());
            match self.follow(&request, clock, trail).await {
                Ok(Reply::Document(whole)) => Ok(Answer::File(Robots::text(&whole.document))),
                Ok(_) => Ok(Answer::File(String::new())),
                Err(error @ FetchError::Resting { .. }) => Err(error),
                Err(error) if is_absent(&error) => Ok(Answer::File(String::new())),
                Err(error) => Ok(Answer::Unreachable(error.to_string())),
            }
        })
    }
}

/// Whether there is no robots.txt, by the RFC: a status that says that the
/// request is at fault, or redirects that lead nowhere. One that may not be
/// followed hides what there is, and counts as out of reach (contract C3).
fn is_absent(error: &FetchError) -> bool {
    match error {
        FetchError::Unavailable { status, .. } => *status < 500,
        FetchError::NotFound
        | FetchError::Gone
        | FetchError::Status(_)
        | FetchError::Refused(_)
        | FetchError::Blocked(_)
        | FetchError::Empty
        | FetchError::TooManyRedirects(_)
        | FetchError::RedirectLoop(_)
        | FetchError::Downgrade(_)
        | FetchError::BadRedirect(_) => true,
        _ => false,
    }
}

/// Where a redirect leads.
pub(super) fn next(url: &Url, to: &str) -> Result<Url, FetchError> {
    let shown = || redact::text(&to.chars().take(200).collect::<String>());
    let mut next = url.join(to).map_err(|_| FetchError::BadRedirect(shown()))?;
    next.set_fragment(None);
    if url.scheme() == "https" && next.scheme() == "http" {
        return Err(FetchError::Downgrade(redact::url(&next)));
    }
    Ok(next)
}
