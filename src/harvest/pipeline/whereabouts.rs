//! Where things are whose publishers say so by a name, in a sentence, or not
//! at all.
//!
//! A location that only names its town gets the position of the town; an asset
//! that has no place gets the one that its areas or texts name, or else the
//! area that its source is about. What was worked out is marked so, and told
//! with how sure it is.

use serde_json::{Map, Value as Json, json};

use super::areas::FIELD as AREAS;
use super::map::{Context, as_list};
use super::place::Places;
use crate::gazetteer::{Kind, Status};
use crate::harvest::extraction::{Draft, Problem};
use crate::harvest::locate::{self, Derived, Text, Told};

/// How sure the position is of a town or postcode that is said to be served.
const SERVED: f64 = 0.6;

/// What a publisher can do who gives an outline alone.
const OUTLINE_ADVICE: &str = "Name the areas by their official names or codes (S12000036), or give the place at which people arrive.";

/// Locations that are made of what one record serves.
const MOST_SERVED: usize = 20;

/// The code of a name that several places have.
const AMBIGUOUS: &str = "place-ambiguous";

/// How many places of one name are told.
const MOST_TOLD: usize = 5;

/// Finds out where the thing of a draft is, as far as it does not say so; it
/// serves the towns and postcodes `served`.
pub(super) fn find(
    context: &Context<'_>,
    draft: &mut Draft,
    served: &[String],
    problems: &mut Vec<Problem>,
) {
    // The problems of its document may be many: what is told of it begins here.
    let first = problems.len();
    by_names(context, draft, problems);
    let has = |key: &str| draft.fields.contains_key(key);
    if draft.kind != "asset" || has(AREAS) || has_position(draft.fields.get("locations")) {
        return;
    }
    let is_online = draft.fields.contains_key("online");
    if !draft.outlines_served.is_empty() && !has("locations") && !is_online {
        let what = "its place was derived: the middle of the outline that it says it serves";
        let problem = Problem::warning("place-derived", draft.at.clone(), what);
        problems.push(problem.advice(OUTLINE_ADVICE).of(&draft.key));
        let outlines = std::mem::take(&mut draft.outlines_served);
        draft.set("locations", outlines);
        return;
    }
    let by_served = by_served(context, served);
    if !by_served.is_empty() && !draft.fields.contains_key("locations") {
        problems.extend(by_served.iter().map(|it| told(it, &draft.at).of(&draft.key)));
        let locations = by_served.into_iter().map(|it| Json::Object(it.location));
        draft.set("locations", locations.collect::<Vec<_>>());
        return;
    }
    match by_texts(context, draft) {
        Told::Position(derived) => {
            take(draft, derived, problems);
            return;
        }
        // Of a location without a position that was told.
        Told::Several(name, choices) if !is_told(&problems[first..]) => {
            problems.push(several(&name, choices, &draft.at, "it has no place").of(&draft.key));
        }
        Told::Several(..) | Told::Nothing => {}
    }
    let is_nowhere =
        !draft.fields.contains_key("locations") && draft.fields.get("online") != Some(&json!(true));
    let defaults = &context.settings.default_areas;
    if is_nowhere && !defaults.is_empty() {
        let areas: Vec<String> = defaults.iter().map(|code| format!("place/{code}")).collect();
        let codes: Vec<&str> = defaults.iter().map(String::as_str).collect();
        let what =
            format!("it says no place, so the area of the source, {}, was taken", codes.join(", "));
        problems.push(Problem::warning("area-assumed", draft.at.clone(), what).of(&draft.key));
        draft.set(AREAS, areas);
    }
}

/// Whether an asset says nowhere where it is, and so can't be taken.
pub(super) fn is_nowhere(draft: &Draft) -> bool {
    let has = |key: &str| draft.fields.contains_key(key);
    draft.kind == "asset" && !has("locations") && !has(AREAS) && !has("online")
}

