//! The parameters of a list → the query of the register.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;

use crate::model::{AgeRange, weekday};
use crate::record::RecordId;
use crate::register::{Facet, Filter, Hours, Page, Query, Register, Start, Where};
use crate::web::hsds::identity;
use crate::web::hsds::page;
use crate::web::hsds::said::Said;
use crate::web::open_referral::nearness;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};

/// How much of each thing is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Only its id and when it changed.
    Minimal,
    /// What it has one of.
    Row,
    /// All that is nested.
    Whole,
    /// All, and of an organization its services in full.
    WithServices,
}

/// A page that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// Which one, from 1.
    pub number: usize,
    /// How many rows it has.
    pub per_page: usize,
    /// How much each row tells.
    pub depth: Depth,
}

/// Whether a choice of [`parameters`](super::parameters) is said to hold.
pub(super) fn is_set(parameters: &Parameters, name: &str) -> bool {
    parameters.iter().any(|(given, value)| {
        use crate::web::parameter::Value::Text;
        given == name
            && matches!(value, Text(text) if matches!(text.as_str(), "true" | "True" | "1"))
    })
}

/// The page that `parameters` ask for.
pub(super) fn page(parameters: &Parameters) -> Asked {
    let depth = if is_set(parameters, "minimal") {
        Depth::Minimal
    } else if is_set(parameters, "full_service") {
        Depth::WithServices
    } else if is_set(parameters, "full") {
        Depth::Whole
    } else {
        Depth::Row
    };
    let (ordinary, most) = match depth {
        Depth::Minimal => (page::MINIMAL, page::MINIMAL),
        Depth::Row => (page::ORDINARY, page::MOST),
        Depth::Whole | Depth::WithServices => (page::ORDINARY, page::MOST_WHOLE),
    };
    let asked = parameters.count("per_page").or_else(|| parameters.count("perPage"));
    Asked {
        number: parameters.count("page").unwrap_or(1),
        per_page: asked.unwrap_or(ordinary).min(most),
        depth,
    }
}

/// The part of the hits that is on a page.
pub(super) fn part(asked: Asked) -> Page {
    let offset = (asked.number - 1).saturating_mul(asked.per_page);
    Page { limit: asked.per_page, start: Start::Offset(offset) }
}

/// The query for services, or for services at locations.
///
/// # Errors
///
/// 400 for what the parameters can't know alone: a place that is not known, an
/// id that can't be one, a radius without a centre.
pub(super) fn of_services(
    register: &Register,
    parameters: &Parameters,
    today: Date,
) -> Result<(Query, Where)> {
    let mut query = Query {
        text: parameters.text("search").unwrap_or_default(),
        kinds: vec!["asset".to_owned()],
        filters: filters(register, parameters)?,
        ages_within: ages(parameters),
        hours: hours(parameters)?,
        changed_since: changed_since(parameters)?,
        today: Some(today),
        ..Query::default()
    };
    let place = nearness::read(register, parameters, &mut query)?;
    Ok((query, place))
}

/// The query for all records of `kind` that have the words and changed late
/// enough.
///
/// # Errors
///
/// 400 for a moment that can't be read.
pub(super) fn of_kind(kind: &str, parameters: &Parameters, today: Date) -> Result<Query> {
    let is_declared = kind == "organisation";
    Ok(Query {
        text: parameters.text("search").unwrap_or_default(),
        kinds: vec![kind.to_owned()],
        changed_since: if is_declared { changed_since(parameters)? } else { None },
        today: Some(today),
        ..Query::default()
    })
}

fn filters(register: &Register, parameters: &Parameters) -> Result<Vec<Filter>> {
    let mut filters = Vec::new();
    let base = register.base();
    if let Some(text) = parameters.text("taxonomy_term_id") {
        let category = named(register, "taxonomy_term_id", "category", &text)?;
        filters.push(category.map_or_else(nothing, |id| {
            let summary = identity::summary(register, &id);
            let scheme = Said(&summary).reference("inScheme", base);
            match scheme.and_then(|scheme| Register::facet_of(scheme.id())) {
                Some(facet) => Filter { facet, any_of: vec![id.id().to_owned()] },
                None => nothing(),
            }
        }));
    }
    if let Some(text) = parameters.text("taxonomy_id") {
        let scheme = named(register, "taxonomy_id", "scheme", &text)?;
        filters.push(scheme.map_or_else(nothing, |id| match Register::facet_of(id.id()) {
            Some(facet) => Filter { facet, any_of: register.categories_of(id.id()) },
            None => nothing(),
        }));
    }
    if let Some(text) = parameters.text("organization_id") {
        let id = named(register, "organization_id", "organisation", &text)?;
        let any_of = id.map(|id| id.id().to_owned()).into_iter().collect();
        filters.push(Filter { facet: Facet::Organisation, any_of });
    }
    Ok(filters)
}

