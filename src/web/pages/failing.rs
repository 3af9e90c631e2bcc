//! Links of a record that did not work when they were last checked.

use crate::register::ledger::LinkState;
use crate::web::beside::Shown;
use crate::web::html::content;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::site::Site;

/// A link that did not work.
#[derive(Debug)]
pub(super) struct FailingLink {
    /// The link.
    pub(super) link: Link,
    /// What is wrong, and since when.
    pub(super) line: Text,
    /// A copy of it in a web archive.
    pub(super) archived: Option<String>,
}

/// The links of a record that did not work.
pub(super) fn links(site: Site<'_>, shown: &Shown) -> Vec<FailingLink> {
    let m = Messages::of(site.language);
    let failing = shown.failing.iter().filter_map(|link| {
        let address = content::web_address(&link.url)?;
        let phrase = match link.state {
            LinkState::Dead => m.link_dead,
            _ => m.link_failing,
        };
        let date = content::day_of(link.checked.unwrap_or(link.since));
        let since = content::day_of(link.since);
        Some(FailingLink {
            link: Link { href: address.to_owned(), text: Text::plain(content::host(address)) },
            line: phrase.filled(&[("date", &date), ("since", &since)]),
            archived: link.archived.as_deref().and_then(content::web_address).map(str::to_owned),
        })
    });
    failing.collect()
}
