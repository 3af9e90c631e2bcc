//! Whose word counts about who asks.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::Deserialize;
use serde::Serialize;

/// A proxy by its address, or all that are in a network, such as `10.0.0.0/8`:
/// containers get their addresses anew at each start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Proxy(IpNet);

/// Why a text names no proxy.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each says what it is")]
pub enum ProxyError {
    #[error("`{0}` is no address, such as `127.0.0.1`, and no network, such as `10.0.0.0/8`")]
    Unreadable(String),
    #[error("`{0}` is everybody; then nobody could be told from another")]
    Everybody(String),
}

impl Proxy {
    /// Whether `address`, which is canonical (no IPv4 in IPv6), is the proxy
    /// or in its network.
    pub(super) fn is_at(&self, address: &IpAddr) -> bool {
        self.0.contains(address)
    }
}

impl FromStr for Proxy {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, ProxyError> {
        let address = || text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
        let network = text.parse::<IpNet>().or_else(|_| address());
        let network = network.map_err(|_| ProxyError::Unreadable(text.to_owned()))?;
        if network.prefix_len() == 0 {
            return Err(ProxyError::Everybody(text.to_owned()));
        }
        Ok(Self(network))
    }
}

impl TryFrom<String> for Proxy {
    type Error = ProxyError;

    fn try_from(text: String) -> Result<Self, ProxyError> {
        text.parse()
    }
}

impl From<Proxy> for String {
    /// A single address without its length.
    fn from(Proxy(network): Proxy) -> Self {
        if network.prefix_len() == network.max_prefix_len() {
            network.addr().to_string()
        } else {
            network.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_an_address_or_a_network_and_never_everybody() {
        for (text, inside, outside) in [
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("::ffff:192.0.2.1", "192.0.2.1", "192.0.2.2"),
            ("172.16.0.0/12", "172.31.255.255", "172.32.0.0"),
            ("fd00::/8", "fd12::1", "fe80::1"),
        ] {
            let proxy: Proxy = text.parse().unwrap();
            assert!(proxy.is_at(&inside.parse().unwrap()), "{text}");
            assert!(!proxy.is_at(&outside.parse().unwrap()), "{text}");
        }
        for text in ["", "nginx", "10.0.0.0/33", "10.0.0", "0.0.0.0/0", "::/0"] {
            let error = text.parse::<Proxy>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is ")), "{error}");
        }
    }

    #[test]
    fn a_proxy_is_written_as_it_is_read() {
        for text in ["\"127.0.0.1\"", "\"10.0.0.0/8\"", "\"fd00::/8\"", "\"2001:db8::1\""] {
            let proxy: Proxy = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&proxy).unwrap(), text);
        }
    }
}
