//! Where the entries of a list come from, and how that is credited.

use serde_json::Value as Json;

use crate::register::{Facet, Hit, Page, Query, Start};
use crate::web::html::content::{self, Link, Text};
use crate::web::html::site::Site;
use crate::web::negotiate::Language;
use crate::web::problem::Result;
use crate::web::reuse;
use crate::web::state::AppState;

/// How many sources are named in a sentence; a list rarely has more.
const MOST_NAMED: usize = 8;

/// A source of what is listed.
#[derive(Debug)]
pub(in crate::web) struct Credit {
    /// The source.
    pub(in crate::web) source: Link,
    /// How it wants to be credited.
    pub(in crate::web) attribution: Option<Text>,
    /// Its licence.
    pub(in crate::web) licence: Option<Link>,
}

/// The sources of `hits`, those of most of them first. What is written here
/// has none.
///
/// # Errors
///
/// 500 `internal` when the index can't be read.
pub(in crate::web) fn of(site: Site<'_>, hits: &[Hit]) -> Result<Vec<Credit>> {
    let counted = site.find(Query {
        only: Some(hits.iter().map(|hit| hit.key().to_owned()).collect()),
        facets: vec![Facet::Source],
        page: Page { limit: 0, start: Start::Offset(0) },
        ..Query::default()
    })?;
    let sources = counted.facets.into_iter().flat_map(|facet| facet.counts);
    Ok(sources.filter_map(|(id, _)| credit(site, &id)).collect())
}

/// The sentence, with the sources of `hits` in the words that they ask for.
pub(in crate::web) fn credited(state: &AppState, language: Language, hits: &[Hit]) -> String {
    let sentence = reuse::attribution(state.register.base());
    let Ok(credits) = of(Site::new(state, language), hits) else { return sentence };
    let named: Vec<String> = credits
        .iter()
        .take(MOST_NAMED)
        .map(|credit| {
            let words = credit.attribution.as_ref().unwrap_or(&credit.source.text);
            let licence = credit.licence.as_ref().map(|licence| licence.text.text.as_str());
            match licence.filter(|licence| !words.text.contains(licence)) {
                Some(licence) => format!("{} ({licence})", words.text),
                None => words.text.clone(),
            }
        })
        .collect();
    if named.is_empty() { sentence } else { format!("{sentence} {}", named.join("; ")) }
}

fn credit(site: Site<'_>, id: &str) -> Option<Credit> {
    let summary = site.summary("source", id)?;
    let name = content::text(&summary, "name", site.language);
    let licence = summary.get("licence").and_then(Json::as_str).and_then(content::web_address);
    Some(Credit {
        source: Link {
            href: site.href("source", id),
            text: name.unwrap_or_else(|| Text::plain(id)),
        },
        attribution: content::text(&summary, "attribution", site.language),
        licence: licence.map(|address| Link {
            href: address.to_owned(),
            text: Text::plain(licence_name(address)),
        }),
    })
}

/// What people call a licence: the usual ones by name, others by address.
fn licence_name(address: &str) -> &str {
    let bare = address.split_once("://").map_or(address, |(_, rest)| rest).trim_end_matches('/');
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    match bare {
        "nationalarchives.gov.uk/doc/open-government-licence/version/3" => {
            "Open Government Licence v3.0"
        }
        "creativecommons.org/licenses/by/4.0" => "CC BY 4.0",
        "creativecommons.org/licenses/by-sa/4.0" => "CC BY-SA 4.0",
        "creativecommons.org/publicdomain/zero/1.0" => "CC0 1.0",
        "opendatacommons.org/licenses/odbl/1-0" => "ODbL 1.0",
        _ => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_licences_have_their_names() {
        for (address, name) in [
            ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
            (
                "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
                "Open Government Licence v3.0",
            ),
            ("https://spdx.org/licenses/MIT", "spdx.org/licenses/MIT"),
        ] {
            assert_eq!(licence_name(address), name);
        }
    }
}
