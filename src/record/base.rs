//! The address of the register, and the IRIs that are made from it.

use oxigraph::model::NamedNode;
use thiserror::Error;
use uuid::Uuid;

use super::rdf_write::nested_iri;
use super::{RecordId, RecordIdError};

/// The public address of a register, such as `https://kist.example`, without
/// a slash at its end. All IRIs of records begin with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

/// Why an address can't be the register's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not an address such as `https://kist.example`: http or https, no path, no query, no fragment"
)]
pub struct BaseError(String);

impl Base {
    /// Takes `address`, with or without slashes at its end.
    ///
    /// # Errors
    ///
    /// [`BaseError`] when it is not an absolute http or https address, or goes
    /// on after the host: pages link from the root of their host.
    pub fn new(address: &str) -> Result<Self, BaseError> {
        let error = || BaseError(address.to_owned());
        let url = url::Url::parse(address).map_err(|_| error())?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path().bytes().all(|byte| byte == b'/')
            && url.query().is_none()
            && url.fragment().is_none();
        if plain { Ok(Self(url.as_str().trim_end_matches('/').to_owned())) } else { Err(error()) }
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The IRI of the thing that a record is about.
    #[must_use]
    pub fn thing(&self, id: &RecordId) -> NamedNode {
        self.node(&format!("/id/{id}"))
    }

    /// The named graph that holds what `source` says of a record.
    #[must_use]
    pub fn graph(&self, source: &str, id: &RecordId) -> NamedNode {
        self.node(&format!("/graph/{source}/{id}"))
    }

    /// An IRI under the address; `path` begins with a slash.
    #[must_use]
    pub fn node(&self, path: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("{}{path}", self.0))
    }

    /// The UUID of a record, for interfaces that know no other identifiers: its
    /// own where it has one, or else that made from the IRI of its thing
    /// (version 5 in the name space of URLs, RFC 9562, 5.5).
    #[must_use]
    pub fn uuid(&self, id: &RecordId) -> Uuid {
        own_uuid(id).unwrap_or_else(|| uuid_of(self.thing(id).as_str()))
    }

    /// The UUID that is made for a record; `None` when it has one of its own.
    #[must_use]
    pub fn made_uuid(&self, id: &RecordId) -> Option<Uuid> {
        own_uuid(id).is_none().then(|| self.uuid(id))
    }

    /// The UUID of what is nested in a record under `key`, by its place among
    /// its siblings, from zero: made from its hash IRI.
    #[must_use]
    pub fn nested_uuid(&self, id: &RecordId, key: &str, position: usize) -> Uuid {
        uuid_of(&nested_iri(self.thing(id).as_str(), key, position))
    }

    /// The UUID of what a record offers at one of its locations, counted from
    /// zero.
    #[must_use]
    pub fn site_uuid(&self, id: &RecordId, position: usize) -> Uuid {
        self.nested_uuid(id, "at-location", position)
    }

    /// The record that has this address: that of its thing or of its page,
    /// whatever follows after `?` or `#`; `None` when it is none of ours.
    #[must_use]
    pub fn addressed(&self, address: &str) -> Option<RecordId> {
        let path = address.strip_prefix(&self.0)?.strip_prefix('/')?;
        let path = path.split(['?', '#']).next()?;
        path.strip_prefix("id/").unwrap_or(path).parse().ok()
    }

    /// The record whose thing has this IRI; `None` when it is not ours.
    ///
    /// # Errors
    ///
    /// [`RecordIdError`] when the IRI begins as ours but names no record.
    #[must_use]
    pub fn record_of(&self, iri: &str) -> Option<Result<RecordId, RecordIdError>> {
        let rest = iri.strip_prefix(&self.0)?.strip_prefix("/id/")?;
        Some(rest.parse())
    }
}

/// The UUID that an identifier is, in the form with hyphens and small letters.
fn own_uuid(id: &RecordId) -> Option<Uuid> {
    Uuid::try_parse(id.id()).ok().filter(|uuid| uuid.to_string() == id.id())
}

/// The UUID of an IRI: version 5 in the name space of URLs.
fn uuid_of(iri: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, iri.as_bytes())
}

#[cfg(test)]
#[path = "base_tests.rs"]
mod tests;
