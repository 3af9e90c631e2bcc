//! Whether the kinds of a schema fit between the addresses that the register
//! itself answers at.

use std::collections::BTreeSet;

use crate::schema::{Kind, Schema};

/// Where the JSON API is: its kinds stand beside `search` and the like.
const API: &str = "/api/v1/";

/// Routes that stand beside the table.
const BESIDE: [&str; 2] = ["/sparql", "/websub"];

/// A kind whose path is that of something else.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the kind `{kind}` can't have the path `{path}`: the register answers there itself")]
pub struct TakenPath {
    /// The name of the kind.
    pub kind: String,
    /// Its path.
    pub path: String,
}

/// Checks the kinds that `schema` has beyond the standard ones.
///
/// # Errors
///
/// [`TakenPath`] of the first whose path is the first part of an address of the
/// register without it, or that after the root of the JSON API.
pub fn check_paths(schema: &Schema) -> Result<(), TakenPath> {
    let standard = Schema::standard();
    let is_standard =
        |kind: &Kind| standard.kind(&kind.name).is_some_and(|known| known.path == kind.path);
    let mut added = schema.kinds().filter(|kind| !is_standard(kind)).peekable();
    if added.peek().is_none() {
        return Ok(());
    }
    let table = super::routes(&standard);
    let paths = table.iter().map(|route| &*route.path).chain(BESIDE);
    let taken: BTreeSet<&str> = paths.flat_map(segments).collect();
    match added.find(|kind| taken.contains(kind.path.as_str())) {
        Some(kind) => Err(TakenPath { kind: kind.name.clone(), path: kind.path.clone() }),
        None => Ok(()),
    }
}

/// The parts of `path` where the path of a kind would stand, without a suffix.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let first = path.strip_prefix('/');
    let of_api = path.strip_prefix(API);
    let segment = |rest: &'_ str| rest.split(['/', '.']).next().unwrap_or_default().len();
    [first, of_api].into_iter().flatten().map(move |rest| &rest[..segment(rest)])
}

#[cfg(test)]
#[path = "taken_tests.rs"]
mod tests;
