//! A merged record → the entry of the index.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value as Json};

use super::cluster;
use super::credits;
use super::details;
use super::lookup::Names;
use super::position;
use super::schedule;
use super::summary::{self, Context, name_of};
use crate::index::{Entry, Facet, Online, Texts};
use crate::journal::JournalError;
use crate::model::{AgeRange, Point, Postcode};
use crate::record::{Merged, Node, Record, Value, texts, to_json};

/// Fields whose categories are facets.
const CATEGORY_FACETS: &[(&str, Facet)] = &[
    ("assetType", Facet::AssetType),
    ("resourceType", Facet::ResourceType),
    ("topics", Facet::Topic),
    ("audience", Facet::Audience),
    ("accessibility", Facet::Accessibility),
    ("sector", Facet::Sector),
    ("sectors", Facet::Sector),
    ("forSectors", Facet::Sector),
    ("seekingSectors", Facet::Sector),
    ("form", Facet::PartnershipForm),
    ("stage", Facet::PartnershipStage),
    ("broader", Facet::Parent),
];

/// Fields that point to organisations.
const ORGANISATION_FIELDS: &[&str] =
    &["provider", "publisher", "by", "heldBy", "organisations", "owner"];

/// A review is overdue after so many days.
const REVIEW_DAYS: i64 = 2 * 365;

/// Makes the entry of `merged`, whose first and newest versions were committed
/// at the moments of `lifetime`.
///
/// # Errors
///
/// [`JournalError`] when the names of other records can't be read.
pub(super) fn make(
    context: &Context<'_>,
    names: &mut Names<'_>,
    merged: &Merged,
    (added, modified): (Timestamp, Timestamp),
) -> Result<Entry, JournalError> {
    let record = &merged.record;
    let full = match to_json(context.schema, context.base, record) {
        Json::Object(full) => full,
        _ => Map::new(),
    };
    let summary = summary::write(context, names, record, &full)?;
    let details = details::write(&full, modified);
    let mut entry = Entry::new(&record.id.to_string(), record.id.kind(), "");
    let bytes = |json| serde_json::to_vec(json).expect("JSON is written into memory");
    entry.summary = bytes(&summary);
    entry.details = bytes(&details);
    entry.added = added;
    entry.modified = modified;
    entry.uuid = context.base.made_uuid(&record.id);
    entry.reviewed = record.values("lastReviewed").first().and_then(date);
    entry.review_due = entry.reviewed.and_then(review_due);
    entry.online = if is_online(record) { Online::Yes } else { Online::No };
    entry.ages = ages(record).into_iter().collect();
    entry.opening = nodes(record, "schedule").filter_map(schedule::read).collect();
    places(context, record, &mut entry);
    facets(context, merged, &mut entry);
    entry.texts = words(context, names, record)?;
    Ok(entry)
}

/// Makes the entry of `merged`, which stands for `others` too: what it shows
/// is what all say together, and it is found by all that any of them says.
///
/// # Errors
///
/// As [`make`].
pub(super) fn make_whole(
    context: &Context<'_>,
    names: &mut Names<'_>,
    merged: Merged,
    others: Vec<Merged>,
    lifetime: (Timestamp, Timestamp),
) -> Result<Entry, JournalError> {
    let mut said = vec![merged];
    said.extend(others);
    let (whole, _) = cluster::together(&said);
    let mut entry = make(context, names, &whole, lifetime)?;
    for other in &said {
        let other = make(context, names, other, lifetime)?;
        let Texts { name, alternate_names, summary, description, categories, organisation } =
            other.texts;
        let texts = &mut entry.texts;
        for name in [name].into_iter().chain(alternate_names) {
            if name != texts.name && !texts.alternate_names.contains(&name) {
                texts.alternate_names.push(name);
            }
        }
        for (own, more) in [
            (&mut texts.summary, summary),
            (&mut texts.description, description),
            (&mut texts.organisation, organisation),
        ] {
            if !own.contains(&more) {
                own.push('\n');
                own.push_str(&more);
            }
        }
        texts.categories.extend(categories);
        entry.facets.extend(other.facets);
    }
    entry.texts.categories.sort_unstable();
    entry.texts.categories.dedup();
    entry.facets.sort_unstable();
    entry.facets.dedup();
    Ok(entry)
}

