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

use crate::web::measure::Measured;
use crate::web::measure::Text;
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

impl Class {
    /// All of them, in the order of their numbers.
    const ALL: [Self; 3] = [Self::Memory, Self::Store, Self::Sparql];

    /// The name in measures.
    const fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Store => "store",
            Self::Sparql => "sparql",
        }
    }
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
pub struct Permits(Arc<[Permit; Class::ALL.len()]>);

/// The permits of one class.
#[derive(Debug)]
struct Permit {
    most: usize,
    free: Arc<Semaphore>,
    shed: AtomicU64,
}

impl Permits {
    /// Makes as many permits as `options` says.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        Self(Arc::new(Class::ALL.map(|class| {
            let most = match class {
                Class::Memory => options.memory,
                Class::Store => options.store,
                Class::Sparql => options.sparql,
            };
            let most = most.min(Semaphore::MAX_PERMITS);
            Permit { most, free: Arc::new(Semaphore::new(most)), shed: AtomicU64::new(0) }
        })))
    }

    /// Takes a permit, which is given back when it is dropped.
    ///
    /// # Errors
    ///
    /// 503 `overloaded` when all of the class are taken.
    pub fn take(&self, class: Class) -> Result<OwnedSemaphorePermit> {
        let permit = &self.0[class as usize];
        Arc::clone(&permit.free).try_acquire_owned().map_err(|_| {
            permit.shed.fetch_add(1, Ordering::Relaxed);
            Problem::overloaded()
        })
    }
}

impl Measured for Permits {
    fn measure(&self, text: &mut Text) {
        let permits = || Class::ALL.into_iter().zip(&*self.0);
        let help = "Requests that are being answered, by what they cost.";
        let mut family = text.gauge("kist_http_in_flight", help);
        for (class, permit) in permits() {
            let taken = permit.most - permit.free.available_permits();
            family.sample(&[("class", class.name())], taken);
        }
        let help = "Requests that were sent away, because too many were being answered.";
        let mut family = text.counter("kist_http_shed_total", help);
        for (class, permit) in permits() {
            family.sample(&[("class", class.name())], permit.shed.load(Ordering::Relaxed));
        }
    }
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
