//! Tests of [`category`](super).

use serde_json::json;

use super::*;
use crate::record::{Base, FromJson, from_json, to_json};

fn asset() -> (Schema, Base, Record) {
    let (schema, base) = (Schema::standard(), Base::new("https://kist.example").unwrap());
    let context = FromJson { schema: &schema, base: &base, keys_of: None };
    let id: RecordId = "asset/a".parse().unwrap();
    let json = json!({
        "name": "A", "assetType": "group", "topics": ["walking", "reading"],
        "locations": [{ "postcode": "EH6 6AA" },
            { "postcode": "EH6 6AB", "accessibility": ["lift"] }],
    });
    let record = from_json(context, schema.kind("asset").unwrap(), Some(&id), &json).unwrap();
    (schema, base, record)
}

#[test]
fn categories_are_found_with_the_schemes_of_their_fields_also_in_nested_nodes() {
    let (schema, _, record) = asset();
    let found: Vec<String> = categories(&schema, &record)
        .iter()
        .map(|(at, it)| format!("{at} {} {}", it.scheme, it.category.id()))
        .collect();
    let expected = [
        "/assetType asset-type group",
        "/topics topic reading",
        "/topics topic walking",
        "/locations/1/accessibility accessibility lift",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_is_judged_to_be_another_or_nothing_is_so_afterwards() {
    let (schema, base, mut record) = asset();
    recategorise(&schema, &mut record, &|it| match it.category.id() {
        "walking" => Becomes::Other("category/reading".parse().unwrap()),
        "lift" => Becomes::Nothing,
        _ => Becomes::Same,
    });
    let json = to_json(&schema, &base, &record);
    assert_eq!(json["topics"], json!(["https://kist.example/id/category/reading"]));
    assert_eq!(json["locations"][1].get("accessibility"), None);
    assert_eq!(json["assetType"], "https://kist.example/id/category/group");
}
