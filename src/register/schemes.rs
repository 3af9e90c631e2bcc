//! Whether categories stand in fields of their scheme: a topic is no type of
//! asset, however alike they are called.

use std::collections::HashMap;
use std::sync::PoisonError;

use super::{Edit, Register};
use crate::record::{
    Becomes, Categorised, Fault, Record, RecordId, Value, categories, recategorise,
};

/// A category that stands in a field of another scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// JSON pointer of the field.
    pub pointer: String,
    /// The category.
    pub category: RecordId,
    /// Identifier of its scheme.
    pub scheme: String,
    /// Identifier of the scheme of the field.
    pub expected: String,
    /// The one category of the field's scheme that is called the same; `None`
    /// when there is none, or several.
    pub instead: Option<String>,
}

impl Misplaced {
    /// It as a fault of its record.
    #[must_use]
    pub fn fault(&self) -> Fault {
        let Self { pointer, category, scheme, expected, instead } = self;
        let value = category.to_string();
        let category = category.id();
        let hint = match instead {
            Some(instead) => format!("; did you mean `{instead}`?"),
            None => format!("; GET /api/v1/categories/trees/{expected} lists them"),
        };
        let detail = format!(
            "`{category}` is a category of scheme `{scheme}`, and here stand those of scheme \
             `{expected}`{hint}"
        );
        Fault::new(pointer.clone(), detail).of(value)
    }
}

/// The schemes of categories that are about to be written, by identifier.
pub(super) type NewSchemes = HashMap<String, String>;

/// The schemes of the categories in `edits`.
pub(super) fn new_schemes<'a>(edits: impl IntoIterator<Item = &'a Edit>) -> NewSchemes {
    let records = edits.into_iter().filter_map(|edit| edit.record.as_ref());
    records.filter_map(scheme_of).collect()
}

/// Identifier and scheme of a category; `None` for other records, and for a
/// category that doesn't say.
fn scheme_of(record: &Record) -> Option<(String, String)> {
    let scheme = record.values("inScheme").iter().find_map(Value::as_record)?;
    (record.id.kind() == "category").then(|| (record.id.id().to_owned(), scheme.id().to_owned()))
}

impl Register {
    /// The categories that `record` names in fields of another scheme. Those
    /// that nobody knows are none.
    #[must_use]
    pub fn misplaced(&self, record: &Record) -> Vec<Misplaced> {
        self.misplaced_among(record, &NewSchemes::new())
    }

    /// As [`Register::misplaced`], when categories of `new` are there too.
    pub(super) fn misplaced_among(&self, record: &Record, new: &NewSchemes) -> Vec<Misplaced> {
        let named = categories(&self.schema, record);
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let known = |id: &str| match new.get(id) {
            Some(scheme) => Some(scheme.clone()),
            None => lookup.category(id).and_then(|category| category.scheme.clone()),
        };
        let misplaced: Vec<Misplaced> = named
            .into_iter()
            .filter(|(_, at)| at.category.kind() == "category")
            .filter_map(|(pointer, Categorised { scheme: expected, category, .. })| {
                let scheme = known(category.id()).filter(|scheme| scheme != expected)?;
                let (category, expected) = (category.clone(), expected.to_owned());
                Some(Misplaced { pointer, category, scheme, expected, instead: None })
            })
            .collect();
        drop(lookup);
        misplaced
            .into_iter()
            .map(|it| {
                let named = self.categories_named(&it.expected, it.category.id());
                let instead = <[String; 1]>::try_from(named).ok().map(|[slug]| slug);
                Misplaced { instead, ..it }
            })
            .collect()
    }

    /// Puts categories that stand in fields of another scheme right: the one
    /// of the field's scheme that is called the same stands there, or none.
    /// Gives what was wrong.
    pub fn put_categories_right(&self, record: &mut Record) -> Vec<Misplaced> {
        let misplaced = self.misplaced(record);
        if !misplaced.is_empty() {
            recategorise(&self.schema, record, &|Categorised { scheme, category, .. }| {
                let is_it = |it: &&Misplaced| it.category == *category && it.expected == scheme;
                let Some(found) = misplaced.iter().find(is_it) else { return Becomes::Same };
                let instead = found.instead.as_ref();
                let id = instead.and_then(|slug| RecordId::new("category", slug).ok());
                id.map_or(Becomes::Nothing, Becomes::Other)
            });
        }
        misplaced
    }
}
