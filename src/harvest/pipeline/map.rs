//! A draft becomes a record: cleaned, with our categories for the
//! publisher's terms, a place when its text tells one, and valid.

use serde_json::{Map, Value as Json, json};

use crate::gazetteer::Gazetteer;
use crate::harvest::clean::{self, Manner};
use crate::harvest::extraction::{Draft, Problem, State, Term};
use crate::harvest::licence;
use crate::harvest::settings::Settings;
use crate::harvest::terms::{Resolution, Table, Terms, table_keys};
use crate::model::{NOT_STATED, TermsOfUse};
use crate::record::{FromJson, Record, RecordId, Value, from_json, to_json, validate};
use crate::register::Register;
use crate::register::ledger::StagedRecord;
use crate::schema::{Field, Kind};

use super::advice::advice;
use super::areas::Areas;
use super::identity::Identities;
use super::place::Places;
use super::{apart, areas, own, protect, schemes, whereabouts};

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
    /// The terms of its use, where they are not those of its source.
    pub use_terms: Option<TermsOfUse>,
    /// Terms for which an editor should find a category, or an area.
    pub unknown_terms: Vec<(Term, Vec<String>)>,
    /// The keys of terms that hang on what editors decide, and what they have.
    pub decided_terms: Vec<(String, Option<String>)>,
}

/// What is to happen with a record.
pub(super) enum Fate {
    /// It is published.
    Publish { record: StagedRecord, hash: String },
    /// The publisher says that it is gone.
    Delete,
    /// It is outside what is taken from this source.
    PassOver,
    /// It is this record of ours, come back.
    Ours(RecordId),
    /// It says where it is by areas that nobody knows yet: an editor is asked.
    Wait,
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
        use_terms: draft.use_terms.take().and_then(|terms| context.settings.own_terms(terms)),
        unknown_terms: Vec::new(),
        decided_terms: Vec::new(),
    };
    if draft.state == State::Deleted {
        mapped.fate = Fate::Delete;
        return mapped;
    }
    // A register that we harvest says itself which record is which.
    let is_stated = draft.id.is_some();
    let ours = own::came_back(context.register, &draft.kind, &draft.key).filter(|_| !is_stated);
    if let Some(ours) = ours {
        mapped.fate = Fate::Ours(ours);
        return mapped;
    }
    let schema = context.register.schema();
    let settings = context.settings;
    let manner = Manner { language: &settings.language, double_encoding: settings.double_encoding };
    problems.extend(clean::clean(&mut draft, schema, context.url, manner));
    let served = categorise(context, &mut draft, &mut mapped);
    relate(context, &mut draft);
    let apart = apart::find(&draft.fields, context.gazetteer, &draft.at);
    problems.extend(apart.into_iter().map(|problem| problem.of(&draft.key)));
    whereabouts::find(context, &mut draft, &served.places, problems);
    tell_unknown(&draft, &served, problems);
    protect::protect(&mut draft, context.settings.personal, problems);
    if !context.settings.may_quote_on(mapped.use_terms.as_ref()) {
        // Without a licence that allows it, facts and links are taken, and no
        // texts or pictures (contract E7).
        let mut is_less = false;
        for key in ["description", "media", "logo"] {
            is_less |= draft.fields.remove(key).is_some();
        }
        let unknown = mapped.use_terms.as_ref().filter(|_| is_less).and_then(unknown_terms);
        problems.extend(unknown.map(|what| {
            Problem::warning("licence-unknown", draft.at.clone(), what)
                .advice("Name the licence by its address, such as https://creativecommons.org/licenses/by/4.0/.")
                .of(&draft.key)
        }));
    }
    if whereabouts::is_nowhere(&draft) && !served.unknown.is_empty() {
        mapped.fate = Fate::Wait;
        return mapped;
    }
    let Some(record) = valid(context, &mapped.id, &draft, problems) else { return mapped };
    let Some(record) = schemes::put_right(context.register, record, &draft, problems) else {
        return mapped;
    };
    if is_outside(context.settings, context.gazetteer, &record) {
        mapped.fate = Fate::PassOver;
        return mapped;
    }
    let record = StagedRecord::new(&to_json(schema, context.register.base(), &record));
    let hash = record.hash_on(mapped.use_terms.as_ref());
    mapped.fate = Fate::Publish { record, hash };
    mapped
}

/// That the `terms` of a record are none of which it is known that they let
/// texts be shared; `None` when they clearly don't.
fn unknown_terms(terms: &TermsOfUse) -> Option<String> {
    let licences = terms.licences.as_ref()?;
    let is_strange = |it: &&String| licence::lets_quote(it) && !licence::is_known(it);
    let strange = licences.iter().filter(|it| *it != NOT_STATED).find(is_strange);
    let strange = strange.or_else(|| terms.attribution.as_ref().filter(|_| licences.is_empty()))?;
    Some(format!(
        "it is given under “{strange}”, which is no licence that is known to let texts be shared: facts and links are taken"
    ))
}

