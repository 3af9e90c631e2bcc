//! A first guess of a table's mapping, for a person to confirm.

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;

use super::columns::{Columns, plain};
use super::derived::{self, Source};
use super::limits::Limited;
use super::roles::{Role, likeness_of_key, mostly, role};
use super::{Row, each_row};
use crate::harvest::document::Document;
use crate::harvest::mapping::{Function, Mapping, Rule};

/// Rows that are looked at: enough to see whether a key repeats.
const LOOKED_AT: usize = 2_000;

/// Among how many rows the names of the columns are looked for: tables begin
/// with a title and remarks.
const TOP: usize = 20;

/// Columns that make a key together at the most.
const KEY_COLUMNS: usize = 5;

/// How many rows in a hundred must have a key for the column to be one; those
/// without one are told to the publisher.
const KEPT: usize = 80;

/// A column of the sample.
struct Column<'a> {
    name: &'a str,
    role: Role,
    /// What stands in it, without the empty cells.
    values: Vec<&'a str>,
    at: usize,
}

/// What the columns of a table probably are; `None` when no column can be the
/// name of records, or no columns tell one record from another.
///
/// A mapping that is guessed is to be confirmed by a person: it says what sort
/// of asset the rows are by the words of the table alone.
#[must_use]
pub fn guess(document: &Document) -> Option<Mapping> {
    let mut rows: Vec<Row> = Vec::new();
    each_row(document, None, &mut Limited::default(), &mut |row, _| {
        rows.push(row);
        if rows.len() < LOOKED_AT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let header = header(&rows)?;
    let names = Columns::named(&rows[header].cells);
    let body: Vec<&Row> = rows[header + 1..].iter().filter(|row| !row.is_empty()).collect();
    let columns: Vec<Column<'_>> = names
        .names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let cells = body.iter().filter_map(|row| row.cells.get(at));
            let values: Vec<&str> = cells.map(|c| c.trim()).filter(|c| !c.is_empty()).collect();
            Column { name, role: role(name, &values), values, at }
        })
        .collect();
    let fields = fields(&columns, document)?;
    let key = key(&columns, &fields, &body)?;
    let terms = terms(&columns);
    let modified = columns.iter().find(|column| column.role == Role::Modified);
    Some(Mapping {
        kind: "asset".to_owned(),
        items: None,
        key,
        modified: modified.map(|column| column.name.to_owned()),
        fields,
        terms,
        paging: None,
        header_row: rows[header].number,
        sheet: None,
    })
}

/// The position of the row that most looks like names of columns.
fn header(rows: &[Row]) -> Option<usize> {
    let known = |row: &Row| {
        let is_known = |cell: &&String| {
            let is_word = cell.len() < 60 && !cell.trim().is_empty();
            is_word && role(cell, &[]) != Role::Other
        };
        row.cells.iter().filter(is_known).count()
    };
    let best = rows.iter().take(TOP).enumerate().rev().max_by_key(|(_, row)| known(row))?;
    (known(best.1) > 0).then_some(best.0)
}

fn fields(columns: &[Column<'_>], document: &Document) -> Option<BTreeMap<String, Rule>> {
    let mut fields: BTreeMap<String, Rule> = BTreeMap::new();
    let mut add = |pointer: &str, from: Vec<String>, then: Vec<Function>| {
        let rule = Rule { from, then, ..Rule::default() };
        fields.entry(pointer.to_owned()).or_insert(rule);
    };
    let with_values = |column: &&Column<'_>| !column.values.is_empty();
    // `Library name` before `Name of manager`, whichever comes first.
    for column in columns.iter().filter(with_values) {
        match &column.role {
            Role::Field(pointer, then) => {
                add(pointer, vec![column.name.to_owned()], then.clone());
            }
            Role::Derived(source) => derive(column, *source, columns, &mut add),
            Role::Terms(_) | Role::AddressLine | Role::Modified | Role::Other => {}
        }
    }
    address(columns, &mut fields);
    if let (false, Some(name)) = (fields.contains_key("name"), names_alone(columns)) {
        let rule = Rule { from: vec![name.to_owned()], ..Rule::default() };
        fields.insert("name".to_owned(), rule);
    }
    if !fields.contains_key("name") {
        return None;
    }
    let constant = Rule { constant: Some(asset_type(columns, document)), ..Rule::default() };
    fields.insert("assetType".to_owned(), constant);
    Some(fields)
}

/// The first column that has other words in nearly every row: the name, when
/// no column is called so.
fn names_alone<'a>(columns: &[Column<'a>]) -> Option<&'a str> {
    let is_name = |column: &&Column<'_>| {
        let distinct: HashSet<&&str> = column.values.iter().collect();
        column.role == Role::Other
            && likeness_of_key(column.name).is_none()
            && mostly(&column.values, |value| {
                value.chars().filter(|c| c.is_alphabetic()).count() > 3
            })
            && distinct.len() * 10 >= column.values.len() * 9
    };
    // Someone else's table may be of numbers and words of any sort; one with a
    // place, a time or a contact in it is of things.
    let has_things = columns.iter().any(|column| matches!(column.role, Role::Field(..)));
    columns.iter().find(is_name).filter(|_| has_things).map(|column| column.name)
}

