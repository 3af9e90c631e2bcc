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
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::journal::{Durability, Note};
    use crate::record::Base;
    use crate::register::Place;
    use crate::register::ledger::Row as _;
    use crate::schema::Schema;

    /// A register with these links: host, state, record and source.
    fn register(links: &[(&str, LinkState, &str, &str)]) -> Register {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let base = Base::new("https://kist.example").unwrap();
        let register = Register::open(Schema::standard(), base, Place::Memory, now).unwrap();
        let notes: Vec<Note> = links
            .iter()
            .flat_map(|(host, state, record, source)| {
                let url = format!("https://{host}/{}", record.replace('/', "-"));
                let (id, key): (RecordId, _) = (record.parse().unwrap(), Link::key(&url));
                let at = CitedAt { pointer: "/url".to_owned(), source: (*source).to_owned() };
                [
                    Link { state: *state, ..Link::new(&url, now, now) }.put(key.clone()),
                    LinkInState.put(LinkInState::key(*state, &key)),
                    Citation { at: vec![at] }.put(Citation::key(&key, &id)),
                    Cited { urls: vec![url] }.put(*record),
                ]
            })
            .collect();
        register.ledger().write(&notes, Durability::Relaxed).unwrap();
        register
    }

    const LINKS: &[(&str, LinkState, &str, &str)] = &[
        ("a.scot", LinkState::Dead, "asset/1", "feed"),
        ("a.scot", LinkState::Alive, "asset/2", "feed"),
        ("b.scot", LinkState::Dead, "resource/3", "local"),
        ("b.scot", LinkState::Suspect, "resource/4", "feed"),
    ];

    fn query() -> LinkQuery {
        LinkQuery { limit: 100, ..LinkQuery::default() }
    }

    #[track_caller]
    fn check(query: LinkQuery, expected: &[&str]) {
        let page = register(LINKS).links(&query).unwrap();
        let found: Vec<String> =
            page.items.iter().map(|item| item.records[0].0.to_string()).collect();
        assert_eq!((found, page.next), (expected.iter().map(ToString::to_string).collect(), None));
    }

    #[test]
    fn links_are_found_by_state_host_source_kind_and_record() {
        let all = ["asset/1", "asset/2", "resource/3", "resource/4"];
        check(query(), &all);
        let states = |states: &[LinkState]| LinkQuery { states: states.to_vec(), ..query() };
        check(states(&[LinkState::Dead]), &["asset/1", "resource/3"]);
        check(
            states(&[LinkState::Dead, LinkState::Suspect]),
            &["asset/1", "resource/3", "resource/4"],
        );
        check(states(&[LinkState::Blocked]), &[]);
        let host = Some("b.scot".to_owned());
        check(LinkQuery { host: host.clone(), ..query() }, &["resource/3", "resource/4"]);
        check(LinkQuery { host, ..states(&[LinkState::Dead]) }, &["resource/3"]);
        let source = Some("feed".to_owned());
        check(LinkQuery { source, ..states(&[LinkState::Dead]) }, &["asset/1"]);
        check(
            LinkQuery { kind: Some("resource".to_owned()), ..query() },
            &["resource/3", "resource/4"],
        );
        check(LinkQuery { record: "asset/2".parse().ok(), ..query() }, &["asset/2"]);
        check(LinkQuery { host: Some("scot".to_owned()), ..query() }, &[]);
    }

    #[test]
    fn pages_lead_on_and_nothing_is_left_out_or_comes_twice() {
        let register = register(LINKS);
        for states in [Vec::new(), vec![LinkState::Dead]] {
            let whole = register.links(&LinkQuery { states: states.clone(), ..query() }).unwrap();
            let (mut found, mut after) = (Vec::new(), String::new());
            loop {
                let query = LinkQuery { states: states.clone(), after, limit: 1, ..query() };
                let page = register.links(&query).unwrap();
                found.extend(page.items);
                let Some(next) = page.next else { break };
                after = next;
            }
            assert_eq!(found, whole.items);
        }
    }
}
