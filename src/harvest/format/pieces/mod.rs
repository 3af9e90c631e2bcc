//! Documents that are too large for the memory, read as many small ones
//! (contract F28, F47).
//!
//! A format whose documents can be parted says how: each piece is a document
//! of the same format, which its reader reads like any other. What a piece
//! can't know of the others goes along with it. Here is nothing of what a
//! document means.

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::rdf::Elsewhere;
use super::{Format, json, rdf, table};
use crate::harvest::document::Document;
use crate::harvest::dump::{Dump, LARGE};
use crate::harvest::extraction::Problem;
use crate::harvest::mapping::Mapping;

/// How long a piece is, in bytes (4 MiB): so long that it is read as a small document
/// is, and so short that some of them are nothing to the memory.
pub(super) const PIECE: usize = LARGE / 2;

/// A document that lies on the disk, or is packed.
#[derive(Debug, Clone, Copy)]
pub struct Large<'a> {
    /// Its head, or all of it when it is no dump.
    pub document: &'a Document,
    /// Where it lies.
    pub dump: Option<&'a Dump>,
    /// Where more can lie.
    pub directory: &'a Path,
}

/// A part of a document, which is a document of the same format.
#[derive(Debug)]
pub struct Piece {
    /// The part.
    pub document: Document,
    /// Rows of the whole before what is row 1 here.
    pub rows: usize,
    /// Lines of the whole before what is line 1 here.
    pub lines: usize,
    /// Whether no other comes after it.
    pub is_last: bool,
    /// What is wrong with the whole and can't be seen in the piece.
    pub problems: Vec<Problem>,
}

/// The pieces of a document, in their order.
pub trait Pieces: Send {
    /// The next piece, read by `mapping` from now on; `None` after the last.
    fn next(&mut self, mapping: Option<&Mapping>) -> Option<Piece>;

    /// Records that stand in other pieces than those which speak of them.
    fn elsewhere(&self) -> Option<&Elsewhere> {
        None
    }
}

/// Whether documents of `format` that begin as this one lie on the disk even
/// when they are small: packed ones may become large.
#[must_use]
pub fn is_packed(format: &Format, document: &Document) -> bool {
    format.name == rdf::FORMAT.name && rdf::is_packed(&document.bytes)
}

/// The pieces of a document of `format`; `None` when it can only be read as a
/// whole. May take long: a document is read through before it is parted.
#[must_use]
pub fn of(format: &Format, large: Large<'_>) -> Option<Box<dyn Pieces>> {
    match (format.name, large.dump) {
        ("rdf", _) => rdf::pieces(large),
        ("csv", Some(dump)) => table::pieces(large.document, dump),
        ("json" | "open-referral", Some(dump)) => json::pieces(large.document, dump),
        _ => None,
    }
}

impl Large<'_> {
    /// Reads the whole.
    pub(super) fn read(&self) -> Box<dyn BufRead + Send> {
        match self.dump {
            Some(dump) => Box::new(io::BufReader::with_capacity(PIECE / 16, dump.read_from(0))),
            None => Box::new(io::Cursor::new(self.document.bytes.clone())),
        }
    }
}

/// The document of some `bytes` of a whole.
pub(super) fn document(whole: &Document, bytes: Vec<u8>) -> Document {
    let Document { url, media_type, charset, retrieved_at, .. } = whole;
    Document {
        url: url.clone(),
        media_type: media_type.clone(),
        charset: charset.clone(),
        bytes,
        retrieved_at: *retrieved_at,
    }
}

/// A piece that tells only why there is nothing more to be read.
pub(super) fn end(whole: &Document, problem: Problem) -> Piece {
    let document = document(whole, Vec::new());
    Piece { document, rows: 0, lines: 0, is_last: true, problems: vec![problem] }
}

/// That a body which was kept can't be read any more.
pub(super) fn unreadable(error: &io::Error) -> Problem {
    Problem::broken("disk", "", format!("the document can't be read from the disk: {error}"))
}

/// How many lines end in `bytes`.
pub(super) fn breaks(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

/// Gives bytes until so many were read since it was last told of a new record:
/// then it fails, since a record without end would fill the memory.
#[derive(Debug)]
pub(super) struct Bounded<R> {
    pub(super) inner: R,
    pub(super) left: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use std::sync::atomic::Ordering::Relaxed;
        let left = self.left.load(Relaxed);
        if left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let length = buffer.len().min(left);
        let read = self.inner.read(&mut buffer[..length])?;
        self.left.store(left - read, Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
