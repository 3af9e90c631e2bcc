//! Schemes and categories: trees with counts, and what facets are called.

use std::collections::{BTreeMap, HashMap};
use std::sync::PoisonError;

use super::lookup::Category;
use super::{Facet, Filter, Page, Query, QueryError, Register, Start};

/// A category with the narrower ones in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryTree {
    /// Its slug.
    pub slug: String,
    /// What it is called, by language.
    pub names: BTreeMap<String, String>,
    /// What other systems call it, in order.
    pub notations: Vec<String>,
    /// How many records have it or a narrower one.
    pub count: u64,
    /// The narrower categories, by name.
    pub narrower: Vec<CategoryTree>,
}

impl CategoryTree {
    /// What it is called in English, or else in any language, or else its slug.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = self.names.get("en").or_else(|| self.names.values().next());
        name.map_or(&self.slug, String::as_str)
    }
}

/// A category by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCategory {
    /// Its slug.
    pub slug: String,
    /// What it is called in English, or else in any language.
    pub name: Option<String>,
    /// What other systems call it, in order.
    pub notations: Vec<String>,
    /// The slug of its scheme, when it says.
    pub scheme: Option<String>,
}

/// Facets whose values are categories, with the scheme of each.
const SCHEMES: &[(&str, Facet)] = &[
    ("topic", Facet::Topic),
    ("audience", Facet::Audience),
    ("accessibility", Facet::Accessibility),
    ("asset-type", Facet::AssetType),
    ("resource-type", Facet::ResourceType),
    ("sector", Facet::Sector),
    ("partnership-form", Facet::PartnershipForm),
    ("partnership-stage", Facet::PartnershipStage),
];

