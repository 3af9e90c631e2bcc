//! The parameters of a search → the query of the register.

use jiff::civil::{Date, DateTime, Time};

use crate::gazetteer::{Gazetteer, Kind, Level, Resolution};
use crate::model::{Moment, Point, Postcode, is_language_tag, weekday};
use crate::record::RecordId;
use crate::register::{
    Duplicates, Explain, Facet, Filter, LOCAL_SOURCE, LinkTrouble, OnlineToo, Page, Polygon, Query,
    Region, Register, Sort, Start, Where,
};
use crate::schema::Schema;
use crate::web::faults;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result, nearest};

/// How many hits a page has when nothing is said.
const ORDINARY_LIMIT: usize = 20;

/// Kinds that describe the register rather than stand in it. A search near a
/// place passes over them unless it asks for them: a ward is no neighbour.
const REFERENCE_KINDS: &[&str] = &["place", "category", "scheme", "source", "run"];

/// Facets by the names of the API, with the parameter that filters by each.
const FACETS: &[(&str, Facet)] = &[
    ("kind", Facet::Kind),
    ("type", Facet::AssetType),
    ("resource_type", Facet::ResourceType),
    ("topic", Facet::Topic),
    ("audience", Facet::Audience),
    ("accessibility", Facet::Accessibility),
    ("sector", Facet::Sector),
    ("form", Facet::PartnershipForm),
    ("stage", Facet::PartnershipStage),
    ("language", Facet::Language),
    ("cost", Facet::Cost),
    ("access", Facet::AccessMode),
    ("status", Facet::Status),
    ("level", Facet::Level),
    ("scheme", Facet::Scheme),
    ("parent", Facet::Parent),
    ("organisation", Facet::Organisation),
    ("source", Facet::Source),
    ("clearance", Facet::Clearance),
];

/// The search that `parameters`, read by [`crate::web::search_parameters::PARAMETERS`], ask for
/// on the day `today`.
///
/// # Errors
///
/// 400 for what the parameters can't know alone: unknown kinds, categories
/// and areas, two regions at once, a polygon that crosses itself.
pub fn query_of(
    register: &Register,
    parameters: &Parameters,
    today: Date,
) -> Result<(Query, Where)> {
    let mut filters = Vec::new();
    for (name, facet) in FACETS {
        if *name == "kind" {
            continue;
        }
        let any_of = values(parameters, name);
        if any_of.is_empty() {
            continue;
        }
        let any_of = match facet {
            Facet::Organisation | Facet::Clearance => {
                identifiers(register, name, "organisation", &any_of)?
            }
            Facet::Source => identifiers(register, name, "source", &any_of)?,
            Facet::Scheme => identifiers(register, name, "scheme", &any_of)?,
            Facet::Parent => parents(register, name, &any_of)?,
            Facet::Level => levels(name, any_of)?,
            Facet::Language => languages(name, &any_of)?,
            _ => categories(register, name, *facet, any_of)?,
        };
        filters.push(Filter { facet: *facet, any_of });
    }
    let query = Query {
        text: parameters.text("q").unwrap_or_default(),
        centre: None,
        region: region(register, parameters)?,
        kinds: kinds(register.schema(), parameters)?,
        filters,
        without: Vec::new(),
        only: None,
        age: parameters.integer("age").and_then(|age| u8::try_from(age).ok()),
        open_at: parameters.text("open").map(|text| moment(&text)).transpose()?,
        today: Some(today),
        sort: sort(parameters)?,
        page: page(parameters)?,
        facets: facets(parameters)?,
        explain: if parameters.boolean("explain") == Some(true) {
            Explain::Yes
        } else {
            Explain::No
        },
        duplicates: match parameters.text("duplicates").as_deref() {
            Some("show") => Duplicates::Shown,
            _ => Duplicates::Hidden,
        },
        links: parameters.text("links").and_then(|text| match text.as_str() {
            "broken" => Some(LinkTrouble::Broken),
            "failing" => Some(LinkTrouble::Failing),
            _ => None,
        }),
        ..Query::default()
    };
    let within = parameters.distance("within");
    let near = parameters.text("near");
    if near.is_none() && within.is_some() {
        return Err(Problem::invalid_parameter(
            "within",
            "needs `near`, the place to measure from",
        ));
    }
    let online =
        if parameters.boolean("online") == Some(true) { OnlineToo::Yes } else { OnlineToo::No };
    Ok((query, Where { near, within, online }))
}

