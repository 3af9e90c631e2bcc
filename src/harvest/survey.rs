//! What can be harvested at an address, and what each of it would yield: the
//! home page is looked at ([`super::discover`]), and what it names is fetched
//! and read. Nothing is written.

use futures_util::future::join_all;
use jiff::Timestamp;
use thiserror::Error;
use url::Url;

use super::discover::{Candidate, How, candidates};
use super::document::Document;
use super::extraction::About;
use super::fetch::{Fetcher, Outcome, Request, RobotsPolicy, Size};
use super::format::{self, Format, Reading};
use super::pipeline::credential_host;
use crate::register::ledger::{Credential, Discovered};

/// How many candidates are looked at.
const MOST_CANDIDATES: usize = 30;

/// Something that can be harvested.
#[derive(Debug)]
pub struct Found {
    /// Where it is.
    pub url: Url,
    /// What it is read as.
    pub format: &'static Format,
    /// What to call it, for people.
    pub label: String,
    /// How it was found.
    pub how: How,
    /// Records in its first document.
    pub records: usize,
    /// Documents that it leads to.
    pub documents: usize,
    /// How many records it says that there are.
    pub announced: Option<u64>,
    /// What it says of itself.
    pub about: About,
}

impl Found {
    /// The same, as it is kept and told.
    #[must_use]
    pub fn told(&self) -> Discovered {
        Discovered {
            url: self.url.to_string(),
            format: self.format.name.to_owned(),
            label: self.label.clone(),
            how: self.how.name().to_owned(),
            records: self.records as u64,
            documents: self.documents as u64,
            announced: self.announced,
            licence: self.about.licence.clone(),
        }
    }
}

/// What was found at an address.
#[derive(Debug, Default)]
pub struct Survey {
    /// What can be harvested, the likeliest first.
    pub found: Vec<Found>,
    /// How many candidates were not looked at, since there were so many.
    pub passed_over: usize,
}

/// Why nothing was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{url} can't be fetched: {why}")]
pub struct SurveyError {
    /// The address that was given.
    url: Url,
    why: String,
}

/// Looks for what can be harvested.
#[derive(Debug, Clone, Copy)]
pub struct Surveyor<'a> {
    /// What fetches.
    pub fetcher: &'a Fetcher,
    /// The time.
    pub now: Timestamp,
    /// Secrets for the hosts that want them.
    pub secrets: &'a [(Credential, String)],
}

impl Surveyor<'_> {
    /// What can be harvested at `url`; the document at `url` alone, when it is
    /// no page or `as_format` says what it is. Of a page, thirty candidates
    /// are looked at.
    ///
    /// # Errors
    ///
    /// [`SurveyError`] when what is at `url` can't be fetched. What else can't
    /// be is left out.
    pub async fn look(
        self,
        url: &Url,
        as_format: Option<&'static Format>,
    ) -> Result<Survey, SurveyError> {
        let home = self.fetch(url, as_format).await;
        let home = home.map_err(|why| SurveyError { url: url.clone(), why })?;
        if let Some(format) = as_format {
            let given = Candidate {
                url: url.clone(),
                format: Some(format.name),
                label: format.label.to_owned(),
                how: How::Given,
            };
            let found = self.weigh(given, format, home).await.into_iter().collect();
            return Ok(Survey { found, passed_over: 0 });
        }
        let robots = self.fetcher.robots(url, self.now).await;
        let sitemaps: Vec<String> = robots
            .iter()
            .flat_map(|robots| &robots.sitemaps)
            .map(|sitemap| format!("Sitemap: {sitemap}"))
            .collect();
        let mut all = candidates(&home, Some(&sitemaps.join("\n")));
        let is_page = format::recognise(&home).is_none_or(|format| format.name == "html");
        all.retain(|one| one.how != How::Hub && (is_page || one.how == How::Given));
        let passed_over = all.len().saturating_sub(MOST_CANDIDATES);
        all.truncate(MOST_CANDIDATES);
        let looked = all.into_iter().map(|candidate| self.look_at(candidate, &home));
        let found = join_all(looked).await.into_iter().flatten().collect();
        Ok(Survey { found, passed_over })
    }

    async fn look_at(self, candidate: Candidate, home: &Document) -> Option<Found> {
        let known = candidate.format.and_then(format::named);
        let document = if candidate.url == home.url {
            home.clone()
        } else {
            self.fetch(&candidate.url, known).await.ok()?
        };
        let recognised = format::recognise(&document);
        let format = match candidate.how {
            // Only if it really is there.
            How::Usual => recognised.filter(|it| known.is_none_or(|known| is_alike(known, it))),
            _ => known.or(recognised),
        }?;
        self.weigh(candidate, format, document).await
    }

    /// What a document would yield; nothing when it is empty.
    async fn weigh(
        self,
        candidate: Candidate,
        format: &'static Format,
        document: Document,
    ) -> Option<Found> {
        let url = match format::description(format, &document) {
            Some(address) => {
                let description = self.fetch(&address, None).await.ok();
                description.and_then(|it| format::at_once(format, &candidate.url, &it))
            }
            None => None,
        };
        let reading = Reading::plain(self.now);
        let read = tokio::task::spawn_blocking(move || (format.extract)(&document, &reading));
        // A reader that fails reads nothing.
        let extraction = read.await.ok()?;
        let found = Found {
            url: url.unwrap_or(candidate.url),
            format,
            label: candidate.label,
            how: candidate.how,
            records: extraction.drafts.len(),
            documents: extraction.follow.len(),
            announced: extraction.announced,
            about: extraction.about,
        };
        (found.records + found.documents > 0 || candidate.how == How::Given).then_some(found)
    }

    /// What is at `url`; a sentence when it can't be had.
    async fn fetch(self, url: &Url, format: Option<&'static Format>) -> Result<Document, String> {
        let mut request = Request::new(url.clone()).size(Size::Feed);
        request.robots = RobotsPolicy::Obey;
        let host = credential_host(url);
        for (credential, secret) in self.secrets.iter().filter(|(its, _)| its.host == host) {
            request = request.header(&credential.header, secret.as_str());
        }
        if let Some(format) = format {
            request = request.accept(format.accept);
        }
        match self.fetcher.get(&request, self.now).await {
            Outcome::Fetched(fetched) => Ok(fetched.document),
            Outcome::NotModified(_) => Err("the server says nothing of it".to_owned()),
            Outcome::Failed(failure) => Err(failure.error.to_string()),
        }
    }
}

/// Whether what was expected is what came; feeds are called by each other's
/// names.
fn is_alike(expected: &Format, came: &Format) -> bool {
    let is_feed = |format: &Format| matches!(format.name, "rss" | "atom" | "json-feed");
    expected.name == came.name || (is_feed(expected) && is_feed(came))
}
