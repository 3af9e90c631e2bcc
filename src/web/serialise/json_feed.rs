//! A list as a JSON Feed.
//!
//! Source: <https://www.jsonfeed.org/version/1.1/>. What the format has no
//! member for stands in the object `_kist` of an item or of the feed, as it
//! allows: licence and attribution, the position, when the record was last
//! checked and where a mistake in it can be reported. An item was modified when
//! the register last took something else about it.

use jiff::Timestamp;
use jiff::civil::Date;

use super::List;
use super::entry::Entry;
use super::entry::entries;
use super::entry::names;
use super::entry::one_or_all;
use super::object::Object;
use super::xml::html;
use crate::web::lapse::Lapse;

/// Says what `_kist` is, as the format asks.
const ABOUT: &str = "https://w3id.org/kist#";

pub(super) fn write(list: &List<'_>) -> Vec<u8> {
    let mut json = Vec::new();
    Object::write(&mut json, |feed| {
        feed.put("version", "https://jsonfeed.org/version/1.1");
        feed.put("title", list.title);
        feed.put("home_page_url", list.page);
        feed.put("feed_url", list.address);
        feed.put_if("next_url", list.next);
        feed.put_if("user_comment", list.attribution);
        feed.put("language", list.language);
        author(feed, list.register);
        Object::write(feed.name("_kist"), |ours| {
            ours.put("about", ABOUT);
            ours.put("total", &list.total);
            ours.put_if("licence", list.licence);
            ours.put_if("attribution", list.attribution);
        });
        let items = feed.name("items");
        Object::write_all(items, entries(list), |object, entry| item(object, &entry, list.updated));
    });
    json
}

fn author(object: &mut Object<'_>, name: &str) {
    Object::write_all(object.name("authors"), [name], |author, name| author.put("name", name));
}

fn item(item: &mut Object<'_>, entry: &Entry, updated: Timestamp) {
    item.put("id", &entry.id);
    item.put("url", &entry.page);
    item.put_if("external_url", entry.url.as_ref());
    item.put("title", &entry.title());
    // An item has a content, even an empty one.
    let paragraphs = entry.paragraphs();
    let content: Vec<String> =
        paragraphs.iter().map(|text| format!("<p>{}</p>", html(text))).collect();
    item.put("content_html", &content.concat());
    item.put_if("summary", entry.summary.as_ref());
    item.put("date_modified", &entry.updated(updated).to_string());
    item.put_if("date_published", entry.published_on().map(midnight).as_ref());
    if let Some(provider) = &entry.provider {
        author(item, provider);
    }
    let tags: Vec<&str> = names(&entry.topics).collect();
    item.put_if("tags", (!tags.is_empty()).then_some(&tags));
    Object::write(item.name("_kist"), |ours| {
        ours.put("type", &entry.kind);
        ours.put_if("lapse", entry.lapse.map(Lapse::word));
        if let Some(point) = entry.points.first() {
            ours.put("latitude", &point.latitude());
            ours.put("longitude", &point.longitude());
        }
        ours.put_if("distance", entry.metres().as_ref());
        ours.put_if("checked", entry.last_reviewed.as_ref());
        ours.put_if("report", entry.report.as_ref());
        ours.put_if("licence", one_or_all(&entry.licence_words()).as_ref());
        ours.put_if("attribution", entry.attribution.as_ref());
    });
}

fn midnight(date: Date) -> String {
    date.strftime("%Y-%m-%dT00:00:00Z").to_string()
}
