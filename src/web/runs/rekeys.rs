//! New items that seem to be known ones under another key.

use crate::register::Register;
use crate::register::ledger::{Rekey, Run, Staged};
use crate::web::problem::Result;
use crate::web::runs::newest;

/// How many staged items are looked at in one step.
const STEP: usize = 500;

/// The new items of a run that waits which seem to be known ones under other
/// keys, with their own keys, in the order of these, `limit` at most; none of
/// any other run.
pub(in crate::web) fn of(
    register: &Register,
    run: &Run,
    limit: usize,
) -> Result<Vec<(String, Rekey)>> {
    let mut found = Vec::new();
    let is_newest = newest(register, &run.source)?.is_some_and(|it| it.number == run.number);
    if run.rekeys.is_none() || !is_newest || !run.waits_for_somebody() {
        return Ok(found);
    }
    let prefix = format!("{}\n", run.source);
    let mut after = String::new();
    loop {
        let rows = register.ledger().rows::<Staged>(&prefix, &after, STEP)?;
        let Some((last, _)) = rows.last() else { return Ok(found) };
        after.clone_from(last);
        for (full, staged) in rows {
            if found.len() == limit {
                return Ok(found);
            }
            let key = full[prefix.len()..].split_once('\n').map_or("", |(_, key)| key).to_owned();
            found.extend(staged.rekey.map(|rekey| (key, rekey)));
        }
    }
}
