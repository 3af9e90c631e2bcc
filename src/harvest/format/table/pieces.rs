//! Large tables of text, read as many small ones: each has the rows up to its
//! header, and then some rows of the whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::delimited::{self, Dialect};
use super::own;
use crate::harvest::document::Document;
use crate::harvest::dump::{Dump, HEAD, Reader};
use crate::harvest::encoding::decode;
use crate::harvest::extraction::Problem;
use crate::harvest::format::pieces::{
    Bounded, PIECE, Piece, Pieces, breaks, document, end, unreadable,
};
use crate::harvest::mapping::Mapping;

/// Bytes of one row that are read: a quotation mark that is never closed makes
/// one row of all that follows.
const LONGEST_ROW: usize = 2 << 20;

/// Rows in which a header is looked for.
const MOST_HEADER_ROWS: usize = 1_000;

/// A large table of text.
struct Table {
    /// What it is, without what is in it.
    whole: Document,
    /// Its encoding, where that is not UTF-8.
    charset: Option<String>,
    dump: Dump,
    dialect: Dialect,
    reader: csv::Reader<Bounded<Reader>>,
    left: Arc<AtomicUsize>,
    row: csv::ByteRecord,
    /// Where each of the first rows ends, in the whole.
    heads: Vec<u64>,
    /// Where the rows begin, behind a byte order mark and what Excel says.
    begin: u64,
    /// Where the next piece begins.
    start: u64,
    /// Rows and lines before that.
    rows: usize,
    lines: usize,
    is_done: bool,
}

/// The pieces of a table; `None` when it is none that can be parted.
pub(in crate::harvest::format) fn pieces(whole: &Document, dump: &Dump) -> Option<Box<dyn Pieces>> {
    let head = &whole.bytes[..];
    if head.starts_with(b"PK") || head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return None;
    }
    let mut decoded = decode(whole);
    // A line break is one byte in all others.
    if decoded.encoding.starts_with("UTF-16") || own::is_own(whole) {
        return None;
    }
    if dump.length() > HEAD as u64 {
        // A character may be cut in two at its end.
        let end = decoded.text.rfind('\n').unwrap_or(decoded.text.len());
        decoded.text.to_mut().truncate(end);
    }
    let (text, told) = delimited::said_separator(&decoded.text);
    let dialect = delimited::sniffed(text, told);
    let mark = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let said = match told {
        Some(_) => head[mark..].iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1),
        None => 0,
    };
    let begin = (mark + said) as u64;
    let left = Arc::new(AtomicUsize::new(LONGEST_ROW));
    let inner = dump.read_from(begin);
    let reader = delimited::reader(Bounded { inner, left: Arc::clone(&left) }, dialect);
    // Other pieces may have too little in them to tell.
    let charset = (decoded.encoding != "UTF-8").then(|| decoded.encoding.to_owned());
    Some(Box::new(Table {
        whole: document(whole, Vec::new()),
        charset,
        dump: dump.clone(),
        dialect,
        reader,
        left,
        row: csv::ByteRecord::new(),
        heads: Vec::new(),
        begin,
        start: begin,
        rows: 0,
        lines: usize::from(said > 0),
        is_done: false,
    }))
}

impl Pieces for Table {
    fn next(&mut self, mapping: Option<&Mapping>) -> Option<Piece> {
        if self.is_done {
            return None;
        }
        let (first, rows, lines) = (self.start, self.rows, self.lines);
        let mut problems = Vec::new();
        let mut at = self.start;
        while at - first < PIECE as u64 {
            self.left.store(LONGEST_ROW, Ordering::Relaxed);
            match self.reader.read_byte_record(&mut self.row) {
                Ok(true) => self.rows += 1,
                Ok(false) => {
                    self.is_done = true;
                    at = self.dump.length();
                    break;
                }
                Err(error) => {
                    self.is_done = true;
                    problems.push(too_long(&error, self.rows + 1));
                    break;
                }
            }
            at = self.begin + self.reader.position().byte();
            if self.heads.len() < MOST_HEADER_ROWS {
                self.heads.push(at);
            }
        }
        match self.piece(mapping, (first, rows, lines), at) {
            Ok(mut piece) => {
                piece.problems = problems;
                Some(piece)
            }
            Err(error) => {
                self.is_done = true;
                Some(end(&self.whole, unreadable(&error)))
            }
        }
    }
}

impl Table {
    /// The rows from `first` to before `at`, as a table of their own.
    fn piece(
        &mut self,
        mapping: Option<&Mapping>,
        (first, rows, lines): (u64, usize, usize),
        at: u64,
    ) -> std::io::Result<Piece> {
        let rest = self.dump.bytes(first, at)?;
        let of_rest = breaks(&rest);
        self.start = at;
        self.lines += of_rest;
        let mut piece = Piece {
            document: document(&self.whole, Vec::new()),
            rows: 0,
            lines: 0,
            is_last: self.is_done,
            problems: Vec::new(),
        };
        if rows == 0 {
            piece.document.bytes = self.dump.bytes(0, at)?;
            return Ok(piece);
        }
        // So that no piece is taken for one of another dialect.
        let Dialect { separator, quote } = self.dialect;
        let mut bytes = [b"sep=", &[separator, quote][..], b"\n"].concat();
        let header = mapping.map_or(1, |mapping| mapping.header_row);
        let end = header.checked_sub(1).and_then(|last| self.heads.get(last));
        if let Some(end) = end {
            bytes.extend(self.dump.bytes(self.begin, *end)?);
            if !bytes.ends_with(b"\n") {
                bytes.push(b'\n');
            }
            piece.rows = rows - header;
        } else {
            piece.rows = rows;
        }
        piece.lines = lines.saturating_sub(breaks(&bytes));
        bytes.extend(rest);
        piece.document.bytes = bytes;
        if self.charset.is_some() {
            piece.document.charset.clone_from(&self.charset);
        }
        Ok(piece)
    }
}

/// That a row can't be read, and so nothing after it.
fn too_long(error: &csv::Error, row: usize) -> Problem {
    if !matches!(error.kind(), csv::ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge)
    {
        return Problem::broken("bad-row", format!("row {row}"), error.to_string());
    }
    let what = format!("the row has more than {LONGEST_ROW} bytes; the rest was not read");
    Problem::broken("open-quotation", format!("row {row}"), what)
        .advice("A quotation mark is not closed: put two of them within quoted texts.")
}
