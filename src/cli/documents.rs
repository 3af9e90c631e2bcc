//! Documents → edits → the register, in one change.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::path::Path;

use anyhow::{Context as _, Result};
use flate2::read::MultiGzDecoder;

use super::clock::now;
use super::failure::WrongUse;
use super::seeds::ACTOR;
use crate::graph::GraphFormat;
use crate::graph::input::Options;
use crate::record::RecordId;
use crate::register::{Applied, Edit, Progress, Register};

/// The source of what stands in an RDF document without a graph of ours.
const SOURCE: &str = "kist";

/// What an operator loads is trusted with more than what comes over the web.
const LIMITS: Options = Options {
    max_json_depth: 64,
    max_xml_depth: 64,
    max_quads: usize::MAX,
    max_literal_bytes: 64 * 1024 * 1024,
    max_iri_bytes: 16 * 1024,
};

/// Kinds that others point to, in the order in which they are written; the
/// rest follow.
const FIRST: [&str; 5] = ["scheme", "category", "place", "source", "organisation"];

/// Ends of names and what they tell.
const FORMATS: [(&str, Format); 9] = [
    ("ttl", Format::Rdf(GraphFormat::Turtle)),
    ("trig", Format::Rdf(GraphFormat::TriG)),
    ("nq", Format::Rdf(GraphFormat::NQuads)),
    ("nt", Format::Rdf(GraphFormat::NTriples)),
    ("rdf", Format::Rdf(GraphFormat::RdfXml)),
    ("xml", Format::Rdf(GraphFormat::RdfXml)),
    ("owl", Format::Rdf(GraphFormat::RdfXml)),
    ("jsonld", Format::Rdf(GraphFormat::JsonLd)),
    ("json", Format::Json),
];

/// How the bytes of a document are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Rdf(GraphFormat),
}

/// A document that can be read.
#[derive(Debug)]
pub(super) struct Document {
    name: String,
    format: Format,
    bytes: Vec<u8>,
}

/// What was read from documents, before anything is written.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    edits: Vec<Edit>,
    /// What could not be taken, each with the document and the place in it.
    pub(super) problems: Vec<String>,
}

/// Whether a document of this name can be read.
pub(super) fn is_readable(name: &Path) -> bool {
    format_of(name).is_some()
}

impl Document {
    /// A document of `bytes`, which are gzip when its name says so; the name
    /// tells the format.
    ///
    /// # Errors
    ///
    /// [`WrongUse`] when it doesn't, or when the gzip is damaged.
    pub(super) fn named(name: &str, bytes: Vec<u8>) -> Result<Self> {
        let format = format_of(Path::new(name)).ok_or_else(|| {
            let ends: Vec<&str> = FORMATS.iter().map(|(end, _)| *end).collect();
            WrongUse(format!(
                "`{name}` has none of the ends that can be loaded: {}, each also with .gz",
                ends.join(", ")
            ))
        })?;
        let bytes = if is_compressed(Path::new(name)) {
            let mut inflated = Vec::new();
            MultiGzDecoder::new(bytes.as_slice())
                .read_to_end(&mut inflated)
                .with_context(|| format!("`{name}` can't be read as gzip"))?;
            inflated
        } else {
            bytes
        };
        Ok(Self { name: name.to_owned(), format, bytes })
    }
}

impl Gathered {
    /// Reads one more document.
    ///
    /// # Errors
    ///
    /// When nothing can be read from it at all.
    pub(super) fn read(&mut self, register: &Register, document: &Document) -> Result<()> {
        let Document { name, format, bytes } = document;
        let imported = match format {
            Format::Json => register.read_json(bytes),
            Format::Rdf(format) => register.read_rdf(bytes, *format, SOURCE, &LIMITS),
        };
        let imported = imported.with_context(|| format!("`{name}` can't be loaded"))?;
        self.edits.extend(imported.drafts);
        self.problems.extend(imported.problems.iter().map(|problem| format!("{name}: {problem}")));
        Ok(())
    }

    /// How many records there are to write.
    pub(super) fn len(&self) -> usize {
        self.edits.len()
    }

    /// Leaves out what the same source says again later of the same record.
    /// That it says something else is a problem.
    pub(super) fn keep_last(&mut self) {
        let mut last: HashMap<_, usize> = HashMap::new();
        for (row, edit) in self.edits.iter().enumerate() {
            let Edit { id, source, record, .. } = edit;
            let before = last.insert((source.clone(), id.clone()), row);
            if before.is_some_and(|before| self.edits[before].record != *record) {
                let problem = format!("{source} says two things of {id}; the last is taken");
                self.problems.push(problem);
            }
        }
        let mut row = 0;
        self.edits.retain(|edit| {
            row += 1;
            last.get(&(edit.source.clone(), edit.id.clone())) == Some(&(row - 1))
        });
    }

    /// What records point to that is neither here nor in the register.
    pub(super) fn dangling(&self, register: &Register) -> Vec<String> {
        let here: BTreeSet<&RecordId> = self.edits.iter().map(|edit| &edit.id).collect();
        let is_known =
            |id: &RecordId| here.contains(id) || register.index().get(&id.to_string()).is_some();
        let mut dangling = Vec::new();
        for edit in &self.edits {
            let Some(record) = &edit.record else { continue };
            for (pointer, id) in record.references() {
                if !is_known(id) {
                    dangling.push(format!("{}{pointer}: nothing is registered as {id}", edit.id));
                }
            }
        }
        dangling
    }

    /// Writes all of it in one change, what others point to first. Links to
    /// nothing are kept.
    ///
    /// # Errors
    ///
    /// When the register can't take it; nothing is written then.
    pub(super) fn apply(
        mut self,
        register: &Register,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Applied> {
        self.edits.sort_by_key(|edit| {
            FIRST.iter().position(|kind| *kind == edit.id.kind()).unwrap_or(FIRST.len())
        });
        Ok(register.apply_all(&mut self.edits.into_iter(), ACTOR, now(), progress)?)
    }
}

fn is_compressed(name: &Path) -> bool {
    name.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"))
}

fn format_of(name: &Path) -> Option<Format> {
    let inner = if is_compressed(name) { Path::new(name.file_stem()?) } else { name };
    let end = inner.extension()?.to_str()?.to_ascii_lowercase();
    FORMATS.iter().find(|(known, _)| *known == end).map(|(_, format)| *format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_name_tells_the_format() {
        let cases = [
            ("a.ttl", Some(Format::Rdf(GraphFormat::Turtle))),
            ("dump.NQ.gz", Some(Format::Rdf(GraphFormat::NQuads))),
            ("seeds/needs.json", Some(Format::Json)),
            ("a.json.ttl/b", None),
            ("notes.md", None),
            (".gz", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(format_of(Path::new(name)), expected, "{name}");
        }
    }
}
