//! A saved search, narrowed by what a request asks besides.

use crate::register::{Query, Where};
use crate::web::listing::question::Question;
use crate::web::problem::{Problem, Result};

/// A kind that no record has.
const NO_KIND: &str = "";

/// What `saved` finds and `given` asks for too. A place of the request takes
/// the place of the saved one; so do its distance, where it has one, and the
/// order: "within three kilometres" stays true of another place. All else
/// must hold of both, so that a request never shows what the list leaves out.
///
/// # Errors
///
/// 400 when both name a region, an age or a time: only one can be asked for.
pub fn narrowed(saved: Question, given: Question) -> Result<Question> {
    let place = if given.is_near() {
        Where { within: given.place.within.or(saved.place.within), ..given.place }
    } else {
        saved.place
    };
    let words = [saved.query.text, given.query.text];
    let text = words.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" ");
    let query = Query {
        text,
        kinds: kinds(saved.query.kinds, given.query.kinds),
        filters: saved.query.filters.into_iter().chain(given.query.filters).collect(),
        region: one("area", saved.query.region, given.query.region)?,
        age: one("age", saved.query.age, given.query.age)?,
        open_at: one("open", saved.query.open_at, given.query.open_at)?,
        sort: given.query.sort.or(saved.query.sort),
        ..given.query
    };
    Ok(Question { query, place, order: given.order })
}

/// The one of the two that is given.
fn one<T: PartialEq>(name: &str, saved: Option<T>, given: Option<T>) -> Result<Option<T>> {
    match (saved, given) {
        (Some(saved), Some(given)) if saved != given => {
            let detail = "the saved search of this list has one of its own, which can't be changed";
            Err(Problem::invalid_parameter(name, detail))
        }
        (saved, given) => Ok(saved.or(given)),
    }
}

/// The kinds of both; none of either means any.
fn kinds(saved: Vec<String>, given: Vec<String>) -> Vec<String> {
    if saved.is_empty() {
        return given;
    }
    if given.is_empty() {
        return saved;
    }
    let both: Vec<String> = saved.into_iter().filter(|kind| given.contains(kind)).collect();
    if both.is_empty() { vec![NO_KIND.to_owned()] } else { both }
}

#[cfg(test)]
#[path = "narrowed_tests.rs"]
mod tests;
