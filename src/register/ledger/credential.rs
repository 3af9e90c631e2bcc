//! By what a source lets us in: a name of a secret, never the secret.

use serde::{Deserialize, Serialize};

use super::{Row, Table};

/// A header with a secret that is sent with the requests to a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// The name of the header, such as `Authorization`.
    pub header: String,
    /// Where the value is.
    pub from: SecretFrom,
    /// The host, with its port if it has one, that it is sent to. Whoever
    /// changes the address of the source to another host gets no secret.
    pub host: String,
}

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretFrom {
    /// In the variable of the environment with this name.
    Env(String),
    /// In the file with this path, without the white space around it.
    File(String),
}

impl std::fmt::Display for SecretFrom {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Env(name) => write!(formatter, "the variable {name}"),
            Self::File(path) => write!(formatter, "the file {path}"),
        }
    }
}

impl Credential {
    /// The key of a header of a source.
    #[must_use]
    pub fn key(source: &str, header: &str) -> String {
        format!("{source}\n{}", header.to_ascii_lowercase())
    }
}

impl Row for Credential {
    const TABLE: Table = Table::Credential;
}
