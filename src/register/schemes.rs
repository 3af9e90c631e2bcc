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

/// The wider categories of each category in `edits`.
fn new_broader(edits: &[Edit]) -> HashMap<&str, Vec<&str>> {
    let records = edits.iter().filter_map(|edit| edit.record.as_ref());
    let categories = records.filter(|record| record.id.kind() == "category");
    categories.map(|record| (record.id.id(), broader(record).collect())).collect()
}

fn broader(category: &Record) -> impl Iterator<Item = &str> {
    category.values("broader").iter().filter_map(Value::as_record).map(RecordId::id)
}

impl Register {
    /// What is wrong with what `record` says is wider than it: a category must
    /// be of the same scheme, and nothing is wider than itself, by whatever
    /// way. Categories of `edits` and of `new` schemes are there too.
    pub(super) fn faults_of_wider(
        &self,
        record: &Record,
        edits: &[Edit],
        new: &NewSchemes,
    ) -> Vec<Fault> {
        let is_own_parent = record.values("parent").iter().filter_map(Value::as_record);
        if is_own_parent.into_iter().any(|parent| *parent == record.id) {
            let detail = "it is its own parent, and so no part of anything";
            return vec![Fault::new("/parent", detail).of(record.id.to_string())];
        }
        if record.id.kind() != "category" {
            return Vec::new();
        }
        let written = new_broader(edits);
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let own = scheme_of(record).map(|(_, scheme)| scheme);
        let scheme = |id: &str| match new.get(id) {
            Some(scheme) => Some(scheme.as_str()),
            None => lookup.category(id)?.scheme.as_deref(),
        };
        let wider_than = |id: &str| -> Vec<String> {
            let known = || lookup.category(id).map_or(Vec::new(), |it| it.broader.clone());
            let said = written.get(id);
            said.map_or_else(known, |wider| wider.iter().map(|&id| id.to_owned()).collect())
        };
        let fault = |id: &str| {
            let other = scheme(id).filter(|other| own.as_deref().is_some_and(|own| own != *other));
            if let Some(other) = other {
                return Some(format!("`{id}` is a category of another scheme, `{other}`"));
            }
            let mut all = vec![id.to_owned()];
            let mut next = 0;
            while let Some(id) = all.get(next).cloned() {
                next += 1;
                let more = wider_than(&id).into_iter().filter(|id| !all.contains(id));
                all.extend(more.collect::<Vec<_>>());
            }
            let is_ring = all.iter().any(|id| id == record.id.id());
            is_ring.then(|| format!("`{id}` is this or narrower; nothing is wider than itself"))
        };
        let faults = broader(record).filter_map(|id| Some((id, fault(id)?)));
        let faults =
            faults.map(|(id, detail)| Fault::new("/broader", detail).of(format!("category/{id}")));
        faults.collect()
    }

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