/// Positions for the locations that have only names.
fn by_names(context: &Context<'_>, draft: &mut Draft, problems: &mut Vec<Problem>) {
    let near: Vec<String> =
        context.settings.default_areas.union(&context.settings.only_areas).cloned().collect();
    let places = Places { gazetteer: context.gazetteer };
    let Some(locations) = draft.fields.get_mut("locations").and_then(Json::as_array_mut) else {
        return;
    };
    for location in locations.iter_mut().filter_map(Json::as_object_mut) {
        let country = location.get("country").and_then(Json::as_str);
        if tells_position(location) || country.is_some_and(|country| country != "GB") {
            continue;
        }
        match locate::by_name(location, &near, &places) {
            Told::Position(derived) => {
                problems.push(told(&derived, &draft.at).of(&draft.key));
                for (key, value) in derived.location {
                    location.entry(key).or_insert(value);
                }
            }
            Told::Several(name, choices) => {
                problems
                    .push(several(&name, choices, &draft.at, "it has no position").of(&draft.key));
            }
            Told::Nothing => {}
        }
    }
}

/// That a name is that of several places, so that `nothing` is known.
fn several(name: &str, mut choices: Vec<String>, at: &str, nothing: &str) -> Problem {
    let count = choices.len();
    choices.truncate(MOST_TOLD);
    let more = if count > MOST_TOLD { " …" } else { "" };
    let choices = choices.join("; ");
    let what = format!("{count} places are called “{name}” ({choices}{more}), so {nothing}");
    Problem::warning(AMBIGUOUS, at, what).advice("Give the postcode, or the council or county.")
}

/// Whether an ambiguous name is among the `problems` of one draft.
fn is_told(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.code == AMBIGUOUS)
}

/// The positions of the towns and postcodes that are served.
fn by_served(context: &Context<'_>, served: &[String]) -> Vec<Derived> {
    served.iter().take(MOST_SERVED).filter_map(|name| of_served(context, name)).collect()
}

fn of_served(context: &Context<'_>, name: &str) -> Option<Derived> {
    let found = context.gazetteer.resolve(name).ok()?;
    let (field, from) = match (found.kind, found.status) {
        // The middle of an island or region is no place to go to.
        (Kind::Place, _) if found.is_wide() => return None,
        (Kind::Place, _) => ("locality", "place"),
        (Kind::District, _) => ("name", "district"),
        (Kind::Sector, _) => ("name", "sector"),
        (Kind::Postcode, Status::Approximate) => ("postcode", "sector"),
        (Kind::Postcode, _) => ("postcode", "postcode"),
        (Kind::Point | Kind::Area, _) => return None,
    };
    let mut location = Map::new();
    let label = if field == "name" { json!({ "en": found.label }) } else { json!(found.label) };
    location.insert(field.to_owned(), label);
    location.insert("latitude".to_owned(), json!(found.point.latitude()));
    location.insert("longitude".to_owned(), json!(found.point.longitude()));
    location.insert("positionFrom".to_owned(), json!(from));
    Some(Derived { location, from, sure: SERVED, evidence: format!("{AREAS}: “{name}”") })
}

/// The place that the texts of a draft name.
fn by_texts(context: &Context<'_>, draft: &Draft) -> Told {
    let fields = &draft.fields;
    let online_only =
        fields.get("online") == Some(&json!(true)) && !fields.contains_key("locations");
    let areas: Vec<String> = context.settings.only_areas.iter().cloned().collect();
    let surroundings = locate::Context { online_only, areas: &areas, not: &[] };
    let texts: Vec<Text<'_>> = texts_of(fields);
    locate::locate(&texts, &surroundings, &Places { gazetteer: context.gazetteer })
}

/// Adds what was worked out to the first location, or as one.
fn take(draft: &mut Draft, derived: Derived, problems: &mut Vec<Problem>) {
    problems.push(told(&derived, &draft.at).of(&draft.key));
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

fn told(derived: &Derived, at: &str) -> Problem {
    let percent = derived.sure * 100.0;
    let what = format!("its place was derived, {percent:.0} % sure, from {}", derived.evidence);
    Problem::warning("place-derived", at, what)
}

/// Whether a location tells where it is by itself.
fn has_position(locations: Option<&Json>) -> bool {
    locations.into_iter().flat_map(as_list).filter_map(Json::as_object).any(tells_position)
}

fn tells_position(location: &Map<String, Json>) -> bool {
    location.contains_key("latitude") || location.contains_key("postcode")
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
