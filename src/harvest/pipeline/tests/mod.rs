//! Whole runs against a publisher on loopback.

mod alerts;
mod credentials;
mod curated;
mod deletion;
mod duplicates;
mod filters;
mod findings;
mod first;
mod hostile;
mod hosts;
mod identities;
mod identity;
mod mapping;
mod paging;
mod preview;
mod publisher;
mod rekey;
mod replay;
mod review;
mod schedule;
mod schemes;
mod since;
mod terms;
mod undo;
