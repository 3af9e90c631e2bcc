//! Tests of [`placed`](super).

use serde_json::json;

use super::*;
use crate::record::Base;
use crate::schema::Schema;

#[track_caller]
fn check(pointer: &str, value: &str, expected: &str) {
    let (schema, base) = (Schema::standard(), Base::new("https://kist.example").unwrap());
    let context = FromJson { schema: &schema, base: &base, keys_of: None };
    let sent = json!({
        "name": "A",
        "topics": ["walking", "https://kist.example/id/category/reading", "no-topic"],
        "audience": "no-audience",
        "locations": [{ "postcode": "EH6 6AA" }, { "accessibility": ["lift", "no-feature"] }],
        "provider": "nobody",
    });
    let kind = schema.kind("asset").unwrap();
    let fault = as_sent(context, kind, &sent, Fault::new(pointer, "is wrong").of(value));
    assert_eq!(fault.pointer, expected);
}

#[test]
fn a_fault_names_the_item_of_the_list_that_was_sent() {
    check("/topics", "category/no-topic", "/topics/2");
    check("/topics", "category/reading", "/topics/1");
    check("/locations/1/accessibility", "category/no-feature", "/locations/1/accessibility/1");
}

#[test]
fn what_is_no_list_or_not_there_keeps_its_pointer() {
    check("/audience", "category/no-audience", "/audience");
    check("/provider", "organisation/nobody", "/provider");
    check("/topics", "category/other", "/topics");
    check("/languages", "en", "/languages");
    check("", "", "");
}
