//! Hosts that an operator names, in the settings of the program or of a source.

use url::Url;

use super::policy::host_name;

/// Hosts, each with the ports that are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostList(Vec<(String, Ports)>);

/// Which ports of a host are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ports {
    /// None was named.
    Unsaid,
    /// This one.
    One(u16),
    /// Every one: `host:*`.
    All,
}

impl HostList {
    /// Reads hosts as people write them: `register.internal`,
    /// `127.0.0.1:8081`, `[::1]:8081`, and `register.internal:*` for all of its
    /// ports.
    ///
    /// # Errors
    ///
    /// The first of them that is no host.
    pub fn read<T: AsRef<str>>(hosts: &[T]) -> Result<Self, String> {
        let one = |host: &T| parsed(host.as_ref()).ok_or_else(|| host.as_ref().to_owned());
        hosts.iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the host of `url` is one of them; one without a port is so at
    /// each.
    #[must_use]
    pub fn has(&self, url: &Url) -> bool {
        self.is_there(url, |_| true)
    }

    /// Whether the host of `url` is one of them, and its port is meant: the one
    /// that was named, any when all were, and one of `usual` when none was.
    #[must_use]
    pub fn opens(&self, url: &Url, usual: &dyn Fn(u16) -> bool) -> bool {
        self.is_there(url, usual)
    }

    fn is_there(&self, url: &Url, unsaid: impl Fn(u16) -> bool) -> bool {
        let (Some(host), Some(port)) = (host_name(url), url.port_or_known_default()) else {
            return false;
        };
        let is_it = |(named, ports): &(String, Ports)| {
            *named == host
                && match ports {
                    Ports::Unsaid => unsaid(port),
                    Ports::One(its) => *its == port,
                    Ports::All => true,
                }
        };
        self.0.iter().any(is_it)
    }

    /// These and `others`.
    #[must_use]
    pub fn and(&self, others: &Self) -> Self {
        Self(self.0.iter().chain(&others.0).cloned().collect())
    }
}

/// A host as an operator writes it.
fn parsed(text: &str) -> Option<(String, Ports)> {
    let text = text.trim();
    // An address of IPv6 without brackets has no port.
    if let Ok(address) = text.parse::<std::net::Ipv6Addr>() {
        return Some((address.to_string(), Ports::Unsaid));
    }
    let (host, are_all) = text.strip_suffix(":*").map_or((text, false), |host| (host, true));
    let url = Url::parse(&format!("http://{host}/")).ok()?;
    // A port that is the scheme's own is not kept by `url`.
    let port = if host.ends_with(":80") { Some(80) } else { url.port() };
    let ports = match (are_all, port) {
        (true, None) => Ports::All,
        (true, Some(_)) => return None,
        (false, Some(port)) => Ports::One(port),
        (false, None) => Ports::Unsaid,
    };
    Some((host_name(&url)?, ports))
}

#[cfg(test)]
#[path = "host_list_tests.rs"]
mod tests;
