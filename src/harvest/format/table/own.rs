//! Tables that a register like this one has exported: their columns say what
//! they are, so that nothing is guessed (see [`crate::record::table`]).
//!
//! A record keeps its identity, as in a feed of changes between registers; a
//! row without one, which somebody has added, is known by its name and
//! postcode.

use std::ops::ControlFlow;

use serde_json::{Map, Value as Json};

use super::columns::Columns;
use super::limits::Limited;
use super::{Row, each_row};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Draft, Extraction, Problem};
use crate::harvest::format::kist::{Identity, base_of, localised};
use crate::model::TermsOfUse;
use crate::record::{OWN_KINDS, formula, table};

/// What stands between the licences of a row.
const BETWEEN: char = ';';

/// What a table of ours says; `None` when `document` is none.
pub(super) fn extract(document: &Document) -> Option<Extraction> {
    let mut extraction = Extraction::default();
    let mut problems = Limited::default();
    let mut columns: Option<Columns> = None;
    each_row(document, None, &mut problems, &mut |row, problems| {
        let Some(columns) = &columns else {
            if !table::is_ours(row.cells.iter().map(String::as_str)) {
                return ControlFlow::Break(());
            }
            columns = Some(Columns::named(&row.cells));
            return ControlFlow::Continue(());
        };
        if row.cells.iter().any(|cell| !cell.trim().is_empty()) {
            extraction.drafts.extend(draft(&row, columns, problems));
        }
        ControlFlow::Continue(())
    });
    columns?;
    extraction.problems = problems.done();
    Some(extraction)
}

/// Whether `document`, or one that begins so, is a table of ours.
pub(super) fn is_own(document: &Document) -> bool {
    let mut is_own = false;
    each_row(document, None, &mut Limited::default(), &mut |row, _| {
        is_own = table::is_ours(row.cells.iter().map(String::as_str));
        ControlFlow::Break(())
    });
    is_own
}

fn draft(row: &Row, columns: &Columns, problems: &mut Limited) -> Option<Draft> {
    let cell = |name: &str| columns.cell(row, name).map(|text| formula::unguard(text).to_owned());
    let kind = cell("type").unwrap_or_else(|| "asset".to_owned());
    if OWN_KINDS.contains(&kind.as_str()) {
        let what = format!("records of kind {kind} are not taken from tables");
        problems.push(Problem::warning("kind-not-taken", row.at.as_str(), what));
        return None;
    }
    let id = cell("id");
    let identity = id.as_deref().map(|id| (id, Identity::read(id, Some(&kind))));
    let (key, kept, base) = match identity {
        Some((id, Some(identity))) => {
            let base = base_of(id, &identity);
            (identity.name(), Some(identity.name()), base)
        }
        Some((id, None)) => {
            let what = format!("`{id}` is not the id of a record of kind {kind}");
            problems.push(
                Problem::error("no-key", row.at.as_str(), what)
                    .advice("Leave the cell as it was exported, or empty for a new record."),
            );
            return None;
        }
        None => (new_key(&cell, row, problems)?, None, None),
    };
    let more = cell(table::MORE).map_or_else(Map::new, |text| more(&text, row, problems));
    let mut draft = Draft::new(&kind, key, row.at.as_str());
    draft.id = kept;
    draft.use_terms = use_terms(cell("licence"), cell("attribution"));
    for (field, value) in table::join(&cell, more) {
        let value = localised(&field, &value, base.as_deref());
        draft.set(&field, value);
    }
    Some(draft)
}

/// What a row says of its own use.
fn use_terms(licence: Option<String>, attribution: Option<String>) -> Option<TermsOfUse> {
    let licences = licence.map(|cell| {
        let stated = cell.split(BETWEEN).map(str::trim).filter(|one| one.starts_with("http"));
        stated.map(str::to_owned).collect()
    });
    TermsOfUse { licences, attribution }.said()
}

/// The key of a row that has no identity yet.
fn new_key(
    cell: &dyn Fn(&str) -> Option<String>,
    row: &Row,
    problems: &mut Limited,
) -> Option<String> {
    let Some(name) = cell("name") else {
        let what = "the row has neither an id nor a name";
        problems.push(
            Problem::error("no-key", row.at.as_str(), what).advice("Give the record a name."),
        );
        return None;
    };
    Some(cell("postcode").map_or_else(|| name.clone(), |postcode| format!("{name}/{postcode}")))
}

fn more(text: &str, row: &Row, problems: &mut Limited) -> Map<String, Json> {
    if let Ok(Json::Object(more)) = serde_json::from_str(text) {
        more
    } else {
        let what = format!("what stands in `{}` is no JSON object", table::MORE);
        problems.push(
            Problem::error("bad-value", row.at.as_str(), what)
                .advice("Leave the cell as it was exported, or empty it."),
        );
        Map::new()
    }
}
