//! A list as an RSS 2.0 feed, with `GeoRSS` positions and Dublin Core.
//!
//! Source: <https://www.rssboard.org/rss-specification> and the board's best
//! practices: a description is HTML, a title is plain text, `atom:link` says
//! where the feed itself is. An item's date is that of its last change,
//! so that readers show what is new; when a work was published, `dc:date` says.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::List;
use super::entry::Entry;
use super::entry::entries;
use super::xml::Xml;
use super::xml::html;
use crate::vocab;

const NAMESPACES: &[(&str, &str)] = &[
    ("version", "2.0"),
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:georss", "http://www.georss.org/georss"),
    ("xmlns:kist", vocab::kist::NAMESPACE),
];

pub(super) fn write(list: &List<'_>) -> Vec<u8> {
    let mut xml = Xml::new("rss", NAMESPACES);
    xml.open("channel", &[]);
    xml.text("title", list.title);
    xml.text("link", list.page);
    let count = match list.total {
        1 => "1 result".to_owned(),
        total => format!("{total} results"),
    };
    xml.text("description", &format!("{}: {count} in {}", html(list.title), html(list.register)));
    xml.text("language", list.language);
    let rights: Vec<&str> = [list.attribution, list.licence].into_iter().flatten().collect();
    xml.text_if("copyright", (!rights.is_empty()).then(|| rights.join(" ")).as_deref());
    xml.text("lastBuildDate", &date_and_time(list.updated.to_zoned(TimeZone::UTC).datetime()));
    xml.text("generator", list.register);
    for (relation, address) in [
        ("self", Some(list.address)),
        ("first", list.first),
        ("previous", list.previous),
        ("next", list.next),
    ] {
        if let Some(address) = address {
            let attributes =
                [("rel", relation), ("type", "application/rss+xml"), ("href", address)];
            xml.empty("atom:link", &attributes);
        }
    }
    if let Some(licence) = list.licence {
        xml.empty("atom:link", &[("rel", "license"), ("href", licence)]);
    }
    for entry in entries(list) {
        write_item(&mut xml, &entry);
    }
    xml.finish()
}

fn write_item(xml: &mut Xml, entry: &Entry) {
    xml.open("item", &[]);
    xml.text("title", &entry.title());
    xml.text("link", &entry.page);
    xml.text_with("guid", &[("isPermaLink", "false")], &entry.id);
    let paragraphs: Vec<String> =
        entry.paragraphs().iter().map(|text| format!("<p>{}</p>", html(text))).collect();
    if !paragraphs.is_empty() {
        xml.text("description", &paragraphs.concat());
    }
    for topic in &entry.topics {
        let name = topic.name.as_deref().unwrap_or(&topic.id);
        xml.text_with("category", &[("domain", &topic.id)], name);
    }
    let dated = entry.reviewed_on().or_else(|| entry.published_on());
    let moment = entry.changed.map(|at| at.to_zoned(TimeZone::UTC).datetime());
    if let Some(moment) = moment.or_else(|| dated.map(|date| date.at(0, 0, 0, 0))) {
        xml.text("pubDate", &date_and_time(moment));
    }
    xml.text_if("comments", entry.report.as_deref());
    for licence in &entry.licences {
        xml.empty("atom:link", &[("rel", "license"), ("href", licence)]);
    }
    xml.text_if("dc:rights", entry.attribution.as_deref());
    xml.text_if("dc:creator", entry.provider.as_deref());
    xml.text_if("dc:date", entry.published.as_deref());
    if let Some(point) = entry.points.first() {
        let position = format!("{} {}", point.latitude(), point.longitude());
        xml.text("georss:point", &position);
    }
    xml.text_if("kist:lastReviewed", entry.last_reviewed.as_deref());
    xml.close();
}

/// A moment in UTC as RFC 822 has it, with the year in four digits.
fn date_and_time(moment: DateTime) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
