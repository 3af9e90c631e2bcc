//! What the formats say of a result, in the order of a summary.
//!
//! An entry is flat: references are names, an address is one line, times and
//! costs are words. Links lead to web pages only, never to other schemes.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use serde_json::Value;

use super::Item;
use super::List;
use super::summary::Named;
use super::summary::Summary;
use super::timetable::Timetable;
use super::words;
use crate::model::Point;
use crate::record::JsonView;
use crate::record::ObjectView;
use crate::web::lapse::Lapse;
use crate::web::reuse::{self, NOT_STATED};

/// How many timetables of one result are read: more than any has.
const MOST_TIMETABLES: usize = 100;

/// A result, read.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) kind: String,
    /// The name, or the IRI of what has none.
    pub(super) name: String,
    /// The language of the name (BCP 47), when it is not English.
    pub(super) in_language: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) asset_type: Option<String>,
    pub(super) resource_type: Option<String>,
    pub(super) status: Option<String>,
    /// Why it is not to be had as it says.
    pub(super) lapse: Option<Lapse>,
    /// Who provides, publishes, offers or needs it.
    pub(super) provider: Option<String>,
    pub(super) topics: Vec<Named>,
    pub(super) audience: Vec<Named>,
    pub(super) areas: Vec<Named>,
    /// Name of the venue, street, town and postcode of the first location
    /// that has a position, or else of the first.
    pub(super) address: Option<String>,
    pub(super) locality: Option<String>,
    pub(super) postcode: Option<String>,
    /// How the first position is known, when it was worked out.
    pub(super) position_from: Option<String>,
    /// The positions of all locations.
    pub(super) points: Vec<Point>,
    pub(super) online: Option<bool>,
    pub(super) access_mode: Option<String>,
    pub(super) timetables: Vec<Timetable>,
    /// The timetables in words.
    pub(super) schedule: Option<String>,
    pub(super) cost: Option<String>,
    pub(super) telephone: Option<String>,
    pub(super) email: Option<String>,
    /// Its own web site.
    pub(super) url: Option<String>,
    pub(super) languages: Vec<String>,
    /// A year, a month or a day.
    pub(super) published: Option<String>,
    pub(super) last_reviewed: Option<String>,
    /// When the register last took something else about it.
    pub(super) changed: Option<Timestamp>,
    pub(super) valid_until: Option<String>,
    pub(super) code: Option<String>,
    /// The register's page about it.
    pub(super) page: String,
    pub(super) report: Option<String>,
    /// The addresses of its licences.
    pub(super) licences: Vec<String>,
    /// Whom those who use it again name.
    pub(super) attribution: Option<String>,
    /// Metres, as whole digits.
    pub(super) distance: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) covers: Option<String>,
    /// What the list remarks on it.
    pub(super) note: Option<String>,
}

impl Entry {
    /// The title in feeds: the name, behind a word that says when it is called
    /// off or over.
    pub(super) fn title(&self) -> String {
        match self.lapse {
            Some(lapse) => format!("{}: {}", lapse.label(), self.name),
            None => self.name.clone(),
        }
    }

