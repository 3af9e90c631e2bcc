//! Any entries, any query: the index agrees with the oracle.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::{
    Change, Entry, Explain, Facet, Filter, HitUnit, Index, Page, Query, QueryError, Results, Sort,
    Start,
};
use super::{index_of, keys, oracle, world};
use crate::model::Revision;

const ALL: Page = Page { limit: 1_000, start: Start::Offset(0) };

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec(world::entry(40), 0..40).prop_map(|entries| {
        let by_key: BTreeMap<String, Entry> =
            entries.into_iter().map(|entry| (entry.key.clone(), entry)).collect();
        by_key.into_values().collect()
    })
}

fn load(entries: &[Entry]) -> Index {
    let index = Index::open(None).unwrap();
    index.load(entries.iter().cloned(), Revision(1)).unwrap();
    index
}

/// What the oracle knows of the order: all of it but scores, which also decide
/// between what is equally near.
fn known_order(query: &Query) -> Option<Sort> {
    let has_words = !super::super::words::words(&query.text).is_empty();
    match (query.order(), has_words, &query.centre) {
        (Sort::Relevance | Sort::Distance, true, _) => None,
        (Sort::Relevance, false, Some(_)) => Some(Sort::Distance),
        (Sort::Relevance, false, None) => Some(Sort::Name),
        (sort, ..) => Some(sort),
    }
}

