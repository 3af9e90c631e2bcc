//! What is put right in JSON that is none: the faults that content systems
//! and hands make, each told as a warning.

use std::borrow::Cow;
use std::collections::BTreeSet;

use scraper::Html;

use super::{JsonLdError, strict};

/// Something that was put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::harvest::markup) enum Repair {
    /// Character references of HTML stood for quotation marks.
    References,
    /// Comments, CDATA marks, byte order marks.
    Comments,
    /// Commas after the last, or several in a row.
    Commas,
    /// A semicolon at the end.
    Semicolons,
    /// Line ends and other control characters in texts.
    ControlCharacters,
    /// Escapes that JSON doesn't know, or half characters.
    Escapes,
    /// Several values one after another.
    SeveralValues,
}

impl Repair {
    /// What was there, for a report.
    pub(in crate::harvest::markup) const fn what(self) -> &'static str {
        match self {
            Self::References => "character references of HTML",
            Self::Comments => "comments or CDATA marks",
            Self::Commas => "commas too many",
            Self::Semicolons => "semicolons",
            Self::ControlCharacters => "line ends or control characters in texts",
            Self::Escapes => "escapes that JSON doesn't have",
            Self::SeveralValues => "several values one after another",
        }
    }
}

/// The text as JSON, with what had to be put right.
///
/// # Errors
///
/// [`JsonLdError`], for the text as it stands, when it can't be put right.
pub(in crate::harvest::markup) fn repaired(
    text: &str,
) -> Result<(Cow<'_, str>, BTreeSet<Repair>), JsonLdError> {
    let text = text.trim();
    let error = match strict(text) {
        Ok(()) => return Ok((Cow::Borrowed(text), BTreeSet::new())),
        Err(JsonLdError::Deep) => return Err(JsonLdError::Deep),
        Err(error) => error,
    };
    let mut repairs = BTreeSet::new();
    let mut source = Cow::Borrowed(text);
    if !text.contains('"') && text.contains("&quot;") {
        let escaped = text.replace('<', "&lt;");
        source = Cow::Owned(Html::parse_fragment(&escaped).root_element().text().collect());
        repairs.insert(Repair::References);
    }
    let json = rewrite(&source, &mut repairs);
    match strict(&json) {
        Ok(()) => Ok((Cow::Owned(json), repairs)),
        Err(JsonLdError::Deep) => Err(JsonLdError::Deep),
        Err(_) => Err(error),
    }
}

/// Bytes of a comment that is taken away whole; of longer ones only the marks
/// are.
const LONGEST_COMMENT: usize = 2_000;

/// Marks that are no JSON, and their repair.
const MARKS: &[(&str, Repair)] = &[
    ("<!--", Repair::Comments),
    ("-->", Repair::Comments),
    ("//<![CDATA[", Repair::Comments),
    ("//]]>", Repair::Comments),
    ("<![CDATA[", Repair::Comments),
    ("]]>", Repair::Comments),
    ("\u{feff}", Repair::Comments),
    ("\u{200b}", Repair::Comments),
    (";", Repair::Semicolons),
];

/// Reads the text once and writes what JSON it means.
fn rewrite(text: &str, repairs: &mut BTreeSet<Repair>) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    let mut rest = text;
    let mut depth = 0_usize;
    let mut values = 0_usize;
    let last_value = text.rfind(['{', '[']).map_or(usize::MAX, |at| text.len() - at);
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = after_comment(rest, depth, last_value) {
            repairs.insert(Repair::Comments);
            rest = after;
            continue;
        }
        if let Some((mark, repair)) = MARKS.iter().find(|(mark, _)| rest.starts_with(mark)) {
            repairs.insert(*repair);
            rest = &rest[mark.len()..];
            continue;
        }
        if rest.starts_with("/*") || rest.starts_with("//") {
            let end = if rest.starts_with("/*") { "*/" } else { "\n" };
            repairs.insert(Repair::Comments);
            rest = rest[2..].split_once(end).map_or("", |(_, rest)| rest);
            continue;
        }
        match letter {
            '"' => {
                rest = rewrite_string(rest, &mut json, repairs);
                continue;
            }
            '{' | '[' => {
                if depth == 0 {
                    values += 1;
                    if values > 1 {
                        separate(&mut json);
                    }
                }
                depth += 1;
                json.push(letter);
            }
            '}' | ']' => {
                if drop_comma(&mut json) {
                    repairs.insert(Repair::Commas);
                }
                depth = depth.saturating_sub(1);
                json.push(letter);
            }
            ',' => {
                let last = json.trim_end().chars().next_back();
                if depth == 0 || matches!(last, None | Some(',' | '{' | '[' | ':')) {
                    repairs.insert(Repair::Commas);
                } else {
                    json.push(letter);
                }
            }
            _ => json.push(letter),
        }
        rest = &rest[letter.len_utf8()..];
    }
    if values > 1 {
        repairs.insert(Repair::SeveralValues);
        json = format!("[{json}]");
    }
    json
}