/// The day after which the review of `reviewed` is overdue; `None` beyond the
/// calendar.
#[must_use]
pub fn review_due(reviewed: Date) -> Option<Date> {
    reviewed.checked_add(REVIEW_DAYS.days()).ok()
}

fn nodes<'a>(record: &'a Record, key: &str) -> impl Iterator<Item = &'a Node> {
    record.values(key).iter().filter_map(Value::as_node)
}

fn is_online(record: &Record) -> bool {
    record.values("online").first().is_some_and(Value::is_true)
}

fn ages(record: &Record) -> Option<AgeRange> {
    let age = |key: &str| {
        let years = record.values(key).first().and_then(Value::as_integer)?;
        u8::try_from(years).ok()
    };
    let (minimum, maximum) = (age("minimumAge"), age("maximumAge"));
    (minimum.is_some() || maximum.is_some()).then(|| AgeRange::new(minimum, maximum).ok()).flatten()
}

/// Points and sites of a record: its locations, those with a position first,
/// and one more site when it can be used online. A place has its own point.
fn points(context: &Context<'_>, record: &Record, entry: &mut Entry) {
    let mut nowhere = Vec::new();
    for (number, node) in nodes(record, "locations").enumerate() {
        let uuid = context.base.site_uuid(&record.id, number);
        match position::of_location(context.gazetteer, node) {
            Some(point) => {
                entry.points.push(point);
                entry.sites.push(uuid);
            }
            None => nowhere.push(uuid),
        }
    }
    entry.sites.append(&mut nowhere);
    if entry.online == Online::Yes {
        entry.sites.push(context.base.site_uuid(&record.id, record.values("locations").len()));
    }
    let own = |key: &str| record.values(key).first().and_then(Value::as_double);
    if let (Some(latitude), Some(longitude)) = (own("latitude"), own("longitude")) {
        entry.points.extend(Point::new(latitude, longitude));
    }
}

fn places(context: &Context<'_>, record: &Record, entry: &mut Entry) {
    points(context, record, entry);
    let mut within: Vec<String> = entry
        .points
        .iter()
        .flat_map(|point| context.gazetteer.areas_at(*point))
        .map(|area| area.code.to_string())
        .collect();
    within.extend(districts(context, record));
    within.sort_unstable();
    within.dedup();
    entry.within = within;
    entry.serves = record
        .values("areaServed")
        .iter()
        .filter_map(Value::as_record)
        .map(|area| match context.gazetteer.area(area.id()) {
            Some(current) => current.code.to_string(),
            None => area.id().to_owned(),
        })
        .collect();
}

/// The postcode districts of its postcodes, which have no outline.
fn districts(context: &Context<'_>, record: &Record) -> impl Iterator<Item = String> {
    let postcodes = nodes(record, "locations").flat_map(|node| texts(node.values("postcode")));
    let districts = postcodes.filter_map(|text| Some(text.parse::<Postcode>().ok()?.district()));
    districts.filter_map(|district| {
        Some(context.gazetteer.area(&district.to_string())?.code.to_string())
    })
}

