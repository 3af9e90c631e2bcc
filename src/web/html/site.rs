//! What pages ask the register for again and again: where a record's page
//! is, and what a record is called.

use serde_json::Map;
use serde_json::Value as Json;

use crate::record::RecordId;
use crate::register::Facet;
use crate::register::Filter;
use crate::register::Page;
use crate::register::Query;
use crate::register::Results;
use crate::register::Start;
use crate::register::Where;
use crate::web::html::address::Address;
use crate::web::html::content;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::tongue::Tongue;
use crate::web::members::members;
use crate::web::negotiate::Language;
use crate::web::problem::Problem;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// The kinds that people look for; areas, categories and sources are found on
/// pages of their own.
pub(in crate::web) const KINDS: [&str; 8] = [
    "organisation",
    "asset",
    "resource",
    "case-study",
    "partnership",
    "offer",
    "need",
    "collection",
];

/// The most members of a scheme that a page shows.
const MOST_CATEGORIES: usize = 2_000;

/// The register as the pages of one language see it.
#[derive(Clone, Copy)]
pub(in crate::web) struct Site<'a> {
    pub(in crate::web) state: &'a AppState,
    pub(in crate::web) language: Language,
    tongue: Tongue,
}

/// A category with what a page needs to sort it into a tree.
#[derive(Debug, Clone)]
pub(in crate::web) struct Category {
    pub(in crate::web) id: String,
    pub(in crate::web) name: Text,
    pub(in crate::web) broader: Vec<String>,
}

impl<'a> Site<'a> {
    pub(in crate::web) fn new(state: &'a AppState, tongue: impl Into<Tongue>) -> Self {
        let tongue: Tongue = tongue.into();
        Self { state, language: tongue.language, tongue }
    }

    /// The page of a record, without the language.
    pub(in crate::web) fn path(self, kind: &str, id: &str) -> String {
        let path = self.state.register.schema().kind(kind).map_or(kind, |kind| kind.path.as_str());
        format!("/{path}/{id}")
    }

    /// The page of a record, in the language of the page.
    pub(in crate::web) fn href(self, kind: &str, id: &str) -> String {
        format!("{}{}", self.path(kind, id), self.tongue.suffix())
    }

    /// An address that keeps the language of the page.
    pub(in crate::web) fn localised(self, address: Address) -> String {
        self.tongue.localised(&address).to_string()
    }

    /// The page that makes the code by which another site shows the list at
    /// `path` with the query of a request.
    pub(in crate::web) fn embed_code(self, path: &str, query: &str) -> String {
        let page_alone = ["page", "cursor", "lang", "view"];
        let asked = Address::asked("", query).keeping(|name, _| !page_alone.contains(&name));
        self.localised(asked.at("/embed").with("list", path))
    }

    /// The page of the thing with this IRI, in the language of the page;
    /// `None` when it is not of this register.
    pub(in crate::web) fn page_of(self, iri: &str) -> Option<String> {
        let (kind, id) = content::thing(iri, self.state.register.base().as_str())?;
        Some(self.href(kind, id))
    }

    /// The summary of a record; `None` when nothing is registered there.
    pub(in crate::web) fn summary(self, kind: &str, id: &str) -> Option<Map<String, Json>> {
        let bytes = self.state.register.summary(&format!("{kind}/{id}"))?;
        serde_json::from_slice(&bytes).ok()
    }

    /// What a record is called; `None` when nothing is registered there.
    pub(in crate::web) fn name(self, kind: &str, id: &str) -> Option<Text> {
        let bytes = self.state.register.summary(&format!("{kind}/{id}"))?;
        content::text(&members(&bytes, |member| member == "name")?, "name", self.language)
    }

    /// A link to a record, by its name or else by its identifier.
    pub(in crate::web) fn link(self, id: &RecordId) -> Link {
        let text = self.name(id.kind(), id.id()).unwrap_or_else(|| Text::plain(id.id()));
        Link { href: self.href(id.kind(), id.id()), text }
    }

    /// What a summary's reference `{"id", "name"}` is called.
    pub(in crate::web) fn named(self, reference: &Json) -> Option<Text> {
        let iri = reference.get("id")?.as_str()?;
        let here = content::thing(iri, self.state.register.base().as_str());
        let name = here.and_then(|(kind, id)| self.name(kind, id));
        name.or_else(|| content::texts(reference.get("name"), self.language).into_iter().next())
    }

    /// What people call a kind of record.
    pub(in crate::web) fn kind_label(self, kind: &str) -> String {
        let known = self.state.register.schema().kind(kind);
        known.map_or_else(|| content::humanised(kind), |kind| kind.shape.label.clone())
    }

    /// The same as it is shown: the ontology has its labels in English.
    pub(in crate::web) fn kind_text(self, kind: &str) -> Text {
        Text::written(&self.kind_label(kind), "en", self.language)
    }

    /// What a search for `text` in `kinds` near `place` is called.
    pub(in crate::web) fn heading(self, text: &str, kinds: &[String], place: Option<&str>) -> Text {
        let m = Messages::of(self.language);
        // The name of a kind that nobody has translated is English, and then
        // the whole is.
        let (what, m) = match (text.trim(), kinds) {
            ("", [kind]) => {
                let what = self.kind_title(kind);
                let is_foreign = what.language.is_some();
                (Some(what.text), if is_foreign { Messages::of(Language::English) } else { m })
            }
            ("", _) => (None, m),
            (text, _) => (Some(text.to_owned()), m),
        };
        self.in_place(m, what.as_deref(), place)
    }