/// What stands after the comment of HTML with which `rest` begins; `None` when
/// it begins with none, or with one that holds the JSON itself, as it does to
/// hide from old browsers. `last_value` is how far from the end of the text
/// the last object or list begins.
fn after_comment(rest: &str, depth: usize, last_value: usize) -> Option<&str> {
    let inner = rest.strip_prefix("<!--")?;
    let near = &inner.as_bytes()[..inner.len().min(LONGEST_COMMENT)];
    let end = near.windows(3).position(|bytes| bytes == b"-->")?;
    let (inside, after) = (&inner[..end], &inner[end + "-->".len()..]);
    let is_aside = depth > 0 || !inside.contains(['{', '[']) || after.len() >= last_value;
    is_aside.then_some(after)
}

fn separate(json: &mut String) {
    drop_comma(json);
    json.push(',');
}

/// Takes the comma at the end away, if there is one.
fn drop_comma(json: &mut String) -> bool {
    let end = json.trim_end().len();
    let is_there = json[..end].ends_with(',');
    if is_there {
        json.truncate(end - 1);
    }
    is_there
}

/// Copies the string at the start of `rest`, put right; gives what is after.
fn rewrite_string<'a>(rest: &'a str, json: &mut String, repairs: &mut BTreeSet<Repair>) -> &'a str {
    json.push('"');
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                json.push('"');
                return &rest[at + 1..];
            }
            '\\' => {
                let Some((_, escaped)) = letters.next() else { break };
                if escaped == 'u' {
                    let from = at + 2;
                    let written = unit(&rest[from..]);
                    let pair =
                        written.filter(|unit| (0xd800..0xdc00).contains(unit)).and_then(|_| {
                            rest.get(from + 4..)
                                .and_then(|rest| rest.strip_prefix("\\u"))
                                .and_then(unit)
                        });
                    match (written, pair) {
                        (Some(_), Some(0xdc00..0xe000)) => {
                            json.push_str(&rest[at..from + 10]);
                            letters.nth(9);
                        }
                        (Some(0xd800..0xe000), _) => {
                            repairs.insert(Repair::Escapes);
                            json.push('\u{fffd}');
                            letters.nth(3);
                        }
                        (Some(_), _) => json.push_str("\\u"),
                        (None, _) => {
                            repairs.insert(Repair::Escapes);
                            json.push('u');
                        }
                    }
                } else if "\"\\/bfnrt".contains(escaped) {
                    json.push('\\');
                    json.push(escaped);
                } else {
                    repairs.insert(Repair::Escapes);
                    json.push(escaped);
                }
            }
            control if control < ' ' => {
                repairs.insert(Repair::ControlCharacters);
                json.push_str(match control {
                    '\n' => "\\n",
                    '\t' => "\\t",
                    _ => " ",
                });
            }
            letter => json.push(letter),
        }
    }
    ""
}

/// The number that four hexadecimal digits write.
fn unit(text: &str) -> Option<u32> {
    let digits = text.get(..4).filter(|digits| digits.bytes().all(|it| it.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}

/// Whether an escape writes half a character.
pub(super) fn has_lone_surrogate(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let escape = &rest[at + 1..];
        let Some(unit) = escape.strip_prefix('u').and_then(unit) else {
            rest = escape.get(1..).unwrap_or_default();
            continue;
        };
        rest = escape.get(5..).unwrap_or_default();
        if (0xdc00..0xe000).contains(&unit) {
            return true;
        }
        if (0xd800..0xdc00).contains(&unit) {
            match rest.strip_prefix("\\u").and_then(self::unit) {
                Some(0xdc00..0xe000) => rest = rest.get(6..).unwrap_or_default(),
                _ => return true,
            }
        }
    }
    false
}