impl Register {
    /// The scheme whose categories a facet has; `None` when it has others.
    #[must_use]
    pub fn scheme_of(facet: Facet) -> Option<&'static str> {
        SCHEMES.iter().find(|(_, known)| *known == facet).map(|(scheme, _)| *scheme)
    }

    /// The facet whose values are the categories of `scheme`; `None` when
    /// nothing is filtered by them.
    #[must_use]
    pub fn facet_of(scheme: &str) -> Option<Facet> {
        SCHEMES.iter().find(|(known, _)| *known == scheme).map(|(_, facet)| *facet)
    }

    /// The slugs of the categories of `scheme` that `text` means, in order: of
    /// the one whose slug it is, or else of all whose notation it is, as ALISS
    /// and older versions call them.
    #[must_use]
    pub fn categories_named(&self, scheme: &str, text: &str) -> Vec<String> {
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let is_inside = |category: &Category| category.scheme.as_deref() == Some(scheme);
        if lookup.category(text).is_some_and(is_inside) {
            return vec![text.to_owned()];
        }
        let mut slugs: Vec<String> = lookup
            .categories()
            .filter(|(_, category)| is_inside(category))
            .filter(|(_, category)| {
                category.notations.iter().any(|notation| notation.eq_ignore_ascii_case(text))
            })
            .map(|(slug, _)| slug.to_owned())
            .collect();
        slugs.sort_unstable();
        slugs
    }

    /// The category with this slug; `None` when there is none.
    #[must_use]
    pub fn category(&self, slug: &str) -> Option<KnownCategory> {
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let category = lookup.category(slug)?;
        let name = category.names.get("en").or_else(|| category.names.values().next());
        Some(KnownCategory {
            slug: slug.to_owned(),
            name: name.cloned(),
            notations: category.notations.clone(),
            scheme: category.scheme.clone(),
        })
    }

    /// The slugs of all categories that are wider than `slug`, the nearest
    /// first.
    #[must_use]
    pub fn wider_than(&self, slug: &str) -> Vec<String> {
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        lookup.with_wider(slug).into_iter().skip(1).map(str::to_owned).collect()
    }

    /// The slugs of a scheme, in order.
    #[must_use]
    pub fn categories_of(&self, scheme: &str) -> Vec<String> {
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let mut slugs: Vec<String> = lookup
            .categories()
            .filter(|(_, category)| category.scheme.as_deref() == Some(scheme))
            .map(|(slug, _)| slug.to_owned())
            .collect();
        slugs.sort_unstable();
        slugs
    }

    /// The schemes that have categories, in order.
    #[must_use]
    pub fn schemes(&self) -> Vec<String> {
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let mut schemes: Vec<String> =
            lookup.categories().filter_map(|(_, category)| category.scheme.clone()).collect();
        schemes.sort_unstable();
        schemes.dedup();
        schemes
    }

    /// What a value of a facet is called in English, when it is a category, an
    /// area or another record.
    #[must_use]
    pub fn facet_label(&self, facet: Facet, value: &str) -> Option<String> {
        let record = match facet {
            Facet::Organisation | Facet::Clearance => format!("organisation/{value}"),
            Facet::Source => format!("source/{value}"),
            Facet::Scheme => format!("scheme/{value}"),
            Facet::Within | Facet::Serves => {
                return self.gazetteer().area(value).map(|area| area.name.clone());
            }
            _ => {
                let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
                return lookup.category(value).and_then(|category| {
                    let english = category.names.get("en");
                    english.or_else(|| category.names.values().next()).cloned()
                });
            }
        };
        let summary: serde_json::Value = serde_json::from_slice(&self.summary(&record)?).ok()?;
        let name = &summary["name"];
        name.as_str().or_else(|| name["en"].as_str()).map(str::to_owned)
    }

    /// The categories of `scheme` as trees, with how many records of `kind`
    /// have each; of all kinds when it is `None`.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when the index can't be asked for the counts.
    pub fn category_trees(
        &self,
        scheme: &str,
        kind: Option<&str>,
    ) -> Result<Vec<CategoryTree>, QueryError> {
        let facet = SCHEMES.iter().find(|(known, _)| *known == scheme).map(|(_, facet)| *facet);
        let counts: HashMap<String, u64> = match facet {
            Some(facet) => self.counts(facet, kind)?,
            None => HashMap::new(),
        };
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let mut narrower: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut widest = Vec::new();
        for (slug, category) in lookup.categories() {
            if category.scheme.as_deref() != Some(scheme) {
                continue;
            }
            if category.broader.is_empty() {
                widest.push(slug);
            }
            for wider in &category.broader {
                narrower.entry(wider.as_str()).or_default().push(slug);
            }
        }
        let grow = Grow { lookup: &lookup, narrower: &narrower, counts: &counts };
        Ok(grow.all(&widest, 0))
    }

    fn counts(&self, facet: Facet, kind: Option<&str>) -> Result<HashMap<String, u64>, QueryError> {
        let query = Query {
            kinds: kind.into_iter().map(str::to_owned).collect(),
            filters: Vec::<Filter>::new(),
            page: Page { limit: 1, start: Start::Offset(0) },
            facets: vec![facet],
            ..Query::default()
        };
        let found = self.index.search(&query)?;
        Ok(found.facets.into_iter().flat_map(|facet| facet.counts).collect())
    }
}

struct Grow<'a> {
    lookup: &'a super::lookup::Lookup,
    narrower: &'a HashMap<&'a str, Vec<&'a str>>,
    counts: &'a HashMap<String, u64>,
}

/// Deeper than this a circle of categories is cut.
const DEEPEST: usize = 12;

impl Grow<'_> {
    fn all(&self, slugs: &[&str], depth: usize) -> Vec<CategoryTree> {
        let mut trees: Vec<CategoryTree> = slugs.iter().map(|slug| self.one(slug, depth)).collect();
        trees.sort_by(|a, b| a.names.get("en").cmp(&b.names.get("en")).then(a.slug.cmp(&b.slug)));
        trees
    }

    fn one(&self, slug: &str, depth: usize) -> CategoryTree {
        let category = self.lookup.category(slug);
        let names = category.map(|category| category.names.clone());
        let notations = category.map(|category| category.notations.clone());
        let narrower = self.narrower.get(slug).filter(|_| depth < DEEPEST);
        CategoryTree {
            slug: slug.to_owned(),
            names: names.unwrap_or_default(),
            notations: notations.unwrap_or_default(),
            count: self.counts.get(slug).copied().unwrap_or_default(),
            narrower: narrower.map(|slugs| self.all(slugs, depth + 1)).unwrap_or_default(),
        }
    }
}
