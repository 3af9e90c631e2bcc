//! Where the secrets are that a source wants in a header: in a variable of the
//! environment or in a file. The register keeps which, and never the secret.

use std::env;
use std::fs;

use anyhow::{Result, bail};
use clap::Args;
use url::Url;

use crate::cli::failure::WrongUse;
use crate::harvest::pipeline::credential_host;
use crate::register::ledger::{Credential, SecretFrom};

/// The headers with secrets that a new source wants.
#[derive(Debug, Args)]
pub(super) struct Headers {
    /// Header whose value is in a variable of the environment, such as
    /// `Authorization=PARTNER_TOKEN`; may be repeated
    #[arg(long, value_name = "HEADER=NAME")]
    header_from_env: Vec<String>,
    /// Header whose value is in a file, such as X-Api-Key=/run/secrets/partner;
    /// may be repeated
    #[arg(long, value_name = "HEADER=PATH")]
    header_from_file: Vec<String>,
}

impl Headers {
    /// The headers, for the host of `url`.
    ///
    /// # Errors
    ///
    /// When one is not written so, or can't be a header of ours.
    pub(super) fn read(&self, url: &Url) -> Result<Vec<Credential>> {
        let env = self.header_from_env.iter().map(|text| (text, SecretFrom::Env as Make));
        let file = self.header_from_file.iter().map(|text| (text, SecretFrom::File as Make));
        env.chain(file).map(|(text, make)| one(text, make, url)).collect()
    }
}

type Make = fn(String) -> SecretFrom;

/// Headers that the fetcher sets itself.
const OWN: &[&str] = &[
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "from",
    "host",
    "if-modified-since",
    "if-none-match",
    "range",
    "transfer-encoding",
    "user-agent",
];

fn one(text: &str, make: Make, url: &Url) -> Result<Credential> {
    let parts = text.split_once('=').map(|(header, from)| (header.trim(), from.trim()));
    let Some((header, from)) =
        parts.filter(|(header, from)| !header.is_empty() && !from.is_empty())
    else {
        return Err(WrongUse(format!("`{text}` is not written as HEADER=WHERE")).into());
    };
    let is_name = http::HeaderName::try_from(header).is_ok();
    if !is_name || OWN.contains(&header.to_ascii_lowercase().as_str()) {
        return Err(WrongUse(format!("`{header}` is no header that can be set")).into());
    }
    let (header, host) = (header.to_owned(), credential_host(url));
    Ok(Credential { header, from: make(from.to_owned()), host })
}

/// The secret; `None` when there is none.
pub(in crate::cli) fn secret(from: &SecretFrom) -> Option<String> {
    let text = match from {
        SecretFrom::Env(name) => env::var(name).ok()?,
        SecretFrom::File(path) => fs::read_to_string(path).ok()?,
    };
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Each header with its secret, for a first look at the source.
///
/// # Errors
///
/// When one is not there.
pub(super) fn values(credentials: &[Credential]) -> Result<Vec<(Credential, String)>> {
    let mut values = Vec::with_capacity(credentials.len());
    for credential in credentials {
        let Some(value) = secret(&credential.from) else {
            bail!("there is nothing in {}, for the header {}", credential.from, credential.header);
        };
        values.push((credential.clone(), value));
    }
    Ok(values)
}