/// Maps what is worked out from a column.
fn derive(
    column: &Column<'_>,
    source: Source,
    columns: &[Column<'_>],
    add: &mut impl FnMut(&str, Vec<String>, Vec<Function>),
) {
    match source {
        Source::Easting => {
            let has_other =
                columns.iter().any(|other| other.role == Role::Derived(Source::Northing));
            let number = || vec![Function::Number];
            if has_other {
                add("locations/0/latitude", vec![derived::LATITUDE.to_owned()], number());
                add("locations/0/longitude", vec![derived::LONGITUDE.to_owned()], number());
            }
        }
        Source::Northing => {}
        Source::Hours => {
            add("schedule/0/startTime", vec![derived::opens(column.name)], vec![Function::Time]);
            add("schedule/0/endTime", vec![derived::closes(column.name)], vec![Function::Time]);
        }
        Source::DayHours(_) => {
            let days = columns
                .iter()
                .filter(|other| matches!(other.role, Role::Derived(Source::DayHours(_))));
            let place = days.take_while(|other| other.at < column.at).count();
            let name = column.name;
            add(&format!("schedule/{place}/byDay"), vec![derived::day(name)], vec![Function::Days]);
            add(
                &format!("schedule/{place}/startTime"),
                vec![derived::opens(name)],
                vec![Function::Time],
            );
            add(
                &format!("schedule/{place}/endTime"),
                vec![derived::closes(name)],
                vec![Function::Time],
            );
        }
    }
}

/// Maps the lines of an address. The last of several is the town when no
/// column is called so and it has no numbers in it.
fn address(columns: &[Column<'_>], fields: &mut BTreeMap<String, Rule>) {
    let mut lines: Vec<&Column<'_>> = columns
        .iter()
        .filter(|column| column.role == Role::AddressLine && !column.values.is_empty())
        .collect();
    let has_town = fields.contains_key("locations/0/locality");
    let is_town = |column: &Column<'_>| {
        mostly(&column.values, |value| !value.chars().any(|c| c.is_ascii_digit()))
    };
    if !has_town && lines.len() > 1 && lines.last().is_some_and(|last| is_town(last)) {
        let town = lines.pop().map(|column| column.name.to_owned());
        let rule = Rule { from: town.into_iter().collect(), ..Rule::default() };
        fields.insert("locations/0/locality".to_owned(), rule);
    }
    if !lines.is_empty() && !fields.contains_key("locations/0/streetAddress") {
        let from = lines.iter().map(|column| column.name.to_owned()).collect();
        let rule = Rule { from, ..Rule::default() };
        fields.insert("locations/0/streetAddress".to_owned(), rule);
    }
}

fn terms(columns: &[Column<'_>]) -> BTreeMap<String, Rule> {
    let mut terms: BTreeMap<String, Rule> = BTreeMap::new();
    for column in columns.iter().filter(|column| !column.values.is_empty()) {
        let Role::Terms(field) = column.role else { continue };
        let has = |at: &[char]| column.values.iter().any(|value| value.contains(at));
        let at = if has(&[';', '|']) { ";|" } else { "," };
        terms.entry(field.to_owned()).or_insert_with(|| Rule {
            from: vec![column.name.to_owned()],
            then: vec![Function::Split(at.to_owned())],
            ..Rule::default()
        });
    }
    terms
}

/// The columns that tell one row from another: the one that is called like a
/// key, or else as few as do, beginning with the name.
fn key(
    columns: &[Column<'_>],
    fields: &BTreeMap<String, Rule>,
    body: &[&Row],
) -> Option<Vec<String>> {
    if body.is_empty() {
        return None;
    }
    let is_unique = |chosen: &[&Column<'_>]| {
        let mut seen = HashSet::with_capacity(body.len());
        body.iter().all(|row| {
            let parts: Vec<&str> = chosen
                .iter()
                .map(|column| row.cells.get(column.at).map_or("", |cell| cell.trim()))
                .collect();
            parts.iter().all(|part| part.is_empty()) || seen.insert(parts)
        })
    };
    let mut called: Vec<(usize, &Column<'_>)> = columns
        .iter()
        .filter_map(|column| Some((likeness_of_key(column.name)?, column)))
        .filter(|(_, column)| column.values.len() * 100 >= body.len() * KEPT)
        .collect();
    called.sort_by_key(|(likeness, _)| *likeness);
    if let Some((_, column)) = called.iter().find(|(_, column)| is_unique(&[column])) {
        return Some(vec![column.name.to_owned()]);
    }
    let order = [
        "name",
        "locations/0/postcode",
        "locations/0/locality",
        "locations/0/streetAddress",
        "schedule/0/byDay",
        "schedule/0/startTime",
    ];
    let mut candidates: Vec<&Column<'_>> = Vec::new();
    for pointer in order {
        let from = fields.get(pointer).map(|rule| rule.from.as_slice()).unwrap_or_default();
        candidates.extend(columns.iter().filter(|column| from.iter().any(|f| f == column.name)));
    }
    // Routes, rooms and the like, which are no field, tell rows apart as well.
    let others = columns.iter().filter(|column| column.role == Role::Other);
    candidates.extend(others.filter(|column| !column.values.is_empty()));
    let count = |chosen: &[&Column<'_>]| {
        let part = |row: &Row, column: &Column<'_>| row.cells.get(column.at).cloned();
        let rows = body.iter().map(|row| chosen.iter().map(|c| part(row, c)).collect::<Vec<_>>());
        rows.collect::<HashSet<_>>().len()
    };
    let mut chosen: Vec<&Column<'_>> = candidates.first().copied().into_iter().collect();
    while !is_unique(&chosen) && chosen.len() < KEY_COLUMNS {
        let before = count(&chosen);
        let best = candidates
            .iter()
            .filter(|candidate| chosen.iter().all(|column| column.at != candidate.at))
            .rev()
            .map(|candidate| {
                let mut tried = chosen.clone();
                tried.push(candidate);
                (count(&tried), *candidate)
            })
            .max_by_key(|(count, _)| *count)?;
        if best.0 == before {
            break;
        }
        chosen.push(best.1);
    }
    (!chosen.is_empty()).then(|| chosen.iter().map(|column| column.name.to_owned()).collect())
}

/// What words of a table say of its rows, the narrower first.
pub(super) const WORDS: &[(&str, &str)] = &[
    ("mobilelibrar", "mobile-library-stop"),
    ("librar", "library-venue"),
    ("leabharlann", "library-venue"),
    ("toilet", "public-toilet"),
    ("pharmac", "pharmacy"),
    ("hospital", "hospital"),
    ("surger", "health-centre"),
    ("healthcentre", "health-centre"),
    ("playpark", "play-place"),
    ("playarea", "play-place"),
    ("communitycentre", "community-building"),
    ("villagehall", "community-building"),
    ("foodbank", "food-service"),
    ("warmspace", "warm-welcome-place"),
    ("sport", "sports-venue"),
    ("leisure", "sports-venue"),
    ("park", "green-space"),
    ("church", "place-of-worship"),
    ("event", "event"),
    ("class", "activity-asset"),
    ("club", "group"),
    ("group", "group"),
    ("activity", "activity-asset"),
    ("activities", "activity-asset"),
];

/// What sort of asset the rows are, by the words of the table and its address.
fn asset_type(columns: &[Column<'_>], document: &Document) -> String {
    let names: Vec<String> = columns.iter().map(|column| plain(column.name)).collect();
    let is_mobile = ["mobile", "route", "stop"].iter().all(|n| names.iter().any(|name| name == n));
    if is_mobile {
        return "mobile-library-stop".to_owned();
    }
    let of_name = columns.iter().find(|column| matches!(column.role, Role::Field("name", _)));
    let sample: String =
        of_name.map(|c| c.values.iter().take(50).copied().collect()).unwrap_or_default();
    let path = plain(document.url.path().rsplit('/').next().unwrap_or_default());
    let places = [of_name.map(|column| plain(column.name)).unwrap_or_default(), path];
    let found = WORDS.iter().find(|(word, _)| places.iter().any(|place| place.contains(word)));
    // A word in the names themselves counts when most of them have it.
    let count = |word: &str| sample.to_lowercase().matches(word).count();
    let usual = || {
        let rows = of_name.map_or(0, |column| column.values.len().min(50));
        WORDS.iter().find(|(word, _)| count(word) * 2 > rows.max(1))
    };
    let has_times = columns
        .iter()
        .any(|column| matches!(column.role, Role::Field(pointer, _) if pointer.ends_with("Time")));
    let other = if has_times { "activity-asset" } else { "service" };
    found.or_else(usual).map_or(other, |(_, slug)| *slug).to_owned()
}
