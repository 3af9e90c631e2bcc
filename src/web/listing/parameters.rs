//! The parameters of a list's address.
//!
//! They have the names of the attributes of the element `<asset-list>`: the
//! question is that of a search, with `radius` for its `within`, `for` for its
//! `audience`, and the kinds in words that a web officer would choose. The
//! rest says how the list is shown, and no record depends on it.

use url::form_urlencoded;

use crate::register::{Facet, Query};
use crate::web::html::page::LANGUAGE;
use crate::web::parameter::{Parameter, ParameterKind};
use crate::web::parameters::Parameters;
use crate::web::problem::{Place, Problem, Result};
use crate::web::search_parameters::PARAMETERS;

/// The most entries of a page of a list.
const MOST: i64 = 50;

/// How many entries a page has when nothing is said.
const ORDINARY: &str = "12";

/// The last page: a list for people is narrowed, not read to the end.
pub const LAST_PAGE: i64 = 1_000;

/// Parameters of a search that a list has under another name, or not at all.
const REPLACED: &[&str] =
    &["within", "audience", "kind", "limit", "per_page", "page", "cursor", "facets", "explain"];

/// Names of a list's address with the names of the search for the same.
const RENAMED: &[(&str, &str)] = &[("radius", "within"), ("for", "audience")];

/// The words for kinds that are not those of the schema: the kinds, and the
/// type of asset, that each means.
const KINDS: &[(&str, &[&str], Option<&str>)] =
    &[("events", &["asset"], Some("event")), ("guides", &["resource", "case-study"], None)];

/// What a list's address says of the question besides the parameters of a
/// search.
const OWN: &[Parameter] = &[
    Parameter::new("radius", ParameterKind::Distance(1_000_000.0), "How far from `near`, with a unit: m, km, mi or yd. Without it everything is shown, nearest first").example("2km").tried_as(&["within", "distance"]),
    Parameter::text("for", "Whom it is for, by slug of an audience").repeatable().example("unpaid-carers").tried_as(&["audience"]),
    Parameter::text("kind", "What is listed: `assets`, `events`, `needs`, `offers`, `guides`, or any other kind of record").repeatable().example("assets"),
    Parameter::integer("limit", 1, MOST, "How many on a page").default(ORDINARY),
    Parameter::integer("page", 1, LAST_PAGE, "Which page"),
];

/// How the list is shown.
const SHOWN: &[Parameter] = &[
    Parameter::choice("view", &["list", "table", "map"], "How the page shows it").default("list"),
    Parameter::new(
        "heading",
        ParameterKind::Text(200),
        "The heading of a fragment, frame or element, in place of the list's own name",
    ),
    Parameter::integer(
        "heading-level",
        2,
        6,
        "The level of the heading in a fragment, frame or element",
    )
    .default("2"),
    Parameter::new(
        "ref",
        ParameterKind::Text(64),
        "The code by which a partner counts; nothing depends on it",
    ),
    LANGUAGE,
];

/// All parameters of a list's address, in the order of the documentation.
#[must_use]
pub fn all() -> Vec<Parameter> {
    asking().into_iter().chain(SHOWN.iter().copied()).collect()
}

/// Those of the address of what is near a place, which is in its path.
#[must_use]
pub fn of_near() -> Vec<Parameter> {
    all().into_iter().filter(|parameter| parameter.name != "near").collect()
}

/// Those that make the question.
#[must_use]
pub fn asking() -> Vec<Parameter> {
    let of_search = PARAMETERS.iter().filter(|parameter| !REPLACED.contains(&parameter.name));
    of_search.chain(OWN).copied().collect()
}

/// The names of those that make the question, but for the page.
pub fn names_asking() -> impl Iterator<Item = &'static str> {
    asking().into_iter().map(|parameter| parameter.name).filter(|name| *name != "page")
}

/// The word of a list for what `query` asks, where it has one of its own:
/// `events` for assets that are events.
#[must_use]
pub fn word_for(query: &Query) -> Option<&'static str> {
    let of_type = |wanted: Option<&str>| {
        let mut types = query.filters.iter().filter(|filter| filter.facet == Facet::AssetType);
        match (wanted, types.next(), types.next()) {
            (None, None, _) => true,
            (Some(wanted), Some(only), None) => only.any_of == [wanted],
            _ => false,
        }
    };
    let found = KINDS.iter().find(|(_, kinds, wanted)| query.kinds == *kinds && of_type(*wanted));
    found.map(|(word, ..)| *word)
}

/// The query of a list's address, or of a saved search, as the parameters of
/// a search. `near` is the place that the path names.
///
/// # Errors
///
/// 400 when a value can't be read.
pub fn to_search(query: &str, near: Option<&str>) -> Result<Parameters> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .filter(|(name, value)| !value.is_empty() && is_asking(name))
        .collect();
    let mut search = form_urlencoded::Serializer::new(String::new());
    if let Some(near) = near {
        search.append_pair("near", near);
    }
    let mut kinds = Vec::new();
    for (name, value) in &pairs {
        let renamed = RENAMED.iter().find(|(own, _)| own == name);
        match renamed {
            _ if name == "kind" => kinds.extend(value.split(',').map(str::trim)),
            Some((_, name)) => drop(search.append_pair(name, value)),
            None => drop(search.append_pair(name, value)),
        }
    }
    if pairs.iter().all(|(name, _)| name != "limit") {
        search.append_pair("limit", ORDINARY);
    }
    for kind in &kinds {
        let word = KINDS.iter().find(|(word, ..)| word == kind);
        for kind in word.map_or(std::slice::from_ref(kind), |(_, kinds, _)| kinds) {
            search.append_pair("kind", kind);
        }
        // Events are a type of asset: with assets, or with types of one's
        // own, the word says nothing more.
        if let Some((_, _, Some(of_type))) = word
            && kinds.len() == 1
            && pairs.iter().all(|(name, _)| name != "type")
        {
            search.append_pair("type", of_type);
        }
    }
    Parameters::read(&search.finish(), PARAMETERS)
}

/// The name in a search of what a list's address calls `name`.
#[must_use]
pub fn of_search(name: &str) -> &str {
    RENAMED.iter().find(|(own, _)| *own == name).map_or(name, |(_, known)| known)
}

/// The query of a list that asks what `query` of the page of a search asks;
/// its page and what is counted beside it are left out.
#[must_use]
pub fn from_search(query: &str) -> String {
    let names: Vec<&str> = names_asking().collect();
    let pairs = form_urlencoded::parse(query.as_bytes()).filter_map(|(name, value)| {
        let own = RENAMED.iter().find(|(_, known)| *known == name);
        let name = own.map_or_else(|| name.into_owned(), |(own, _)| (*own).to_owned());
        let kept = !value.is_empty() && names.contains(&name.as_str()) && name != "limit";
        kept.then(|| (name, value.into_owned()))
    });
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn is_asking(name: &str) -> bool {
    asking().iter().any(|parameter| parameter.name == name)
}

/// `problem` of a search, with the names that the address of a list has.
#[must_use]
pub fn renamed(problem: Problem) -> Problem {
    let own = match problem.place() {
        Some(Place::Parameter(name)) => RENAMED.iter().find(|(_, known)| known == name),
        _ => None,
    };
    match own {
        Some((own, _)) => problem.with_parameter(*own),
        None => problem,
    }
}

#[cfg(test)]
#[path = "parameters_tests.rs"]
mod tests;
