//! Who is told what needs attention, and how.

use serde::{Deserialize, Serialize};

/// Who is told what needs attention, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The program that sends mail, with its arguments: it gets a whole message
    /// (RFC 5322) on its standard input and finds whom it is for in there, as
    /// `["sendmail", "-t", "-i"]` does. Empty by default: nobody is written to.
    pub command: Vec<String>,
    /// The mail address of the operator. Default: `server.contact`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Whether the contact of a source is written to as well. Default: true.
    pub tell_contacts: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { command: Vec::new(), operator: None, tell_contacts: true }
    }
}
