//! Values that were corrected here and that their source changes now
//! (contract F66): what was corrected stays, and an editor is asked to look.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::begin::Work;
use super::{HarvestError, Harvester};
use crate::journal::Durability;
use crate::record::{FromJson, Record, from_json, label, to_json};
use crate::register::LOCAL_SOURCE;
use crate::register::ledger::{Decision, Review, ReviewKind, Row as _, Staged};

/// Asks about each record of which the run changes a property that was
/// corrected or withheld here. Costs a look at the records that change, and
/// nothing for the others.
pub(super) fn ask(harvester: &Harvester, work: &Work) -> Result<(), HarvestError> {
    let ledger = harvester.register.ledger();
    let source = &work.run.source;
    let mut notes = Vec::new();
    for (key, hash) in &work.staged {
        let is_change =
            work.known.get(key).is_some_and(|item| item.is_published() && item.hash != *hash);
        if hash.is_empty() || !is_change {
            continue;
        }
        let Some(staged) = ledger.get::<Staged>(&format!("{source}\n{key}"))? else { continue };
        let Some(differing) = differing(harvester, source, &staged)? else { continue };
        let about = format!("{source}\n{}", staged.id);
        let key = Review::key(ReviewKind::Curated, &about);
        let properties = json!(differing.properties);
        let fingerprint = blake3::hash(properties.to_string().as_bytes()).to_hex().to_string();
        let decided: Option<Decision> = ledger.get(&key)?;
        if decided.is_some_and(|decision| decision.fingerprint == fingerprint) {
            continue;
        }
        let names: Vec<&str> = differing.properties.keys().map(String::as_str).collect();
        let review = Review {
            kind: ReviewKind::Curated,
            question: format!(
                "{source} has changed what was corrected here of {}: {}. Does the correction still hold?",
                differing.name,
                names.join(", ")
            ),
            about: json!({
                "source": source, "record": staged.id.to_string(), "properties": properties,
                "fingerprint": fingerprint,
            }),
            why: Json::Null,
            since: harvester.now(),
        };
        notes.push(review.put(key));
    }
    if notes.is_empty() {
        return Ok(());
    }
    Ok(ledger.write(&notes, Durability::Relaxed)?)
}

/// What of a record is corrected here and changed by its source.
struct Differing {
    name: String,
    /// By property, what the source said, what it says now, and what is said
    /// here.
    properties: BTreeMap<String, Json>,
}

fn differing(
    harvester: &Harvester,
    source: &str,
    staged: &Staged,
) -> Result<Option<Differing>, HarvestError> {
    let register = &harvester.register;
    let said = register.by_source(&staged.id)?;
    let of = |speaker: &str| said.iter().find(|(by, _)| by == speaker).map(|(_, record)| record);
    let (Some(here), Some(before)) = (of(LOCAL_SOURCE), of(source)) else { return Ok(None) };
    let (schema, base) = (register.schema(), register.base());
    let context = FromJson { schema, base, keys_of: None };
    let kind = schema.kind(staged.id.kind());
    let after = kind.zip(staged.record.as_ref());
    let after = after
        .and_then(|(kind, said)| from_json(context, kind, Some(&staged.id), &said.json()).ok());
    let Some(after) = after else { return Ok(None) };
    let json = |record: &Record| to_json(schema, base, record);
    let (jsons, withheld) = ([json(before), json(&after), json(here)], here.withheld());
    let is_marker = |key: &str| matches!(key, "partial" | "withholds");
    let corrected = here.fields.keys().map(String::as_str).chain(withheld);
    let properties = corrected
        .filter(|key| !is_marker(key) && before.values(key) != after.values(key))
        .filter(|key| here.values(key) != after.values(key))
        .map(|key| {
            let [before, after, here] = jsons.each_ref().map(|json| &json[key]);
            (key.to_owned(), json!({ "before": before, "after": after, "here": here }))
        })
        .collect::<BTreeMap<_, _>>();
    let name = label(&after, "en").to_owned();
    Ok((!properties.is_empty()).then_some(Differing { name, properties }))
}
