//! The whole router over a register in memory: what is asked, and what comes
//! back.

mod additions;
mod aliss;
mod bad_input;
mod catalogue;
mod changes;
mod clusters;
mod embed_assets;
mod embeds;
mod faces;
mod failing_links;
mod feeds;
mod filters;
mod harvests;
mod json_ld;
mod linked_data;
mod lists;
mod open_referral;
mod openapi;
mod operations;
mod records_read;
mod records_write;
mod report_links;
mod reports;
mod resources;
mod reviews;
mod search;
mod search_faults;
mod search_formats;
mod seeds;
pub(crate) mod server;
mod sitemap;
mod sources;
mod structured;
mod vocabulary;
mod websub;
