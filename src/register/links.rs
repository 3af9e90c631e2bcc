//! How the links of records are: the report that editors and partners read.
//!
//! Every question walks one order of the ledger that fits it: the links of a
//! record, of a host, of a state. A page looks at a bounded number of links,
//! so one with few hits may lead on to others.

use super::Register;
use super::ledger::{Citation, Cited, CitedAt, Ledger, LedgerError, Link, LinkInState, LinkState};
use crate::record::RecordId;

/// Links that one page looks at, at the most.
const LOOKED_AT: usize = 2_000;

/// Records that are shown with a link.
const RECORDS: usize = 20;

/// Records of a link among which those of a source or kind are looked for.
const SEARCHED: usize = 1_000;

/// Which links are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkQuery {
    /// In one of these states; empty takes all.
    pub states: Vec<LinkState>,
    /// At this host, with its port where that is not the usual one.
    pub host: Option<String>,
    /// Said by this source.
    pub source: Option<String>,
    /// In records of this kind.
    pub kind: Option<String>,
    /// In this record.
    pub record: Option<RecordId>,
    /// What [`LinkPage::next`] of the page before was.
    pub after: String,
    /// How many at most.
    pub limit: usize,
}

/// A page of links.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkPage {
    /// The links, by host and address.
    pub items: Vec<ReportedLink>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

/// A link and who points to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedLink {
    /// The link.
    pub link: Link,
    /// Records that point to it, of the wanted kind and source; the first
    /// ones when there are many.
    pub records: Vec<(RecordId, Vec<CitedAt>)>,
}

impl Register {
    /// How the links are that `query` asks for.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the ledger can't be read.
    pub fn links(&self, query: &LinkQuery) -> Result<LinkPage, LedgerError> {
        let ledger = self.ledger();
        let keys = candidates(ledger, query)?;
        let is_last = keys.len() < LOOKED_AT;
        let mut page = LinkPage::default();
        let mut last = None;
        for key in keys {
            if page.items.len() >= query.limit {
                page.next = last;
                return Ok(page);
            }
            if let Some(link) = ledger.get::<Link>(&key)?
                && (query.states.is_empty() || query.states.contains(&link.state))
            {
                let records = records(ledger, query, &key)?;
                if !records.is_empty() {
                    page.items.push(ReportedLink { link, records });
                }
            }
            last = Some(key);
        }
        page.next = last.filter(|_| !is_last);
        Ok(page)
    }
}

/// The keys of the links that can be meant, in order.
fn candidates(ledger: Ledger<'_>, query: &LinkQuery) -> Result<Vec<String>, LedgerError> {
    if let Some(record) = &query.record {
        let cited: Cited = ledger.get(&record.to_string())?.unwrap_or_default();
        let mut keys: Vec<String> = cited.urls.iter().map(|url| Link::key(url)).collect();
        keys.sort_unstable();
        keys.retain(|key| *key > query.after && of_host(key, query.host.as_deref()));
        return Ok(keys);
    }
    let host = query.host.as_ref().map_or_else(String::new, |host| format!("{host}\n"));
    if let [state] = query.states[..] {
        let prefix = LinkInState::key(state, "");
        let after = match query.after.as_str() {
            "" => String::new(),
            after => format!("{prefix}{after}"),
        };
        let rows = ledger.rows::<LinkInState>(&format!("{prefix}{host}"), &after, LOOKED_AT)?;
        let keys = rows.into_iter().filter_map(|(key, _)| Some(key.split_once('\n')?.1.to_owned()));
        return Ok(keys.collect());
    }
    let rows = ledger.rows::<Link>(&host, &query.after, LOOKED_AT)?;
    Ok(rows.into_iter().map(|(key, _)| key).collect())
}

fn of_host(key: &str, host: Option<&str>) -> bool {
    host.is_none_or(|host| key.split('\n').next() == Some(host))
}

/// The records of the link with this key that are meant.
fn records(
    ledger: Ledger<'_>,
    query: &LinkQuery,
    key: &str,
) -> Result<Vec<(RecordId, Vec<CitedAt>)>, LedgerError> {
    let is_open = query.kind.is_none() && query.source.is_none() && query.record.is_none();
    let most = if is_open { RECORDS } else { SEARCHED };
    let mut found = Vec::new();
    for (key, Citation { mut at }) in ledger.rows::<Citation>(&format!("{key}\n"), "", most)? {
        let Some(id) = Citation::record(&key) else { continue };
        if query.record.as_ref().is_some_and(|record| *record != id)
            || query.kind.as_deref().is_some_and(|kind| kind != id.kind())
        {
            continue;
        }
        at.retain(|at| query.source.as_deref().is_none_or(|source| source == at.source));
        if !at.is_empty() && found.len() < RECORDS {
            found.push((id, at));
        }
    }
    Ok(found)
}

#[cfg(test)]
#[path = "links_tests.rs"]
mod tests;