/// The values of a parameter that may be repeated, each of which may be a
/// list with commas; any of them will do.
fn values(parameters: &Parameters, name: &str) -> Vec<String> {
    parameters
        .texts(name)
        .iter()
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

fn facets(parameters: &Parameters) -> Result<Vec<Facet>> {
    let mut facets = Vec::new();
    for name in values(parameters, "facets") {
        let Some((_, facet)) = FACETS.iter().find(|(known, _)| *known == name) else {
            let names = FACETS.iter().map(|(name, _)| *name);
            let suggestion = nearest(&name, names.clone()).map(str::to_owned);
            let detail = format!("`{name}` is no facet");
            return Err(Problem::invalid_parameter("facets", detail)
                .with_suggestion(suggestion)
                .with_available(names.map(str::to_owned).collect()));
        };
        if !facets.contains(facet) {
            facets.push(*facet);
        }
    }
    Ok(facets)
}

/// The identifiers of the records of `kind` that the values of `parameter`
/// mean, each an identifier, a slug or an IRI.
fn identifiers(
    register: &Register,
    parameter: &str,
    kind: &str,
    values: &[String],
) -> Result<Vec<String>> {
    values.iter().map(|value| identifier(register, parameter, kind, value)).collect()
}

/// The wider categories or areas that `values` mean.
fn parents(register: &Register, parameter: &str, values: &[String]) -> Result<Vec<String>> {
    let parent = |value: &String| {
        let category = identifier(register, parameter, "category", value);
        category.or_else(|_| identifier(register, parameter, "place", value)).map_err(|_| {
            let detail = format!("no category and no place is registered as `{value}`");
            Problem::invalid_parameter(parameter, detail)
        })
    };
    values.iter().map(parent).collect()
}

/// The levels of areas, when there are such.
///
/// # Errors
///
/// 400 for the first that there is not.
pub(in crate::web) fn levels(parameter: &str, values: Vec<String>) -> Result<Vec<String>> {
    let Some(unknown) = values.iter().find(|value| Level::from_word(value).is_none()) else {
        return Ok(values);
    };
    let suggestion = nearest(unknown, Level::words()).map(str::to_owned);
    Err(Problem::invalid_parameter(parameter, format!("`{unknown}` is no level of areas"))
        .with_suggestion(suggestion)
        .with_available(Level::words().map(str::to_owned).collect()))
}

/// The tags of languages, in small letters; one of which nothing is offered is
/// a search that finds nothing, and what is no tag a mistake.
fn languages(parameter: &str, values: &[String]) -> Result<Vec<String>> {
    if let Some(wrong) = values.iter().find(|value| !is_language_tag(value)) {
        let detail = format!("`{wrong}` is no tag of a language such as `gd` or `en-GB` (BCP 47)");
        return Err(Problem::invalid_parameter(parameter, detail));
    }
    Ok(values.iter().map(|tag| tag.to_ascii_lowercase()).collect())
}

fn identifier(register: &Register, parameter: &str, kind: &str, value: &str) -> Result<String> {
    let unknown = || {
        let detail = format!("no {kind} is registered as `{value}`");
        Err(Problem::invalid_parameter(parameter, detail))
    };
    let named = match register.base().record_of(value) {
        Some(id) => id.ok().filter(|id| id.kind() == kind),
        None => RecordId::new(kind, value).ok(),
    };
    let Some(id) = named else { return unknown() };
    if register.summary(&id.to_string()).is_some() || is_of_register(&id) {
        return Ok(id.id().to_owned());
    }
    match register.by_slug(kind, id.id())? {
        Some(id) => Ok(id.id().to_owned()),
        None => unknown(),
    }
}

/// Whether it is a source that the register itself is, and no record tells of.
fn is_of_register(id: &RecordId) -> bool {
    id.kind() == "source" && id.id() == LOCAL_SOURCE
}

/// The name of a facet in the API.
#[must_use]
pub fn facet_name(facet: Facet) -> &'static str {
    FACETS.iter().find(|(_, known)| *known == facet).map_or("other", |(name, _)| name)
}

