//! Looking for one of the places: by words, by level.

use crate::gazetteer::Level;
use crate::register::Facet;
use crate::register::Filter;
use crate::register::Query;
use crate::web::html::address::Address;
use crate::web::html::content::Link;
use crate::web::html::list;
use crate::web::html::messages::Messages;
use crate::web::html::site::Site;
use crate::web::html::tongue::Tongue;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::search_query;

/// What the list of places takes besides what other lists do.
pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter::text("q", "Words of the name."),
    Parameter::text("level", "The level, such as `council`."),
];

/// The field and the levels by which the list is narrowed.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) words: String,
    pub(super) hidden: Vec<(String, String)>,
    /// Links to each level, and whether the page shows it.
    pub(super) levels: Vec<(Link, bool)>,
}

/// Narrows the list of places as asked. Postcode districts, which most places
/// are, are left out where nothing is asked.
///
/// # Errors
///
/// 400 for a level that there is not; 500 `internal` when the index can't be
/// read.
pub(super) fn narrow(
    site: Site<'_>,
    parameters: &Parameters,
    address: &Address,
    query: &mut Query,
) -> Result<Look> {
    let level = parameters.text("level");
    let words = parameters.text("q").unwrap_or_default();
    let there = site.counts(&["place"], &[Facet::Level])?;
    let there: Vec<&str> = there
        .facets
        .iter()
        .flat_map(|counts| counts.counts.iter().map(|(level, _)| level.as_str()))
        .collect();
    let districts = Level::PostcodeDistrict.as_str();
    let any_of: Vec<String> = match &level {
        Some(level) => search_query::levels("level", vec![level.clone()])?,
        None if words.is_empty() => {
            there.iter().filter(|level| **level != districts).map(|l| (*l).to_owned()).collect()
        }
        None => Vec::new(),
    };
    if !any_of.is_empty() {
        query.filters.push(Filter { facet: Facet::Level, any_of });
    }
    query.text.clone_from(&words);
    let m = Messages::of(site.language);
    let bare = list::first_page(address);
    let usual = if words.is_empty() { m.place_levels_usual } else { m.place_levels_all };
    let all =
        (Link { href: bare.set("level", None).to_string(), text: usual.text() }, level.is_none());
    let of_level = |word: &&'static str| {
        let href = bare.set("level", Some(word)).to_string();
        let text = site.value_label(Facet::Level, word);
        (Link { href, text }, level.as_deref() == Some(word))
    };
    let levels = Level::words().filter(|word| there.contains(word));
    let levels = std::iter::once(all).chain(levels.map(|word| of_level(&word))).collect();
    let level = level.map(|level| ("level".to_owned(), level));
    let hidden = level.into_iter().chain(Tongue::from(site).field()).collect();
    Ok(Look { words, hidden, levels })
}
