//! A record in one row of a table, and back: which column holds which field.
//!
//! A cell holds what one cell can hold exactly; all else that a summary says
//! stands as JSON in the column [`MORE`]. So a table that was exported says
//! the same when it is imported, and what people change in a cell counts.
//! Tables are written by `web` and read by `harvest`, which know nothing of
//! each other. What a cell shows in words alone (`schedule`, `cost`, the names
//! of topics) is not read back, but where the row has nothing better.

use serde_json::{Map, Value as Json, json};

use super::{JsonView, ObjectView, beginning};

/// The column with what no cell can hold, as a JSON object.
pub const MORE: &str = "more";

/// Columns without which a table is not one of ours.
const MARKS: &[&str] = &["id", "type", "name", "topic_ids", MORE];

/// What stands between the values of a list.
const BETWEEN: &str = "; ";

/// How a position is known that every register works out as well; one from a
/// whole postcode needs files that not all have, and is carried along.
const WORKED_OUT: &[&str] = &["sector", "district"];

/// The fields of a location that are a position.
const POSITION: &[&str] = &["latitude", "longitude", "positionFrom"];

/// How a field stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Texts,
    Number,
    Truth,
    /// Identifiers of records, which are of this kind when they don't say.
    References(&'static str),
}

/// A column, its field, and how the field stands in a cell.
type Column = (&'static str, &'static str, Form);

const FIELDS: &[Column] = &[
    ("name", "name", Form::Text),
    ("summary", "summary", Form::Text),
    ("asset_type_id", "assetType", Form::References("category")),
    ("resource_type_id", "resourceType", Form::References("category")),
    ("status", "status", Form::Text),
    ("provider_id", "provider", Form::References("organisation")),
    ("topic_ids", "topics", Form::References("category")),
    ("audience_ids", "audience", Form::References("category")),
    ("area_ids", "areaServed", Form::References("place")),
    ("online", "online", Form::Truth),
    ("access_mode", "accessMode", Form::Text),
    ("telephone", "telephone", Form::Text),
    ("email", "email", Form::Text),
    ("url", "url", Form::Text),
    ("languages", "languages", Form::Texts),
    ("published", "published", Form::Text),
    ("last_reviewed", "lastReviewed", Form::Text),
    ("valid_until", "validUntil", Form::Text),
    ("code", "code", Form::Text),
];

/// The columns of a record's only location.
const LOCATION: &[Column] = &[
    ("venue", "name", Form::Text),
    ("street_address", "streetAddress", Form::Text),
    ("locality", "locality", Form::Text),
    ("region", "region", Form::Text),
    ("postcode", "postcode", Form::Text),
    ("latitude", "latitude", Form::Number),
    ("longitude", "longitude", Form::Number),
    ("position_from", "positionFrom", Form::Text),
    ("country", "country", Form::Text),
];

/// A row in the making: what its cells hold exactly, and the rest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// Column and text.
    pub cells: Vec<(&'static str, String)>,
    /// What stands in [`MORE`]; nothing when the cells say all.
    pub more: Map<String, Json>,
}

impl Row {
    /// The text of a column.
    #[must_use]
    pub fn cell(&self, column: &str) -> Option<&str> {
        self.cells.iter().find(|(name, _)| *name == column).map(|(_, text)| text.as_str())
    }
}

/// Whether columns of these names are those of a table of ours, whatever else
/// is there.
#[must_use]
pub fn is_ours<'a>(names: impl Iterator<Item = &'a str> + Clone) -> bool {
    MARKS.iter().all(|mark| names.clone().any(|name| name.trim() == *mark))
}

/// Texts of which a summary that nobody has stated is the beginning.
const WHOLE_TEXTS: &[&str] = &["description", "purpose"];

