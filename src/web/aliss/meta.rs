//! What an answer says of its licence, and whom it credits.

use serde::Serialize;

use crate::record::RecordId;
use crate::web::aliss::entry::Entry;
use crate::web::state::AppState;

const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

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

/// The `meta` of an answer.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Meta {
    licence: &'static str,
    attribution: Vec<Credit>,
}

/// Somebody who is to be credited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Credit {
    text: String,
    url: String,
}

impl Meta {
    /// Credits whom ALISS credits, and then each of the register's `sources`
    /// that what is answered comes from.
    pub(super) fn of<'a>(state: &AppState, sources: impl IntoIterator<Item = &'a String>) -> Self {
        let mut attribution: Vec<Credit> = ALISS.iter().map(|row| Credit::of(*row)).collect();
        let mut seen: Vec<&String> = Vec::new();
        for source in sources {
            if seen.contains(&source) {
                continue;
            }
            seen.push(source);
            attribution.extend(Credit::of_source(state, source));
        }
        Self { licence: LICENCE, attribution }
    }

    /// Credits nobody: names of categories need no more than the licence.
    pub(super) fn of_terms() -> Self {
        Self { licence: LICENCE, attribution: Vec::new() }
    }

    /// Credits those whose areas they are.
    pub(super) fn of_areas() -> Self {
        let attribution = ALISS[..OF_AREAS].iter().map(|row| Credit::of(*row)).collect();
        Self { licence: LICENCE, attribution }
    }
}

impl Credit {
    fn of((text, url): (&str, &str)) -> Self {
        Self { text: text.to_owned(), url: url.to_owned() }
    }

    /// How a source wants to be credited; `None` when it says nothing.
    fn of_source(state: &AppState, source: &str) -> Option<Self> {
        let id = RecordId::new("source", source).ok()?;
        let json = state.register.summary(&id.to_string())?;
        let summary = Entry::summary(&json)?;
        let text = summary.text("attribution")?;
        let url = ["url", "licence"].iter().find_map(|key| summary.text(key));
        Some(Self { text, url: url.unwrap_or_default() })
    }
}
