//! Which list the address of a page is of: what somebody has pasted into a
//! page, or what a link “Add this to your website” brings along.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::model::without_campaign;
use crate::web::address::query_with;
use crate::web::listing::parameters;
use crate::web::listing::subject::Subject;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};
use crate::web::state::AppState;

/// A list, and the query that narrows it.
pub(super) type Target = (Subject, String);

/// The list of the page at `address`, which is whole.
///
/// # Errors
///
/// 404 when it is not of this register, or no list, record or search is
/// there; 410 when the record was withdrawn.
pub(super) fn target(state: &AppState, address: &str) -> Result<Target> {
    let foreign = || Problem::not_found(format!("`{address}` is not a page of this register"));
    let url = Url::parse(address).map_err(|_| foreign())?;
    let base = Url::parse(state.register.base().as_str()).map_err(|_| foreign())?;
    // People paste http for https; the port tells registers of one machine
    // from each other.
    let is_here = ["http", "https"].contains(&url.scheme())
        && url.host_str() == base.host_str()
        && url.port() == base.port();
    if !is_here {
        return Err(foreign());
    }
    let query = url.query().unwrap_or_default();
    of_path(state, url.path(), without_campaign(query).as_deref().unwrap_or(query))
}

/// The list of the page at `path` with `query`.
///
/// # Errors
///
/// As [`target`].
pub(super) fn of_path(state: &AppState, path: &str, query: &str) -> Result<Target> {
    let nothing = || Problem::not_found(format!("no list, record or search is at `{path}`"));
    let decoded = percent_decode_str(path).decode_utf8().map_err(|_| nothing())?;
    let path = decoded.strip_suffix(".html").unwrap_or(&decoded);
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["lists", id] => Ok((Subject::find(state, id)?, of_list(query, parameters::all())?)),
        ["near", place] => {
            let query = of_list(query, parameters::of_near())?;
            Ok((Subject::Near((*place).to_owned()), query))
        }
        ["search"] => Ok((Subject::All, parameters::from_search(query))),
        [kinds] => {
            let kind = state.register.schema().kinds().find(|kind| kind.path == *kinds);
            let kind = kind.ok_or_else(nothing)?;
            let query = parameters::from_search(query);
            Ok((Subject::All, without_mark(query_with(&query, &[], &[("kind", &kind.path)]))))
        }
        ["id", kind, id] => {
            let kind = state.register.schema().kind(kind).ok_or_else(nothing)?;
            Ok((Subject::of_record(state, &kind.name, id)?, String::new()))
        }
        [kinds, id] => {
            let kind = state.register.schema().kinds().find(|kind| kind.path == *kinds);
            let kind = kind.ok_or_else(nothing)?;
            Ok((Subject::of_record(state, &kind.name, id)?, String::new()))
        }
        _ => Err(nothing()),
    }
}

/// The query of a list's own address, checked; its page is left out.
fn of_list(query: &str, declared: Vec<Parameter>) -> Result<String> {
    Parameters::read(query, declared)?;
    Ok(without_mark(query_with(query, &["page", "view"], &[])))
}

fn without_mark(query: String) -> String {
    query.trim_start_matches('?').to_owned()
}
