//! Opening the register again, asking it, and changing one record.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, ensure};
use fastrand::Rng;
use jiff::tz::TimeZone;

use super::super::clock::now;
use super::super::seeds::ACTOR;
use super::load::{as_f64, megabytes};
use super::loopback::{EACH_ANEW, Server};
use super::measure::{Samples, memory, own_memory, peak_memory, processor_seconds};
use super::oracle::Points;
use super::questions::{self, SORTS, Sort};
use super::report::{Report, micros};
use super::world::{BLOCK, World};
use super::{Arguments, postgres};
use crate::gazetteer::Gazetteer;
use crate::record::Value;
use crate::register::{References, Register};

/// How many questions of each sort are asked.
const QUESTIONS: usize = 1_000;
/// How many are checked against brute force, or timed there.
const CHECKED: usize = 50;
/// How many records are changed.
const WRITES: u64 = 200;

pub(super) fn run(arguments: &Arguments, directory: &Path, report: &mut Report) -> Result<()> {
    let records = u64::from(arguments.records);
    drop(Gazetteer::embedded());
    let before = own_memory();
    let start = Instant::now();
    let register = Arc::new(super::open(directory)?);
    let opened = start.elapsed();
    let after = own_memory();
    report.part("restart")?;
    report.figure("to ready", opened.as_secs_f64(), "s")?;
    let per_record = |bytes: u64| as_f64(bytes) / as_f64(records);
    let grown = before.zip(after).map(|(before, after)| per_record(after.saturating_sub(before)));
    report.figure_if("memory, all of the register", grown, "bytes/record")?;
    let size = register.index().size();
    let index = size.record_bytes + size.point_bytes + size.facet_bytes + size.text_bytes;
    report.figure("memory, index by its own count", per_record(index), "bytes/record")?;
    report.figure("  of it entries", per_record(size.record_bytes), "bytes/record")?;
    report.figure("  of it points", per_record(size.point_bytes), "bytes/record")?;
    report.figure("  of it facets", per_record(size.facet_bytes), "bytes/record")?;
    report.figure("  of it words", per_record(size.text_bytes), "bytes/record")?;
    report.figure_if("memory of the process", memory().map(megabytes), "MB")?;

    let world = World::new(&register.gazetteer(), arguments.seed);
    let points = Points::of(&world, records, now().to_zoned(TimeZone::UTC).date());
    let radius = questions::draw(&register, &world, Sort::Radius, CHECKED);
    points.check(&register, &radius)?;
    let nearest = in_process(&register, &world, report)?;
    if arguments.http {
        over_http(&register, &world, report)?;
    }
    writes(&register, &world, records, report)?;
    baselines(arguments, &points, &register, &world, &nearest, report)?;
    report.part("process that was asked")?;
    report.figure_if("processor", processor_seconds(), "s")?;
    report.figure_if("peak memory", peak_memory().map(megabytes), "MB")?;
    Ok(())
}

/// What was measured in process of what baselines can do too.
struct Measured {
    nearest: Samples,
    radius: Samples,
}

fn in_process(register: &Register, world: &World, report: &mut Report) -> Result<Measured> {
    report.part("in process, one thread")?;
    let mut measured = Measured { nearest: Vec::new().into(), radius: Vec::new().into() };
    for (sort, name) in SORTS {
        let asked = questions::draw(register, world, *sort, QUESTIONS);
        let mut found = 0;
        let samples = Samples::take(&asked, |question| {
            found += register.index().search(&question.query)?.hits.len();
            anyhow::Ok(())
        })?;
        ensure!(found > 0, "{name}: nothing was found");
        report.latency(name, &samples)?;
        match sort {
            Sort::Nearest => measured.nearest = samples,
            Sort::Radius => measured.radius = samples,
            _ => {}
        }
    }
    let mut rng = Rng::with_seed(7);
    let postcodes: Vec<String> = (0..QUESTIONS).map(|_| world.postcode(&mut rng)).collect();
    let gazetteer = register.gazetteer();
    let samples = Samples::take(&postcodes, |postcode| gazetteer.resolve(postcode).map(drop))?;
    report.latency("resolve a postcode", &samples)?;
    let kinds = ["asset".to_owned()];
    let prefixes: Vec<String> =
        (0..QUESTIONS).map(|_| world.place(&mut rng).chars().take(4).collect()).collect();
    let samples = Samples::take(&prefixes, |prefix| register.suggest(prefix, &kinds, 8).map(drop))?;
    report.latency("suggest names by four letters", &samples)?;
    Ok(measured)
}

fn over_http(register: &Arc<Register>, world: &World, report: &mut Report) -> Result<()> {
    report.part("over HTTP, one connection")?;
    let server = Server::start(register, EACH_ANEW)?;
    let mut client = server.client()?;
    let alive = vec![(); QUESTIONS];
    let samples = Samples::take(&alive, |()| client.get("/healthz").map(drop))?;
    report.latency("nothing (/healthz)", &samples)?;
    for (sort, name) in SORTS {
        let asked = questions::draw(register, world, *sort, QUESTIONS);
        let samples = Samples::take(&asked, |question| client.get(&question.path).map(drop))?;
        report.latency(name, &samples)?;
    }
    Ok(())
}

/// Changes a record at a time; each change is on the disk when it is timed.
fn writes(register: &Register, world: &World, records: u64, report: &mut Report) -> Result<()> {
    report.part("writing")?;
    let mut rng = Rng::with_seed(11);
    let mut numbers = Vec::new();
    while (numbers.len() as u64) < WRITES {
        let number = rng.u64(0..records);
        if !number.is_multiple_of(BLOCK) {
            numbers.push(number);
        }
    }
    let samples = Samples::take(&numbers, |number| {
        let mut edit = world.edit(*number);
        if let Some(record) = &mut edit.record {
            let changed = Value::Text(format!("0131 496 {:04}", rng.u16(1_000..10_000)));
            record.fields.insert("telephone".to_owned(), vec![changed]);
        }
        register.apply(vec![edit], References::Checked, ACTOR, now()).map(drop)
    })?;
    report.latency("one record, durable and findable", &samples)?;
    Ok(())
}

fn baselines(
    arguments: &Arguments,
    points: &Points,
    register: &Register,
    world: &World,
    measured: &Measured,
    report: &mut Report,
) -> Result<()> {
    report.part("baselines")?;
    let asked = questions::draw(register, world, Sort::Nearest, CHECKED);
    let samples = Samples::take(&asked, |question| {
        ensure!(!points.nearest(question.point, 20).is_empty(), "there are no points");
        anyhow::Ok(())
    })?;
    let half = |samples: &Samples| micros(samples.percentile(50));
    report.latency("brute force, nearest 20", &samples)?;
    report.figure("  times ours", half(&samples) / half(&measured.nearest), "")?;
    let Some(url) = &arguments.postgres else { return Ok(()) };
    let asked = questions::draw(register, world, Sort::Nearest, QUESTIONS);
    let took = postgres::ask(url, points, &asked)?;
    let rows = [
        ("PostGIS, nearest 20", &took.nearest, &measured.nearest),
        ("PostGIS, 2 km, without their number", &took.within, &measured.radius),
        ("PostGIS, 2 km, with their number", &took.page, &measured.radius),
    ];
    for (name, theirs, ours) in rows {
        for (from, theirs) in [("in its process", &theirs.inside), ("from psql", &theirs.client)] {
            report.latency(&format!("{name}, {from}"), theirs)?;
            report.figure("  times ours", half(theirs) / half(ours), "")?;
        }
    }
    report.figure(&took.version, 1.0, "")?;
    Ok(())
}
