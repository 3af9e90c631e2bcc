//! `kist token`: who may write.

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand, ValueEnum};
use jiff::{Span, Timestamp, tz::TimeZone};

use super::clock::now;
use super::failure::WrongUse;
use super::output::{line, note};
use super::settings::{self, Settings};
use crate::config::Config;
use crate::journal::{self, Beside, TokenStore as _};
use crate::register::{OpenError, create_token};

/// Makes, lists and takes back access tokens
#[derive(Debug, Args)]
#[command(
    after_help = "The register must be there: `kist serve` or `kist load` makes it. A running server knows of it at once.

Examples:
  kist token create --label \"Leith harvest\" --scope write --expires 90d
  kist token list
  kist token revoke 3f9a1c0b7d2e4a58"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Makes a token and prints it, this once
    #[command(after_help = "Examples:
  kist token create --label \"Leith harvest\" --scope write --expires 90d
  kist token create --label \"Operator\" --scope admin --data /var/lib/kist")]
    Create {
        /// What it is for; shown in histories, so nothing personal
        #[arg(long)]
        label: String,
        /// What it allows
        #[arg(long, value_enum)]
        scope: Scope,
        /// How long it is good, such as 90d or 1y [default: for ever]
        #[arg(long, value_name = "TIME")]
        expires: Option<Span>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Lists the tokens, without their secrets
    List {
        #[command(flatten)]
        settings: Settings,
    },
    /// Takes a token back
    Revoke {
        /// Its public part, as `list` shows it
        id: String,
        #[command(flatten)]
        settings: Settings,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Scope {
    /// To read, with higher limits
    Read,
    /// To write records
    Write,
    /// To do everything
    Admin,
}

impl From<Scope> for journal::Scope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Read => Self::Read,
            Scope::Write => Self::Write,
            Scope::Admin => Self::Admin,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.task {
        Task::Create { label, scope, expires, settings } => {
            create(label, *scope, expires.as_ref(), settings)
        }
        Task::List { settings } => list(settings),
        Task::Revoke { id, settings } => revoke(id, settings),
    }
}

fn create(label: &str, scope: Scope, expires: Option<&Span>, settings: &Settings) -> Result<()> {
    if label.trim().is_empty() {
        return Err(WrongUse("the label says nothing; say what the token is for".to_owned()).into());
    }
    let now = now();
    let expires = expires.map(|span| end(now, *span)).transpose()?;
    let config = settings::of_command(settings)?;
    let tokens = tokens_of(&config)?;
    let token = create_token(&tokens, label.trim(), scope.into(), expires, now, random()?)?;
    line(&token.secret)?;
    note(format_args!("Keep it now: it can't be shown again. Its id is {}.", token.id));
    Ok(())
}

fn list(settings: &Settings) -> Result<()> {
    let config = settings::of_command(settings)?;
    let now = now();
    for token in tokens_of(&config)?.tokens()? {
        let until = match token.expires {
            _ if token.revoked => "revoked".to_owned(),
            Some(end) if end <= now => format!("ended {}", day(end)),
            Some(end) => format!("until {}", day(end)),
            None => "for ever".to_owned(),
        };
        let (id, scope, made) = (&token.id, token.scope.name(), day(token.created));
        line(format_args!("{id}  {scope:<5}  made {made}  {until:<16}  {}", token.label))?;
    }
    Ok(())
}

fn revoke(id: &str, settings: &Settings) -> Result<()> {
    let config = settings::of_command(settings)?;
    anyhow::ensure!(
        tokens_of(&config)?.revoke_token(id)?,
        "there is no token `{id}`; `kist token list` shows those that there are"
    );
    note(format_args!("The token {id} is good no more."));
    Ok(())
}

/// The tokens of the register, which a server may have open.
fn tokens_of(config: &Config) -> Result<Beside> {
    settings::expect_register(&config.server.data)?;
    Ok(Beside::open(&config.server.data).map_err(OpenError::from)?)
}

/// The end of a time that begins at `now`; days are those of the world's time.
fn end(now: Timestamp, span: Span) -> Result<Timestamp> {
    let wrong = || WrongUse(format!("a token can't be good for `{span}`"));
    if !span.is_positive() {
        return Err(wrong().into());
    }
    let end = now.to_zoned(TimeZone::UTC).checked_add(span).map_err(|_| wrong())?;
    Ok(end.timestamp())
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// Bytes that nobody can guess.
fn random() -> Result<[u8; 40]> {
    let mut bytes = [0; 40];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .ok()
        .context("the system gives no random bytes")?;
    Ok(bytes)
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
