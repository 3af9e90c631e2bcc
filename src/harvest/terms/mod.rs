//! Partners' terms, and which of our categories they mean.
//!
//! A person's decision goes first, then what is written the same, then a
//! synonym. What is only alike is never taken: it becomes a suggestion for an
//! editor, and the partner's term is kept.

mod suggest;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::harvest::extraction::Term;
use crate::harvest::words;
use suggest::Labels;

/// A category of ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concept {
    /// Its identifier, the last part of its address: `arts-and-crafts`.
    pub id: String,
    /// Identifier of its scheme, such as `topic`.
    pub scheme: String,
    /// What it is called, with the language.
    pub labels: Vec<(String, String)>,
    /// What else it is called, in any language.
    pub alternatives: Vec<String>,
    /// Its slugs, also those in other systems.
    pub notations: Vec<String>,
    /// Addresses of the same concept elsewhere.
    pub exact_matches: Vec<String>,
    /// Addresses of nearly the same concept elsewhere.
    pub close_matches: Vec<String>,
}

/// What editors have decided of terms, by [`table_keys`].
pub type Table = BTreeMap<String, Decision>;

/// What an editor has decided of a term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It means this category, by its identifier.
    Means(String),
    /// It means nothing for us.
    Ignore,
}

impl Decision {
    /// What was answered: the identifier of a category, or `ignore`.
    #[must_use]
    pub fn answer(&self) -> &str {
        match self {
            Self::Means(id) => id,
            Self::Ignore => "ignore",
        }
    }
}

/// What a term means.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolution {
    /// This category: the code or name is its own.
    Exact(String),
    /// This category: the name is a synonym of its.
    Alias(String),
    /// This category: an editor has said so.
    Table(String),
    /// Nothing for us: an editor has said so.
    Ignored,
    /// One of these perhaps, likeliest first.
    Suggested(Vec<Suggestion>),
    /// Nothing that is known here.
    Unknown,
}

/// A category that a term may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Its identifier.
    pub concept: String,
    /// Its scheme, which need not be that of the term's field.
    pub scheme: String,
    /// How likely, from 0 to 1.
    pub score: f64,
}

/// All categories, ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    concepts: Vec<Concept>,
    by_id: HashMap<String, usize>,
    own: Index,
    synonyms: Index,
    matches: HashMap<String, Vec<usize>>,
    close: HashMap<String, Vec<usize>>,
    labels: Labels,
}

/// Scheme and text → concepts, in the order of the concepts.
type Index = HashMap<(String, String), Vec<usize>>;

/// How likely a concept is that the words themselves name, when several do.
const NAMED: f64 = 0.95;

/// How likely a concept is that another vocabulary calls close.
const CLOSE: f64 = 0.9;

/// How likely a concept is whose words stand in another scheme than asked for.
const ELSEWHERE: f64 = 0.7;

/// The scheme from which the categories of a field come; `None` when the field
/// has no categories.
#[must_use]
pub fn scheme_of(field: &str) -> Option<&'static str> {
    Some(match field {
        "topics" => "topic",
        "audience" => "audience",
        "accessibility" => "accessibility",
        "assetType" => "asset-type",
        "resourceType" => "resource-type",
        "sector" | "sectors" | "forSectors" | "seekingSectors" => "sector",
        "form" => "partnership-form",
        "stage" => "partnership-stage",
        _ => return None,
    })
}

/// The keys under which a term is looked up in a [`Table`], the most exact
/// first: by code in its vocabulary, and by name. An editor's decision is
/// stored under the first.
#[must_use]
pub fn table_keys(term: &Term) -> Vec<String> {
    let code = term.code.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let scheme = term.scheme.as_deref().unwrap_or_default().trim();
    let code = code.map(|code| format!("{}|{scheme}|{code}", term.field));
    let label = words::fold(&term.label);
    let label = (!label.is_empty()).then(|| format!("{}||{label}", term.field));
    code.into_iter().chain(label).collect()
}

impl Terms {
    /// Takes all categories.
    #[must_use]
    pub fn new(concepts: impl IntoIterator<Item = Concept>) -> Self {
        let mut terms = Self::default();
        for concept in concepts {
            let place = terms.concepts.len();
            let labels = concept.labels.iter().map(|(_, label)| label);
            let named = labels.chain(&concept.notations).chain(std::iter::once(&concept.id));
            for name in named {
                enter(&mut terms.own, &concept.scheme, name, place);
            }
            for name in &concept.alternatives {
                enter(&mut terms.synonyms, &concept.scheme, name, place);
            }
            for (matches, addresses) in [
                (&mut terms.matches, &concept.exact_matches),
                (&mut terms.close, &concept.close_matches),
            ] {
                for address in addresses {
                    matches.entry(plain_address(address)).or_default().push(place);
                }
            }
            for (_, name) in &concept.labels {
                terms.labels.add(name, place);
            }
            for name in &concept.alternatives {
                terms.labels.add(name, place);
            }
            terms.by_id.insert(concept.id.clone(), place);
            terms.concepts.push(concept);
        }
        terms
    }

