//! Tests of [`world`](super).

use super::*;
use crate::record::{Base, FromJson, from_json, to_json, validate};
use crate::schema::Schema;

fn world(seed: u64) -> World {
    World::new(&Gazetteer::embedded(), seed)
}

#[test]
fn every_record_is_valid_and_in_canonical_form() {
    let (world, schema) = (world(1), Schema::standard());
    let base = Base::new("https://kist.example").unwrap();
    for number in 0..500 {
        let record = world.edit(number).record.unwrap();
        assert_eq!(validate(&schema, &record), []);
        let json = to_json(&schema, &base, &record);
        let context = FromJson { schema: &schema, base: &base, keys_of: None };
        let kind = schema.kind(record.id.kind()).unwrap();
        assert_eq!(from_json(context, kind, None, &json).unwrap(), record);
    }
}

#[test]
fn a_record_depends_on_the_seed_and_its_number_alone() {
    let (one, same, other) = (world(1), world(1), world(2));
    let record = |world: &World, number| world.edit(number).record.unwrap();
    assert_eq!(record(&one, 77), record(&same, 77));
    assert_ne!(record(&one, 77), record(&one, 78));
    assert_ne!(record(&one, 77), record(&other, 77));
}

#[test]
fn the_categories_that_records_name_are_in_the_ontology() {
    let ontology = [
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/ontology/categories/topics.ttl")),
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/ontology/categories/asset-types.ttl")),
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/ontology/categories/audiences.ttl")),
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/ontology/categories/accessibility.ttl")),
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/ontology/categories/sectors.ttl")),
    ]
    .concat();
    let of_activities =
        ACTIVITIES.iter().flat_map(|activity| activity.topics.iter().chain([&activity.asset_type]));
    for slug in of_activities.chain(AUDIENCES).chain(FEATURES).chain(SECTORS) {
        assert!(ontology.contains(&format!("<id/category/{slug}> a")), "{slug}");
    }
}
