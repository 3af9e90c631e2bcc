//! What is known of clients, in bounded room.

use std::collections::HashMap;
use std::hash::Hash;

/// How many clients are remembered at most; of more, those who have been
/// silent longest are forgotten, and have all of their allowances again.
const MOST_CLIENTS: usize = 100_000;

/// Those who asked lately, and those who asked before them.
#[derive(Debug)]
pub(super) struct Table<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<K: Eq + Hash, V: Copy + Default> Table<K, V> {
    /// What is known of `client`, to be changed; who is new has the default.
    pub(super) fn of(&mut self, client: K) -> &mut V {
        if self.young.len() >= MOST_CLIENTS / 2 && !self.young.contains_key(&client) {
            self.old = std::mem::take(&mut self.young);
        }
        let before = self.old.get(&client).copied().unwrap_or_default();
        self.young.entry(client).or_insert(before)
    }

    /// What is known of `client`.
    pub(super) fn get(&self, client: &K) -> V {
        self.young.get(client).or_else(|| self.old.get(client)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::mem::size_of;
    use std::net::IpAddr;

    use super::*;
    use crate::web::rate::shares::Spent;

    /// The bytes of a map: its rows, used or not, with a byte of control each.
    /// A map has up to 8 rows for 7 that it says it can take.
    fn bytes<K, V>(map: &HashMap<K, V>) -> usize {
        map.capacity() / 7 * 8 * (size_of::<(K, V)>() + 1)
    }

    #[test]
    fn a_million_clients_take_less_than_fifty_megabytes() {
        let mut table: Table<IpAddr, Spent> = Table::default();
        let mut most = 0;
        for number in 0..1_000_000_u32 {
            table.of(IpAddr::V4(number.into()));
            if number % 1_000 == 0 {
                most = most.max(bytes(&table.young) + bytes(&table.old));
            }
        }
        assert!(table.young.len() + table.old.len() <= MOST_CLIENTS);
        assert!((1_000_000..50_000_000).contains(&most), "{most} bytes");
    }

    #[test]
    fn who_goes_on_asking_is_remembered_whoever_else_comes() {
        let mut table: Table<u32, u32> = Table::default();
        *table.of(0) = 7;
        for number in 1..300_000 {
            table.of(number);
            if number % 40_000 == 0 {
                assert_eq!(*table.of(0), 7);
            }
        }
        assert_eq!((table.get(&0), table.get(&1)), (7, 0));
    }
}
