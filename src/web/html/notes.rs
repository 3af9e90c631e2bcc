//! What is to be known of a place before one reads the distances from it.

use crate::gazetteer::Status;
use crate::register::Near;
use crate::web::html::content;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;

/// A sentence for each: that the postcode is not known exactly, that it is no
/// longer in use, that it lies outside the area of the register.
pub(in crate::web) fn of(near: &Near, m: &Messages) -> Vec<Text> {
    let place = ("place", near.label());
    let resolution = &near.resolution;
    let mut notes = Vec::new();
    match resolution.status {
        Status::Approximate => notes.push(m.approximate.filled(&[place])),
        Status::OutsideArea => notes.push(m.outside_area.filled(&[place])),
        _ => {}
    }
    if let Some(date) = resolution.terminated {
        let date = content::day_in(date, m.language);
        notes.push(m.terminated.filled(&[place, ("date", &date)]));
    }
    notes
}
