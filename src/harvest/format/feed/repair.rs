//! Faults that would cost the crate an item or a part of its text, made right
//! before it reads the feed: lone ampersands, as in `?id=1&page=2`, and markup
//! of HTML that stands raw in texts of RSS.

use std::borrow::Cow;

/// The longest name of an entity, and more than any number of a character.
const LONGEST_REFERENCE: usize = 32;

/// What is not looked into: ampersands there stand for themselves.
const VERBATIM: [(&str, &str); 3] = [("<![CDATA[", "]]>"), ("<!--", "-->"), ("<!DOCTYPE", ">")];

/// The elements of RSS whose content is text.
const TEXTS: [&str; 3] = ["title", "description", "content:encoded"];

/// `text` of an RSS feed with raw markup in texts put into CDATA, and in how
/// many it stood. Without that, what follows the first element is lost.
pub(super) fn raw_markup(text: &str) -> (Cow<'_, str>, usize) {
    let mut repaired = String::new();
    let mut taken = 0;
    let mut count = 0;
    let mut place = 0;
    let mut is_closed = [true; TEXTS.len()];
    while let Some(next) = text[place..].find('<').map(|ahead| place + ahead) {
        place = next + 1;
        let rest = &text[next..];
        if let Some((_, end)) = VERBATIM.iter().find(|(start, _)| rest.starts_with(start)) {
            place = rest.find(end).map_or(text.len(), |ahead| next + ahead + end.len());
            continue;
        }
        let Some(which) = TEXTS.iter().position(|name| opens(rest, name)) else { continue };
        if !is_closed[which] {
            continue;
        }
        let name = TEXTS[which];
        let end = format!("</{name}>");
        let Some(close) = rest.find(&end).map(|ahead| next + ahead) else {
            // Nor will one after it be closed.
            is_closed[which] = false;
            continue;
        };
        place = close + end.len();
        // One that is not closed may stand before the one that is.
        let mut opened = text[next..close].rmatch_indices('<').map(|(ahead, _)| next + ahead);
        let open = opened.find(|open| opens(&text[*open..], name)).unwrap_or(next);
        let Some(start) = text[open..close].find('>').map(|ahead| open + ahead + 1) else {
            continue;
        };
        let inner = &text[start..close];
        let is_raw = inner.contains('<') && !inner.contains("<![CDATA[") && !inner.contains("]]>");
        if is_raw && !inner.contains("<item") && !text[open..start].ends_with("/>") {
            repaired.push_str(&text[taken..start]);
            repaired.extend(["<![CDATA[", inner, "]]>"]);
            taken = close;
            count += 1;
        }
    }
    if count == 0 {
        return (Cow::Borrowed(text), 0);
    }
    repaired.push_str(&text[taken..]);
    (Cow::Owned(repaired), count)
}

/// Whether an element of this name begins at the start of `rest`.
fn opens(rest: &str, name: &str) -> bool {
    let after = rest.strip_prefix('<').and_then(|rest| rest.strip_prefix(name));
    after.is_some_and(|after| after.starts_with(|c: char| c == '>' || c.is_whitespace()))
}

/// `text` with each ampersand that begins no reference escaped, and how many
/// there were.
pub(super) fn ampersands(text: &str) -> (Cow<'_, str>, usize) {
    let mut repaired = String::new();
    let mut taken = 0;
    let mut count = 0;
    let mut place = 0;
    while let Some(next) = text[place..].find(['&', '<']).map(|ahead| place + ahead) {
        let rest = &text[next..];
        if let Some((_, end)) = VERBATIM.iter().find(|(start, _)| rest.starts_with(start)) {
            place = rest.find(end).map_or(text.len(), |ahead| next + ahead + end.len());
            continue;
        }
        if rest.starts_with('&') && !is_reference(&rest[1..]) {
            repaired.push_str(&text[taken..=next]);
            repaired.push_str("amp;");
            taken = next + 1;
            count += 1;
        }
        place = next + 1;
    }
    if count == 0 {
        return (Cow::Borrowed(text), 0);
    }
    repaired.push_str(&text[taken..]);
    (Cow::Owned(repaired), count)
}

/// Whether a reference stands at the start of `rest`, its ampersand apart.
fn is_reference(rest: &str) -> bool {
    let Some(end) = rest.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';') else {
        return false;
    };
    let name = &rest.as_bytes()[..end];
    match name {
        [b'#', b'x' | b'X', digits @ ..] => {
            !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit)
        }
        [b'#', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        [first, others @ ..] => {
            first.is_ascii_alphabetic() && others.iter().all(u8::is_ascii_alphanumeric)
        }
        [] => false,
    }
}

#[cfg(test)]
#[path = "repair_tests.rs"]
mod tests;
