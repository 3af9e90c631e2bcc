//! How many things a `DESCRIBE` describes, found out before it is run.

use std::collections::HashSet;

use oxigraph::model::Term;
use oxigraph::sparql::QueryResults;
use spargebra::Query;
use spargebra::algebra::GraphPattern;

use crate::graph::{Limits, QueryError};

/// The `SELECT DISTINCT` that finds what a `DESCRIBE` describes; nothing for
/// other queries.
pub(super) fn subjects_of(query: &Query) -> Option<Query> {
    let Query::Describe { dataset, pattern, base_iri } = query else { return None };
    Some(Query::Select {
        dataset: dataset.clone(),
        pattern: GraphPattern::Distinct { inner: Box::new(pattern.clone()) },
        base_iri: base_iri.clone(),
    })
}

/// Counts the things in the answer of [`subjects_of`].
///
/// # Errors
///
/// [`QueryError::TooManySubjects`] when there are more than allowed.
pub(super) fn check(results: QueryResults<'_>, limits: &Limits) -> Result<(), QueryError> {
    let QueryResults::Solutions(solutions) = results else { return Ok(()) };
    let limit = limits.describe_subjects;
    let mut subjects = HashSet::new();
    for (row, solution) in solutions.enumerate() {
        let solution = solution.map_err(|error| QueryError::Unsupported(error.to_string()))?;
        for (_, term) in &solution {
            if !matches!(term, Term::Literal(_)) {
                subjects.insert(term.clone());
            }
        }
        if subjects.len() > limit || row > limits.max_rows {
            return Err(QueryError::TooManySubjects { limit });
        }
    }
    Ok(())
}
