//! Errors of the floors below → problems. Below this floor no error knows
//! HTTP; this file alone maps.

use crate::gazetteer::ResolveError;
use crate::graph::input::InputError;
use crate::journal::JournalError;
use crate::record;
use crate::register::ledger::LedgerError;
use crate::register::{AccessError, ApplyError, ImportError, QueryError, ReadError, SearchError};
use crate::web::problem::{Fault, Problem};

impl From<record::Fault> for Fault {
    fn from(fault: record::Fault) -> Self {
        Self::pointer(fault.pointer, fault.detail)
    }
}

/// The problem of a record with faults.
#[must_use]
pub fn invalid_record(faults: Vec<record::Fault>) -> Problem {
    Problem::invalid_record(faults.into_iter().map(Fault::from).collect())
}

/// The problem of a place that `parameter` gave and that can't be resolved.
#[must_use]
pub fn place_problem(parameter: &str, error: &ResolveError) -> Problem {
    match error {
        ResolveError::Ambiguous { choices, .. } => {
            let choices = choices.iter().map(|choice| choice.text.clone()).collect();
            Problem::ambiguous_place(parameter, error, choices)
        }
        ResolveError::Unknown { suggestions, .. } => {
            Problem::unknown_place(parameter, error, suggestions.first().cloned())
        }
        _ => Problem::invalid_parameter(parameter, error),
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Place(error) => place_problem("near", &error),
            SearchError::Query(error) => error.into(),
        }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Cursor(_) => Self::invalid_parameter("cursor", error),
            _ => internal(&error),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Journal(error) => error.into(),
            _ => internal(&error),
        }
    }
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Full | JournalError::LittleRoom { .. } => Self::storage_low(),
            JournalError::SlugTaken { .. } | JournalError::Conflict { .. } => Self::conflict(error),
            _ => internal(&error),
        }
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Journal(error) => error.into(),
            _ => internal(&error),
        }
    }
}

impl From<ApplyError> for Problem {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Invalid { faults, .. } => invalid_record(faults),
            ApplyError::Dangling { faults, .. } => {
                Self::dangling_reference(faults.into_iter().map(Fault::from).collect())
            }
            ApplyError::Changed { .. } => Self::precondition_failed(None),
            ApplyError::Journal(error) => error.into(),
            ApplyError::Unread(_) | ApplyError::Stopped => internal(&error),
            ApplyError::View { .. } => {
                tracing::error!(%error, "a view can't take a change");
                Self::read_only()
            }
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Rdf(InputError::UnknownContext(context)) => {
                Self::unknown_context(&context)
            }
            ImportError::Invalid(faults) => invalid_record(faults),
            error => Self::malformed_rdf(error),
        }
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Invalid => Self::unauthorised("the token is not valid"),
            _ => internal(&error),
        }
    }
}

fn internal(error: &dyn std::error::Error) -> Problem {
    tracing::error!(%error, "a request failed");
    Problem::internal()
}
