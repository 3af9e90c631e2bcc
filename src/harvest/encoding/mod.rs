//! The characters of a document: which encoding its bytes are in.
//!
//! What is believed, in this order: the byte order mark, the pattern of NULs
//! that only UTF-16 has, the charset of the HTTP header, the XML declaration
//! or `meta` within the first 1,024 bytes, and then the bytes themselves.
//! A declaration that the bytes contradict is not believed, and a warning
//! says so. Text that was encoded twice by its publisher is flagged here and
//! only changed by who asks for it, with [`undo_double_encoding`].

mod declared;
mod double;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::document::Document;
use super::extraction::Problem;

pub use double::undo_double_encoding;

/// How many bytes the detector looks at: enough for any statistics, and half
/// a second of work at the most.
const DETECTED_BYTES: usize = 8 << 20;
/// How many bytes the pattern of UTF-16 is looked for in.
const PATTERN_BYTES: usize = 1024;
/// With fewer bytes beyond ASCII than this, the detector's guess is no better
/// than the likeliest encoding of a British publisher, windows-1252.
const TELLING_BYTES: usize = 20;
/// Share of replacement characters above which the encoding itself is in
/// doubt, by contract: one in a thousand.
const DOUBTFUL_SHARE: usize = 1000;

/// The text of a document.
#[derive(Debug, Clone)]
pub struct Decoded<'a> {
    /// Its characters, without byte order mark and without NULs.
    pub text: Cow<'a, str>,
    /// The name of the encoding that was taken, such as `UTF-8`.
    pub encoding: &'static str,
    /// What was wrong, was repaired or is in doubt.
    pub warnings: Vec<Problem>,
}

/// The text of `document`; never fails, but warns.
#[must_use]
pub fn decode(document: &Document) -> Decoded<'_> {
    let mut warnings = Vec::new();
    let (text, encoding) = read(document, &mut warnings);
    let text = without_nul(text, &mut warnings);
    warn_of_replacements(&text, &mut warnings);
    let doubled = double::count(&text);
    if doubled > 0 {
        warnings.push(
            Problem::warning(
                "double-encoded",
                "",
                format!("{doubled} places look like UTF-8 that was encoded twice, such as “Ã©” for “é”"),
            )
            .advice("Store and send the text as UTF-8 once, or let kist repair it by the option of the source."),
        );
    }
    Decoded { text, encoding: encoding.name(), warnings }
}

fn read<'a>(
    document: &'a Document,
    warnings: &mut Vec<Problem>,
) -> (Cow<'a, str>, &'static Encoding) {
    let bytes = document.bytes.as_slice();
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let bytes = &bytes[length..];
        return if encoding == UTF_8 { utf_8(bytes, warnings) } else { plainly(encoding, bytes) };
    }
    let declared = declared::encoding(document, warnings);
    if let Some(encoding) = pattern_of_utf_16(bytes) {
        if declared != Some(encoding) {
            warnings.push(mislabelled(declared.unwrap_or(UTF_8), encoding));
        }
        return plainly(encoding, bytes);
    }
    let text = std::str::from_utf8(bytes);
    match declared {
        None => match text {
            Ok(text) => (Cow::Borrowed(text), UTF_8),
            Err(_) if is_mostly_utf_8(bytes) => utf_8(bytes, warnings),
            Err(_) => plainly(detected(document), bytes),
        },
        Some(declared) if declared == UTF_8 => match text {
            Ok(text) => (Cow::Borrowed(text), UTF_8),
            Err(_) if is_mostly_utf_8(bytes) => utf_8(bytes, warnings),
            Err(_) => {
                let encoding = detected(document);
                warnings.push(mislabelled(UTF_8, encoding));
                plainly(encoding, bytes)
            }
        },
        // Whole UTF-8 beyond ASCII is no accident in any of these.
        Some(declared) if declared.is_single_byte() || is_utf_16(declared) => match text {
            Ok(text) => {
                if !text.is_ascii() || is_utf_16(declared) {
                    warnings.push(mislabelled(declared, UTF_8));
                }
                (Cow::Borrowed(text), UTF_8)
            }
            Err(_) => plainly(declared, bytes),
        },
        Some(declared) => plainly(declared, bytes),
    }
}

