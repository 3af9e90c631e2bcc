//! What one register exports as Open Referral, another harvests as Open
//! Referral: the same records with the same properties.

use std::collections::BTreeMap;
use std::path::Path;

use kist::model::Revision;
use kist::record::{RecordId, to_json};
use kist::register::ledger::{Outcome, Run};
use kist::register::{References, Register, Since};
use serde_json::{Value as Json, json};

use crate::federation::{Publisher, harvest, harvester_of, held, now, say};

const ROOT: &str = "/open-referral/v3/";

fn load(register: &Register, path: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let imported = register.read_json(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(imported.problems, Vec::<String>::new());
    register.apply(imported.drafts, References::Kept, "test", now()).unwrap();
}

/// The differences between what `first` publishes and what `second` has, each
/// property by the name of its record.
fn differences(first: &Register, second: &Register) -> Vec<String> {
    let base = first.base().as_str();
    let (originals, copies) = (held(first, base), held(second, base));
    let mut found = Vec::new();
    for (id, original) in originals.iter().filter(|(id, _)| is_served(id)) {
        let Some(copy) = copies.get(id) else {
            found.push(format!("{id} is missing"));
            continue;
        };
        let mut keys: Vec<&String> = original.as_object().unwrap().keys().collect();
        keys.extend(copy.as_object().unwrap().keys());
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            if original.get(key).map(tidied) != copy.get(key).map(tidied) {
                let (one, other) = (original.get(key), copy.get(key));
                found.push(format!("{id} {key}: {one:?} became {other:?}"));
            }
        }
    }
    found.extend(
        copies.keys().filter(|id| !originals.contains_key(*id)).map(|id| format!("{id} is new")),
    );
    found
}

/// A value as harvesting leaves it, whatever the format: addresses as the web
/// writes them, times of day to the minute.
fn tidied(value: &Json) -> Json {
    match value {
        Json::Array(list) => list.iter().map(tidied).collect(),
        Json::Object(object) => {
            object.iter().map(|(key, value)| (key.clone(), tidied(value))).collect()
        }
        Json::String(text) => {
            if let Ok(url) = text.parse::<url::Url>() {
                return url.as_str().into();
            }
            match text.rsplit_once(':') {
                Some((minutes, _)) if text.parse::<jiff::civil::Time>().is_ok() => minutes.into(),
                _ => text.as_str().into(),
            }
        }
        other => other.clone(),
    }
}

/// Whether records of the kind are part of the standard.
fn is_served(id: &str) -> bool {
    id.starts_with("asset/") || id.starts_with("organisation/")
}

#[tokio::test]
async fn records_with_every_property_come_back_as_they_were() {
    let publisher = Publisher::start().await;
    load(&publisher.register, "tests/fixtures/open-referral/rich.json");
    // Neither has a UUID, and one is only a part over another source.
    let walk = json!({
        "name": "Walk", "assetType": "category/activity-asset", "provider": "organisation/walkers",
        "locations": [{"postcode": "EH6 6AA"}], "topics": ["category/walking"],
    });
    say(&publisher.register, "feed", "organisation/walkers", &json!({"name": "Walkers"}));
    say(&publisher.register, "feed", "asset/walk", &walk);
    let part = json!({"summary": "A quick walk.", "withholds": ["topics"], "partial": true});
    say(&publisher.register, "local", "asset/walk", &part);
    let second = harvester_of(publisher.address, "open-referral", ROOT);
    let run = harvest(&second, Outcome::Ok).await;
    assert_eq!(differences(&publisher.register, second.register()), Vec::<String>::new());
    assert_eq!(run.counts.created, 8, "{run:#?}");
    // Once more: nothing new.
    let again: Run = harvest(&second, Outcome::Unchanged).await;
    assert_eq!(again.counts.changed, 0, "{again:#?}");
}

#[tokio::test]
async fn the_seeds_come_back_as_they_were() {
    let publisher = Publisher::start().await;
    for seed in ["organisations", "library-services", "hospitals"] {
        load(&publisher.register, &format!("seeds/{seed}.json"));
    }
    let second = harvester_of(publisher.address, "open-referral", ROOT);
    harvest(&second, Outcome::Ok).await;
    assert_eq!(differences(&publisher.register, second.register()), Vec::<String>::new());
}

/// Every property of an asset and an organisation is in the fixture, so that
/// none can be forgotten.
#[test]
fn the_fixture_has_every_property() {
    let register = crate::federation::open("https://first.example");
    load(&register, "tests/fixtures/open-referral/rich.json");
    let records = register.changed_records(Since::After(Revision(0)), 100).unwrap();
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in records.into_iter().filter_map(|changed| changed.record) {
        let json: Json = to_json(register.schema(), register.base(), &record);
        let id: &RecordId = &record.id;
        let keys = json.as_object().unwrap().keys().cloned();
        seen.entry(id.kind().to_owned()).or_default().extend(keys);
    }
    // A club is a member of nothing here; marks of parts, and which record
    // stands for others here, are never exported.
    let left_out = ["memberOf", "partial", "withholds", "canonical"];
    for kind in ["asset", "organisation"] {
        for field in &register.schema().kind(kind).unwrap().shape.fields {
            let is_there =
                seen[kind].contains(&field.key) || left_out.contains(&field.key.as_str());
            assert!(is_there, "{kind} {}", field.key);
        }
    }
}
