//! Which addresses the harvester may ask at all.
//!
//! Every address is checked here before anything is sent to it: the one of the
//! source, each one that a redirect leads to, that of each robots.txt. A name
//! is checked a second time by what it resolves to, in
//! [`resolve`](super::resolve).

use std::net::IpAddr;

use thiserror::Error;
use url::{Host, Url};

use super::address;
use super::host_list::HostList;
use super::redact;
use crate::register::HostClass;

/// The ports of the web, by contract.
const PORTS: &[u16] = &[80, 443, 8080, 8443];
/// The longest address that is asked; servers refuse longer ones themselves.
const MAX_URL_BYTES: usize = 16 * 1024;

/// Why an address is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Forbidden {
    /// It is no address at all.
    #[error("`{0}` is no address of the web")]
    Unreadable(String),
    /// It is neither http nor https.
    #[error("the scheme `{0}` is not http or https")]
    Scheme(String),
    /// It has a user name or password in it.
    #[error("the address {0} has a user name or password in it")]
    UserInfo(String),
    /// It has no host.
    #[error("the address {0} has no host")]
    NoHost(String),
    /// It is longer than is ever asked.
    #[error("the address has {0} bytes, more than {MAX_URL_BYTES}")]
    Length(usize),
    /// Its port is not one of the web, and was not allowed.
    #[error("the port {port} of {host} is not allowed")]
    Port {
        /// The host.
        host: String,
        /// Its port.
        port: u16,
    },
    /// It is, or resolves to, an address that is no public host.
    #[error("{}no public address ({special_use})", asked(host, *address))]
    Address {
        /// The host as it was written.
        host: String,
        /// The address that it is or resolves to.
        address: IpAddr,
        /// What the address is for.
        special_use: &'static str,
    },
}

/// A host, and the address that it resolves to when it is not that itself.
fn asked(host: &str, address: IpAddr) -> String {
    if host == address.to_string() {
        format!("{host} is ")
    } else {
        format!("{host} is {address}, which is ")
    }
}

impl Forbidden {
    /// A short constant name by which refusals are counted.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Scheme(_) => "forbidden-scheme",
            Self::UserInfo(_) => "forbidden-credentials",
            Self::Unreadable(_) | Self::NoHost(_) | Self::Length(_) => "forbidden-url",
            Self::Port { .. } => "forbidden-port",
            Self::Address { .. } => "forbidden-address",
        }
    }
}

/// How far a host may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Only to public addresses.
    Public,
    /// To any address: the operator has named the host.
    Any,
}

impl Reach {
    /// Of which sort its hosts are.
    pub(super) const fn class(self) -> HostClass {
        match self {
            Self::Public => HostClass::Public,
            Self::Any => HostClass::Allowed,
        }
    }
}

/// What an operator allows beyond the public web.
#[derive(Debug, Clone, Default)]
pub(super) struct Policy {
    hosts: HostList,
    ports: Vec<u16>,
}

impl Policy {
    /// The policy that opens `hosts`, each at the port that is named with it,
    /// at all of them when that is `*`, or else at those of the web; and
    /// `ports` of all hosts (contract F80).
    ///
    /// # Errors
    ///
    /// The first of `hosts` that is none.
    pub(super) fn new(hosts: &[String], ports: &[u16]) -> Result<Self, String> {
        Ok(Self { hosts: HostList::read(hosts)?, ports: ports.to_vec() })
    }

    /// How far `url` may reach.
    ///
    /// # Errors
    ///
    /// [`Forbidden`], when it may not be asked at all.
    pub(super) fn check(&self, url: &Url) -> Result<Reach, Forbidden> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Forbidden::Scheme(url.scheme().to_owned()));
        }
        if url.as_str().len() > MAX_URL_BYTES {
            return Err(Forbidden::Length(url.as_str().len()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Forbidden::UserInfo(redact::url(url)));
        }
        let (Some(host), Some(port)) = (host_name(url), url.port_or_known_default()) else {
            return Err(Forbidden::NoHost(redact::url(url)));
        };
        let is_usual = |port: u16| PORTS.contains(&port) || self.ports.contains(&port);
        if self.hosts.opens(url, &is_usual) {
            return Ok(Reach::Any);
        }
        if !is_usual(port) {
            return Err(Forbidden::Port { host, port });
        }
        // `url` has brought every spelling of an address into one form.
        match url.host() {
            Some(Host::Ipv4(address)) => is_public(&host, address.into())?,
            Some(Host::Ipv6(address)) => is_public(&host, address.into())?,
            Some(Host::Domain(_)) | None => {}
        }
        Ok(Reach::Public)
    }
}

/// An address as people write it: with spaces around it, without its scheme,
/// or with that of calendars and feeds (`webcal:`, `feed:`). The fragment is
/// left out.
///
/// # Errors
///
/// [`Forbidden::Unreadable`], and [`Forbidden::Scheme`] for what is no web.
pub fn read_address(text: &str) -> Result<Url, Forbidden> {
    let unreadable =
        || Forbidden::Unreadable(redact::written(&text.chars().take(200).collect::<String>()));
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{FEFF}');
    let lower = text.to_ascii_lowercase();
    let rest = ["feed:http", "webcal://", "webcals://", "feed://"]
        .iter()
        .find(|scheme| lower.starts_with(*scheme))
        .map(|scheme| &text[scheme.len()..]);
    let complete = match rest {
        Some(_) if lower.starts_with("feed:http") => text[5..].to_owned(),
        Some(rest) => format!("https://{rest}"),
        None if lower.contains("://") => text.to_owned(),
        None if ["mailto:", "tel:", "javascript:", "data:", "file:", "urn:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme)) =>
        {
            text.to_owned()
        }
        None => format!("https://{text}"),
    };
    let mut url = Url::parse(&complete).map_err(|_| unreadable())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Forbidden::Scheme(url.scheme().to_owned()));
    }
    url.set_fragment(None);
    Ok(url)
}

/// # Errors
///
/// [`Forbidden::Address`], when `address` is no public host.
pub(super) fn is_public(host: &str, address: IpAddr) -> Result<(), Forbidden> {
    match address::special_use(address) {
        None => Ok(()),
        Some(special_use) => {
            Err(Forbidden::Address { host: host.to_owned(), address, special_use })
        }
    }
}

/// The host of `url` in the one spelling by which hosts are compared: without
/// the dot at the end, addresses without brackets.
pub(super) fn host_name(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            (!name.is_empty()).then(|| name.to_owned())
        }
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(address.to_string()),
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
