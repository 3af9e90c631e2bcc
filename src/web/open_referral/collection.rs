//! The five collections, and the rows and objects of each.

use std::io;

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::record::{RecordId, to_json};
use crate::register::{
    Answer, Facet, Filter, Hit, HitUnit, Page, Query, Register, SearchError, Sort, Start, Where,
};
use crate::web::hsds::convert::{self, Moments};
use crate::web::hsds::identity;
use crate::web::hsds::said::Said;
use crate::web::members::members;
use crate::web::open_referral::parameters::{OF_ORGANIZATIONS, OF_SERVICES, OF_TERMS, SEARCH};
use crate::web::open_referral::question::Depth;
use crate::web::parameter::Parameter;
use crate::web::problem::{Problem, Result};
use crate::web::state::AppState;

/// How many services an organisation shows.
const SERVICES: usize = 1_000;

/// How many hits are read at once where all are read.
const BATCH: usize = 1_000;

/// One of the collections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Collection {
    /// Assets.
    Services,
    /// What assets offer at each of their locations.
    AtLocations,
    /// Organisations.
    Organizations,
    /// Schemes of categories.
    Taxonomies,
    /// Categories.
    Terms,
}

/// All of them.
pub(super) const ALL: [Collection; 5] = [
    Collection::Services,
    Collection::AtLocations,
    Collection::Organizations,
    Collection::Taxonomies,
    Collection::Terms,
];

impl Collection {
    /// The last part of the address.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::AtLocations => "service_at_locations",
            Self::Organizations => "organizations",
            Self::Taxonomies => "taxonomies",
            Self::Terms => "taxonomy_terms",
        }
    }

    /// The name of the list in the document, of one item, and of its schema.
    pub(super) const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Services => ("listServices", "findService", "Service"),
            Self::AtLocations => {
                ("listServiceAtLocations", "findServiceAtLocation", "ServiceAtLocation")
            }
            Self::Organizations => ("listOrganizations", "findOrganization", "Organization"),
            Self::Taxonomies => ("listTaxonomies", "findTaxonomy", "Taxonomy"),
            Self::Terms => ("listTaxonomyTerms", "findTaxonomyTerm", "TaxonomyTerm"),
        }
    }

    /// The kind of the records behind it.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Services | Self::AtLocations => "asset",
            Self::Organizations => "organisation",
            Self::Taxonomies => "scheme",
            Self::Terms => "category",
        }
    }

    /// `query` near `place` for the rows of the list: services at locations are
    /// those of each location. Where there is a place the nearest comes first,
    /// also of what has the words that are asked for.
    pub(super) fn rows_of(self, query: Query, place: &Where) -> Query {
        let sort = place.near.as_ref().map(|_| Sort::Distance).or(query.sort);
        let unit = if self == Self::AtLocations { HitUnit::Site } else { query.unit };
        Query { unit, sort, ..query }
    }

    /// What its list is filtered by.
    pub(super) const fn parameters(self) -> &'static [Parameter] {
        match self {
            Self::Services | Self::AtLocations => OF_SERVICES,
            Self::Organizations => OF_ORGANIZATIONS,
            Self::Taxonomies => &[SEARCH],
            Self::Terms => OF_TERMS,
        }
    }

    /// The validator's tag: what an implementation may lack is `Optional`.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::Services => "Services",
            _ => "Optional",
        }
    }
}

/// What rows are read from, and for which day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) register: &'a Register,
    pub(super) today: Date,
}

impl<'a> Reader<'a> {
    /// The register as it is today.
    pub(super) fn of(state: &'a AppState) -> Self {
        Self { register: &state.register, today: state.today() }
    }
}

/// One row; `None` when it is gone since the search.
pub(super) fn row(
    reader: Reader<'_>,
    collection: Collection,
    hit: &Hit,
    depth: Depth,
) -> Result<Option<Json>> {
    let Reader { register, today } = reader;
    let at = Moments { modified: hit.modified, today };
    let Ok(id) = hit.key().parse::<RecordId>() else { return Ok(None) };
    if depth == Depth::Minimal {
        let uuid = match collection {
            Collection::AtLocations => site_uuid(register, (&id, hit.site), &hit.summary(), at),
            _ => Some(identity::of(register, &id)),
        };
        return Ok(Some(json!({ "id": uuid, "modified_date": hit.modified.to_string() })));
    }
    if matches!(depth, Depth::Whole | Depth::WithServices) {
        return whole(reader, collection, (&id, hit.site), depth);
    }
    let summary = members(&hit.summary(), |key| match collection {
        Collection::Services => convert::is_in_service_row(key),
        _ => true,
    });
    let summary = summary.unwrap_or_default();
    let said = Said(&summary);
    let mut object = match collection {
        Collection::Services => convert::service_row(register, &id, said, at),
        Collection::AtLocations => convert::at_location_row(register, (&id, hit.site), said, at),
        Collection::Organizations => convert::organization_row(register, &id, said),
        Collection::Taxonomies => convert::taxonomy(register, &id, said),
        Collection::Terms => convert::term(register, &id, said),
    };
    convert::add_credits(&mut object, register, &id);
    Ok(Some(object.into()))
}

