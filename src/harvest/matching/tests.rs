//! Tests of matching: pairs in tables, decisions, clusters and new keys.

use std::collections::BTreeSet;

use super::*;
use crate::model::Point;
use crate::record::{Base, Node, Record, RecordId, Reference, Value};
use jiff::Timestamp;

/// A record of a source with a name and a postcode.
pub(super) fn entity(source: &str, name: &str, postcode: &str) -> Entity {
    Entity {
        id: format!("asset/{source}-{}", name.to_lowercase().replace(' ', "-")),
        kind: "asset".to_owned(),
        source: source.to_owned(),
        names: vec![name.to_owned()],
        postcodes: postcode.parse().into_iter().collect(),
        ..Entity::default()
    }
}

fn charity(entity: Entity, number: &str) -> Entity {
    Entity { identifiers: vec![("GB-SC".to_owned(), number.to_owned())], ..entity }
}

fn phone(entity: Entity, number: &str) -> Entity {
    Entity { phones: vec![number.to_owned()], ..entity }
}

fn page(entity: Entity, url: &str) -> Entity {
    Entity { urls: vec![url.to_owned()], ..entity }
}

#[track_caller]
fn check(a: &Entity, b: &Entity, expected: Band) {
    let found = score(a, b);
    assert_eq!(found.band, expected, "{found:#?}");
    assert_eq!(score(b, a).value.to_bits(), found.value.to_bits(), "{found:#?}");
}

#[test]
fn the_same_distinct_name_at_the_same_postcode_is_certain() {
    let a = entity("a", "Aberlour Library", "AB38 9QA");
    check(&a, &entity("b", "ABERLOUR LIBRARY", "ab389qa"), Band::Certain);
    check(&a, &entity("b", "Aberlour Library", "AB38 9QB"), Band::Doubtful);
    check(&a, &entity("b", "Aberlour Library", "EH6 8RG"), Band::Different);
    check(&a, &entity("b", "Keith Library", "AB55 5DY"), Band::Different);
    check(&a, &entity("b", "Aberlour Hall", "AB38 9QA"), Band::Doubtful);
}

#[test]
fn a_common_name_at_the_same_postcode_needs_more() {
    let a = entity("a", "Walking Group", "EH6 8RG");
    let b = entity("b", "Walking Groups", "EH6 8RG");
    check(&a, &b, Band::Doubtful);
    let same = "0131 555 1234";
    check(&phone(a.clone(), same), &phone(b.clone(), "+44 (0)131 555 1234"), Band::Certain);
    check(&phone(a, same), &phone(b, "0131 555 9999"), Band::Doubtful);
}

#[test]
fn a_charity_number_alone_is_never_certain() {
    let a = charity(entity("a", "Leith Dementia Café", "EH6 8RG"), "SC012345");
    check(&a, &charity(entity("b", "Orkney Boat Museum", "KW15 1AA"), "SC012345"), Band::Doubtful);
    check(&a, &charity(entity("b", "Leith Dementia Cafe", ""), "sc 012345"), Band::Certain);
    check(&a, &charity(entity("b", "Leith Dementia Cafe", ""), "12345"), Band::Certain);
}

#[test]
fn another_charity_number_bars_whatever_else_is_the_same() {
    let url = "https://leithdementia.example/cafe";
    let a = page(phone(entity("a", "Leith Dementia Café", "EH6 8RG"), "0131 555 1234"), url);
    let b = page(phone(entity("b", "Leith Dementia Café", "EH6 8RG"), "0131 555 1234"), url);
    check(&a, &b, Band::Certain);
    check(&charity(a.clone(), "SC012345"), &charity(b.clone(), "SC012354"), Band::Doubtful);
    check(&charity(a, "SC012345"), &charity(b, "SC098765"), Band::Doubtful);
}

#[test]
fn two_records_of_one_source_are_never_certain() {
    let a = charity(entity("a", "Leith Dementia Café", "EH6 8RG"), "SC012345");
    let b = Entity { id: "asset/other".to_owned(), ..a.clone() };
    check(&a, &b, Band::Doubtful);
    let matcher = Matcher::new(vec![a.clone(), b.clone()]);
    assert_eq!(matcher.matches(&a, &Decisions::default()), []);
    assert_eq!(matcher.candidates(&b), Vec::<usize>::new());
}

