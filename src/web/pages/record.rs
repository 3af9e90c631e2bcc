//! The page of one record, of any kind.

use askama::Template;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value as Json;

use crate::gazetteer::Level;
use crate::model::Metres;
use crate::model::Point;
use crate::record::RecordId;
use crate::record::Value;
use crate::record::to_json;
use crate::register::Facet;
use crate::register::Filter;
use crate::register::OnlineToo;
use crate::register::Page as Part;
use crate::register::Query;
use crate::register::Start;
use crate::register::Version;
use crate::register::Where;
use crate::web::address;
use crate::web::beside::Shown;
use crate::web::html::address::Address;
use crate::web::html::card;
use crate::web::html::card::Card;
use crate::web::html::content;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::map;
use crate::web::html::map::Pin;
use crate::web::html::messages::Messages;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Category;
use crate::web::html::site::KINDS;
use crate::web::html::site::Site;
use crate::web::html::structured;
use crate::web::html::structured::Listed;
use crate::web::html::structured::Subject;
use crate::web::negotiate::Format;
use crate::web::negotiate::Language;
use crate::web::pages::facts;
use crate::web::pages::facts::Group;
use crate::web::pages::failing;
use crate::web::pages::failing::FailingLink;
use crate::web::pages::origin;
use crate::web::pages::origin::Source;
use crate::web::pages::runs;
use crate::web::pages::same;
use crate::web::pages::same::Same;
use crate::web::problem::Result;
use crate::web::reuse;
use crate::web::reuse::REPORT_PATH;
use crate::web::state::AppState;

/// How many neighbours are listed.
const NEIGHBOURS: usize = 6;

/// How far a neighbour may be, in metres.
const NEARBY: f64 = 5_000.0;

/// How many steps of its history are shown.
const STEPS: usize = 10;

/// What stands in the head of the page already.
const IN_HEAD: [&str; 9] = [
    "name",
    "prefLabel",
    "summary",
    "description",
    "definition",
    "purpose",
    "slug",
    "geometry",
    "canonical",
];

/// The facets by which a category is used.
const USES: [(&str, Facet); 8] = [
    ("topic", Facet::Topic),
    ("type", Facet::AssetType),
    ("resource_type", Facet::ResourceType),
    ("audience", Facet::Audience),
    ("accessibility", Facet::Accessibility),
    ("sector", Facet::Sector),
    ("form", Facet::PartnershipForm),
    ("stage", Facet::PartnershipStage),
];

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    page: Page,
    kind: Link,
    sort: Option<Link>,
    name: Text,
    lead: Option<Text>,
    text: Vec<Text>,
    visit: Option<Link>,
    groups: Vec<Group>,
    map: Option<String>,
    sources: Vec<Source>,
    same: Option<Same>,
    failing: Vec<FailingLink>,
    mistake: String,
    runs: Vec<String>,
    history: Vec<String>,
    nearby: Vec<Card>,
    nearby_more: Option<String>,
    related: Vec<Card>,
    related_title: String,
    related_more: Option<String>,
    narrower: Vec<Link>,
    formats: Vec<Link>,
    /// The list that it is, or that it has; a list can be embedded.
    list: Option<String>,
    /// The page that makes the code for other sites.
    embed: Option<String>,
}

/// The page of a record.
///
/// # Errors
///
/// 500 `internal` when the register can't be read.
pub(in crate::web) fn record_page(
    state: &AppState,
    shown: &Shown,
    language: Language,
) -> Result<Response> {
    let site = Site::new(state, language);
    let drawn = page::draw(&record(site, shown)?)?;
    Ok(Html(drawn).into_response())
}

/// What changes on the page of a record without a revision.
///
/// # Errors
///
/// 500 `internal` when the ledger can't be read.
pub(in crate::web) fn record_variant(state: &AppState, shown: &Shown) -> Result<String> {
    let runs = runs::variant(state, &shown.version.merged.record.id)?;
    Ok(format!("{runs}\n{}", origin::variant(state, shown)?))
}

