//! oEmbed: what a page of the register becomes when its address is pasted
//! into `WordPress`, Drupal, Notion and others.
//!
//! Source: <https://oembed.com>, 1.0. The answer is of type `rich`: a quotation
//! with a link, which stays where frames are not let in, and a frame. Requests
//! may have parameters of which nobody here has heard; they are passed over.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use url::form_urlencoded;

use crate::web::address::query_with;
use crate::web::admission::Scope;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::credits::{self, Credit};
use crate::web::embed::address;
use crate::web::embed::frame::{MOST_CARDS, MOST_LINES};
use crate::web::html::content::escape;
use crate::web::html::site::Site;
use crate::web::listing::answer::Listing;
use crate::web::listing::question;
use crate::web::negotiate::Language;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::serialise::xml::Xml;
use crate::web::state::AppState;

/// How wide a frame is when nothing is said, and how wide it is at most.
const WIDTH: usize = 600;
const MOST_WIDTH: usize = 1_200;

/// The heights between which `WordPress` keeps a frame.
const LEAST_HEIGHT: usize = 200;
const MOST_HEIGHT: usize = 1_000;

/// About how high a heading with the last line, a card, and a line are.
const AROUND: usize = 150;
const CARD: usize = 160;
const LINE: usize = 64;

/// Where a frame is as wide as a phone at most, its cards say less (see
/// `frame.css`), and everything else has more lines.
const NARROW: usize = 432;
const AROUND_NARROW: usize = 200;
const CARD_NARROW: usize = 150;
const LINE_NARROW: usize = 96;

/// How high the button for a movable map is, and how many lines stand above the
/// map so that both end before the frame does.
const BUTTON: usize = 64;
const LINES_WITH_MAP: usize = 4;

/// How wide a letter of the credit is, and how high a line of it.
const LETTER: usize = 8;
const LINE_OF_CREDIT: usize = 24;

/// For how many seconds an answer may be kept.
const CACHE_AGE: u32 = 3_600;

const PARAMETERS: [Parameter; 4] = [
    Parameter::text("url", "The address of the page: a list, a record, a search")
        .example("https://kist.example/lists/all")
        .required(),
    Parameter::integer("maxwidth", 1, 100_000, "The most pixels that the frame may be wide"),
    Parameter::integer("maxheight", 1, 100_000, "The most pixels that the frame may be high"),
    Parameter::text("format", "`json` or `xml`; 501 for any other").default("json"),
];

/// The route of oEmbed.
pub(super) fn route() -> Route<AppState> {
    Route::get(Scope::Public, "/oembed", "findEmbed", find_embed)
        .summary("Gives the code that shows a page of the register elsewhere (oEmbed)")
        .description("Of type `rich`: a quotation with a link, and a frame. Unknown parameters are passed over, as oEmbed wants.")
        .tag("lists")
        .parameters(&PARAMETERS)
        .foreign_query()
        .problems(&[ProblemKind::NotFound, ProblemKind::Gone, ProblemKind::NotImplemented])
        .answer(StatusCode::OK, None, "The code, as JSON or XML")
}

/// The formats of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Xml,
}

async fn find_embed(
    State(state): State<AppState>,
    uri: OriginalUri,
    wanted: Language,
    conditions: Conditions,
) -> Result<Response> {
    let query = known(uri.query().unwrap_or_default());
    let parameters = Parameters::read(&query, PARAMETERS)?;
    let format = match parameters.text("format").as_deref() {
        Some("json") | None => Format::Json,
        Some("xml") => Format::Xml,
        Some(other) => {
            let detail = format!("the format `{other}` is not `json` or `xml`");
            return Err(Problem::not_implemented(detail).with_parameter("format"));
        }
    };
    let asked = parameters.text("url").unwrap_or_default();
    let (subject, narrowing) = address::target(&state, &asked)?;
    let room = Room::of(&parameters, asks_for_map(&asked));
    let question = question::of(&state, &subject, &narrowing)?;
    let revision = state.register.index().revision();
    let today = state.today().to_string();
    let version = env!("CARGO_PKG_VERSION");
    let tag = EntityTag::new(revision, &[version, &query, wanted.tag(), &today]);
    let mut response = cache::respond(&conditions, &tag, Freshness::Embedded, || {
        let language = spoken(&narrowing, wanted);
        let frame = subject.frame(&state);
        let listing = Listing::ask(&state, subject, question.of_first(room.most()))?;
        let embed = Embed::of(Site::new(&state, language), &listing, &frame, &narrowing, room);
        Ok(embed.written(format))
    })?;
    cache::vary(response.headers_mut(), header::ACCEPT_LANGUAGE);
    Ok(response)
}

/// Whether the page at `address` shows its list with a map.
fn asks_for_map(address: &str) -> bool {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|pair| pair == ("view".into(), "map".into()))
}

/// The query without what is not a parameter of oEmbed.
fn known(query: &str) -> String {
    let is_known = |name: &str| PARAMETERS.iter().any(|parameter| parameter.name == name);
    let part_is_known = |part: &&str| is_known(part.split('=').next().unwrap_or_default());
    query.split('&').filter(part_is_known).collect::<Vec<_>>().join("&")
}

/// The language that the address asks for, or else the reader.
pub(super) fn spoken(query: &str, wanted: Language) -> Language {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let asked = pairs.find(|(name, _)| name == "lang");
    asked.map_or(wanted, |(_, tag)| Language::negotiate(Some(&tag)))
}

