//! A part of a JSON object: of a summary mostly less is wanted than it says,
//! and what is passed over costs next to nothing.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::Deserializer as _;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::Visitor;
use serde_json::Map;
use serde_json::Value as Json;

/// The members of the object `json` whose names are `wanted`; `None` when it is
/// no object.
pub(super) fn members(json: &[u8], wanted: impl Fn(&str) -> bool) -> Option<Map<String, Json>> {
    let mut reader = serde_json::Deserializer::from_str(std::str::from_utf8(json).ok()?);
    let members = reader.deserialize_map(Only(wanted)).ok()?;
    reader.end().ok()?;
    Some(members)
}

/// Takes the members whose names are wanted.
struct Only<F>(F);

/// The name of a member.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de, F: Fn(&str) -> bool> Visitor<'de> for Only<F> {
    type Value = Map<String, Json>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = Map::new();
        while let Some(Name(name)) = object.next_key()? {
            if (self.0)(&name) {
                members.insert(name.into_owned(), object.next_value()?);
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wanted_is_taken() {
        let json = br#"{"id":"a","name":{"en":"Hall"},"topics":[{"id":"b","name":"Tea"}],"n":1}"#;
        let members = members(json, |name| ["name", "n", "url"].contains(&name)).unwrap();
        assert_eq!(Json::Object(members).to_string(), r#"{"name":{"en":"Hall"},"n":1}"#);
        for json in [&b"[]"[..], b"{", b"{} 1", b""] {
            assert_eq!(super::members(json, |name| name == "name"), None);
        }
    }
}
