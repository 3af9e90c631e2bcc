//! `kist serve`: the register on the web.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::clock::now;
use super::harvest;
use super::output::{line, note};
use super::seeds;
use super::settings::{self, Settings};
use crate::config::Config;
use crate::graph::Pool;
use crate::harvest::schedule::{self, Schedule};
use crate::private;
use crate::record::Base;
use crate::register::{Place, Register};
use crate::telemetry;
use crate::web;
use crate::web::admin;
use crate::web::layers::Surroundings;
use crate::web::serve::{End, serve_counted};
use crate::web::state::{App, AppState, Identity};
use crate::web::stop::Stop;

/// Why it can't begin.
const NO_THREADS: &str = "the system gives no threads";

/// How long the end waits for what is being written.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Serves the register: pages, JSON, linked data and SPARQL
#[derive(Debug, Args)]
#[command(
    after_help = "The first line of the output is the address to open. Ctrl-C ends it orderly, twice at once.

Examples:
  kist serve --seed
  kist serve --memory --seed --listen 127.0.0.1:0
  kist serve --data /var/lib/kist --listen 0.0.0.0:8080 --base-url https://kist.example"
)]
pub(super) struct Arguments {
    /// Keeps everything in memory: it is gone when the server ends
    #[arg(long, conflicts_with = "data")]
    memory: bool,
    /// Where to accept connections; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Where measures are given without a token, or `none` [default: 127.0.0.1:9090]
    #[arg(long, value_name = "ADDRESS")]
    metrics_listen: Option<admin::Place>,
    /// Loads the data that come with the program, when there are none yet
    #[arg(long)]
    seed: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let mut flags = Vec::new();
    flags.extend(arguments.listen.map(|listen| ("server.listen", listen.to_string())));
    let metrics = arguments.metrics_listen;
    flags.extend(metrics.map(|place| ("server.metrics_listen", place.to_string())));
    let config = arguments.settings.gather(&flags)?;
    telemetry::begin(&config.log)?;
    let runtime = Runtime::new().context(NO_THREADS)?;
    let harvesting = schedule::runtime().context(NO_THREADS)?;
    // Before the register is opened: a port that is taken is told at once.
    let listener =
        runtime.block_on(TcpListener::bind(config.server.listen)).with_context(|| {
            format!(
                "no connections can be accepted at {}; try --listen 127.0.0.1:0",
                config.server.listen
            )
        })?;
    let measures = runtime.block_on(admin::listen(config.server.metrics_listen));
    let own = address(listener.local_addr()?);
    let base = Base::new(config.server.base_url.as_deref().unwrap_or(&own))?;
    let place =
        if arguments.memory { Place::Memory } else { Place::Directory(&config.server.data) };
    let register = Arc::new(settings::open_at(&config, &base, place)?);
    if arguments.seed
        && let Some(planted) = seeds::plant(&register)?
    {
        tracing::info!(records = planted.written, "the seeds are loaded");
    }
    // Where the copies of the graph are that queries see: beside the register,
    // or in a folder that nobody else can read and that goes at the end.
    let beside_nothing = arguments.memory.then(private::passing).transpose();
    let beside_nothing = beside_nothing.context("no temporary folder can be made")?;
    let copies = match &beside_nothing {
        Some(folder) => folder.path().to_owned(),
        None => config.server.data.join("checkpoints"),
    };
    let listeners = Listeners { site: listener, measures };
    let place = (&*own, &*copies);
    let served = runtime.block_on(serve(&config, listeners, place, &register, &harvesting));
    // A harvest that is writing may go on for so long; it is carried on by the
    // next start.
    harvesting.shutdown_timeout(LAST_WORDS);
    runtime.shutdown_timeout(LAST_WORDS);
    served
}

/// Where connections are accepted.
struct Listeners {
    site: TcpListener,
    measures: Option<TcpListener>,
}

async fn serve(
    config: &Config,
    listeners: Listeners,
    (own, copies): (&str, &Path),
    register: &Arc<Register>,
    harvesting: &Runtime,
) -> Result<()> {
    let stop = Stop::new();
    stop.listen_to_signals().context("the system gives no signals")?;
    let graph = Arc::clone(register.graph());
    let sparql = match Pool::start(graph, copies, config.sparql.clone()).await {
        Ok(pool) => Some(pool),
        Err(error) => {
            tracing::error!(%error, "SPARQL is not answered");
            None
        }
    };
    let identity = identity(config, register);
    let asked = stop.clone();
    let schedule = match harvest::harvester(config, register) {
        Ok(harvester) => {
            let asked = async move { asked.requested().await };
            Some(Schedule::start(harvesting, Arc::new(harvester), asked))
        }
        Err(error) => {
            tracing::error!(%error, "nothing is harvested");
            None
        }
    };
    let register = Arc::clone(register);
    let base = register.base().as_str().to_owned();
    let surroundings = Surroundings {
        base: base.clone(),
        allowed_hosts: config.server.allowed_hosts.clone(),
        problem_page: Some(web::problem_page),
        rates: config.rates.clone(),
        answers: config.answers.clone(),
        ..Surroundings::default()
    };
    let state = AppState::new(App { register, sparql, stop: stop.clone(), clock: now, identity });
    let metrics = Arc::clone(&surroundings.metrics);
    let router = web::router(state.clone(), &config.limits, surroundings);
    let connections = config.connections.connections();
    metrics.add(Arc::new(connections.clone()));
    if let Some(listener) = listeners.measures {
        tokio::spawn(admin::serve(listener, state, metrics, stop.clone()));
    }
    line(format_args!("kist is open at {own}/"))?;
    let options = &config.connections;
    let serving = serve_counted(listeners.site, router, &base, options, &connections, &stop);
    let end = serving.await;
    if let End::CutOff(connections) = end {
        note(format_args!("{connections} connections were cut off"));
    }
    // It has stopped with the wish to stop; only what can't be left is waited for.
    if let Some(schedule) = schedule {
        drop(tokio::time::timeout(LAST_WORDS, schedule).await);
    }
    tracing::info!("stopped");
    Ok(())
}

/// What the register tells other machines of itself.
fn identity(config: &Config, register: &Register) -> Identity {
    let fetch = harvest::options(config, register).fetch;
    Identity {
        hub: config.server.hub.clone(),
        licence: config.server.licence.clone(),
        user_agent: fetch.user_agent(),
        contact: fetch.contact,
        tiles: config.embed.tiles.clone(),
    }
}

/// What to open in a browser on this machine.
fn address(mut listening: SocketAddr) -> String {
    if listening.ip().is_unspecified() {
        listening.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    format!("http://{listening}")
}

#[cfg(test)]
#[path = "serve_tests.rs"]
mod tests;