/// The row of a record that `summary` describes, and `details` (whole texts,
/// and the summary only where somebody has stated one). Its `id` and `type` are
/// in neither part: they have columns of their own.
#[must_use]
pub fn split(summary: &ObjectView<'_>, details: &ObjectView<'_>) -> Row {
    let base = summary.get("id").and_then(JsonView::as_str).and_then(base_of).unwrap_or_default();
    let mut row = Row::default();
    let mut held = vec!["id", "type"];
    for key in WHOLE_TEXTS {
        if let Some(text) = details.get(key) {
            held.push(key);
            row.more.insert((*key).to_owned(), text.to_value());
        }
    }
    if !row.more.is_empty() && details.get("summary").is_none() {
        held.push("summary");
    }
    let stated = summary.get("summary").and_then(JsonView::as_str);
    let stated = stated.filter(|_| !held.contains(&"summary"));
    for (column, field, form) in FIELDS {
        let exact = summary.get(field).filter(|_| !held.contains(field));
        let exact = exact.and_then(|json| written(*form, json, base));
        if let Some(text) = exact {
            held.push(field);
            row.cells.push((column, text));
        }
    }
    // What looks like the beginning of the whole would not be read back.
    if let Some(stated) = stated.filter(|stated| is_beginning(&row.more, stated)) {
        row.more.insert("summary".to_owned(), json!(stated));
    }
    // The words for it are read back as they are.
    if summary.get("cost").is_some_and(is_free_alone) {
        held.push("cost");
    }
    if let Some([JsonView::Object(location)]) =
        summary.get("locations").and_then(JsonView::as_array)
        && let Some(cells) = location_cells(location)
    {
        held.push("locations");
        row.cells.extend(cells);
    }
    for (name, json) in summary.members().filter(|(name, _)| !held.contains(name)) {
        let mut json = json.to_value();
        if let ("locations", Json::Array(locations)) = (name, &mut json) {
            locations.iter_mut().filter_map(Json::as_object_mut).for_each(forget_position);
        }
        row.more.insert(name.to_owned(), json);
    }
    row
}

/// Whether a cost says that it is free, and no more.
fn is_free_alone(cost: &JsonView<'_>) -> bool {
    cost.as_object().is_some_and(|cost| {
        cost.members().len() == 1 && cost.get("free").and_then(JsonView::as_bool) == Some(true)
    })
}

/// The fields of a record whose row has these cells and `more`; as people write
/// them, so that identifiers stand for records.
///
/// A cell that shows what `more` says leaves it; any other goes first.
#[must_use]
pub fn join(cell: &dyn Fn(&str) -> Option<String>, more: Map<String, Json>) -> Map<String, Json> {
    let mut fields = more;
    let id = cell("id");
    for (column, field, form) in FIELDS {
        let Some(text) = cell(column) else { continue };
        // What stands for a summary is none.
        if *column == "summary" && !fields.contains_key("summary") && is_beginning(&fields, &text) {
            continue;
        }
        // What has no name is called by its address.
        if *column == "name" && id.as_deref() == Some(&text) {
            continue;
        }
        // Case studies are dated, and have no other day.
        let field =
            if *column == "published" && fields.contains_key("date") { "date" } else { field };
        put(&mut fields, field, *form, &text);
    }
    join_location(cell, &mut fields);
    for (column, field) in [("schedule", "schedule"), ("cost", "cost")] {
        if let Some(text) = cell(column).filter(|_| !fields.contains_key(field)) {
            let free = field == "cost" && text.eq_ignore_ascii_case("free");
            let value = if free { json!({ "free": true }) } else { json!({ "note": text }) };
            let is_list = field == "schedule";
            fields.insert(field.to_owned(), if is_list { json!([value]) } else { value });
        }
    }
    fields
}

/// Whether `text` is the beginning of a whole text, as it stands for a summary.
fn is_beginning(fields: &Map<String, Json>, text: &str) -> bool {
    let begins = |json: &Json| match json {
        Json::String(whole) => beginning(whole).trim() == text.trim(),
        _ => false,
    };
    WHOLE_TEXTS.iter().filter_map(|key| fields.get(*key)).any(|json| match json {
        Json::Object(languages) => languages.values().any(begins),
        one => begins(one),
    })
}

fn join_location(cell: &dyn Fn(&str) -> Option<String>, fields: &mut Map<String, Json>) {
    let forgets = is_worked_out(cell("position_from").as_deref());
    let position = ["latitude", "longitude", "position_from"];
    let cells: Vec<(&Column, String)> = LOCATION
        .iter()
        .filter(|(column, ..)| !(forgets && position.contains(column)))
        .filter_map(|column| Some((column, cell(column.0)?)))
        .collect();
    if cells.is_empty() {
        return;
    }
    let locations = fields.entry("locations").or_insert_with(|| json!([]));
    let Json::Array(locations) = locations else { return };
    // The cells show the first that has a position, or else the first.
    let shown = locations.iter().position(|location| location.get("latitude").is_some());
    if locations.is_empty() {
        locations.push(json!({}));
    }
    let Some(Json::Object(location)) = locations.get_mut(shown.unwrap_or(0)) else { return };
    for ((_, field, form), text) in cells {
        put(location, field, *form, &text);
    }
}

