//! What publishers say of the use of what they give: addresses and words,
//! read as licences.
//!
//! Words that name a licence with its version are that licence. Words that
//! refuse are none that lets texts be shared, and other words are a credit. No
//! version is invented, and no address is made of words.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::clean::{DoubleEncoding, text};
use crate::model::TermsOfUse;

/// Hosts and paths of licences by which everybody may share texts, with those
/// that don't ([`lets_quote`]) beside them.
const KNOWN: &[&str] = &[
    "creativecommons.org/licenses/",
    "creativecommons.org/publicdomain/",
    "nationalarchives.gov.uk/doc/open-government-licence",
    "nationalarchives.gov.uk/doc/non-commercial-government-licence",
    "reference.data.gov.uk/id/open-government-licence",
    "opendatacommons.org/",
    "opendefinition.org/licenses/",
    "opensource.org/license",
    "spdx.org/licenses/",
    "gnu.org/licenses/",
    "gnu.org/copyleft/",
    "apache.org/licenses/",
    "choosealicense.com/licenses/",
    "ordnancesurvey.co.uk/",
    "os.uk/",
    "purl.org/NET/rdflicense/",
    "publications.europa.eu/resource/authority/licence/",
];

/// Words that name a licence of Creative Commons.
static CREATIVE_COMMONS: LazyLock<Regex> = LazyLock::new(|| {
    let names = r"^(?:creative commons |cc[ -]?)(by|attribution)((?:[ -]?(?:nc|nd|sa|noncommercial|non-commercial|noderivs|noderivatives|no derivatives|sharealike|share alike))*)(?:[ -](?:licen[cs]e|international|v))*[ -]?([1-4]\.[05])?(?: (?:international|licen[cs]e|unported))*$";
    Regex::new(names).expect("it is an expression")
});

/// Words that name the Open Government Licence.
static OPEN_GOVERNMENT: LazyLock<Regex> = LazyLock::new(|| {
    let names = r"^(?:the )?(?:uk )?(?:open government licen[cs]e|ogl)(?: \(?ogl\)?)?[ -]*(?:uk )?(?:v|version)?[ .]?([123])(?:\.0)?$";
    Regex::new(names).expect("it is an expression")
});

/// What somebody says of the use of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It is under the licence with this address.
    Licence(String),
    /// Its rights are reserved, or it may be used as these words say.
    Reserved(String),
    /// How to credit it.
    Credit(String),
}

/// What is `said`; `None` when nothing is.
#[must_use]
pub fn read(said: &str) -> Option<Said> {
    let words = text::one_line(said, DoubleEncoding::Keep).value;
    if words.is_empty() {
        return None;
    }
    if words.starts_with("http://") || words.starts_with("https://") {
        let url = Url::parse(&words).ok().filter(Url::has_host);
        return Some(url.map_or(Said::Reserved(words), |url| Said::Licence(url.into())));
    }
    Some(named(&words).unwrap_or(Said::Credit(words)))
}

/// As [`read`], of words or an address that may have been completed with
/// `base` though it was words.
#[must_use]
pub fn read_at(said: &str, base: &Url) -> Option<Said> {
    let url = Url::parse(said).ok();
    let own = url.filter(|url| url.origin() == base.origin());
    let last = own.and_then(|url| {
        let last = url.path_segments()?.next_back()?.to_owned();
        Some(percent_encoding::percent_decode_str(&last).decode_utf8_lossy().into_owned())
    });
    if let Some(last) = last {
        if let Some(named) = named(&last) {
            return Some(named);
        }
        if last.contains(' ') {
            return Some(Said::Reserved(last));
        }
    }
    match read(said)? {
        // Where a licence has to stand, other words are none that is known.
        Said::Credit(words) if words.contains(' ') => Some(Said::Reserved(words)),
        Said::Credit(path) => match base.join(&path) {
            Ok(url) if path.contains(['/', '#', '.']) => Some(Said::Licence(url.into())),
            _ => Some(Said::Reserved(path)),
        },
        said => Some(said),
    }
}

/// What the terms are that are said with these; `None` when they say nothing.
#[must_use]
pub fn terms(said: impl IntoIterator<Item = Said>) -> Option<TermsOfUse> {
    let (mut licences, mut credit, mut is_reserved) = (Vec::new(), None, false);
    for one in said {
        match one {
            Said::Licence(address) if !licences.contains(&address) => licences.push(address),
            Said::Licence(_) => {}
            Said::Reserved(words) => {
                is_reserved = true;
                credit.get_or_insert(words);
            }
            Said::Credit(words) => {
                credit.get_or_insert(words);
            }
        }
    }
    // What refuses beside a licence says no more than that.
    let licences = (is_reserved || !licences.is_empty()).then_some(licences);
    TermsOfUse { licences, attribution: credit }.said()
}

/// Whether it is known what the licence with this address allows.
#[must_use]
pub fn is_known(licence: &str) -> bool {
    let Some((_, bare)) = licence.split_once("://") else { return false };
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let host = bare.split('/').next().unwrap_or_default();
    let bare = bare.replacen(host, &host.to_ascii_lowercase(), 1);
    KNOWN.iter().any(|known| bare.starts_with(known))
}

/// Whether everybody may share texts under this licence.
#[must_use]
pub fn lets_quote(licence: &str) -> bool {
    let licence = licence.to_ascii_lowercase();
    let mut parts = licence.split(['/', '-', '_', '.']);
    let refuses = |part| matches!(part, "nc" | "nd" | "noncommercial" | "noderivatives");
    !parts.any(refuses) && !licence.contains("non-commercial")
}

/// The licence, or refusal, that words name.
fn named(words: &str) -> Option<Said> {
    let lower = words.trim().trim_end_matches('.').to_lowercase();
    let licence = |address: String| Some(Said::Licence(address));
    if matches!(
        &*lower,
        "cc0" | "cc0 1.0" | "cc zero" | "cc0 1.0 universal" | "cc-zero" | "cc0-1.0"
    ) {
        return licence("https://creativecommons.org/publicdomain/zero/1.0/".to_owned());
    }
    if let Some(found) = OPEN_GOVERNMENT.captures(&lower) {
        let version = &found[1];
        let address = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version";
        return licence(format!("{address}/{version}/"));
    }
    if let Some(found) = CREATIVE_COMMONS.captures(&lower) {
        let conditions = &found[2];
        let has = |words: &[&str]| words.iter().any(|word| conditions.contains(word));
        let mut name = "by".to_owned();
        for (short, words) in [
            ("-nc", &["nc", "commercial"][..]),
            ("-nd", &["nd", "deriv"][..]),
            ("-sa", &["sa", "alike"][..]),
        ] {
            if has(words) {
                name.push_str(short);
            }
        }
        return match found.get(3) {
            Some(version) => {
                let version = version.as_str();
                licence(format!("https://creativecommons.org/licenses/{name}/{version}/"))
            }
            // Which one it is nobody knows.
            None => Some(Said::Reserved(words.to_owned())),
        };
    }
    let refuses =
        ["all rights reserved", "rights reserved", "not be reproduced", "without permission"]
            .iter()
            .any(|refusal| lower.contains(refusal));
    refuses.then(|| Said::Reserved(words.to_owned()))
}

#[cfg(test)]
#[path = "licence_tests.rs"]
mod tests;