fn pages(
    index: &Index,
    query: &Query,
    limit: usize,
    mut between: impl FnMut(),
) -> Result<Vec<String>, QueryError> {
    let mut all = Vec::new();
    let mut start = Start::Offset(0);
    loop {
        let query = Query { page: Page { limit, start }, ..query.clone() };
        let Results { hits, next, .. } = index.search(&query)?;
        all.extend(hits.into_iter().map(|hit| hit.key().to_owned()));
        let Some(cursor) = next else { return Ok(all) };
        start = Start::After(cursor);
        between();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn a_search_finds_what_a_scan_finds_in_the_same_order(
        entries in entries(),
        queries in prop::collection::vec(world::query(), 1..12),
    ) {
        let index = load(&entries);
        for query in queries {
            let query = Query { page: ALL, ..query };
            let found = keys(&index, &query);
            if let Some(sort) = known_order(&query) {
                prop_assert_eq!(&found, &oracle::keys(&entries, &query, sort), "{:?}", &query);
            } else {
                let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
                let expected: BTreeSet<&str> = oracle::found(&entries, &query)
                    .into_iter()
                    .map(|entry| entry.key.as_str())
                    .collect();
                prop_assert_eq!(&found, &expected, "{:?}", &query);
            }
        }
    }

    #[test]
    fn of_the_same_band_and_score_the_nearer_comes_first(
        entries in entries(),
        queries in prop::collection::vec(world::query(), 1..12),
    ) {
        let index = load(&entries);
        for query in queries {
            let sort = Some(Sort::Relevance);
            let query = Query { page: ALL, sort, explain: Explain::Yes, ..query };
            let hits = index.search(&query).unwrap().hits;
            for (one, other) in hits.iter().zip(hits.iter().skip(1)) {
                let bands = [one, other].map(|hit| hit.explanation.as_ref().map(|why| why.band));
                let is_equal = bands[0] == bands[1] && one.score.to_bits() == other.score.to_bits();
                if let (Some(distance), Some(next)) = (one.distance, other.distance) && is_equal {
                    prop_assert!(distance <= next, "{:?}", &query);
                }
            }
        }
    }

    #[test]
    fn each_site_of_what_is_found_comes_once_with_its_own_distance(
        entries in entries(),
        query in world::query(),
    ) {
        let index = load(&entries);
        let query = Query { page: ALL, unit: HitUnit::Site, ..query };
        let results = index.search(&query).unwrap();
        let mut expected = Vec::new();
        for entry in oracle::found(&entries, &query) {
            for site in 0..entry.sites.len() {
                let centre = query.centre.as_ref();
                let distance = centre
                    .and_then(|centre| Some(entry.points.get(site)?.distance(centre.point)));
                let is_near = centre.is_none_or(|centre| {
                    centre.within.is_none_or(|within| distance.is_some_and(|away| away <= within))
                });
                if is_near {
                    expected.push((entry.key.clone(), site, distance.is_some()));
                }
            }
        }
        let mut found: Vec<(String, usize, bool)> = results
            .hits
            .iter()
            .map(|hit| (hit.key().to_owned(), hit.site, hit.distance.is_some()))
            .collect();
        prop_assert_eq!(results.total, found.len() as u64);
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected, "{:?}", &query);
    }

    #[test]
    fn every_uuid_leads_to_its_entry_and_site_and_those_of_removed_ones_nowhere(
        entries in entries(),
    ) {
        let index = load(&entries);
        let removed: Vec<Change> =
            entries.iter().skip(1).step_by(2).map(|entry| Change::Remove(entry.key.clone())).collect();
        index.apply(&removed, Revision(2)).unwrap();
        for (number, entry) in entries.iter().enumerate() {
            let is_here = number % 2 == 0;
            let expected = |site| is_here.then(|| (entry.key.clone(), site));
            if let Some(uuid) = entry.uuid {
                prop_assert_eq!(index.by_uuid(uuid), expected(None));
            }
            for (site, uuid) in entry.sites.iter().enumerate() {
                prop_assert_eq!(index.by_uuid(*uuid), expected(Some(site)));
            }
            let modified = is_here.then_some(entry.modified);
            prop_assert_eq!(index.modified(&entry.key), modified);
        }
    }

    #[test]
    fn facet_counts_are_those_of_the_hits(entries in entries(), query in world::query()) {
        let index = load(&entries);
        let facets = vec![Facet::Topic, Facet::Kind, Facet::Within, Facet::Serves];
        let results = index.search(&Query { facets, page: ALL, ..query.clone() }).unwrap();
        let found = oracle::found(&entries, &query);
        for counts in results.facets {
            let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
            for entry in &found {
                let values: BTreeSet<&str> = match counts.facet {
                    Facet::Kind => [entry.kind.as_str()].into(),
                    Facet::Within => entry.within.iter().map(String::as_str).collect(),
                    Facet::Serves => entry.serves.iter().map(String::as_str).collect(),
                    facet => {
                        let own = entry.facets.iter().filter(|(other, _)| *other == facet);
                        own.map(|(_, value)| value.as_str()).collect()
                    }
                };
                for value in values {
                    *expected.entry(value).or_default() += 1;
                }
            }
            let given: BTreeMap<&str, u64> =
                counts.counts.iter().map(|(value, count)| (value.as_str(), *count)).collect();
            prop_assert_eq!(given, expected);
            prop_assert!(counts.counts.is_sorted_by_key(|(_, count)| std::cmp::Reverse(*count)));
        }
        let filter = Filter { facet: Facet::Kind, any_of: vec!["asset".to_owned()] };
        let counted: u64 = index.counts(Facet::Kind, &[filter]).counts.iter().map(|c| c.1).sum();
        let is_folded =
            |entry: &&Entry| entry.facets.iter().any(|(facet, _)| *facet == Facet::StandsFor);
        let shown = entries.iter().filter(|entry| !is_folded(entry));
        let assets = shown.filter(|entry| entry.kind == "asset").count();
        prop_assert_eq!(counted, assets as u64);
    }

    #[test]
    fn pages_together_are_the_whole(
        entries in entries(),
        query in world::query(),
        limit in 1..7_usize,
    ) {
        let index = load(&entries);
        let whole = keys(&index, &Query { page: ALL, ..query.clone() });
        prop_assert_eq!(&pages(&index, &query, limit, || ()).unwrap(), &whole);
        let by_offset: Vec<String> = (0..=whole.len())
            .step_by(limit)
            .flat_map(|offset| {
                let page = Page { limit, start: Start::Offset(offset) };
                keys(&index, &Query { page, ..query.clone() })
            })
            .collect();
        prop_assert_eq!(&by_offset, &whole);
    }

    #[test]
    fn pages_neither_repeat_nor_miss_what_does_not_change(
        entries in entries(),
        query in world::query(),
        limit in 1..5_usize,
        changes in prop::collection::vec((world::entry(12), any::<bool>()), 1..20),
    ) {
        let index = load(&entries);
        let touched: BTreeSet<String> =
            changes.iter().map(|(entry, _)| entry.key.clone()).collect();
        let steady = |keys: Vec<String>| -> Vec<String> {
            keys.into_iter().filter(|key| !touched.contains(key)).collect()
        };
        let before = steady(keys(&index, &Query { page: ALL, ..query.clone() }));
        let mut changes = changes.into_iter();
        let mut revision = 1;
        let given = pages(&index, &query, limit, || {
            if let Some((entry, put)) = changes.next() {
                revision += 1;
                let change =
                    if put { Change::Put(Box::new(entry)) } else { Change::Remove(entry.key) };
                index.apply(&[change], Revision(revision)).unwrap();
            }
        });
        prop_assert_eq!(steady(given.unwrap()), before);
    }
}

