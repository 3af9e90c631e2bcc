//! The addresses of lists: `/lists/{id}` and `/near/{place}`, as a page and in
//! every format by suffix or `Accept`.
//!
//! What a list is, and what is on it, is of `web/listing`; here it is drawn,
//! for people as a page, for servers of partners as a fragment, as a map that
//! needs no script, and by `web/list` as data.

mod map;
mod page;
mod services;

use axum::extract::{OriginalUri, State};
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::web::admission::Scope;
use crate::web::cache::Conditions;
use crate::web::html::map::policy_alone;
use crate::web::html::site::Site;
use crate::web::html::stylesheet;
use crate::web::html::tongue::Tongue;
use crate::web::layers::ContentPolicy;
use crate::web::list::{self, Heading, Notes, Paging};
use crate::web::listing::answer::Listing;
use crate::web::listing::fragment;
use crate::web::listing::parameters;
use crate::web::listing::question;
use crate::web::listing::sent;
use crate::web::listing::subject::Subject;
use crate::web::negotiate::{Format, Language};
use crate::web::parameter::{Parameter, ParameterKind};
use crate::web::parameters::Parameters;
use crate::web::problem::{ProblemKind, Result};
use crate::web::route::Route;
use crate::web::serialise;
use crate::web::state::AppState;

const ID: Parameter = Parameter::text(
    "id",
    "The identifier or slug of a collection or an organisation, or `all` for everything",
);

const PLACE: Parameter = Parameter::new(
    "place",
    ParameterKind::Place,
    "A postcode, part of one, a place, `latitude,longitude`, or the code of an area",
);

/// The routes of lists.
#[must_use]
pub fn routes() -> Vec<Route<AppState>> {
    let formats = formats();
    [
        Route::get(Scope::Public, "/lists/{id}", "findList", find_list)
            .summary("Gives a list: a collection, what an organisation has, or everything, narrowed as you ask")
            .description("A collection keeps its own order and remarks unless `sort` is given. As a page, a fragment of HTML, a map, or data, by suffix or Accept.")
            .path_parameter(ID)
            .parameters(&parameters::all())
            .problems(&[ProblemKind::Gone]),
        Route::get(Scope::Public, "/near/{place}", "listNear", list_near)
            .summary("Lists what is near a place")
            .description("Nearest first. As a page, a fragment of HTML, a map, or data, by suffix or Accept.")
            .path_parameter(PLACE)
            .parameters(&parameters::of_near()),
    ]
    .into_iter()
    .map(|route| {
        route
            .tag("lists")
            .kept()
            .formats(&formats)
            .problems(&[ProblemKind::UnknownPlace, ProblemKind::AmbiguousPlace])
            .answer(StatusCode::OK, Some("List"), "The list")
    })
    .collect()
}

/// The formats of a list, in our order of preference.
fn formats() -> Vec<Format> {
    let mut formats = vec![Format::Html];
    formats.extend(serialise::FORMATS);
    if !formats.contains(&Format::Turtle) {
        formats.push(Format::Turtle);
    }
    formats.extend([Format::OpenReferral, Format::Fragment, Format::MapSvg]);
    formats
}

async fn find_list(
    State(state): State<AppState>,
    parameters: Parameters,
    uri: OriginalUri,
    format: Format,
    wanted: Language,
    conditions: Conditions,
) -> Result<Response> {
    let subject = Subject::find(&state, &parameters.text("id").unwrap_or_default())?;
    let asked = Asked { parameters, uri, format, wanted, conditions };
    answer(&state, subject, &asked)
}

async fn list_near(
    State(state): State<AppState>,
    parameters: Parameters,
    uri: OriginalUri,
    format: Format,
    wanted: Language,
    conditions: Conditions,
) -> Result<Response> {
    let subject = Subject::Near(parameters.text("place").unwrap_or_default());
    let asked = Asked { parameters, uri, format, wanted, conditions };
    answer(&state, subject, &asked)
}

/// What the gate has read of a request.
struct Asked {
    parameters: Parameters,
    uri: OriginalUri,
    format: Format,
    wanted: Language,
    conditions: Conditions,
}

fn answer(state: &AppState, subject: Subject, asked: &Asked) -> Result<Response> {
    let tongue = Tongue::of(&asked.parameters, asked.wanted);
    let query = asked.uri.query().unwrap_or_default();
    let question = question::of(state, &subject, query)?;
    let question = match asked.format {
        Format::OpenReferral => services::only(question),
        _ => question,
    };
    let path = subject.path(state);
    let variant = [stylesheet::address(), &path, query, asked.format.suffix(), tongue.variant()];
    sent::send(state, &asked.conditions, &variant, || {
        let listing = Listing::ask(state, subject, question)?;
        drawn(Site::new(state, tongue), &listing, asked)
    })
}

fn drawn(site: Site<'_>, listing: &Listing, asked: &Asked) -> Result<Response> {
    let query = asked.uri.query().unwrap_or_default();
    match asked.format {
        Format::Html => page::draw(site, listing, &asked.parameters, query)
            .map(|page| Html(page).into_response()),
        Format::Fragment => fragment::draw(site, listing, &asked.parameters, query)
            .map(|fragment| Html(fragment).into_response()),
        Format::OpenReferral => Ok(services::draw(site.state, listing)),
        Format::MapSvg => {
            let drawn = map::draw(site, listing, query);
            // Who asked for a picture sees one, also where it can show nothing.
            let status = if drawn.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
            let svg = drawn.unwrap_or_else(|| map::draw_nothing(site));
            let media_type = HeaderValue::from_static(Format::MapSvg.content_type());
            let headers = [(header::CONTENT_TYPE, media_type)];
            let mut response = (status, headers, svg).into_response();
            if let Ok(policy) = HeaderValue::try_from(policy_alone()) {
                response.extensions_mut().insert(ContentPolicy(policy));
            }
            Ok(response)
        }
        format => {
            let none = Notes::new();
            let heading = Heading {
                title: listing.title(site).text,
                path: &listing.path,
                page_path: &listing.path,
                query,
                limit: listing.question.query.page.limit,
                start: listing.question.query.page.start.clone(),
                paging: Paging::Numbers,
                language: site.language,
                notes: listing.notes().unwrap_or(&none),
            };
            Ok(list::respond(site.state, &heading, &listing.answer, format))
        }
    }
}
