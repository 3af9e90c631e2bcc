//! A document that holds records: where it lies, its format, and how it is
//! read, as often as it is asked for.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::read::MultiGzDecoder;

use super::pieces::{Piece, Pieces, can_be_cut};
use crate::cli::failure::WrongUse;
use crate::graph::GraphFormat;
use crate::graph::input::Options;
use crate::register::{Imported, Register};

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

/// From how many bytes on N-Quads are read in pieces, and of how many bytes.
const PIECE: usize = 8 * 1024 * 1024;

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

/// Where the bytes of a document are.
#[derive(Debug)]
pub(in crate::cli) enum Place {
    /// In the program.
    Memory(&'static str),
    /// On the disk.
    File(PathBuf),
}

/// A document that can be read, again and again.
#[derive(Debug)]
pub(in crate::cli) struct Document {
    name: String,
    format: Format,
    place: Place,
    /// From how many bytes on it is cut, if it can be.
    piece: usize,
}

/// What was read from a part of a document.
#[derive(Debug)]
pub(super) struct Part {
    /// The name of the document, and where in it the part begins.
    pub(super) name: String,
    pub(super) imported: Imported,
}

/// Whether a document of this name can be read.
pub(super) fn is_readable(name: &Path) -> bool {
    format_of(name).is_some()
}

impl Document {
    /// The document at `place`; `name` tells the format, and whether the bytes
    /// are gzip.
    ///
    /// # Errors
    ///
    /// [`WrongUse`] when it doesn't.
    pub(in crate::cli) fn named(name: &str, place: Place) -> Result<Self> {
        let format = format_of(Path::new(name)).ok_or_else(|| {
            let ends: Vec<&str> = FORMATS.iter().map(|(end, _)| *end).collect();
            WrongUse(format!(
                "`{name}` has none of the ends that can be loaded: {}, each also with .gz",
                ends.join(", ")
            ))
        })?;
        Ok(Self { name: name.to_owned(), format, place, piece: PIECE })
    }

    /// What is read from each part of the document, in its order: one part
    /// but of N-Quads that are long and can be cut. An error, when it can't be
    /// read or nothing be made of a part at all, is the last.
    pub(super) fn read<'a>(
        &'a self,
        register: &'a Register,
    ) -> impl Iterator<Item = Result<Part>> + 'a {
        let (pieces, failed) = match self.pieces() {
            Ok(pieces) => (Some(pieces), None),
            Err(error) => (None, Some(Err(error))),
        };
        let pieces = pieces.into_iter().flatten().chain(failed);
        pieces.map(move |piece| self.import(register, piece))
    }

    fn import(&self, register: &Register, piece: io::Result<Piece>) -> Result<Part> {
        let is_compressed = is_compressed(Path::new(&self.name));
        let form = if is_compressed { " as gzip" } else { "" };
        let Piece { bytes, after } =
            piece.with_context(|| format!("`{}` can't be read{form}", self.name))?;
        let name = match after {
            0 => self.name.clone(),
            after => format!("{}, after line {after}", self.name),
        };
        let imported = match self.format {
            Format::Json => register.read_json(&bytes),
            Format::Rdf(format) => register.read_rdf(&bytes, format, SOURCE, &LIMITS),
        };
        let imported = imported.with_context(|| format!("`{name}` can't be loaded"))?;
        Ok(Part { name, imported })
    }

    fn pieces(&self) -> io::Result<Box<dyn Iterator<Item = io::Result<Piece>> + '_>> {
        let mut start = Vec::new();
        let mut whole = self.open()?;
        if self.format == Format::Rdf(GraphFormat::NQuads) {
            whole.by_ref().take(self.piece as u64).read_to_end(&mut start)?;
            let is_long = start.len() == self.piece;
            if is_long && can_be_cut(BufReader::new(self.open()?))? {
                return Ok(Box::new(Pieces::new(BufReader::new(self.open()?), self.piece)));
            }
        }
        whole.read_to_end(&mut start)?;
        Ok(Box::new(std::iter::once(Ok(Piece { bytes: start, after: 0 }))))
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        let bytes: Box<dyn Read> = match &self.place {
            Place::Memory(text) => Box::new(text.as_bytes()),
            Place::File(path) => Box::new(File::open(path)?),
        };
        let is_compressed = is_compressed(Path::new(&self.name));
        Ok(if is_compressed { Box::new(MultiGzDecoder::new(bytes)) } else { bytes })
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
#[path = "document_tests.rs"]
mod tests;
