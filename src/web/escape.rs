//! Texts in which some characters are written in another way.

/// Adds `text` to `to`, each character for which `written` gives something as
/// that, and all between as it stands, at once.
pub(super) fn escape(to: &mut String, text: &str, written: impl Fn(char) -> Option<&'static str>) {
    let mut done = 0;
    for (at, character) in text.char_indices() {
        if let Some(instead) = written(character) {
            to.push_str(&text[done..at]);
            to.push_str(instead);
            done = at + character.len_utf8();
        }
    }
    to.push_str(&text[done..]);
}

/// The same, as a text of its own.
pub(super) fn escaped(text: &str, written: impl Fn(char) -> Option<&'static str>) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape(&mut escaped, text, written);
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_written_otherwise_is_changed() {
        let written = |character| match character {
            '&' => Some("&amp;"),
            'é' => Some("e"),
            '\0' => Some(""),
            _ => None,
        };
        for (text, expected) in
            [("", ""), ("tea", "tea"), ("&é&\0", "&amp;e&amp;"), ("ñ&ñ", "ñ&amp;ñ")]
        {
            assert_eq!(escaped(text, written), expected);
        }
    }
}