fn record(site: Site<'_>, shown: &Shown) -> Result<RecordPage> {
    let version = &shown.version;
    let register = &site.state.register;
    let record = &version.merged.record;
    let id = &record.id;
    let json = to_json(register.schema(), register.base(), record);
    let empty = Map::new();
    let json = json.as_object().unwrap_or(&empty);
    let address = Address::new(&site.path(id.kind(), id.id()));
    let name = first_text(json, &["name", "prefLabel"], site.language)
        .unwrap_or_else(|| Text::plain(id.id()));
    let title = name.text.clone();
    let today = site.state.today();
    let lead = first_text(json, &["summary", "purpose", "definition"], site.language);
    let text = content::text(json, "description", site.language);
    let formats: Vec<(Format, String)> = linked_formats(&address);
    let page = Page::new(site.language, title, &address).with_alternates(
        formats
            .iter()
            .map(|(format, href)| (format.media_type(), href.clone()))
            .chain(page::oembed(&address::document(register, id)))
            .collect(),
    );
    let page =
        Page { canonical: shown.canonical().map(|id| site.path(id.kind(), id.id())), ..page };
    let structured = structured(site, id, json);
    let description = lead.as_ref().or(text.as_ref()).map(|text| content::opening(&text.text));
    let page = page.told(register.base().as_str(), description, structured.as_ref());
    let has_list = ["collection", "organisation"].contains(&id.kind());
    let list = has_list.then(|| format!("/lists/{}{}", id.id(), page.lang));
    let shared = site.path(id.kind(), id.id());
    let shared = if has_list { format!("/lists/{}", id.id()) } else { shared };
    let embed = KINDS.contains(&id.kind()).then(|| page::embed_code(&shared, ""));
    let points: Vec<Point> =
        card::locations(json).into_iter().filter_map(|(_, point)| point).collect();
    let (related, related_title, related_more) = related(site, version)?;
    let (nearby, nearby_more) = match points.first() {
        Some(point) => neighbours(site, *point, id),
        None => (Vec::new(), None),
    };
    let served = served(site, version);
    let path = register.schema().kind(id.kind()).map_or(id.kind(), |kind| kind.path.as_str());
    let kind = Link {
        href: format!("/{path}{}", page.lang),
        text: Text::plain(site.kind_label(id.kind())),
    };
    let sort = ["assetType", "resourceType", "sector", "inScheme"];
    let sort = sort.iter().find_map(|key| record.values(key).first()?.as_record());
    Ok(RecordPage {
        kind,
        sort: sort.map(|id| site.link(id)),
        map: draw_map(site, &name.text, &points, &served),
        groups: facts::groups(site, version, json, today, &IN_HEAD),
        text: text.map(|text| text.paragraphs()).unwrap_or_default(),
        visit: visit(json),
        sources: origin::sources(site, shown)?,
        same: same::of(site, shown),
        failing: failing::links(site, shown),
        mistake: format!("{REPORT_PATH}?about={id}{}", page.lang.replace('?', "&")),
        runs: runs::lines(site, id)?,
        history: history(site, id)?,
        nearby,
        nearby_more,
        related,
        related_title,
        related_more,
        narrower: narrower(site, id)?,
        list,
        embed,
        formats: formats
            .into_iter()
            .map(|(format, href)| Link { href, text: Text::plain(format.name()) })
            .collect(),
        lead,
        name,
        page,
    })
}

/// The record in the words of schema.org. A collection is the list of what is
/// on it.
fn structured(site: Site<'_>, id: &RecordId, json: &Map<String, Json>) -> Option<Json> {
    let base = site.state.register.base().as_str();
    let page = format!("{base}{}", site.path(id.kind(), id.id()));
    if id.kind() == "collection" {
        return Some(collected(site, json, &page));
    }
    let summary = site.summary(id.kind(), id.id());
    let licences = reuse::licences(site.state, &id.to_string());
    structured::describe(&Subject {
        licences: &licences,
        kind: id.kind(),
        record: json,
        summary: summary.as_ref().unwrap_or(json),
        page: &page,
        language: site.language,
    })
}

