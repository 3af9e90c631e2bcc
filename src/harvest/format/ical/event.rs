//! One VEVENT: what it says of itself.

use calcard::icalendar::{
    ICalendarClassification, ICalendarComponent, ICalendarEntry, ICalendarParameterName,
    ICalendarPeriod, ICalendarProperty as Property, ICalendarRecurrenceRule, ICalendarStatus,
    ICalendarValue as Value,
};
use serde_json::{Map, Value as Json, json};

use super::moment::{self, Moment};
use super::series::Times;
use super::zone::Zones;
use crate::harvest::extraction::{Draft, Problem, Term};
use crate::harvest::format::location;
use crate::harvest::format::occurrence::Civil;

/// Categories, pictures and the like of one event.
const MOST_PARTS: usize = 50;
/// Single dates and exceptions of one event.
const MOST_DATES: usize = 1000;
/// Days, months and the like that one rule names; real ones name ten.
const MOST_RULE_PARTS: usize = 400;
/// Characters of a wrong value that are repeated in a problem.
const MOST_SAID: usize = 100;

/// Whether the publisher shows the event to nobody: it says so, or it is a
/// mere “busy” of a calendar that shows no more.
pub(super) fn is_private(event: &ICalendarComponent) -> bool {
    let class = event.property(&Property::Class).and_then(|entry| entry.values.first());
    let is_said = match class {
        Some(Value::Classification(class)) => *class != ICalendarClassification::Public,
        // A class that we don't know is private (RFC 5545, 3.8.1.3).
        Some(other) => other.as_text().is_some_and(|text| !text.eq_ignore_ascii_case("PUBLIC")),
        None => false,
    };
    let is_empty =
        text(event, &Property::Description).is_none() && text(event, &Property::Location).is_none();
    is_said || (is_empty && text(event, &Property::Summary).as_deref() == Some("Busy"))
}

/// Whether the publisher has called it off.
pub(super) fn is_cancelled(event: &ICalendarComponent) -> bool {
    event.status() == Some(&ICalendarStatus::Cancelled)
}

/// The number of its version.
pub(super) fn sequence(event: &ICalendarComponent) -> i64 {
    let value = event.property(&Property::Sequence).and_then(|entry| entry.values.first());
    value.and_then(Value::as_integer).unwrap_or(0)
}

/// The text of a property without white space around it.
pub(super) fn text(event: &ICalendarComponent, name: &Property) -> Option<String> {
    event.properties_of(name).find_map(text_of)
}

