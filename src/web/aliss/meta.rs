//! What an answer says of its licence, and whom it credits.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::register;
use crate::web::credits;
use crate::web::negotiate::Language;
use crate::web::reuse;
use crate::web::state::AppState;

/// Those whom ALISS credits, in its order: text and address.
const ALISS: [(&str, &str); 4] = [
    (
        "Contains National Statistics data © Crown copyright and database right 2018",
        "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    (
        "Contains information from the Scottish Charity Register supplied by the Office of the \
         Scottish Charity Regulator and licensed under the Open Government Licence v2.0",
        "https://www.oscr.org.uk/about-charities/search-the-register/charity-register-download",
    ),
    (
        "Contains National Records of Scotland data licensed under the Open Government Licence v3.0",
        "https://www.nrscotland.gov.uk/statistics-and-data/geography/nrs-postcode-extract",
    ),
    ("Contains contributions from ALISS users", "https://www.aliss.org/terms-and-conditions"),
];

/// How many of them stand beside a list of areas.
const OF_AREAS: usize = 2;

/// The licence of official areas.
const OF_OFFICIAL_AREAS: &str = ALISS[0].1;

/// The page that names all sources with their licences.
const ABOUT: &str = "/about";

/// The `meta` of an answer.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Meta {
    /// The address of the licence of all that is answered; where parts of it
    /// have others, of the page that says them, since ALISS has no other place
    /// for that.
    licence: String,
    attribution: Vec<Credit>,
}

/// Somebody who is to be credited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Credit {
    text: String,
    url: String,
}

impl Meta {
    /// Credits whom ALISS credits, and then each of the register's sources that
    /// what is answered comes from. `credits` are those of each thing in it.
    pub(super) fn of<'a>(
        state: &'a AppState,
        credits: impl IntoIterator<Item = &'a [Arc<register::Credit>]>,
    ) -> Self {
        let all: Vec<&[Arc<register::Credit>]> = credits.into_iter().collect();
        let licences: BTreeSet<&str> =
            all.iter().flat_map(|credits| reuse::licences(state, credits)).collect();
        let licence = match Vec::from_iter(licences).as_slice() {
            [] => reuse::licence(state).to_owned(),
            [shared] => (*shared).to_owned(),
            _ => format!("{}{ABOUT}", state.register.base().as_str()),
        };
        let mut attribution: Vec<Credit> = ALISS.iter().map(|row| Credit::of(*row)).collect();
        let mut seen: Vec<&register::Credit> = Vec::new();
        for credit in all.into_iter().flatten() {
            if !seen.iter().any(|known| credit.is(known)) {
                seen.push(credit);
                attribution.push(Credit::of_source(credit));
            }
        }
        Self { licence, attribution }
    }

    /// Credits nobody: names of categories need no more than the licence.
    pub(super) fn of_terms(state: &AppState) -> Self {
        Self { licence: reuse::licence(state).to_owned(), attribution: Vec::new() }
    }

    /// Credits those whose areas they are.
    pub(super) fn of_areas() -> Self {
        let attribution = ALISS[..OF_AREAS].iter().map(|row| Credit::of(*row)).collect();
        Self { licence: OF_OFFICIAL_AREAS.to_owned(), attribution }
    }
}

impl Credit {
    fn of((text, url): (&str, &str)) -> Self {
        Self { text: text.to_owned(), url: url.to_owned() }
    }

    /// A source in the words in which it wants to be credited, with its licence.
    fn of_source(credit: &register::Credit) -> Self {
        let licence = credit.licences().first();
        let url = credit.url().or(licence.map(String::as_str)).unwrap_or_default();
        Self { text: credits::named(credit, Language::English), url: url.to_owned() }
    }
}
