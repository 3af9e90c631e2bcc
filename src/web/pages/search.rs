//! The results of a search, as a list with a map and filters.

use askama::Template;
use axum::response::Response;

use crate::register::Answer;
use crate::register::Near;
use crate::register::Query;
use crate::register::SearchError;
use crate::register::Start;
use crate::register::Where;
use crate::web::html::address::Address;
use crate::web::html::card;
use crate::web::html::card::Card;
use crate::web::html::content;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::form::SearchForm;
use crate::web::html::list;
use crate::web::html::list::Ends;
use crate::web::html::list::Paging;
use crate::web::html::map;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Plural;
use crate::web::html::notes;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::KINDS;
use crate::web::html::site::Site;
use crate::web::html::visit::Visit;
use crate::web::listing::parameters;
use crate::web::pages::filters;
use crate::web::pages::filters::Chip;
use crate::web::pages::filters::Filter;
use crate::web::pages::no_place;
use crate::web::problem::Result;
use crate::web::search_query::query_of;

/// Wider distances, of which the next is offered when nothing is found.
const WIDER: [(&str, f64); 5] =
    [("2km", 2e3), ("5km", 5e3), ("10km", 1e4), ("25km", 2.5e4), ("50km", 5e4)];

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    page: Page,
    form: SearchForm,
    heading: Text,
    count: String,
    notes: Vec<Text>,
    ends: Option<Ends>,
    also: Vec<Link>,
    chips: Vec<Chip>,
    clear: String,
    filters: Vec<Filter>,
    /// What a filter form sends along besides its own fields.
    sent_along: Vec<(String, String)>,
    cards: Vec<Card>,
    map: Option<String>,
    /// What the cross of the map marks.
    map_centre: Option<Text>,
    paging: Paging,
    formats: Vec<Link>,
    tries: Vec<Link>,
    /// The page that makes the code for other sites.
    embed: String,
}

/// Shows what a search finds.
///
/// # Errors
///
/// 400 when a parameter can't be read. A place that is unknown, or one of
/// several, has a page of its own.
pub(super) async fn show_results(visit: Visit) -> Result<Response> {
    let Visit { state, parameters, .. } = &visit;
    let (site, address) = (visit.site(), visit.address());
    let needs_place = parameters.has("within") || address.has("sort", "distance");
    if needs_place && !parameters.has("near") {
        return no_place::ask(site, &address);
    }
    let (mut query, place) = query_of(&state.register, parameters, state.today())?;
    if query.kinds.is_empty() {
        query.kinds = KINDS.map(str::to_owned).into();
    }
    query.facets = filters::FACETS.iter().map(|group| group.facet).collect();
    let asked = query.clone();
    let today = state.today().to_string();
    let variant = [visit.query(), &today];
    // Only an answer that was found has a tag: nothing needs to be searched again.
    let revision = state.register.index().revision();
    if visit.is_known(revision, &variant) {
        return visit.send_of(revision, &variant, |_| Ok(String::new()));
    }
    match state.register.search(query, &place) {
        Ok(answer) => visit.send_of(answer.results.revision, &variant, |site| {
            page::draw(&results_page(site, &address, &asked, &place, &answer))
        }),
        Err(SearchError::Place(error)) => no_place::answer(site, &address, &error),
        Err(error) => Err(error.into()),
    }
}

fn results_page(
    site: Site<'_>,
    address: &Address,
    query: &Query,
    place: &Where,
    answer: &Answer,
) -> SearchPage {
    let near = answer.near.as_ref();
    let heading = site.heading(&query.text, &query.kinds, near.map(Near::label));
    // What was asked stays out of the title, and so out of the history.
    let m = Messages::of(site.language);
    let page = Page::new(site, m.results_page, address)
        .within("/search")
        .told(site.state.register.base().as_str(), None, None)
        .unlisted();
    let first = match query.page.start {
        Start::Offset(offset) => offset + 1,
        Start::After(_) => 1,
    };
    let cards = card::cards(site, &answer.results.hits, first, near.map(Near::point));
    let notes = near.map_or_else(Vec::new, |near| notes::of(near, m));
    let alternatives = near.map_or(&[][..], |near| &near.resolution.alternatives);
    let also = alternatives.iter().take(5).map(|other| Link {
        href: list::first_page(address).set("near", Some(&other.text)).to_string(),
        text: Text::plain(other.label.clone()),
    });
    let subject = map::Subject {
        title: m.map_of_results.plain().to_owned(),
        pins: list::pins(&cards),
        centre: near.map(Near::point),
        ring: near
            .and(place.within)
            .map(|within| (within, m.map_ring.fill(&[("distance", &content::distance(within))]))),
        areas: Vec::new(),
        whole: None,
    };
    let drawn = (!subject.pins.is_empty()).then(|| map::draw(site.state, &subject)).flatten();
    let formats = list::formats(address, "/api/v1/search", &[("kind", &query.kinds.join(","))]);
    let mut exported = list::formats_of_head(&formats);
    let own = list::first_page(address).set("lang", None).to_string();
    let asked = own.split_once('?').map_or("", |(_, query)| query);
    exported.extend(page::oembed(site.state.register.base().as_str(), &own));
    let paging = Paging::of(address, query, answer.results.total);
    let is_empty = answer.results.total == 0;
    let tries = if is_empty { tries(address, place, m) } else { Vec::new() };
    SearchPage {
        form: SearchForm::of(address, site),
        count: m.count(Plural::Results, answer.results.total),
        notes,
        ends: paging.ends(address, m),
        also: also.collect(),
        chips: filters::chips(site, address),
        clear: filters::cleared(address).to_string(),
        filters: filters::filters(site, address, &answer.results.facets),
        sent_along: filters::sent_along(address),
        map: drawn,
        map_centre: near.map(|near| m.map_centre.filled(&[("place", near.label())])),
        paging,
        formats,
        tries,
        heading,
        cards,
        embed: site.embed_code("/lists/all", &parameters::from_search(asked)),
        page: page.with_alternates(exported),
    }
}

/// What a searcher who found nothing can try, nearest to what was asked first.
fn tries(address: &Address, place: &Where, m: &Messages) -> Vec<Link> {
    let address = list::first_page(address);
    let link = |address: Address, text: Text| Link { href: address.to_string(), text };
    let mut tries = Vec::new();
    if let Some(within) = place.within {
        if let Some((text, _)) = WIDER.iter().find(|(_, metres)| *metres > within.as_f64() * 1.5) {
            let wider = m.try_wider.filled(&[("distance", &text.replace("km", " km"))]);
            tries.push(link(address.set("within", Some(text)), wider));
        }
        tries.push(link(address.set("within", None), m.try_anywhere.text()));
    }
    let cleared = filters::cleared(&address);
    if cleared != address {
        tries.push(link(cleared, m.try_without_filters.text()));
    }
    if let Some(near) = place.near.as_deref() {
        if address.value("q").is_some() {
            let everything = m.try_without_words.filled(&[("place", near)]);
            tries.push(link(address.set("q", None), everything));
        }
        let anywhere =
            address.set("near", None).set("within", None).set("sort", None).set("online", None);
        tries.push(link(anywhere, m.try_without_place.text()));
    }
    tries
}
