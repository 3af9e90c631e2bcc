//! `kist load`: files into the register.

mod document;
mod files;
mod pieces;
mod survey;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

pub(super) use document::{Document, Place};
pub(super) use survey::Survey;

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
    let documents: Vec<Document> = files
        .into_iter()
        .map(|file| Document::named(&file.display().to_string(), Place::File(file)))
        .collect::<Result<_>>()?;
    let bar = progress::bar(documents.len() as u64, "reading files");
    let survey = Survey::of(&register, &documents, &mut || bar.inc(1))?;
    bar.finish_and_clear();
    tell("a link to nothing", &survey.dangling());
    tell("a category of another scheme", &survey.misplaced());
    tell("left out", survey.problems());
    let read = survey.len();
    let spinner = progress::spinner(format!("writing {read} records"));
    let applied = survey.apply(&mut |done| progress::show(&spinner, done));
    spinner.finish_and_clear();
    let (applied, contradictions) = applied?;
    tell("left out", &contradictions);
    let same = read - applied.written;
    line(format_args!(
        "{} records written, {same} were there already; the register is at revision {}",
        applied.written, applied.revision
    ))?;
    let untaken = survey.problems().len() + contradictions.len();
    if untaken > 0 {
        let parts = if untaken == 1 { "part of the files was" } else { "parts of the files were" };
        bail!("{untaken} {parts} not taken; see above");
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
