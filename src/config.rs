//! The configuration: the options of all modules, gathered from a file, the
//! environment and the command line.
//!
//! A later source overrides an earlier one. A setting that nobody knows is an
//! error, and the error names the nearest one. Options are defined beside the
//! module that needs them; here they are only brought together.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use toml::Table;
use toml::Value;

use crate::graph;
use crate::harvest;
use crate::record::Base;
use crate::telemetry;
use crate::web::admin;
use crate::web::admission;
use crate::web::kept;
use crate::web::rate;
use crate::web::serve;
use crate::web::tiles;

/// What a setting in the environment begins with: `KIST_SERVER__LISTEN` is
/// `listen` in the section `server`.
const PREFIX: &str = "KIST_";

/// The ends of the names of settings that are never shown.
const SECRET: &[&str] = &["secret", "password", "token", "key"];

/// All settings of the program.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the register is, for the world and on the disk.
    pub server: Server,
    /// Limits of connections.
    pub connections: serve::Options,
    /// How many requests of each class are answered at once.
    pub limits: admission::Options,
    /// What clients may ask.
    pub rates: rate::Options,
    /// How many answers are kept, and for how long.
    pub answers: kept::Options,
    /// What lists on other websites may show.
    pub embed: tiles::Options,
    /// How queries in SPARQL are run.
    pub sparql: graph::Options,
    /// How partners' sources are harvested.
    pub harvest: harvest::Options,
    /// The log.
    pub log: telemetry::Options,
}

/// Where the register is, for the world and on the disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// The folder of everything that the register keeps. Default `data` in
    /// the working folder.
    pub data: PathBuf,
    /// Where connections are accepted; port 0 takes a free one. Default
    /// `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Where measures are given without a token, besides at `/metrics` with
    /// one: an address, or `none`. Default `127.0.0.1:9090`.
    pub metrics_listen: admin::Place,
    /// The public address, from which all others are made, without a slash at
    /// its end. Default: `http://` and where connections are accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// How many bytes are kept free on the disk of the data: with less, nothing
    /// is written (507), and reading goes on; 0 writes while there is room.
    /// Default 2147483648.
    pub min_free_bytes: u64,
    /// The hosts that are served, with their ports if they have one; any when
    /// empty, which is the default.
    pub allowed_hosts: Vec<String>,
    /// Files in Turtle with shapes that add properties to the standard ones;
    /// none by default.
    pub shapes: Vec<PathBuf>,
    /// The mail address of who runs the register, for publishers who want to
    /// complain of its harvester. None by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The address of the WebSub hub that `/changes` names to subscribers.
    /// None by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hub: Option<String>,
    /// The address of the licence under which the register gives what its
    /// sources don't say another of. Default:
    /// `https://creativecommons.org/licenses/by/4.0/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: admin::Place::At(SocketAddr::from(([127, 0, 0, 1], 9090))),
            base_url: None,
            min_free_bytes: 2 * 1024 * 1024 * 1024,
            allowed_hosts: Vec::new(),
            shapes: Vec::new(),
            contact: None,
            hub: None,
            licence: None,
        }
    }
}

/// Why the settings can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file is not TOML.
    #[error("{origin}, line {line}: {message}")]
    Syntax {
        /// The name of the file.
        origin: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Nobody knows such a setting.
    #[error("{origin} sets `{name}`, which is not known{}", meant(.nearest.as_deref()))]
    Unknown {
        /// The file, variable or flag.
        origin: String,
        /// The name that is not known.
        name: String,
        /// The known name that is nearest.
        nearest: Option<String>,
    },
    /// The value is not of the kind that the setting has.
    #[error("{origin}: {message}")]
    Value {
        /// The file, variable or flag.
        origin: String,
        /// What is wrong.
        message: String,
    },
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

impl Config {
    /// Gathers the settings: the text of a `file` with its name, then the
    /// variables of the `environment` that begin with `KIST_`, then the
    /// `flags`, each a path such as `server.listen` and its value.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for the first setting that is not known or has a value
    /// that can't be.
    pub fn gather(
        file: Option<(&str, &str)>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: &[(&str, String)],
    ) -> Result<Self, ConfigError> {
        let config: Self = gather(file, environment, flags)?;
        config.check()?;
        Ok(config)
    }

    /// What can be told of single values only here: that a limit of nothing
    /// would serve nobody, and that the public address is one.
    fn check(&self) -> Result<(), ConfigError> {
        let of = |message: String| ConfigError::Value {
            origin: "the configuration".to_owned(),
            message,
        };
        let limits = [
            ("connections.max_connections", self.connections.max_connections),
            (
                "connections.max_connections_per_address",
                self.connections.max_connections_per_address,
            ),
            ("limits.memory", self.limits.memory),
            ("limits.store", self.limits.store),
            ("limits.sparql", self.limits.sparql),
            ("sparql.workers", self.sparql.workers),
        ];
        if let Some((name, _)) = limits.iter().find(|(_, most)| *most == 0) {
            return Err(of(format!("{name} = 0 would serve nobody")));
        }
        match self.server.base_url.as_deref().map(Base::new) {
            Some(Err(error)) => Err(of(format!("server.base_url: {error}"))),
            _ => Ok(()),
        }
    }

    /// The settings as a TOML file that sets the same, but for secrets.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut table = to_table(self);
        hide_secrets(&mut table);
        table.to_string()
    }
}

