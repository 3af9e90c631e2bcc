//! Tests of [`json_view`](super).

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn parts_are_read_and_texts_borrowed() {
    let json = br#"{"a":"x","b":["\u00e9\n",-1,2.5,true,null],"c":{"a":{}},"a":"y"}"#;
    let object = ObjectView::read(json).unwrap();
    assert!(matches!(object.get("a"), Some(JsonView::String(Cow::Borrowed("y")))));
    let list = object.get("b").and_then(JsonView::as_array).unwrap();
    assert_eq!(list[0].as_str(), Some("é\n"));
    assert_eq!((list[1].as_i64(), list[2].as_f64()), (Some(-1), Some(2.5)));
    assert_eq!((list[3].as_bool(), &list[4]), (Some(true), &JsonView::Null));
    assert_eq!(object.get("c").and_then(|inner| inner.get("a")?.get("z")), None);
}

#[test]
fn what_is_no_object_is_not_read() {
    for json in [&b"[]"[..], b"", b"{", b"{} {}", b"\"a\"", b"{\"a\":\"\xff\"}"] {
        assert_eq!(ObjectView::read(json), None);
    }
}

proptest! {
    #[test]
    fn any_value_comes_back(names in prop::collection::vec("\\PC{0,6}", 0..6), number in any::<f64>()) {
        let members = names.iter().map(|name| (name.clone(), json!([name, { "n": number }])));
        let value = Value::Object(members.collect());
        let text = value.to_string();
        let read = ObjectView::read(text.as_bytes()).unwrap();
        prop_assert_eq!(Value::Object(read.to_map()).to_string(), text);
        prop_assert_eq!(JsonView::from(&value).to_value(), value);
    }
}
