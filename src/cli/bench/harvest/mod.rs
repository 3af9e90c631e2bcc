//! `kist bench harvest`: how quickly a publisher on this machine is harvested.
//!
//! What was written is counted and compared with what was published before a
//! figure is given.

mod asking;
mod documents;
mod links;
mod publisher;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::runtime::{Handle, Runtime};

use self::asking::Asker;
use self::documents::{Documents, PER_PAGE, PER_SITE};
use super::load::{as_f64, megabytes};
use super::measure::{peak_memory, processor_seconds};
use super::report::{Form, Report};
use super::world::World;
use crate::cli::clock::now;
use crate::harvest::fetch::{self, Addresses, Fetcher, Pace, Resolver};
use crate::harvest::{Harvester, Options, schedule};
use crate::private;
use crate::record::{FromJson, RecordId, from_json};
use crate::register::ledger::{Outcome, Run, RunKind, Trigger};
use crate::register::{Edit, References, Register};

/// Why nothing can be measured.
const NO_THREADS: &str = "the system gives no threads";
/// How many sites are harvested at once.
const SITES_AT_ONCE: usize = 8;

/// Harvests a publisher on this machine and measures it
#[derive(Debug, Args)]
#[command(after_help = "Counts are compared with what is published before a figure is given.

Examples:
  kist bench harvest
  kist bench harvest --pages 1000 --items 10000 --sites 10 --links 10000")]
pub(super) struct Arguments {
    /// Pages of an Open Referral listing, of ten services each
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    pages: u64,
    /// Items of an RPDE feed, each tenth of them deleted
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    items: u64,
    /// Web sites of a hundred pages each
    #[arg(long, default_value_t = 100, value_name = "N")]
    sites: u64,
    /// Links to be checked, a hundred of each host
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    links: u64,
    /// Writes each figure as a line of JSON
    #[arg(long)]
    json: bool,
}

/// All hosts are this machine.
#[derive(Debug)]
struct Everywhere;

impl Resolver for Everywhere {
    fn resolve<'a>(&'a self, _host: &'a str) -> Addresses<'a> {
        Box::pin(async { io::Result::Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) })
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let form = if arguments.json { Form::Json } else { Form::Table };
    let mut report = Report::new(form);
    let runtime = Runtime::new().context(NO_THREADS)?;
    let harvesting = schedule::runtime().context(NO_THREADS)?;
    let folder = private::passing()?;
    runtime.block_on(all(arguments, folder.path(), harvesting.handle(), &mut report))
}

async fn all(
    arguments: &Arguments,
    folder: &std::path::Path,
    harvesting: &Handle,
    report: &mut Report,
) -> Result<()> {
    let register = Arc::new(super::open(folder)?);
    let documents = Arc::new(Documents {
        world: World::new(&register.gazetteer(), 1),
        pages: arguments.pages,
        items: arguments.items,
        changed: AtomicU64::new(0),
    });
    let address = publisher::serve(Arc::clone(&documents)).await?;
    let bench = Bench::new(register, address, arguments.sites, harvesting.clone())?;
    bench.listing(arguments, &documents, report).await?;
    bench.feed(arguments, report).await?;
    asking::undisturbed(&bench.register, Duration::from_secs(10), report)?;
    bench.sites(arguments, report).await?;
    links::measure(&bench.register, arguments.links, report).await?;
    bench.duplicates(report)?;
    report.figure_if("peak memory", peak_memory().map(megabytes), "MB")?;
    Ok(())
}

/// A register, and a harvester that finds every host on this machine.
struct Bench {
    register: Arc<Register>,
    harvester: Arc<Harvester>,
    /// Where it works.
    harvesting: Handle,
    port: u16,
}

impl Bench {
    fn new(
        register: Arc<Register>,
        address: SocketAddr,
        sites: u64,
        harvesting: Handle,
    ) -> Result<Self> {
        let at_once = Pace { in_flight: 64, delay: Duration::ZERO };
        let mut hosts = vec![format!("partner.example:{}", address.port())];
        hosts.extend((0..sites).map(|site| format!("site-{site}.example:{}", address.port())));
        let fetching = fetch::Options {
            allowed_hosts: hosts,
            pace: at_once,
            address_pace: at_once,
            max_in_flight: 64,
            ..fetch::Options::default()
        };
        let fetcher = Fetcher::with(fetching.clone(), 1, Arc::new(Everywhere), Vec::new())?;
        let options = Options { fetch: fetching, ..Options::default() };
        let harvester =
            Harvester::new(Arc::clone(&register), fetcher, options, now, "bench".to_owned());
        let harvester = Arc::new(harvester);
        Ok(Self { register, harvester, harvesting, port: address.port() })
    }

    fn add(&self, id: &str, host: &str, path: &str, format: &str) -> Result<()> {
        let url = format!("http://{host}:{}{path}", self.port);
        let json = json!({ "name": id, "url": url, "format": format, "harvesting": "active",
            "licence": "https://creativecommons.org/licenses/by/4.0/" });
        let schema = self.register.schema();
        let id = RecordId::new("source", id)?;
        let kind = schema.kind("source").context("the shapes have sources")?;
        let context = FromJson { schema, base: self.register.base(), keys_of: None };
        let record = from_json(context, kind, Some(&id), &json)
            .map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
        let edit = Edit {
            source: "local".to_owned(),
            id,
            record: Some(record),
            original: None,
            expected: None,
            derivation: None,
        };
        self.register.apply(vec![edit], References::Kept, "bench", now())?;
        Ok(())
    }

