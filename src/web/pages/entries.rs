//! What is on a collection that is a saved search: its words, and the first
//! entries.

use serde_json::Map;
use serde_json::Value as Json;

use crate::record::RecordId;
use crate::web::html::address::Address;
use crate::web::html::card::Card;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::site::Site;
use crate::web::listing::answer::Listing;
use crate::web::listing::parameters;
use crate::web::listing::question;
use crate::web::listing::subject::Subject;
use crate::web::pages::filters;

/// How many entries are shown.
const MOST: usize = 6;

/// See the module.
#[derive(Debug)]
pub(super) struct Entries {
    /// The search, part by part.
    pub(super) words: Vec<Text>,
    /// The first of what it finds.
    pub(super) cards: Vec<Card>,
    /// What the link to all of it says.
    pub(super) see_all: Text,
}

/// What is on the collection `id`; `None` when it is no saved search, or one
/// that can't be answered, which its list tells of.
pub(super) fn of(site: Site<'_>, id: &RecordId, json: &Map<String, Json>) -> Option<Entries> {
    let search = json.get("search")?.as_str()?;
    if json.contains_key("items") {
        return None;
    }
    let subject = Subject::of_record(site.state, id.kind(), id.id()).ok()?;
    let question = question::of(site.state, &subject, "").ok()?.of_first(MOST);
    let listing = Listing::ask(site.state, subject, question).ok()?;
    let m = Messages::of(site.language);
    Some(Entries {
        words: words(site, search),
        cards: listing.cards(site),
        see_all: listing.see_all(m),
    })
}

/// The parts of a saved search as people say them.
fn words(site: Site<'_>, search: &str) -> Vec<Text> {
    let m = Messages::of(site.language);
    let address = Address::asked("/search", search.trim_start_matches('?'));
    let text = address.value("q").map(|text| Text::plain(format!("“{text}”")));
    let near = address.value("near").map(|place| m.results_all_near.filled(&[("place", place)]));
    let named = address.pairs().map(|(name, value)| (parameters::of_search(name), value));
    let named = named.fold(Address::new("/search"), |all, (name, value)| all.with(name, value));
    let filters = filters::chips(site, &named).into_iter().map(|chip| chip.label);
    text.into_iter().chain(near).chain(filters).collect()
}
