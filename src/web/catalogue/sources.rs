//! The sources in the catalogue: each a data set, with its publisher, its
//! licence, and when and by which run it was last harvested.

use std::fmt::Write as _;

use oxiri::Iri;

use super::MEMORY;
use crate::record::{Record, RecordId, Value};
use crate::register::ledger::{Run, SourceState};
use crate::register::{Found, Page, Query, Register, Start};
use crate::web::problem::Result;
use crate::web::runs;

/// When each source was last harvested, so that a cache can tell whether
/// anything was since.
pub(super) fn harvested(register: &Register) -> Result<String> {
    let mut text = String::new();
    register.ledger().each::<SourceState>("", |source, state| {
        if let Some(at) = state.last_success {
            write!(text, "{source} {at} ").expect(MEMORY);
        }
    })?;
    Ok(text)
}

/// Describes the sources that are registered, a thousand at most.
pub(super) fn describe(register: &Register, text: &mut String) -> Result<()> {
    let base = register.base().as_str();
    for id in sources(register)? {
        let source = format!("<{base}/id/{id}>");
        writeln!(text, "<{base}/catalogue> dcat:dataset {source} .").expect(MEMORY);
        writeln!(text, "<{base}/catalogue#kist> dcterms:source {source} .").expect(MEMORY);
        writeln!(text, "{source} a dcat:Dataset .").expect(MEMORY);
        let Found::Here(version) = register.get(&id)? else { continue };
        describe_record(register, &source, &version.merged.record, text);
        let state: Option<SourceState> = register.ledger().get(id.id())?;
        if let Some(at) = state.and_then(|state| state.last_success) {
            writeln!(text, "{source} dcterms:modified \"{at}\"^^xsd:dateTime .").expect(MEMORY);
        }
        if let Some(run) = newest_run(register, id.id())? {
            writeln!(text, "{source} prov:wasGeneratedBy <{base}/id/{run}> .").expect(MEMORY);
        }
    }
    Ok(())
}

fn describe_record(register: &Register, source: &str, record: &Record, text: &mut String) {
    for (key, property) in [
        ("name", "dcterms:title"),
        ("summary", "dcterms:description"),
        ("attribution", "kist:attribution"),
    ] {
        for value in record.values(key) {
            if let Value::LanguageText { language, text: words } = value {
                let words = quoted(words);
                writeln!(text, "{source} {property} {words}@{language} .").expect(MEMORY);
            }
        }
    }
    for (key, property) in [("licence", "dcterms:license"), ("url", "dcat:landingPage")] {
        let iris = record.values(key).iter().filter_map(Value::as_text);
        for iri in iris.filter(|iri| Iri::parse(*iri).is_ok()) {
            writeln!(text, "{source} {property} <{iri}> .").expect(MEMORY);
        }
    }
    for publisher in record.values("publisher").iter().filter_map(Value::as_record) {
        let publisher = register.base().thing(publisher);
        writeln!(text, "{source} dcterms:publisher <{}> .", publisher.as_str()).expect(MEMORY);
    }
}

/// The newest run of a source that has a record: one that changed something.
fn newest_run(register: &Register, source: &str) -> Result<Option<RecordId>> {
    let mut before = None;
    loop {
        let (found, older) = runs::newest_before(register, source, before, 10)?;
        let ids = found
            .iter()
            .filter_map(|run| RecordId::new("run", &Run::record(source, run.number)).ok());
        let is_there = |id: &RecordId| register.summary(&id.to_string()).is_some();
        if let Some(id) = ids.into_iter().find(is_there) {
            return Ok(Some(id));
        }
        if older.is_none() {
            return Ok(None);
        }
        before = older;
    }
}

/// The sources that are registered, a thousand at most.
fn sources(register: &Register) -> Result<Vec<RecordId>> {
    let query = Query {
        kinds: vec!["source".to_owned()],
        page: Page { limit: 1_000, start: Start::Offset(0) },
        ..Query::default()
    };
    let found = register.index().search(&query)?;
    Ok(found.hits.iter().filter_map(|hit| hit.key().parse().ok()).collect())
}

/// A text as Turtle writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
