//! The page that makes the code: one form, the result, and five ways to have
//! it elsewhere. A plain form: the server works everything out, and where scripts
//! run the contrast of colours is told while they are typed.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::web::admission::Scope;
use crate::web::embed::address::{self, Target};
use crate::web::embed::code::{FIELDS, Shown};
use crate::web::embed::colour_fields::{self, Contrast, Field};
use crate::web::embed::colours::{self, Colours};
use crate::web::embed::policy;
use crate::web::embed::typed::{self, Wrong};
use crate::web::html::address::Address;
use crate::web::html::content::{Text, escape};
use crate::web::html::form::{self, Choice};
use crate::web::html::messages::Messages;
use crate::web::html::page::{self, Page};
use crate::web::html::site::Site;
use crate::web::html::tongue::Tongue;
use crate::web::html::visit::Visit;
use crate::web::layers::ContentPolicy;
use crate::web::listing::answer::Listing;
use crate::web::listing::fragment;
use crate::web::listing::parameters;
use crate::web::listing::question;
use crate::web::listing::subject::Subject;
use crate::web::negotiate::Language;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::route::Route;
use crate::web::serialise;
use crate::web::state::AppState;
use crate::web::tiles::Tiles;

/// The policy of the page: that of all pages, with the frame and the tiles of
/// the result.
fn policy(state: &AppState) -> ContentPolicy {
    let images = policy::images(state, "'self' data:");
    policy::of(&format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; \
         connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    ))
}

/// The list that the form begins with.
const EVERYTHING: &str = "/lists/all";

const LIST: Parameter =
    Parameter::text("list", "The path or address of a list, record or search of this register")
        .default(EVERYTHING);

const LIST_LANGUAGE: Parameter =
    Parameter::choice("list-lang", &["en", "gd", "sco"], "The language of the list");

#[derive(Template)]
#[template(path = "generator.html")]
struct Generator {
    page: Page,
    list: String,
    near: String,
    words: String,
    heading: String,
    limit: String,
    distances: Vec<Choice>,
    kinds: Vec<Choice>,
    topics: Vec<Choice>,
    audiences: Vec<Choice>,
    languages: Vec<Choice>,
    levels: Vec<Choice>,
    colours: Vec<Field>,
    contrasts: Vec<Contrast>,
    /// What is sent along besides the fields that are shown.
    hidden: Vec<(String, String)>,
    /// The style sheet of the colours, for the result.
    style: Option<String>,
    wrong: Vec<Wrong>,
    made: Option<Made>,
}

