//! A list as a JSON Feed.
//!
//! Source: <https://www.jsonfeed.org/version/1.1/>. What the format has no
//! member for stands in the object `_kist` of an item or of the feed, as it
//! allows: licence and attribution, the position, when the record was last
//! checked and where a mistake in it can be reported. An item was modified when
//! the register last took something else about it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::List;
use super::entry::Entry;
use super::entry::entries;
use super::entry::names;
use super::entry::one_or_all;
use super::xml::html;

/// Says what `_kist` is, as the format asks.
const ABOUT: &str = "https://w3id.org/kist#";

pub(super) fn write(list: &List<'_>) -> Vec<u8> {
    let mut feed = Map::new();
    feed.insert("version".to_owned(), json!("https://jsonfeed.org/version/1.1"));
    feed.insert("title".to_owned(), json!(list.title));
    feed.insert("home_page_url".to_owned(), json!(list.page));
    feed.insert("feed_url".to_owned(), json!(list.address));
    insert(&mut feed, "next_url", list.next);
    insert(&mut feed, "user_comment", list.attribution);
    feed.insert("language".to_owned(), json!(list.language));
    feed.insert("authors".to_owned(), json!([{ "name": list.register }]));
    let mut ours = Map::new();
    ours.insert("about".to_owned(), json!(ABOUT));
    ours.insert("total".to_owned(), json!(list.total));
    insert(&mut ours, "licence", list.licence);
    insert(&mut ours, "attribution", list.attribution);
    feed.insert("_kist".to_owned(), Value::Object(ours));
    let items: Vec<Value> = entries(list).map(|entry| item(entry, list.updated)).collect();
    feed.insert("items".to_owned(), Value::Array(items));
    Value::Object(feed).to_string().into_bytes()
}

fn item(entry: Entry, updated: Timestamp) -> Value {
    let mut item = Map::new();
    let paragraphs = entry.paragraphs();
    let modified = entry.updated(updated).to_string();
    let tags: Vec<&str> = names(&entry.topics).collect();
    item.insert("id".to_owned(), json!(entry.id));
    item.insert("url".to_owned(), json!(entry.page));
    insert(&mut item, "external_url", entry.url.as_deref());
    item.insert("title".to_owned(), json!(entry.name));
    // An item has a content, even an empty one.
    let content: Vec<String> =
        paragraphs.iter().map(|text| format!("<p>{}</p>", html(text))).collect();
    item.insert("content_html".to_owned(), json!(content.concat()));
    insert(&mut item, "summary", entry.summary.as_deref());
    item.insert("date_modified".to_owned(), json!(modified));
    insert(&mut item, "date_published", entry.published_on().map(midnight));
    insert(&mut item, "authors", entry.provider.as_ref().map(|name| json!([{ "name": name }])));
    insert(&mut item, "tags", (!tags.is_empty()).then(|| json!(tags)));
    let mut ours = Map::new();
    ours.insert("type".to_owned(), json!(entry.kind));
    if let Some(point) = entry.points.first() {
        ours.insert("latitude".to_owned(), json!(point.latitude()));
        ours.insert("longitude".to_owned(), json!(point.longitude()));
    }
    insert(&mut ours, "distance", entry.distance.and_then(|metres| metres.parse::<u64>().ok()));
    insert(&mut ours, "checked", entry.last_reviewed);
    insert(&mut ours, "report", entry.report);
    insert(&mut ours, "licence", one_or_all(&entry.licences));
    item.insert("_kist".to_owned(), Value::Object(ours));
    Value::Object(item)
}

fn insert(object: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

fn midnight(date: Date) -> String {
    date.strftime("%Y-%m-%dT00:00:00Z").to_string()
}
