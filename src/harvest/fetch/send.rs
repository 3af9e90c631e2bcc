//! The HTTP client, and what its errors mean.

use std::error::Error as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::header::{self, HeaderMap, HeaderValue};
use reqwest::{Certificate, Client, Response, redirect, retry};
use tokio::time::{Instant, timeout_at};

use super::SetupError;
use super::error::{FetchError, Phase};
use super::options::Options;
use super::resolve::{PinnedResolver, Pins};

/// How long a connection that nobody uses is kept: no longer than its host's
/// addresses are believed.
const POOL_IDLE: Duration = Duration::from_secs(20);
/// Connections to one host that are kept; more are seldom allowed.
const POOL_SIZE: usize = 8;
/// The most that all headers of an answer may take by HTTP/2. By HTTP/1 there
/// are at most a hundred headers.
const MAX_HEADER_BYTES: u32 = 64 * 1024;

/// The certificates of the authorities that are believed beside those of the
/// system.
///
/// # Errors
///
/// [`SetupError::Roots`] for the first file that can't be read, or has none.
pub(super) fn extra_roots(options: &Options) -> Result<Vec<Certificate>, SetupError> {
    let mut roots = Vec::new();
    for path in &options.extra_roots {
        let failed = |reason: String| SetupError::Roots { path: path.clone(), reason };
        let pem = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        let of_file =
            Certificate::from_pem_bundle(&pem).map_err(|error| failed(error.to_string()))?;
        if of_file.is_empty() {
            return Err(failed("there is no certificate in it".to_owned()));
        }
        roots.extend(of_file);
    }
    Ok(roots)
}

/// A client that goes nowhere but to the addresses of `pins`, and believes
/// `roots` beside the authorities of the system.
pub(super) fn client(
    options: &Options,
    pins: &Arc<Pins>,
    roots: &[Certificate],
) -> reqwest::Result<Client> {
    let mut headers = HeaderMap::new();
    // Decompression has its own limits, and so is not the client's.
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(super::decompress::ACCEPTED));
    if let Some(contact) = options.contact.as_deref().and_then(|it| it.parse().ok()) {
        headers.insert(header::FROM, contact);
    }
    Client::builder()
        .user_agent(options.user_agent())
        .default_headers(headers)
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        // The environment could name a proxy, which would see other addresses
        // than those that were checked.
        .no_proxy()
        .dns_resolver(PinnedResolver(Arc::clone(pins)))
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(retry::never())
        .connect_timeout(options.limits.connect_timeout)
        .http2_max_header_list_size(MAX_HEADER_BYTES)
        .http1_ignore_invalid_headers_in_responses(true)
        .pool_idle_timeout(POOL_IDLE)
        .pool_max_idle_per_host(POOL_SIZE)
        .tls_certs_merge(roots.iter().cloned())
        .build()
}

/// Sends a request and waits for the headers of its answer, until `deadline`
/// at the latest.
///
/// # Errors
///
/// [`FetchError`] for everything that can happen before them.
pub(super) async fn send(
    client: &Client,
    request: reqwest::Request,
    options: &Options,
    (deadline, whole): (Instant, Duration),
) -> Result<Response, FetchError> {
    let host = request.url().host_str().unwrap_or_default().to_owned();
    let limits = &options.limits;
    let first_byte = limits.connect_timeout + limits.first_byte_timeout;
    let until = Instant::now() + first_byte;
    match timeout_at(until.min(deadline), client.execute(request)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(unsent(&host, &error, limits.connect_timeout)),
        Err(_) if until <= deadline => {
            Err(FetchError::Timeout { phase: Phase::FirstByte, limit: first_byte })
        }
        Err(_) => Err(FetchError::Timeout { phase: Phase::Whole, limit: whole }),
    }
}

/// What it means that no headers came.
fn unsent(host: &str, error: &reqwest::Error, connect_timeout: Duration) -> FetchError {
    let reason = reason(error);
    let host = host.to_owned();
    if is_of_tls(error) {
        return FetchError::Tls { host, reason };
    }
    if error.is_connect() {
        return if error.is_timeout() {
            FetchError::Timeout { phase: Phase::Connect, limit: connect_timeout }
        } else {
            FetchError::Connect { host, reason }
        };
    }
    match of_hyper(error) {
        Some(error) if error.is_parse() => FetchError::BadAnswer(reason),
        _ => FetchError::BrokenOff { bytes: 0, reason },
    }
}

/// What it means that the body ended early, after so many `bytes`.
pub(super) fn broken_off(error: &reqwest::Error, bytes: u64) -> FetchError {
    let reason = reason(error);
    match of_hyper(error) {
        Some(error) if error.is_parse() => FetchError::BadAnswer(reason),
        _ => FetchError::BrokenOff { bytes, reason },
    }
}

/// The innermost reason, which has no address in it.
fn reason(error: &reqwest::Error) -> String {
    let mut reason = error.source();
    while let Some(inner) = reason.and_then(std::error::Error::source) {
        reason = Some(inner);
    }
    reason.map_or_else(|| "no reason is known".to_owned(), ToString::to_string)
}

fn of_hyper(error: &reqwest::Error) -> Option<&hyper::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

fn is_of_tls(error: &reqwest::Error) -> bool {
    causes(error).any(<dyn std::error::Error>::is::<rustls::Error>)
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |cause| next_cause(*cause))
}

/// An error of the system hides what it was made of from its source.
fn next_cause<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a (dyn std::error::Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
