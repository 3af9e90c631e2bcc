//! All categories, scheme by scheme, as trees.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use askama::Template;
use axum::response::Response;

use crate::register::Page as Part;
use crate::register::Query;
use crate::register::Start;
use crate::web::html::address::Address;
use crate::web::html::content;
use crate::web::html::content::Text;
use crate::web::html::content::escape;
use crate::web::html::messages::Messages;
use crate::web::html::messages::thousands;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Category;
use crate::web::html::site::KINDS;
use crate::web::html::site::Site;
use crate::web::html::visit::Visit;
use crate::web::pages::related::facet_of_scheme;
use crate::web::problem::Result;

/// How deep a tree is drawn; a circle of wider concepts ends here.
const DEEPEST: usize = 6;

#[derive(Template)]
#[template(path = "categories.html")]
struct CategoriesPage {
    page: Page,
    schemes: Vec<Scheme>,
}

/// A scheme with its tree.
#[derive(Debug)]
struct Scheme {
    id: String,
    name: Text,
    definition: Option<Text>,
    tree: Tree,
}

/// A tree of categories, written as HTML.
#[derive(Debug)]
struct Tree(String);

/// What a tree is made of.
struct Branches<'a> {
    site: Site<'a>,
    narrower: BTreeMap<&'a str, Vec<&'a Category>>,
    counts: BTreeMap<&'a str, u64>,
}

/// Shows the categories.
///
/// # Errors
///
/// 500 `internal` when the index can't be read.
pub(super) async fn show_categories(visit: Visit) -> Result<Response> {
    visit.send(&["categories"], |site| {
        let title = Messages::of(site.language).categories_title;
        let page = Page::new(site, title, &Address::new("/categories"));
        let page = page.within("/categories");
        page::draw(&CategoriesPage { page, schemes: schemes(site)? })
    })
}

fn schemes(site: Site<'_>) -> Result<Vec<Scheme>> {
    let found = site.find(Query {
        kinds: vec!["scheme".to_owned()],
        page: Part { limit: 100, start: Start::Offset(0) },
        ..Query::default()
    })?;
    let mut schemes: Vec<Scheme> = Vec::new();
    for hit in &found.hits {
        let Some((_, id)) = hit.key().split_once('/') else { continue };
        let Some(summary) = site.summary("scheme", id) else { continue };
        schemes.push(Scheme {
            id: id.to_owned(),
            name: content::text(&summary, "name", site.language).unwrap_or_else(|| Text::plain(id)),
            definition: content::text(&summary, "summary", site.language),
            tree: tree(site, id)?,
        });
    }
    // Topics are what most people look for.
    schemes.sort_by_key(|scheme| scheme.id != "topic");
    Ok(schemes)
}

fn tree(site: Site<'_>, scheme: &str) -> Result<Tree> {
    let categories = site.categories(Some(scheme))?;
    let facet = facet_of_scheme(scheme).1;
    let counted = site.counts(&KINDS, &[facet])?;
    let counts = counted.facets.iter().flat_map(|counts| &counts.counts);
    let mut branches = Branches {
        site,
        narrower: BTreeMap::new(),
        counts: counts.map(|(value, count)| (value.as_str(), *count)).collect(),
    };
    let mut roots = Vec::new();
    for category in &categories {
        let wider = category
            .broader
            .iter()
            .filter(|wider| categories.iter().any(|other| &other.id == *wider));
        let mut is_root = true;
        for wider in wider {
            is_root = false;
            branches.narrower.entry(wider).or_default().push(category);
        }
        if is_root {
            roots.push(category);
        }
    }
    let mut html = String::new();
    branches.write(&mut html, &roots, 0);
    Ok(Tree(html))
}

impl Branches<'_> {
    fn write(&self, html: &mut String, categories: &[&Category], depth: usize) {
        html.push_str(if depth == 0 { "<ul class=\"tree\">" } else { "<ul>" });
        for category in categories {
            let href = escape(&self.site.href("category", &category.id));
            // Writing to a string can't fail.
            let _ = write!(html, "<li><a href=\"{href}\">{}</a>", category.name);
            if let Some(count) = self.counts.get(category.id.as_str()) {
                let _ = write!(html, " <span class=\"count\">{}</span>", thousands(*count));
            }
            if let Some(narrower) = self.narrower.get(category.id.as_str())
                && depth < DEEPEST
            {
                self.write(html, narrower, depth + 1);
            }
            html.push_str("</li>");
        }
        html.push_str("</ul>");
    }
}

impl std::fmt::Display for Tree {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

// What comes from records is escaped where the tree is written.
impl askama::filters::HtmlSafe for Tree {}
