//! Texts for people: HTML and entities become plain paragraphs or one line.

use ::url::Url;
use unicode_normalization::UnicodeNormalization;

use super::html::{self, Piece};
use super::mojibake::{self, DoubleEncoding, Mojibake};
use super::{Cleaned, Note, shown};

/// How much of a text is looked at, in bytes: five times the longest text that
/// a record takes, to have room for its markup.
const LONGEST: usize = 100_000;

/// What stands between two words of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Line,
    Paragraph,
}

/// Makes paragraphs of a text that may be HTML: a line for each item of a
/// list, an empty line between paragraphs. Links are kept as `text (address)`,
/// with addresses completed by `base`.
#[must_use]
pub fn paragraphs(text: &str, base: Option<&Url>, double: DoubleEncoding) -> Cleaned<String> {
    cleaned(text, base, ["\n", "\n\n"], double)
}

/// Makes one line of a text that may be HTML; links are no part of it.
#[must_use]
pub fn one_line(text: &str, double: DoubleEncoding) -> Cleaned<String> {
    cleaned(text, None, [" ", " "], double)
}

/// A text that has no markup, whatever it looks like: only its Unicode is
/// composed.
#[must_use]
pub fn as_it_is(text: &str) -> Cleaned<String> {
    Cleaned { value: text.trim().nfc().collect(), notes: Vec::new() }
}

/// Makes one line of a text whose lines are parts of a whole, such as an
/// address: commas stand between them.
#[must_use]
pub fn joined_lines(text: &str, double: DoubleEncoding) -> Cleaned<String> {
    let Cleaned { value, notes } = cleaned(text, None, ["\n", "\n"], double);
    let mut joined = String::with_capacity(value.len());
    for line in value.lines() {
        let line = line.trim_matches([' ', ',']);
        if !line.is_empty() {
            if !joined.is_empty() {
                joined.push_str(", ");
            }
            joined.push_str(line);
        }
    }
    Cleaned { value: joined, notes }
}

/// The text cut to `maximum` characters, at a word and with `…`; `None` when
/// it is not longer.
#[must_use]
pub fn shortened(text: &str, maximum: usize) -> Option<String> {
    text.char_indices().nth(maximum)?;
    let end = text.char_indices().nth(maximum.saturating_sub(1)).map_or(0, |(at, _)| at);
    let head = &text[..end];
    let is_between = text[end..].starts_with(char::is_whitespace);
    // A word longer than half the room is cut within.
    let at_word = head.rfind(char::is_whitespace).filter(|at| *at > end / 2 && !is_between);
    let cut = head[..at_word.unwrap_or(end)].trim_end();
    let cut = cut.trim_end_matches([',', ';', ':', '-', '–', '(', ' ']);
    Some(format!("{cut}…"))
}

fn cleaned(
    text: &str,
    base: Option<&Url>,
    breaks: [&str; 2],
    double: DoubleEncoding,
) -> Cleaned<String> {
    let mut notes = Vec::new();
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    if end < text.len() {
        let what = format!("a text of {} bytes was cut to {end}: {}", text.len(), shown(text));
        notes.push(Note { code: "text-cut", what });
    }
    let text = &text[..end];
    let mut plain = if html::has_markup(text) {
        from_html(text, base, breaks)
    } else {
        let plain = lines(&html::decoded(text), breaks);
        if html::is_escaped(&plain) {
            let what = format!("HTML was escaped once too often: {}", shown(text));
            notes.push(Note { code: "escaped-twice", what });
            from_html(&html::decoded(text), base, breaks)
        } else {
            plain
        }
    };
    match mojibake::repair(&plain) {
        Mojibake::None => {}
        Mojibake::Repaired(repaired) => {
            let taken = match double {
                DoubleEncoding::Keep => "stays so until the source is set to repair it",
                DoubleEncoding::Repair => "was repaired",
            };
            let what = format!("“{}” was encoded twice and {taken}", shown(&plain));
            notes.push(Note { code: "encoded-twice", what });
            if double == DoubleEncoding::Repair {
                plain = repaired;
            }
        }
        Mojibake::Suspected => {
            let what = format!("“{}” looks as if it was encoded twice", shown(&plain));
            notes.push(Note { code: "encoded-twice-perhaps", what });
        }
    }
    if plain.contains(char::REPLACEMENT_CHARACTER) {
        let what = format!("“{}” has characters that were lost", shown(&plain));
        notes.push(Note { code: "lost-characters", what });
    }
    Cleaned { value: plain.nfc().collect(), notes }
}

/// A text without markup; its own line breaks count.
fn lines(text: &str, breaks: [&str; 2]) -> String {
    let mut writer = Writer::new(breaks);
    writer.text(text, Newline::Counts);
    writer.out
}

