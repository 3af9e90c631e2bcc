//! Tests of [`links`](super).

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
    let found: Vec<String> = page.items.iter().map(|item| item.records[0].0.to_string()).collect();
    assert_eq!((found, page.next), (expected.iter().map(ToString::to_string).collect(), None));
}

#[test]
fn links_are_found_by_state_host_source_kind_and_record() {
    let all = ["asset/1", "asset/2", "resource/3", "resource/4"];
    check(query(), &all);
    let states = |states: &[LinkState]| LinkQuery { states: states.to_vec(), ..query() };
    check(states(&[LinkState::Dead]), &["asset/1", "resource/3"]);
    check(states(&[LinkState::Dead, LinkState::Suspect]), &["asset/1", "resource/3", "resource/4"]);
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
