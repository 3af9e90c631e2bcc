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
            description: detail("description").or_else(|| detail("summary")).map(untagged),
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

/// A text without what a browser would take for tags: clients of old put
/// descriptions into their pages as they come. Source: contract of ALISS,
/// `description` has no HTML.
fn untagged(mut text: String) -> String {
    while let Some((start, end)) = tag(&text) {
        text.replace_range(start..end, "");
    }
    text
}

/// Where the first tag begins and ends.
fn tag(text: &str) -> Option<(usize, usize)> {
    text.match_indices('<').find_map(|(start, _)| {
        let rest = &text[start + 1..];
        let begins =
            rest.starts_with(|next: char| next.is_ascii_alphabetic() || "/!?".contains(next));
        let end = rest.find('>').map_or(text.len(), |end| start + end + 2);
        begins.then_some((start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_would_take_for_a_tag_is_left_out() {
        for (text, expected) in [
            ("Ages < 5, and 7 > 5", "Ages < 5, and 7 > 5"),
            ("Tea<br> & <b>talk</b>", "Tea & talk"),
            ("<img src=x onerror=alert(1)>Hall", "Hall"),
            ("<<b>script>no</script>", "no"),
            ("Hall <img src=x", "Hall "),
        ] {
            assert_eq!(untagged(text.to_owned()), expected);
        }
    }
}
