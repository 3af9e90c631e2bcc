//! The register, and what harvests into it.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use tokio::runtime::Runtime;

use super::{Common, secret};
use crate::cli::bench::measure::peak_memory;
use crate::cli::clock::now;
use crate::cli::settings::{self, Missing};
use crate::config::Config;
use crate::harvest::fetch::{Fetcher, SystemResolver};
use crate::harvest::pipeline::kept_robots;
use crate::harvest::{Harvester, Options};
use crate::journal::JournalError;
use crate::register::{OpenError, Register};

/// By what leases are held. One process at a time has a register, so that
/// whatever held one before is no more.
const NAME: &str = "kist";

/// Where in the folder of the data bodies lie that are too large for the
/// memory: files without names, so that it is empty to look at.
const SPOOL: &str = "spool";

/// A register that can be harvested into.
pub(super) struct Open {
    pub(super) harvester: Arc<Harvester>,
    pub(super) runtime: Runtime,
}

/// Opens the register that `common` names.
///
/// # Errors
///
/// As [`settings::open`]; when a server has it, what to do then.
pub(super) fn open(common: &Common, missing: Missing) -> Result<Open> {
    let config = settings::of_command(&common.settings)?;
    let runtime = Runtime::new().context("the system gives no threads")?;
    let register = settings::open(&config, missing).map_err(|error| {
        let is_in_use = error.chain().any(|cause| {
            let open = cause.downcast_ref::<OpenError>();
            matches!(open, Some(OpenError::Journal(JournalError::InUse(_))))
        });
        if is_in_use {
            error.context("a server has this register: stop it, or use its API, /api/v1/sources")
        } else {
            error
        }
    })?;
    let harvester = harvester(&config, &Arc::new(register))?;
    Ok(Open { harvester: Arc::new(harvester), runtime })
}

/// What harvests into `register`, as the settings say; it knows what hosts
/// have said to robots, and which want to be left alone.
///
/// # Errors
///
/// When the client can't be made, or the register can't be read.
pub(in crate::cli) fn harvester(config: &Config, register: &Arc<Register>) -> Result<Harvester> {
    let options = options(config, register);
    let robots = kept_robots(register)?;
    let resolver = Arc::new(SystemResolver);
    let fetcher = Fetcher::with(options.fetch.clone(), fastrand::u64(..), resolver, robots)?;
    let harvester = Harvester::new(Arc::clone(register), fetcher, options, now, NAME.to_owned());
    harvester.leave_alone()?;
    Ok(harvester.with_secrets(secret::secret).with_memory(peak_memory))
}

/// How `register` harvests: as the settings say, under its own address and the
/// server's contact unless they name others.
pub(in crate::cli) fn options(config: &Config, register: &Register) -> Options {
    let mut options = config.harvest.clone();
    options.fetch.instance.get_or_insert_with(|| register.base().as_str().to_owned());
    if options.fetch.contact.is_none() {
        options.fetch.contact.clone_from(&config.server.contact);
    }
    if options.alerts.operator.is_none() {
        options.alerts.operator.clone_from(&options.fetch.contact);
    }
    options.websub.own_hub.clone_from(&config.server.hub);
    options.spool = Some(config.server.data.join(SPOOL));
    options
}
