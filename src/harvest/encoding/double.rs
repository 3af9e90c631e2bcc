//! UTF-8 that was read as windows-1252 and encoded once more.

use encoding_rs::WINDOWS_1252;

/// How many characters beyond ASCII are looked at as one run: keeps its room
/// small, and is a multiple of two, three and four, the bytes of a character.
const RUN_CHARACTERS: usize = 4092;

/// `text` with what was encoded twice decoded once, or `None` when nothing in
/// it was.
///
/// Only runs of characters beyond ASCII are changed that are, byte by byte in
/// windows-1252, well-formed UTF-8 of more than one byte each: `CafÃ©` becomes
/// `Café`; `Café` and `Ã` stay.
#[must_use]
pub fn undo_double_encoding(text: &str) -> Option<String> {
    let mut repaired = String::with_capacity(text.len());
    let mut changed = false;
    for piece in (Runs { rest: text }) {
        match decoded(piece) {
            Some(character) => {
                repaired.push_str(&character);
                changed = true;
            }
            None => repaired.push_str(piece),
        }
    }
    changed.then_some(repaired)
}

/// How many runs of `text` were encoded twice.
pub(super) fn count(text: &str) -> usize {
    if text.is_ascii() {
        return 0;
    }
    Runs { rest: text }.filter(|piece| decoded(piece).is_some()).count()
}

/// What a run was before it was encoded a second time.
fn decoded(run: &str) -> Option<String> {
    // The shortest is two characters of two bytes each, and begins with one
    // that stands for a leading byte.
    let first = run.chars().next()?;
    if !('\u{C2}'..='\u{F4}').contains(&first) || run.len() < 4 {
        return None;
    }
    let mut bytes = Vec::with_capacity(run.len());
    for character in run.chars() {
        bytes.push(byte(character)?);
    }
    String::from_utf8(bytes).ok()
}

/// The byte that windows-1252 reads as `character`; a control character stands
/// for itself.
fn byte(character: char) -> Option<u8> {
    if ('\u{80}'..='\u{9F}').contains(&character) || ('\u{A0}'..='\u{FF}').contains(&character) {
        return u8::try_from(u32::from(character)).ok();
    }
    let mut text = [0; 4];
    let (bytes, _, is_lossy) = WINDOWS_1252.encode(character.encode_utf8(&mut text));
    match (bytes.as_ref(), is_lossy) {
        ([byte], false) => Some(*byte),
        _ => None,
    }
}

/// Pieces of a text that are wholly ASCII or wholly beyond it, in turn.
struct Runs<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Runs<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let first = self.rest.chars().next()?;
        let is_ascii = first.is_ascii();
        let end = if is_ascii {
            self.rest.find(|c: char| !c.is_ascii())
        } else {
            let mut ends = self.rest.char_indices().enumerate();
            ends.find(|(count, (_, c))| *count == RUN_CHARACTERS || c.is_ascii())
                .map(|(_, (at, _))| at)
        };
        let (piece, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        Some(piece)
    }
}
