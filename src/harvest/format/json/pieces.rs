//! Many lines of JSON, read some thousand at a time.

use std::io::{self, BufRead, Read as _};

use super::read::{LINES, RECORD, are_objects};
use crate::harvest::document::Document;
use crate::harvest::dump::{Dump, Reader};
use crate::harvest::encoding::decode;
use crate::harvest::extraction::Problem;
use crate::harvest::format::pieces::{PIECE, Piece, Pieces, breaks, document, unreadable};
use crate::harvest::mapping::Mapping;

/// Bytes of one line that are read: a record has a hundredth of it.
const LONGEST_LINE: usize = 2 << 20;

/// Lines, or the values of a sequence.
struct Parted {
    /// What they are, without what is in them.
    whole: Document,
    reader: io::BufReader<Reader>,
    /// What ends a line, or begins a value.
    between: u8,
    /// Line breaks before the next piece.
    lines: usize,
    is_done: bool,
}

/// The pieces of a document of lines; `None` when it is none.
pub(in crate::harvest::format) fn pieces(whole: &Document, dump: &Dump) -> Option<Box<dyn Pieces>> {
    let decoded = decode(whole);
    let text = decoded.text.trim_start();
    let is_sequence = text.starts_with(RECORD);
    let are_lines =
        is_sequence || text.starts_with('{') && (whole.is_declared(&LINES) || are_objects(text));
    if !are_lines || decoded.encoding.starts_with("UTF-16") {
        return None;
    }
    // One line says as well as many that all are lines.
    let mut whole = document(whole, Vec::new());
    if !is_sequence {
        whole.media_type = Some(LINES[0].to_owned());
    }
    Some(Box::new(Parted {
        whole,
        reader: io::BufReader::with_capacity(PIECE / 16, dump.read_from(0)),
        between: if is_sequence { RECORD as u8 } else { b'\n' },
        lines: 0,
        is_done: false,
    }))
}

impl Pieces for Parted {
    fn next(&mut self, _: Option<&Mapping>) -> Option<Piece> {
        if self.is_done {
            return None;
        }
        let before = self.lines;
        let (mut bytes, mut problems) = (Vec::new(), Vec::new());
        while bytes.len() < PIECE {
            match self.line(&mut bytes) {
                Ok(Line::Read) => {}
                Ok(Line::End) => {
                    self.is_done = true;
                    break;
                }
                Ok(Line::TooLong(line)) => problems.push(too_long(line - before)),
                Err(error) => {
                    self.is_done = true;
                    problems.push(unreadable(&error));
                    break;
                }
            }
        }
        self.is_done |= self.reader.fill_buf().is_ok_and(<[u8]>::is_empty);
        Some(Piece {
            document: document(&self.whole, bytes),
            rows: 0,
            lines: before,
            is_last: self.is_done,
            problems,
        })
    }
}

/// What came of reading a line.
enum Line {
    Read,
    /// The one of this number is too long, and was passed over.
    TooLong(usize),
    End,
}

impl Parted {
    /// Adds the next line to `bytes`.
    fn line(&mut self, bytes: &mut Vec<u8>) -> io::Result<Line> {
        let start = bytes.len();
        let mut part = self.reader.by_ref().take(LONGEST_LINE as u64);
        if part.read_until(self.between, bytes)? == 0 {
            return Ok(Line::End);
        }
        let is_whole = bytes.last() == Some(&self.between) || self.reader.fill_buf()?.is_empty();
        self.lines += breaks(&bytes[start..]);
        if is_whole {
            return Ok(Line::Read);
        }
        let number = self.lines + 1;
        bytes.truncate(start);
        loop {
            let buffer = self.reader.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == self.between);
            let length = end.map_or(buffer.len(), |end| end + 1);
            self.lines += breaks(&buffer[..length]);
            self.reader.consume(length);
            if end.is_some() || length == 0 {
                // So that the lines after it keep their numbers.
                bytes.push(self.between);
                return Ok(Line::TooLong(number));
            }
        }
    }
}

/// That a line is not read, by its number in the piece.
fn too_long(line: usize) -> Problem {
    let what = format!("the line has more than {LONGEST_LINE} bytes, and was left out");
    Problem::error("bad-item", format!("line {line}"), what)
        .advice("Write one JSON object on each line.")
}
