//! A list's question, as a query of the register.

use crate::register::{Facet, Filter, Page, Query, Start, Where};
use crate::web::listing::narrowed::narrowed;
use crate::web::listing::parameters::{self, renamed};
use crate::web::listing::subject::{Collection, Subject};
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};
use crate::web::search_query::{query_of, sought_kinds};
use crate::web::state::AppState;

/// What a list asks.
#[derive(Debug, Clone)]
pub struct Question {
    /// The query, with the page that is wanted.
    pub query: Query,
    /// Where it looks.
    pub place: Where,
    /// Who says in which order the hits come.
    pub order: Order,
}

/// Who says in which order the hits of a list come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The search.
    Search,
    /// The collection: as its entries stand.
    Own,
}

/// The question of the list of `subject`, narrowed by the query of the
/// request.
///
/// # Errors
///
/// 400 when a parameter can't be read, in the request or in a saved search.
pub fn of(state: &AppState, subject: &Subject, query: &str) -> Result<Question> {
    let near = match subject {
        Subject::Near(place) => Some(place.as_str()),
        _ => None,
    };
    let given = read(state, query, near).map_err(renamed)?;
    match subject {
        Subject::All | Subject::Near(_) => Ok(with_kinds(state, given)),
        Subject::Organisation(id, _) => {
            let mut question = with_kinds(state, given);
            let any_of = vec![id.id().to_owned()];
            question.query.filters.push(Filter { facet: Facet::Organisation, any_of });
            Ok(question)
        }
        Subject::Record(id, _) => {
            let query = Query { only: Some(vec![id.to_string()]), ..given.query };
            Ok(Question { query, ..given })
        }
        Subject::Collection(Collection { keys, search: Some(search), id, .. })
            if keys.is_empty() =>
        {
            let saved = saved(state, search).map_err(|problem| {
                let detail =
                    format!("the saved search of the list {}: {}", id.id(), problem.detail());
                Problem::new(problem.kind(), detail)
            })?;
            Ok(with_kinds(state, narrowed(saved, given)?))
        }
        Subject::Collection(Collection { keys, .. }) => {
            let order = if given.query.sort.is_some() { Order::Search } else { Order::Own };
            let query = Query { only: Some(keys.clone()), ..given.query };
            Ok(Question { query, order, ..given })
        }
    }
}

fn read(state: &AppState, query: &str, near: Option<&str>) -> Result<Question> {
    let search = parameters::to_search(&in_names_of_kinds(state, query), near)?;
    let (query, place) = query_of(&state.register, &search, state.today())?;
    Ok(Question { query, place, order: Order::Search })
}

/// A saved search, whose parameters nobody has read yet.
fn saved(state: &AppState, search: &str) -> Result<Question> {
    let search = search.trim_start_matches('?');
    Parameters::read(search, parameters::asking())?;
    read(state, search, None)
}

/// The query with the kinds by their names where it has them by their paths:
/// `kind=organisations` is `kind=organisation`.
fn in_names_of_kinds(state: &AppState, query: &str) -> String {
    let pairs = url::form_urlencoded::parse(query.as_bytes()).map(|(name, value)| {
        if name != "kind" {
            return (name.into_owned(), value.into_owned());
        }
        let named = value.split(',').map(str::trim).map(|word| {
            let kind = state.register.schema().kinds().find(|kind| kind.path == word);
            kind.map_or(word, |kind| kind.name.as_str())
        });
        (name.into_owned(), named.collect::<Vec<_>>().join(","))
    });
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Where no kinds are named, all that people look for.
fn with_kinds(state: &AppState, mut question: Question) -> Question {
    if question.query.kinds.is_empty() {
        question.query.kinds = sought_kinds(state.register.schema());
    }
    question
}

impl Question {
    /// The number of the first entry, from 1.
    #[must_use]
    pub const fn first(&self) -> usize {
        match self.query.page.start {
            Start::Offset(offset) => offset + 1,
            Start::After(_) => 1,
        }
    }

    /// The same question, of `limit` entries at most from the first on.
    #[must_use]
    pub fn of_first(mut self, limit: usize) -> Self {
        let limit = self.query.page.limit.min(limit);
        self.query.page = Page { limit, start: Start::Offset(0) };
        self
    }

    /// Whether it looks near a place and says so.
    #[must_use]
    pub const fn is_near(&self) -> bool {
        self.place.near.is_some()
    }
}
