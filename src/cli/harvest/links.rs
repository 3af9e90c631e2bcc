//! `kist harvest links`: whether the links of records still lead somewhere.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::open::open;
use super::{Common, report};
use crate::cli::output::line;
use crate::cli::progress;
use crate::cli::settings::Missing;
use crate::harvest::links::{Checked, apply_decisions, check_due, collect_all};

/// How many links are checked in one turn.
const LINKS_IN_TURN: usize = 5_000;

/// Checks the links of all records that are due
#[derive(Debug, Args)]
#[command(
    after_help = "Asks each host politely, so it takes a while; what is cut off goes on the next time. The
server does the same by itself. /api/v1/reports/links lists what is dead.

Examples:
  kist harvest links
  kist harvest links --json"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let (harvester, since) = (&open.harvester, open.harvester.now());
    let spinner = progress::spinner("collecting links".to_owned());
    collect_all(harvester.register(), since)?;
    let mut all = Checked::default();
    loop {
        let before = all.asked;
        let watch = |checked: &Checked| {
            spinner.set_message(format!("{} links asked", before + checked.asked));
        };
        let turn = open.runtime.block_on(check_due(harvester, LINKS_IN_TURN, &watch))?;
        all.asked += turn.asked;
        all.alive += turn.alive;
        all.redirected += turn.redirected;
        all.suspect += turn.suspect;
        all.dead += turn.dead;
        all.blocked += turn.blocked;
        all.offered += turn.offered;
        // Hosts that are left alone now are asked the next time.
        if turn.asked == 0 {
            all.put_off = turn.put_off;
            break;
        }
    }
    apply_decisions(harvester.register(), harvester.now())?;
    harvester.keep_robots(since)?;
    spinner.finish_and_clear();
    let Checked { asked, alive, redirected, suspect, dead, blocked, put_off, .. } = all;
    if arguments.common.json {
        return report::json(&json!({
            "asked": asked, "alive": alive, "redirected": redirected, "suspect": suspect,
            "dead": dead, "blocked": blocked, "putOff": put_off,
        }));
    }
    line(format_args!(
        "{asked} links asked: {alive} alive, {redirected} moved, {suspect} suspect, {dead} dead, \
         {blocked} closed to programs, {put_off} put off"
    ))?;
    Ok(())
}
