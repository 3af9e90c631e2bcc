//! The vocabulary as a page: kinds and their properties, from the schema.

use askama::Template;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::schema::Field;
use crate::schema::Shape;
use crate::schema::ValueType;
use crate::web::html::address::Address;
use crate::web::html::messages::Messages;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Site;
use crate::web::html::terms::shortened;
use crate::web::html::tongue::Tongue;
use crate::web::problem::Result;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "vocabulary.html")]
struct VocabularyPage {
    page: Page,
    kinds: Vec<Described>,
    nested: Vec<Described>,
}

/// A shape, described.
#[derive(Debug)]
struct Described {
    anchor: String,
    label: String,
    description: String,
    class: String,
    /// The list of its records, when it is a kind.
    path: Option<String>,
    properties: Vec<Property>,
}

/// A property of a shape.
#[derive(Debug)]
struct Property {
    key: String,
    description: String,
    values: String,
    /// Where the shape of nested values is described.
    anchor: Option<String>,
    how_many: String,
    path: String,
    short_path: String,
}

/// The page of the vocabulary.
///
/// # Errors
///
/// 500 `internal` when the page can't be drawn.
pub fn vocabulary_page(state: &AppState, tongue: Tongue) -> Result<Response> {
    let site = Site::new(state, tongue);
    let schema = state.register.schema();
    let page = Page::new(site, "", &Address::new("/ns"));
    let title = page.m.vocabulary_title.text();
    let kinds = schema.kinds().map(|kind| Described {
        path: Some(format!("/{}{}", kind.path, page.lang)),
        ..described(site, &kind.shape)
    });
    let nested = schema.nested_shapes().map(|shape| described(site, shape));
    let alternates =
        [("text/turtle", "ttl"), ("application/ld+json", "jsonld"), ("application/rdf+xml", "rdf")]
            .map(|(media_type, suffix)| (media_type, format!("/ns.{suffix}")));
    let drawn = page::draw(&VocabularyPage {
        kinds: kinds.collect(),
        nested: nested.collect(),
        page: Page { title, ..page }.with_alternates(alternates.into()),
    })?;
    Ok(Html(drawn).into_response())
}

fn described(site: Site<'_>, shape: &Shape) -> Described {
    Described {
        anchor: anchor(shape),
        label: shape.label.clone(),
        description: shape.description.clone(),
        class: shortened(shape.class.as_str()),
        path: None,
        properties: shape.fields.iter().map(|field| property(site, field)).collect(),
    }
}

/// The last part of the shape's IRI.
fn anchor(shape: &Shape) -> String {
    let iri = shape.iri.as_str();
    iri.rsplit(['#', '/']).next().unwrap_or(iri).to_owned()
}

fn property(site: Site<'_>, field: &Field) -> Property {
    let nested = match &field.value {
        ValueType::Node(iri) => site.state.register.schema().nested(iri),
        _ => None,
    };
    Property {
        key: field.key.clone(),
        description: field.description.clone(),
        values: nested
            .map_or_else(|| field.expected().replace('`', ""), |shape| shape.label.clone()),
        anchor: nested.map(anchor),
        how_many: how_many(field, Messages::of(site.language)),
        path: field.path.as_str().to_owned(),
        short_path: shortened(field.path.as_str()),
    }
}

fn how_many(field: &Field, messages: &Messages) -> String {
    let phrase = match (field.minimum, field.maximum) {
        _ if field.one_per_language => messages.one_per_language,
        (0, Some(1)) => messages.at_most_one,
        (1, Some(1)) => messages.exactly_one,
        (0, None) => messages.any_number,
        (1, None) => messages.one_or_more,
        (low, high) => {
            let high = high.map_or_else(|| "∞".to_owned(), |high| high.to_string());
            return format!("{low}–{high}");
        }
    };
    let required = field.minimum > 0 && field.one_per_language;
    let suffix = if required { format!(", {}", messages.required.plain()) } else { String::new() };
    format!("{}{suffix}", phrase.plain())
}
