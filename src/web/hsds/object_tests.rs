//! Tests of [`object`](super).

use serde_json::json;

use super::*;

#[test]
fn what_is_empty_is_left_out() {
    let mut object = Object::default();
    object.put("name", "Tea");
    object.put("url", "");
    object.put("email", None::<String>);
    object.put("phones", Vec::<Json>::new());
    object.put("amount", 0);
    object.assume("status", "active");
    object.assume("city", "");
    let expected =
        json!({"name": "Tea", "amount": 0, "status": "active", "kist_assumed": ["status"]});
    assert_eq!(Json::from(object), expected);
}

#[test]
fn an_address_has_only_what_may_stand_in_one() {
    assert_eq!(uri("https://example.org/a b|é?x=[1]"), "https://example.org/a%20b%7C%C3%A9?x=[1]");
    assert_eq!(uri("https://example.org/%C3%A9#top"), "https://example.org/%C3%A9#top");
}