    /// What several records of a kind are called in the language of the page,
    /// or in English.
    pub(in crate::web) fn kind_title(self, kind: &str) -> Text {
        let m = Messages::of(self.language);
        let phrase = match kind {
            "asset" => m.kind_assets,
            "case-study" => m.kind_case_studies,
            "collection" => m.kind_collections,
            "need" => m.kind_needs,
            "offer" => m.kind_offers,
            "organisation" => m.kind_organisations,
            "partnership" => m.kind_partnerships,
            "place" => m.kind_places,
            "resource" => m.kind_resources,
            _ => return Text::written(&self.kind_plural(kind), "en", self.language),
        };
        phrase.text()
    }

    /// What a search for `text` in what is called `sort` near `place` is
    /// called: by its text, if it has one.
    pub(in crate::web) fn heading_of(self, sort: Phrase, text: &str, place: Option<&str>) -> Text {
        let m = Messages::of(self.language);
        match text.trim() {
            "" if sort.is_borrowed() => {
                self.in_place(Messages::of(Language::English), Some(sort.plain()), place)
            }
            "" => self.in_place(m, Some(sort.plain()), place),
            text => self.in_place(m, Some(text), place),
        }
    }

    fn in_place(self, m: &Messages, what: Option<&str>, place: Option<&str>) -> Text {
        let heading = match (what, place) {
            (Some(what), Some(place)) => m.results_near.filled(&[("what", what), ("place", place)]),
            (Some(what), None) => m.results_for.filled(&[("what", what)]),
            (None, Some(place)) => m.results_all_near.filled(&[("place", place)]),
            (None, None) => m.results_title.text(),
        };
        if m.language == self.language {
            return heading;
        }
        Text::written(&heading.text, m.language.tag(), self.language)
    }

    /// What several records of a kind are called: `Case studies`.
    pub(in crate::web) fn kind_plural(self, kind: &str) -> String {
        let known = self.state.register.schema().kind(kind);
        content::humanised(known.map_or(kind, |kind| kind.path.as_str()))
    }

    /// What a value of a facet is called.
    pub(in crate::web) fn value_label(self, facet: Facet, value: &str) -> Text {
        let name = match facet {
            Facet::Kind => Some(self.kind_title(value)),
            Facet::Organisation | Facet::Clearance => self.name("organisation", value),
            Facet::Source => self.name("source", value),
            Facet::Cost | Facet::AccessMode | Facet::Status | Facet::Level => None,
            _ => self.name("category", value),
        };
        name.unwrap_or_else(|| Text::written(&content::humanised(value), "en", self.language))
    }

    /// Answers a query of today that has no place to be near to.
    ///
    /// # Errors
    ///
    /// 500 `internal` when the index can't be read.
    pub(in crate::web) fn find(self, query: Query) -> Result<Results> {
        let query = Query { today: Some(self.state.today()), ..query };
        let answer = self.state.register.search(query, &Where::default());
        answer.map(|answer| answer.results).map_err(|error| {
            tracing::error!(%error, "a page can't search");
            Problem::internal()
        })
    }

    /// Counts the values of `facets` over all records of `kinds`.
    ///
    /// # Errors
    ///
    /// As [`Site::find`].
    pub(in crate::web) fn counts(self, kinds: &[&str], facets: &[Facet]) -> Result<Results> {
        self.find(Query {
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            facets: facets.to_vec(),
            page: Page { limit: 0, start: Start::Offset(0) },
            ..Query::default()
        })
    }

    /// The categories of `scheme`, or of all schemes, by name.
    ///
    /// # Errors
    ///
    /// As [`Site::find`].
    pub(in crate::web) fn categories(self, scheme: Option<&str>) -> Result<Vec<Category>> {
        let filter =
            scheme.map(|scheme| Filter { facet: Facet::Scheme, any_of: vec![scheme.to_owned()] });
        let results = self.find(Query {
            kinds: vec!["category".to_owned()],
            filters: filter.into_iter().collect(),
            page: Page { limit: MOST_CATEGORIES, start: Start::Offset(0) },
            ..Query::default()
        })?;
        Ok(results.hits.iter().filter_map(|hit| self.category(&hit.summary())).collect())
    }

    fn category(self, summary: &[u8]) -> Option<Category> {
        let object: Map<String, Json> = serde_json::from_slice(summary).ok()?;
        let base = self.state.register.base().as_str();
        let id_of = |json: &Json| {
            let iri = json.get("id").unwrap_or(json).as_str()?;
            content::thing(iri, base).map(|(_, id)| id.to_owned())
        };
        let ids = |key: &str| -> Vec<String> {
            match object.get(key) {
                Some(Json::Array(values)) => values.iter().filter_map(id_of).collect(),
                Some(value) => id_of(value).into_iter().collect(),
                None => Vec::new(),
            }
        };
        Some(Category {
            id: id_of(object.get("id")?)?,
            name: content::text(&object, "name", self.language)?,
            broader: ids("broader"),
        })
    }
}

impl From<Site<'_>> for Tongue {
    /// The language of the site's pages.
    fn from(site: Site<'_>) -> Self {
        site.tongue
    }
}
