//! What is asked for, and how.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::options::Pace;
use super::redact::SecretString;
use super::sanity::Expected;

/// One thing to fetch.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its address; a fragment is left out.
    pub url: Url,
    /// How it is asked for.
    pub method: Method,
    /// The `Accept` header.
    pub accept: String,
    /// What was known of it before, to ask only whether it has changed.
    pub validators: Option<Validators>,
    /// How long it may be.
    pub size: Size,
    /// What it has to be.
    pub expected: Expected,
    /// Further headers, credentials among them; they are never sent to another
    /// host than that of [`Self::url`].
    pub headers: Vec<(String, SecretString)>,
    /// Whether robots.txt holds.
    pub robots: RobotsPolicy,
    /// How fast this host may be asked, where the operator has agreed it; other
    /// hosts to which it leads are not asked faster than usual.
    pub pace: Option<Pace>,
    /// How often it is tried at the most, where that is less than usual.
    pub tries: Option<u32>,
    /// Where a body lies that is too large for the memory; without it all are
    /// in memory.
    pub spool: Option<PathBuf>,
}

/// How something is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// The whole.
    Get,
    /// Only the headers.
    Head,
    /// A form is sent, as for a subscription; tried once, and redirects are
    /// not followed.
    Post(Vec<(String, String)>),
}

/// How long a body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Its first 64 KiB; the rest is not fetched.
    Glance,
    /// Its first 500 KiB, as of a robots.txt; the rest is not fetched.
    Robots,
    /// A page.
    Page,
    /// A feed, a sitemap or a page of an API.
    Feed,
    /// A whole data set.
    Dump,
}

/// Whether robots.txt holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RobotsPolicy {
    /// It does.
    Obey,
    /// It does not, for the reason that the operator gave, such as that the
    /// publisher has registered the feed.
    Overridden(String),
}

/// By what a server tells whether a document has changed, to the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// The `ETag`; each character stands for a byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The `Last-Modified`, in the server's own spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// BLAKE3 of the body, in hexadecimal digits, for servers that send the
    /// same body for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// When the whole document came last; after 30 days it is fetched whole
    /// once more.
    pub whole_at: Timestamp,
}

impl Request {
    /// A page of a public web site, whatever it is.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self {
            url,
            method: Method::Get,
            accept: "*/*".to_owned(),
            validators: None,
            size: Size::Page,
            expected: Expected::Anything,
            headers: Vec::new(),
            robots: RobotsPolicy::Obey,
            pace: None,
            tries: None,
            spool: None,
        }
    }

    /// With what has to come, as the `Accept` header of a format asks for it.
    #[must_use]
    pub fn accept(mut self, accept: &str) -> Self {
        accept.clone_into(&mut self.accept);
        self.expected = Expected::of_accept(accept);
        self
    }

    /// With how long it may be.
    #[must_use]
    pub fn size(mut self, size: Size) -> Self {
        self.size = size;
        self
    }

    /// Tried once: for what is asked again on another day anyway.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.tries = Some(1);
        self
    }

    /// With what was known of it.
    #[must_use]
    pub fn validators(mut self, validators: Option<Validators>) -> Self {
        self.validators = validators;
        self
    }

    /// With a header that is a secret.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), SecretString::new(value)));
        self
    }
}