fn text_of(entry: &ICalendarEntry) -> Option<String> {
    let values: Vec<&str> = entry.values.iter().filter_map(Value::as_text).collect();
    let joined = values.join(", ");
    Some(joined.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Reads properties by name.
trait Properties {
    fn properties_of<'a>(&'a self, name: &'a Property) -> impl Iterator<Item = &'a ICalendarEntry>;
}

impl Properties for ICalendarComponent {
    fn properties_of<'a>(&'a self, name: &'a Property) -> impl Iterator<Item = &'a ICalendarEntry> {
        self.entries.iter().filter(move |entry| entry.name == *name).take(MOST_DATES)
    }
}

/// A text, under its language when it says one.
fn in_language(event: &ICalendarComponent, name: &Property) -> Json {
    let Some(entry) = event.properties_of(name).next() else { return Json::Null };
    let Some(text) = text_of(entry) else { return Json::Null };
    let language =
        entry.parameter(&ICalendarParameterName::Language).and_then(|value| value.as_text());
    match language.filter(|tag| (2..=8).contains(&tag.len()) && tag.is_ascii()) {
        Some(tag) => json!({tag.to_ascii_lowercase(): text}),
        None => Json::from(text),
    }
}

/// Fills `draft` with all but its schedule.
pub(super) fn describe(event: &ICalendarComponent, draft: &mut Draft) {
    draft.set("name", in_language(event, &Property::Summary));
    draft.set("description", description(event));
    draft.set("url", text(event, &Property::Url).filter(|url| is_web(url)));
    draft.modified = event.properties_of(&Property::LastModified).find_map(written_moment);
    place(event, draft);
    let of_image =
        event.properties_of(&Property::Image).chain(event.properties_of(&Property::Attach));
    let pictures = of_image.filter(|entry| is_picture(entry)).filter_map(text_of);
    let pictures = pictures.filter(|url| is_web(url)).take(MOST_PARTS);
    draft.set("media", pictures.map(|url| json!({"contentUrl": url})).collect::<Vec<_>>());
    let categories = event.properties_of(&Property::Categories).flat_map(|entry| &entry.values);
    for label in categories.filter_map(Value::as_text).map(str::trim).take(MOST_PARTS) {
        let field = "topics".to_owned();
        let term = Term { field, label: label.to_owned(), ..Term::default() };
        if !label.is_empty() && !draft.terms.contains(&term) {
            draft.terms.push(term);
        }
    }
}

/// The description; the styled one of Outlook and others when there is no
/// plain one.
fn description(event: &ICalendarComponent) -> Json {
    let plain = in_language(event, &Property::Description);
    if !plain.is_null() {
        return plain;
    }
    let styled = Property::Other("X-ALT-DESC".to_owned());
    text(event, &Property::StyledDescription).or_else(|| text(event, &styled)).into()
}

/// The time of a property as it is written.
fn written_moment(entry: &ICalendarEntry) -> Option<String> {
    let Value::PartialDateTime(value) = entry.values.first()? else { return None };
    let civil = moment::civil(value)?;
    let zone = if value.tz_hour.is_some() { "Z" } else { "" };
    Some(format!("{}{zone}", civil.moment()))
}

fn is_web(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn is_picture(entry: &ICalendarEntry) -> bool {
    let kind = entry.parameter(&ICalendarParameterName::Fmttype).and_then(|value| value.as_text());
    entry.name == Property::Image || kind.is_some_and(|kind| kind.starts_with("image/"))
}

/// Where it is: the place it names, and its position.
fn place(event: &ICalendarComponent, draft: &mut Draft) {
    let said = text(event, &Property::Location);
    let said = said.as_deref().map(location::of_text).unwrap_or_default();
    let mut node = said.location.unwrap_or_default();
    if let Some((latitude, longitude)) = position(event) {
        node.insert("latitude".to_owned(), json!(latitude));
        node.insert("longitude".to_owned(), json!(longitude));
    }
    let has_conference = event.properties_of(&Property::Conference).next().is_some();
    let is_online = said.is_online || has_conference;
    if is_online {
        draft.set("online", true);
        draft.set("accessMode", if node.is_empty() { "remote" } else { "hybrid" });
    }
    if !node.is_empty() {
        draft.set("locations", json!([Json::Object(node)]));
    }
}

fn position(event: &ICalendarComponent) -> Option<(f64, f64)> {
    let entry = event.properties_of(&Property::Geo).next()?;
    let numbers: Vec<f64> = entry
        .values
        .iter()
        .flat_map(|value| match value {
            Value::Float(number) => vec![*number],
            #[expect(clippy::cast_precision_loss, reason = "degrees are small")]
            Value::Integer(number) => vec![*number as f64],
            other => {
                let text = other.as_text().unwrap_or_default();
                text.split([';', ',']).filter_map(|part| part.trim().parse().ok()).collect()
            }
        })
        .collect();
    match numbers.as_slice() {
        [latitude, longitude] => location::position(*latitude, *longitude),
        _ => None,
    }
}

/// When it takes place; `None`, with a problem, when it doesn't say.
pub(super) fn times(
    event: &ICalendarComponent,
    zones: &mut Zones,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Option<Times> {
    let before = problems.len();
    let Some(start) = moments(event, &Property::Dtstart, zones, at, problems).into_iter().next()
    else {
        if problems.len() == before {
            let what = "the event doesn't say when it starts";
            problems.push(Problem::error("no-start", at, what));
        }
        return None;
    };
    let begin = start.local(&zones.source);
    let end = moments(event, &Property::Dtend, zones, at, problems).into_iter().next();
    let lasting = || {
        let value = event.properties_of(&Property::Duration).next()?.values.first()?;
        let Value::Duration(duration) = value else { return None };
        moment::after(begin, duration)
    };
    let end = match end {
        Some(end) if end.written.time.is_none() => {
            Some(moment::last_day(begin.date, end.written.date))
        }
        Some(end) => Some(end.local(&zones.source)),
        None => lasting(),
    };
    let rule = rule(event, at, problems);
    Some(Times {
        more: more(event, begin, end, zones, at, problems),
        except: moments(event, &Property::Exdate, zones, at, problems),
        start,
        end,
        rule,
    })
}

/// The recurrence rule, when there is one that can be read.
fn rule(
    event: &ICalendarComponent,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Option<ICalendarRecurrenceRule> {
    let what = match event.properties_of(&Property::Rrule).next()?.values.first()? {
        Value::RecurrenceRule(rule) => {
            let parts = rule.byday.len()
                + rule.bymonthday.len()
                + rule.byyearday.len()
                + rule.byweekno.len()
                + rule.bymonth.len()
                + rule.bysetpos.len();
            if parts <= MOST_RULE_PARTS {
                return Some((**rule).clone());
            }
            format!("the recurrence rule has {parts} parts")
        }
        other => {
            let said = other.as_text().unwrap_or_default();
            let said: String = said.chars().take(MOST_SAID).collect();
            format!("the recurrence rule `{said}` can't be read")
        }
    };
    problems.push(Problem::error("bad-rule", at, what));
    None
}

/// All moments of a property.
pub(super) fn moments(
    event: &ICalendarComponent,
    name: &Property,
    zones: &mut Zones,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Vec<Moment> {
    let entries = event.properties_of(name);
    let values = entries.flat_map(|entry| entry.values.iter().map(move |value| (entry, value)));
    let mut found = Vec::new();
    for (entry, value) in values.take(MOST_DATES) {
        if let Value::PartialDateTime(value) = value {
            found.extend(moment::read(entry, value, zones, at, problems));
            continue;
        }
        let said: String = value.as_text().unwrap_or_default().chars().take(MOST_SAID).collect();
        problems.push(Problem::error("bad-date", at, format!("`{said}` is no date")));
    }
    found
}

/// The dates that are added to those of the rule, with their ends.
fn more(
    event: &ICalendarComponent,
    start: Civil,
    end: Option<Civil>,
    zones: &mut Zones,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Vec<(Moment, Option<Civil>)> {
    let length = end.and_then(|end| start.moment().until(end.moment()).ok());
    let entries = event.properties_of(&Property::Rdate);
    let values = entries.flat_map(|entry| entry.values.iter().map(move |value| (entry, value)));
    let mut found = Vec::new();
    for (entry, value) in values.take(MOST_DATES) {
        let (begin, until) = match value {
            Value::PartialDateTime(begin) => (&**begin, None),
            Value::Period(ICalendarPeriod::Range { start, end }) => (start, Some(Ok(end))),
            Value::Period(ICalendarPeriod::Duration { start, duration }) => {
                (start, Some(Err(duration)))
            }
            _ => continue,
        };
        let Some(begin) = moment::read(entry, begin, zones, at, problems) else { continue };
        let local = begin.local(&zones.source);
        let end = match until {
            Some(Ok(end)) => {
                moment::read(entry, end, zones, at, problems).map(|end| end.local(&zones.source))
            }
            Some(Err(duration)) => moment::after(local, duration),
            None => length.and_then(|length| {
                let end = local.moment().checked_add(length).ok()?;
                Some(Civil { date: end.date(), time: local.time.map(|_| end.time()) })
            }),
        };
        found.push((begin, end));
    }
    found
}

/// What two components of one series say besides their times, to tell whether
/// one is a change or another date of the other.
pub(super) fn is_alike(one: &ICalendarComponent, other: &ICalendarComponent) -> bool {
    [Property::Summary, Property::Location].iter().all(|name| text(one, name) == text(other, name))
}

/// Fields of a cancelled event.
pub(super) fn cancelled() -> Map<String, Json> {
    let note = json!({"en": "Cancelled by the organiser."});
    Map::from_iter([("status".to_owned(), json!("ended")), ("note".to_owned(), note)])
}
