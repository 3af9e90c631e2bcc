//! A saved search, narrowed by what a request asks besides.

use crate::register::Query;
use crate::web::listing::question::Question;
use crate::web::problem::{Problem, Result};

/// A kind that no record has.
const NO_KIND: &str = "";

/// What `saved` finds and `given` asks for too. A place of the request takes
/// the place of the saved one, with its distance; so does the order. All else
/// must hold of both, so that a request never shows what the list leaves out.
///
/// # Errors
///
/// 400 when both name a region, an age or a time: only one can be asked for.
pub fn narrowed(saved: Question, given: Question) -> Result<Question> {
    let place = if given.is_near() { given.place } else { saved.place };
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
mod tests {
    use super::*;
    use crate::register::{Facet, Filter, OnlineToo, Where};
    use crate::web::listing::question::Order;

    fn question(query: Query, near: Option<&str>) -> Question {
        let place =
            Where { near: near.map(str::to_owned), within: None, online: OnlineToo::default() };
        Question { query, place, order: Order::Search }
    }

    #[test]
    fn both_must_hold_and_a_place_of_the_request_counts() {
        let filter =
            |value: &str| vec![Filter { facet: Facet::Topic, any_of: vec![value.to_owned()] }];
        let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let saved = Query {
            text: "walk".to_owned(),
            kinds: strings(&["asset", "offer"]),
            filters: filter("walking"),
            age: Some(60),
            ..Query::default()
        };
        let given = Query {
            text: "dog".to_owned(),
            kinds: strings(&["offer", "need"]),
            filters: filter("nature"),
            ..Query::default()
        };
        let both =
            narrowed(question(saved.clone(), Some("EH6")), question(given, Some("G42"))).unwrap();
        assert_eq!(both.query.text, "walk dog");
        assert_eq!(both.query.kinds, ["offer"]);
        assert_eq!(both.query.filters, [filter("walking"), filter("nature")].concat());
        assert_eq!(both.query.age, Some(60));
        assert_eq!(both.place.near.as_deref(), Some("G42"));
        let needs = Query { kinds: strings(&["need"]), ..Query::default() };
        let none = narrowed(question(saved.clone(), Some("EH6")), question(needs, None)).unwrap();
        assert_eq!(none.query.kinds, [NO_KIND]);
        assert_eq!(none.place.near.as_deref(), Some("EH6"));
        let old = Query { age: Some(70), ..Query::default() };
        let refused = narrowed(question(saved, None), question(old, None)).unwrap_err();
        assert_eq!(refused.kind().slug(), "invalid-parameter");
    }
}
