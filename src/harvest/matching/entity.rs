//! What of a record tells which thing it speaks of.

use crate::model::weekday::CODES;
use crate::model::{Point, Postcode};
use crate::record::{Base, Node, Record, RecordId, Reference, Value, texts};

/// What of a record tells which thing it speaks of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entity {
    /// Identity of the record, as `kind/id`.
    pub id: String,
    /// Kind of the record; things of two kinds are never the same.
    pub kind: String,
    /// Identifier of its source.
    pub source: String,
    /// Its names, the main one first.
    pub names: Vec<String>,
    /// Its postcodes, whole or in part.
    pub postcodes: Vec<Postcode>,
    /// Its positions.
    pub points: Vec<Point>,
    /// Its pages.
    pub urls: Vec<String>,
    /// Its telephone numbers, in any spelling.
    pub phones: Vec<String>,
    /// Its e-mail addresses.
    pub emails: Vec<String>,
    /// Its numbers in official registers: register (`GB-SC`) and number.
    pub identifiers: Vec<(String, String)>,
    /// The addresses by which it is itself known, here or elsewhere.
    pub addresses: Vec<String>,
    /// The addresses of the same thing elsewhere, as its publisher says.
    pub same_as: Vec<String>,
    /// Name of the organisation that provides it.
    pub provider: Option<String>,
    /// The days of the week on which it takes place.
    pub days: Days,
    /// Hash of all that it says, without keys; for finding the same content
    /// under new keys.
    pub content: Option<String>,
}

/// Days of the week; none when they are not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days(u8);

impl Days {
    /// Takes days as `MO`, `TU` …; other words are passed over.
    #[must_use]
    pub fn new<'a>(days: impl IntoIterator<Item = &'a str>) -> Self {
        let places =
            days.into_iter().filter_map(|day| CODES.iter().position(|known| *known == day));
        Self(places.fold(0, |days, place| days | 1 << place))
    }

    /// Whether none is known.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The days that both have.
    #[must_use]
    pub const fn shared(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The days as `MO TU`.
    #[must_use]
    pub fn to_text(self) -> String {
        let days = CODES.iter().enumerate().filter(|(place, _)| self.0 & (1 << place) != 0);
        days.map(|(_, day)| *day).collect::<Vec<_>>().join(" ")
    }
}

impl Entity {
    /// What of `record` of `source` tells which thing it is. `provider` is the
    /// name of the organisation to which it refers; `address` the record's own
    /// in this register.
    #[must_use]
    pub fn from_record(
        record: &Record,
        source: &str,
        address: Option<&str>,
        provider: Option<&str>,
    ) -> Self {
        let nodes = |key: &str| record.values(key).iter().filter_map(Value::as_node);
        let all_texts = |keys: &[&str]| {
            let values = keys.iter().flat_map(|key| texts(record.values(key)));
            values.map(str::to_owned).collect::<Vec<String>>()
        };
        let contacts = |key: &'static str| {
            nodes("contactPoints")
                .chain(nodes("contact"))
                .flat_map(move |node| node_texts(node, key))
        };
        let mut phones = all_texts(&["telephone"]);
        phones.extend(contacts("telephone"));
        let mut emails = all_texts(&["email"]);
        emails.extend(contacts("email"));
        let mut names = all_texts(&["name", "alternateName"]);
        names.dedup();
        let postcodes = nodes("locations").flat_map(|node| node_texts(node, "postcode"));
        let days: Vec<String> =
            nodes("schedule").flat_map(|node| node_texts(node, "byDay")).collect();
        Self {
            id: record.id.to_string(),
            kind: record.id.kind().to_owned(),
            source: source.to_owned(),
            names,
            postcodes: postcodes.filter_map(|text| text.parse().ok()).collect(),
            points: nodes("locations").filter_map(point).collect(),
            urls: all_texts(&["url"]),
            phones,
            emails,
            identifiers: nodes("identifiers").filter_map(identifier).collect(),
            addresses: address.map(str::to_owned).into_iter().collect(),
            same_as: record.values("sameAs").iter().filter_map(elsewhere).collect(),
            provider: provider.map(str::to_owned),
            days: Days::new(days.iter().map(String::as_str)),
            content: None,
        }
    }

    /// The record under `base` that the record names as the same thing or as
    /// its own page: ours has come back by way of another publisher.
    #[must_use]
    pub fn origin_in(&self, base: &Base) -> Option<RecordId> {
        let addresses = self.same_as.iter().chain(&self.urls);
        addresses.filter_map(|address| base.addressed(address)).find(|id| id.kind() == self.kind)
    }
}

fn node_texts(node: &Node, key: &str) -> Vec<String> {
    texts(node.values(key)).map(str::to_owned).collect()
}

fn identifier(node: &Node) -> Option<(String, String)> {
    let register = texts(node.values("register")).next()?;
    Some((register.to_owned(), texts(node.values("value")).next()?.to_owned()))
}

/// A position that is the thing's own: one worked out from a postcode tells no
/// more than the postcode.
fn point(node: &Node) -> Option<Point> {
    let from = texts(node.values("positionFrom")).next();
    if from.is_some_and(|from| from != "published") {
        return None;
    }
    let number = |key: &str| node.values(key).first().and_then(Value::as_double);
    Point::new(number("latitude")?, number("longitude")?).ok()
}

fn elsewhere(value: &Value) -> Option<String> {
    match value {
        Value::Reference(Reference::Elsewhere(iri)) | Value::Iri(iri) => Some(iri.clone()),
        _ => None,
    }
}