/// Names that begin alike, some of them the same.
fn alike() -> impl Strategy<Value = String> {
    let names =
        ["cafe", "community", "community cafe", "community café leith", "community caf\u{1f95e}"];
    prop::sample::select(names.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn pages_of_one_miss_nothing_of_what_is_alike_while_others_come_and_go(
        named in prop::collection::vec((world::entry(40), alike()), 0..40),
        query in world::query(),
        changes in prop::collection::vec((world::entry(60), alike(), any::<bool>()), 1..20),
    ) {
        let rename = |mut entry: Entry, name: String| {
            entry.texts.name = name;
            entry
        };
        let by_key: BTreeMap<String, Entry> = named
            .into_iter()
            .map(|(entry, name)| (entry.key.clone(), rename(entry, name)))
            .collect();
        let index = load(&by_key.into_values().collect::<Vec<_>>());
        let touched: BTreeSet<String> =
            changes.iter().map(|(entry, ..)| entry.key.clone()).collect();
        let steady = |keys: Vec<String>| -> Vec<String> {
            keys.into_iter().filter(|key| !touched.contains(key)).collect()
        };
        let query = Query { text: String::new(), ..query };
        let before = steady(keys(&index, &Query { page: ALL, ..query.clone() }));
        let mut changes = changes.into_iter();
        let mut revision = 1;
        let given = pages(&index, &query, 1, || {
            if let Some((entry, name, put)) = changes.next() {
                revision += 1;
                let change = if put {
                    Change::Put(Box::new(rename(entry, name)))
                } else {
                    Change::Remove(entry.key)
                };
                index.apply(&[change], Revision(revision)).unwrap();
            }
        });
        prop_assert_eq!(steady(given.unwrap()), before);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn changes_one_by_one_give_what_loading_gives(
        changes in prop::collection::vec(
            prop::collection::vec((world::entry(10), 0..4_u8), 1..4),
            0..20,
        ),
        flush_at in 0..20_usize,
        queries in prop::collection::vec(world::query(), 1..6),
    ) {
        let index = Index::open(None).unwrap();
        let mut left: BTreeMap<String, Entry> = BTreeMap::new();
        for (at, batch) in changes.into_iter().enumerate() {
            let mut applied = Vec::new();
            for (entry, action) in batch {
                if action == 0 {
                    left.remove(&entry.key);
                    applied.push(Change::Remove(entry.key));
                } else {
                    left.insert(entry.key.clone(), entry.clone());
                    applied.push(Change::Put(Box::new(entry)));
                }
            }
            index.apply(&applied, Revision(at as u64 + 1)).unwrap();
            if at == flush_at {
                index.flush().unwrap();
            }
        }
        let left: Vec<Entry> = left.into_values().collect();
        let (loaded, applied) = (load(&left), index_of(left.clone()));
        for query in queries {
            let query = Query { page: ALL, facets: vec![Facet::Topic], ..query };
            let expected = loaded.search(&query).unwrap();
            for other in [&index, &applied] {
                let revision = expected.revision;
                let found = Results { revision, ..other.search(&query).unwrap() };
                prop_assert_eq!(&found, &expected);
            }
        }
        prop_assert_eq!(index.size().records, left.len() as u64);
        for entry in &left {
            prop_assert_eq!(index.get(&entry.key).unwrap(), entry.summary.clone());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn slots_that_are_dealt_anew_at_each_opening_change_no_answer_and_no_part(
        entries in entries(),
        changed in prop::collection::vec(world::entry(40), 0..10),
        removed in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        queries in prop::collection::vec(world::query(), 1..8),
    ) {
        let directory = tempfile::tempdir().unwrap();
        let open = || Index::open(Some(directory.path())).unwrap();
        open().load(entries.iter().cloned(), Revision(1)).unwrap();
        let gone = removed.iter().filter(|_| !entries.is_empty()).map(|at| at.get(&entries));
        let removals = gone.map(|entry| Change::Remove(entry.key.clone()));
        let puts = changed.iter().map(|entry| Change::Put(Box::new(entry.clone())));
        let changes: Vec<Change> = removals.chain(puts).collect();
        let index = open();
        index.apply(&changes, Revision(2)).unwrap();
        index.flush().unwrap();
        let parts = |index: &Index| (0..9).map(|part| index.part(part, 7)).collect::<Vec<_>>();
        let (before, newest) = (parts(&index), index.parts(7));
        drop(index);
        let index = open();
        prop_assert_eq!(parts(&index), before);
        prop_assert_eq!(index.parts(7), newest);
        let mut left: BTreeMap<String, Entry> =
            entries.into_iter().map(|entry| (entry.key.clone(), entry)).collect();
        for change in changes {
            match change {
                Change::Put(entry) => left.insert(entry.key.clone(), *entry),
                Change::Remove(key) => left.remove(&key),
            };
        }
        let anew = load(&left.into_values().collect::<Vec<_>>());
        for query in queries {
            let query = Query { page: ALL, ..query };
            // Scores are of the words of each segment, and decide between equals.
            let found = |index: &Index| index.search(&query).map(|found| {
                let keys = found.hits.iter().map(|hit| hit.key().to_owned());
                (found.total, keys.collect::<BTreeSet<String>>())
            });
            prop_assert_eq!(found(&index).ok(), found(&anew).ok());
        }
    }
}
