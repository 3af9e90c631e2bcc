//! What a list is of, found by what stands in its address.

use serde_json::{Map, Value as Json};

use crate::record::RecordId;
use crate::register::Found;
use crate::web::address;
use crate::web::list::Notes;
use crate::web::problem::{Problem, Result};
use crate::web::search_query::sought_kinds;
use crate::web::state::AppState;

/// The word in an address for everything.
pub const ALL: &str = "all";

/// What a list is of.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// Everything that people look for.
    All,
    /// What is near a place, as the address names it.
    Near(String),
    /// What somebody has put together.
    Collection(Collection),
    /// What an organisation has.
    Organisation(RecordId, Map<String, Json>),
    /// One record alone.
    Record(RecordId, Map<String, Json>),
}

/// A collection, as its summary tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// Its identity.
    pub id: RecordId,
    /// Its summary.
    pub summary: Map<String, Json>,
    /// The keys of its entries, in its own order.
    pub keys: Vec<String>,
    /// What it remarks on them.
    pub notes: Notes,
    /// The saved search that it is, where it names no entries.
    pub search: Option<String>,
}

impl Subject {
    /// What `text` names, by identifier or slug: everything, a collection, what
    /// an organisation has, or another record as a list of itself alone; the
    /// first of these that there is.
    ///
    /// # Errors
    ///
    /// 404 when there is none, 410 when it was withdrawn.
    pub fn find(state: &AppState, text: &str) -> Result<Self> {
        if text == ALL {
            return Ok(Self::All);
        }
        if let Some((id, summary)) = record(state, "collection", text)? {
            return Ok(Self::Collection(Collection::read(state, id, summary)));
        }
        if let Some((id, summary)) = record(state, "organisation", text)? {
            return Ok(Self::Organisation(id, summary));
        }
        let kinds = sought_kinds(state.register.schema());
        for kind in &kinds {
            if let Some((id, summary)) = record(state, kind, text)? {
                return Ok(Self::Record(id, summary));
            }
        }
        for kind in &kinds {
            if let Ok(id) = RecordId::new(kind, text)
                && let Found::Gone { at, .. } = state.register.get(&id)?
            {
                return Err(Problem::gone(format!("{id} was withdrawn at {at}")));
            }
        }
        Err(Problem::not_found(format!(
            "no collection, organisation or other record is registered as `{text}`"
        )))
    }

    /// The path at which it is a list, in every format: a record alone has
    /// fewer formats at its own.
    #[must_use]
    pub fn path_of_list(&self, state: &AppState) -> String {
        match self {
            Self::Record(id, _) => format!("/lists/{}", id.id()),
            _ => self.path(state),
        }
    }

    /// The record of `kind` that `text` names, as a list of itself alone; a
    /// collection is the list that it is.
    ///
    /// # Errors
    ///
    /// 404 when there is none.
    pub fn of_record(state: &AppState, kind: &str, text: &str) -> Result<Self> {
        match record(state, kind, text)? {
            Some((id, summary)) if kind == "collection" => {
                Ok(Self::Collection(Collection::read(state, id, summary)))
            }
            Some((id, summary)) => Ok(Self::Record(id, summary)),
            None => Err(Problem::not_found(format!("nothing is registered as {kind}/{text}"))),
        }
    }

    /// The path of the list, without suffix and query: by its slug, where it
    /// has one.
    #[must_use]
    pub fn path(&self, state: &AppState) -> String {
        match self {
            Self::All => format!("/lists/{ALL}"),
            Self::Near(place) => address::near(place),
            Self::Collection(Collection { id, summary, .. }) | Self::Organisation(id, summary) => {
                let slug = summary.get("slug").and_then(Json::as_str);
                format!("/lists/{}", slug.unwrap_or(id.id()))
            }
            Self::Record(id, _) => {
                let kind = state.register.schema().kind(id.kind());
                format!("/{}/{}", kind.map_or(id.kind(), |kind| kind.path.as_str()), id.id())
            }
        }
    }

    /// The path of its frame.
    #[must_use]
    pub fn frame(&self, state: &AppState) -> String {
        match self {
            Self::Record(..) => format!("/embed/v1/records{}", self.path(state)),
            _ => format!("/embed/v1{}", self.path(state)),
        }
    }

    /// The summary of the record that it is of.
    #[must_use]
    pub const fn summary(&self) -> Option<&Map<String, Json>> {
        match self {
            Self::All | Self::Near(_) => None,
            Self::Collection(Collection { summary, .. })
            | Self::Organisation(_, summary)
            | Self::Record(_, summary) => Some(summary),
        }
    }
}

impl Collection {
    fn read(state: &AppState, id: RecordId, summary: Map<String, Json>) -> Self {
        let mut keys: Vec<String> = Vec::new();
        let mut notes = Notes::new();
        let items = summary.get("items").and_then(Json::as_array).into_iter().flatten();
        for item in items {
            let Some(Ok(listed)) = item
                .get("item")
                .and_then(Json::as_str)
                .and_then(|iri| state.register.base().record_of(iri))
            else {
                continue;
            };
            let key = listed.to_string();
            if keys.contains(&key) {
                continue;
            }
            if let Some(note) = item.get("note") {
                notes.insert(key.clone(), note.clone());
            }
            keys.push(key);
        }
        let search = summary.get("search").and_then(Json::as_str).map(str::to_owned);
        Self { id, summary, keys, notes, search }
    }
}

/// The record of `kind` with this identifier or slug, with its summary.
fn record(
    state: &AppState,
    kind: &str,
    text: &str,
) -> Result<Option<(RecordId, Map<String, Json>)>> {
    let Ok(id) = RecordId::new(kind, text) else { return Ok(None) };
    let of = |id: RecordId| {
        let bytes = state.register.summary(&id.to_string())?;
        Some((id, serde_json::from_slice(&bytes).ok()?))
    };
    if let Some(found) = of(id) {
        return Ok(Some(found));
    }
    Ok(state.register.by_slug(kind, text)?.and_then(of))
}
