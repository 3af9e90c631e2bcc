//! An answer of a search → a response in any format but HTML.

use std::borrow::Cow;
use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde_json::{Value as Json, json};

use crate::gazetteer::Resolution;
use crate::register::{
    Answer, Explanation, FacetCounts, Hit, MatchReason, Standing, Start, turtle_of_json_ld,
};
use crate::schema::{CONTEXT_PATH, context};
use crate::web::address;
use crate::web::credits;
use crate::web::negotiate::{Format, Language};
use crate::web::reuse;
use crate::web::search_parameters::LAST_PAGE;
use crate::web::search_query::facet_name;
use crate::web::serialise::{self, Item, List};
use crate::web::state::AppState;

/// The type of a list in JSON.
const LIST_TYPE: &str = "https://schema.org/ItemList";

/// The formats of a list that are no HTML, in our own order of preference.
pub const FORMATS: [Format; serialise::FORMATS.len() + 1] = {
    let mut formats = [Format::Turtle; serialise::FORMATS.len() + 1];
    let mut at = 0;
    while at < serialise::FORMATS.len() {
        formats[at] = serialise::FORMATS[at];
        at += 1;
    }
    formats
};

/// How the links of a list lead to its other pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// By number: easy to read, but a record that comes or goes meanwhile
    /// moves others from page to page.
    Numbers,
    /// By cursor: every record comes once.
    Cursors,
}

/// What a list says of itself, besides what was found.
#[derive(Debug, Clone)]
pub struct Heading<'a> {
    /// What it is called.
    pub title: String,
    /// Its path without a suffix, such as `/api/v1/search`.
    pub path: &'a str,
    /// The path of the HTML page with the same list.
    pub page_path: &'a str,
    /// The query of the request.
    pub query: &'a str,
    /// How many hits a page has.
    pub limit: usize,
    /// Where this page starts.
    pub start: Start,
    /// How its links lead on.
    pub paging: Paging,
    /// The language wanted.
    pub language: Language,
    /// What the list remarks on its entries, by their keys.
    pub notes: &'a Notes,
}

/// Remarks of a list on its entries, by their keys, each a text or texts by
/// language.
pub type Notes = HashMap<String, Json>;

