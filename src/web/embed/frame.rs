//! A list as a page for an `<iframe>`: small, with a policy of its own, and
//! whole without any script.
//!
//! `WordPress` cuts a frame at 1,000 pixels, and lets no `tel:` link work in it
//! (contract of embeds, 2.4): so there are few cards, numbers are text, and
//! the way to all of it stands at the end. Links open in the page around it.

use askama::Template;
use axum::response::{Html, Response};

use crate::web::address::{empty_fields, query_with};
use crate::web::admission::Scope;
use crate::web::credits::{self, Credit};
use crate::web::embed::colours::{self, Colours};
use crate::web::embed::policy;
use crate::web::html::card::Card;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::page;
use crate::web::html::site::Site;
use crate::web::html::visit::Visit;
use crate::web::layers::ContentPolicy;
use crate::web::listing::answer::Listing;
use crate::web::listing::parameters;
use crate::web::listing::question;
use crate::web::listing::sent;
use crate::web::listing::subject::Subject;
use crate::web::negotiate::Format;
use crate::web::parameter::{Parameter, ParameterKind};
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

/// What a frame may load, and who may frame it.
pub(super) const POLICY: &str =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-ancestors *";

/// The policy of a frame that has a movable map, which loads the list again and
/// its tiles.
fn policy_with_map(state: &AppState) -> ContentPolicy {
    let images = policy::images(state, "'self'");
    policy::of(&format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src {images}; \
         connect-src 'self'; frame-ancestors *"
    ))
}

/// The most cards of a frame, and the most lines of a compact one.
pub(super) const MOST_CARDS: usize = 5;
/// See [`MOST_CARDS`].
pub(super) const MOST_LINES: usize = 12;

/// The style of frames.
pub(super) const STYLE: &str = include_str!("frame.css");

/// The path of the style of frames.
pub(super) const STYLE_PATH: &str = "/embed/v1/frame.css";

/// The path of the script that tells the page around a frame its height.
pub(super) const SCRIPT_PATH: &str = "/embed/v1/frame.js";

/// The path of the script that has the button for the movable map.
const MAP_SCRIPT_PATH: &str = "/embed/v1/frame-map.js";

const COMPACT: Parameter = Parameter::new(
    "compact",
    ParameterKind::Boolean,
    "Whether each entry is one line; then twelve fit instead of five",
);

/// Whether partners frame what is at `path`, or was, or never will be.
pub(in crate::web) fn is_frame(path: &str) -> bool {
    path.starts_with("/embed/v1/")
}

#[derive(Template)]
#[template(path = "frame.html")]
struct Frame {
    m: &'static Messages,
    style: &'static str,
    colours: Option<String>,
    script: &'static str,
    /// The address of what is framed.
    whole: String,
    base: String,
    heading: Text,
    /// Whether the heading is the name of the only card.
    is_of_record: bool,
    level: i64,
    lead: Option<Text>,
    is_compact: bool,
    cards: Vec<Card>,
    see_all: Text,
    map: Option<MovableMap>,
    credits: Vec<Credit>,
}

/// The movable map of a frame.
struct MovableMap {
    script: &'static str,
    /// The address of what it shows, as GeoJSON.
    list: String,
}

/// The routes of frames.
pub(super) fn routes() -> Vec<Route<AppState>> {
    let text = |name, description| Parameter::text(name, description);
    let of_list = Route::get(Scope::Public, "/embed/v1/lists/{id}", "frameList", frame_list)
        .path_parameter(text("id", "The identifier or slug of a list"))
        .parameters(&parameters::all());
    let place = Parameter::new("place", ParameterKind::Place, "A place");
    let near = Route::get(Scope::Public, "/embed/v1/near/{place}", "frameNear", frame_near)
        .path_parameter(place)
        .parameters(&parameters::of_near());
    let record =
        Route::get(Scope::Public, "/embed/v1/records/{kinds}/{id}", "frameRecord", frame_record)
            .path_parameter(text("kinds", "The path of a kind of record"))
            .path_parameter(text("id", "The identifier or slug of a record"))
            .parameters(&parameters::all());
    let routes = [of_list, near, record].into_iter();
    routes
        .map(|route| route.parameters(&[COMPACT]).parameters(&colours::PARAMETERS).hidden().kept())
        .collect()
}

