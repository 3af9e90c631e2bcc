//! Who and how many are let in: scopes, and permits for classes of requests.
//!
//! Permits are counted over all connections together, and nobody waits for
//! one: what is over the limit is sent away at once, so that what is inside
//! stays quick. Which token has which scope is the register's to say.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use http::Extensions;
use serde::Deserialize;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

use crate::web::problem::Problem;
use crate::web::problem::Result;

/// What a token must allow for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Nothing: the route is open to everybody.
    Public,
    /// Reading what is not public.
    Read,
    /// Changing records.
    Write,
    /// Everything.
    Admin,
}

impl Scope {
    /// The name in tokens and in the OpenAPI document.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

/// Decides whether a request may use a route of a scope.
///
/// It gets the bearer token, if there is one, and may put who is behind it
/// into the request's extensions, where a handler finds it by
/// `axum::Extension`. It must refuse with 401 or 403.
pub type Guard = Arc<dyn Fn(Scope, Option<&str>, &mut Extensions) -> Result<()> + Send + Sync>;

/// The guard that lets nobody into a route that is not public.
#[must_use]
pub fn only_public() -> Guard {
    Arc::new(|scope, _, _| match scope {
        Scope::Public => Ok(()),
        _ => Err(Problem::unauthorised("there are no tokens here")),
    })
}

/// What a request costs, by which it is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// It is answered from memory: searches, lists, pages.
    Memory,
    /// It reads or writes the store: one record, a change.
    Store,
    /// It runs a query of the client's.
    Sparql,
}

/// How many requests of each class are answered at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Requests answered from memory. Default 512.
    pub memory: usize,
    /// Requests that read or write the store. Default 32.
    pub store: usize,
    /// Queries in SPARQL, those that wait for a worker included. Default 18.
    pub sparql: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { memory: 512, store: 32, sparql: 18 }
    }
}

/// The permits of all classes, shared by all connections.
#[derive(Debug, Clone)]
pub struct Permits {
    memory: Arc<Semaphore>,
    store: Arc<Semaphore>,
    sparql: Arc<Semaphore>,
    shed: Arc<AtomicU64>,
}

impl Permits {
    /// Makes as many permits as `options` says.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let permits = |number: usize| Arc::new(Semaphore::new(number));
        Self {
            memory: permits(options.memory),
            store: permits(options.store),
            sparql: permits(options.sparql),
            shed: Arc::default(),
        }
    }

    /// Takes a permit, which is given back when it is dropped.
    ///
    /// # Errors
    ///
    /// 503 `overloaded` when all of the class are taken.
    pub fn take(&self, class: Class) -> Result<OwnedSemaphorePermit> {
        let permits = match class {
            Class::Memory => &self.memory,
            Class::Store => &self.store,
            Class::Sparql => &self.sparql,
        };
        Arc::clone(permits).try_acquire_owned().map_err(|_| {
            self.shed.fetch_add(1, Ordering::Relaxed);
            Problem::overloaded()
        })
    }

    /// How many requests have been sent away.
    #[must_use]
    pub fn shed(&self) -> u64 {
        self.shed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_the_limit_is_sent_away_until_a_permit_comes_back() {
        let permits = Permits::new(&Options { sparql: 1, ..Options::default() });
        let taken = permits.take(Class::Sparql).unwrap();
        let problem = permits.take(Class::Sparql).unwrap_err();
        assert_eq!(problem.kind().slug(), "overloaded");
        assert!(permits.take(Class::Store).is_ok());
        drop(taken);
        assert!(permits.take(Class::Sparql).is_ok());
        assert_eq!(permits.shed(), 1);
    }

    #[test]
    fn without_tokens_only_what_is_public_is_open() {
        let guard = only_public();
        let mut extensions = Extensions::new();
        assert_eq!(guard(Scope::Public, None, &mut extensions), Ok(()));
        for scope in [Scope::Read, Scope::Write, Scope::Admin] {
            assert!(guard(scope, Some("token"), &mut extensions).is_err());
        }
    }
}