#[test]
fn things_of_two_kinds_are_never_the_same() {
    let a = entity("a", "Leith Library", "EH6 8RG");
    let b = Entity { kind: "organisation".to_owned(), ..entity("b", "Leith Library", "EH6 8RG") };
    check(&a, &b, Band::Different);
}

#[test]
fn shared_hosts_and_free_mail_tell_nothing() {
    let facebook = "https://www.facebook.com/groups/leith";
    let a = page(entity("a", "Leith Knitters", ""), facebook);
    let b = page(entity("b", "Leith Rowers", ""), facebook);
    assert!(score(&a, &b).reasons.iter().all(|reason| reason.feature != Feature::Page));
    let mail = |entity: Entity, mail: &str| Entity { emails: vec![mail.to_owned()], ..entity };
    let free = score(&mail(a.clone(), "a@gmail.com"), &mail(b.clone(), "b@gmail.com"));
    assert!(
        free.reasons.iter().all(|reason| reason.weight <= 0.0 || reason.feature == Feature::Name)
    );
    let own = score(&mail(a, "a@leith.example"), &mail(b, "b@leith.example"));
    assert!(own.value > free.value);
}

#[test]
fn f69_a_record_that_names_the_other_as_the_same_is_found() {
    let ours = Entity {
        addresses: vec!["https://kist.example/id/asset/1".to_owned()],
        ..entity("us", "Leith Dementia Café", "EH6 8RG")
    };
    let theirs = Entity {
        same_as: vec!["http://kist.example/id/asset/1/".to_owned()],
        ..entity("aliss", "Dementia Café, Leith", "")
    };
    check(&ours, &theirs, Band::Certain);
    let matcher = Matcher::new(vec![ours]);
    assert_eq!(matcher.candidates(&theirs), [0]);
}

#[test]
fn f69_our_own_record_is_recognised_when_it_comes_back() {
    let ours = "https://kist.example/id/asset/1";
    let base = |address: &str| Base::new(address).unwrap();
    let id = RecordId::new("asset", "1").unwrap();
    let asset = Entity { kind: "asset".to_owned(), ..Entity::default() };
    let back = Entity { same_as: vec![ours.to_owned()], ..asset.clone() };
    assert_eq!(back.origin_in(&base("https://kist.example/")), Some(id.clone()));
    assert_eq!(back.origin_in(&base("https://kist.exam")), None);
    assert_eq!(page(asset, ours).origin_in(&base("https://kist.example")), Some(id));
    let organisation = Entity { kind: "organisation".to_owned(), ..back };
    assert_eq!(organisation.origin_in(&base("https://kist.example")), None);
}

#[test]
fn a_record_is_read_as_it_is_stored() {
    let text = |text: &str| vec![Value::Text(text.to_owned())];
    let node = |fields: Vec<(&str, Vec<Value>)>| {
        let fields = fields.into_iter().map(|(key, values)| (key.to_owned(), values)).collect();
        Value::Node(Node { fields })
    };
    let at = |from: &str| {
        let position = [("latitude", 57.47), ("longitude", -3.22)];
        let position = position.map(|(key, number)| (key, vec![Value::Double(number)]));
        let mut fields = vec![("postcode", text("ab389qa")), ("positionFrom", text(from))];
        fields.extend(position);
        node(fields)
    };
    let name = Value::LanguageText { language: "en".to_owned(), text: "Aberlour".to_owned() };
    let number = node(vec![("register", text("GB-SC")), ("value", text("SC012345"))]);
    let days = ["TU", "MO"].map(|day| Value::Text(day.to_owned())).to_vec();
    let elsewhere = Value::Reference(Reference::Elsewhere("https://aliss.example/1".to_owned()));
    let fields = [
        ("name", vec![name]),
        ("locations", vec![at("postcode"), at("published")]),
        ("url", vec![Value::Iri("https://aberlour.example/".to_owned())]),
        ("telephone", text("01340 871234")),
        ("contactPoints", vec![node(vec![("email", text("a@aberlour.example"))])]),
        ("identifiers", vec![number]),
        ("sameAs", vec![elsewhere]),
        ("schedule", vec![node(vec![("byDay", days)])]),
    ];
    let fields = fields.into_iter().map(|(key, values)| (key.to_owned(), values)).collect();
    let record = Record { id: RecordId::new("asset", "a").unwrap(), fields };
    let own = "https://kist.example/id/asset/a";
    let found = Entity::from_record(&record, "moray", Some(own), Some("Moray Libraries"));
    let postcode = "AB38 9QA".parse().unwrap();
    let expected = Entity {
        id: "asset/a".to_owned(),
        kind: "asset".to_owned(),
        source: "moray".to_owned(),
        names: vec!["Aberlour".to_owned()],
        postcodes: vec![postcode, postcode],
        points: vec![Point::new(57.47, -3.22).unwrap()],
        urls: vec!["https://aberlour.example/".to_owned()],
        phones: vec!["01340 871234".to_owned()],
        emails: vec!["a@aberlour.example".to_owned()],
        identifiers: vec![("GB-SC".to_owned(), "SC012345".to_owned())],
        addresses: vec![own.to_owned()],
        same_as: vec!["https://aliss.example/1".to_owned()],
        provider: Some("Moray Libraries".to_owned()),
        days: Days::new(["MO", "TU"]),
        content: None,
    };
    assert_eq!(found, expected);
    assert_eq!(found.days.to_text(), "MO TU");
}

