//! A draft becomes a record: cleaned, with our categories for the
//! publisher's terms, a place when its text tells one, and valid.

use serde_json::{Map, Value as Json, json};

use crate::gazetteer::Gazetteer;
use crate::harvest::clean;
use crate::harvest::extraction::{Draft, Problem, State, Term};
use crate::harvest::locate::{self, Text};
use crate::harvest::settings::Settings;
use crate::harvest::terms::{Resolution, Table, Terms, table_keys};
use crate::record::{FromJson, Record, RecordId, from_json, to_json, validate};
use crate::register::Register;

use super::advice::advice;
use super::apart;
use super::identity::Identities;
use super::place::Places;
use super::protect;
use super::schemes;

/// How many times faulty fields are taken away before a record is refused.
const REPAIRS: usize = 4;

/// The longest keyword, as the shape has it.
const LONGEST_KEYWORD: usize = 100;

/// What mapping depends on besides the draft.
pub(super) struct Context<'a> {
    pub register: &'a Register,
    pub settings: &'a Settings,
    pub identities: &'a Identities<'a>,
    pub terms: &'a Terms,
    pub decided: &'a Table,
    pub gazetteer: &'a Gazetteer,
    /// The address of the document.
    pub url: &'a url::Url,
}

/// What became of a draft.
pub(super) struct Mapped {
    /// Kind and key, as the ledger has them.
    pub kind: String,
    pub key: String,
    pub id: RecordId,
    pub modified: Option<String>,
    pub fate: Fate,
    /// Terms for which an editor should find a category.
    pub unknown_terms: Vec<(Term, Vec<String>)>,
    /// The keys of terms that hang on what editors decide, and what they have.
    pub decided_terms: Vec<(String, Option<String>)>,
}

/// What is to happen with a record.
pub(super) enum Fate {
    /// It is published.
    Publish { json: Json, hash: String },
    /// The publisher says that it is gone.
    Delete,
    /// It is outside what is taken from this source.
    PassOver,
    /// It can't be taken.
    Reject,
}

/// Maps one draft; what was wrong is added to `problems`.
pub(super) fn map(context: &Context<'_>, mut draft: Draft, problems: &mut Vec<Problem>) -> Mapped {
    let id = context.identities.of(&draft);
    let mut mapped = Mapped {
        kind: draft.kind.clone(),
        key: draft.key.clone(),
        id,
        modified: draft.modified.clone(),
        fate: Fate::Reject,
        unknown_terms: Vec::new(),
        decided_terms: Vec::new(),
    };
    if draft.state == State::Deleted {
        mapped.fate = Fate::Delete;
        return mapped;
    }
    let schema = context.register.schema();
    problems.extend(clean::clean(&mut draft, schema, context.url, &context.settings.language));
    categorise(context, &mut draft, &mut mapped);
    relate(context, &mut draft);
    let apart = apart::find(&draft.fields, context.gazetteer, &draft.at);
    problems.extend(apart.into_iter().map(|problem| problem.of(&draft.key)));
    locate_by_text(context, &mut draft, problems);
    protect::protect(&mut draft, context.settings.personal, problems);
    if !context.settings.may_quote() {
        // Without a licence that allows it, facts and links are taken, and no
        // texts or pictures (contract E7).
        for key in ["description", "media", "logo"] {
            draft.fields.remove(key);
        }
    }
    let Some(record) = valid(context, &mapped.id, &draft, problems) else { return mapped };
    let Some(record) = schemes::put_right(context.register, record, &draft, problems) else {
        return mapped;
    };
    if is_outside(context.settings, context.gazetteer, &record) {
        mapped.fate = Fate::PassOver;
        return mapped;
    }
    let json = to_json(schema, context.register.base(), &record);
    let hash = blake3::hash(json.to_string().as_bytes()).to_hex().to_string();
    mapped.fate = Fate::Publish { json, hash };
    mapped
}

