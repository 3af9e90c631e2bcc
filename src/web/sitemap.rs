//! For search engines: which pages there are, when each last changed, and what
//! is better left alone.
//!
//! `/sitemap.xml` is an index (<https://www.sitemaps.org/protocol.html>); each
//! sitemap that it names is a part of the register's index, made from memory
//! when it is asked for. `/robots.txt` (RFC 9309) names the sitemap and keeps
//! programs out of spaces without an end: searches and SPARQL.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderValue;
use http::header;
use jiff::Timestamp;

use crate::model::Revision;
use crate::record::RecordId;
use crate::register::Register;
use crate::web::address;
use crate::web::admission::Scope;
use crate::web::cache;
use crate::web::cache::Conditions;
use crate::web::cache::EntityTag;
use crate::web::cache::Freshness;
use crate::web::html::site::KINDS;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Problem;
use crate::web::problem::Result;
use crate::web::reuse::REPORT_PATH;
use crate::web::route::Route;
use crate::web::serialise::xml::Xml;
use crate::web::state::AppState;

/// The most pages of one sitemap, by its protocol.
const MOST_PAGES: u32 = 50_000;

const NAMESPACE: &[(&str, &str)] = &[("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")];

/// Pages that are no records'; each kind has a list beside these.
const PAGES: &[&str] = &["/", "/about", "/knowledge-bank", "/categories", "/ns"];

/// Spaces without an end, and what is no page.
const KEPT_OUT: &[&str] = &[
    "/search",
    "/near/",
    "/embed?",
    "/sparql",
    "/api/v1/search",
    "/api/v1/suggest",
    "/knowledge-bank?",
    "/knowledge-bank/findings?",
    REPORT_PATH,
];

const PART: Parameter = Parameter::integer("part", 1, 100_000, "Which sitemap.");

/// The routes of the sitemaps and of `robots.txt`.
#[must_use]
pub fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, "/sitemap.xml", "findSitemap", find_sitemap)
            .parameters(&[PART])
            .hidden(),
        Route::get(Scope::Public, "/robots.txt", "findRobots", find_robots).hidden(),
    ]
}

async fn find_robots(State(state): State<AppState>, conditions: Conditions) -> Result<Response> {
    let base = state.register.base().as_str();
    let mut text = "# Every page of this register may be read, and its data used again.\n\
                    # Searches have no end: take the sitemap, /changes, or /dumps/kist.nq.gz.\n\
                    User-agent: *\n"
        .to_owned();
    for path in KEPT_OUT {
        writeln!(text, "Disallow: {path}").expect("a text takes everything");
    }
    write!(text, "Allow: /\n\nSitemap: {base}/sitemap.xml\n").expect("a text takes everything");
    let tag = EntityTag::new(Revision(0), &[&text]);
    cache::respond(&conditions, &tag, Freshness::Seconds(3_600), || {
        Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text.clone()))
    })
}

async fn find_sitemap(
    State(state): State<AppState>,
    parameters: Parameters,
    conditions: Conditions,
) -> Result<Response> {
    let register = &state.register;
    let part = parameters.integer("part").and_then(|part| u32::try_from(part).ok());
    let revision = register.index().revision();
    let variant = part.map_or_else(|| "index".to_owned(), |part| part.to_string());
    let tag = EntityTag::new(revision, &["sitemap", &variant]);
    cache::respond(&conditions, &tag, Freshness::Seconds(3_600), || {
        let bytes = match part {
            None => index(register),
            Some(part) => sitemap(register, part)?,
        };
        let xml = HeaderValue::from_static("application/xml");
        Ok(([(header::CONTENT_TYPE, xml)], bytes).into_response())
    })
}

/// The index: one sitemap for each part of the register that has entries. The
/// first has the pages that are no records', and is there always.
fn index(register: &Register) -> Vec<u8> {
    let base = register.base().as_str();
    let mut xml = Xml::new("sitemapindex", NAMESPACE);
    let mut parts = register.index().parts(records_of_a_part(register));
    if parts.is_empty() {
        parts.push(None);
    }
    for (number, newest) in parts.into_iter().enumerate() {
        if number > 0 && newest.is_none() {
            continue;
        }
        xml.open("sitemap", &[]);
        xml.text("loc", &format!("{base}/sitemap.xml?part={}", number + 1));
        xml.text_if("lastmod", newest.map(|at| at.to_string()).as_deref());
        xml.close();
    }
    xml.finish()
}

/// How many records a sitemap has: what the other pages leave.
fn records_of_a_part(register: &Register) -> u32 {
    let others = PAGES.len() + register.schema().kinds().count();
    MOST_PAGES.saturating_sub(u32::try_from(others).unwrap_or(MOST_PAGES))
}

fn sitemap(register: &Register, part: u32) -> Result<Vec<u8>> {
    let size = records_of_a_part(register);
    let number = part - 1;
    let exists = number == 0
        || usize::try_from(number).is_ok_and(|number| number < register.index().parts(size).len());
    if !exists {
        return Err(Problem::not_found(format!("there is no sitemap {part}")));
    }
    let mut xml = Xml::new("urlset", NAMESPACE);
    if number == 0 {
        let base = register.base().as_str();
        let kinds = KINDS.iter().filter_map(|kind| register.schema().kind(kind));
        let lists = kinds.map(|kind| format!("/{}", kind.path));
        for path in PAGES.iter().map(|path| (*path).to_owned()).chain(lists) {
            page(&mut xml, &format!("{base}{path}"), None);
        }
    }
    for mention in register.index().part(number, size) {
        let Ok(id) = mention.key.parse::<RecordId>() else { continue };
        if KINDS.contains(&id.kind()) {
            page(&mut xml, &address::document(register, &id), Some(mention.changed));
        }
    }
    Ok(xml.finish())
}

fn page(xml: &mut Xml, address: &str, changed: Option<Timestamp>) {
    xml.open("url", &[]);
    xml.text("loc", address);
    xml.text_if("lastmod", changed.map(|at| at.to_string()).as_deref());
    xml.close();
}