fn facets(context: &Context<'_>, merged: &Merged, entry: &mut Entry) {
    let record = &merged.record;
    let mut facets = Vec::new();
    for (key, facet) in CATEGORY_FACETS {
        for id in record.values(key).iter().filter_map(Value::as_record) {
            let wider = context.lookup.with_wider(id.id());
            facets.extend(wider.into_iter().map(|id| (*facet, id.to_owned())));
        }
    }
    for node in nodes(record, "locations") {
        let features = node.values("accessibility").iter().filter_map(Value::as_record);
        facets.extend(features.map(|id| (Facet::Accessibility, id.id().to_owned())));
    }
    for key in ORGANISATION_FIELDS {
        let organisations = record.values(key).iter().filter_map(Value::as_record);
        facets.extend(organisations.map(|id| (Facet::Organisation, id.id().to_owned())));
    }
    for node in nodes(record, "partners") {
        let members = node.values("member").iter().filter_map(Value::as_record);
        facets.extend(members.map(|id| (Facet::Organisation, id.id().to_owned())));
    }
    facets
        .extend(texts(record.values("languages")).map(|tag| (Facet::Language, tag.to_lowercase())));
    let plain =
        [("accessMode", Facet::AccessMode), ("status", Facet::Status), ("level", Facet::Level)];
    for (key, facet) in plain {
        facets.extend(texts(record.values(key)).map(|text| (facet, text.to_owned())));
    }
    if let Some(cost) = nodes(record, "cost").next() {
        let free = cost.values("free").first().is_some_and(Value::is_true);
        facets.push((Facet::Cost, if free { "free" } else { "paid" }.to_owned()));
    }
    for (key, facet) in [("inScheme", Facet::Scheme), ("parent", Facet::Parent)] {
        let ids = record.values(key).iter().filter_map(Value::as_record);
        facets.extend(ids.map(|id| (facet, id.id().to_owned())));
    }
    let approving = record.values("approvedBy").iter().filter_map(Value::as_record);
    facets.extend(approving.map(|id| (Facet::Clearance, id.id().to_owned())));
    facets.extend(merged.origins.iter().map(|origin| (Facet::Source, origin.source.clone())));
    facets.extend(credits::of_origins(&merged.origins).map(|terms| (Facet::Terms, terms)));
    facets.sort_unstable();
    facets.dedup();
    entry.facets = facets;
}

fn words(
    context: &Context<'_>,
    names: &mut Names<'_>,
    record: &Record,
) -> Result<Texts, JournalError> {
    let all = |keys: &[&str]| {
        let texts: Vec<&str> = keys.iter().flat_map(|key| texts(record.values(key))).collect();
        texts.join("\n")
    };
    let mut categories = Vec::new();
    for (key, _) in CATEGORY_FACETS {
        for id in record.values(key).iter().filter_map(Value::as_record) {
            for id in context.lookup.with_wider(id.id()) {
                let synonyms = context.lookup.category(id).map(|category| &category.synonyms);
                categories.extend(synonyms.into_iter().flatten().cloned());
            }
        }
    }
    let mut organisation = Vec::new();
    for key in ORGANISATION_FIELDS {
        for id in record.values(key).iter().filter_map(Value::as_record) {
            organisation.extend(name_of(context, names, id)?);
        }
    }
    for node in nodes(record, "partners") {
        for id in node.values("member").iter().filter_map(Value::as_record) {
            organisation.extend(name_of(context, names, id)?);
        }
    }
    let mut description =
        all(&["description", "purpose", "definition", "context", "eligibility", "note"]);
    for key in ["challenges", "helped", "hindered", "needs", "outcomes"] {
        for text in nodes(record, key).flat_map(|node| texts(node.values("text"))) {
            description.push('\n');
            description.push_str(text);
        }
    }
    for location in nodes(record, "locations") {
        for key in ["name", "streetAddress", "locality"] {
            for text in texts(location.values(key)) {
                description.push('\n');
                description.push_str(text);
            }
        }
    }
    Ok(Texts {
        name: all(&["name", "prefLabel"]),
        alternate_names: texts(record.values("alternateName"))
            .chain(texts(record.values("altLabel")))
            .map(str::to_owned)
            .collect(),
        summary: all(&["summary"]),
        description,
        categories,
        organisation: organisation.join("\n"),
    })
}

pub(super) fn date(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        _ => None,
    }
}
