//! Whole runs against a publisher on loopback.

mod deletion;
mod duplicates;
mod first;
mod identity;
mod paging;
mod publisher;
mod review;
