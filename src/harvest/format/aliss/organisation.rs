//! Organisations of ALISS, as records of their own.

use url::Url;

use super::service::{address, set_locations, set_social_links};
use crate::harvest::extraction::{Draft, Link};
use crate::harvest::format::json::Item;

/// The link of a service to the organisation with this key.
pub(super) fn link(key: &str) -> Link {
    Link { field: "provider".to_owned(), kind: "organisation".to_owned(), key: key.to_owned() }
}

/// The key of an organisation: v3 counts services and organisations alike.
pub(super) fn key(organisation: &Item<'_>) -> Option<String> {
    organisation.text("id").map(|id| format!("organisation/{id}"))
}

/// What is said of an organisation; `None` without an id or a name.
pub(super) fn draft(item: &Item<'_>, url: &Url) -> Option<Draft> {
    let (Some(key), Some(name)) = (key(item), item.text("name")) else {
        item.unread("", "no-key", "the organisation has no id or no name");
        return None;
    };
    let mut item = item.clone();
    item.key = Some(key.clone());
    let mut draft = Draft::new("organisation", key, item.at.as_str());
    draft.modified = item.first_text(&["last_edited", "last_updated"]);
    draft.set("name", name);
    draft.set("description", item.first_text(&["description_formatted", "description"]));
    draft.set("url", item.text("url"));
    draft.set("email", item.text("email"));
    draft.set("telephone", item.text("phone"));
    set_social_links(&mut draft, &item, url);
    set_locations(&mut draft, &item);
    draft.set("sameAs", address(&item, url));
    draft.set("claimed", item.truth("is_claimed"));
    Some(draft)
}
