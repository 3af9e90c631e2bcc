//! What a run found wrong, for the publisher and the operator.

use std::collections::BTreeMap;

use csv::{Terminator, WriterBuilder};
use serde_json::{Value, json};

use crate::record::formula;
use crate::register::Register;
use crate::register::ledger::{Finding, Run};
use crate::web::problem::Result;

const COLUMNS: [&str; 11] = [
    "severity",
    "code",
    "what",
    "advice",
    "key",
    "url",
    "at",
    "stage",
    "excerpt",
    "first_seen",
    "runs",
];

/// Which problems are wanted.
#[derive(Debug, Default)]
pub(in crate::web) struct Wanted {
    /// As grave as this.
    pub(in crate::web) severity: Option<String>,
    /// Of this code.
    pub(in crate::web) code: Option<String>,
    /// Of the item with this key.
    pub(in crate::web) key: Option<String>,
}

impl Wanted {
    fn has(&self, finding: &Finding) -> bool {
        let fits = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| Some(wanted) == found)
        };
        fits(&self.severity, Some(&finding.severity))
            && fits(&self.code, Some(&finding.code))
            && fits(&self.key, finding.key.as_deref())
    }
}

/// What a run found wrong, as far as it was kept and is wanted, in the order
/// in which it was found.
pub(in crate::web) fn of(register: &Register, run: &Run, wanted: &Wanted) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    let prefix = Finding::keys_of(&run.source, run.number);
    register.ledger().each::<Finding>(&prefix, |_, finding| {
        if wanted.has(&finding) {
            found.push(finding);
        }
    })?;
    Ok(found)
}

/// How many things of each code a run found wrong, and some of them.
pub(in crate::web) fn json<'a>(run: &Run, page: impl Iterator<Item = &'a Finding>) -> Value {
    let counts: &BTreeMap<String, u64> = &run.codes;
    let items: Vec<&Finding> = page.collect();
    json!({ "source": run.source, "run": run.number, "counts": counts, "items": items })
}

/// Problems as comma-separated values (RFC 4180), what a spreadsheet would
/// run guarded.
pub(in crate::web) fn csv(problems: &[Finding]) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let written = "memory takes any bytes, and every row has the same columns";
    writer.write_record(COLUMNS).expect(written);
    for finding in problems {
        let Finding {
            stage,
            severity,
            code,
            url,
            at,
            what,
            advice,
            key,
            excerpt,
            first_seen,
            runs,
        } = finding.clone();
        let optional = Option::unwrap_or_default;
        let first_seen = first_seen.map(|at| at.to_string());
        let cells = [
            severity,
            code,
            what,
            optional(advice),
            optional(key),
            url,
            at,
            stage,
            optional(excerpt),
            optional(first_seen),
            runs.to_string(),
        ];
        writer.write_record(cells.map(formula::guard)).expect(written);
    }
    writer.into_inner().expect(written)
}
