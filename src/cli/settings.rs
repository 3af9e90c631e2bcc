//! Settings, and the register that they name.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use super::clock::now;
use super::failure::WrongUse;
use super::seeds;
use crate::config::Config;
use crate::gazetteer;
use crate::journal;
use crate::record::Base;
use crate::register::{Place, Register};
use crate::schema::Schema;
use crate::telemetry;
use crate::web::check_paths;

/// Names the file of settings, where no flag does.
const FILE_VARIABLE: &str = "KIST_CONFIG";
/// The file of settings in the working folder, where nothing names another.
const USUAL_FILE: &str = "kist.toml";

/// Where the register is.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Settings {
    /// File of settings in TOML [default: kist.toml, when it is there]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Folder of everything that the register keeps [default: data]
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// Public address, with which all others begin; with another one than before graph and index are made again
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// Turtle file with shapes that add properties; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) shapes: Vec<PathBuf>,
}

/// What to do when there is no register yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Make a new one.
    Made,
    /// Say so: a directory that was mistyped shall not be made.
    Refused,
}

impl Settings {
    /// All settings: file, then environment, then flags, these ones before
    /// `more`.
    ///
    /// # Errors
    ///
    /// When the file can't be read, or a setting can't be.
    pub(super) fn gather(&self, more: &[(&str, String)]) -> Result<Config> {
        let file = self.file()?;
        let file = file.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
        let environment = env::vars_os()
            .filter(|(name, _)| name != FILE_VARIABLE)
            .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)));
        let mut flags = Vec::new();
        if let Some(data) = &self.data {
            flags.push(("server.data", text_of("--data", data.as_os_str())?));
        }
        if let Some(base_url) = &self.base_url {
            flags.push(("server.base_url", base_url.clone()));
        }
        if !self.shapes.is_empty() {
            let texts = self.shapes.iter().map(|path| text_of("--shapes", path.as_os_str()));
            let texts = texts.collect::<Result<Vec<_>>>()?;
            flags.push(("server.shapes", toml::Value::from(texts).to_string()));
        }
        flags.extend_from_slice(more);
        Ok(Config::gather(file, environment, &flags)?)
    }

    /// The name and text of the file of settings.
    fn file(&self) -> Result<Option<(String, String)>> {
        let variable = env::var_os(FILE_VARIABLE).map(PathBuf::from);
        let (path, is_asked_for) = match self.config.clone().or(variable) {
            Some(path) => (path, true),
            None => (PathBuf::from(USUAL_FILE), false),
        };
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some((path.display().to_string(), text))),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_asked_for => Ok(None),
            Err(error) => Err(WrongUse(format!(
                "the settings in `{}` can't be read: {error}",
                path.display()
            ))
            .into()),
        }
    }
}

/// The settings of one command that uses the data directory, and its log.
///
/// # Errors
///
/// As [`Settings::gather`], and when the log can't begin.
pub(super) fn of_command(settings: &Settings) -> Result<Config> {
    let config = settings.gather(&[])?;
    let mut log = config.log.clone();
    if log == telemetry::Options::default() {
        // Beside a progress bar, only what is amiss is told.
        "warn".clone_into(&mut log.filter);
    }
    telemetry::begin(&log)?;
    Ok(config)
}

/// Opens the register in the data directory.
///
/// Without a public address in the settings, it keeps the one with which it
/// was last opened.
///
/// # Errors
///
/// When there is none and that is refused; when it is in use, not writable,
/// newer or damaged.
pub(super) fn open(config: &Config, missing: Missing) -> Result<Register> {
    let directory = &config.server.data;
    if missing == Missing::Refused {
        expect_register(directory)?;
    }
    let base = match &config.server.base_url {
        Some(address) => address.clone(),
        None => Register::address_in(directory)
            .unwrap_or_default()
            .unwrap_or_else(|| format!("http://{}", config.server.listen)),
    };
    open_at(config, &Base::new(&base)?, Place::Directory(directory))
}

/// Refuses a directory without a register.
///
/// # Errors
///
/// [`WrongUse`] then.
pub(super) fn expect_register(directory: &Path) -> Result<()> {
    if directory.join(journal::FILE).exists() {
        return Ok(());
    }
    let directory = directory.display();
    Err(WrongUse(format!(
        "there is no register in `{directory}`; name another directory with --data DIR, or make \
         one with `kist serve --seed` or `kist load`"
    ))
    .into())
}

/// Opens the register at `place` under the address `base`. A new one gets the
/// places and categories that come with the program.
///
/// # Errors
///
/// As [`open`].
pub(super) fn open_at(config: &Config, base: &Base, place: Place<'_>) -> Result<Register> {
    let schema = schema(&config.server.shapes)?;
    let register = Register::open(schema, base.clone(), place, now())?;
    register.keep_free(config.server.min_free_bytes);
    seeds::furnish(&register)?;
    Ok(register)
}

/// The schema with the shapes of the operator's `files`.
///
/// # Errors
///
/// When a file can't be read or used.
pub(super) fn schema(files: &[PathBuf]) -> Result<Schema> {
    let read = |file: &PathBuf| {
        fs::read_to_string(file).map_err(|error| {
            WrongUse(format!("the shapes in `{}` can't be read: {error}", file.display()))
        })
    };
    let texts = files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let names = files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>();
    let unusable = || format!("the shapes of {} can't be used", names.join(", "));
    let schema = Schema::with_additions(&texts).with_context(unusable)?;
    check_paths(&schema).map_err(|error| WrongUse(error.to_string())).with_context(unusable)?;
    Ok(schema)
}

/// Where the files that the gazetteer was loaded from are kept.
pub(super) fn gazetteer_directory(data: &Path) -> PathBuf {
    data.join(gazetteer::FOLDER)
}

fn text_of(flag: &str, text: &OsStr) -> Result<String> {
    let text = text.to_str().ok_or_else(|| WrongUse(format!("{flag} is not UTF-8")))?;
    Ok(text.to_owned())
}