fn site_uuid(
    register: &Register,
    site: (&RecordId, usize),
    summary: &[u8],
    at: Moments,
) -> Option<String> {
    let summary = serde_json::from_slice(summary).unwrap_or_default();
    let object = convert::at_location_row(register, site, Said(&summary), at);
    Json::from(object).get("id")?.as_str().map(str::to_owned)
}

/// One object with all that is nested; `None` when nothing is registered there.
/// Of a thing of which several records speak it says what its row says.
pub(super) fn whole(
    reader: Reader<'_>,
    collection: Collection,
    (id, site): (&RecordId, usize),
    depth: Depth,
) -> Result<Option<Json>> {
    let Reader { register, today } = reader;
    let object = match collection {
        Collection::Services => match register.listed(id)? {
            Some(version) => Some(convert::service(register, &version, today)?),
            None => None,
        },
        Collection::AtLocations => match register.listed(id)? {
            Some(version) => Some(convert::at_location_whole(register, &version, site, today)?),
            None => None,
        },
        Collection::Organizations => match convert::organization(register, id)? {
            Some(mut object) if depth == Depth::WithServices => {
                object.put("services", services_of(reader, id, Depth::Whole)?);
                Some(object)
            }
            other => other,
        },
        Collection::Taxonomies | Collection::Terms => {
            let Some(version) = register.listed(id)? else { return Ok(None) };
            let record = &version.merged.record;
            let json = to_json(register.schema(), register.base(), record);
            let fields = json.as_object().cloned().unwrap_or_default();
            let said = Said(&fields);
            Some(match collection {
                Collection::Taxonomies => convert::taxonomy(register, id, said),
                _ => convert::term(register, id, said),
            })
        }
    };
    Ok(object.map(|mut object| {
        convert::add_credits(&mut object, register, id);
        Json::from(object)
    }))
}

/// The services that an organisation provides.
pub(super) fn services_of(reader: Reader<'_>, id: &RecordId, depth: Depth) -> Result<Vec<Json>> {
    let query = Query {
        kinds: vec!["asset".to_owned()],
        filters: vec![Filter { facet: Facet::Organisation, any_of: vec![id.id().to_owned()] }],
        page: Page { limit: SERVICES, start: Start::Offset(0) },
        ..Query::default()
    };
    let found = reader.register.search(query, &Where::default())?;
    let rows = found.results.hits.iter();
    rows.filter_map(|hit| row(reader, Collection::Services, hit, depth).transpose()).collect()
}

/// Everything that a query finds, read part by part.
#[derive(Debug)]
pub(super) struct Walk {
    query: Query,
    place: Where,
    found: Answer,
    passed: usize,
}

impl Walk {
    /// Reads the first part.
    ///
    /// # Errors
    ///
    /// When the query can't be answered.
    pub(super) fn begin(
        register: &Register,
        collection: Collection,
        query: Query,
        place: Where,
    ) -> Result<Self, SearchError> {
        let page = Page { limit: BATCH, start: Start::Offset(0) };
        let query = collection.rows_of(Query { page, ..query }, &place);
        let found = register.search(query.clone(), &place)?;
        Ok(Self { query, place, found, passed: 0 })
    }

    /// Calls `with` with each row.
    ///
    /// # Errors
    ///
    /// When the register can't be read, or `with` fails.
    pub(super) fn each(
        mut self,
        reader: Reader<'_>,
        collection: Collection,
        depth: Depth,
        with: &mut dyn FnMut(Json) -> io::Result<()>,
    ) -> io::Result<()> {
        let failed = |problem: Problem| io::Error::other(problem.detail().to_owned());
        loop {
            for hit in &self.found.results.hits {
                if let Some(row) = row(reader, collection, hit, depth).map_err(failed)? {
                    with(row)?;
                }
            }
            self.passed += self.found.results.hits.len();
            // Sites have no cursors.
            let start = match (self.query.unit, self.found.results.next.take()) {
                (HitUnit::Entry, Some(cursor)) => Start::After(cursor),
                (HitUnit::Site, _) if self.found.results.hits.len() == BATCH => {
                    Start::Offset(self.passed)
                }
                _ => return Ok(()),
            };
            let page = Page { limit: BATCH, start };
            let query = Query { page, ..self.query.clone() };
            self.found = reader.register.search(query, &self.place).map_err(io::Error::other)?;
        }
    }
}