fn categorise(context: &Context<'_>, draft: &mut Draft, mapped: &mut Mapped) {
    let mut keywords: Vec<String> = Vec::new();
    for term in std::mem::take(&mut draft.terms) {
        let resolution = context.terms.resolve(&term, context.decided);
        if !matches!(resolution, Resolution::Exact(_) | Resolution::Alias(_)) {
            mapped.decided_terms.extend(table_keys(&term).into_iter().map(|key| {
                let answer = context.decided.get(&key).map(|it| it.answer().to_owned());
                (key, answer)
            }));
        }
        match resolution {
            Resolution::Exact(slug) | Resolution::Alias(slug) | Resolution::Table(slug) => {
                add(&mut draft.fields, &term.field, &slug);
            }
            Resolution::Ignored => {}
            Resolution::Suggested(_) | Resolution::Unknown => {
                let suggestions = match resolution {
                    Resolution::Suggested(list) => list.into_iter().map(|it| it.concept).collect(),
                    _ => Vec::new(),
                };
                let label = if term.label.is_empty() { term.code.clone() } else { None };
                let word: String = label
                    .unwrap_or_else(|| term.label.clone())
                    .chars()
                    .take(LONGEST_KEYWORD)
                    .collect();
                if !word.is_empty() && !keywords.contains(&word) {
                    keywords.push(word);
                }
                mapped.unknown_terms.push((term, suggestions));
            }
        }
    }
    let takes = |field: &str| {
        let kind = context.register.schema().kind(&draft.kind);
        kind.is_some_and(|kind| kind.shape.field(field).is_some())
    };
    if takes("keywords") && !keywords.is_empty() {
        let known = draft.fields.remove("keywords");
        let known = known.iter().flat_map(as_list).filter_map(Json::as_str).map(str::to_owned);
        let mut all: Vec<String> = known.chain(keywords).collect();
        all.sort_unstable();
        all.dedup();
        draft.fields.insert("keywords".to_owned(), json!(all));
    }
    if takes("topics") {
        for topic in &context.settings.topics {
            add(&mut draft.fields, "topics", topic);
        }
    }
}

