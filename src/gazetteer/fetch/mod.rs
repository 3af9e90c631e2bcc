//! The current Code-Point Open, from Ordnance Survey's open downloads.
//!
//! The one part of the gazetteer that uses the network, and only when an
//! operator asks for it. The client is given, and its settings (proxy,
//! timeouts, trust) are the caller's.
//!
//! Source: Ordnance Survey, “OS Downloads API”, version 1: a list of JSON
//! objects with `url`, `fileName`, `size`, `md5`, `area` and `format`; the
//! `url` redirects to the file.

use std::path::{Path, PathBuf};

use reqwest::Client;
use serde::Deserialize;
use thiserror::Error;
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt as _;
use url::Url;

use crate::gazetteer::md5::Md5;

/// Where Ordnance Survey serves its downloads.
pub const BASE: &str = "https://api.os.uk/downloads/v1/";
/// The most that is downloaded, in bytes; Code-Point Open is some 30 MB.
pub const LARGEST: u64 = 512 * 1024 * 1024;
/// The most of a list that is read, in bytes.
const LARGEST_LIST: usize = 1024 * 1024;

/// A file that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Where it is.
    pub url: Url,
    /// What it is called there, without any directory.
    pub file_name: String,
    /// Its length in bytes, where the list tells it.
    pub size: Option<u64>,
    /// Its MD5 sum as 32 hexadecimal digits, where the list tells it.
    pub md5: Option<String>,
}

/// Why the file can't be had.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The base is no address to which a path can be added.
    #[error("`{0}` is not the address of a downloads service")]
    Base(Url),
    /// The service can't be reached, or broke off.
    #[error("the downloads service failed: {0}")]
    Http(#[from] reqwest::Error),
    /// The service answered with a status other than 200.
    #[error("`{url}` answered {status}")]
    Status {
        /// What was asked for.
        url: Url,
        /// The answer's status.
        status: u16,
    },
    /// The list is not the JSON that the service promises.
    #[error("the list of downloads can't be read: {0}")]
    List(String),
    /// The list has no file for Great Britain as CSV.
    #[error("the list of downloads has no CSV file for Great Britain")]
    Nothing,
    /// The file is longer than the list says, or than is ever taken.
    #[error("the download is longer than {0} bytes")]
    TooLong(u64),
    /// The file is not as long as the list says.
    #[error("the download has {found} bytes, but {expected} were promised")]
    Size {
        /// Bytes that came.
        found: u64,
        /// Bytes that the list promised.
        expected: u64,
    },
    /// The file's sum is not the one in the list.
    #[error("the download's MD5 is {found}, but {expected} was promised")]
    Md5 {
        /// The sum of what came.
        found: String,
        /// The sum that the list promised.
        expected: String,
    },
    /// The file can't be written.
    #[error("`{}` can't be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    url: String,
    file_name: String,
    size: Option<u64>,
    md5: Option<String>,
    area: String,
    format: String,
}

/// The address of the list of Code-Point Open's files.
///
/// # Errors
///
/// [`FetchError::Base`] when `base` can't have a path.
pub fn list_url(base: &Url) -> Result<Url, FetchError> {
    let mut url = base.clone();
    url.path_segments_mut().map_err(|()| FetchError::Base(base.clone()))?.pop_if_empty().extend([
        "products",
        "CodePointOpen",
        "downloads",
    ]);
    url.query_pairs_mut().append_pair("area", "GB").append_pair("format", "CSV");
    Ok(url)
}

