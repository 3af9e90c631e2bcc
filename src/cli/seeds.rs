//! What the program brings with it for a new register.
//!
//! Places and categories are what records point to, and every register has
//! them; the records of `seeds/` are there for those who ask.

use anyhow::Result;

use super::clock::now;
use super::load::{Document, Place, Survey};
use crate::record::RecordId;
use crate::register::{Applied, Found, Page, Query, Register, Where};

/// The name under which the program writes.
pub(super) const ACTOR: &str = "kist";

/// A file of the project and its text.
type File = (&'static str, &'static str);

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../", $path)))),*]
    };
}

/// Schemes of categories.
const CATEGORIES: &[File] = embedded![
    "ontology/categories/accessibility.ttl",
    "ontology/categories/asset-types.ttl",
    "ontology/categories/audiences.ttl",
    "ontology/categories/engagement.ttl",
    "ontology/categories/partnership-forms.ttl",
    "ontology/categories/partnership-stages.ttl",
    "ontology/categories/partnership-topics.ttl",
    "ontology/categories/resource-types.ttl",
    "ontology/categories/sectors.ttl",
    "ontology/categories/topics.ttl",
];

/// Records.
const RECORDS: &[File] = embedded![
    "seeds/case-studies.json",
    "seeds/collections.json",
    "seeds/equal-partners.json",
    "seeds/further-resources.json",
    "seeds/hospitals.json",
    "seeds/knowledge-bank.json",
    "seeds/libraries.json",
    "seeds/library-services.json",
    "seeds/local-elections.json",
    "seeds/mobile-library-stops.json",
    "seeds/needs.json",
    "seeds/organisations.json",
    "seeds/partnerships.json",
    "seeds/together-for-change.json",
    "seeds/working-together-2006.json",
];

/// Writes the places and categories that a new register has; one which has
/// them, or has withdrawn them, is left as it is.
///
/// # Errors
///
/// When the register can't take them.
pub(super) fn furnish(register: &Register) -> Result<()> {
    if is_unheard_of(register, "place", crate::gazetteer::SCOTLAND)? {
        register.apply_places(ACTOR, now())?;
    }
    if is_unheard_of(register, "scheme", "sector")? {
        apply(register, CATEGORIES)?;
    }
    Ok(())
}

/// Writes the records of `seeds/` into a register that has none but places,
/// categories and sources; `None` when it has.
///
/// # Errors
///
/// When the register can't take them.
pub(super) fn plant(register: &Register) -> Result<Option<Applied>> {
    let furniture = ["place", "category", "scheme", "source"];
    let kinds = register.schema().kinds().map(|kind| kind.name.clone());
    let query = Query {
        kinds: kinds.filter(|kind| !furniture.contains(&kind.as_str())).collect(),
        page: Page { limit: 1, ..Page::default() },
        ..Query::default()
    };
    if register.search(query, &Where::default())?.results.total > 0 {
        return Ok(None);
    }
    apply(register, RECORDS).map(Some)
}

fn apply(register: &Register, files: &[File]) -> Result<Applied> {
    let documents: Vec<Document> = files
        .iter()
        .map(|(name, text)| Document::named(name, Place::Memory(text)))
        .collect::<Result<_>>()?;
    let (applied, _) = Survey::of(register, &documents, &mut || {})?.apply(&mut |_| {})?;
    Ok(applied)
}

fn is_unheard_of(register: &Register, kind: &str, id: &str) -> Result<bool> {
    Ok(register.get(&RecordId::new(kind, id)?)? == Found::Nowhere)
}

#[cfg(test)]
#[path = "seeds_tests.rs"]
mod tests;
