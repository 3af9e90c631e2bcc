//! What a service and an organisation have in common: what they say of
//! themselves, and how to reach them.

use crate::web::aliss::entry::Entry;

/// See the module. Texts are not empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Contact {
    /// The whole description, or else the stated summary.
    pub(super) description: Option<String>,
    pub(super) url: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    /// Pages on social networks.
    social: Vec<String>,
}

impl Contact {
    /// What `entry` says.
    pub(super) fn of(entry: &Entry<'_>) -> Self {
        let text = |key: &str| entry.summary.text(key);
        let detail = |key: &str| entry.details.text(key);
        Self {
            description: detail("description")
                .or_else(|| detail("summary"))
                .as_deref()
                .map(untagged),
            url: text("url"),
            phone: text("telephone"),
            email: text("email"),
            social: entry.details.texts("socialLinks"),
        }
    }

    /// The page on Facebook.
    pub(super) fn facebook(&self) -> Option<&String> {
        self.on("facebook.com")
    }

    /// The page on Twitter, under its old or its new name.
    pub(super) fn twitter(&self) -> Option<&String> {
        self.on("twitter.com").or_else(|| self.on("x.com"))
    }

    /// The page on Instagram.
    pub(super) fn instagram(&self) -> Option<&String> {
        self.on("instagram.com")
    }

    /// The page on the social network at `host`.
    fn on(&self, host: &str) -> Option<&String> {
        self.social.iter().find(|address| {
            let rest = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
            let own = rest.split(['/', '?', '#']).next().unwrap_or_default();
            own == host || own.strip_suffix(host).is_some_and(|before| before.ends_with('.'))
        })
    }
}

/// What ends a line, or stands beside what does.
const BREAKS: [&str; 12] = ["br", "p", "div", "li", "ul", "ol", "tr", "td", "h1", "h2", "h3", "h4"];

/// A text without what a browser would take for tags: clients of old put
/// descriptions into their pages as they come. Whatever looks like one and is
/// none, such as an address in angle brackets, loses its bracket alone.
/// Source: contract of ALISS, `description` has no HTML.
fn untagged(text: &str) -> String {
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