#[test]
fn numbered_groups_are_different_groups() {
    let a = entity("a", "12th Leith Brownies", "EH6 8RG");
    check(&a, &entity("b", "13th Leith Brownies", "EH6 7AA"), Band::Different);
}

#[test]
fn the_reasons_are_told_the_weightiest_first() {
    let a = phone(entity("a", "Aberlour Library", "AB38 9QA"), "01340 871234");
    let b = phone(entity("b", "Aberlour Library", "AB38 9QA"), "01340 879999");
    let told: Vec<(Feature, f64)> =
        score(&a, &b).reasons.iter().map(|reason| (reason.feature, reason.weight)).collect();
    assert_eq!(told, [(Feature::Name, 7.0), (Feature::Place, 6.0), (Feature::Phone, -1.0)]);
    assert_eq!(score(&a, &b).reasons[2].right, "01340 879999");
    let text = score(&a, &b).reasons[1].to_string();
    assert_eq!(text, "Place +6: “AB38 9QA” and “AB38 9QA”");
}

#[test]
fn e8_a_rejected_match_stays_away_until_a_strong_identifier_changes() {
    let a = entity("a", "Leith Dementia Café", "EH6 8RG");
    let b = entity("b", "Leith Dementia Café", "EH6 8RG");
    let mut decisions = Decisions::default();
    let stored = decisions.decide(&b, &a, Answer::Different);
    let decisions = Decisions::new([stored]);
    let matches = |b: &Entity| Matcher::new(vec![a.clone()]).matches(b, &decisions).len();
    assert_eq!(matches(&b), 0);
    let renamed = Entity { names: vec!["Leith Dementia Cafe Club".to_owned()], ..b.clone() };
    assert_eq!(matches(&phone(renamed, "0131 555 1234")), 0);
    assert_eq!(matches(&charity(b, "SC012345")), 1);
}

#[test]
fn how_a_number_is_written_changes_no_decision() {
    let a = charity(entity("a", "Leith Dementia Café", "EH6 8RG"), "SC012345");
    let b = entity("b", "Leith Dementia Café", "EH6 8RG");
    let again = charity(entity("a", "Leith Dementia Café", "EH6 8RG"), "sc-012345");
    assert_eq!(fingerprint(&a, &b), fingerprint(&b, &again));
}

#[test]
fn what_a_person_called_the_same_is_remembered_for_ever() {
    let a = entity("a", "Leith Dementia Café", "EH6 8RG");
    let b = phone(entity("b", "Memory Lane", "EH6 8RG"), "0131 555 1234");
    let mut decisions = Decisions::default();
    decisions.decide(&a, &b, Answer::Same);
    let changed = charity(b, "SC012345");
    let found = Matcher::new(vec![a]).matches(&changed, &decisions);
    assert_eq!(found[0].decided, Some(Answer::Same));
}

#[test]
fn a_key_that_very_many_share_is_not_used() {
    let at = |place: usize| {
        let entity = entity("a", &format!("Club {place}"), "");
        Entity { same_as: vec!["https://flood.example/all".to_owned()], ..entity }
    };
    let matcher = Matcher::new((0..1_000).map(at).collect());
    assert_eq!(matcher.overfull_keys(), 1);
    let asked = Entity { source: "b".to_owned(), id: "asset/b".to_owned(), ..at(7) };
    assert_eq!(matcher.candidates(&asked), [7]);
}

pub(super) fn link(one: &str, other: &str, value: f64, decided: bool) -> Link {
    Link { pair: PairKey::new(one, other), value, decided }
}

