//! Texts that were encoded twice, such as `CafÃ©` for `Café`.

use crate::harvest::encoding::undo_double_encoding;

/// What becomes of texts that were certainly encoded twice (contract F50).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DoubleEncoding {
    /// They stay as they are, and are told.
    #[default]
    Keep,
    /// They are put right.
    Repair,
}

/// What looking at a text came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mojibake {
    /// There is none.
    None,
    /// The text as it certainly was.
    Repaired(String),
    /// Some of it looks so, and may be meant.
    Suspected,
}

/// How often a text is decoded: three times over has been seen, more has not.
const MOST: usize = 3;

/// Repairs `text` when that is certain: every run of characters beyond ASCII
/// that can be decoded gives what people write, and something did so that
/// nobody writes.
pub(super) fn repair(text: &str) -> Mojibake {
    let mut repaired: Option<String> = None;
    for _ in 0..MOST {
        let current = repaired.as_deref().unwrap_or(text);
        match once(current) {
            Mojibake::None => break,
            Mojibake::Suspected if repaired.is_some() => break,
            Mojibake::Suspected => return Mojibake::Suspected,
            Mojibake::Repaired(text) => repaired = Some(text),
        }
    }
    repaired.map_or(Mojibake::None, Mojibake::Repaired)
}

fn once(text: &str) -> Mojibake {
    if text.is_ascii() {
        return Mojibake::None;
    }
    let runs = text.split(|character: char| character.is_ascii()).filter(|run| !run.is_empty());
    let mut found = false;
    for run in runs {
        match undo_double_encoding(run) {
            None => {}
            Some(decoded) if decoded.chars().all(is_usual) && !is_usual_run(run) => found = true,
            Some(_) => return Mojibake::Suspected,
        }
    }
    if !found {
        return Mojibake::None;
    }
    undo_double_encoding(text).map_or(Mojibake::None, Mojibake::Repaired)
}

/// Whether a character is one that texts of these islands have: letters with
/// accents, signs, dashes and quotes, emoji.
fn is_usual(character: char) -> bool {
    matches!(character,
        '\u{A0}'..='\u{FF}'
        | 'Œ' | 'œ' | 'Š' | 'š' | 'Ÿ' | 'Ž' | 'ž' | 'Ŵ' | 'ŵ' | 'Ŷ' | 'ŷ' | 'ł' | 'Ł'
        | '\u{2010}'..='\u{203A}' | '€' | '™' | '\u{1F000}'..='\u{1FAFF}' | '\u{FE0F}')
}

/// Whether the run itself is one that people write: `É™` ends a name in
/// capitals with its mark.
fn is_usual_run(run: &str) -> bool {
    let mut characters = run.chars();
    let first = characters.next();
    let last = characters.next();
    let marks =
        |c: char| matches!(c, '™' | '®' | '©' | '…' | '”' | '“' | '’' | '‘' | '–' | '—' | '»');
    characters.next().is_none()
        && !first.is_some_and(|c| matches!(c, 'Ã' | 'Â' | 'â' | 'ð'))
        && last.is_some_and(marks)
}
