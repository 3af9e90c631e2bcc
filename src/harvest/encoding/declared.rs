//! The encoding that a document says it is in.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252, X_USER_DEFINED};

use crate::harvest::document::Document;
use crate::harvest::extraction::Problem;

/// How far a declaration inside the document is looked for, by the HTML
/// standard.
const PRESCANNED_BYTES: usize = 1024;
/// The most of an unknown label that a warning repeats.
const LABEL_CHARACTERS: usize = 40;

/// What the header of the answer says, or else the document itself; labels
/// that nobody knows give a warning and are passed over.
pub(super) fn encoding(
    document: &Document,
    warnings: &mut Vec<Problem>,
) -> Option<&'static Encoding> {
    let of_header = document.charset.clone();
    let of_header = of_header
        .and_then(|label| Some((known(&label, "the Content-Type header", warnings)?, label)));
    let (encoding, label) = if let Some(found) = of_header {
        found
    } else {
        let label = of_document(&document.bytes)?;
        let encoding = known(&label, "the document", warnings)?;
        // Who reads the declaration byte by byte knows that it isn't UTF-16.
        if encoding.is_ascii_compatible() { (encoding, label) } else { (UTF_8, label) }
    };
    if encoding == WINDOWS_1252 && !label.contains("1252") && has_controls(&document.bytes) {
        warnings.push(
            Problem::warning(
                "mislabelled-encoding",
                "",
                "declared as ISO-8859-1, but with characters that only windows-1252 has",
            )
            .advice("Send the text as UTF-8 with “charset=utf-8” in its Content-Type."),
        );
    }
    if encoding == X_USER_DEFINED { Some(WINDOWS_1252) } else { Some(encoding) }
}

/// What markup says of itself within its first bytes.
fn of_document(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(PRESCANNED_BYTES)];
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let is_markup = head[start] == b'<';
    if is_markup { of_xml(&head[start..]).or_else(|| of_meta(head)) } else { None }
}

fn known(label: &str, of: &str, warnings: &mut Vec<Problem>) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']);
    let encoding = Encoding::for_label_no_replacement(label.as_bytes());
    if encoding.is_none() {
        let label: String = label.chars().take(LABEL_CHARACTERS).collect();
        warnings.push(Problem::warning(
            "unknown-encoding",
            "",
            format!("{of} names the encoding “{label}”, which nobody knows"),
        ));
    }
    encoding
}

/// Whether bytes occur that are control characters in ISO-8859-1; in text
/// they are always the quotes and dashes of windows-1252.
fn has_controls(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err() && bytes.iter().any(|byte| (0x80..0xA0).contains(byte))
}

/// `<?xml version="1.0" encoding="…"?>`, which must come first.
fn of_xml(head: &[u8]) -> Option<String> {
    let rest = head.strip_prefix(b"<?xml")?;
    let end = rest.windows(2).position(|pair| pair == b"?>").unwrap_or(rest.len());
    let declaration = String::from_utf8_lossy(&rest[..end]);
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (label, _) = rest[1..].split_once(quote)?;
    Some(label.to_owned())
}

/// `<meta charset=…>` or `<meta http-equiv=… content="…; charset=…">`, outside
/// comments.
fn of_meta(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let mut rest = text.as_str();
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = &comment[comment.find("-->")?..];
            continue;
        }
        let end = rest.find('>').unwrap_or(rest.len());
        let (tag, after) = rest.split_at(end);
        let is_meta = tag
            .strip_prefix("<meta")
            .is_some_and(|tag| tag.starts_with(|c: char| c.is_ascii_whitespace() || c == '/'));
        if let Some(label) = if is_meta { of_tag(tag) } else { None } {
            return Some(label);
        }
        rest = after;
    }
    None
}

fn of_tag(tag: &str) -> Option<String> {
    let mut rest = tag;
    while let Some((_, after)) = rest.split_once("charset") {
        rest = after;
        let Some(value) = after.trim_start().strip_prefix('=') else { continue };
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        let end = value
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | ';' | '/' | '>'))
            .unwrap_or(value.len());
        if end > 0 {
            return Some(value[..end].to_owned());
        }
    }
    None
}
