//! Tests of [`search_query`](super).

use jiff::civil::Weekday;

use super::*;
use crate::web::search_parameters::PARAMETERS;

#[test]
fn every_facet_has_a_name_and_a_parameter() {
    for (name, facet) in FACETS {
        assert_eq!(facet_name(*facet), *name);
        assert!(PARAMETERS.iter().any(|parameter| parameter.name == *name), "{name}");
    }
}

#[test]
fn a_time_is_read_as_people_write_it() {
    let weekly = Moment::Weekly(Weekday::Monday, "14:30".parse().unwrap());
    for text in ["mo 14:30", "Monday 14:30", "MOT14:30:00"] {
        assert_eq!(moment(text).unwrap(), weekly, "{text}");
    }
    assert!(matches!(moment("2026-11-23T14:30"), Ok(Moment::At(_))));
    for text in ["", "noon", "mo", "xx 14:30", "money 14:30", "mo 25:00", "2026-02-30T10:00"] {
        assert!(moment(text).is_err(), "{text}");
    }
}
