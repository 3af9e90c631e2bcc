//! Mending of JSON that programs without a JSON library write.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::CharIndices;

/// `text` without the usual faults, and their names; `None` when it has none
/// of them.
///
/// Raw control characters in texts are escaped, lone surrogates become U+FFFD,
/// `NaN` and infinities become null, commas before a closing bracket go away.
/// Each character is looked at once.
pub(super) fn mend(text: &str) -> Option<(String, String)> {
    let mut mended = String::with_capacity(text.len());
    let mut faults = BTreeSet::new();
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                mended.push('"');
                copy_text(text, &mut characters, &mut mended, &mut faults);
            }
            ',' if is_before_closing(&text[at + 1..]) => {
                faults.insert("a comma before a closing bracket");
            }
            'N' | 'I' | '-' if not_a_number(&text[at..]).is_some() => {
                let length = not_a_number(&text[at..]).unwrap_or(1);
                for _ in 1..length {
                    characters.next();
                }
                mended.push_str("null");
                faults.insert("NaN or Infinity");
            }
            _ => mended.push(character),
        }
    }
    let faults: Vec<&str> = faults.into_iter().collect();
    (!faults.is_empty()).then(|| (mended, faults.join(", ")))
}

/// Copies a text up to its closing quote.
fn copy_text(
    text: &str,
    characters: &mut Peekable<CharIndices<'_>>,
    mended: &mut String,
    faults: &mut BTreeSet<&'static str>,
) {
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                mended.push('"');
                return;
            }
            '\\' => {
                let rest = &text[at..];
                let length = match surrogate(rest) {
                    None => 2,
                    Some(Half::High) if surrogate(&rest[6..]) == Some(Half::Low) => 12,
                    Some(_) => {
                        faults.insert("half of a surrogate pair");
                        mended.push_str("\\ufffd");
                        skip(characters, 5);
                        continue;
                    }
                };
                mended.push(character);
                for _ in 1..length {
                    if let Some((_, escaped)) = characters.next() {
                        mended.push(escaped);
                    }
                }
            }
            control if u32::from(control) < 0x20 => {
                faults.insert("a raw control character in a text");
                let escaped = format!("\\u{:04x}", u32::from(control));
                mended.push_str(&escaped);
            }
            _ => mended.push(character),
        }
    }
}

fn skip(characters: &mut Peekable<CharIndices<'_>>, count: usize) {
    for _ in 0..count {
        characters.next();
    }
}

/// Which half of a surrogate pair an escape stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    High,
    Low,
}

/// The half that `\uD83D` at the start of `text` stands for.
fn surrogate(text: &str) -> Option<Half> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xD800..=0xDBFF => Some(Half::High),
        0xDC00..=0xDFFF => Some(Half::Low),
        _ => None,
    }
}

fn is_before_closing(rest: &str) -> bool {
    // White space is short in what machines write; a document of nothing else
    // would otherwise be walked once for each comma.
    rest.chars().take(1_000).find(|c| !c.is_whitespace()).is_some_and(|c| matches!(c, ']' | '}'))
}

/// How many bytes `NaN` or an infinity at the start of `text` has.
fn not_a_number(text: &str) -> Option<usize> {
    let word =
        ["NaN", "-Infinity", "Infinity", "-NaN"].into_iter().find(|word| text.starts_with(word))?;
    Some(word.len())
}
