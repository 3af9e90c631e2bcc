//! The page of one record, of any kind.

use askama::Template;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value as Json;

use crate::gazetteer::Level;
use crate::model::Point;
use crate::record::RecordId;
use crate::record::Value;
use crate::record::to_json;
use crate::register::Version;
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
use crate::web::html::messages::Phrase;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::KINDS;
use crate::web::html::site::Site;
use crate::web::html::tongue::Tongue;
use crate::web::lapse::Lapse;
use crate::web::negotiate::Format;
use crate::web::pages::described;
use crate::web::pages::entries;
use crate::web::pages::entries::Entries;
use crate::web::pages::facts;
use crate::web::pages::facts::Group;
use crate::web::pages::failing;
use crate::web::pages::failing::FailingLink;
use crate::web::pages::origin;
use crate::web::pages::origin::Source;
use crate::web::pages::related;
use crate::web::pages::runs;
use crate::web::pages::same;
use crate::web::pages::same::Same;
use crate::web::problem::Result;
use crate::web::reuse::REPORT_PATH;
use crate::web::state::AppState;

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

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    page: Page,
    kind: Link,
    sort: Option<Link>,
    name: Text,
    /// Why it is not to be had as it says.
    lapse: Option<Phrase>,
    lead: Option<Text>,
    text: Vec<Text>,
    visit: Option<Link>,
    groups: Vec<Group>,
    /// What is on the list that it is, when that is a saved search.
    entries: Option<Entries>,
    map: Option<String>,
    sources: Vec<Source>,
    same: Option<Same>,
    failing: Vec<FailingLink>,
    mistake: String,
    runs: Vec<Text>,
    history: Vec<Text>,
    nearby_title: Phrase,
    nearby: Vec<Card>,
    nearby_more: Option<String>,
    related: Vec<Card>,
    related_title: Phrase,
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
    tongue: Tongue,
) -> Result<Response> {
    let site = Site::new(state, tongue);
    let drawn = page::draw(&record(site, shown)?)?;
    Ok(Html(drawn).into_response())
}

/// What changes on the page of a record without a revision: the day too, which
/// tells whether all dates are over.
///
/// # Errors
///
/// 500 `internal` when the ledger can't be read.
pub(in crate::web) fn record_variant(state: &AppState, shown: &Shown) -> Result<String> {
    let runs = runs::variant(state, &shown.version.merged.record.id)?;
    Ok(format!("{}\n{runs}\n{}", state.today(), origin::variant(state, shown)?))
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
    let name = content::first_text(json, &["name", "prefLabel"], site.language)
        .unwrap_or_else(|| Text::plain(id.id()));
    let title = name.clone();
    let today = site.state.today();
    let m = Messages::of(site.language);
    let lead = content::first_text(json, &["summary", "purpose", "definition"], site.language);
    let text = content::text(json, "description", site.language);
    let formats: Vec<(Format, String)> = linked_formats(&address);
    let page = Page::new(site, title, &address).with_alternates(
        formats
            .iter()
            .map(|(format, href)| (format.media_type(), href.clone()))
            .chain(page::oembed(register.base().as_str(), &site.path(id.kind(), id.id())))
            .collect(),
    );
    let page =
        Page { canonical: shown.canonical().map(|id| site.path(id.kind(), id.id())), ..page };
    let structured = described::describe(site, id, json);
    let description = lead.as_ref().or(text.as_ref()).map(|text| content::opening(&text.text));
    let page = page.told(register.base().as_str(), description, structured.as_ref());
    let has_list = ["collection", "organisation"].contains(&id.kind());
    let list = has_list.then(|| format!("/lists/{}{}", id.id(), page.lang));
    let shared = site.path(id.kind(), id.id());
    let shared = if has_list { format!("/lists/{}", id.id()) } else { shared };
    let embed = KINDS.contains(&id.kind()).then(|| site.embed_code(&shared, ""));
    let points: Vec<Point> =
        card::locations(json).into_iter().filter_map(|(_, point)| point).collect();
    let (related, related_title, related_more) = related::related(site, version)?;
    let (nearby, nearby_more) = match points.first() {
        Some(point) => related::neighbours(site, *point, id),
        None => (Vec::new(), None),
    };
    let served = served(site, version);
    let entries = entries::of(site, id, json);
    let mut except = IN_HEAD.to_vec();
    except.extend(entries.is_some().then_some("search"));
    let path = register.schema().kind(id.kind()).map_or(id.kind(), |kind| kind.path.as_str());
    let kind = Link { href: format!("/{path}{}", page.lang), text: site.kind_text(id.kind()) };
    let sort = ["assetType", "resourceType", "sector", "inScheme"];
    let sort = sort.iter().find_map(|key| record.values(key).first()?.as_record());
    Ok(RecordPage {
        kind,
        lapse: Lapse::of(json, today).map(|lapse| m.lapse(lapse)),
        sort: sort.map(|id| site.link(id)),
        map: draw_map(site, &name.text, &points, &served),
        groups: facts::groups(site, version, json, today, &except),
        entries,
        text: text.map(|text| text.paragraphs()).unwrap_or_default(),
        visit: visit(json),
        sources: origin::sources(site, shown)?,
        same: same::of(site, shown),
        failing: failing::links(site, shown),
        mistake: format!("{REPORT_PATH}?about={id}{}", page.lang.replace('?', "&")),
        runs: runs::lines(site, id)?,
        history: history(site, id)?,
        // Distances from an area are from its middle, which nobody would guess.
        nearby_title: if id.kind() == "place" { m.near_middle } else { m.nearby },
        nearby,
        nearby_more,
        related,
        related_title,
        related_more,
        narrower: related::narrower(site, id)?,
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

fn history(site: Site<'_>, id: &RecordId) -> Result<Vec<Text>> {
    let m = Messages::of(site.language);
    let steps = site.state.register.history(id, STEPS)?;
    Ok(steps
        .iter()
        .map(|step| {
            let name = site.name("source", &step.source);
            let name = name.map_or_else(|| content::humanised(&step.source), |name| name.text);
            let phrase =
                if step.record.is_some() { m.history_changed } else { m.history_withdrawn };
            phrase.filled(&[
                ("date", &content::day_of(step.at)),
                ("source", &name),
                ("revision", &step.revision.to_string()),
            ])
        })
        .collect())
}
