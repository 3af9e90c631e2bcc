//! `kist bench faces`: how quickly each face answers what is likeliest, held
//! against the same answers lying ready under the same stack.
//!
//! A face that the program doesn't have is passed over. What is measured was
//! answered with 200 before, and an answer to who has it already with 304. The
//! three that are held against each other take turns, so that what else the
//! machine does falls on all of them.

mod drive;
mod requests;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use bytes::Bytes;
use clap::Args;

use self::drive::{Driven, Target, drive};
use self::requests::{Asked, FACES, likeliest};
use super::loopback::{EACH_ANEW, Server};
use super::report::{Form, Report};
use super::world::World;
use super::{Folder, load};
use crate::web::fixed::Fixed;
use crate::web::kept;

/// How often the three take turns.
const TURNS: usize = 10;

/// Measures each face against its own answers lying ready
#[derive(Debug, Args)]
#[command(
    after_help = "Rates are of four connections on this machine, which it shares with the server.

Examples:
  kist bench faces
  kist bench faces --records 10000 --rounds 5"
)]
pub(super) struct Arguments {
    /// How many records the register has
    #[arg(long, default_value_t = 100_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1_000..=10_000_000))]
    records: u32,
    /// How often each of twenty requests is made on each connection
    #[arg(long, default_value_t = 1_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rounds: u32,
    /// Where to make the register; the folder must not be there [default: one for temporary files]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Leaves the register there
    #[arg(long)]
    keep: bool,
    /// Makes another register for each number
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    seed: u64,
    /// Writes each figure as a line of JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let form = if arguments.json { Form::Json } else { Form::Table };
    let mut report = Report::new(form);
    let world = super::Arguments {
        what: None,
        records: arguments.records,
        data: arguments.data.clone(),
        keep: arguments.keep,
        http: false,
        postgres: None,
        seed: arguments.seed,
        json: arguments.json,
        again: false,
    };
    let folder = Folder::new(&world)?;
    load::run(&world, &folder.path, &mut report)?;
    let register = Arc::new(super::open(&folder.path)?);
    let asked = likeliest(&World::new(&register.gazetteer(), arguments.seed), arguments.seed);
    let servers = Servers {
        usual: Server::start(&register, kept::Options::default())?,
        anew: Server::start(&register, EACH_ANEW)?,
    };
    let rounds = usize::try_from(arguments.rounds)?;
    for (name, target) in FACES {
        measure(&servers, name, &targets(&asked, *target), rounds, &mut report)?;
    }
    Ok(())
}

fn targets(asked: &[Asked], target: fn(&Asked) -> String) -> Vec<String> {
    asked.iter().map(target).collect()
}

/// The register behind HTTP: as it is by default, and without answers that are
/// kept.
struct Servers {
    usual: Server,
    anew: Server,
}

/// Measures one face: its answers, the same lying ready, and who has them.
fn measure(
    servers: &Servers,
    name: &'static str,
    paths: &[String],
    rounds: usize,
    report: &mut Report,
) -> Result<()> {
    report.part(name)?;
    let Some(answers) = answers(&servers.anew, paths)? else {
        report.figure("not a face of this program", 0.0, "")?;
        return Ok(());
    };
    let asking = |has: fn(&Answer) -> Option<String>| -> Vec<Target> {
        answers.iter().map(|it| Target { path: it.fixed.target.clone(), has: has(it) }).collect()
    };
    let fixed = Server::fixed(answers.iter().map(|answer| answer.fixed.clone()).collect())?;
    let (unknown, known) = (asking(|_| None), asking(|answer| answer.tag.clone()));
    let has_tags = known.iter().all(|target| target.has.is_some());
    let anew = drive(&servers.anew, &unknown, rounds.div_ceil(50))?;
    let [mut live, mut ready, mut again] = [(); 3].map(|()| Driven::default());
    for _ in 0..TURNS {
        let rounds = rounds.div_ceil(TURNS);
        live.add(drive(&servers.usual, &unknown, rounds)?);
        ready.add(drive(&fixed, &unknown, rounds)?);
        if has_tags {
            again.add(drive(&servers.usual, &known, rounds)?);
        }
    }
    tell(report, "each made anew", &anew)?;
    tell(report, "answers", &live)?;
    tell(report, "the same lying ready", &ready)?;
    report.figure("  share of that", live.per_second() / ready.per_second(), "")?;
    if has_tags {
        tell(report, "who has them already (304)", &again)?;
        report.figure("  share of that", again.per_second() / ready.per_second(), "")?;
    }
    Ok(())
}

fn tell(report: &Report, what: &str, driven: &Driven) -> Result<()> {
    report.figure(what, driven.per_second(), "requests/s")?;
    report.latency("  each", &driven.to_samples())?;
    Ok(())
}

/// An answer, as it will lie ready.
struct Answer {
    fixed: Fixed,
    tag: Option<String>,
}

/// The answers of a face; `None` when the first is 404.
fn answers(server: &Server, paths: &[String]) -> Result<Option<Vec<Answer>>> {
    let mut client = server.client()?;
    let mut answers = Vec::with_capacity(paths.len());
    for path in paths {
        let reply = client.ask(path, "*/*", None)?;
        match reply.status {
            200 => {}
            404 if answers.is_empty() => return Ok(None),
            status => bail!("{path} gave {status}"),
        }
        let (tag, content_type) = (reply.tag, reply.content_type.unwrap_or_default());
        let body = Bytes::copy_from_slice(client.body());
        answers.push(Answer { fixed: Fixed { target: path.clone(), content_type, body }, tag });
    }
    Ok(Some(answers))
}