/// How much room a frame has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Room {
    width: usize,
    height: usize,
    /// Whether it has a movable map.
    has_map: bool,
}

impl Room {
    fn of(parameters: &Parameters, has_map: bool) -> Self {
        let width = parameters.count("maxwidth").map_or(WIDTH, |most| most.min(MOST_WIDTH));
        let height = parameters.count("maxheight").unwrap_or(MOST_HEIGHT);
        Self { width, height: height.min(MOST_HEIGHT), has_map }
    }

    /// How high are what stands around the entries, a card, and a line.
    const fn heights(self) -> (usize, usize, usize) {
        let button = if self.has_map { BUTTON } else { 0 };
        if self.width <= NARROW {
            (AROUND_NARROW + button, CARD_NARROW, LINE_NARROW)
        } else {
            (AROUND + button, CARD, LINE)
        }
    }

    /// Whether cards are too high, so that each entry has one line.
    const fn is_tight(self) -> bool {
        let (around, card, _) = self.heights();
        self.has_map || self.height < around + 2 * card
    }

    /// How many entries it has room for: one at least.
    fn most(self) -> usize {
        let (around, card, line) = self.heights();
        let room = self.height.saturating_sub(around);
        let lines = if self.has_map { LINES_WITH_MAP } else { MOST_LINES };
        let most =
            if self.is_tight() { lines.min(room / line) } else { MOST_CARDS.min(room / card) };
        most.max(1)
    }

    /// How high a frame with so many entries is, whose sources are named in so
    /// many letters below.
    fn height_of(self, entries: usize, letters: usize) -> usize {
        let (around, card, line) = self.heights();
        let entry = if self.is_tight() { line } else { card };
        let lines = (letters * LETTER).div_ceil(self.width.max(LETTER));
        let height = around + entries * entry + lines * LINE_OF_CREDIT;
        height.clamp(LEAST_HEIGHT, MOST_HEIGHT).min(self.height)
    }
}

/// The answer.
struct Embed {
    title: String,
    author: Option<String>,
    provider: String,
    html: String,
    width: usize,
    height: usize,
}

impl Embed {
    fn of(site: Site<'_>, listing: &Listing, frame: &str, query: &str, room: Room) -> Self {
        let base = site.state.register.base().as_str();
        let heading = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "heading");
        let heading = heading.map(|(_, heading)| heading.into_owned());
        let title = heading.unwrap_or_else(|| listing.title(site).text);
        let shown = listing.answer.results.hits.len();
        let limit = room.most().to_string();
        let mut added = vec![("limit", limit.as_str())];
        if room.is_tight() {
            added.push(("compact", "true"));
        }
        let view: &[(&str, &str)] = if room.has_map { &[("view", "map")] } else { &[] };
        added.extend(view);
        let source = format!("{base}{frame}{}", query_with(query, &[], &added));
        let page = format!("{base}{}{}", listing.path, query_with(query, &[], view));
        let credits = credits::of(site, &listing.answer.results.hits);
        let letters = credits.iter().map(Credit::letters).sum();
        let (width, height) = (room.width, room.height_of(shown, letters));
        let title_of_frame = escape(&title);
        // As wide as where it stands, since phones are narrower than what was
        // asked for. WordPress leaves the style out, and then gives a frame of
        // the width of its column; it keeps the word about the border.
        let html = format!(
            "<blockquote><a href=\"{}\">{title_of_frame}</a></blockquote><iframe src=\"{}\" \
             title=\"{title_of_frame}\" width=\"100%\" height=\"{height}\" \
             style=\"max-width: {width}px\" frameborder=\"0\" loading=\"lazy\"></iframe>",
            escape(&page),
            escape(&source),
        );
        let owner = listing.subject.summary().and_then(|summary| site.named(summary.get("owner")?));
        let author = owner.map(|owner| owner.text);
        Self { title, author, provider: base.to_owned(), html, width, height }
    }

    fn written(&self, format: Format) -> Response {
        let (media_type, bytes) = match format {
            Format::Json => ("application/json", self.to_json()),
            Format::Xml => ("text/xml; charset=utf-8", self.to_xml()),
        };
        ([(header::CONTENT_TYPE, HeaderValue::from_static(media_type))], bytes).into_response()
    }

    fn to_json(&self) -> Vec<u8> {
        let mut json = json!({
            "version": "1.0",
            "type": "rich",
            "title": self.title,
            "provider_name": "kist",
            "provider_url": self.provider,
            "cache_age": CACHE_AGE,
            "width": self.width,
            "height": self.height,
            "html": self.html,
        });
        if let Some(author) = &self.author {
            json["author_name"] = json!(author);
        }
        json.to_string().into_bytes()
    }

    fn to_xml(&self) -> Vec<u8> {
        let mut xml = Xml::new("oembed", &[]);
        xml.text("version", "1.0");
        xml.text("type", "rich");
        xml.text("title", &self.title);
        xml.text_if("author_name", self.author.as_deref());
        xml.text("provider_name", "kist");
        xml.text("provider_url", &self.provider);
        xml.text("cache_age", &CACHE_AGE.to_string());
        xml.text("width", &self.width.to_string());
        xml.text("height", &self.height.to_string());
        xml.text("html", &self.html);
        xml.finish()
    }
}

#[cfg(test)]
#[path = "oembed_tests.rs"]
mod tests;
