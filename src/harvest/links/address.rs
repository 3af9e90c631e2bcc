//! The addresses in a record, each in one spelling.

use std::collections::BTreeMap;

use url::Url;

use crate::record::{Fields, Merged, Reference, Value};
use crate::register::ledger::CitedAt;

/// Kinds of record whose links nobody follows: what harvests them tells of
/// their addresses, or they are vocabulary.
const KINDS_WITHOUT: &[&str] = &["run", "source", "place", "category", "scheme"];

/// Keys whose values name things and are no links for people.
const KEYS_WITHOUT: &[&str] =
    &["sameAs", "exactMatch", "closeMatch", "licence", "archivedCopy", "partial", "withholds"];

/// Keys whose values may be documents elsewhere on the web.
const KEYS_OF_DOCUMENTS: &[&str] = &["cites"];

/// The longest address that is checked, in bytes.
const LONGEST: usize = 2_000;

/// The most addresses of one record; no record for people has more.
const MOST: usize = 500;

/// An address that a record points to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// Where in the record it stands, and which source says so.
    pub at: Vec<CitedAt>,
    /// A copy in a web archive that the record tells of.
    pub archived: Option<String>,
}

/// The address in the one spelling by which addresses are told apart: host in
/// lower case, usual port and fragment left out. `None` when it is none of the
/// web, has a password in it, or is too long for anybody.
#[must_use]
pub fn normalise(address: &str) -> Option<String> {
    let mut url = Url::parse(address.trim()).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if !is_web || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    url.set_fragment(None);
    if url.query() == Some("") {
        url.set_query(None);
    }
    (url.as_str().len() <= LONGEST).then(|| url.into())
}

/// All addresses that a record points to as it is shown, normalised.
#[must_use]
pub fn targets(merged: &Merged) -> BTreeMap<String, Target> {
    let mut found = BTreeMap::new();
    if KINDS_WITHOUT.contains(&merged.record.id.kind()) {
        return found;
    }
    for (key, values) in &merged.record.fields {
        let origin = merged.from.get(key).and_then(|place| merged.origins.get(*place));
        let source = origin.map_or("", |origin| origin.source.as_str());
        take(key, values, &format!("/{key}"), source, &mut found);
    }
    // Of what the archived copy is one is said nowhere but by its place.
    let health = merged.record.values("linkHealth").first().and_then(Value::as_node);
    let archived = health.and_then(|node| node.values("archivedCopy").first()?.as_text());
    let own = merged.record.values("url").first().and_then(Value::as_text).and_then(normalise);
    if let (Some(archived), Some(own)) = (archived, own)
        && let Some(target) = found.get_mut(&own)
    {
        target.archived = Some(archived.to_owned());
    }
    found
}

/// Whether the values of `key` are links for people.
pub(super) fn is_followed(key: &str) -> bool {
    !KEYS_WITHOUT.contains(&key)
}

fn take(
    key: &str,
    values: &[Value],
    pointer: &str,
    source: &str,
    found: &mut BTreeMap<String, Target>,
) {
    if !is_followed(key) {
        return;
    }
    for (place, value) in values.iter().enumerate() {
        let at = if values.len() > 1 { format!("{pointer}/{place}") } else { pointer.to_owned() };
        match value {
            Value::Iri(address) => add(address, at, source, found),
            Value::Reference(Reference::Elsewhere(address)) if KEYS_OF_DOCUMENTS.contains(&key) => {
                add(address, at, source, found);
            }
            Value::Node(node) => fields(&node.fields, &at, source, found),
            _ => {}
        }
    }
}

fn fields(fields: &Fields, pointer: &str, source: &str, found: &mut BTreeMap<String, Target>) {
    for (key, values) in fields {
        take(key, values, &format!("{pointer}/{key}"), source, found);
    }
}

fn add(address: &str, pointer: String, source: &str, found: &mut BTreeMap<String, Target>) {
    let Some(url) = normalise(address) else { return };
    if found.len() >= MOST && !found.contains_key(&url) {
        return;
    }
    let source = source.to_owned();
    found.entry(url).or_default().at.push(CitedAt { pointer, source });
}

#[cfg(test)]
mod unit {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: Option<&str>) {
        assert_eq!(normalise(address).as_deref(), expected, "{address}");
    }

    #[test]
    fn an_address_has_one_spelling_whoever_cites_it() {
        let one = Some("https://example.scot/A?b=c");
        check("https://example.scot/A?b=c", one);
        check(" HTTPS://EXAMPLE.scot:443/A?b=c#top ", one);
        check("https://example.scot/./x/../A?b=c", one);
        check("http://example.scot", Some("http://example.scot/"));
        check("http://example.scot/?", Some("http://example.scot/"));
        check("http://café.example.scot/", Some("http://xn--caf-dma.example.scot/"));
    }

    #[test]
    fn what_is_no_web_has_a_password_or_no_end_is_not_checked() {
        check("mailto:a@example.scot", None);
        check("javascript:alert(1)", None);
        check("ftp://example.scot/", None);
        check("https://me:secret@example.scot/", None);
        check("example.scot", None);
        check(&format!("https://example.scot/{}", "a".repeat(2_000)), None);
    }
}