/// A filter that nothing passes.
fn nothing() -> Filter {
    Filter { facet: Facet::Topic, any_of: Vec::new() }
}

/// The record that a parameter names; `None` for a UUID of nothing.
///
/// # Errors
///
/// 400 when it is neither a UUID nor an identifier that is registered.
pub(super) fn named(
    register: &Register,
    parameter: &str,
    kind: &str,
    text: &str,
) -> Result<Option<RecordId>> {
    let found = identity::find(register, kind, text.trim());
    if found.is_none() && uuid::Uuid::try_parse(text.trim()).is_err() {
        let detail = format!("`{text}` is neither a UUID nor the identifier of any {kind}");
        return Err(Problem::invalid_parameter(parameter, detail));
    }
    Ok(found)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers beyond those of ages become the largest"
)]
fn ages(parameters: &Parameters) -> Option<AgeRange> {
    // No age is above 130, so that 255 stands for all that are not there.
    let minimum = parameters.number("minimum_age").map(|age| age.ceil() as u8);
    let maximum = parameters.number("maximum_age").map(|age| age.floor() as u8);
    if minimum.is_none() && maximum.is_none() {
        return None;
    }
    // Nothing lies between bounds that are upside down.
    Some(
        AgeRange::new(minimum, maximum)
            .unwrap_or_else(|_| AgeRange::new(Some(u8::MAX), Some(u8::MAX)).unwrap_or_default()),
    )
}

fn hours(parameters: &Parameters) -> Result<Option<Hours>> {
    let hours = Hours {
        weekday: parameters.text("day").map(|text| weekday(&text)).transpose()?,
        from: parameters.text("start_time").map(|text| time("start_time", &text)).transpose()?,
        until: parameters.text("end_time").map(|text| time("end_time", &text)).transpose()?,
    };
    Ok((hours != Hours::default()).then_some(hours))
}

fn time(parameter: &str, text: &str) -> Result<Time> {
    let plain = text.trim().trim_end_matches(['Z', 'z']);
    plain.parse().map_err(|_| {
        Problem::invalid_parameter(parameter, format!("`{text}` is no time such as 09:30"))
    })
}

fn weekday(text: &str) -> Result<Weekday> {
    weekday::of_name(text.trim()).ok_or_else(|| {
        Problem::invalid_parameter("day", format!("`{text}` is no day of the week such as MO"))
    })
}

/// The moment of `modified_after`, to the second, as the index has them.
fn changed_since(parameters: &Parameters) -> Result<Option<Timestamp>> {
    let Some(text) = parameters.text("modified_after") else { return Ok(None) };
    // A plus that nobody encoded has become a space.
    let plain = text.trim().replacen(' ', "+", usize::from(text.contains('T')));
    let civil = || {
        let zoned = |moment: DateTime| moment.to_zoned(TimeZone::UTC).ok();
        let moment = plain
            .parse::<DateTime>()
            .ok()
            .or_else(|| plain.parse::<Date>().ok().map(|date| date.to_datetime(Time::midnight())));
        moment.and_then(zoned).map(|zoned| zoned.timestamp())
    };
    let moment = plain.parse::<Timestamp>().ok().or_else(civil).ok_or_else(|| {
        let detail = format!("`{text}` is no moment such as 2026-01-01T00:00:00Z");
        Problem::invalid_parameter("modified_after", detail)
    })?;
    Ok(Some(Timestamp::from_second(moment.as_second()).unwrap_or(moment)))
}

#[cfg(test)]
#[path = "question_tests.rs"]
mod tests;
