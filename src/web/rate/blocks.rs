//! The block list: addresses that are turned away before anything else.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::time::Duration;

/// How many addresses are blocked at most. To get here takes more than a
/// thousand requests; who comes when all places are taken is refused as
/// before.
const MOST_BLOCKS: usize = 10_000;

/// Until when addresses are blocked. Times are since the program began.
#[derive(Debug, Default)]
pub(super) struct Blocks(RwLock<HashMap<IpAddr, Duration>>);

impl Blocks {
    /// Blocks an address until `until`; gives whether it is newly blocked.
    pub(super) fn add(&self, address: IpAddr, until: Duration, now: Duration) -> bool {
        let mut blocked = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if blocked.len() >= MOST_BLOCKS {
            blocked.retain(|_, until| *until > now);
        }
        let is_known = blocked.get(&address).is_some_and(|until| *until > now);
        if is_known || blocked.len() >= MOST_BLOCKS {
            return false;
        }
        blocked.insert(address, until);
        true
    }

    /// How long an address is still blocked; `None` when it is not.
    pub(super) fn left(&self, address: IpAddr, now: Duration) -> Option<Duration> {
        let blocked = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let left = blocked.get(&address)?.saturating_sub(now);
        (!left.is_zero()).then_some(left)
    }

    /// How many addresses are blocked.
    pub(super) fn count(&self, now: Duration) -> usize {
        let blocked = self.0.read().unwrap_or_else(PoisonError::into_inner);
        blocked.values().filter(|until| **until > now).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_bounded_and_makes_room_when_blocks_end() {
        let blocks = Blocks::default();
        let address = |number: usize| IpAddr::V4(u32::try_from(number).unwrap().into());
        let hour = Duration::from_hours(1);
        for number in 0..MOST_BLOCKS {
            assert!(blocks.add(address(number), hour, Duration::ZERO));
        }
        assert!(!blocks.add(address(MOST_BLOCKS), hour, Duration::ZERO));
        assert_eq!(blocks.left(address(MOST_BLOCKS), Duration::ZERO), None);
        assert_eq!(blocks.count(Duration::ZERO), MOST_BLOCKS);
        assert!(blocks.add(address(MOST_BLOCKS), hour * 2, hour));
        assert_eq!(blocks.count(hour), 1);
    }

    #[test]
    fn an_address_is_blocked_once_and_for_its_time() {
        let blocks = Blocks::default();
        let address = IpAddr::from([203, 0, 113, 7]);
        let at = Duration::from_secs;
        assert!(blocks.add(address, at(10), at(0)));
        assert!(!blocks.add(address, at(20), at(5)));
        assert_eq!(blocks.left(address, at(9)), Some(at(1)));
        assert_eq!(blocks.left(address, at(10)), None);
    }
}
