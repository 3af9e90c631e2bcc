//! A list as JSON, which is JSON-LD as well.
//!
//! Summaries are copied as they are, byte by byte: nothing of them is parsed.

use std::io::Write;

use serde::Serialize;

use super::Item;
use super::List;
use super::object::value;

/// The key of the licence of what a record's sources say of it; a work has its
/// own under `licence`.
const SOURCE_LICENCE: &str = "sourceLicence";

/// The key of the words in which they want to be credited; a source has its own
/// under `attribution`.
const SOURCE_ATTRIBUTION: &str = "sourceAttribution";

/// Room for what a list says besides its summaries, and for what it adds to
/// each of them.
const AROUND: usize = 1024;
const AROUND_ITEM: usize = 192;

pub(super) fn write(list: &List<'_>) -> Vec<u8> {
    let summaries: usize = list.items.iter().map(|item| item.summary.len() + AROUND_ITEM).sum();
    let mut json = Vec::with_capacity(summaries + AROUND);
    json.extend(b"{\"@context\":");
    value(&mut json, list.context);
    member(&mut json, "id", list.address);
    member(&mut json, "type", list.kind);
    member(&mut json, "title", list.title);
    member(&mut json, "total", &list.total);
    if let Some(near) = list.near {
        member(&mut json, "near", near);
    }
    json.extend(b",\"items\":[");
    let mut separator: &[u8] = b"";
    for item in &list.items {
        let Some(members) = members(item.summary) else { continue };
        json.extend(separator);
        separator = b",";
        write_item(&mut json, list, item, members);
    }
    json.push(b']');
    for (name, address) in [("first", list.first), ("previous", list.previous), ("next", list.next)]
    {
        if let Some(address) = address {
            member(&mut json, name, address);
        }
    }
    if let Some(facets) = list.facets {
        member(&mut json, "facets", facets);
    }
    if let Some(licence) = list.licence {
        member(&mut json, "licence", licence);
    }
    if let Some(attribution) = list.attribution {
        member(&mut json, "attribution", attribution);
    }
    json.push(b'}');
    json
}

/// A summary with what the list adds to it: where to report a mistake in it,
/// the distance in whole metres, its licences and whom to name for it.
fn write_item(json: &mut Vec<u8>, list: &List<'_>, item: &Item<'_>, members: &[u8]) {
    json.push(b'{');
    json.extend(members);
    let added = json.len();
    if let Some((report, iri)) = list.report.zip(iri(members)) {
        member(json, "report", &report(iri));
    }
    if let Some(distance) = item.distance {
        write!(json, ",\"distance\":{:.0}", distance.as_f64()).expect("memory takes any bytes");
    }
    if let Some(reason) = item.reason {
        member(json, "match", reason);
    }
    if let Some(covers) = item.covers {
        member(json, "covers", covers);
    }
    if let Some(note) = item.note {
        member(json, "note", note);
    }
    match item.licences_in(list) {
        [] => {}
        [one] => member(json, SOURCE_LICENCE, one),
        several => member(json, SOURCE_LICENCE, several),
    }
    if let Some(attribution) = item.attribution_in(list) {
        member(json, SOURCE_ATTRIBUTION, attribution);
    }
    if item.is_deprioritised {
        member(json, "deprioritised", &true);
    }
    if let Some(explanation) = &item.explanation {
        member(json, "explanation", explanation);
    }
    if members.is_empty() && json.len() > added {
        json.remove(added);
    }
    json.push(b'}');
}

/// The IRI of a record, which its summary begins with; `None` when it is
/// written otherwise.
fn iri(members: &[u8]) -> Option<&str> {
    let rest = members.strip_prefix(b"\"id\":\"")?;
    let end = rest.iter().position(|byte| *byte == b'"')?;
    std::str::from_utf8(&rest[..end]).ok().filter(|iri| !iri.contains('\\'))
}

/// What stands between the braces of an object; `None` when there are none.
fn members(summary: &[u8]) -> Option<&[u8]> {
    let members = summary.trim_ascii().strip_prefix(b"{")?.strip_suffix(b"}")?;
    Some(members.trim_ascii())
}

fn member(json: &mut Vec<u8>, name: &str, of: &(impl Serialize + ?Sized)) {
    json.push(b',');
    value(json, name);
    json.push(b':');
    value(json, of);
}
