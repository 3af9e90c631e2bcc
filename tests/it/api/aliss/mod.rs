//! The API of ALISS through the whole router: the cases of its contract, the
//! shapes of each endpoint, the clients, and our own harvester.

mod cases;
mod clients;
mod harvested;
mod links;
mod paging;
mod shapes;
mod terms;
mod world;
