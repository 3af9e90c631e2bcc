//! Other records of the same thing: which stands for them, or for which this
//! one does.

use crate::web::beside::Shown;
use crate::web::html::content::Link;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::site::Site;

/// What a page says of the other records of its thing.
#[derive(Debug)]
pub(super) struct Same {
    /// What they are.
    pub(super) line: Phrase,
    /// The record that stands for this one, or all for which this one does.
    pub(super) links: Vec<Link>,
}

/// What to say of the other records of the same thing; `None` when there are
/// none.
pub(super) fn of(site: Site<'_>, shown: &Shown) -> Option<Same> {
    let m = Messages::of(site.language);
    let cluster = shown.version.cluster.as_ref()?;
    Some(match shown.canonical() {
        Some(canonical) => Same { line: m.same_whole, links: vec![site.link(canonical)] },
        None => Same {
            line: m.same_others,
            links: cluster.others.iter().map(|id| site.link(id)).collect(),
        },
    })
}
