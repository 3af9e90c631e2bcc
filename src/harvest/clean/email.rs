//! E-mail addresses.

use super::{Cleaned, shown};

/// The longest address that can be sent to (RFC 5321, with its errata).
const LONGEST: usize = 254;

/// How much of a text is looked at.
const LOOKED_AT: usize = 1_000;

/// The address, its domain in lower case. Of several it is the first, and
/// `name [at] example.org` is read, both with a note.
///
/// `None` when there is none.
#[must_use]
pub fn email(text: &str) -> Option<Cleaned<String>> {
    let text: String = text.trim().chars().take(LOOKED_AT).collect();
    let bare = text.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:"));
    let bare = if bare.is_some() { &text[7..] } else { text.as_str() };
    let bare = bare.split_once('?').map_or(bare, |(address, _)| address);
    let decoded = percent_encoding::percent_decode_str(bare).decode_utf8_lossy();
    let plain = decoded
        .replace(" [at] ", "@")
        .replace(" (at) ", "@")
        .replace("[at]", "@")
        .replace("(at)", "@")
        .replace(" [dot] ", ".")
        .replace("[dot]", ".")
        .replace("(dot)", ".");
    let is_hidden = plain != decoded;
    let mut found = plain
        .split(|c: char| c.is_whitespace() || ",;/|<>()[]\"".contains(c))
        .map(|word| word.trim_end_matches('.'))
        .filter_map(address);
    let first = found.next()?;
    if found.any(|other| other != first) {
        let what = format!("`{}` has more than one address; the first was taken", shown(&text));
        return Some(Cleaned::noted(first, "several-emails", what));
    }
    if is_hidden {
        let what = format!("`{}` was read as an address", shown(&text));
        return Some(Cleaned::noted(first, "hidden-email", what));
    }
    Some(Cleaned::plain(first))
}

fn address(word: &str) -> Option<String> {
    let (name, domain) = word.rsplit_once('@')?;
    let domain = domain.to_lowercase();
    let is_domain = domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    let is_name = !name.is_empty() && !name.contains('@') && !name.chars().any(char::is_control);
    let address = format!("{name}@{domain}");
    (is_domain && is_name && address.len() <= LONGEST).then_some(address)
}
