//! Hosts that an operator names, in the settings of the program or of a source.

use url::Url;

use super::policy::host_name;

/// Hosts, each with its port unless all ports are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostList(Vec<(String, Option<u16>)>);

impl HostList {
    /// Reads hosts as people write them: `register.internal`,
    /// `127.0.0.1:8080`, `[::1]:8080`.
    ///
    /// # Errors
    ///
    /// The first of them that is no host.
    pub fn read<T: AsRef<str>>(hosts: &[T]) -> Result<Self, String> {
        let one = |host: &T| parsed(host.as_ref()).ok_or_else(|| host.as_ref().to_owned());
        hosts.iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the host of `url` is one of them.
    #[must_use]
    pub fn has(&self, url: &Url) -> bool {
        let (Some(host), port) = (host_name(url), url.port_or_known_default()) else {
            return false;
        };
        let is_it = |(named, its): &(String, Option<u16>)| {
            *named == host && its.is_none_or(|its| Some(its) == port)
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
fn parsed(text: &str) -> Option<(String, Option<u16>)> {
    let text = text.trim();
    // An address of IPv6 without brackets has no port.
    if let Ok(address) = text.parse::<std::net::Ipv6Addr>() {
        return Some((address.to_string(), None));
    }
    let url = Url::parse(&format!("http://{text}/")).ok()?;
    // A port that is the scheme's own is not kept by `url`.
    let port = if text.ends_with(":80") { Some(80) } else { url.port() };
    Some((host_name(&url)?, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_operators_write_them() {
        for (text, expected) in [
            ("127.0.0.1", Some(("127.0.0.1", None))),
            ("127.0.0.1:80", Some(("127.0.0.1", Some(80)))),
            ("[::1]:8080", Some(("::1", Some(8080)))),
            ("::1", Some(("::1", None))),
            (" Intranet.Example. ", Some(("intranet.example", None))),
            ("", None),
        ] {
            let expected = expected.map(|(host, port)| (host.to_owned(), port));
            assert_eq!(parsed(text), expected, "{text}");
        }
    }
}
