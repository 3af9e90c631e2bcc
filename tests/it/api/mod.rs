//! The whole router over a register in memory: what is asked, and what comes
//! back.

mod filters;
mod search;
mod search_faults;
mod search_formats;
mod server;