    /// What a partner's term means.
    ///
    /// Case, accents, punctuation, `&` for “and” and singular for plural do
    /// not matter. Of a path such as `Health > Mental health` the last step
    /// counts.
    #[must_use]
    pub fn resolve(&self, term: &Term, table: &Table) -> Resolution {
        for key in table_keys(term) {
            match table.get(&key) {
                Some(Decision::Ignore) => return Resolution::Ignored,
                Some(Decision::Means(id)) if self.by_id.contains_key(id) => {
                    return Resolution::Table(id.clone());
                }
                // A category that is no more decides nothing.
                Some(Decision::Means(_)) | None => {}
            }
        }
        let Some(scheme) = scheme_of(&term.field) else { return Resolution::Unknown };
        let own = self.by_address(&self.matches, term, scheme);
        let own = own.or_else(|| by_words(&self.own, term, scheme));
        if let Some(places) = own {
            return self.decide(&places, Resolution::Exact, NAMED);
        }
        if let Some(places) = by_words(&self.synonyms, term, scheme) {
            return self.decide(&places, Resolution::Alias, NAMED);
        }
        if let Some(places) = self.by_address(&self.close, term, scheme) {
            return self.suggest_all(&places, CLOSE);
        }
        self.suggest(term, scheme)
    }

    /// The category, when there is one only; or else all as suggestions.
    fn decide(
        &self,
        places: &[usize],
        resolution: fn(String) -> Resolution,
        score: f64,
    ) -> Resolution {
        match places {
            [place] => resolution(self.concepts[*place].id.clone()),
            places => self.suggest_all(places, score),
        }
    }

    fn suggest_all(&self, places: &[usize], score: f64) -> Resolution {
        let most = places.iter().take(suggest::MOST);
        Resolution::Suggested(most.map(|place| self.suggestion(*place, score)).collect())
    }

    fn suggestion(&self, place: usize, score: f64) -> Suggestion {
        let Concept { id, scheme, .. } = &self.concepts[place];
        Suggestion { concept: id.clone(), scheme: scheme.clone(), score }
    }

    /// What is only alike, in the field's scheme; and what is named so in
    /// another one.
    fn suggest(&self, term: &Term, scheme: &str) -> Resolution {
        let alike = self.labels.alike(last_step(&term.label));
        let mut suggestions: Vec<Suggestion> = alike
            .into_iter()
            .map(|(place, score)| self.suggestion(place, score))
            .filter(|suggestion| suggestion.scheme == scheme || suggestion.score >= 1.0)
            .map(|suggestion| {
                let score = if suggestion.scheme == scheme { suggestion.score } else { ELSEWHERE };
                Suggestion { score, ..suggestion }
            })
            .collect();
        suggestions.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.concept.cmp(&b.concept)));
        suggestions.truncate(suggest::MOST);
        if suggestions.is_empty() {
            Resolution::Unknown
        } else {
            Resolution::Suggested(suggestions)
        }
    }

    fn by_address(
        &self,
        addresses: &HashMap<String, Vec<usize>>,
        term: &Term,
        scheme: &str,
    ) -> Option<Vec<usize>> {
        let places = addresses.get(&plain_address(term.code.as_deref()?))?;
        let places = places.iter().filter(|place| self.concepts[**place].scheme == scheme);
        let places: Vec<usize> = places.copied().collect();
        (!places.is_empty()).then_some(places)
    }
}

/// The concepts that a term names: by its code, the last part of a code that
/// is an address, its name, or the last step of its name; each first to the
/// letter and then whatever the number.
fn by_words(index: &Index, term: &Term, scheme: &str) -> Option<Vec<usize>> {
    let code = term.code.as_deref().unwrap_or_default();
    let last = code.trim_end_matches('/').rsplit(['/', '#', ':']).next().unwrap_or_default();
    let names = [code, last, term.label.as_str(), last_step(&term.label)];
    let folded: Vec<String> = names.into_iter().map(words::fold).collect();
    let folded = folded.iter().filter(|folded| !folded.is_empty());
    let mut keys = folded.clone().cloned().chain(folded.map(|folded| loose(folded)));
    keys.find_map(|key| index.get(&(scheme.to_owned(), key)).cloned())
}

fn enter(index: &mut Index, scheme: &str, name: &str, place: usize) {
    let folded = words::fold(name);
    let loose = loose(&folded);
    for text in [folded, loose] {
        let places = index.entry((scheme.to_owned(), text)).or_default();
        if places.last() != Some(&place) {
            places.push(place);
        }
    }
}

/// The key of a folded name whatever the number of its words, told from the
/// name to the letter by a mark that no folded text has.
fn loose(folded: &str) -> String {
    format!("~{}", words::key(folded))
}

/// The last step of a path such as `Health > Mental health`.
fn last_step(label: &str) -> &str {
    let steps = label.rsplit(['>', '|', '»']);
    steps.map(str::trim).find(|step| !step.is_empty()).unwrap_or_default()
}

/// An address without what does not tell concepts apart.
fn plain_address(address: &str) -> String {
    let address = address.trim().trim_end_matches('/');
    let address = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    address.map_or_else(String::new, |rest| rest.trim_start_matches("www.").to_lowercase())
}
