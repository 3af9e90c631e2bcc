//! All records of a kind, by name.

use std::sync::Arc;

use askama::Template;
use axum::extract::OriginalUri;
use axum::extract::State;
use axum::response::Response;

use crate::record::RecordId;
use crate::register::Page as Part;
use crate::register::Query;
use crate::register::Start;
use crate::schema::Schema;
use crate::web::admission::Scope;
use crate::web::cache::Conditions;
use crate::web::html::address::Address;
use crate::web::html::card;
use crate::web::html::card::Card;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::form::SearchForm;
use crate::web::html::list;
use crate::web::html::list::Paging;
use crate::web::html::messages::Plural;
use crate::web::html::page;
use crate::web::html::page::LANGUAGE;
use crate::web::html::page::Page;
use crate::web::html::site::KINDS;
use crate::web::html::site::Site;
use crate::web::html::structured;
use crate::web::html::tongue::Tongue;
use crate::web::negotiate::Language;
use crate::web::pages::places;
use crate::web::pages::places::Look;
use crate::web::pages::runs;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::route::Route;
use crate::web::state::AppState;

/// How many records a page lists.
const LIMIT: usize = 40;

const PAGE: Parameter = Parameter::integer("page", 1, 10_000, "Which page.");

#[derive(Template)]
#[template(path = "collection.html")]
struct CollectionPage {
    page: Page,
    form: Option<SearchForm>,
    heading: Text,
    lead: String,
    count: String,
    /// By what places are looked for.
    look: Option<Look>,
    cards: Vec<Card>,
    paging: Paging,
    formats: Vec<Link>,
    /// The page that makes the code for other sites, of what people look for.
    embed: Option<String>,
}

/// A route for each kind of `schema` but categories, which have a page of
/// their own.
pub(super) fn routes(schema: &Schema) -> Vec<Route<AppState>> {
    let kinds = schema.kinds().filter(|kind| kind.name != "category");
    kinds
        .map(|kind| {
            let name: Arc<str> = kind.name.as_str().into();
            let handler = move |state: State<AppState>,
                                parameters: Parameters,
                                uri: OriginalUri,
                                language: Language,
                                conditions: Conditions| {
                let name = Arc::clone(&name);
                std::future::ready(show(
                    &state.0,
                    &name,
                    &parameters,
                    &uri.0,
                    language,
                    &conditions,
                ))
            };
            let operation = format!("show-{}", kind.path);
            Route::get(Scope::Public, format!("/{}", kind.path), operation, handler)
                .parameters(if kind.name == "place" { places::PARAMETERS } else { &[] })
                .parameters(&[PAGE, LANGUAGE])
                .kept()
                .hidden()
        })
        .collect()
}

/// Shows a page of the records of `kind`.
///
/// # Errors
///
/// 500 `internal` when the index can't be read.
fn show(
    state: &AppState,
    kind: &str,
    parameters: &Parameters,
    uri: &http::Uri,
    wanted: Language,
    conditions: &Conditions,
) -> Result<Response> {
    let tongue = Tongue::of(parameters, wanted);
    let site = Site::new(state, tongue);
    let number = parameters.count("page").unwrap_or(1);
    let mut query = Query {
        kinds: vec![kind.to_owned()],
        page: Part { limit: LIMIT, start: Start::Offset((number - 1) * LIMIT) },
        ..Query::default()
    };
    let look = (kind == "place")
        .then(|| places::narrow(site, parameters, &Address::of(uri), &mut query))
        .transpose()?;
    let results = site.find(query.clone())?;
    let today = state.today().to_string();
    let mut cards = card::cards(site, &results.hits, (number - 1) * LIMIT + 1, None);
    let mut harvested = String::new();
    if kind == "source" {
        for (card, hit) in cards.iter_mut().zip(&results.hits) {
            let Ok(id) = hit.key().parse::<RecordId>() else { continue };
            card.why = runs::newest(site, &id)?;
            harvested.push_str(card.why.as_ref().map_or("", |why| &why.text));
        }
    }
    let variant =
        [uri.path(), uri.query().unwrap_or_default(), tongue.variant(), &today, &harvested];
    page::send(conditions, results.revision, &variant, || {
        let address = Address::of(uri);
        let heading = site.kind_title(kind);
        let known = state.register.schema().kind(kind);
        let lead = known.map(|kind| kind.shape.description.clone()).unwrap_or_default();
        let base = state.register.base().as_str();
        let listed = card::listed(&cards, base);
        let own = format!("{base}{address}");
        let structured = structured::list(&heading.text, &own, Some(&lead), results.total, &listed);
        let page = Page::new(site, heading.clone(), &address)
            .with_alternates(page::oembed(base, uri.path()).into())
            .told(base, Some(lead.clone()), Some(&structured));
        let form = KINDS.contains(&kind).then(|| SearchForm::empty(site).with_hidden("kind", kind));
        page::draw(&CollectionPage {
            form,
            look,
            lead,
            count: page.m.count(Plural::Records, results.total),
            cards,
            paging: Paging::of(&address, &query, results.total),
            formats: match kind {
                // The list of the API takes no words and levels, its search does.
                "place" => list::formats(&address, "/api/v1/search", &[("kind", kind)]),
                _ => list::formats(&address, &format!("/api/v1{}", uri.path()), &[]),
            },
            embed: KINDS.contains(&kind).then(|| site.embed_code(uri.path(), "")),
            heading,
            page,
        })
    })
}
