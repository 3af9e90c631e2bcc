//! What a service and an organisation have in common: what they say of
//! themselves, and how to reach them.

use crate::web::aliss::entry::Entry;
use crate::web::aliss::plain::untagged;

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