/// Puts our categories and areas for the publisher's terms, and gives what
/// became of the areas.
fn categorise(context: &Context<'_>, draft: &mut Draft, mapped: &mut Mapped) -> Areas {
    let kind = context.register.schema().kind(&draft.kind);
    let takes = |field: &str| kind.is_some_and(|kind| kind.shape.field(field).is_some());
    let (takes_areas, takes_keywords, takes_topics) =
        (takes(areas::FIELD), takes("keywords"), takes("topics"));
    let terms = std::mem::take(&mut draft.terms);
    let (of_areas, terms): (Vec<_>, Vec<_>) =
        terms.into_iter().partition(|term| term.field == areas::FIELD);
    let of_areas = if takes_areas { of_areas } else { Vec::new() };
    let served = areas::read(context, of_areas);
    for code in &served.codes {
        add(&mut draft.fields, kind, areas::FIELD, &format!("place/{code}"));
    }
    mapped.decided_terms.extend(served.decided.iter().cloned());
    mapped.unknown_terms.extend(served.unknown.iter().cloned());
    // What is no area stays findable by its word.
    let unknown = served.unknown.iter().map(|(term, _)| &term.label).chain(&served.places);
    let mut keywords: Vec<String> = unknown.map(|label| keyword(label)).collect();
    for term in terms {
        let resolution = context.terms.resolve(&term, context.decided);
        if !matches!(resolution, Resolution::Exact(_) | Resolution::Alias(_)) {
            mapped.decided_terms.extend(table_keys(&term).into_iter().map(|key| {
                let answer = context.decided.get(&key).map(|it| it.answer().to_owned());
                (key, answer)
            }));
        }
        match resolution {
            Resolution::Exact(slug) | Resolution::Alias(slug) | Resolution::Table(slug) => {
                add(&mut draft.fields, kind, &term.field, &slug);
            }
            Resolution::Ignored => {}
            Resolution::Suggested(_) | Resolution::Unknown => {
                let suggestions = match resolution {
                    Resolution::Suggested(list) => list.into_iter().map(|it| it.concept).collect(),
                    _ => Vec::new(),
                };
                let code = term.code.as_ref().filter(|_| term.label.is_empty());
                let word = keyword(code.unwrap_or(&term.label));
                if !word.is_empty() && !keywords.contains(&word) {
                    keywords.push(word);
                }
                mapped.unknown_terms.push((term, suggestions));
            }
        }
    }
    if takes_keywords && !keywords.is_empty() {
        let known = draft.fields.remove("keywords");
        let known = known.iter().flat_map(as_list).filter_map(Json::as_str).map(str::to_owned);
        let mut all: Vec<String> = known.chain(keywords).collect();
        all.sort_unstable();
        all.dedup();
        draft.fields.insert("keywords".to_owned(), json!(all));
    }
    if takes_topics {
        for topic in &context.settings.topics {
            add(&mut draft.fields, kind, "topics", topic);
        }
    }
    served
}

/// A word as a keyword can be.
fn keyword(word: &str) -> String {
    word.chars().take(LONGEST_KEYWORD).collect()
}

/// Says which areas nobody knows; an error when the record waits for them.
fn tell_unknown(draft: &Draft, served: &Areas, problems: &mut Vec<Problem>) {
    if served.unknown.is_empty() {
        return;
    }
    let names: Vec<String> =
        served.unknown.iter().map(|(term, _)| format!("“{}”", term.label)).collect();
    let names = names.join(", ");
    let problem = if whereabouts::is_nowhere(draft) {
        let what = format!(
            "it says where it is by {names} alone, which is no area that is known; it waits until an editor says which one it is"
        );
        Problem::error("area-unknown", draft.at.clone(), what)
    } else {
        let what = format!("{names} is no area that is known; it was kept as a keyword");
        Problem::warning("area-unknown", draft.at.clone(), what)
    };
    problems.push(
        problem.advice("Give areas by their official name or code (S12000036).").of(&draft.key),
    );
}

pub(super) fn as_list(value: &Json) -> &[Json] {
    match value {
        Json::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

/// Adds a category or place to a field of a record of this `kind`: a field of
/// one value keeps its first.
fn add(fields: &mut Map<String, Json>, kind: Option<&Kind>, field: &str, slug: &str) {
    let is_single =
        kind.and_then(|kind| kind.shape.field(field)).is_some_and(|field| !field.is_list());
    match fields.get_mut(field) {
        None if is_single => {
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
        let ours = own::record(context.register, &link.kind, &link.key);
        let id = ours.unwrap_or_else(|| context.identities.of_key(&link.kind, &link.key));
        let iri = json!(base.thing(&id).as_str());
        let is_list = context
            .register
            .schema()
            .kind(&draft.kind)
            .and_then(|kind| kind.shape.field(&link.field))
            .is_some_and(Field::is_list);
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
        let topics = record.values("topics").iter().filter_map(Value::as_record);
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
