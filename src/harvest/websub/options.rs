//! Whether hubs are subscribed to.

use serde::{Deserialize, Serialize};

/// Whether hubs are subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Whether the server subscribes to the hubs of its sources. Hubs must
    /// reach the register's public address. Default: true.
    pub enabled: bool,
    /// The hub of this register, which is told of its changes: `server.hub`.
    #[serde(skip)]
    pub own_hub: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { enabled: true, own_hub: None }
    }
}