    async fn harvest(&self, source: &str) -> Result<(Run, Duration)> {
        let begun = Instant::now();
        let (harvester, name) = (Arc::clone(&self.harvester), source.to_owned());
        // In the background, on a thread of its own, as the schedule does.
        let run = self.harvesting.spawn_blocking(move || {
            let run = harvester.run(&name, RunKind::Harvest, Trigger::Manual, &|_| {});
            Handle::current().block_on(run)
        });
        let run = run.await??;
        let taken = begun.elapsed();
        let is_well = run.outcome.is_some_and(|outcome| {
            matches!(outcome, Outcome::Ok | Outcome::OkWithErrors | Outcome::Unchanged)
        });
        ensure!(run.broken == 0 && is_well, "{source}: {:?} {:?}", run.outcome, run.reason);
        Ok((run, taken))
    }

    async fn listing(
        &self,
        arguments: &Arguments,
        documents: &Documents,
        report: &mut Report,
    ) -> Result<()> {
        let services = arguments.pages * PER_PAGE;
        report.part("open-referral")?;
        report.figure("services", as_f64(services), "")?;
        self.add("listing", "partner.example", "/services", "open-referral")?;
        let asker = Asker::start(&self.register);
        let (run, taken) = self.harvest("listing").await?;
        let organisations = services.div_ceil(20);
        let expected = services + organisations;
        ensure!(run.counts.created == expected, "{:?} instead of {expected}", run.counts);
        ensure!(self.register.index().size().records >= expected, "not all are searchable");
        report.figure("first time", taken.as_secs_f64(), "s")?;
        asker.end("meanwhile", report)?;
        report.figure_if("processor so far", processor_seconds(), "s")?;
        report.figure_if("peak memory so far", peak_memory().map(megabytes), "MB")?;
        let before = self.register.newest()?;
        let (run, taken) = self.harvest("listing").await?;
        ensure!(run.counts.unchanged == expected, "{:?}", run.counts);
        ensure!(self.register.newest()? == before, "something was written");
        report.figure("unchanged", taken.as_secs_f64(), "s")?;
        documents.changed.store(100, Ordering::Relaxed);
        let (run, taken) = self.harvest("listing").await?;
        ensure!(run.counts.changed == services.div_ceil(100), "{:?}", run.counts);
        report.figure("one in a hundred changed", taken.as_secs_f64(), "s")?;
        Ok(())
    }

    async fn feed(&self, arguments: &Arguments, report: &mut Report) -> Result<()> {
        report.part("rpde")?;
        report.figure("items", as_f64(arguments.items), "")?;
        self.add("feed", "partner.example", "/rpde", "rpde")?;
        let (before, asker) = (processor_seconds(), Asker::start(&self.register));
        let (run, taken) = self.harvest("feed").await?;
        let deleted = arguments.items / 10;
        ensure!(run.counts.created == arguments.items - deleted, "{:?}", run.counts);
        report.figure("first time", taken.as_secs_f64(), "s")?;
        asker.end("meanwhile", report)?;
        let used = processor_seconds().zip(before).map(|(after, before)| after - before);
        report.figure_if("processor", used, "s")?;
        report.figure_if("peak memory so far", peak_memory().map(megabytes), "MB")?;
        let (run, taken) = self.harvest("feed").await?;
        ensure!(run.counts.seen == 0, "{:?}", run.counts);
        report.figure("at its end", taken.as_secs_f64(), "s")?;
        Ok(())
    }

    async fn sites(&self, arguments: &Arguments, report: &mut Report) -> Result<()> {
        report.part("html")?;
        let names: Vec<String> = (0..arguments.sites).map(|site| format!("site-{site}")).collect();
        for name in &names {
            self.add(name, &format!("{name}.example"), "/sitemap.xml", "sitemap")?;
        }
        let begun = Instant::now();
        let runs = futures_util::stream::iter(&names).map(|name| self.harvest(name));
        let runs: Vec<Result<(Run, Duration)>> =
            runs.buffer_unordered(SITES_AT_ONCE).collect().await;
        let taken = begun.elapsed();
        for run in runs {
            let (run, _) = run?;
            ensure!(run.counts.created == PER_SITE, "{:?}", run.counts);
        }
        let pages = as_f64(arguments.sites * PER_SITE);
        report.figure("pages", pages, "")?;
        report.figure("pages a second", pages / taken.as_secs_f64(), "")?;
        Ok(())
    }

    fn duplicates(&self, report: &mut Report) -> Result<()> {
        report.part("matching")?;
        let begun = Instant::now();
        let found = self.harvester.find_duplicates()?;
        report.figure("records", as_f64(found.records as u64), "")?;
        report.figure("all against all", begun.elapsed().as_secs_f64(), "s")?;
        Ok(())
    }
}
