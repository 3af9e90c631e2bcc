//! How links are checked.

use serde::{Deserialize, Serialize};

/// How links are checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Whether the server checks links on its own. Default: true.
    pub enabled: bool,
    /// How many hosts are asked at once; each is asked for one address after
    /// the other. Default: 32.
    pub hosts_at_once: usize,
    /// How many addresses of one host are asked in a turn; the others follow
    /// later, so that no host holds a turn up. Default: 120.
    pub links_of_host: usize,
    /// How long a turn may take, in seconds; what is not asked by then stays
    /// due. Default: 600.
    pub turn_seconds: u64,
    /// After how many days an address that answers is asked again.
    /// Default: 7.
    pub alive_days: u32,
    /// After how many days a dead address is asked again. Default: 30.
    pub dead_days: u32,
    /// After how many days the page of an address is looked at again, to tell
    /// whether it is an excuse. Default: 30.
    pub look_days: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            enabled: true,
            hosts_at_once: 32,
            links_of_host: 120,
            turn_seconds: 600,
            alive_days: 7,
            dead_days: 30,
            look_days: 30,
        }
    }
}
