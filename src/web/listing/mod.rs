//! What a list is: a question that has an address, and its answer.
//!
//! A collection that somebody made, what an organisation has, what is near a
//! place, and everything there is: four subjects, one kind of list. Its
//! question is put in the words of the search of the API and answered by the
//! same search, so that every face shows the same records in the same order.
//! Pages, fragments, maps, frames and feeds are drawn elsewhere.

pub mod answer;
pub mod fragment;
pub mod narrowed;
pub mod parameters;
pub mod question;
pub mod sent;
pub mod subject;