/// The categories that `values` mean, each a slug or what other systems call
/// it; facets of other values have them as they are. What no category is
/// called is a mistake, not a search that finds nothing.
fn categories(
    register: &Register,
    name: &str,
    facet: Facet,
    values: Vec<String>,
) -> Result<Vec<String>> {
    let Some(scheme) = Register::scheme_of(facet) else { return Ok(values) };
    let category = |value: String| match &register.categories_named(scheme, &value)[..] {
        [slug] => Ok(slug.clone()),
        [] => {
            let known = register.categories_of(scheme);
            let suggestion = nearest(&value, known.iter().map(String::as_str)).map(str::to_owned);
            let detail = format!("`{value}` is no category of the scheme `{scheme}`");
            Err(Problem::invalid_parameter(name, detail).with_suggestion(suggestion))
        }
        several => {
            let detail = format!(
                "`{value}` is what other systems call several categories: {}; ask for one",
                several.join(", ")
            );
            Err(Problem::invalid_parameter(name, detail).with_available(several.to_vec()))
        }
    };
    values.into_iter().map(category).collect()
}

/// The kinds that the parameter `kind` names, where the route has one.
///
/// # Errors
///
/// 400 for a kind that is not in the schema, with the nearest.
pub(in crate::web) fn kinds(schema: &Schema, parameters: &Parameters) -> Result<Vec<String>> {
    if !parameters.has("kind") {
        return Ok(Vec::new());
    }
    let kinds = values(parameters, "kind");
    for kind in &kinds {
        if schema.kind(kind).is_none() {
            let names = || schema.kinds().map(|kind| kind.name.as_str());
            let detail = format!("`{kind}` is not a kind of record");
            return Err(Problem::invalid_parameter("kind", detail)
                .with_suggestion(nearest(kind, names()))
                .with_available(names().map(str::to_owned).collect()));
        }
    }
    Ok(kinds)
}

/// The kinds that people look for, which is all that stand in the register.
#[must_use]
pub fn sought_kinds(schema: &Schema) -> Vec<String> {
    let kinds = schema.kinds().map(|kind| kind.name.as_str());
    kinds.filter(|kind| !REFERENCE_KINDS.contains(kind)).map(str::to_owned).collect()
}

