//! What HTML is made of: the frame of a page, cards, the map, texts, style.
//!
//! One floor below all that draws HTML: pages, lists, embeds. Nothing here has
//! an address of its own but the style sheet; nothing here asks what a list
//! is. All texts are in `messages.rs`; what comes from a record is escaped by
//! the type that shows it.

pub(in crate::web) mod address;
pub(in crate::web) mod card;
pub(in crate::web) mod content;
pub(in crate::web) mod faults;
pub(in crate::web) mod form;
pub(in crate::web) mod labels;
pub(in crate::web) mod list;
pub(in crate::web) mod map;
pub(in crate::web) mod messages;
pub(in crate::web) mod notes;
pub mod page;
mod phrase;
pub(in crate::web) mod shown;
pub(in crate::web) mod site;
pub mod structured;
pub(in crate::web) mod stylesheet;
pub(in crate::web) mod terms;
pub mod tongue;
mod turns;
pub(in crate::web) mod visit;
pub(in crate::web) mod when;
