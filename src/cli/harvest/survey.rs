//! `kist harvest discover`: what is published at an address, and what each of
//! it would yield.

use anyhow::{Result, bail};
use clap::Args;
use futures_util::future::join_all;
use serde_json::{Value as Json, json};
use url::Url;

use super::open::{Open, open};
use super::{Common, report};
use crate::cli::output::{line, note};
use crate::cli::progress;
use crate::cli::settings::Missing;
use crate::harvest::discover::{Candidate, How, candidates};
use crate::harvest::document::Document;
use crate::harvest::extraction::About;
use crate::harvest::fetch::{Outcome, Request, RobotsPolicy, Size};
use crate::harvest::format::{self, Format, Reading};
use crate::harvest::pipeline::credential_host;
use crate::harvest::settings::address;
use crate::register::ledger::Credential;

/// How many candidates are looked at.
const MOST_CANDIDATES: usize = 30;

/// Looks what is published at an address, and what it would yield
#[derive(Debug, Args)]
#[command(
    after_help = "Looks at what the page links to, at the sitemaps that robots.txt names, and where such
things usually lie. Asks one host once a second, so it takes a while.

Examples:
  kist harvest discover https://partner.example/
  kist harvest discover https://partner.example/events --json"
)]
pub(super) struct Arguments {
    /// Address of a home page, feed or file
    url: String,
    #[command(flatten)]
    common: Common,
}

/// Something that can be harvested.
pub(super) struct Found {
    pub(super) url: Url,
    pub(super) format: &'static Format,
    label: String,
    how: How,
    /// Records in its first document.
    records: usize,
    /// Documents that it leads to.
    documents: usize,
    /// How many records it says that there are.
    announced: Option<u64>,
    pub(super) about: About,
}

impl Found {
    /// What it would yield, as a sentence.
    fn yields(&self) -> String {
        let more = match (self.announced, self.documents) {
            (Some(announced), _) => format!(" of {announced}"),
            (None, 0) => String::new(),
            (None, documents) => format!(", and {documents} more documents"),
        };
        format!("{} records{more}", self.records)
    }

    fn to_json(&self) -> Json {
        json!({
            "url": self.url, "format": self.format.name, "label": self.label,
            "how": how(self.how), "records": self.records, "documents": self.documents,
            "announced": self.announced, "licence": self.about.licence,
        })
    }
}

fn how(how: How) -> &'static str {
    match how {
        How::Given => "given",
        How::Linked => "linked",
        How::Robots => "named in robots.txt",
        How::Described => "described",
        How::Hub => "hub",
        How::Usual => "at a usual place",
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let open = open(&arguments.common, Missing::Made)?;
    let url = address(&arguments.url)?;
    let found = survey(&open, &url, None, &[])?;
    tell(&found, arguments.common.json)?;
    if found.is_empty() {
        bail!("nothing that can be harvested was found at {url}");
    }
    Ok(())
}

/// Lists what was found, numbered from 1.
pub(super) fn tell(found: &[Found], as_json: bool) -> Result<()> {
    if as_json {
        return report::json(&json!(found.iter().map(Found::to_json).collect::<Vec<_>>()));
    }
    for (number, one) in (1..).zip(found) {
        line(format_args!("{number:>2}  {:<13}  {}", one.format.name, one.url))?;
        line(format_args!("    {}: {} ({})", one.label, one.yields(), how(one.how)))?;
    }
    Ok(())
}

/// What can be harvested at `url`, the likeliest first; the document at `url`
/// alone, when it is no page or `as_format` says what it is.
///
/// # Errors
///
/// When what is at `url` can't be fetched.
pub(super) fn survey(
    open: &Open,
    url: &Url,
    as_format: Option<&'static Format>,
    secrets: &[(Credential, String)],
) -> Result<Vec<Found>> {
    let since = open.harvester.now();
    let spinner = progress::spinner(format!("looking at {url}"));
    let found = open.runtime.block_on(look(open, url, as_format, secrets));
    spinner.finish_and_clear();
    open.harvester.keep_robots(since)?;
    found
}

async fn look(
    open: &Open,
    url: &Url,
    as_format: Option<&'static Format>,
    secrets: &[(Credential, String)],
) -> Result<Vec<Found>> {
    let home = match fetch(open, url, as_format, secrets).await {
        Ok(home) => home,
        Err(why) => bail!("{url} can't be fetched: {why}"),
    };
    if let Some(format) = as_format {
        let given = Candidate {
            url: url.clone(),
            format: Some(format.name),
            label: format.label.to_owned(),
            how: How::Given,
        };
        return Ok(weigh(open, given, format, home).await.into_iter().collect());
    }
    let robots = open.harvester.fetcher().robots(url, open.harvester.now()).await;
    let sitemaps: Vec<String> = robots
        .iter()
        .flat_map(|robots| &robots.sitemaps)
        .map(|sitemap| format!("Sitemap: {sitemap}"))
        .collect();
    let mut all = candidates(&home, Some(&sitemaps.join("\n")));
    let is_page = format::recognise(&home).is_none_or(|format| format.name == "html");
    all.retain(|one| one.how != How::Hub && (is_page || one.how == How::Given));
    if all.len() > MOST_CANDIDATES {
        note(format_args!("Of {} candidates, {MOST_CANDIDATES} are looked at.", all.len()));
        all.truncate(MOST_CANDIDATES);
    }
    let looked = all.into_iter().map(|candidate| {
        let home = &home;
        async move {
            let known = candidate.format.and_then(format::named);
            let document = if candidate.url == home.url {
                home.clone()
            } else {
                fetch(open, &candidate.url, known, secrets).await.ok()?
            };
            let recognised = format::recognise(&document);
            let format = match candidate.how {
                // Only if it really is there.
                How::Usual => recognised.filter(|it| known.is_none_or(|known| is_alike(known, it))),
                _ => known.or(recognised),
            }?;
            weigh(open, candidate, format, document).await
        }
    });
    Ok(join_all(looked).await.into_iter().flatten().collect())
}

/// Whether what was expected is what came; feeds are called by each other's
/// names.
fn is_alike(expected: &Format, came: &Format) -> bool {
    let is_feed = |format: &Format| matches!(format.name, "rss" | "atom" | "json-feed");
    expected.name == came.name || (is_feed(expected) && is_feed(came))
}

/// What a document would yield; nothing when it is empty.
async fn weigh(
    open: &Open,
    candidate: Candidate,
    format: &'static Format,
    document: Document,
) -> Option<Found> {
    let now = open.harvester.now();
    let read =
        tokio::task::spawn_blocking(move || (format.extract)(&document, &Reading::plain(now)));
    // A reader that fails reads nothing.
    let extraction = read.await.ok()?;
    let found = Found {
        url: candidate.url,
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
async fn fetch(
    open: &Open,
    url: &Url,
    format: Option<&'static Format>,
    secrets: &[(Credential, String)],
) -> Result<Document, String> {
    let mut request = Request::new(url.clone()).size(Size::Feed);
    request.robots = RobotsPolicy::Obey;
    let host = credential_host(url);
    for (credential, secret) in secrets.iter().filter(|(its, _)| its.host == host) {
        request = request.header(&credential.header, secret.as_str());
    }
    if let Some(format) = format {
        request = request.accept(format.accept);
    }
    match open.harvester.fetcher().get(&request, open.harvester.now()).await {
        Outcome::Fetched(fetched) => Ok(fetched.document),
        Outcome::NotModified(_) => Err("the server says nothing of it".to_owned()),
        Outcome::Failed(failure) => Err(failure.error.to_string()),
    }
}
