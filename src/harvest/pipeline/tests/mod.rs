//! Whole runs against a publisher on loopback.

mod deletion;
mod duplicates;
mod first;
mod identity;
mod mapping;
mod paging;
mod preview;
mod publisher;
mod replay;
mod review;
mod schedule;
mod undo;