fn from_html(html: &str, base: Option<&Url>, breaks: [&str; 2]) -> String {
    // Text with a few tags for bold or links in it still has its own lines.
    let has_blocks = html::pieces(html)
        .any(|piece| matches!(piece, Piece::Open(name, _) if gap(&name) > Gap::Space));
    let outside = if has_blocks { Newline::IsSpace } else { Newline::Counts };
    let mut writer = Writer::new(breaks);
    let mut preformatted = 0_usize;
    let mut link: Option<(String, usize)> = None;
    for piece in html::pieces(html) {
        if writer.out.len() > LONGEST {
            break;
        }
        match piece {
            Piece::Text(text) => {
                let newline = if preformatted > 0 { Newline::Counts } else { outside };
                writer.text(&html::decoded(text), newline);
            }
            Piece::Open(name, rest) => {
                if name == "a" {
                    close_link(&mut writer, link.take(), base);
                    let href = html::attribute(rest, "href");
                    link = href.map(|href| (href, writer.out.len()));
                }
                preformatted += usize::from(name == "pre");
                writer.gap(gap(&name));
                if name == "li" && breaks[0] == "\n" {
                    writer.word("-");
                    writer.gap(Gap::Space);
                }
            }
            Piece::Close(name) => {
                if name == "a" {
                    close_link(&mut writer, link.take(), base);
                }
                preformatted = preformatted.saturating_sub(usize::from(name == "pre"));
                writer.gap(if name == "br" { Gap::Line } else { gap(&name) });
            }
        }
    }
    close_link(&mut writer, link, base);
    writer.out
}

fn close_link(writer: &mut Writer, link: Option<(String, usize)>, base: Option<&Url>) {
    let (Some((href, start)), Some(base)) = (link, base) else { return };
    let text = writer.out.get(start..).unwrap_or_default().trim().to_owned();
    if text.is_empty() || href.trim().starts_with('#') {
        return;
    }
    let Ok(Cleaned { value: address, .. }) = super::url::target(&href, base) else { return };
    let short = |address: &str| {
        let address = address.strip_prefix("mailto:").unwrap_or(address);
        let address = address.strip_prefix("tel:").unwrap_or(address);
        let address = address.split_once("://").map_or(address, |(_, rest)| rest);
        let address = address.strip_prefix("www.").unwrap_or(address);
        address.trim_end_matches('/').to_lowercase().replace(' ', "")
    };
    if short(&text) == short(&address) {
        return;
    }
    let shown = address.strip_prefix("mailto:").unwrap_or(&address);
    let shown = shown.strip_prefix("tel:").unwrap_or(shown);
    writer.out.extend([" (", shown, ")"]);
}

/// What an element puts between what stands before and in it.
fn gap(name: &str) -> Gap {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table"
        | "blockquote" | "pre" | "hr" | "section" | "article" | "figure" | "fieldset" => {
            Gap::Paragraph
        }
        "br" | "div" | "li" | "tr" | "dt" | "dd" | "address" | "header" | "footer" | "main"
        | "nav" | "aside" | "figcaption" | "caption" | "option" | "details" | "summary"
        | "form" | "body" | "html" => Gap::Line,
        "td" | "th" | "img" => Gap::Space,
        _ => Gap::None,
    }
}

/// What a line break of the text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Newline {
    IsSpace,
    Counts,
}

struct Writer {
    out: String,
    gap: Gap,
    /// What a line break and an empty line are written as.
    line: String,
    paragraph: String,
}

impl Writer {
    fn new([line, paragraph]: [&str; 2]) -> Self {
        let (line, paragraph) = (line.to_owned(), paragraph.to_owned());
        Self { out: String::new(), gap: Gap::None, line, paragraph }
    }

    fn gap(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn text(&mut self, text: &str, newline: Newline) {
        let mut after_break = false;
        for character in text.chars() {
            match character {
                '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' if newline == Newline::Counts => {
                    self.gap(if after_break { Gap::Paragraph } else { Gap::Line });
                    after_break = true;
                }
                _ if character.is_whitespace() => self.gap(Gap::Space),
                _ if is_invisible(character) => {}
                _ => {
                    after_break = false;
                    self.word(character.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    fn word(&mut self, word: &str) {
        if !self.out.is_empty() {
            match self.gap {
                Gap::None => {}
                Gap::Space => self.out.push(' '),
                Gap::Line => self.out.push_str(&self.line),
                Gap::Paragraph => self.out.push_str(&self.paragraph),
            }
        }
        self.gap = Gap::None;
        self.out.push_str(word);
    }
}

/// Control characters, and those that only hide or turn round other text; the
/// joiners of emoji and scripts stay.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{200B}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{2069}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{FFFE}'
                | '\u{FFFF}'
        )
}
