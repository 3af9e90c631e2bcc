//! Where a record's facts come from: its sources, how each wants to be
//! credited, from where and when it was fetched, and whether it still has the
//! record.

use std::collections::BTreeMap;

use crate::journal::Derivation;
use crate::record::RecordId;
use crate::record::texts;
use crate::register::Found;
use crate::register::ledger::Missing;
use crate::web::beside::Shown;
use crate::web::credits::Credit;
use crate::web::html::content;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::site::Site;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// A source of a record's facts.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) number: usize,
    pub(super) name: Link,
    pub(super) line: Text,
    /// The record in which it says so, when that is another.
    pub(super) record: Option<Link>,
    /// From where and when it was fetched, and by what.
    pub(super) fetched: Option<(Text, Link)>,
    /// What a reader should know: that it is gone, or has the record no more.
    pub(super) remarks: Vec<Text>,
    pub(super) attribution: Option<Text>,
    pub(super) licences: Vec<Link>,
    /// What is said when it states no licence.
    pub(super) unlicensed: Option<Phrase>,
}

/// Each source of a record, the one that goes first at the front.
///
/// # Errors
///
/// 500 `internal` when the register can't be read.
pub(super) fn sources(site: Site<'_>, shown: &Shown) -> Result<Vec<Source>> {
    let m = Messages::of(site.language);
    let own = &shown.version.merged.record.id;
    let mut derivations = BTreeMap::new();
    for id in &shown.of {
        if !derivations.contains_key(id) {
            derivations.insert(id, site.state.register.derivations(id)?);
        }
    }
    let mut sources = Vec::new();
    for ((place, origin), id) in shown.version.merged.origins.iter().enumerate().zip(&shown.of) {
        let credit = Credit::of_origin(site, origin);
        let is_unlicensed = credit.as_ref().is_some_and(|credit| credit.licences.is_empty());
        let credit = credit.unwrap_or_else(|| Credit {
            source: Link {
                href: String::new(),
                text: Text::plain(content::humanised(&origin.source)),
            },
            attribution: None,
            licences: Vec::new(),
        });
        let of_record = derivations.get(id).into_iter().flatten();
        let derivation = of_record.into_iter().find(|(source, _)| *source == origin.source);
        let mut remarks = Vec::new();
        if let Some(missing) = missing(site.state, &origin.source, id)? {
            let date = content::day_of(missing.since);
            remarks.push(m.source_missing.filled(&[("date", &date)]));
        }
        if is_retired(site.state, &origin.source)? {
            remarks.push(m.source_retired.text());
        }
        sources.push(Source {
            number: place + 1,
            name: credit.source,
            line: m.source_line.filled(&[("date", &content::day_of(origin.at))]),
            record: (id != own).then(|| site.link(id)),
            fetched: derivation.and_then(|(_, derivation)| fetched(m, derivation)),
            remarks,
            attribution: credit.attribution,
            licences: credit.licences,
            unlicensed: is_unlicensed.then_some(m.source_unlicensed),
        });
    }
    Ok(sources)
}

/// What changes on the page of a record without a revision.
pub(super) fn variant(state: &AppState, shown: &Shown) -> Result<String> {
    let mut variant = String::new();
    for (origin, id) in shown.version.merged.origins.iter().zip(&shown.of) {
        if let Some(missing) = missing(state, &origin.source, id)? {
            variant = format!("{variant}{} {}\n", origin.source, missing.since);
        }
    }
    Ok(variant)
}

fn missing(state: &AppState, source: &str, id: &RecordId) -> Result<Option<Missing>> {
    Ok(state.register.ledger().get(&Missing::key(source, id))?)
}

fn fetched(m: &Messages, derivation: &Derivation) -> Option<(Text, Link)> {
    let address = content::web_address(&derivation.url)?;
    let date = content::day_of(derivation.retrieved_at);
    let values = [("date", date.as_str()), ("extractor", &derivation.extractor)];
    let link = Link { href: address.to_owned(), text: Text::plain(content::host(address)) };
    Some((m.source_fetched.filled(&values), link))
}

/// Whether a source is retired or withdrawn, so that what it said stays as it
/// is.
fn is_retired(state: &AppState, source: &str) -> Result<bool> {
    let Ok(id) = RecordId::new("source", source) else { return Ok(false) };
    Ok(match state.register.get(&id)? {
        Found::Here(version) => {
            let record = &version.merged.record;
            texts(record.values("harvesting")).any(|harvesting| harvesting == "retired")
        }
        Found::Gone { .. } => true,
        Found::Nowhere => false,
    })
}
