//! The home page: one search, what this is, and the ways in.

use askama::Template;
use axum::response::Response;

use crate::register::Facet;
use crate::web::html::address::Address;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::form::SearchForm;
use crate::web::html::messages::thousands;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::KINDS;
use crate::web::html::site::Site;
use crate::web::html::visit::Visit;
use crate::web::problem::Result;

/// How many topics the home page names.
const TOPICS: usize = 12;

/// Searches that show something in Scotland.
const EXAMPLES: [(&str, &str); 3] = [("library", "EH6"), ("hospital", "Oban"), ("", "G2 4AA")];

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    form: SearchForm,
    examples: Vec<Link>,
    counts: Vec<Count>,
    topics: Vec<Count>,
}

/// A link with a number.
#[derive(Debug)]
pub(super) struct Count {
    pub(super) link: Link,
    pub(super) count: String,
}

/// Shows the home page.
///
/// # Errors
///
/// 500 `internal` when the index can't be read.
pub(super) async fn show_home(visit: Visit) -> Result<Response> {
    let results = visit.site().counts(&KINDS, &[Facet::Kind, Facet::Topic])?;
    visit.send_of(results.revision, &["home"], |site| {
        let state = site.state;
        let counted = |facet| {
            let counts = results.facets.iter().find(|counts| counts.facet == facet);
            counts.map_or(&[][..], |counts| counts.counts.as_slice())
        };
        let feed = ("application/atom+xml", "/changes.atom".to_owned());
        let page = Page::new(site, "", &Address::new("/")).with_alternates(vec![feed]);
        let footer = page.m.footer.plain().to_owned();
        let page = page.told(state.register.base().as_str(), Some(footer), None);
        let kinds = counted(Facet::Kind);
        let counts = KINDS.iter().filter_map(|kind| {
            let (_, count) = kinds.iter().find(|(known, _)| known == kind)?;
            let path = &state.register.schema().kind(kind)?.path;
            let href = format!("/{path}{}", page.lang);
            let title = site.kind_title(kind);
            let text = Text { text: title.text.to_lowercase(), ..title };
            Some(Count { link: Link { href, text }, count: thousands(*count) })
        });
        let topics = broad_topics(site, counted(Facet::Topic))?;
        let examples = EXAMPLES.map(|(what, near)| {
            let address = Address::new("/search").with("q", what).with("near", near);
            let address = address.keeping(|_, value| !value.is_empty());
            let text = if what.is_empty() { near.to_owned() } else { format!("{what}, {near}") };
            Link { href: site.localised(address), text: Text::plain(text) }
        });
        page::draw(&HomePage {
            form: SearchForm::empty(site),
            examples: examples.into(),
            counts: counts.collect(),
            topics,
            page,
        })
    })
}

/// The topics that are part of no wider one, most used first.
fn broad_topics(site: Site<'_>, counts: &[(String, u64)]) -> Result<Vec<Count>> {
    let categories = site.categories(Some("topic"))?;
    let broad = counts.iter().filter_map(|(id, count)| {
        let category = categories.iter().find(|category| &category.id == id)?;
        category.broader.is_empty().then_some((category, count))
    });
    Ok(broad
        .take(TOPICS)
        .map(|(category, count)| {
            let address = Address::new("/search").with("topic", &category.id);
            let link = Link { href: site.localised(address), text: category.name.clone() };
            Count { link, count: thousands(*count) }
        })
        .collect())
}
