//! The areas of the gazetteer as `place` records, and the sources that every
//! register has.

use jiff::Timestamp;

use super::{Applied, ApplyError, Edit, References, Register, own_sources};
use crate::gazetteer::PlaceRecord;
use crate::record::{Fields, Node, Record, RecordId, Reference, Value, canonical};

/// The source of place records.
pub(super) const GAZETTEER_SOURCE: &str = "gazetteer";

impl Register {
    /// Makes or renews the records of all areas that the gazetteer knows, and
    /// of the register's own sources.
    ///
    /// # Errors
    ///
    /// [`ApplyError`]; nothing is written then.
    pub fn apply_places(&self, actor: &str, now: Timestamp) -> Result<Applied, ApplyError> {
        let mut edits = own_sources::edits();
        edits.extend(self.gazetteer().place_records().filter_map(edit));
        self.apply(edits, References::Kept, actor, now)
    }
}

fn edit(place: PlaceRecord) -> Option<Edit> {
    let id = RecordId::new("place", &place.code).ok()?;
    let mut fields = Fields::new();
    let mut put = |key: &str, values: Vec<Value>| {
        if !values.is_empty() {
            fields.insert(key.to_owned(), canonical(values));
        }
    };
    let text = |language: &str, text: &str| Value::LanguageText {
        language: language.to_owned(),
        text: text.to_owned(),
    };
    put("name", vec![text("en", &place.name)]);
    let alternates: Vec<Value> = place
        .alternate_names
        .iter()
        .map(|name| text(name.language.as_deref().unwrap_or("en"), &name.text))
        .collect();
    put("alternateName", alternates);
    put("code", vec![Value::Text(place.code)]);
    put("level", vec![Value::Text(place.level.as_str().to_owned())]);
    let parents: Vec<RecordId> = place
        .parent
        .iter()
        .chain(&place.also_within)
        .filter_map(|code| RecordId::new("place", code).ok())
        .collect();
    put("parent", parents.into_iter().map(|id| Value::Reference(Reference::Record(id))).collect());
    if let Some(point) = place.centroid {
        put("latitude", vec![Value::Double(point.latitude())]);
        put("longitude", vec![Value::Double(point.longitude())]);
    }
    if let Some(boundary) = place.boundary {
        let geometry = Fields::from([("wkt".to_owned(), vec![Value::Text(boundary)])]);
        put("geometry", vec![Value::Node(Node { fields: geometry })]);
    }
    let record = Some(Record { id: id.clone(), fields });
    let source = GAZETTEER_SOURCE.to_owned();
    Some(Edit { source, id, record, original: None, expected: None, derivation: None })
}
