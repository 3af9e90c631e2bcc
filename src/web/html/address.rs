//! Addresses of searches: a path, and parameters that are added and removed.

use std::fmt;

use url::form_urlencoded;

/// The address of a page of this register, without its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// The address `path`, without parameters.
    pub(in crate::web) fn new(path: &str) -> Self {
        Self { path: path.to_owned(), pairs: Vec::new() }
    }

    /// Reads a request's address; empty fields of forms are left out.
    pub(in crate::web) fn of(uri: &http::Uri) -> Self {
        Self::asked(uri.path(), uri.query().unwrap_or_default())
    }

    /// The address `path` with the query of a request; empty fields of forms
    /// are left out.
    pub(in crate::web) fn asked(path: &str, query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let pairs = pairs.filter(|(_, value)| !value.is_empty()).collect();
        Self { path: path.to_owned(), pairs }
    }

    /// Its path.
    pub(in crate::web) fn path(&self) -> &str {
        &self.path
    }

    /// The same parameters at another path.
    pub(in crate::web) fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), pairs: self.pairs.clone() }
    }

    /// With one more value of `name`.
    pub(in crate::web) fn with(&self, name: &str, value: &str) -> Self {
        let mut address = self.clone();
        address.pairs.push((name.to_owned(), value.to_owned()));
        address
    }

    /// Without this value of `name`.
    pub(in crate::web) fn without(&self, name: &str, value: &str) -> Self {
        self.keeping(|known, given| known != name || given != value)
    }

    /// With `value` as the only one of `name`, or with none.
    pub(in crate::web) fn set(&self, name: &str, value: Option<&str>) -> Self {
        let address = self.keeping(|known, _| known != name);
        value.map_or_else(|| address.clone(), |value| address.with(name, value))
    }

    /// With those parameters that `keep` says, given name and value.
    pub(in crate::web) fn keeping(&self, keep: impl Fn(&str, &str) -> bool) -> Self {
        let pairs = self.pairs.iter().filter(|(name, value)| keep(name, value));
        Self { path: self.path.clone(), pairs: pairs.cloned().collect() }
    }

    /// The names and values, in order.
    pub(in crate::web) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first value of `name`.
    pub(in crate::web) fn value(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Whether `name` has this value.
    pub(in crate::web) fn has(&self, name: &str, value: &str) -> bool {
        self.pairs().any(|pair| pair == (name, value))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.path)?;
        if self.pairs.is_empty() {
            return Ok(());
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.pairs);
        write!(formatter, "?{}", query.finish())
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