fn plainly<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> (Cow<'a, str>, &'static Encoding) {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    (text, encoding)
}

/// UTF-8 in which single bytes of windows-1252 may stand, as pasted text
/// leaves them in old databases.
fn utf_8<'a>(bytes: &'a [u8], warnings: &mut Vec<Problem>) -> (Cow<'a, str>, &'static Encoding) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), UTF_8);
    }
    let mut text = String::with_capacity(bytes.len());
    let mut repaired = 0_usize;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        match *chunk.invalid() {
            [] => {}
            // What is left when UTF-8 is cut in two, more likely than a letter.
            [0xC2 | 0xC3 | 0xE2 | 0xF0] => text.push(char::REPLACEMENT_CHARACTER),
            [byte] => {
                let byte = [byte];
                let (character, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
                text.push_str(&character);
                repaired += 1;
            }
            _ => text.push(char::REPLACEMENT_CHARACTER),
        }
    }
    if repaired > 0 {
        warnings.push(
            Problem::warning(
                "mixed-encoding",
                "",
                format!(
                    "{repaired} bytes of windows-1252 stand among UTF-8, and were read as such"
                ),
            )
            .advice("Convert all texts to UTF-8."),
        );
    }
    (Cow::Owned(text), UTF_8)
}

/// Whether what is beyond ASCII is well-formed UTF-8 at least as often as not.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut formed, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        // Bytes that begin a character of several.
        formed += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    formed > 0 && formed >= broken
}

/// UTF-16 without its mark: every second byte of Latin text and of all markup
/// is a NUL.
fn pattern_of_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes[..bytes.len().min(PATTERN_BYTES)].chunks_exact(2);
    let count = pairs.len();
    if count < 2 {
        return None;
    }
    let (mut first, mut second) = (0, 0);
    for pair in pairs {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    // A third of the one and a twentieth of the other.
    if second * 3 > count && first * 20 < count {
        Some(UTF_16LE)
    } else if first * 3 > count && second * 20 < count {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn is_utf_16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// What bytes that are not UTF-8 most likely are.
fn detected(document: &Document) -> &'static Encoding {
    let bytes = &document.bytes[..document.bytes.len().min(DETECTED_BYTES)];
    let beyond = bytes.iter().filter(|byte| !byte.is_ascii()).take(TELLING_BYTES).count();
    if beyond < TELLING_BYTES {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, bytes.len() == document.bytes.len());
    // Text typed on British keyboards is told from its neighbours by nothing
    // but the domain.
    let domain = document.url.domain().and_then(|domain| domain.rsplit('.').next());
    let domain = domain.filter(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    });
    detector.guess(domain.map(str::as_bytes), Utf8Detection::Deny)
}

fn mislabelled(declared: &'static Encoding, found: &'static Encoding) -> Problem {
    Problem::warning(
        "mislabelled-encoding",
        "",
        format!("declared or expected as {}, but the bytes are {}", declared.name(), found.name()),
    )
    .advice("Send the text as UTF-8 with “charset=utf-8” in its Content-Type.")
}

fn without_nul<'a>(text: Cow<'a, str>, warnings: &mut Vec<Problem>) -> Cow<'a, str> {
    let count = text.bytes().filter(|byte| *byte == 0).count();
    if count == 0 {
        return text;
    }
    warnings.push(
        Problem::warning("nul-characters", "", format!("{count} NUL characters were left out"))
            .advice("Check how the document is exported: text has no NUL in it."),
    );
    Cow::Owned(text.replace('\0', ""))
}

fn warn_of_replacements(text: &str, warnings: &mut Vec<Problem>) {
    let count = text.matches(char::REPLACEMENT_CHARACTER).count();
    if count == 0 {
        return;
    }
    let is_doubtful = count.saturating_mul(DOUBTFUL_SHARE) > text.chars().count();
    let (code, what) = if is_doubtful {
        ("encoding-doubtful", "so many that the encoding may be wrong")
    } else {
        ("replacement-characters", "and are shown as “\u{FFFD}”")
    };
    warnings.push(
        Problem::warning(code, "", format!("{count} characters can't be read, {what}"))
            .advice("Send the text as UTF-8 with “charset=utf-8” in its Content-Type."),
    );
}
