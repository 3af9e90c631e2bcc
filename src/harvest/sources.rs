//! Sources as records: which are there, whether one is there already, and
//! whether they are harvested.

use std::collections::BTreeSet;

use jiff::Timestamp;
use thiserror::Error;
use url::Url;

use super::settings::{self, Harvesting};
use crate::record::{Record, RecordId, Value};
use crate::register::{ApplyError, Found, ReadError, References, Register};

/// Why a source can't be changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// There is none.
    #[error("there is no source `{0}`")]
    Unknown(String),
    /// It can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It can't be written.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

/// The sources that are set up to be harvested, in the order of their
/// identifiers: those whose record says whether they are.
///
/// # Errors
///
/// [`ReadError`].
pub fn all(register: &Register) -> Result<Vec<Record>, ReadError> {
    let mut ids = BTreeSet::new();
    register.each_record("source", &mut |_, record| {
        if !record.values("harvesting").is_empty() {
            ids.insert(record.id.clone());
        }
    })?;
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        if let Found::Here(version) = register.get(&id)? {
            records.push(version.merged.record);
        }
    }
    Ok(records)
}

/// The source that has the address `url` already, but for http or https, the
/// letters of its host, a `www.` before it and a slash at its end. Retired
/// ones count too; `but` does not.
///
/// # Errors
///
/// [`ReadError`].
pub fn at_address(
    register: &Register,
    url: &Url,
    but: Option<&RecordId>,
) -> Result<Option<RecordId>, ReadError> {
    let wanted = essence(url);
    let is_there = |record: &Record| {
        let address = record.values("url").iter().find_map(|value| match value {
            Value::Iri(iri) => settings::address(iri).ok(),
            _ => None,
        });
        address.is_some_and(|address| essence(&address) == wanted)
    };
    let mut others = all(register)?.into_iter().filter(|record| Some(&record.id) != but);
    Ok(others.find(is_there).map(|record| record.id))
}

/// What two addresses of one source have in common.
fn essence(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).trim_end_matches('.').to_owned();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    // An API is the same whether it is asked for pages or for all at once.
    let query = url.query().filter(|query| *query != "format=ndjson");
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{host}{port}{}{query}", url.path().trim_end_matches('/'))
}

/// Says from now on whether `source` is harvested. Gives whether that is new.
///
/// # Errors
///
/// [`SourceError`].
pub fn set_harvesting(
    register: &Register,
    source: &str,
    harvesting: Harvesting,
    actor: &str,
    now: Timestamp,
) -> Result<bool, SourceError> {
    set(register, source, &[("harvesting", harvesting.name())], actor, now)
}

/// Sets texts in the record of `source`. Gives whether any of them is new.
///
/// # Errors
///
/// [`SourceError`].
pub fn set(
    register: &Register,
    source: &str,
    texts: &[(&str, &str)],
    actor: &str,
    now: Timestamp,
) -> Result<bool, SourceError> {
    let unknown = || SourceError::Unknown(source.to_owned());
    let id = RecordId::new("source", source).map_err(|_| unknown())?;
    let Found::Here(version) = register.get(&id)? else { return Err(unknown()) };
    let mut wanted = version.merged.record.clone();
    for (key, text) in texts {
        wanted.fields.insert((*key).to_owned(), vec![Value::Text((*text).to_owned())]);
    }
    if wanted == version.merged.record {
        return Ok(false);
    }
    let edit = register.amendment(&version, &wanted)?;
    register.apply(vec![edit], References::Kept, actor, now)?;
    Ok(true)
}

#[cfg(test)]
#[path = "sources_tests.rs"]
mod tests;
