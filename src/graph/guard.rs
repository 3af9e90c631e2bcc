//! A look at the text of a query before any parser sees it.
//!
//! The parser below calls itself once for each bracket and each operator that
//! a query nests, and a stack that overflows can't be caught. So one pass
//! over the text, which calls nothing, counts brackets and operators first.
//! It reads strings, names, comments and IRIs only so far that it doesn't
//! count what stands in them. Where it is in doubt it counts too much.

use crate::graph::Limits;
use crate::graph::algebra::{Complexity, Measure};

/// Checks length, depth of brackets and number of operators.
///
/// # Errors
///
/// [`Complexity`] with the first limit that is passed.
pub(super) fn check(query: &str, limits: &Limits) -> Result<(), Complexity> {
    if query.len() > limits.max_query_bytes {
        return Err(Complexity { measure: Measure::Bytes, limit: limits.max_query_bytes });
    }
    let mut scan = Scan {
        text: query.as_bytes(),
        at: 0,
        open: Vec::new(),
        operators: 0,
        unary_run: 0,
        values_ahead: Values::Elsewhere,
    };
    while scan.at < scan.text.len() {
        scan.step();
        let depth = scan.open.len() + scan.unary_run;
        if depth > limits.max_depth {
            return Err(Complexity { measure: Measure::Depth, limit: limits.max_depth });
        }
        if scan.operators > limits.max_operators {
            return Err(Complexity { measure: Measure::Operators, limit: limits.max_operators });
        }
    }
    Ok(())
}

/// Where the scan is in regard to `VALUES`, whose rows are data: their
/// brackets and signs nest nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    Elsewhere,
    /// After the word, before its brace.
    Announced,
    /// Inside the brace, which is at this depth.
    Rows(usize),
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    /// Closing brackets that are due.
    open: Vec<u8>,
    operators: usize,
    /// Prefix operators right before this place, such as `!!!`.
    unary_run: usize,
    values_ahead: Values,
}

impl Scan<'_> {
    /// Reads one token, or one byte of what it needs not know.
    fn step(&mut self) {
        let byte = self.text[self.at];
        match byte {
            b'#' => self.skip_to(|byte| byte == b'\n' || byte == b'\r'),
            b'"' | b'\'' => self.string(byte),
            b'<' => self.less_or_iri(),
            b'(' => self.bracket(b')'),
            b'[' => self.bracket(b']'),
            b'{' => self.bracket(b'}'),
            b')' | b']' | b'}' => self.close(byte),
            b'>' if self.text[self.at..].starts_with(b">>") && self.open.last() == Some(&b'>') => {
                self.open.pop();
                self.at += 2;
            }
            b'?' | b'$' | b'@' => self.prefixed_word(),
            b'!' | b'+' | b'-' | b'^' => self.sign(),
            b'*' | b'/' | b'|' | b'&' | b'=' | b'>' => self.operator(),
            _ if is_word(byte) => self.word(),
            _ => {
                if !byte.is_ascii_whitespace() {
                    self.unary_run = 0;
                }
                self.at += 1;
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_to(&mut self, ends: impl Fn(u8) -> bool) {
        let length = self.rest().iter().position(|&byte| ends(byte));
        self.at = length.map_or(self.text.len(), |length| self.at + length);
    }

    fn in_rows(&self) -> bool {
        matches!(self.values_ahead, Values::Rows(_))
    }

    fn operator(&mut self) {
        self.operators += 1;
        self.unary_run = 0;
        self.at += 1;
    }

    fn sign(&mut self) {
        self.at += 1;
        if self.in_rows() {
            return;
        }
        self.operators += 1;
        self.unary_run += 1;
    }

    fn bracket(&mut self, closing: u8) {
        if !self.in_rows() {
            self.operators += 1;
        }
        self.open.push(closing);
        if closing == b'}' && self.values_ahead == Values::Announced {
            self.values_ahead = Values::Rows(self.open.len());
        }
        self.unary_run = 0;
        self.at += if closing == b'>' { 2 } else { 1 };
    }

    /// A bracket that closes nothing is left to the parser, which stops there.
    fn close(&mut self, byte: u8) {
        if self.open.last() == Some(&byte) {
            if self.values_ahead == Values::Rows(self.open.len()) {
                self.values_ahead = Values::Elsewhere;
            }
            self.open.pop();
        }
        self.unary_run = 0;
        self.at += 1;
    }

    /// `<` opens an IRI if it ends before a character that an IRI can't have;
    /// otherwise it is `<<`, or less than.
    fn less_or_iri(&mut self) {
        let end = self.text[self.at + 1..]
            .iter()
            .position(|&byte| byte <= b' ' || b"<>\"{}|^`\\".contains(&byte));
        match end.map(|end| self.at + 1 + end) {
            Some(end) if self.text[end] == b'>' => {
                self.unary_run = 0;
                self.at = end + 1;
            }
            // An IRI with an escape: the parser reads it as one too.
            Some(end) if self.text[end] == b'\\' => {
                self.at = end;
                self.skip_to(|byte| byte <= b' ' || b"<>\"{}".contains(&byte));
            }
            _ if self.rest().starts_with(b"<<") => self.bracket(b'>'),
            _ => self.operator(),
        }
    }

    fn string(&mut self, quote: u8) {
        let long = [quote; 3];
        let is_long = self.rest().starts_with(&long);
        self.at += if is_long { 3 } else { 1 };
        self.unary_run = 0;
        while let Some(&byte) = self.rest().first() {
            if byte == b'\\' {
                self.at += 2;
            } else if is_long && self.rest().starts_with(&long) {
                self.at += 3;
                return;
            } else if !is_long && byte == quote {
                self.at += 1;
                return;
            } else if !is_long && (byte == b'\n' || byte == b'\r') {
                // Not a string after all; the parser says so.
                return;
            } else {
                self.at += 1;
            }
        }
        self.at = self.at.min(self.text.len());
    }

    /// A variable or a language tag: never a keyword. A `?` alone is the
    /// operator of a path.
    fn prefixed_word(&mut self) {
        let sigil = self.text[self.at];
        self.at += 1;
        let start = self.at;
        self.skip_to(|byte| !(is_word(byte) || (sigil == b'@' && byte == b'-')));
        if self.at == start {
            self.operators += 1;
        }
        self.unary_run = 0;
    }

    /// A keyword, a number, or a name with a prefix, whose local part may
    /// have signs in it.
    fn word(&mut self) {
        let start = self.at;
        self.skip_to(|byte| !is_word(byte));
        let word = &self.text[start..self.at];
        let is_name = self.rest().first() == Some(&b':');
        if !is_name && word.eq_ignore_ascii_case(b"VALUES") && !self.in_rows() {
            self.values_ahead = Values::Announced;
        }
        if is_name {
            self.local_name();
        }
        self.unary_run = 0;
    }

    fn local_name(&mut self) {
        while let Some(&byte) = self.rest().first() {
            match byte {
                b'\\' => self.at += 2,
                b'-' | b'.' | b':' | b'%' => self.at += 1,
                _ if is_word(byte) => self.at += 1,
                _ => break,
            }
        }
        self.at = self.at.min(self.text.len());
    }
}

/// Letters, digits, the low line, and all that is not ASCII.
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