fn region(register: &Register, parameters: &Parameters) -> Result<Option<Region>> {
    let areas = values(parameters, "area");
    let regions = [
        (!areas.is_empty()).then_some("area"),
        parameters.has("bbox").then_some("bbox"),
        parameters.has("polygon").then_some("polygon"),
    ];
    let mut given = regions.into_iter().flatten();
    if let (Some(first), Some(second)) = (given.next(), given.next()) {
        let detail = format!("can't stand beside `{first}`; ask for one region");
        return Err(Problem::invalid_parameter(second, detail));
    }
    if let Some(bounding_box) = parameters.bounding_box("bbox") {
        if Point::are_swapped(&[bounding_box.south_west(), bounding_box.north_east()]) {
            let detail = "is latitude first; write longitude first: west, south, east, north";
            return Err(Problem::invalid_parameter("bbox", detail));
        }
        return Ok(Some(Region::Box(bounding_box)));
    }
    if let Some(ring) = parameters.polygon("polygon") {
        if Point::are_swapped(&ring) {
            let detail = "has latitude and longitude swapped; latitude is first in \
                          `latitude,longitude;…`, and longitude in WKT";
            return Err(Problem::invalid_parameter("polygon", detail));
        }
        let polygon =
            Polygon::new(ring).map_err(|error| Problem::invalid_parameter("polygon", error))?;
        return Ok(Some(Region::Polygon(polygon)));
    }
    if areas.is_empty() {
        return Ok(None);
    }
    let gazetteer = register.gazetteer();
    let district = |text: &str| text.parse::<Postcode>().ok().map(|district| district.to_string());
    let area = |text: &str| {
        gazetteer.area(text).or_else(|| district(text).and_then(|text| gazetteer.area(&text)))
    };
    let codes = areas.iter().map(|text| match area(text) {
        Some(area) => Ok(area.code.to_string()),
        None => match gazetteer.resolve(text) {
            Ok(found) if found.kind == Kind::Area => {
                let code = found.areas.first().map(ToString::to_string);
                code.ok_or_else(|| Problem::invalid_parameter("area", "has no code"))
            }
            // A ward that has the name of a place is an area all the same.
            Ok(found) if let Some(area) = only_area(&gazetteer, &found) => Ok(area),
            Ok(_) => Err(Problem::invalid_parameter(
                "area",
                format!("`{text}` is a place and no area; use `near`, or the code of an area such as S12000036"),
            )),
            Err(error) => Err(faults::place_problem("area", &error)),
        },
    });
    let within: Vec<String> = codes.collect::<Result<_>>()?;
    let serving = gazetteer.related_areas(&within);
    Ok(Some(Region::Areas { within, serving }))
}

/// The code of the only area among what else a name means.
fn only_area(gazetteer: &Gazetteer, found: &Resolution) -> Option<String> {
    let mut areas = found.alternatives.iter().filter(|other| other.kind == Kind::Area);
    let area = areas.next().filter(|_| areas.next().is_none())?;
    let code = gazetteer.resolve(&area.text).ok()?.areas.into_iter().next()?;
    Some(code.to_string())
}

fn sort(parameters: &Parameters) -> Result<Option<Sort>> {
    Ok(match parameters.text("sort").as_deref() {
        Some("distance") if !parameters.has("near") => {
            return Err(Problem::invalid_parameter(
                "sort",
                "`distance` needs `near`, the place to measure from",
            ));
        }
        Some("relevance") => Some(Sort::Relevance),
        Some("distance") => Some(Sort::Distance),
        Some("name") => Some(Sort::Name),
        Some("reviewed") => Some(Sort::Reviewed),
        Some("added") => Some(Sort::Added),
        _ => None,
    })
}

fn page(parameters: &Parameters) -> Result<Page> {
    if parameters.has("limit") && parameters.has("per_page") {
        return Err(Problem::invalid_parameter("limit", "is the same as `per_page`; give one"));
    }
    let limit = parameters
        .count("limit")
        .or_else(|| parameters.count("per_page"))
        .unwrap_or(ORDINARY_LIMIT);
    let start = match (parameters.text("cursor"), parameters.count("page")) {
        (Some(_), Some(_)) => {
            return Err(Problem::invalid_parameter("page", "can't stand beside `cursor`"));
        }
        (Some(cursor), None) => Start::After(cursor),
        (None, page) => Start::Offset((page.unwrap_or(1) - 1) * limit),
    };
    Ok(Page { limit, start })
}

/// `mo 14:30`, `monday 14:30` or `2026-11-23T14:30`.
fn moment(text: &str) -> Result<Moment> {
    let wrong = || {
        Problem::invalid_parameter(
            "open",
            format!("`{text}` is no time such as `mo 14:30` or `2026-11-23T14:30`"),
        )
    };
    if let Ok(at) = text.parse::<DateTime>() {
        return Ok(Moment::At(at));
    }
    let (day, time) = text.trim().split_once([' ', 'T']).ok_or_else(wrong)?;
    let time: Time = time.trim().parse().map_err(|_| wrong())?;
    let weekday = weekday::of_name(day).ok_or_else(wrong)?;
    Ok(Moment::Weekly(weekday, time))
}

#[cfg(test)]
#[path = "search_query_tests.rs"]
mod tests;
