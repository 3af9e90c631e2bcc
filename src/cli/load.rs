//! `kist load`: files into the register.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::documents::{Document, Gathered};
use super::files;
use super::output::{line, note};
use super::progress;
use super::settings::{self, Missing, Settings};

/// The most warnings of one sort that are told.
const MOST_TOLD: usize = 20;

/// Loads records from files and folders, all in one change
#[derive(Debug, Args)]
#[command(after_help = "Takes Turtle (.ttl), TriG (.trig), N-Quads (.nq), N-Triples (.nt),
RDF/XML (.rdf .xml .owl), JSON-LD (.jsonld) and JSON (.json), each also as .gz;
of a folder all of these, by name. Loading the same again writes nothing.

Examples:
  kist load seeds/
  kist load --data /var/lib/kist organisations.ttl assets.json
  kist load dump.nq.gz")]
pub(super) struct Arguments {
    /// What to load
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let files = files::find(&arguments.paths)?;
    let config = settings::of_command(&arguments.settings)?;
    let register = settings::open(&config, Missing::Made)?;
    let mut gathered = Gathered::default();
    let bar = progress::bar(files.len() as u64, "reading files");
    for file in &files {
        let name = file.display().to_string();
        let bytes = fs::read(file).with_context(|| format!("`{name}` can't be read"))?;
        gathered.read(&register, &Document::named(&name, bytes)?)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    gathered.keep_last();
    let dangling = gathered.dangling(&register);
    tell("a link to nothing", &dangling);
    let problems = std::mem::take(&mut gathered.problems);
    tell("left out", &problems);
    let read = gathered.len();
    let spinner = progress::spinner(format!("writing {read} records"));
    let applied = gathered.apply(&register, &mut |done| progress::show(&spinner, done));
    spinner.finish_and_clear();
    let applied = applied?;
    let same = read - applied.written;
    line(format_args!(
        "{} records written, {same} were there already; the register is at revision {}",
        applied.written, applied.revision
    ))?;
    if !problems.is_empty() {
        bail!("{} parts of the files were not taken; see above", problems.len());
    }
    Ok(())
}

fn tell(sort: &str, warnings: &[String]) {
    for warning in warnings.iter().take(MOST_TOLD) {
        note(format_args!("warning: {sort}: {warning}"));
    }
    if warnings.len() > MOST_TOLD {
        note(format_args!("warning: {sort}: and {} more", warnings.len() - MOST_TOLD));
    }
}
