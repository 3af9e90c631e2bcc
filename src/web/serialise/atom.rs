//! A list as an Atom feed (RFC 4287) with links to its pages (RFC 5005) and
//! `GeoRSS` positions. Feed and entries each say their licences (RFC 4946).
//!
//! An entry was updated when the register last took something else about it.
//! The feed keeps its identifier on all of its pages.

use jiff::Timestamp;
use jiff::civil::Date;

use super::List;
use super::entry::Entry;
use super::entry::entries;
use super::xml::Xml;
use crate::vocab;

pub(super) fn write(list: &List<'_>) -> Vec<u8> {
    let mut xml = Xml::new(
        "feed",
        &[
            ("xmlns", "http://www.w3.org/2005/Atom"),
            ("xmlns:georss", "http://www.georss.org/georss"),
            ("xmlns:kist", vocab::kist::NAMESPACE),
            ("xml:lang", list.language),
        ],
    );
    xml.text("id", list.first.unwrap_or(list.address));
    xml.text("title", list.title);
    xml.text("updated", &list.updated.to_string());
    xml.open("author", &[]);
    xml.text("name", list.register);
    xml.close();
    xml.text("generator", list.register);
    xml.text_if("rights", list.attribution.or(list.licence));
    let feed = "application/atom+xml";
    for (relation, media_type, address) in [
        ("self", feed, Some(list.address)),
        ("alternate", "text/html", Some(list.page)),
        ("first", feed, list.first),
        ("previous", feed, list.previous),
        ("next", feed, list.next),
    ] {
        if let Some(address) = address {
            let attributes = [("rel", relation), ("type", media_type), ("href", address)];
            xml.empty("link", &attributes);
        }
    }
    if let Some(licence) = list.licence {
        xml.empty("link", &[("rel", "license"), ("href", licence)]);
    }
    for entry in entries(list) {
        write_entry(&mut xml, &entry, list.updated);
    }
    xml.finish()
}

fn write_entry(xml: &mut Xml, entry: &Entry, updated: Timestamp) {
    xml.open("entry", &[]);
    xml.text("id", &entry.id);
    xml.text("title", &entry.title());
    xml.text("updated", &entry.updated(updated).to_string());
    if let Some(published) = entry.published_on() {
        xml.text("published", &midnight(published));
    }
    if let Some(provider) = &entry.provider {
        xml.open("author", &[]);
        xml.text("name", provider);
        xml.close();
    }
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &entry.page)]);
    if let Some(url) = &entry.url {
        xml.empty("link", &[("rel", "related"), ("href", url)]);
    }
    if let Some(report) = &entry.report {
        let attributes =
            [("rel", "related"), ("title", "Report a mistake"), ("href", report.as_str())];
        xml.empty("link", &attributes);
    }
    for licence in &entry.licences {
        xml.empty("link", &[("rel", "license"), ("href", licence)]);
    }
    xml.text_if("rights", entry.attribution.as_deref());
    for topic in &entry.topics {
        let name = topic.name.as_deref().unwrap_or(&topic.id);
        xml.empty("category", &[("term", &topic.id), ("label", name)]);
    }
    let summary = entry.paragraphs().join("\n");
    if !summary.is_empty() {
        xml.text_with("summary", &[("type", "text")], &summary);
    }
    if let Some(point) = entry.points.first() {
        let position = format!("{} {}", point.latitude(), point.longitude());
        xml.text("georss:point", &position);
    }
    xml.text_if("kist:lastReviewed", entry.last_reviewed.as_deref());
    xml.close();
}

fn midnight(date: Date) -> String {
    date.strftime("%Y-%m-%dT00:00:00Z").to_string()
}
