//! On which terms what the register lists may be used again, whom to name, and
//! where to tell of a mistake.
//!
//! A list says the licence of the register and names all its sources; each entry
//! says those of its own sources. Each record's own page names them too.

use std::borrow::Cow;
use std::sync::Arc;

use crate::record::Base;
use crate::register::Credit;
use crate::web::negotiate::Language;
use crate::web::state::AppState;

pub use crate::model::NOT_STATED;

/// The licence of what is given, as far as its sources say nothing else.
pub const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

/// The licence of what is given, as far as its sources say nothing else: that
/// of the settings, or else CC BY 4.0.
#[must_use]
pub fn licence(state: &AppState) -> &str {
    state.identity.licence.as_deref().unwrap_or(LICENCE)
}

/// The licences under which a record is given whose sources have these
/// `credits`: theirs, each once, [`NOT_STATED`] for one without, or that of the
/// register when there are none.
#[must_use]
pub fn licences<'a>(state: &'a AppState, credits: &'a [Arc<Credit>]) -> Vec<&'a str> {
    let licences = own_licences(credits);
    if licences.is_empty() { vec![licence(state)] } else { licences }
}

/// As [`licences`], but none when there are no credits.
#[must_use]
pub fn own_licences(credits: &[Arc<Credit>]) -> Vec<&str> {
    let mut licences: Vec<&str> = Vec::with_capacity(credits.len());
    for credit in credits {
        match credit.licences() {
            [] => licences.push(NOT_STATED),
            own => licences.extend(own.iter().map(String::as_str)),
        }
    }
    licences.sort_unstable();
    licences.dedup();
    licences
}

/// The words in which the sources with these `credits` want to be credited,
/// each once, one after the other; `None` when there are none.
#[must_use]
pub fn words(credits: &[Arc<Credit>], language: Language) -> Option<Cow<'_, str>> {
    match credits {
        [] => None,
        [one] => Some(Cow::Borrowed(one.words(language.tag()))),
        several => {
            let mut words: Vec<&str> = Vec::with_capacity(several.len());
            for credit in several {
                let own = credit.words(language.tag());
                if !words.contains(&own) {
                    words.push(own);
                }
            }
            Some(Cow::Owned(one_after_the_other(words)))
        }
    }
}

/// The `words` one after the other: sentences with a space between, what is
/// none with `; `.
#[must_use]
pub fn one_after_the_other<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().fold(String::new(), |mut all, words| {
        if !all.is_empty() {
            all.push_str(if all.ends_with('.') { " " } else { "; " });
        }
        all.push_str(words);
        all
    })
}

/// What people call a licence: the usual ones by name, others by address
/// without its scheme.
#[must_use]
pub fn licence_name(address: &str) -> Cow<'_, str> {
    usual_licence(address).unwrap_or_else(|| Cow::Borrowed(bare(address)))
}

/// The name of a usual licence; `None` of any other.
#[must_use]
pub fn usual_licence(address: &str) -> Option<Cow<'_, str>> {
    let name = match bare(address) {
        "rightsstatements.org/vocab/CNE/1.0" => "not stated",
        "nationalarchives.gov.uk/doc/open-government-licence/version/3" => {
            "Open Government Licence v3.0"
        }
        "creativecommons.org/publicdomain/zero/1.0" => "CC0 1.0",
        "opendatacommons.org/licenses/odbl/1-0" => "ODbL 1.0",
        other => {
            if let Some(terms) = other.strip_prefix("creativecommons.org/licenses/") {
                let terms = terms.replace('/', " ").to_uppercase();
                return Some(Cow::Owned(format!("CC {terms}")));
            }
            other.strip_prefix("spdx.org/licenses/")?.trim_end_matches(".html")
        }
    };
    Some(Cow::Borrowed(name))
}

/// An address without what may be written in several ways.
fn bare(address: &str) -> &str {
    let bare = address.split_once("://").map_or(address, |(_, rest)| rest).trim_end_matches('/');
    bare.strip_prefix("www.").unwrap_or(bare)
}

/// The path of the page on which a mistake can be reported.
pub const REPORT_PATH: &str = "/report";

/// The sentence by which those who use something of it again name the register;
/// it ends with the address of the register and a full stop.
#[must_use]
pub fn attribution(base: &Base, language: Language) -> String {
    let words = match language {
        Language::English => "From the community register at",
        Language::Gaelic => "Bho chlàr na coimhearsnachd aig",
        Language::Scots => "Frae the community register at",
    };
    format!("{words} {}/.", base.as_str())
}

/// Where a mistake in the record with this IRI can be reported; a page for any
/// mistake when it is not of this register.
#[must_use]
pub fn report(base: &Base, iri: &str) -> String {
    let path = format!("{}{REPORT_PATH}", base.as_str());
    match base.record_of(iri) {
        Some(Ok(id)) => format!("{path}?about={id}"),
        _ => path,
    }
}

/// Where a mistake in any record can be reported: an address with `{id}` for the
/// IRI of the record (a template as in RFC 6570).
#[must_use]
pub fn report_form(base: &Base) -> String {
    format!("{}{REPORT_PATH}?about={{id}}", base.as_str())
}

#[cfg(test)]
#[path = "reuse_tests.rs"]
mod tests;
