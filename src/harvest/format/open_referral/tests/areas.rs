//! Areas that services say they serve.

use serde_json::{Value as Json, json};

use super::{codes, of_kind, page};
use crate::harvest::extraction::Extraction;

/// A service that serves these.
fn serving(areas: &Json) -> Extraction {
    page(
        "https://api.example/services/s1",
        &json!({ "id": "s1", "name": "Lunch club", "status": "active", "description": "A meal.",
            "organization": { "id": "o", "name": "Leith Centre" },
            "service_at_locations": [], "service_areas": areas }),
    )
}

#[test]
fn the_outline_of_an_area_has_a_middle_in_each_way_of_writing_it() {
    let ring = json!([[-4, 56], [-3, 56], [-3, 57], [-4, 57], [-4, 56]]);
    let polygon = json!({ "type": "Polygon", "coordinates": [ring] });
    let middle = json!({ "latitude": 56.5, "longitude": -3.5, "positionFrom": "outline" });
    for extent in [
        json!(polygon.to_string()),
        polygon,
        json!("POLYGON ((-4 56, -3 56, -3 57, -4 57, -4 56))"),
        json!({ "type": "Point", "coordinates": [-3.5, 56.5] }),
    ] {
        let read = serving(&json!([{ "id": "a", "name": "The north", "extent": extent }]));
        let draft = of_kind(&read, "asset")[0];
        assert_eq!(draft.outlines_served, std::slice::from_ref(&middle), "{extent}");
        assert_eq!(draft.terms[0].label, "The north", "and its name is asked about");
        assert_eq!(codes(&read), [""; 0]);
    }
}

#[test]
fn an_area_with_a_code_needs_no_outline_and_one_that_can_not_be_read_is_told() {
    let extent = json!({ "type": "Point", "coordinates": [-3.5, 56.5] });
    let read = serving(&json!([{ "id": "a", "name": "S12000036", "extent": extent }]));
    let draft = of_kind(&read, "asset")[0];
    assert_eq!(draft.outlines_served, [] as [Json; 0]);
    assert_eq!(draft.fields["areaServed"], json!(["place/S12000036"]));
    for extent in [json!("POLYGON ((a b))"), json!("{}"), json!({ "type": "Circle" })] {
        let read = serving(&json!([{ "id": "a", "name": "The north", "extent": extent }]));
        assert_eq!(codes(&read), ["bad-outline"], "{extent}");
        assert_eq!(of_kind(&read, "asset")[0].outlines_served, [] as [Json; 0]);
    }
    for nothing in [json!(null), json!(""), json!("All of the north.")] {
        let read = serving(&json!([{ "id": "a", "name": "The north", "extent": nothing }]));
        assert_eq!(codes(&read), [""; 0]);
    }
}
