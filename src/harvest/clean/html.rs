//! HTML as a flat run of tags and texts.
//!
//! Texts of records need no tree, and a tree can be made to grow far beyond
//! its source; this reads once from front to back. What it gives is shown as
//! text and never as HTML, so a tag that a browser would see otherwise does no
//! harm.

use std::borrow::Cow;

/// A piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text, with its entities as they were written.
    Text(&'a str),
    /// `<name …>`, in lower case, with what stands after the name.
    Open(String, &'a str),
    /// `</name>`, in lower case.
    Close(String),
}

/// Elements whose content is no text for people.
const SILENT: [&str; 18] = [
    "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "title",
    "textarea", "select", "button", "canvas", "audio", "video", "noembed", "noframes",
];

/// How far the end of a tag is looked for with regard to quotation marks, in
/// bytes: twice the longest address.
const LONGEST_TAG: usize = 4_000;

/// The pieces of `html`; comments, scripts and the like are left out.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    Pieces { rest: html, unclosed: Vec::new() }
}

struct Pieces<'a> {
    rest: &'a str,
    /// Silent elements of which no end was found up to the end of the text.
    unclosed: Vec<&'static str>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if let Some(length) = markup_length(self.rest) {
                let (markup, rest) = self.rest.split_at(length);
                self.rest = rest;
                let Some(piece) = tag(markup) else { continue };
                if let Piece::Open(name, _) = &piece
                    && let Some(silent) = SILENT.iter().find(|silent| *silent == name)
                    && !markup.ends_with("/>")
                {
                    self.pass(silent);
                    continue;
                }
                return Some(piece);
            }
            let end = self
                .rest
                .char_indices()
                .skip(1)
                .find(|(at, character)| *character == '<' && begins_markup(&self.rest[*at..]));
            let (text, rest) = self.rest.split_at(end.map_or(self.rest.len(), |(at, _)| at));
            self.rest = rest;
            return Some(Piece::Text(text));
        }
    }
}

impl Pieces<'_> {
    /// Passes over the content of a silent element; of one that never ends,
    /// only scripts and styles take the rest with them.
    fn pass(&mut self, name: &'static str) {
        if self.unclosed.contains(&name) {
            return;
        }
        let bytes = self.rest.as_bytes();
        let found = self.rest.match_indices("</").find(|(at, _)| {
            let after = &bytes[at + 2..];
            after.len() >= name.len() && after[..name.len()].eq_ignore_ascii_case(name.as_bytes())
        });
        match found {
            Some((at, _)) => self.rest = &self.rest[at..],
            None if matches!(name, "script" | "style") => self.rest = "",
            None => self.unclosed.push(name),
        }
    }
}

/// Whether markup begins here, and not a `<` of a text.
fn begins_markup(text: &str) -> bool {
    let after = text.as_bytes().get(1..3).unwrap_or_default();
    match after {
        [b'/', next] => next.is_ascii_alphabetic(),
        [b'!', next] => *next == b'-' || *next == b'[' || next.is_ascii_alphabetic(),
        [b'?', _] => true,
        [first, _] => first.is_ascii_alphabetic(),
        _ => false,
    }
}

/// How long the markup is that begins here; `None` when none does.
fn markup_length(text: &str) -> Option<usize> {
    if !text.starts_with('<') || !begins_markup(text) {
        return None;
    }
    if text.starts_with("<!--") {
        return Some(text.find("-->").map_or(text.len(), |at| at + 3));
    }
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in text.bytes().enumerate().take(LONGEST_TAG).skip(1) {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (Some(_) | None, _) => {}
        }
        if !byte.is_ascii_whitespace() {
            after_equals = byte == b'=';
        }
    }
    // A quotation mark that is never closed hides the end, and pictures can
    // stand in a tag whole: up to the first bracket then.
    Some(text.find('>').map_or(text.len(), |at| at + 1))
}

fn tag(markup: &str) -> Option<Piece<'_>> {
    let inner = markup.strip_prefix('<')?;
    let inner = inner.strip_suffix('>').unwrap_or(inner);
    let (is_close, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let end = inner
        .find(|character: char| character.is_ascii_whitespace() || character == '/')
        .unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    if !name.starts_with(|character: char| character.is_ascii_alphabetic()) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    Some(if is_close { Piece::Close(name) } else { Piece::Open(name, rest) })
}

/// The value of an attribute, from what stands after the name of a tag.
pub(super) fn attribute(rest: &str, wanted: &str) -> Option<String> {
    let mut rest = rest;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        // The first character is of the name, whatever it is, so that the walk
        // goes on.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..]
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/'))
            .map_or(rest.len(), |at| at + first);
        let (name, after) = rest.split_at(end);
        rest = after.trim_start();
        let value = match rest.strip_prefix('=') {
            Some(after) => {
                let (value, after) = value(after.trim_start());
                rest = after;
                value
            }
            None => "",
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(decoded(value).into_owned());
        }
    }
}

fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    let end = text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len());
    text.split_at(end)
}

/// A text with its entities read, once.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    if let Some(plain) = decoded_plainly(text) {
        return Cow::Owned(plain);
    }
    // Without `<` there is nothing but text for the parser to see.
    let escaped = text.replace('<', "&lt;");
    let fragment = scraper::Html::parse_fragment(&escaped);
    Cow::Owned(fragment.root_element().text().collect())
}

/// A text with nothing but the commonest entities in it; `None` when there are
/// others, of which there are two thousand and many rules. Nearly all texts
/// are so, and this is twenty times faster.
fn decoded_plainly(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if rest.is_empty() || rest.starts_with(char::is_whitespace) {
            plain.push('&');
            continue;
        }
        let (name, after) = rest.split_once(';')?;
        plain.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => '\u{a0}',
            "ndash" => '–',
            "mdash" => '—',
            "lsquo" => '‘',
            "rsquo" => '’',
            "ldquo" => '“',
            "rdquo" => '”',
            "hellip" => '…',
            "pound" => '£',
            "eacute" => 'é',
            _ => {
                let code: u32 = name.strip_prefix('#')?.parse().ok()?;
                // Below are controls, which HTML reads in ways of its own.
                char::from_u32(code).filter(|_| (32..127).contains(&code) || code >= 160)?
            }
        });
        rest = after;
    }
    plain.push_str(rest);
    Some(plain)
}

/// Whether a text has tags or comments in it.
pub(super) fn has_markup(text: &str) -> bool {
    let last = text.rfind('>').unwrap_or(0);
    text[..last].match_indices('<').any(|(at, _)| begins_markup(&text[at..]))
}

/// Whether a text is HTML that was escaped once more: a closing tag or a line
/// break is no accident.
pub(super) fn is_escaped(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let closes = |(at, _): (usize, &str)| {
        let rest = &lower[at + 2..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(0);
        end > 0 && rest[end..].starts_with('>')
    };
    lower.match_indices("</").any(closes)
        || ["<br>", "<br/>", "<br />"].iter().any(|tag| lower.contains(tag))
}
