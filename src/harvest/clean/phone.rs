//! Telephone numbers, British when they don't say otherwise.

use phonenumber::{Mode, PhoneNumber, country};

use super::{Cleaned, shown};

/// How long a text is looked at: numbers with words around them are shorter.
const LONGEST: usize = 200;

/// Emergency, helpline and text numbers have up to six digits and no area.
const SHORT: std::ops::RangeInclusive<usize> = 3..=6;

/// The number as people write it: British ones in the national form
/// (`0131 496 0000`), others in the international one (`+353 1 496 0000`).
///
/// Of several numbers it is the first. A text that is no valid number is kept
/// as it is, with a note; `None` when it has fewer than three digits.
#[must_use]
pub fn telephone(text: &str) -> Option<Cleaned<String>> {
    let text = text.trim();
    let bare = text.strip_prefix("tel:").or_else(|| text.strip_prefix("TEL:")).unwrap_or(text);
    let bare = percent_encoding::percent_decode_str(bare).decode_utf8_lossy();
    let bare: String = bare.chars().take(LONGEST).collect();
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    if digits < 3 {
        return None;
    }
    let (first, is_all) = first_number(&bare);
    let count = first.chars().filter(char::is_ascii_digit).count();
    if SHORT.contains(&count) && is_all && !first.starts_with('+') {
        return Some(Cleaned::plain(first.trim().to_owned()));
    }
    let Some(number) = read(&first) else {
        let what = format!("`{}` is not a valid telephone number", shown(text));
        return Some(Cleaned::noted(collapsed(&bare), "bad-telephone", what));
    };
    let is_british = number.country().id() == Some(country::GB) || number.code().value() == 44;
    let mode = if is_british { Mode::National } else { Mode::International };
    let value = number.format().mode(mode).to_string();
    if is_all {
        return Some(Cleaned::plain(value));
    }
    let what = format!("`{}` has more than one number; the first was taken", shown(text));
    Some(Cleaned::noted(value, "several-telephones", what))
}

/// The number in the international form without spaces, `+441314960000`, to
/// compare by; `None` when the text is no valid number.
#[must_use]
pub fn comparable(text: &str) -> Option<String> {
    let bare: String = text.trim().trim_start_matches("tel:").chars().take(LONGEST).collect();
    read(&first_number(&bare).0).map(|number| number.format().mode(Mode::E164).to_string())
}

fn read(text: &str) -> Option<PhoneNumber> {
    let number = phonenumber::parse(Some(country::GB), text).ok()?;
    number.is_valid().then_some(number)
}

/// The first number of a text in plain characters, and whether it is all there
/// is.
fn first_number(text: &str) -> (String, bool) {
    let lower = text.to_lowercase().replace("(0)", " ");
    let start = lower.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')).unwrap_or(0);
    let rest = &lower[start..];
    let separators = ["/", ";", "|", ",", " or ", " and ", "&", "\n"];
    let split = separators
        .iter()
        .filter_map(|separator| rest.find(separator))
        .filter(|at| rest[..*at].chars().filter(char::is_ascii_digit).count() >= 6)
        .min();
    let (first, others) = rest.split_at(split.unwrap_or(rest.len()));
    let has_others = others.chars().filter(char::is_ascii_digit).count() >= 6;
    let (number, extension) =
        match ["extension", "ext", " x"].iter().find_map(|w| first.split_once(w)) {
            Some((number, extension)) => (number, extension),
            None => (first, ""),
        };
    let plain = |text: &str| -> String {
        let kept = text.chars().map(|c| if c == '\u{a0}' { ' ' } else { c });
        kept.take_while(|c| c.is_ascii_digit() || " +()-.–\t".contains(*c))
            .map(|c| if matches!(c, '–' | '\t' | '(' | ')' | '.') { ' ' } else { c })
            .collect()
    };
    let extension: String = extension.chars().filter(char::is_ascii_digit).take(7).collect();
    let mut number = plain(number).trim().to_owned();
    if number.starts_with("00") {
        number.replace_range(..2, "+");
    }
    if !extension.is_empty() {
        number.push_str(" ext. ");
        number.push_str(&extension);
    }
    (number, !has_others)
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