/// [`Config::gather`], for any set of options.
fn gather<T: Default + Serialize + DeserializeOwned>(
    file: Option<(&str, &str)>,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: &[(&str, String)],
) -> Result<T, ConfigError> {
    let mut table = to_table(&T::default());
    if let Some((origin, text)) = file {
        overlay(&mut table, read_file(origin, text)?);
        check::<T>(&table, origin)?;
    }
    let mut variables: Vec<(String, String)> =
        environment.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
    variables.sort();
    for (variable, text) in variables {
        let path = variable[PREFIX.len()..].to_ascii_lowercase().replace("__", ".");
        set(&mut table, &path, &text);
        check::<T>(&table, &variable)?;
    }
    for (path, text) in flags {
        set(&mut table, path, text);
        check::<T>(&table, &format!("the flag for {path}"))?;
    }
    check::<T>(&table, "the configuration")
}

fn to_table(options: &impl Serialize) -> Table {
    Table::try_from(options).expect("options are tables of plain values")
}

fn read_file(origin: &str, text: &str) -> Result<Table, ConfigError> {
    text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        let message = error.message().to_owned();
        ConfigError::Syntax { origin: origin.to_owned(), line, message }
    })
}

fn overlay(table: &mut Table, over: Table) {
    for (name, value) in over {
        match (table.get_mut(&name), value) {
            (Some(Value::Table(below)), Value::Table(above)) => overlay(below, above),
            (_, value) => {
                table.insert(name, value);
            }
        }
    }
}

/// Sets what is at `path`. The text is what the setting had before: text where
/// that was text, else whatever TOML reads in it.
fn set(table: &mut Table, path: &str, text: &str) {
    let Some((section, rest)) = path.split_once('.') else {
        let is_text = matches!(table.get(path), Some(Value::String(_)));
        let read = if is_text { None } else { read_value(text) };
        table.insert(path.to_owned(), read.unwrap_or_else(|| Value::String(text.to_owned())));
        return;
    };
    let below = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(below) = below {
        set(below, rest, text);
    }
}

fn read_value(text: &str) -> Option<Value> {
    format!("value = {text}").parse::<Table>().ok()?.remove("value")
}

fn check<T: DeserializeOwned>(table: &Table, origin: &str) -> Result<T, ConfigError> {
    table.clone().try_into().map_err(|error: toml::de::Error| {
        let origin = origin.to_owned();
        let message = error.message().lines().next().unwrap_or_default().to_owned();
        match unknown(&message) {
            Some((name, nearest)) => ConfigError::Unknown { origin, name, nearest },
            None => ConfigError::Value { origin, message },
        }
    })
}

/// What serde says of a field that is not known: its name, and the nearest
/// of the names that are.
fn unknown(message: &str) -> Option<(String, Option<String>)> {
    let quoted = message.strip_prefix("unknown field ")?;
    let mut names = quoted.split('`').skip(1).step_by(2);
    let name = names.next()?;
    let nearest = names
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .filter(|(near, _)| *near >= 0.7)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    Some((name.to_owned(), nearest.map(|(_, known)| known.to_owned())))
}

fn hide_secrets(table: &mut Table) {
    for (name, value) in table.iter_mut() {
        match value {
            Value::Table(below) => hide_secrets(below),
            value if SECRET.iter().any(|end| name.ends_with(end)) => {
                *value = Value::String("(hidden)".to_owned());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
