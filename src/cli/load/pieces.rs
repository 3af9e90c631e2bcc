//! A long N-Quads document, cut between its graphs, so that it need not be in
//! memory as a whole.
//!
//! Only a document in which the lines of each graph stand together, as in our
//! own dumps, can be cut: then no record is in two pieces. Nor may it have
//! blank nodes, which two graphs could share.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead};

/// A piece of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its text.
    pub(super) bytes: Vec<u8>,
    /// The lines of the document before it.
    pub(super) after: usize,
}

/// The pieces of a document whose graphs stand together: each whole graphs,
/// and no longer than it must be for more than `least` bytes.
#[derive(Debug)]
pub(super) struct Pieces<R> {
    reader: R,
    least: usize,
    /// The line that has been read and is of the next piece.
    ahead: Vec<u8>,
    lines: usize,
}

impl<R: BufRead> Pieces<R> {
    pub(super) fn new(reader: R, least: usize) -> Self {
        Self { reader, least, ahead: Vec::new(), lines: 0 }
    }

    fn read(&mut self) -> io::Result<Option<Piece>> {
        let after = self.lines;
        let mut bytes = std::mem::take(&mut self.ahead);
        self.lines += usize::from(!bytes.is_empty());
        let mut graph = graph_of(&bytes).map(<[u8]>::to_vec);
        let mut line = Vec::new();
        while self.reader.read_until(b'\n', &mut line)? > 0 {
            let of = graph_of(&line);
            if of != graph.as_deref() && !is_empty(&line) {
                if bytes.len() >= self.least {
                    self.ahead = line;
                    break;
                }
                graph = of.map(<[u8]>::to_vec);
            }
            bytes.append(&mut line);
            self.lines += 1;
        }
        Ok((!bytes.is_empty()).then_some(Piece { bytes, after }))
    }
}

impl<R: BufRead> Iterator for Pieces<R> {
    type Item = io::Result<Piece>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// Whether a document can be cut between its graphs.
///
/// # Errors
///
/// When it can't be read.
pub(super) fn can_be_cut(mut reader: impl BufRead) -> io::Result<bool> {
    let (hasher, mut seen, mut current) = (RandomState::new(), HashSet::new(), None);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        if !is_empty(&line) {
            let Some(graph) = graph_of(&line) else { return Ok(false) };
            let graph = hasher.hash_one(graph);
            // Two names with one hash would only mean that it isn't cut.
            if current != Some(graph) && !seen.insert(graph) {
                return Ok(false);
            }
            current = Some(graph);
        }
        line.clear();
    }
    Ok(true)
}

/// Whether a line holds no quad.
fn is_empty(line: &[u8]) -> bool {
    matches!(line.trim_ascii_start().first(), None | Some(b'#'))
}

/// The name of the graph of a quad; `None` when it has none, or a term that is
/// no IRI or literal.
fn graph_of(line: &[u8]) -> Option<&[u8]> {
    let mut rest = line.trim_ascii_start();
    for _ in 0..3 {
        rest = after_term(rest)?.trim_ascii_start();
    }
    let end = rest.len() - after_iri(rest)?.len();
    Some(&rest[..end])
}

/// What follows the term that `text` begins with.
fn after_term(text: &[u8]) -> Option<&[u8]> {
    if text.first() != Some(&b'"') {
        return after_iri(text);
    }
    let mut is_escaped = false;
    let end = text[1..].iter().position(|byte| {
        let is_end = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end
    })?;
    let rest = &text[end + 2..];
    match rest.first()? {
        b'^' => after_iri(rest.strip_prefix(b"^^")?),
        b'@' => Some(&rest[rest.iter().position(u8::is_ascii_whitespace)?..]),
        _ => Some(rest),
    }
}

fn after_iri(text: &[u8]) -> Option<&[u8]> {
    let inside = text.strip_prefix(b"<").filter(|inside| !inside.starts_with(b"<"))?;
    Some(&inside[inside.iter().position(|byte| *byte == b'>')? + 1..])
}

#[cfg(test)]
#[path = "pieces_tests.rs"]
mod tests;
