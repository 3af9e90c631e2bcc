//! The web floor: HTTP in, HTTP out.
//!
//! One table of routes ([`state::routes`]) says everything that the register
//! answers to; handlers turn parameters into a query of the register, and
//! its answer into what the client asked for. Nothing here stores anything.

pub mod admission;
pub mod cache;
pub mod connection;
pub mod extract;
pub mod gate;
pub mod health;
pub mod json;
pub mod layers;
pub mod negotiate;
pub mod openapi;
pub mod parameter;
pub mod parameters;
mod polygon;
pub mod problem;
pub mod request_id;
pub mod route;
pub mod serve;
pub mod state;
pub mod stop;