fn collected(site: Site<'_>, json: &Map<String, Json>, page: &str) -> Json {
    let base = site.state.register.base().as_str();
    let items = json.get("items").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let listed: Vec<Listed> = items
        .iter()
        .filter_map(|item| {
            let iri = item.get("item").unwrap_or(item).as_str()?;
            let (kind, id) = content::thing(iri, base)?;
            let name = site.name(kind, id)?.text;
            Some((name, format!("{base}{}", site.path(kind, id))))
        })
        .enumerate()
        .map(|(place, (name, page))| Listed { name, page, position: place + 1 })
        .collect();
    let name = first_text(json, &["name"], site.language).map(|name| name.text);
    let about = first_text(json, &["summary", "description"], site.language).map(|text| text.text);
    let total = listed.len() as u64;
    structured::list(&name.unwrap_or_default(), page, about.as_deref(), total, &listed)
}

fn first_text(json: &Map<String, Json>, keys: &[&str], language: Language) -> Option<Text> {
    keys.iter().find_map(|key| content::text(json, key, language))
}

/// The record in the formats of linked data.
fn linked_formats(address: &Address) -> Vec<(Format, String)> {
    let formats = [Format::JsonLd, Format::Turtle, Format::NTriples, Format::RdfXml, Format::Json];
    formats.map(|format| (format, format!("{address}.{}", format.suffix()))).into()
}

fn visit(json: &Map<String, Json>) -> Option<Link> {
    let address = content::web_address(json.get("url")?.as_str()?)?;
    Some(Link { href: address.to_owned(), text: Text::plain(content::host(address)) })
}

/// The areas that a record serves, or that it is. A record that serves the
/// whole country needs no map to say so.
fn served(site: Site<'_>, version: &Version) -> Vec<String> {
    let record = &version.merged.record;
    if record.id.kind() == "place" {
        return vec![record.id.id().to_owned()];
    }
    let gazetteer = site.state.register.gazetteer();
    let areas = record.values("areaServed").iter().filter_map(Value::as_record);
    areas
        .filter(|id| gazetteer.area(id.id()).is_some_and(|area| area.level > Level::Country))
        .map(|id| id.id().to_owned())
        .collect()
}

fn draw_map(site: Site<'_>, name: &str, points: &[Point], areas: &[String]) -> Option<String> {
    let is_place = points.len() == 1 && !areas.is_empty();
    let pins = points.iter().filter(|_| !is_place);
    let subject = map::Subject {
        title: Messages::of(site.language).map_of_record.plain().to_owned(),
        pins: pins.map(|point| Pin { number: 0, name, point: *point, href: None }).collect(),
        areas: areas.to_vec(),
        ..map::Subject::default()
    };
    map::draw(site.state, &subject)
}

fn history(site: Site<'_>, id: &RecordId) -> Result<Vec<String>> {
    let m = Messages::of(site.language);
    let steps = site.state.register.history(id, STEPS)?;
    Ok(steps
        .iter()
        .map(|step| {
            let name = site.name("source", &step.source);
            let name = name.map_or_else(|| content::humanised(&step.source), |name| name.text);
            let phrase =
                if step.record.is_some() { m.history_changed } else { m.history_withdrawn };
            phrase.fill(&[
                ("date", &content::day_of(step.at)),
                ("source", &name),
                ("revision", &step.revision.to_string()),
            ])
        })
        .collect())
}

