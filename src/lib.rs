//! kist: an open, linked-data register of what a community has.

pub mod background;
pub mod cli;
pub mod config;
pub mod gazetteer;
pub mod graph;
pub mod harvest;
pub mod index;
pub mod journal;
pub mod model;
pub mod private;
pub mod record;
pub mod register;
pub mod schema;
pub mod telemetry;
pub mod vocab;
pub mod web;