/// The result and the code.
#[derive(Debug)]
struct Made {
    /// The element, with the fragment in it.
    result: String,
    element: String,
    pinned: String,
    element_policy: String,
    fragment: String,
    php: String,
    frame: String,
    frame_script: String,
    script_policy: String,
    frame_policy: String,
    address: String,
    oembed: String,
    feeds: Vec<(&'static str, String)>,
}

/// The route of the generator.
pub(super) fn route() -> Route<AppState> {
    Route::get(Scope::Public, "/embed", "showGenerator", show_generator)
        .parameters(&declared())
        .foreign_query()
        .hidden()
}

/// The parameters that the form sends, which the handler reads itself: what was
/// typed comes back when it can't be read.
fn declared() -> Vec<Parameter> {
    let mut declared = parameters::all();
    declared.extend([LIST, LIST_LANGUAGE]);
    declared.extend(colours::PARAMETERS);
    declared
}

async fn show_generator(mut visit: Visit) -> Result<Response> {
    let (parameters, problem) = typed::read(visit.query(), &declared());
    visit.tongue = Tongue::of(&parameters, visit.tongue.language);
    let (site, address) = (visit.site(), visit.address());
    let made = problem.map_or_else(|| make(site, &parameters, &address), Err);
    let status = if made.is_ok() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let (made, wrong) = match made {
        Ok(made) => (Some(made), Vec::new()),
        Err(problem) => {
            (None, typed::wrong(&problem, &address, Messages::of(visit.tongue.language)))
        }
    };
    let html = page::draw(&generator(site, &parameters, &address, (made, wrong))?)?;
    let fresh = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    let mut response = (status, fresh, Html(html)).into_response();
    response.extensions_mut().insert(policy(site.state));
    Ok(response)
}

/// The list that the form means, with the query that narrows it.
fn target(state: &AppState, parameters: &Parameters, form: &Address) -> Result<Target> {
    let list = parameters.text("list").unwrap_or_default();
    let list = list.trim();
    let (subject, narrowing) = if list.contains("://") {
        address::target(state, list)?
    } else {
        let (path, query) = list.split_once('?').unwrap_or((list, ""));
        address::of_path(state, path, query)?
    };
    // An organisation is a list of what it has.
    let subject = match subject {
        Subject::Record(id, summary) if id.kind() == "organisation" => {
            Subject::Organisation(id, summary)
        }
        subject => subject,
    };
    let own = ["list", "list-lang", "lang", "page", "view"];
    let colours = colours::PARAMETERS;
    let mut asked = form.keeping(|name, _| {
        !own.contains(&name) && colours.iter().all(|colour| colour.name != name)
    });
    // A field of the form takes the place of what the list's address has.
    let narrowing = Address::asked("", &narrowing).keeping(|name, _| asked.value(name).is_none());
    let is_everything = narrowing.pairs().next().is_none();
    let place = match (&subject, asked.value("near")) {
        (Subject::All, Some(place)) if is_everything => Some(place.to_owned()),
        (Subject::Near(_), Some(place)) => Some(place.to_owned()),
        _ => None,
    };
    if place.is_some() {
        asked = asked.set("near", None);
    }
    let narrowing = narrowing.to_string();
    asked = asked.set("lang", parameters.text("list-lang").as_deref());
    let asked = asked.at("").to_string();
    let asked = asked.trim_start_matches('?');
    let parts = [narrowing.trim_start_matches('?'), asked];
    let query = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
    Ok((place.map_or(subject, Subject::Near), query))
}

fn make(site: Site<'_>, parameters: &Parameters, form: &Address) -> Result<Made> {
    let (subject, query) = target(site.state, parameters, form)?;
    let in_language = match parameters.text("list-lang").as_deref() {
        Some(tag) => Site::new(site.state, Language::negotiate(Some(tag))),
        None => site,
    };
    let question = question::of(site.state, &subject, &query)?;
    let frame = subject.frame(site.state);
    let path = subject.path_of_list(site.state);
    let listing = Listing::ask(site.state, subject, question)?;
    let title = listing.title(in_language).text;
    let colours = Colours::of(parameters);
    let base = site.state.register.base().as_str();
    let heading = parameters.text("heading");
    let shown = Shown {
        base,
        path: &path,
        frame: &frame,
        query: &query,
        title: heading.as_deref().unwrap_or(&title),
        colours: &colours,
        tiles: site.state.identity.tiles.as_ref().map(Tiles::origin),
    };
    let fragment = fragment::draw(in_language, &listing, parameters, &query)?;
    let element = shown.element();
    let (open, close) = split(&element);
    Ok(Made {
        result: format!("{open}{fragment}{close}"),
        pinned: shown.pinned_script(),
        element_policy: shown.policy_of_element(),
        fragment: shown.fragment(),
        php: shown.php(),
        frame: shown.frame(),
        frame_script: shown.script_around_frame(),
        script_policy: format!("script-src {base}"),
        frame_policy: shown.policy_of_frame(),
        address: shown.address(),
        oembed: shown.oembed(),
        feeds: shown.feeds(&serialise::FORMATS),
        element,
    })
}

/// The code of an element without its style and script, before and after
/// what stands in it: the page of the generator has both in its own way.
fn split(element: &str) -> (&str, &str) {
    let from = element.find("<asset-list ").unwrap_or_default();
    let element = &element[from..];
    let open = element.find(">\n").map_or(0, |at| at + 1);
    (&element[..open], "</asset-list>")
}

/// Whether the form itself asks this; all else of a list's address is kept as
/// it is.
fn is_field(name: &str) -> bool {
    ["list", "list-lang", "lang", "page"].contains(&name)
        || FIELDS.contains(&name)
        || colours::PARAMETERS.iter().any(|colour| colour.name == name)
}

fn generator(
    site: Site<'_>,
    parameters: &Parameters,
    address: &Address,
    (made, mut wrong): (Option<Made>, Vec<Wrong>),
) -> Result<Generator> {
    let m = Messages::of(site.language);
    let value = |name: &str| address.value(name).unwrap_or_default().to_owned();
    let chosen = |name: &str, options: Vec<(String, Text)>| -> Vec<Choice> {
        let given = value(name);
        let choice = |(value, text): (String, Text)| {
            let is_chosen = value == given;
            Choice { value, text, is_chosen }
        };
        options.into_iter().map(choice).collect()
    };
    let kinds = [
        ("assets", m.embed_kind_assets),
        ("events", m.embed_kind_events),
        ("organisations", m.embed_kind_organisations),
        ("offers", m.embed_kind_offers),
        ("needs", m.embed_kind_needs),
        ("guides", m.embed_kind_guides),
    ];
    let kinds = kinds.map(|(value, text)| (value.to_owned(), text.text()));
    // Each by its own name.
    let languages = [("en", "English"), ("gd", "Gàidhlig"), ("sco", "Scots")]
        .map(|(tag, name)| (tag.to_owned(), Text::written(name, tag, site.language)));
    let levels = ["2", "3", "4", "5", "6"].map(|level| (level.to_owned(), Text::plain(level)));
    let categories = |scheme: &str| -> Result<Vec<(String, Text)>> {
        let found = site.categories(Some(scheme))?;
        Ok(found.into_iter().map(|category| (category.id, category.name)).collect())
    };
    let colours = Colours::of(parameters);
    wrong.extend(colour_fields::unread(m, &value));
    let title = match wrong.as_slice() {
        [] => m.embed_title.text(),
        _ => m.title_of_problem.filled(&[("title", m.embed_title.plain())]),
    };
    let page = Page::new(site, title, address);
    let is_wrong = |name: &str| wrong.iter().any(|one| one.field.as_deref() == Some(name));
    let kept = address.pairs().filter(|(name, _)| !is_field(name) && !is_wrong(name));
    let language = Tongue::from(site).field();
    Ok(Generator {
        list: address.value("list").unwrap_or(EVERYTHING).to_owned(),
        near: value("near"),
        words: value("q"),
        heading: value("heading"),
        limit: value("limit"),
        distances: form::distances(address.value("radius")),
        kinds: chosen("kind", kinds.into()),
        topics: chosen("topic", categories("topic")?),
        audiences: chosen("for", categories("audience")?),
        languages: chosen("list-lang", languages.into()),
        levels: chosen("heading-level", levels.into()),
        colours: colour_fields::fields(m, &value),
        contrasts: colour_fields::contrasts(m, &colours, &value),
        hidden: kept
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .chain(language)
            .collect(),
        style: colours.address(),
        wrong,
        made,
        page,
    })
}

/// The fields that the page has.
const SHOWN: [&str; 15] = [
    "list",
    "near",
    "radius",
    "q",
    "topic",
    "for",
    "kind",
    "list-lang",
    "heading",
    "heading-level",
    "limit",
    "accent",
    "on-accent",
    "link",
    "ground",
];

impl Generator {
    /// What is wrong with a field.
    fn fault(&self, name: &str) -> Option<&Text> {
        let wrong = self.wrong.iter().find(|one| one.field.as_deref() == Some(name))?;
        Some(&wrong.sentence)
    }

    /// What a field says of its fault and its hint, as attributes: `id-fault`
    /// and `hint` are what describes it.
    fn state(&self, name: &str, hint: &str) -> String {
        let fault = self.fault(name).map(|_| format!("{name}-fault"));
        let described: Vec<&str> =
            fault.as_deref().into_iter().chain((!hint.is_empty()).then_some(hint)).collect();
        let invalid = if fault.is_some() { " aria-invalid=\"true\"" } else { "" };
        if described.is_empty() {
            return String::new();
        }
        format!("{invalid} aria-describedby=\"{}\"", described.join(" "))
    }

    /// The name of the field on the page that is wrong.
    fn field(wrong: &Wrong) -> Option<&str> {
        wrong.field.as_deref().filter(|name| SHOWN.contains(name))
    }

    /// Code as text of a page.
    fn escaped(code: &str) -> String {
        escape(code)
    }
}
