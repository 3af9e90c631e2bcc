//! The connections that there are: how many in all, and by address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::web::measure::Measured;
use crate::web::measure::Text;

/// The connections that there are. Clones count together.
#[derive(Debug, Clone)]
pub struct Connections {
    most: usize,
    most_by_address: usize,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    by_network: Mutex<HashMap<IpAddr, usize>>,
    accepted: AtomicU64,
    /// Closed at once, because there were too many in all.
    refused: AtomicU64,
    /// Closed at once, because there were too many from one address.
    refused_of_address: AtomicU64,
}

impl Connections {
    /// There are none yet, and will be `most` in all and `most_by_address`
    /// from one address at most.
    #[must_use]
    pub fn new(most: usize, most_by_address: usize) -> Self {
        Self { most, most_by_address, counts: Arc::default() }
    }

    /// A slot for a connection from `address`, unless there are too many.
    pub(in crate::web) fn admit(&self, address: IpAddr) -> Option<Slot> {
        let network = network(address);
        let mut by_network = self.counts.by_network.lock().unwrap_or_else(PoisonError::into_inner);
        let total: usize = by_network.values().sum();
        let here = by_network.get(&network).copied().unwrap_or(0);
        if total >= self.most {
            self.counts.refused.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        if here >= self.most_by_address {
            self.counts.refused_of_address.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        self.counts.accepted.fetch_add(1, Ordering::Relaxed);
        by_network.insert(network, here + 1);
        Some(Slot { connections: self.clone(), network })
    }
}

impl Measured for Connections {
    fn measure(&self, text: &mut Text) {
        let Counts { by_network, accepted, refused, refused_of_address } = &*self.counts;
        let open: usize = by_network.lock().unwrap_or_else(PoisonError::into_inner).values().sum();
        text.gauge("kist_connections", "Open connections.").sample(&[], open);
        text.gauge("kist_connections_limit", "How many connections there may be.")
            .sample(&[], self.most);
        text.counter("kist_connections_accepted_total", "Connections that were accepted.")
            .sample(&[], accepted.load(Ordering::Relaxed));
        let help = "Connections that were closed at once, by the limit they met.";
        text.counter("kist_connections_refused_total", help)
            .sample(&[("limit", "all")], refused.load(Ordering::Relaxed))
            .sample(&[("limit", "address")], refused_of_address.load(Ordering::Relaxed));
    }
}

/// One connection's place, given back when it is dropped.
#[derive(Debug)]
pub(in crate::web) struct Slot {
    connections: Connections,
    network: IpAddr,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let by_network = &self.connections.counts.by_network;
        let mut by_network = by_network.lock().unwrap_or_else(PoisonError::into_inner);
        match by_network.get_mut(&self.network) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                by_network.remove(&self.network);
            }
        }
    }
}

/// What is counted as one client: an IPv4 address, also inside an IPv6 one, or
/// the first 64 bits of an IPv6 address.
pub(in crate::web) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(bits.into())
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
#[path = "connections_tests.rs"]
mod tests;
