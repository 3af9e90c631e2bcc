//! Postcodes as clients of ALISS send them.

use crate::gazetteer::{Gazetteer, Resolution, Status};
use crate::model::Postcode;

/// Where the postcode `text` is, in any case and spacing; a district such as
/// `EH1` or a sector will do. `None` for what is no postcode, is not known, or
/// was never given to anybody as far as the loaded postcodes tell.
pub(super) fn locate(gazetteer: &Gazetteer, text: &str) -> Option<Resolution> {
    let postcode = Postcode::readings(text).ok()?.first;
    let found = gazetteer.resolve(text).ok()?;
    let is_made_up = found.status == Status::Approximate && gazetteer.knows_units_of(&postcode);
    (!is_made_up).then_some(found)
}
