//! Organisations, works of the knowledge bank, and areas.

use serde_json::{Map, Value as Json, json};

use super::{
    Subject, as_list, contact, list_of, names, organisation as organisation_of, place, set,
};

pub(super) fn organisation(subject: &Subject<'_>, thing: &mut Map<String, Json>) {
    let sector = subject.record.get("sector").and_then(Json::as_str).unwrap_or_default();
    let class = match sector.rsplit('/').next() {
        Some("public-sector") => "GovernmentOrganization",
        _ => "Organization",
    };
    super::begin(subject, class, thing);
    contact(subject, thing);
    let mut places = place::places(subject);
    if let [Json::Object(place)] = places.as_mut_slice()
        && let Some(address) = place.get("address").cloned()
    {
        thing.insert("address".to_owned(), address);
    }
    set(thing, "location", list_of(places));
    set(thing, "areaServed", list_of(place::areas(subject)));
    set(thing, "keywords", list_of(names(subject, "topics")));
    set(thing, "identifier", list_of(identifiers(subject)));
    let logo = subject.record.get("logo").and_then(|logo| logo.get("contentUrl"));
    set(thing, "logo", super::web(logo));
}

fn identifiers(subject: &Subject<'_>) -> Vec<Json> {
    let all = subject.record.get("identifiers").into_iter().flat_map(as_list);
    all.filter_map(|identifier| {
        let (register, value) = (identifier.get("register")?, identifier.get("value")?);
        Some(json!({ "@type": "PropertyValue", "propertyID": register, "value": value }))
    })
    .collect()
}

/// Resource types by their slugs; all others are `CreativeWork`.
const WORKS: &[(&str, &str)] = &[
    ("book", "Book"),
    ("research-report", "Report"),
    ("report", "Report"),
    ("article", "Article"),
    ("guide", "HowTo"),
    ("training-programme", "LearningResource"),
];

pub(super) fn work(subject: &Subject<'_>, thing: &mut Map<String, Json>) {
    let kind = subject.record.get("resourceType").into_iter().flat_map(as_list).next();
    let slug = kind.and_then(Json::as_str).and_then(|iri| iri.rsplit('/').next());
    let class = slug.and_then(|slug| WORKS.iter().find(|(known, _)| *known == slug));
    super::begin(subject, class.map_or("CreativeWork", |(_, class)| *class), thing);
    let day = ["published", "date"].iter().find_map(|key| subject.record.get(*key));
    set(thing, "datePublished", day.cloned());
    set(thing, "publisher", organisation_of(subject, "publisher"));
    set(thing, "keywords", list_of(names(subject, "topics")));
    set(thing, "license", super::web(subject.record.get("licence")));
    set(thing, "encodingFormat", subject.record.get("mediaType").cloned());
    let languages = subject.record.get("languages").into_iter().flat_map(as_list);
    set(thing, "inLanguage", list_of(languages.cloned().collect()));
    let authors = subject.record.get("authors").into_iter().flat_map(as_list);
    let author = |author: &Json| {
        let name = super::text(subject, author.as_object()?, "name")?;
        Some(json!({ "@type": "Person", "name": name }))
    };
    set(thing, "author", list_of(authors.filter_map(author).collect()));
}

pub(super) fn area(subject: &Subject<'_>, thing: &mut Map<String, Json>) {
    super::begin(subject, "AdministrativeArea", thing);
    set(thing, "identifier", subject.record.get("code").cloned());
    set(thing, "geo", place::geo(subject.record));
}
