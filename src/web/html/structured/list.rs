//! Lists, as an `ItemList` of links: what is listed describes itself.

use serde_json::{Map, Value as Json, json};

use super::set;

/// A thing on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it is called.
    pub name: String,
    /// The address of its page.
    pub page: String,
    /// Where it stands in the list, counted from 1 over all pages.
    pub position: usize,
}

/// Describes a list or one page of it; `total` counts all pages.
#[must_use]
pub fn list(name: &str, page: &str, description: Option<&str>, total: u64, of: &[Listed]) -> Json {
    let items: Vec<Json> = of
        .iter()
        .map(|listed| {
            json!({
                "@type": "ListItem",
                "position": listed.position,
                "name": listed.name,
                "url": listed.page,
            })
        })
        .collect();
    let mut list = Map::new();
    set(&mut list, "@context", Some("https://schema.org"));
    set(&mut list, "@type", Some("ItemList"));
    set(&mut list, "name", Some(name));
    set(&mut list, "description", description);
    set(&mut list, "url", Some(page));
    set(&mut list, "numberOfItems", Some(total));
    set(&mut list, "itemListElement", Some(items));
    Json::Object(list)
}