    /// What people want to know: the summary, then a line each for place,
    /// time, cost, how to get in touch, what the list remarks, and when it was
    /// last checked.
    pub(super) fn paragraphs(&self) -> Vec<String> {
        let contact: Vec<&str> =
            [&self.telephone, &self.email].into_iter().filter_map(Option::as_deref).collect();
        [
            self.summary.clone(),
            self.address.clone(),
            self.schedule.clone(),
            self.cost.as_ref().map(|cost| format!("Cost: {cost}")),
            (!contact.is_empty()).then(|| format!("Contact: {}", contact.join(", "))),
            self.note.clone(),
            self.reviewed_on().map(|day| format!("Checked: {}", words::day_of(day))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// When it was last changed; when that is not known, the start of the day
    /// of its last review, or else `list`'s own time.
    pub(super) fn updated(&self, list: Timestamp) -> Timestamp {
        let reviewed = || self.reviewed_on()?.to_zoned(TimeZone::UTC).ok();
        self.changed.or_else(|| reviewed().map(|day| day.timestamp())).unwrap_or(list)
    }

    /// The distance as a number.
    pub(super) fn metres(&self) -> Option<u64> {
        self.distance.as_ref()?.parse().ok()
    }

    /// Its licences by address, or the words for people that none is stated.
    pub(super) fn licence_words(&self) -> Vec<Cow<'_, str>> {
        let licences = self.licences.iter().map(String::as_str);
        licences
            .map(|licence| match licence {
                NOT_STATED => reuse::licence_name(licence),
                _ => Cow::Borrowed(licence),
            })
            .collect()
    }

    /// The day of the last review.
    pub(super) fn reviewed_on(&self) -> Option<Date> {
        self.last_reviewed.as_ref()?.parse().ok()
    }

    /// The day of publication; `None` when only a month or a year is known.
    pub(super) fn published_on(&self) -> Option<Date> {
        self.published.as_ref()?.parse().ok()
    }
}

/// The results of a list, read; what is not a summary is left out.
pub(super) fn entries<'a>(list: &'a List<'a>) -> impl Iterator<Item = Entry> + 'a {
    list.items
        .iter()
        .filter_map(|item| entry(list, item, &Summary::read(item.summary, list.language)?))
}

/// A result whose `summary` has been read; `None` when it has no identity.
pub(super) fn entry(list: &List<'_>, item: &Item<'_>, summary: &Summary<'_>) -> Option<Entry> {
    let text = |name: &str| summary.text(name);
    let name_of = |name: &str| summary.named(name).into_iter().find_map(|named| named.name);
    let id = text("id")?;
    let mut locations = summary.objects("locations");
    let location = locations
        .find(|location| point(location).is_some())
        .or_else(|| summary.objects("locations").next());
    let in_location = |name: &str| location.and_then(|location| summary.text_in(location, name));
    let timetables: Vec<Timetable> = summary
        .objects("schedule")
        .take(MOST_TIMETABLES)
        .map(|object| Timetable::read(object, summary.text_in(object, "note")))
        .collect();
    Some(Entry {
        kind: text("type").unwrap_or_default(),
        name: text("name").unwrap_or_else(|| id.clone()),
        in_language: summary.language_of("name").map(str::to_owned),
        summary: text("summary"),
        asset_type: name_of("assetType"),
        resource_type: name_of("resourceType"),
        status: text("status"),
        lapse: Lapse::of_view(summary.as_object(), list.today),
        provider: ["provider", "publisher", "by"].iter().find_map(|name| name_of(name)),
        topics: summary.named("topics"),
        audience: summary.named("audience"),
        areas: summary.named("areaServed"),
        address: location.and_then(|location| address(summary, location)),
        locality: in_location("locality"),
        postcode: in_location("postcode"),
        position_from: in_location("positionFrom"),
        points: summary
            .objects("locations")
            .chain([summary.as_object()])
            .filter_map(point)
            .collect(),
        online: summary.truth("online"),
        access_mode: text("accessMode"),
        schedule: joined(timetables.iter().filter_map(|timetable| timetable.in_words(list.today))),
        timetables,
        cost: summary.objects("cost").next().and_then(|cost| {
            words::cost(cost, summary.text_in(cost, "amount"), summary.text_in(cost, "note"))
        }),
        telephone: text("telephone"),
        email: text("email"),
        url: text("url").filter(|url| is_web_address(url)),
        languages: summary.texts("languages"),
        published: text("published").or_else(|| text("date")),
        last_reviewed: text("lastReviewed"),
        changed: item.changed,
        valid_until: text("validUntil"),
        code: text("code"),
        page: (list.document)(&id),
        report: list.report.map(|report| report(&id)),
        licences: item.licences_in(list).iter().map(|&licence| licence.to_owned()).collect(),
        attribution: item.attribution_in(list).map(str::to_owned),
        distance: item.distance.map(|distance| format!("{:.0}", distance.as_f64())),
        reason: item.reason.map(str::to_owned),
        covers: item.covers.map(str::to_owned),
        note: item.note.and_then(|note| summary.text_of(&JsonView::from(note))),
        id,
    })
}

/// What there is one of by itself, several in a list; `None` without any.
pub(super) fn one_or_all<T: AsRef<str>>(texts: &[T]) -> Option<Value> {
    match texts {
        [] => None,
        [one] => Some(Value::from(one.as_ref())),
        all => Some(all.iter().map(AsRef::as_ref).collect()),
    }
}

/// The names of what has one.
pub(super) fn names(named: &[Named]) -> impl Iterator<Item = &str> {
    named.iter().filter_map(|named| named.name.as_deref())
}

/// The parts with `; ` between; `None` when there are none.
pub(super) fn joined(parts: impl Iterator<Item = impl AsRef<str>>) -> Option<String> {
    let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn address(summary: &Summary<'_>, location: &ObjectView<'_>) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for name in ["name", "streetAddress", "locality", "postcode"] {
        if let Some(part) = summary.text_in(location, name)
            && !parts.contains(&part)
        {
            parts.push(part);
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn point(object: &ObjectView<'_>) -> Option<Point> {
    let degrees = |name: &str| object.get(name)?.as_f64();
    Point::new(degrees("latitude")?, degrees("longitude")?).ok()
}

/// Whether `url` is one of the web, without anything that could end a line.
fn is_web_address(url: &str) -> bool {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
        && !rest.is_empty()
        && !url.chars().any(|character| character.is_whitespace() || character.is_control())
}
