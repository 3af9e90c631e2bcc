//! Which postcode stands for a place, for those who can only be told postcodes.

use crate::gazetteer::Gazetteer;
use crate::gazetteer::places::Place;
use crate::model::{Point, Postcode, PostcodePart};

impl Gazetteer {
    /// Whether whole postcodes are loaded in the district of `postcode`, so
    /// that one of it which is not among them was never given to anybody.
    #[must_use]
    pub fn knows_units_of(&self, postcode: &Postcode) -> bool {
        self.units.within(&postcode.district()).next().is_some()
    }

    /// The postcode in use, in the district of `place`, that is nearest to it;
    /// where no whole ones are loaded the nearest sector, or else the
    /// district. `None` when the district of the place is not known.
    #[must_use]
    pub fn postcode_of(&self, place: &Place) -> Option<Postcode> {
        let district = place.district?;
        let units = self.units.within(&district).filter(|unit| unit.terminated.is_none());
        let units = units.map(|unit| (unit.postcode, unit.point));
        let sectors = self.parts.all().filter(|part| {
            part.postcode.part() == PostcodePart::Sector && part.postcode.district() == district
        });
        let sectors = sectors.map(|part| (part.postcode, part.point));
        let nearest = nearest(place.point, units).or_else(|| nearest(place.point, sectors));
        Some(nearest.unwrap_or(district))
    }
}

/// The one of the postcodes that is nearest; of equally near ones the first.
fn nearest(point: Point, postcodes: impl Iterator<Item = (Postcode, Point)>) -> Option<Postcode> {
    let distances = postcodes.map(|(postcode, other)| (postcode, point.distance(other).as_f64()));
    distances.min_by(|one, other| one.1.total_cmp(&other.1)).map(|(postcode, _)| postcode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_the_nearest_sector_of_its_district_when_no_postcodes_are_loaded() {
        let gazetteer = Gazetteer::embedded();
        let found = gazetteer.places_beginning_with("PORTR", 5);
        let (name, place) = found[0];
        assert_eq!(name, "Portree");
        let postcode = gazetteer.postcode_of(place).unwrap();
        assert_eq!(postcode.to_string(), "IV51 9");
        assert!(!gazetteer.knows_units_of(&postcode));
    }

    #[test]
    fn names_are_completed_from_their_first_word_on() {
        let gazetteer = Gazetteer::embedded();
        let found = gazetteer.places_beginning_with("walk", 100);
        assert!(found.iter().all(|(name, _)| name.starts_with("Walk")), "{found:?}");
        assert!(gazetteer.places_beginning_with(" ", 5).is_empty());
    }
}
