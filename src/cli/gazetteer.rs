//! `kist gazetteer`: the official files of postcodes, places and areas.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use reqwest::Client;
use url::Url;

use super::clock::now;
use super::output::{line, note};
use super::progress;
use super::seeds::ACTOR;
use super::settings::{self, Missing, Settings};
use crate::config::Config;
use crate::gazetteer::{self, Format, Gazetteer, fetch};
use crate::register::Register;

/// How long a connection to the downloads service may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// How long the service may send nothing.
const READ_TIMEOUT: Duration = Duration::from_mins(1);

/// Loads the official files of postcodes, places and areas
#[derive(Debug, Args)]
#[command(
    after_help = "Scotland's postcode sectors, places and areas come with the program. The official files
add whole postcodes: Code-Point Open, ONS Postcode Directory, Scottish Postcode Directory,
OS Open Names (each as CSV or zip), and boundaries as GeoJSON.

Examples:
  kist gazetteer fetch
  kist gazetteer load codepo_gb.zip
  kist gazetteer show"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Loads a file, which is recognised by what is in it
    #[command(after_help = "Examples:
  kist gazetteer load codepo_gb.zip
  kist gazetteer load --data /var/lib/kist SmallUser.csv")]
    Load {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        settings: Settings,
    },
    /// Downloads the current Code-Point Open and loads it
    #[command(after_help = "Examples:
  kist gazetteer fetch
  kist gazetteer fetch --data /var/lib/kist")]
    Fetch {
        /// The downloads service
        #[arg(long, default_value = fetch::BASE)]
        url: Url,
        #[command(flatten)]
        settings: Settings,
    },
    /// Tells what there is
    Show {
        #[command(flatten)]
        settings: Settings,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.task {
        Task::Load { file, settings } => {
            let config = settings::of_command(settings)?;
            let register = settings::open(&config, Missing::Made)?;
            load(&register, &config, file)
        }
        Task::Fetch { url, settings } => {
            let config = settings::of_command(settings)?;
            let register = settings::open(&config, Missing::Made)?;
            let downloads = config.server.data.join("downloads");
            let file = download(url, &downloads)?;
            let loaded = load(&register, &config, &file);
            // It can be fetched again, and takes much room.
            drop(std::fs::remove_file(&file));
            loaded
        }
        Task::Show { settings } => show(&settings::of_command(settings)?),
    }
}

fn load(register: &Register, config: &Config, file: &Path) -> Result<()> {
    let directory = settings::gazetteer_directory(&config.server.data);
    let bar = progress::bytes("loading");
    let report = gazetteer::load(&directory, file, &mut |progress| {
        bar.set_length(progress.total_bytes);
        bar.set_position(progress.bytes);
    });
    bar.finish_and_clear();
    let report = report?;
    for reason in &report.first_reasons {
        note(format_args!("warning: a row can't be read: {reason}"));
    }
    for member in &report.unknown_members {
        note(format_args!("warning: {member} is of no known form"));
    }
    register.replace_gazetteer(Gazetteer::open(&directory)?);
    if report.formats.contains(&Format::Boundaries) {
        // Which areas a record lies in stands in the index.
        let spinner = progress::spinner("sorting records into areas".to_owned());
        register.apply_places(ACTOR, now())?;
        register.rebuild(now(), &mut |_| {})?;
        spinner.finish_and_clear();
    }
    let formats: Vec<String> = report.formats.iter().map(ToString::to_string).collect();
    line(format_args!(
        "{}: {} rows taken, {} not wanted, {} could not be read",
        formats.join(", "),
        report.taken,
        report.left_out,
        report.skipped
    ))?;
    Ok(())
}

fn download(url: &Url, directory: &Path) -> Result<PathBuf> {
    // Another part of the program may have chosen it before.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder()
        .user_agent(concat!("kist/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .build()
        .context("no connection can be made")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let bar = progress::bytes("downloading");
    let file = runtime.block_on(fetch::fetch(&client, url, directory, &mut |bytes, total| {
        bar.set_length(total.unwrap_or(bytes));
        bar.set_position(bytes);
    }));
    bar.finish_and_clear();
    Ok(file?)
}

fn show(config: &Config) -> Result<()> {
    let directory = settings::gazetteer_directory(&config.server.data);
    let gazetteer = Gazetteer::open(&directory)?;
    let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
    for area in gazetteer.areas() {
        *levels.entry(area.level.as_str()).or_default() += 1;
    }
    line(format_args!("postcodes: {}", gazetteer.postcode_count()))?;
    line(format_args!("places: {}", gazetteer.places().len()))?;
    for (level, count) in levels {
        line(format_args!("areas, {level}: {count}"))?;
    }
    if gazetteer.postcode_count() == 0 {
        note(
            "Positions are those of postcode sectors; `kist gazetteer fetch` adds whole postcodes.",
        );
    }
    Ok(())
}
