//! Categories by the slugs of ALISS.
//!
//! Where our slug is not the one that ALISS uses, because another scheme has
//! it or it has capital letters, the notation of the category holds that one,
//! and it alone is told to clients of ALISS. Slugs of older generations are
//! further notations, which are understood and not told.

use sha2::{Digest, Sha256};

use crate::register::{Facet, Filter, KnownCategory, Register};

/// The scheme of what ALISS calls categories.
pub(super) const CATEGORIES: &str = "topic";
/// The scheme of what ALISS calls community groups.
pub(super) const COMMUNITY_GROUPS: &str = "audience";
/// The scheme of what ALISS calls accessibility features.
pub(super) const ACCESSIBILITY: &str = "accessibility";

/// A category as clients of ALISS know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// Our slug.
    pub(super) own: String,
    /// The slug of ALISS.
    pub(super) slug: String,
    /// What it is called.
    pub(super) name: String,
    /// Whether it was chosen itself, rather than a narrower one.
    pub(super) selected: bool,
}

/// The slug that ALISS uses for the category `own` with these notations.
pub(super) fn slug(own: &str, notations: &[String]) -> String {
    let is_own = notations.is_empty() || notations.iter().any(|notation| notation == own);
    if is_own { own.to_owned() } else { notations[0].clone() }
}

/// The chosen categories `slugs`, without the wider ones.
pub(super) fn chosen(register: &Register, slugs: &[String]) -> Vec<Term> {
    slugs.iter().map(|slug| term(register.category(slug), slug, true)).collect()
}

/// The chosen categories `slugs` and then all wider ones, each once.
pub(super) fn with_wider(register: &Register, slugs: &[String]) -> Vec<Term> {
    let mut terms = chosen(register, slugs);
    for wider in slugs.iter().flat_map(|slug| register.wider_than(slug)) {
        if terms.iter().all(|term| term.own != wider) {
            terms.push(term(register.category(&wider), &wider, false));
        }
    }
    terms
}

fn term(category: Option<KnownCategory>, own: &str, selected: bool) -> Term {
    let notations = category.as_ref().map_or(&[][..], |category| &category.notations);
    let slug = slug(own, notations);
    let name = category.and_then(|category| category.name).unwrap_or_else(|| own.to_owned());
    Term { own: own.to_owned(), slug, name, selected }
}

/// The filter for what has the category `slug` or a narrower one; what no
/// category is called finds nothing.
pub(super) fn filter(register: &Register, scheme: &str, facet: Facet, slug: &str) -> Filter {
    Filter { facet, any_of: register.categories_named(scheme, slug) }
}

/// A number for what ALISS counts and we name: the same on every machine,
/// though not the one of ALISS. Positive, of 31 bits.
pub(super) fn number(kind: &str, key: &str) -> u32 {
    let digest = Sha256::digest(format!("aliss\n{kind}\n{key}"));
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) >> 1
}

#[cfg(test)]
#[path = "terms_tests.rs"]
mod tests;