/// What else is near, without the record itself.
fn neighbours(site: Site<'_>, point: Point, id: &RecordId) -> (Vec<Card>, Option<String>) {
    let place = format!("{:.5},{:.5}", point.latitude(), point.longitude());
    let Ok(within) = Metres::new(NEARBY) else { return (Vec::new(), None) };
    let query = Query {
        kinds: vec!["asset".to_owned(), "organisation".to_owned()],
        page: Part { limit: NEIGHBOURS + 1, start: Start::Offset(0) },
        today: Some(site.state.today()),
        ..Query::default()
    };
    let near = Where { near: Some(place.clone()), within: Some(within), online: OnlineToo::No };
    // A position outside the gazetteer has no neighbours that it could tell.
    let Ok(answer) = site.state.register.search(query, &near) else {
        return (Vec::new(), None);
    };
    let key = id.to_string();
    let mut hits = answer.results.hits;
    hits.retain(|hit| hit.key() != &*key && hit.distance.is_some());
    hits.truncate(NEIGHBOURS);
    let cards = card::cards(site, &hits, 1, Some(point));
    let more = Address::new("/search").with("near", &place).with("within", "5km");
    let more = (!cards.is_empty()).then(|| localised(site, more));
    (cards, more)
}

/// What belongs to the record: what its organisation has, or what is about
/// it, with the heading and the address of the whole list.
fn related(site: Site<'_>, version: &Version) -> Result<(Vec<Card>, String, Option<String>)> {
    let m = Messages::of(site.language);
    let record = &version.merged.record;
    let id = &record.id;
    let behind = ["provider", "by", "publisher", "heldBy"];
    let behind = behind.iter().find_map(|key| record.values(key).first()?.as_record());
    let (facet, parameter, value, title) = match (id.kind(), behind) {
        ("organisation", _) => (Facet::Organisation, "organisation", id.id(), m.records_about),
        ("source", _) => (Facet::Source, "source", id.id(), m.records_about),
        ("category", _) => {
            let scheme = record.values("inScheme").first().and_then(Value::as_record);
            let scheme = scheme.map_or("topic", RecordId::id);
            let facet = facet_of_scheme(scheme);
            (facet.1, facet.0, id.id(), m.records_about)
        }
        (_, Some(organisation)) => {
            (Facet::Organisation, "organisation", organisation.id(), m.same_organisation)
        }
        _ => return Ok((Vec::new(), String::new(), None)),
    };
    let results = site.find(Query {
        kinds: KINDS.map(str::to_owned).into(),
        filters: vec![Filter { facet, any_of: vec![value.to_owned()] }],
        page: Part { limit: NEIGHBOURS + 1, start: Start::Offset(0) },
        ..Query::default()
    })?;
    let key = id.to_string();
    let mut hits = results.hits;
    hits.retain(|hit| hit.key() != &*key);
    let is_more = hits.len() > NEIGHBOURS;
    hits.truncate(NEIGHBOURS);
    let more = is_more.then(|| localised(site, Address::new("/search").with(parameter, value)));
    Ok((card::cards(site, &hits, 1, None), title.plain().to_owned(), more))
}

/// The parameter and facet by which the categories of a scheme are used.
pub(super) fn facet_of_scheme(scheme: &str) -> (&'static str, Facet) {
    let parameter = match scheme {
        "asset-type" => "type",
        "resource-type" => "resource_type",
        "audience" => "audience",
        "accessibility" => "accessibility",
        "sector" => "sector",
        "partnership-form" => "form",
        "partnership-stage" => "stage",
        _ => "topic",
    };
    USES.into_iter().find(|(known, _)| *known == parameter).unwrap_or(USES[0])
}

fn narrower(site: Site<'_>, id: &RecordId) -> Result<Vec<Link>> {
    let narrower = match id.kind() {
        "category" => {
            let all = site.categories(None)?;
            let narrower =
                all.into_iter().filter(|other| other.broader.iter().any(|wider| wider == id.id()));
            narrower.collect::<Vec<_>>()
        }
        "scheme" => {
            let all = site.categories(Some(id.id()))?;
            all.into_iter().filter(|category| category.broader.is_empty()).collect()
        }
        _ => return Ok(Vec::new()),
    };
    let link = |category: Category| Link {
        href: site.href("category", &category.id),
        text: category.name,
    };
    Ok(narrower.into_iter().map(link).collect())
}

/// An address that keeps the language of the page.
pub(super) fn localised(site: Site<'_>, address: Address) -> String {
    let language = (site.language != Language::English).then(|| site.language.tag());
    address.set("lang", language).to_string()
}