async fn frame_list(visit: Visit) -> Result<Response> {
    let id = visit.parameters.text("id").unwrap_or_default();
    framed(&visit, Subject::find(&visit.state, &id)?)
}

async fn frame_near(visit: Visit) -> Result<Response> {
    let place = visit.parameters.text("place").unwrap_or_default();
    framed(&visit, Subject::Near(place))
}

async fn frame_record(visit: Visit) -> Result<Response> {
    let Visit { state, parameters, .. } = &visit;
    let kinds = parameters.text("kinds").unwrap_or_default();
    let kind = state.register.schema().kinds().find(|kind| kind.path == kinds);
    let kind = kind.ok_or_else(|| Problem::not_found(format!("no kind of record is `{kinds}`")))?;
    let id = parameters.text("id").unwrap_or_default();
    framed(&visit, Subject::of_record(state, &kind.name, &id)?)
}

fn framed(visit: &Visit, subject: Subject) -> Result<Response> {
    let Visit { state, parameters, .. } = visit;
    let query = visit.query();
    let is_compact = parameters.boolean("compact") == Some(true);
    let most = if is_compact { MOST_LINES } else { MOST_CARDS };
    let question = question::of(state, &subject, query)?.of_first(most);
    let path = subject.frame(state);
    let variant = [STYLE, &path, query, visit.tongue.variant()];
    let mut response = sent::send(state, &visit.conditions, &variant, || {
        let listing = Listing::ask(state, subject, question)?;
        draw(visit.site(), &listing, parameters, query).map(Html)
    })?;
    let policy = if has_map(parameters) { policy_with_map(state) } else { policy::of(POLICY) };
    response.extensions_mut().insert(policy);
    Ok(response)
}

/// Whether a movable map is asked for.
fn has_map(parameters: &Parameters) -> bool {
    parameters.text("view").as_deref() == Some("map")
}

fn draw(site: Site<'_>, listing: &Listing, parameters: &Parameters, query: &str) -> Result<String> {
    let m = Messages::of(site.language);
    let base = site.state.register.base().as_str();
    let colours = Colours::of(parameters);
    let empty = empty_fields(query);
    let without: Vec<&str> =
        parameters_of_frames().iter().copied().chain(empty.iter().map(AsRef::as_ref)).collect();
    let query = query_with(query, &without, &[]);
    let cards = listing.cards(site);
    let is_record = matches!(listing.subject, Subject::Record(..));
    let see_all = if is_record { m.read_more.text() } else { listing.see_all(m) };
    page::draw(&Frame {
        m,
        style: STYLE_PATH,
        colours: colours.address(),
        script: SCRIPT_PATH,
        whole: format!("{base}{}{query}", listing.path),
        base: base.to_owned(),
        heading: parameters.text("heading").map_or_else(|| listing.title(site), Text::plain),
        level: if parameters.has("heading-level") {
            parameters.integer("heading-level").unwrap_or(1)
        } else {
            1
        },
        is_of_record: is_record && cards.len() == 1 && !parameters.has("heading"),
        lead: listing.lead(site),
        is_compact: parameters.boolean("compact") == Some(true),
        map: movable_map(listing, &cards, parameters, &query),
        cards,
        see_all,
        credits: credits::of(site, &listing.answer.results.hits),
    })
}

/// The movable map of the `cards`, when it is asked for and can show something;
/// a record alone has none.
fn movable_map(
    listing: &Listing,
    cards: &[Card],
    parameters: &Parameters,
    query: &str,
) -> Option<MovableMap> {
    let is_of_list = !matches!(listing.subject, Subject::Record(..));
    let has_points = cards.iter().any(|card| card.point.is_some());
    (has_map(parameters) && is_of_list && has_points).then(|| {
        let query = query.trim_start_matches('?');
        let query = query_with(query, &[], &[("limit", &cards.len().to_string())]);
        let list = format!("{}.{}{query}", listing.path, Format::GeoJson.suffix());
        MovableMap { script: MAP_SCRIPT_PATH, list }
    })
}

/// What of a frame's query the whole list has no use for.
const fn parameters_of_frames() -> &'static [&'static str] {
    &[
        "page",
        "limit",
        "view",
        "heading",
        "heading-level",
        "compact",
        "accent",
        "on-accent",
        "link",
        "ground",
    ]
}

impl Frame {
    /// The address of a page of the register.
    fn absolute(&self, href: &str) -> String {
        format!("{}{href}", self.base)
    }
}
