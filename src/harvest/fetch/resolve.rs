//! The addresses of hosts, checked once and dialled as they were checked.
//!
//! A request is made in two steps: here its host is looked up and all its
//! addresses are checked; the HTTP client then takes them from [`Pins`] and
//! never looks anything up itself. So a name can't lead elsewhere between the
//! check and the connection.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::time::{Instant, timeout};
use url::{Host, Url};

use super::error::{FetchError, Phase};
use super::policy::{self, Reach};

/// How long an answer is used without asking again: short, as the lifetime
/// that the name server gave is not known here.
const FRESH: Duration = Duration::from_secs(30);
/// Hosts that are remembered without a look at which can be forgotten, and
/// after how many more there is the next look.
const MAX_HOSTS: usize = 10_000;
/// See [`MAX_HOSTS`].
const LOOKED_AT_EVERY: usize = 1_000;
/// No request takes longer from the check of its host to its connection.
const FORGOTTEN_AFTER: Duration = Duration::from_mins(5);
/// Addresses of one host that are kept; no host needs more to be reached.
const MAX_ADDRESSES: usize = 16;

/// The addresses of a host, or why there are none.
pub type Addresses<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Who knows the addresses of hosts.
pub trait Resolver: fmt::Debug + Send + Sync {
    /// Looks `host` up; [`io::ErrorKind::NotFound`] when there is no such
    /// host.
    fn resolve<'a>(&'a self, host: &'a str) -> Addresses<'a>;
}

/// The resolver of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Addresses<'a> {
        Box::pin(async move {
            match tokio::net::lookup_host((host, 0)).await {
                Ok(addresses) => Ok(addresses.map(|address| address.ip()).collect()),
                // The system tells the two apart only by their texts.
                Err(error) if is_unknown(&error.to_string()) => {
                    Err(io::Error::new(io::ErrorKind::NotFound, error))
                }
                Err(error) => Err(error),
            }
        })
    }
}

fn is_unknown(message: &str) -> bool {
    ["not known", "No address associated", "nodename nor servname"]
        .iter()
        .any(|text| message.contains(text))
}

/// The checked addresses of hosts, for one of the two reaches.
#[derive(Debug)]
pub(super) struct Pins {
    reach: Reach,
    hosts: Mutex<HashMap<String, Pinned>>,
}

#[derive(Debug, Clone)]
struct Pinned {
    addresses: Vec<IpAddr>,
    at: Instant,
}

/// What the HTTP client asks instead of the system.
#[derive(Debug, Clone)]
pub(super) struct PinnedResolver(pub(super) Arc<Pins>);

impl Pins {
    pub(super) fn new(reach: Reach) -> Self {
        Self { reach, hosts: Mutex::default() }
    }

    /// Looks the host of `url` up and checks all its addresses; gives them.
    ///
    /// # Errors
    ///
    /// [`FetchError::Forbidden`] when any of them is no public host and the
    /// reach is not wider; the errors of looking up.
    pub(super) async fn check(
        &self,
        url: &Url,
        resolver: &dyn Resolver,
        limit: Duration,
    ) -> Result<Vec<IpAddr>, FetchError> {
        let name = match url.host() {
            Some(Host::Ipv4(address)) => return Ok(vec![address.into()]),
            Some(Host::Ipv6(address)) => return Ok(vec![address.into()]),
            Some(Host::Domain(_)) | None => policy::host_name(url).unwrap_or_default(),
        };
        if let Some(pinned) = self.lock().get(&name).filter(|pinned| pinned.at.elapsed() < FRESH) {
            return Ok(pinned.addresses.clone());
        }
        let mut addresses = timeout(limit, resolver.resolve(&name))
            .await
            .map_err(|_| FetchError::Timeout { phase: Phase::Resolve, limit })?
            .map_err(|error| failed(&name, &error))?;
        for address in &addresses {
            if self.reach == Reach::Public {
                policy::is_public(&name, *address)?;
            }
        }
        addresses.truncate(MAX_ADDRESSES);
        if addresses.is_empty() {
            return Err(failed(&name, &io::Error::from(io::ErrorKind::NotFound)));
        }
        let mut hosts = self.lock();
        if hosts.len() >= MAX_HOSTS && hosts.len().is_multiple_of(LOOKED_AT_EVERY) {
            hosts.retain(|_, pinned| pinned.at.elapsed() < FORGOTTEN_AFTER);
        }
        hosts.insert(name, Pinned { addresses: addresses.clone(), at: Instant::now() });
        Ok(addresses)
    }

    /// The addresses of a host that was checked; checked once more, so that a
    /// mistake elsewhere can't open the way.
    fn pinned(&self, name: &str) -> Result<Vec<IpAddr>, FetchError> {
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        let Some(Pinned { addresses, at: _ }) = self.lock().get(&name).cloned() else {
            let reason = "it was not checked before".to_owned();
            return Err(FetchError::Lookup { host: name, reason });
        };
        if self.reach == Reach::Public {
            for address in &addresses {
                policy::is_public(&name, *address)?;
            }
        }
        Ok(addresses)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Pinned>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Resolve for PinnedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let addresses = self.0.pinned(name.as_str());
        Box::pin(std::future::ready(match addresses {
            Ok(addresses) => {
                let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
                Ok(Box::new(addresses) as Addrs)
            }
            Err(error) => Err(error.into()),
        }))
    }
}

fn failed(host: &str, error: &io::Error) -> FetchError {
    let (host, reason) = (host.to_owned(), error.to_string());
    if error.kind() == io::ErrorKind::NotFound {
        FetchError::UnknownHost { host, reason }
    } else {
        FetchError::Lookup { host, reason }
    }
}
