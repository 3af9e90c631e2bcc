//! Addresses of the register's own pages and resources, all made from the
//! configured base, never from a request's headers.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::record::RecordId;
use crate::register::Register;

/// What stands as it is in a value of a query.
const QUERY_VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':');

/// What stands as it is in a part of a path.
const PATH_PART: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');

/// The path of the list of what is near `place`.
#[must_use]
pub fn near(place: &str) -> String {
    format!("/near/{}", utf8_percent_encode(place, PATH_PART))
}

/// The address of the document about a record.
#[must_use]
pub fn document(register: &Register, id: &RecordId) -> String {
    let base = register.base().as_str();
    match register.schema().kind(id.kind()) {
        Some(kind) => format!("{base}/{}/{}", kind.path, id.id()),
        None => format!("{base}/id/{id}"),
    }
}

/// The address of the document about the thing with this IRI; the IRI itself
/// when it is not of this register.
#[must_use]
pub fn document_of(register: &Register, iri: &str) -> String {
    match register.base().record_of(iri) {
        Some(Ok(id)) => document(register, &id),
        _ => iri.to_owned(),
    }
}

/// The query of a request without some parameters, and with others set; the
/// rest keeps its order. Empty, or `?` and the parameters.
#[must_use]
pub fn query_with(query: &str, without: &[&str], with: &[(&str, &str)]) -> String {
    let kept = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| !without.contains(&name.as_ref()))
        .filter(|(name, _)| with.iter().all(|(set, _)| set != name))
        .map(|(name, value)| pair(&name, &value));
    let set = with.iter().map(|(name, value)| pair(name, value));
    let pairs: Vec<String> = kept.chain(set).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// The names of the empty fields of a query, as forms send them: they say
/// nothing, and needn't stand in an address.
#[must_use]
pub fn empty_fields(query: &str) -> Vec<Cow<'_, str>> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.filter(|(_, value)| value.is_empty()).map(|(name, _)| name).collect()
}

fn pair(name: &str, value: &str) -> String {
    let encode = |text| utf8_percent_encode(text, QUERY_VALUE).to_string();
    format!("{}={}", encode(name), encode(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_what_is_not_changed() {
        let query = "q=tea+%26+talk&page=2&topic=walking";
        assert_eq!(query_with(query, &["page"], &[]), "?q=tea%20%26%20talk&topic=walking");
        assert_eq!(
            query_with(query, &[], &[("page", "3")]),
            "?q=tea%20%26%20talk&topic=walking&page=3"
        );
        assert_eq!(query_with("", &[], &[]), "");
        assert_eq!(empty_fields("lang=&topic=&q=tea"), ["lang", "topic"]);
    }
}