/// The file to download, out of the service's list.
///
/// # Errors
///
/// [`FetchError::List`] when the list can't be read, [`FetchError::Nothing`]
/// when it has no CSV file of Great Britain.
pub fn choose(list: &[u8]) -> Result<Download, FetchError> {
    let listed: Vec<Listed> =
        serde_json::from_slice(list).map_err(|error| FetchError::List(error.to_string()))?;
    let wanted = |listed: &Listed| {
        listed.area.eq_ignore_ascii_case("GB") && listed.format.eq_ignore_ascii_case("CSV")
    };
    let Listed { url, file_name, size, md5, .. } =
        listed.into_iter().find(wanted).ok_or(FetchError::Nothing)?;
    let not_of_the_web = || FetchError::List(format!("`{url}` is not an address of the web"));
    let url = Url::parse(&url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(not_of_the_web)?;
    Ok(Download { url, file_name: safe_name(&file_name), size, md5 })
}

/// Whether what came is what was promised.
///
/// # Errors
///
/// [`FetchError::Size`] or [`FetchError::Md5`] when it is not.
pub fn verify(download: &Download, size: u64, md5: &str) -> Result<(), FetchError> {
    if let Some(expected) = download.size.filter(|expected| *expected != size) {
        return Err(FetchError::Size { found: size, expected });
    }
    match &download.md5 {
        Some(expected) if !expected.eq_ignore_ascii_case(md5) => {
            Err(FetchError::Md5 { found: md5.to_owned(), expected: expected.clone() })
        }
        _ => Ok(()),
    }
}

/// Downloads the current Code-Point Open into `directory` and gives its path;
/// `progress` is told the bytes that have come and those that were promised.
///
/// The file gets its name only when it is whole and has been checked.
///
/// # Errors
///
/// [`FetchError`], and nothing is left in the directory.
pub async fn fetch(
    client: &Client,
    base: &Url,
    directory: &Path,
    progress: &mut (dyn FnMut(u64, Option<u64>) + Send),
) -> Result<PathBuf, FetchError> {
    let list = read_list(client, list_url(base)?).await?;
    let download = choose(&list)?;
    let path = directory.join(&download.file_name);
    let beside = directory.join(format!("{}.part", download.file_name));
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| FetchError::Io { path, source }
    };
    fs::create_dir_all(directory).await.map_err(failed(directory))?;
    let written = write(client, &download, &beside, progress).await;
    if let Err(error) = written {
        // What can't be removed either is overwritten by the next try.
        drop(fs::remove_file(&beside).await);
        return Err(error);
    }
    fs::rename(&beside, &path).await.map_err(failed(&path))?;
    Ok(path)
}

async fn read_list(client: &Client, url: Url) -> Result<Vec<u8>, FetchError> {
    let mut response = get(client, url).await?;
    let mut list = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if list.len() + chunk.len() > LARGEST_LIST {
            return Err(FetchError::List(format!("it is longer than {LARGEST_LIST} bytes")));
        }
        list.extend_from_slice(&chunk);
    }
    Ok(list)
}

async fn write(
    client: &Client,
    download: &Download,
    path: &Path,
    progress: &mut (dyn FnMut(u64, Option<u64>) + Send),
) -> Result<(), FetchError> {
    let failed = |source| FetchError::Io { path: path.to_owned(), source };
    let largest = download.size.unwrap_or(LARGEST).min(LARGEST);
    let mut response = get(client, download.url.clone()).await?;
    let mut file = File::create(path).await.map_err(failed)?;
    let (mut size, mut md5) = (0, Md5::new());
    while let Some(chunk) = response.chunk().await? {
        size += u64::try_from(chunk.len()).unwrap_or(LARGEST);
        if size > largest {
            return Err(FetchError::TooLong(largest));
        }
        md5.update(&chunk);
        file.write_all(&chunk).await.map_err(failed)?;
        progress(size, download.size);
    }
    verify(download, size, &md5.finish())?;
    file.sync_all().await.map_err(failed)
}

async fn get(client: &Client, url: Url) -> Result<reqwest::Response, FetchError> {
    let response = client.get(url.clone()).send().await?;
    let status = response.status().as_u16();
    if status == 200 { Ok(response) } else { Err(FetchError::Status { url, status }) }
}

/// The last part of a name, letters, digits, `.`, `-` and `_` only.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_safe = |character: &char| {
        character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_')
    };
    let safe: String = last.chars().filter(is_safe).collect();
    if safe.trim_matches('.').is_empty() { "code-point-open.zip".to_owned() } else { safe }
}

#[cfg(test)]
mod tests;