/// The source of `a1` is `a`.
fn source_of(id: &str) -> Option<String> {
    id.get(..1).map(str::to_owned)
}

#[test]
fn transitive_conflicts_are_shown_with_the_way() {
    let links = [link("a1", "b1", 0.999, false), link("b1", "c1", 0.995, false)];
    let different = BTreeSet::from([PairKey::new("c1", "a1")]);
    let found = clusters(&links, &different, source_of);
    assert_eq!(found.groups, [["a1", "b1"]]);
    let [conflict] = found.conflicts.as_slice() else { panic!("{found:?}") };
    assert_eq!((conflict.why, &conflict.pair), (Why::Different, &PairKey::new("a1", "c1")));
    assert_eq!(conflict.link, links[1]);
    assert_eq!(conflict.path, ["a1", "b1", "c1"]);
}

#[test]
fn a_persons_link_goes_before_the_evidence() {
    let links = [link("a1", "b1", 0.999, false), link("b1", "c1", 0.5, true)];
    let different = BTreeSet::from([PairKey::new("c1", "a1")]);
    assert_eq!(clusters(&links, &different, source_of).groups, [["b1", "c1"]]);
}

#[test]
fn records_of_one_source_come_together_by_a_person_only() {
    let links = [link("a1", "b1", 0.999, false), link("a2", "b1", 0.995, false)];
    let found = clusters(&links, &BTreeSet::new(), source_of);
    assert_eq!(found.groups, [["a1", "b1"]]);
    assert_eq!(found.conflicts[0].why, Why::SameSource);
    let links = [link("a1", "b1", 0.999, true), link("a2", "b1", 0.995, true)];
    let found = clusters(&links, &BTreeSet::new(), source_of);
    assert_eq!(found.groups, [["a1", "a2", "b1"]]);
}

#[test]
fn the_record_that_stood_for_a_cluster_goes_on_to() {
    let standing = |id: &str, trust, fields, since| Standing {
        id: id.to_owned(),
        trust,
        fields,
        since: Timestamp::from_second(since).unwrap(),
    };
    let members = [
        standing("b", 50, 9, 5),
        standing("a", 50, 9, 5),
        standing("old", 50, 9, 1),
        standing("full", 50, 10, 9),
        standing("trusted", 90, 1, 9),
    ];
    assert_eq!(canonical(&members, Some("b")), Some("b"));
    assert_eq!(canonical(&members, Some("gone")), Some("trusted"));
    assert_eq!(canonical(&members[..4], None), Some("full"));
    assert_eq!(canonical(&members[..3], None), Some("old"));
    assert_eq!(canonical(&members[..2], None), Some("a"));
    assert_eq!(canonical(&[], Some("b")), None);
}

#[test]
fn a8_when_all_keys_change_old_and_new_are_paired_by_content() {
    let towns = ["Leith", "Perth", "Oban", "Keith", "Alloa", "Nairn"];
    let at = |version: &str, town: &str| {
        let entity = entity("a", &format!("{town} Library"), "");
        let id = format!("asset/{version}-{town}");
        phone(Entity { id, ..entity }, &format!("01340 8{:05}", town.len() * 7919))
    };
    let old: Vec<Entity> = towns.iter().map(|town| at("old", town)).collect();
    let mut new: Vec<Entity> = towns.iter().rev().map(|town| at("new", town)).collect();
    new.push(at("new", "Wick"));
    let found = rekeys(&old, &new);
    assert_eq!(found.len(), towns.len());
    for rekey in &found {
        assert!(rekey.sure, "{rekey:?}");
        assert_eq!(rekey.old.replace("old", "new"), rekey.new);
    }
}

#[test]
fn a8_equal_content_goes_before_likeness_and_twins_are_not_sure() {
    let twin = |id: &str, content: Option<&str>| Entity {
        id: id.to_owned(),
        content: content.map(str::to_owned),
        ..entity("a", "Aberlour Library", "AB38 9QA")
    };
    let found = rekeys(
        &[twin("o1", Some("x")), twin("o2", Some("y")), twin("o3", None)],
        &[twin("n1", Some("y")), twin("n2", Some("x")), twin("n3", None), twin("n4", None)],
    );
    let pairs: Vec<(&str, &str, bool)> =
        found.iter().map(|rekey| (rekey.old.as_str(), rekey.new.as_str(), rekey.sure)).collect();
    assert_eq!(pairs, [("o2", "n1", true), ("o1", "n2", true), ("o3", "n3", false)]);
}
