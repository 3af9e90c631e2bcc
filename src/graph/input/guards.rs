//! A look at a document before its parser.
//!
//! The parsers below call themselves for each level of JSON, and expand the
//! entities of XML without end. One pass over the bytes, which calls nothing,
//! finds both.

use crate::graph::GraphFormat;
use crate::graph::input::{InputError, Options, Position};

/// Checks that a document is UTF-8 text, that its XML declares no document
/// type or entities and is whole, and that nothing is nested too deep.
///
/// # Errors
///
/// [`InputError::Encoding`], [`InputError::Doctype`], [`InputError::Depth`] or,
/// of XML that breaks off, [`InputError::Syntax`].
pub fn guard(bytes: &[u8], format: GraphFormat, options: &Options) -> Result<(), InputError> {
    check_encoding(bytes)?;
    match format {
        GraphFormat::JsonLd => depth_of_json(bytes, options.max_json_depth),
        GraphFormat::RdfXml => check_xml(bytes, options.max_xml_depth),
        GraphFormat::Turtle | GraphFormat::NTriples | GraphFormat::NQuads | GraphFormat::TriG => {
            Ok(())
        }
    }
}

/// Another encoding, such as UTF-16, could hide what the guards look for.
fn check_encoding(bytes: &[u8]) -> Result<(), InputError> {
    let fault = match std::str::from_utf8(bytes) {
        Err(error) => Some(error.valid_up_to()),
        Ok(_) => bytes.iter().position(|&byte| byte == 0),
    };
    fault.map_or(Ok(()), |at| Err(InputError::Encoding(position(bytes, at))))
}

/// Checks how deep objects and lists of JSON are within each other. Text that
/// isn't JSON is left to the parser.
///
/// # Errors
///
/// [`InputError::Depth`] where there are more than `limit` levels.
pub fn depth_of_json(bytes: &[u8], limit: usize) -> Result<(), InputError> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_json_string(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return Err(InputError::Depth { limit, at: position(bytes, at) });
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// The place of the closing quotation mark, or the end of the text.
fn end_of_json_string(bytes: &[u8], opening: usize) -> usize {
    let mut at = opening + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

fn check_xml(bytes: &[u8], limit: usize) -> Result<(), InputError> {
    for declaration in [b"<!DOCTYPE".as_slice(), b"<!ENTITY"] {
        let found = bytes
            .windows(declaration.len())
            .position(|part| part.eq_ignore_ascii_case(declaration));
        if let Some(at) = found {
            return Err(InputError::Doctype(position(bytes, at)));
        }
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'<' {
            at += 1;
            continue;
        }
        let rest = &bytes[at..];
        let end = if rest.starts_with(b"<!--") {
            after(rest, b"-->")
        } else if rest.starts_with(b"<![CDATA[") {
            after(rest, b"]]>")
        } else if rest.starts_with(b"<?") {
            after(rest, b"?>")
        } else {
            let end = end_of_tag(rest);
            if rest.starts_with(b"</") {
                depth = depth.saturating_sub(1);
            } else if !rest[..end].ends_with(b"/>") {
                depth += 1;
            }
            end
        };
        if depth > limit {
            return Err(InputError::Depth { limit, at: position(bytes, at) });
        }
        at += end.max(1);
    }
    if depth > 0 {
        // The parser takes the end of the text for the end of all elements.
        let message = "the text ends before its elements do".to_owned();
        let at = Some(position(bytes, bytes.len()));
        return Err(InputError::Syntax { message, at });
    }
    Ok(())
}

/// The length of a tag, with its brackets; `>` may stand in an attribute.
fn end_of_tag(rest: &[u8]) -> usize {
    let mut quote = None;
    for (at, &byte) in rest.iter().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            None if byte == b'"' || byte == b'\'' => quote = Some(byte),
            None if byte == b'>' => return at + 1,
            Some(_) | None => {}
        }
    }
    rest.len()
}

/// The length up to the end of `ending`, or of everything.
fn after(rest: &[u8], ending: &[u8]) -> usize {
    rest.windows(ending.len())
        .position(|part| part == ending)
        .map_or(rest.len(), |at| at + ending.len())
}

fn position(bytes: &[u8], at: usize) -> Position {
    let before = &bytes[..at.min(bytes.len())];
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    let lines = before.split(|&byte| byte == b'\n').count();
    let column = String::from_utf8_lossy(&before[start..]).chars().count();
    Position { line: lines as u64, column: column as u64 + 1 }
}
