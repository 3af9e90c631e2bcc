//! Changes as an Atom feed (RFC 4287), the newest first, in pages (RFC 5005),
//! with tombstones for what was withdrawn (RFC 6721).

use axum::extract::{OriginalUri, State};
use axum::response::Response;
use http::StatusCode;

use super::{link, requested};
use crate::model::Revision;
use crate::record::{label, language_text};
use crate::register::{ChangedRecord, Since};
use crate::web::address;
use crate::web::admission::{Class, Scope};
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::negotiate::{Format, Language};
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::representation;
use crate::web::reuse::{licence, licences, words};
use crate::web::route::Route;
use crate::web::serialise::xml::Xml;
use crate::web::state::AppState;

const PARAMETERS: &[Parameter] = &[
    Parameter::integer("before", 1, i64::MAX, "The change before which to begin; the newest first"),
    Parameter::integer("limit", 1, 500, "How many at most").default("50"),
];

pub(super) fn route() -> Route<AppState> {
    Route::get(Scope::Public, "/changes.atom", "listNewestChanges", list_newest_changes)
        .summary("Gives the newest changes as an Atom feed")
        .description("Each record once. What was withdrawn is an `at:deleted-entry` (RFC 6721).")
        .tag("changes")
        .class(Class::Store)
        .parameters(PARAMETERS)
        .formats(&[Format::Atom])
        .answer(StatusCode::OK, None, "The feed")
}

async fn list_newest_changes(
    State(state): State<AppState>,
    parameters: Parameters,
    uri: OriginalUri,
    conditions: Conditions,
) -> Result<Response> {
    let before = parameters.integer("before").and_then(|before| u64::try_from(before).ok());
    let before = before.map_or(Revision(u64::MAX), Revision);
    let limit = parameters.count("limit").unwrap_or(50);
    let address = requested(&state, &uri);
    let tag = EntityTag::new(state.register.newest()?, &["atom", &address]);
    let mut response = cache::respond(&conditions, &tag, Freshness::Revalidate, || {
        let records = state.register.changed_records(Since::Before(before), limit)?;
        let feed = Feed { address: &address, limit, records: &records };
        Ok(representation::of(Format::Atom, write(&state, &feed)))
    })?;
    link(&state, &address, response.headers_mut());
    Ok(response)
}

struct Feed<'a> {
    address: &'a str,
    limit: usize,
    records: &'a [ChangedRecord],
}

fn write(state: &AppState, feed: &Feed<'_>) -> Vec<u8> {
    let base = state.register.base().as_str();
    let own = format!("{base}/changes.atom");
    let newest = feed.records.iter().map(|record| record.at).max();
    let mut xml = Xml::new(
        "feed",
        &[
            ("xmlns", "http://www.w3.org/2005/Atom"),
            ("xmlns:at", "http://purl.org/atompub/tombstones/1.0"),
            ("xml:lang", "en"),
        ],
    );
    xml.text("id", &own);
    xml.text("title", "What changed in the register");
    xml.text("updated", &newest.unwrap_or_else(|| state.now()).to_string());
    xml.open("author", &[]);
    xml.text("name", "kist");
    xml.close();
    xml.text("generator", "kist");
    let older = feed.records.last().filter(|_| feed.records.len() == feed.limit);
    let older = older.map(|last| format!("{own}?before={}&limit={}", last.revision, feed.limit));
    for (relation, address) in [
        ("self", Some(feed.address)),
        ("first", Some(&*own)),
        ("next", older.as_deref()),
        ("hub", state.identity.hub.as_deref()),
        ("license", Some(licence(state))),
    ] {
        if let Some(address) = address {
            xml.empty("link", &[("rel", relation), ("href", address)]);
        }
    }
    for changed in feed.records {
        write_entry(state, &mut xml, changed);
    }
    xml.finish()
}

fn write_entry(state: &AppState, xml: &mut Xml, changed: &ChangedRecord) {
    let thing = state.register.base().thing(&changed.id);
    let at = changed.at.to_string();
    let Some(record) = &changed.record else {
        xml.empty("at:deleted-entry", &[("ref", thing.as_str()), ("when", &at)]);
        return;
    };
    xml.open("entry", &[]);
    xml.text("id", thing.as_str());
    xml.text("title", label(record, "en"));
    xml.text("updated", &at);
    let page = address::document(&state.register, &changed.id);
    for (media_type, href) in
        [("text/html", page.clone()), ("application/ld+json", format!("{page}.jsonld"))]
    {
        xml.empty("link", &[("rel", "alternate"), ("type", media_type), ("href", &href)]);
    }
    for licence in licences(state, &changed.credits) {
        xml.empty("link", &[("rel", "license"), ("href", licence)]);
    }
    xml.text_if("rights", words(&changed.credits, Language::English).as_deref());
    xml.empty("category", &[("term", changed.id.kind())]);
    if let Some(summary) = language_text(record.values("summary"), "en") {
        xml.text_with("summary", &[("type", "text")], summary);
    }
    xml.close();
}
