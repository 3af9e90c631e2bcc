//! Who asks: an address or the bearer of a token.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::extract::Request;
use http::HeaderMap;

use crate::web::connections;
use crate::web::rate::proxy::Proxy;

/// What stands for a token: its BLAKE3, never itself.
pub(super) type TokenHash = [u8; 32];

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Client {
    /// An IPv4 address, or an IPv6 network of 64 bits.
    Address(IpAddr),
    /// Whoever has this token.
    Token(TokenHash),
}

/// The address that asks, as it is counted; `None` when nobody is counted:
/// this machine itself, a proxy that does not say for whom it asks, and
/// requests without a connection.
pub(super) fn address_of(request: &Request, trusted_proxies: &[Proxy]) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let peer = peer.ip().to_canonical();
    let is_trusted = |address: &IpAddr| trusted_proxies.iter().any(|proxy| proxy.is_at(address));
    let address = if is_trusted(&peer) {
        forwarded(request.headers()).into_iter().find(|address| !is_trusted(address))?
    } else {
        peer
    };
    (!address.is_loopback()).then(|| connections::network(address))
}

/// The addresses of `X-Forwarded-For`, the nearest first, as far as they can
/// be read.
fn forwarded(headers: &HeaderMap) -> Vec<IpAddr> {
    let values = headers.get_all("x-forwarded-for").iter();
    let texts: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    texts
        .join(",")
        .rsplit(',')
        .map_while(|text| text.trim().parse::<IpAddr>().ok())
        .map(|address| address.to_canonical())
        .collect()
}

/// What stands for a token.
pub(super) fn token_hash(token: &str) -> TokenHash {
    *blake3::hash(token.as_bytes()).as_bytes()
}

/// The network of an address, wide enough that nobody can be told by it: what
/// may stand in the log.
pub(super) fn coarse(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [first, second, third, _] = address.octets();
            format!("{}/24", Ipv4Addr::new(first, second, third, 0))
        }
        IpAddr::V6(address) => {
            let bits = address.to_bits() & (u128::MAX << 80);
            format!("{}/48", Ipv6Addr::from(bits))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_stand_in_the_log_tells_no_single_address() {
        for (address, expected) in
            [("203.0.113.7", "203.0.113.0/24"), ("2001:db8:1:2::7", "2001:db8:1::/48")]
        {
            assert_eq!(coarse(address.parse().unwrap()), expected);
        }
    }
}