fn put(fields: &mut Map<String, Json>, field: &str, form: Form, text: &str) {
    match fields.get_mut(field) {
        Some(known) if shows(known, text) => {}
        Some(Json::Object(languages)) if form == Form::Text => {
            let first = languages.keys().next().cloned().unwrap_or_else(|| "en".to_owned());
            let language = if languages.contains_key("en") { "en".to_owned() } else { first };
            languages.insert(language, json!(text));
        }
        _ => {
            fields.insert(field.to_owned(), read(form, text));
        }
    }
}

/// Whether `text` is how this value is shown, in any language.
fn shows(json: &Json, text: &str) -> bool {
    match json {
        Json::String(known) => known.trim() == text,
        Json::Number(number) => number.as_f64().is_some_and(|number| {
            text.parse::<f64>().is_ok_and(|it| it.total_cmp(&number).is_eq())
        }),
        Json::Object(languages) => languages.values().any(|known| shows(known, text)),
        Json::Array(known) => known.first().is_some_and(|known| shows(known, text)),
        Json::Bool(truth) => truth.to_string() == text,
        Json::Null => false,
    }
}

/// The cells of a location, but for a position that is not carried along;
/// `None` when they can't hold all of it.
fn location_cells(location: &ObjectView<'_>) -> Option<Vec<(&'static str, String)>> {
    let from = location.get("positionFrom").and_then(JsonView::as_str);
    let forgets = is_worked_out(from);
    location
        .members()
        .filter(|(key, _)| !(forgets && POSITION.contains(key)))
        .map(|(key, json)| {
            let (column, _, form) = LOCATION.iter().find(|(_, field, _)| *field == key)?;
            Some((*column, written(*form, json, "")?))
        })
        .collect()
}

/// Takes away a position that was worked out from a part of the postcode,
/// which any register does by itself.
fn forget_position(location: &mut Map<String, Json>) {
    if is_worked_out(location.get("positionFrom").and_then(Json::as_str)) {
        for key in POSITION {
            location.shift_remove(*key);
        }
    }
}

/// Whether a position that is known `from` this is one that any register
/// works out.
fn is_worked_out(from: Option<&str>) -> bool {
    from.is_some_and(|from| WORKED_OUT.contains(&from))
}

/// The text of a cell from which [`read`] makes the same; `None` when there is
/// none.
fn written(form: Form, json: &JsonView<'_>, base: &str) -> Option<String> {
    let values = json.as_array().unwrap_or(std::slice::from_ref(json));
    let joined = |texts: Option<Vec<String>>| texts.map(|texts| texts.join(BETWEEN));
    match (form, json) {
        (Form::Text, JsonView::String(text)) => is_plain(text).then(|| text.clone().into_owned()),
        (Form::Number, JsonView::Number(number)) => Some(number.as_f64()?.to_string()),
        (Form::Truth, JsonView::Bool(truth)) => Some(truth.to_string()),
        (Form::Texts, _) => joined(values.iter().map(|value| item(value.as_str()?)).collect()),
        (Form::References(kind), _) => {
            joined(values.iter().map(|value| item(&reference(value, kind, base)?)).collect())
        }
        _ => None,
    }
}

fn read(form: Form, text: &str) -> Json {
    let items = || text.split(';').map(str::trim).filter(|item| !item.is_empty());
    match form {
        Form::Text => json!(text),
        Form::Number => text.parse::<f64>().map_or_else(|_| json!(text), |number| json!(number)),
        Form::Truth => match text.to_ascii_lowercase().as_str() {
            "true" => json!(true),
            "false" => json!(false),
            _ => json!(text),
        },
        Form::Texts | Form::References(_) => items().collect(),
    }
}

/// Whether reading a cell gives the text back as it is.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains('\r')
}

fn item(text: &str) -> Option<String> {
    (is_plain(text) && !text.contains([';', '\n'])).then(|| text.to_owned())
}

/// `walking` for `{"id": "https://…/id/category/walking", "name": …}`; of
/// another kind with that kind, of another register the whole address.
fn reference(json: &JsonView<'_>, kind: &str, base: &str) -> Option<String> {
    let iri = json.get("id").unwrap_or(json).as_str()?;
    let own = iri.strip_prefix(base).and_then(|rest| rest.strip_prefix("/id/"));
    let Some(name) = own.filter(|_| !base.is_empty()) else { return Some(iri.to_owned()) };
    let key = name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/'));
    Some(key.unwrap_or(name).to_owned())
}

/// The address of the register whose record this is.
fn base_of(iri: &str) -> Option<&str> {
    iri.rsplit_once("/id/").map(|(base, _)| base)
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
