//! The whole router over a register in memory: what is asked, and what comes
//! back.

mod additions;
mod bad_input;
mod catalogue;
mod filters;
mod json_ld;
mod linked_data;
mod openapi;
mod operations;
mod records_read;
mod records_write;
mod report_links;
mod resources;
mod search;
mod search_faults;
mod search_formats;
mod seeds;
mod server;
mod vocabulary;