/// Writes `answer` in `format`, with `Link` headers for the other pages.
#[must_use]
pub fn respond(
    state: &AppState,
    heading: &Heading<'_>,
    answer: &Answer,
    format: Format,
) -> Response {
    let base = state.register.base().as_str();
    let suffix = format.suffix();
    let link = |without: &[&str], with: &[(&str, &str)]| {
        let query = address::query_with(heading.query, without, with);
        format!("{base}{}.{suffix}{query}", heading.path)
    };
    let places = ["page", "cursor"];
    let links = Links::of(heading, answer, &link);
    let context = format!("{base}{CONTEXT_PATH}");
    let own = link(&[], &[]);
    let page = format!(
        "{base}{}{}",
        heading.page_path,
        address::query_with(heading.query, &["facets", "explain", "cursor"], &[])
    );
    let facets =
        (!answer.results.facets.is_empty()).then(|| facets_json(state, &answer.results.facets));
    let near = answer.near.as_ref().map(|near| position(&near.resolution));
    let document = |iri: &str| address::document_of(&state.register, iri);
    let hits = &answer.results.hits;
    let credits: Vec<_> = hits.iter().map(|hit| state.register.credits(hit.key())).collect();
    let sentence = reuse::attribution(state.register.base(), spoken(heading, format));
    let attribution = credits::credited(&sentence, heading.language, &credits);
    let of_each = credits.iter().map(|credits| {
        let words = reuse::words(credits, heading.language);
        (reuse::licences(state, credits), words.unwrap_or_default())
    });
    let terms: Vec<(Vec<&str>, Cow<'_, str>)> = of_each.collect();
    let report = |iri: &str| reuse::report(state.register.base(), iri);
    let report_form = reuse::report_form(state.register.base());
    // A page without entries changes when the register does.
    let updated = answer.results.hits.iter().map(|hit| hit.modified).max();
    let committed = || state.register.committed_at(answer.results.revision).ok().flatten();
    let covered: Vec<Option<String>> =
        answer.results.hits.iter().map(|hit| covers(state, hit.reason.as_ref())).collect();
    let summaries: Vec<Vec<u8>> = answer.results.hits.iter().map(Hit::summary).collect();
    let first = link(&places, &[]);
    let details = whole_texts(state, answer, format);
    let list = List {
        title: &heading.title,
        register: "kist",
        context: &context,
        kind: LIST_TYPE,
        address: &own,
        page: &page,
        first: Some(&first),
        previous: links.previous.as_deref(),
        next: links.next.as_deref(),
        total: answer.results.total,
        near: near.as_ref(),
        facets: facets.as_ref(),
        licence: Some(reuse::licence(state)),
        own_attribution: Some(&sentence),
        attribution: Some(&attribution),
        language: heading.language.tag(),
        updated: updated.or_else(committed).unwrap_or_else(|| state.now()),
        today: state.today(),
        document: &document,
        report: Some(&report),
        report_form: Some(&report_form),
        items: answer
            .results
            .hits
            .iter()
            .zip(&covered)
            .zip(&summaries)
            .zip(&terms)
            .enumerate()
            .map(|(place, (((hit, covers), summary), (licences, attribution)))| Item {
                details: details.get(place).and_then(Option::as_deref),
                summary,
                licences,
                attribution,
                distance: hit.distance,
                changed: Some(hit.modified),
                reason: hit.reason.as_ref().map(reason),
                covers: covers.as_deref(),
                note: heading.notes.get(hit.key()),
                is_deprioritised: hit.standing == Standing::Deprioritised,
                explanation: hit.explanation.as_ref().map(explanation_json),
            })
            .collect(),
    };
    let bytes = match format {
        Format::Turtle => turtle(state, &list),
        format => serialise::write(format, &list).unwrap_or_default(),
    };
    let content_type = HeaderValue::from_static(format.content_type());
    let mut response = ([(header::CONTENT_TYPE, content_type)], bytes).into_response();
    for (relation, target) in
        [("first", Some(&first)), ("prev", links.previous.as_ref()), ("next", links.next.as_ref())]
    {
        if let Some(target) = target
            && let Ok(value) = HeaderValue::try_from(format!("<{target}>; rel=\"{relation}\""))
        {
            response.headers_mut().append(header::LINK, value);
        }
    }
    response
}

/// The language in which a list names the register: its own, but for those whose
/// context says that it is English.
const fn spoken(heading: &Heading<'_>, format: Format) -> Language {
    match format {
        Format::GeoJson | Format::Atom | Format::Rss | Format::JsonFeed => heading.language,
        _ => Language::English,
    }
}

/// The whole texts of what is listed, for tables: our own import reads them
/// back. Other lists do without.
fn whole_texts(state: &AppState, answer: &Answer, format: Format) -> Vec<Option<Vec<u8>>> {
    if format != Format::Csv {
        return Vec::new();
    }
    let keys: Vec<&str> = answer.results.hits.iter().map(Hit::key).collect();
    state.register.details(&keys).unwrap_or_else(|error| {
        tracing::error!(%error, "the whole texts of a list can't be read");
        Vec::new()
    })
}

/// What a text was taken for, and where that is: kind and status as words,
/// degrees, how exact it is in metres, and for a postcode that has been given
/// up the day of that.
pub(in crate::web) fn position(found: &Resolution) -> Json {
    let mut position = json!({
        "kind": found.kind.as_str(),
        "status": found.status.as_str(),
        "label": found.label,
        "latitude": found.point.latitude(),
        "longitude": found.point.longitude(),
        "precision": found.precision.as_f64().round(),
    });
    if let Some(date) = found.terminated {
        position["terminated"] = json!(date.to_string());
    }
    position
}

/// The triples of the list's JSON-LD.
fn turtle(state: &AppState, list: &List<'_>) -> Vec<u8> {
    let document = serialise::write(Format::JsonLd, list).unwrap_or_default();
    let context = context(state.register.schema()).to_string();
    turtle_of_json_ld(&document, (list.context, &context)).unwrap_or_else(|error| {
        tracing::error!(%error, "the JSON-LD of a list can't be read");
        Vec::new()
    })
}

/// Makes the address of another page: without some parameters, with others.
type Link<'a> = dyn Fn(&[&str], &[(&str, &str)]) -> String + 'a;

struct Links {
    previous: Option<String>,
    next: Option<String>,
}

impl Links {
    fn of(heading: &Heading<'_>, answer: &Answer, link: &Link<'_>) -> Self {
        let after = || {
            let next = answer.results.next.as_deref();
            next.map(|cursor| link(&["page"], &[("cursor", cursor)]))
        };
        let (Start::Offset(offset), Paging::Numbers) = (&heading.start, heading.paging) else {
            return Self { previous: None, next: after() };
        };
        let page = offset / heading.limit.max(1) + 1;
        let numbered = |page: usize| link(&["cursor"], &[("page", &page.to_string())]);
        let is_last = i64::try_from(page).is_ok_and(|page| page == LAST_PAGE);
        let next = if is_last {
            after()
        } else {
            answer.results.next.is_some().then(|| numbered(page + 1))
        };
        Self { previous: (page > 1).then(|| numbered(page - 1)), next }
    }
}

/// The word of the API for why something matched a place.
#[must_use]
pub fn reason(reason: &MatchReason) -> &'static str {
    match reason {
        MatchReason::Near => "near",
        MatchReason::Covers(_) => "covers",
        MatchReason::Online => "online",
        MatchReason::Anywhere => "anywhere",
        MatchReason::ServesElsewhere => "elsewhere",
    }
}

fn covers(state: &AppState, reason: Option<&MatchReason>) -> Option<String> {
    match reason {
        Some(MatchReason::Covers(code)) => {
            Some(format!("{}/id/place/{code}", state.register.base().as_str()))
        }
        _ => None,
    }
}

fn facets_json(state: &AppState, facets: &[FacetCounts]) -> Json {
    let mut object = serde_json::Map::new();
    for counts in facets {
        let values: Vec<Json> = counts
            .counts
            .iter()
            .map(|(value, count)| {
                let mut json = json!({ "value": value, "count": count });
                if let Some(name) = state.register.facet_label(counts.facet, value) {
                    json["name"] = json!(name);
                }
                json
            })
            .collect();
        object.insert(facet_name(counts.facet).to_owned(), json!(values));
    }
    Json::Object(object)
}

fn explanation_json(explanation: &Explanation) -> Json {
    let words: Vec<Json> = explanation
        .words
        .iter()
        .map(|word| {
            json!({
                "word": word.word, "found": word.found, "field": word.field, "way": word.way,
                "weight": word.weight,
            })
        })
        .collect();
    json!({
        "words": words,
        "phrase": explanation.phrase,
        "text": explanation.text,
        "nearness": explanation.nearness,
        "textWeight": explanation.text_weight,
        "nearnessWeight": explanation.nearness_weight,
        "band": explanation.band,
    })
}