fn as_list(value: &Json) -> &[Json] {
    match value {
        Json::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

/// Adds a category to a field of the record, or of the place that it is of:
/// a field of one value keeps its first.
fn add(fields: &mut Map<String, Json>, field: &str, slug: &str) {
    let single = matches!(field, "assetType" | "resourceType" | "sector" | "form" | "stage");
    match fields.get_mut(field) {
        None if single => {
            fields.insert(field.to_owned(), json!(slug));
        }
        None => {
            fields.insert(field.to_owned(), json!([slug]));
        }
        Some(Json::Array(list)) if !list.iter().any(|known| known == slug) => {
            list.push(json!(slug));
        }
        Some(_) => {}
    }
}

fn relate(context: &Context<'_>, draft: &mut Draft) {
    let base = context.register.base();
    context.identities.relate(context.register.schema(), base, draft);
    for link in std::mem::take(&mut draft.links) {
        let id = context.identities.of_key(&link.kind, &link.key);
        let iri = json!(base.thing(&id).as_str());
        let is_list = context
            .register
            .schema()
            .kind(&draft.kind)
            .and_then(|kind| kind.shape.field(&link.field))
            .is_some_and(crate::schema::Field::is_list);
        match draft.fields.get_mut(&link.field) {
            Some(Json::Array(list)) => list.push(iri),
            Some(_) => {}
            None => {
                let value = if is_list { json!([iri]) } else { iri };
                draft.fields.insert(link.field, value);
            }
        }
    }
}

/// An asset without any place gets the one that its text tells, marked as
/// derived.
fn locate_by_text(context: &Context<'_>, draft: &mut Draft, problems: &mut Vec<Problem>) {
    let has = |key: &str| draft.fields.contains_key(key);
    if draft.kind != "asset" || has("areaServed") || has_position(draft.fields.get("locations")) {
        return;
    }
    let online_only = draft.fields.get("online") == Some(&json!(true)) && !has("locations");
    let areas: Vec<String> = context.settings.only_areas.iter().cloned().collect();
    let derived = {
        let texts: Vec<Text<'_>> = texts_of(&draft.fields);
        let surroundings = locate::Context { online_only, areas: &areas, not: &[] };
        locate::locate(&texts, &surroundings, &Places { gazetteer: context.gazetteer })
    };
    let Some(derived) = derived else { return };
    let percent = derived.sure * 100.0;
    let what = format!("its place was derived, {percent:.0} % sure, from {}", derived.evidence);
    problems.push(Problem::warning("place-derived", draft.at.clone(), what).of(&draft.key));
    match draft.fields.get_mut("locations") {
        Some(Json::Array(list)) if !list.is_empty() => {
            if let Some(first) = list[0].as_object_mut() {
                for (key, value) in derived.location {
                    first.entry(key).or_insert(value);
                }
            }
        }
        _ => {
            let list = vec![Json::Object(derived.location)];
            draft.fields.insert("locations".to_owned(), Json::Array(list));
        }
    }
}

/// Whether a location tells where it is by itself.
fn has_position(locations: Option<&Json>) -> bool {
    let told =
        |location: &Json| location.get("latitude").is_some() || location.get("postcode").is_some();
    locations.into_iter().flat_map(as_list).any(told)
}

/// The texts that may tell a place, the most telling first: names of
/// locations, then what is said of the whole.
fn texts_of(fields: &Map<String, Json>) -> Vec<Text<'_>> {
    let mut texts = Vec::new();
    for location in fields.get("locations").into_iter().flat_map(as_list) {
        for key in ["locality", "name", "streetAddress"] {
            texts.extend(
                location
                    .get(key)
                    .into_iter()
                    .flat_map(in_any_language)
                    .map(|text| Text { field: "locations", text }),
            );
        }
    }
    for field in ["name", "summary", "description"] {
        let values = fields.get(field).into_iter().flat_map(in_any_language);
        texts.extend(values.map(|text| Text { field, text }));
    }
    texts
}

fn in_any_language(value: &Json) -> Vec<&str> {
    match value {
        Json::String(text) => vec![text],
        Json::Object(languages) => languages.values().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The record, without the fields that are faulty and can be missed; `None`
/// when it is not valid even so.
fn valid(
    context: &Context<'_>,
    id: &RecordId,
    draft: &Draft,
    problems: &mut Vec<Problem>,
) -> Option<Record> {
    let schema = context.register.schema();
    let kind = schema.kind(&draft.kind)?;
    let reader = FromJson { schema, base: context.register.base(), keys_of: None };
    let mut json = Json::Object(draft.fields.clone());
    let mut repaired: Vec<(String, String)> = Vec::new();
    for _ in 0..REPAIRS {
        let faults = match from_json(reader, kind, Some(id), &json) {
            Ok(record) => match validate(schema, &record) {
                faults if faults.is_empty() => {
                    for (pointer, detail) in repaired {
                        let what = format!("{pointer} was left out: {detail}");
                        problems.push(
                            Problem::warning("field-left-out", draft.at.clone(), what)
                                .of(&draft.key),
                        );
                    }
                    return Some(record);
                }
                faults => faults,
            },
            Err(faults) => faults,
        };
        let mut helped = false;
        // From the end, so that places in lists stay right.
        for fault in faults.iter().rev() {
            helped |= take_away(&mut json, &fault.pointer);
        }
        if !helped {
            for fault in &faults {
                let what = match fault.pointer.as_str() {
                    "" => fault.detail.clone(),
                    pointer => format!("{pointer}: {}", fault.detail),
                };
                let problem = Problem::error("invalid-record", draft.at.clone(), what);
                problems.push(problem.advice(advice(kind, fault)).of(&draft.key));
            }
            return None;
        }
        repaired.extend(faults.into_iter().map(|fault| (fault.pointer, fault.detail)));
    }
    let what = "too many fields are faulty";
    let problem = Problem::error("invalid-record", draft.at.clone(), what);
    let advice = "Correct the fields that were left out of other records of this source first.";
    problems.push(problem.advice(advice).of(&draft.key));
    None
}

/// Takes away what a pointer names; `false` when nothing is there, or it is
/// the whole.
pub(super) fn take_away(json: &mut Json, pointer: &str) -> bool {
    let Some((parent, last)) = pointer.rsplit_once('/') else { return false };
    let key = last.replace("~1", "/").replace("~0", "~");
    match json.pointer_mut(parent) {
        Some(Json::Object(object)) => object.remove(&key).is_some(),
        Some(Json::Array(values)) => {
            let place = key.parse::<usize>().ok().filter(|place| *place < values.len());
            place.map(|place| values.remove(place)).is_some()
        }
        // A single value may stand where the pointer counts a list of one.
        Some(_) if key == "0" => take_away(json, parent),
        _ => false,
    }
}

/// Whether a record is outside the areas or topics that are taken.
pub(super) fn is_outside(settings: &Settings, gazetteer: &Gazetteer, record: &Record) -> bool {
    if record.id.kind() == "asset" && !settings.only_topics.is_empty() {
        let topics = record.values("topics").iter().filter_map(crate::record::Value::as_record);
        if !topics.into_iter().any(|topic| settings.only_topics.contains(topic.id())) {
            return true;
        }
    }
    if settings.only_areas.is_empty() {
        return false;
    }
    let places = Places { gazetteer };
    places.is_outside(record, &settings.only_areas)
}
