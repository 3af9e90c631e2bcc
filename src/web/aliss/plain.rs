//! Texts without what old clients would take for HTML.

/// What ends a line, or stands beside what does.
const BREAKS: [&str; 12] = ["br", "p", "div", "li", "ul", "ol", "tr", "td", "h1", "h2", "h3", "h4"];

/// A text without what a browser would take for tags: clients of old put
/// descriptions into their pages as they come. Whatever looks like one and is
/// none, such as an address in angle brackets, loses its bracket alone.
/// Source: contract of ALISS, `description` has no HTML.
pub(super) fn untagged(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        rest = after;
        if !after.starts_with(|next: char| next.is_ascii_alphabetic() || "/!?".contains(next)) {
            plain.push('<');
            continue;
        }
        // What stood before may not become a tag with what comes behind.
        plain.truncate(plain.trim_end_matches('<').len());
        if let Some((name, end)) = tag(after) {
            rest = &after[end..];
            if BREAKS.iter().any(|one| name.eq_ignore_ascii_case(one)) {
                plain.push(' ');
            }
        }
    }
    plain + rest
}

/// The name of the tag that `text` begins with, behind its `<`, and where it
/// ends; `None` when it is not closed, or no name is.
fn tag(text: &str) -> Option<(&str, usize)> {
    let end = text.find(['<', '>']).filter(|end| text[*end..].starts_with('>'))?;
    let inside = text[..end].strip_prefix('/').unwrap_or(&text[..end]);
    let name = inside.split([' ', '\t', '\n', '\r', '/']).next().unwrap_or_default();
    let is_name =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_name(name) || name.starts_with(['!', '?'])).then_some((name, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_would_take_for_a_tag_is_left_out() {
        for (text, expected) in [
            ("Ages < 5, and 7 > 5", "Ages < 5, and 7 > 5"),
            ("Tea<br> & <b>talk</b>", "Tea  & talk"),
            ("one<BR/>two<p class=\"x\">three</p>", "one two three "),
            ("<img src=x onerror=alert(1)>Hall", "Hall"),
            ("<<b>script>no</script>", "script>no"),
            ("<<<!-- -->img src=x>", "img src=x>"),
            ("<a <b>c", "a c"),
            ("Hall <img src=x", "Hall img src=x"),
            ("write to <jane@example.org> now", "write to jane@example.org> now"),
            ("", ""),
        ] {
            assert_eq!(untagged(text), expected);
        }
    }

    /// A text of the longest that a record takes, begun anew for each tag in
    /// it, would be read some thousand million times.
    #[test]
    fn many_tags_and_brackets_are_left_out_too() {
        let text = "< ".repeat(5_000) + &"<b>".repeat(3_333);
        assert_eq!(untagged(&text), "< ".repeat(5_000));
        assert_eq!(untagged(&"<a".repeat(10_000)), "a".repeat(10_000));
    }
}
